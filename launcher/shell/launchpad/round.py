"""What the card says: the start of a shift, my systems opening, how long it took, or nothing at all."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from launcher.session.snapshot import Snapshot
from launcher.shell.launchpad.tile import Tile, elapsed_ms, left_ms, share_of
from launcher.shell.look import State, Step, about, has_word, seconds, word

SHOWN_FOR_S = 60.0
"""How long the card says how long it took."""

Shows = Literal["start", "running", "finished", "nothing"]


@dataclass(frozen=True, slots=True)
class CardText:
    """The card at one moment. ``systems`` are those of its plates and segments.

    For little room: ``short_heading`` with ``short`` beneath it, which says what it leaves out, and ``short_line``.
    """

    shows: Shows
    heading: str = ""
    line: str = ""
    systems: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    short: str = ""
    short_heading: str = ""
    short_line: str = ""


def card_text(snapshot: Snapshot, tiles: Mapping[str, Tile], now: float | None = None) -> CardText:
    """Return what the card says of ``snapshot``; ``now`` is on the clock of time.monotonic()."""
    now = time.monotonic() if now is None else now
    the_round = snapshot.round
    if the_round is not None:
        ours = [tiles[system] for system in the_round.systems if system in tiles]
        if the_round.took_ms is None and ours:
            return _running(ours)
        if the_round.took_ms is not None and now < the_round.started + the_round.took_ms / 1000 + SHOWN_FOR_S:
            return _finished(ours, the_round.took_ms)
    return _start(snapshot, tiles)


def shown_until(snapshot: Snapshot) -> float | None:
    """Return when the finished card goes, on the clock of time.monotonic(); None when there is none."""
    the_round = snapshot.round
    if the_round is None or the_round.took_ms is None:
        return None
    return the_round.started + the_round.took_ms / 1000 + SHOWN_FOR_S


def _start(snapshot: Snapshot, tiles: Mapping[str, Tile]) -> CardText:
    mine = [tiles[system] for system in snapshot.my_systems if system in tiles]
    closed = [tile for tile in mine if tile.launch is None]
    if not closed:
        return CardText("nothing")
    usual = max(tile.system.usual_ms for tile in closed)
    if len(closed) == len(mine) and snapshot.sign_in.systems_usual_ms:
        usual = snapshot.sign_in.systems_usual_ms
    count = word("launchpad.count", count=len(closed))
    heading = word("launchpad.and_about", systems=count, seconds=about(usual)) if usual else count
    short = word("launchpad.about", seconds=about(usual)) if usual else ""
    systems = tuple(tile.id for tile in closed)
    asking = sum(tile.id in snapshot.will_ask for tile in closed)
    asks = word("launchpad.will_ask_short", count=asking) if asking else ""
    line = _asks(mine, closed, snapshot.will_ask)
    return CardText("start", heading, line, systems, short=short, short_heading=count, short_line=asks)


def _asks(mine: list[Tile], closed: list[Tile], will_ask: frozenset[str]) -> str:
    """Say what an officer should know before they press: what waits for them, what is away, what is slow."""
    waiting = [tile for tile in mine if tile.state is State.NEEDS]
    if waiting:
        needs = waiting[0].launch.needs if waiting[0].launch is not None else ""
        what = word(f"strip.why.{needs}") if has_word(f"strip.why.{needs}") else waiting[0].system.name
        return word("launchpad.asks", count=len(waiting), what=what)
    asking = [tile.system.name for tile in closed if tile.id in will_ask]
    if asking:
        return word("launchpad.will_ask", count=len(asking), name=asking[0])
    for state, key in ((State.OFFLINE, "launchpad.offline"), (State.DEGRADED, "launchpad.slow")):
        found = [tile for tile in closed if tile.state is state]
        if found:
            return word(key, count=len(found), name=found[0].system.name)
    return word("launchpad.opens")


def _running(ours: list[Tile]) -> CardText:
    ready = sum(tile.state is State.READY for tile in ours)
    moving = [tile for tile in ours if tile.moving]
    left = max((left_ms(tile) for tile in moving), default=0.0)
    line = short = ""
    if left > 0:
        line = short = word("launchpad.left", seconds=about(left))
    elif moving:
        passed = about(max(elapsed_ms(tile.launch) for tile in moving if tile.launch is not None))
        line, short = word("launchpad.longer", seconds=passed), word("launchpad.so_far", seconds=passed)
    return CardText(
        "running",
        word("launchpad.ready_of", ready=ready, count=len(ours)),
        line,
        tuple(tile.id for tile in ours),
        _steps(ours),
        short,
        short_line=short,
    )


def _finished(ours: list[Tile], took_ms: float) -> CardText:
    ready = sum(tile.state is State.READY for tile in ours)
    if ready == len(ours):
        heading = word("launchpad.took_all", systems=word("launchpad.count", count=len(ours)), seconds=seconds(took_ms))
        line = word("launchpad.none_waits")
    else:
        heading = word("launchpad.took_some", ready=ready, count=len(ours), seconds=seconds(took_ms))
        line = _what_is_not(ours)
    systems = tuple(tile.id for tile in ours)
    count = word("launchpad.ready_of", ready=ready, count=len(ours))
    return CardText("finished", heading, line, systems, _steps(ours), seconds(took_ms), count)


def _what_is_not(ours: list[Tile]) -> str:
    said = []
    for state, key in ((State.NEEDS, "launchpad.need"), (State.FAILED, "launchpad.failed")):
        found = [tile for tile in ours if tile.state is state]
        if found:
            said.append(word(key, count=len(found), name=found[0].system.name))
    return ", ".join(said)


def _steps(ours: list[Tile]) -> tuple[Step, ...]:
    return tuple(Step(tile.state, share_of(tile) if tile.moving else 0.0) for tile in ours)
