"""What a station reports of its sittings: frozen, and changed only where something has. Rules only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from launcher.station.hub.ports import Picture
from launcher.wire.hub.sittings import MOST_OPEN, Person, ShownLetters, Sitting, SittingState, first_groups

if TYPE_CHECKING:
    from launcher.wire import messages

_SYSTEM: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_MAX_COUNT: Final = 10_000
_MAX_WORD: Final = 120
_MAX_GROUP: Final = 300


@dataclass(frozen=True, slots=True)
class Watched:
    """One officer's sitting as it is reported; ``tabs`` are the systems in the order of their tabs."""

    sitting: Sitting
    locked: bool = False
    silent: bool = False
    ending: bool = False
    tabs: tuple[str, ...] = ()

    @property
    def officer(self) -> str:
        """Who sits there."""
        return self.sitting.person.officer


def person_of(said: messages.SignedIn | messages.SecondHere) -> Person:
    """Return who was proved in a session, within the bounds of what is told to the hub."""
    groups = tuple(dict.fromkeys(one for one in said.groups if 0 < len(one) <= _MAX_GROUP))
    return Person(
        officer=said.officer,
        number=said.number[:_MAX_WORD],
        name=said.name[:_MAX_WORD],
        user_name=said.user_name[:_MAX_WORD],
        groups=first_groups(groups),
    )


def began(sitting: str, said: messages.SignedIn, at: float) -> Watched:
    """Return a sitting that begins."""
    first = Sitting(
        sitting=sitting,
        person=person_of(said),
        since=at,
        state="signed-in",
        state_since=at,
        proved_by=said.proved_by,
    )
    return Watched(first)


def renamed(watched: Watched, sitting: str) -> Watched:
    """Return it under another name."""
    return replace(watched, sitting=watched.sitting.model_copy(update={"sitting": sitting}))


def holds(watched: Watched, said: messages.Holds) -> Watched:
    """Return it once its session has counted what would be lost; what it says while it ends is about the end."""
    if watched.ending:
        return watched
    counts = {"unsaved": min(max(0, said.unsaved), _MAX_COUNT), "running": min(max(0, said.running), _MAX_COUNT)}
    return replace(watched, sitting=watched.sitting.model_copy(update=counts), tabs=system_ids(said.systems))


def opened(watched: Watched, said: messages.OpenSystems) -> Watched:
    """Return it once its session has said which systems are open, and how they are."""
    if watched.ending:
        return watched
    return replace(watched, sitting=watched.sitting.model_copy(update={"systems": said.systems}))


def with_tabs(watched: Watched, tabs: tuple[str, ...]) -> Watched:
    """Return it with the systems that were open, in their order."""
    return replace(watched, tabs=tabs)


def turned(
    watched: Watched,
    at: float,
    *,
    locked: bool | None = None,
    silent: bool | None = None,
    ending: bool | None = None,
) -> Watched:
    """Return it once it is locked or not, answers or not, or ends; ``at`` is when its state has changed by that."""
    turned = replace(
        watched,
        locked=watched.locked if locked is None else locked,
        silent=watched.silent if silent is None else silent,
        ending=watched.ending if ending is None else ending,
    )
    state = _state(turned)
    if state == watched.sitting.state:
        return turned
    return replace(turned, sitting=watched.sitting.model_copy(update={"state": state, "state_since": at}))


def picture(watched: Iterable[Watched], letters: tuple[ShownLetters, ...]) -> Picture:
    """Return the whole picture."""
    return Picture(tuple(one.sitting for one in watched), letters)


def system_ids(systems: Iterable[str]) -> tuple[str, ...]:
    """Return what may be named to the hub, each once, in its order."""
    return tuple(one for one in dict.fromkeys(systems) if _SYSTEM.fullmatch(one))[:MOST_OPEN]


def _state(watched: Watched) -> SittingState:
    if watched.ending:
        return "ending"
    if watched.silent:
        return "frozen"
    return "locked" if watched.locked else "signed-in"
