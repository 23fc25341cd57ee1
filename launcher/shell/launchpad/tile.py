"""What a tile says of one system: its state, the words beside it, and the line a screen reader reads."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from launcher.session.snapshot import LaunchView, Snapshot, SystemView
from launcher.shell.hub.words import notices_of_systems
from launcher.shell.look import LAUNCH_STATES, State, about, has_word, seconds, state_word, word
from launcher.shell.timings.bars import own_ms

MOVING = frozenset({State.OPENING, State.SIGNING})

_OF_HEALTH = {"ready": None, "degraded": State.DEGRADED, "offline": State.OFFLINE, "unknown": State.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Tile:
    """One system as it is drawn; ``state`` is None while it is not open and nothing is wrong with it.

    ``notice``: what the force says of it, and since when.
    """

    system: SystemView
    launch: LaunchView | None
    state: State | None
    favourite: bool
    mine: bool
    notice: str = ""

    @property
    def id(self) -> str:
        """The system's id."""
        return self.system.id

    @property
    def open(self) -> bool:
        """Whether it has been opened."""
        return self.launch is not None

    @property
    def moving(self) -> bool:
        """Whether it is on its way, so that its bar and seconds change by themselves."""
        return self.state in MOVING


def tile_of(system: SystemView, launch: LaunchView | None, *, favourite: bool, mine: bool, notice: str = "") -> Tile:
    """Return the tile of ``system``."""
    state = LAUNCH_STATES[launch.state] if launch is not None else _OF_HEALTH[system.health]
    if notice and state is None:
        state = State.DEGRADED
    return Tile(system, launch, state, favourite, mine or favourite, notice)


def tiles_of(
    snapshot: Snapshot,
    systems: Sequence[SystemView] | None = None,
    shown: Callable[[LaunchView], LaunchView] = lambda launch: launch,
) -> list[Tile]:
    """Return the tiles of ``snapshot`` in the order of ``systems``; ``shown`` says how a launch is drawn."""
    launches = {launch.system: shown(launch) for launch in snapshot.launches}
    mine = frozenset(snapshot.my_systems)
    favourites = snapshot.favourites
    notices = notices_of_systems(snapshot)
    return [
        tile_of(
            system,
            launches.get(system.id),
            favourite=system.id in favourites,
            mine=system.id in mine,
            notice=notices.get(system.id, ""),
        )
        for system in (snapshot.systems if systems is None else systems)
    ]


def tiles_differ(before: Snapshot, now: Snapshot) -> bool:
    """Say whether the tiles of two snapshots may differ; what a session leaves alone stays the same object."""
    return (
        before.systems is not now.systems
        or before.launches is not now.launches
        or before.favourites is not now.favourites
        or before.my_systems is not now.my_systems
        or before.hub_notices is not now.hub_notices
    )


def elapsed_ms(launch: LaunchView) -> float:
    """Return how long the opening has taken until now, or took."""
    return launch.took_ms if launch.took_ms is not None else max(0.0, (time.monotonic() - launch.started) * 1000)


def share_of(tile: Tile) -> float:
    """Return the share of the usual time that has passed, 0 to 1; without a usual time it approaches 1 slowly."""
    if tile.launch is None:
        return 0.0
    passed = elapsed_ms(tile.launch)
    usual = tile.system.usual_ms
    # Beyond the usual time the bar still moves, by less and less: a bar that stands still looks broken.
    if usual <= 0:
        return passed / (passed + 8000)
    share = passed / usual
    return share * 0.9 if share < 1 else 0.9 + 0.1 * (1 - 1 / share)


def left_ms(tile: Tile) -> float:
    """Return the usual time that is left, 0 when it has passed or is not known."""
    if tile.launch is None or not tile.moving:
        return 0.0
    return max(0.0, tile.system.usual_ms - elapsed_ms(tile.launch))


def beside(tile: Tile) -> tuple[str, ...]:
    """Return what stands beside the state, from the longest wording to the shortest; empty when there is nothing."""
    usual = tile.system.usual_ms
    match tile.state:
        case None:
            if tile.system.on_demand and tile.favourite:
                # Among mine, and still not opened by "Open my systems".
                both = (word("launchpad.about_on_demand", seconds=about(usual)),) if usual else ()
                return (*both, word("launchpad.on_demand"))
            return _usual(usual)
        case State.OPENING | State.SIGNING:
            if tile.launch is not None and tile.launch.code_at:
                until = about((tile.launch.code_at - time.monotonic()) * 1000)
                return word("launchpad.code_in", seconds=until), word("launchpad.code_in_short", seconds=until)
            left = left_ms(tile)
            if left > 0:
                return (word("launchpad.left", seconds=about(left)), about(left))
            passed = elapsed_ms(tile.launch) if tile.launch is not None else 0.0
            return (word("launchpad.so_far", seconds=about(passed)),)
        case State.NEEDS:
            needs = tile.launch.needs if tile.launch is not None else ""
            return (word(f"launchpad.needs.{needs}"), word(f"launchpad.needs_short.{needs}")) if needs else ()
        case State.FAILED:
            return word("launchpad.retries_why"), word("launchpad.retries")
        case State.READY:
            took = own_ms(tile.launch) if tile.launch is not None else None
            return (seconds(took),) if took is not None else ()
        case State.UNKNOWN:
            return (word("launchpad.not_checked"),)
        case State.DEGRADED:
            return (tile.notice, word("hub.tile")) if tile.notice else _usual(usual)
        case _:
            return ()


def _usual(usual_ms: float) -> tuple[str, ...]:
    return (word("launchpad.about", seconds=about(usual_ms)), about(usual_ms)) if usual_ms else ()


_DETAILED = frozenset({State.NEEDS, State.FAILED, State.UNKNOWN})


def says_notice(tile: Tile) -> bool:
    """Say whether what stands beside the state is a notice of the force's; the state has no word of its own then."""
    return bool(tile.notice) and tile.state is State.DEGRADED


def detail(tile: Tile) -> tuple[str, ...]:
    """Return what stands beside the state that is not a time: what is needed, what Enter does, what the force says."""
    return beside(tile) if tile.state in _DETAILED or says_notice(tile) else ()


def time_text(tile: Tile) -> str:
    """Return the seconds of the tile, left, usual or taken; empty when there are none to say."""
    return next(iter(beside(tile)), "") if not detail(tile) else ""


def kind_word(kind: str) -> str:
    """Return the word of a kind of system; a kind without one is called by its own name."""
    key = f"kind.{kind}"
    return word(key) if has_word(key) else kind.replace("_", " ").capitalize()


KIND_ICONS = {"web": "globe-simple", "terminal": "terminal-window", "program": "app-window"}


def kind_icon(kind: str) -> str:
    """Return the icon of a kind of system."""
    return KIND_ICONS.get(kind, "app-window")


def spoken(tile: Tile) -> str:
    """Return name, kind, state and time in one line, for a screen reader."""
    parts = [tile.system.name, kind_word(tile.system.kind)]
    parts.append(state_word(tile.state) if tile.state is not None else word("launchpad.not_open"))
    parts += beside(tile)[:1]
    if tile.system.on_demand and not any(word("launchpad.on_demand") in part for part in parts):
        parts.append(word("launchpad.on_demand"))
    if tile.favourite:
        parts.append(word("launchpad.favourite"))
    if tile.notice and tile.notice not in parts:
        parts.append(tile.notice)
    return ", ".join(parts)


def why(tile: Tile) -> str:
    """Return why the tile failed, what to do and the reference; empty when it did not fail."""
    error = tile.launch.error if tile.launch is not None else None
    if error is None:
        return ""
    reference = word("launchpad.reference", reference=error.reference) if error.reference else ""
    return "\n".join(line for line in (error.what, error.next_step, reference) if line)
