"""When a process of the hub looks for garbage: objects that hold one another, of which nobody else knows any more.

Nobody is answered meanwhile. By the interpreter's own rule all that a process has was looked through about three times
a minute with ten thousand stations, for two seconds each; what was made since for 50 ms, as often as each second.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from launcher.hub.service import Hub

EVERY_S: Final = 3600.0
"""Everything is looked through so seldom: 0.1 to 0.2 ms for each station that is connected."""
_YOUNG: Final = 100
"""What was made since the last look, less what went; where as much goes as comes, there is far more to look at."""
_YOUNGER: Final = 1
_NEVER: Final = 1_000_000_000


def settle() -> None:
    """Leave what stands until the end out of all looks, and take little at a time from now on."""
    gc.collect()
    gc.freeze()
    # What outlived one look is looked at with the next: a few hundred objects together, and not tens of thousands.
    gc.set_threshold(_YOUNG, _YOUNGER, _NEVER)


def keep(_: Hub) -> None:
    """Look through everything that was made since the start."""
    gc.collect()
