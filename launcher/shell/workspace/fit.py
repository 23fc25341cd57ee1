"""Which tabs fit, and how wide each is: pure arithmetic over widths in pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """A tab's widths: ``fixed`` is all but its name, which is ``name`` wide and may be cut to ``least``.

    ``must``: it is in sight whatever happens.
    """

    system: str
    fixed: int
    name: int
    least: int
    must: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """The tabs in sight with their widths, in order, and the others."""

    shown: tuple[tuple[str, int], ...]
    hidden: tuple[str, ...]


def fit(wishes: Sequence[Wish], width: int, more: Callable[[int], int]) -> Fit:
    """Share ``width`` among the tabs; ``more(n)`` is the width of the button that stands for ``n`` hidden ones.

    First every tab is as wide as it wants; then names that may be cut are cut, the longest first; then tabs go behind
    the button, the last first. Tabs that must be seen go last of all, and only when not even their least widths fit.
    """
    shown = list(wishes)
    hidden: list[str] = []
    while True:
        room = width - (more(len(hidden)) if hidden else 0)
        if sum(wish.fixed + wish.least for wish in shown) <= room or len(shown) <= 1:
            break
        drop = next((wish for wish in reversed(shown) if not wish.must), shown[-1])
        shown.remove(drop)
        hidden.append(drop.system)
    order = [wish.system for wish in wishes]
    return Fit(tuple(_shared(shown, room)), tuple(sorted(hidden, key=order.index)))


def _shared(shown: Sequence[Wish], room: int) -> list[tuple[str, int]]:
    """Cut the longest names first, all to one limit, until they fit."""
    low = min((wish.least for wish in shown), default=0)
    high = max((wish.name for wish in shown), default=0)
    while low < high:
        limit = (low + high + 1) // 2
        if sum(_width(wish, limit) for wish in shown) <= room:
            low = limit
        else:
            high = limit - 1
    return [(wish.system, _width(wish, low)) for wish in shown]


def _width(wish: Wish, limit: int) -> int:
    return wish.fixed + min(wish.name, max(wish.least, limit))
