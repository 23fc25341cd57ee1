"""The state of a system and what stands beside it, in as many words as there is room for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from launcher.shell.launchpad.kit import kit
from launcher.shell.launchpad.tile import Tile, beside, says_notice
from launcher.shell.look import (
    STATES,
    Radius,
    State,
    look,
    paint_state,
    paint_state_icon,
    rounded,
    state_height,
)

STATE_ICON = 20


class _Shape(Enum):
    """How the state itself is written."""

    NONE = "none"
    ICON = "icon"
    WORD = "word"


def _ways(tile: Tile, words: Sequence[str], *, small: bool) -> Iterator[tuple[_Shape, str]]:
    """Yield the ways to write state and words, best first.

    The time has priority over the word, except that a loud state keeps its word as long as there is any room.
    """
    if tile.state is None:
        yield from ((_Shape.NONE, text) for text in words)
        yield _Shape.NONE, ""
        return
    if says_notice(tile):
        # Whether it is slow or worse stands in the notice alone.
        yield from ((_Shape.ICON, text) for text in words)
        yield _Shape.ICON, ""
        return
    yield from ((_Shape.WORD, text) for text in words)
    timed = tile.state in (State.OPENING, State.SIGNING, State.DEGRADED) or (small and tile.state is State.READY)
    if timed:
        yield from ((_Shape.ICON, text) for text in words)
    yield _Shape.WORD, ""
    yield _Shape.ICON, ""


def _way_width(state: State | None, shape: _Shape, words: str) -> float:
    tools = kit()
    here = tools.look
    width = tools.meta.width(words) if words else 0
    if shape is _Shape.NONE or state is None:
        return width
    if shape is _Shape.WORD:
        return _word_width(state) + (here.space(8) + width if words else 0)
    icon = here.grow(STATE_ICON) + (2 * here.space(8) if STATES[state].loud else 0)
    return icon + (here.space(6) + width if words else 0)


def _word_width(state: State) -> float:
    tools = kit()
    width = tools.look.grow(STATE_ICON) + tools.look.space(6) + tools.state.width(tools.words[state])
    return width + 2 * tools.look.space(8) if STATES[state].loud else width


def _paint_word(painter: QPainter, left: float, middle: float, state: State) -> float:
    """Paint the state with its word, as :func:`paint_state` does; return the right edge."""
    if STATES[state].loud:
        return paint_state(painter, left, middle, state)
    tools = kit()
    side = tools.look.grow(STATE_ICON)
    ink = tools.colours.states[state].fg
    paint_state_icon(painter, QRectF(left, round(middle - side / 2), side, side), state, ink)
    left += side + tools.look.space(6)
    return left + tools.state.write(painter, left, middle, tools.words[state], ink)


def best_way(tile: Tile, words: Sequence[str], room: float, *, small: bool = False) -> tuple[_Shape, str]:
    """Return how state and words are written in ``room`` pixels."""
    way = _Shape.NONE, ""
    for way in _ways(tile, words, small=small):
        if _way_width(tile.state, *way) <= room:
            break
    return way


def state_line_width(tile: Tile) -> float:
    """Return how wide state and words are at their longest, in pixels."""
    return _way_width(tile.state, _Shape.WORD, next(iter(beside(tile)), ""))


def compact_state_width(tile: Tile, room: float) -> float:
    """Return how much of ``room`` pixels the state takes in a compact tile; an icon at least, if there is a state."""
    return _way_width(tile.state, *best_way(tile, beside(tile), room, small=True))


def paint_state_line(
    painter: QPainter,
    left: float,
    right: float,
    middle: float,
    tile: Tile,
    words: Sequence[str] | None = None,
    *,
    small: bool = False,
) -> None:
    """Paint the state and what fits beside it between ``left`` and ``right`` around ``middle``.

    ``words`` are the wordings to choose from, longest first; what the tile has to say unless given.
    """
    tools = kit()
    here = tools.look
    shape, said = best_way(tile, beside(tile) if words is None else words, right - left, small=small)
    if tile.state is not None and shape is _Shape.WORD:
        left = _paint_word(painter, left, middle, tile.state) + here.space(8)
    elif tile.state is not None and shape is _Shape.ICON:
        left = _paint_icon_alone(painter, left, middle, tile.state) + here.space(6)
    if said:
        tools.meta.write(painter, left, middle, said, tools.colours.text2)


def _paint_icon_alone(painter: QPainter, left: float, middle: float, state: State) -> float:
    here = look()
    colours = here.colours
    side = here.grow(STATE_ICON)
    loud = colours.loud.get(state)
    ink = colours.states[state].fg
    if loud is not None:
        pad = here.space(8)
        high = state_height()
        box = QRectF(left, round(middle - high / 2), side + 2 * pad, high)
        rounded(painter, box, here.space(Radius.BADGE), loud.fill)
        ink = loud.text
        paint_state_icon(painter, QRectF(left + pad, round(middle - side / 2), side, side), state, ink)
        return box.right()
    paint_state_icon(painter, QRectF(left, round(middle - side / 2), side, side), state, ink)
    return left + side
