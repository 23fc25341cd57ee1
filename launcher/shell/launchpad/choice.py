"""Which tiles are shown and in what order: the filters, the search, the sorting of the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum

from launcher.catalogue.search import Hit
from launcher.session.snapshot import Snapshot, SystemView
from launcher.shell.launchpad.tile import Tile, elapsed_ms, kind_word
from launcher.shell.look import State, state_word


class Filter(IntEnum):
    """The filters, in the order of their segments."""

    ALL = 0
    MINE = 1
    OPEN = 2
    NEEDS = 3


class Column(IntEnum):
    """The columns of the list."""

    NAME = 0
    KIND = 1
    GROUP = 2
    STATE = 3
    TIME = 4
    FAVOURITE = 5


def passes(tile: Tile, chosen: Filter) -> bool:
    """Say whether the filter lets the tile through."""
    match chosen:
        case Filter.ALL:
            return True
        case Filter.MINE:
            return tile.mine
        case Filter.OPEN:
            return tile.open
        case Filter.NEEDS:
            return tile.state is State.NEEDS


def counts(tiles: Sequence[Tile]) -> tuple[int, int, int, int]:
    """Return how many tiles each filter lets through, in the order of the segments."""
    mine = opened = needs = 0
    for tile in tiles:
        mine += tile.mine
        opened += tile.launch is not None
        needs += tile.state is State.NEEDS
    return len(tiles), mine, opened, needs


def in_order(snapshot: Snapshot) -> tuple[SystemView, ...]:
    """Return the systems, mine first as "Open my systems" opens them, then favourites, then the catalogue's order."""
    place = {system: at for at, system in enumerate(snapshot.my_systems)}
    later = len(place)
    last = later + 1

    def key(system: SystemView) -> int:
        return place.get(system.id, later if system.id in snapshot.favourites else last)

    return tuple(sorted(snapshot.systems, key=key))


# What asks for a person comes first when the list is sorted by state.
_URGENCY = (
    State.NEEDS,
    State.FAILED,
    State.OPENING,
    State.SIGNING,
    State.READY,
    State.DEGRADED,
    State.OFFLINE,
    State.UNKNOWN,
    State.LOCKED,
)
_RANK = {state: rank for rank, state in enumerate(_URGENCY)}


def _shown_ms(tile: Tile) -> float:
    return elapsed_ms(tile.launch) if tile.launch is not None else tile.system.usual_ms


_KEYS: dict[Column, Callable[[Tile], tuple[float | str, ...]]] = {
    Column.NAME: lambda tile: (tile.system.name.casefold(),),
    Column.KIND: lambda tile: (kind_word(tile.system.kind).casefold(), tile.system.name.casefold()),
    Column.GROUP: lambda tile: (tile.system.group.casefold(), tile.system.name.casefold()),
    Column.STATE: lambda tile: (
        _RANK.get(tile.state, 99) if tile.state is not None else 99,
        tile.system.name.casefold(),
    ),
    Column.TIME: lambda tile: (_shown_ms(tile), tile.system.name.casefold()),
    Column.FAVOURITE: lambda tile: (not tile.favourite, tile.system.name.casefold()),
}


def sorted_by(tiles: Sequence[Tile], column: Column, *, descending: bool) -> list[Tile]:
    """Return the tiles sorted by a column of the list; those without a time come last either way."""
    if column is Column.TIME:
        timed = [tile for tile in tiles if _shown_ms(tile) > 0]
        untimed = [tile for tile in tiles if _shown_ms(tile) <= 0]
        return [*sorted(timed, key=_KEYS[column], reverse=descending), *sorted(untimed, key=_KEYS[Column.NAME])]
    return sorted(tiles, key=_KEYS[column], reverse=descending)


def state_text(tile: Tile) -> str:
    """Return the word of the tile's state, empty when there is none."""
    return state_word(tile.state) if tile.state is not None else ""


def marks_of(hit: Hit) -> tuple[tuple[int, int], ...]:
    """Return the letters of the name to mark; an alias hit marks none of them."""
    return hit.ranges if hit.field in ("name", "initials") else ()
