"""Keys by their names (``Ctrl+Shift+Tab``, ``F1``), and what the modifiers of a keyboard are; free of Xlib."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from launcher.display.x_said import Grab
    from launcher.display.x_server import XServer

SHIFT, LOCK, CONTROL, ALT = 0, 1, 2, 3
"""The places of the modifiers; the last four have no fixed meaning."""

_NAMES: Final = {"Shift": 1 << SHIFT, "Ctrl": 1 << CONTROL, "Alt": 1 << ALT}
_SYMBOLS: Final = {"+": "plus", "-": "minus", "=": "equal", "PgUp": "Prior", "PgDown": "Next", "Esc": "Escape"}


def supers(server: XServer) -> tuple[int, ...]:
    """Return the masks of the key with the window on it."""
    keys = server.keys_of("Super_L") | server.keys_of("Super_R")
    return tuple(1 << nth for nth, held in enumerate(server.modifiers()) if nth > ALT and held & keys)


def masks_that_stay(server: XServer) -> tuple[int, ...]:
    """Return each combination of the modifiers that stay on: none of them makes another key of one.

    Which these are differs from keyboard to keyboard.
    """
    mean_something = supers(server)
    later = (1 << nth for nth in range(ALT + 1, len(server.modifiers())))
    staying = [1 << LOCK, *(mask for mask in later if mask not in mean_something)]
    return tuple(sum(some) for count in range(len(staying) + 1) for some in combinations(staying, count))


def grabs_of(server: XServer, name: str) -> tuple[Grab, ...]:
    """Return a key by its name with nothing else held; nothing for a name that this keyboard does not know."""
    before, _, last = name[:-1].rpartition("+")
    held, key = before.split("+") if before else [], last + name[-1]
    if not all(one in _NAMES for one in held):
        return ()
    symbol = _SYMBOLS.get(key, key.lower() if len(key) == 1 else key)
    return tuple((number, sum(_NAMES[one] for one in held)) for number in server.keys_of(symbol))
