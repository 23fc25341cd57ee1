"""The lines to the stations that have a socket here: by one clock for all, those on which nothing comes are given up.

A timer for each would live from one sign of life to the next: of ten thousand stations these were most of what this
process looked through for garbage, again and again, and whoever asked for anything waited meanwhile.
"""

from __future__ import annotations

import asyncio
from typing import Final

_LOOKS: Final = 12
"""How often lines are looked at in the time that one may be silent."""


class Line:
    """One station's line, and when it was heard last; seconds of the loop's clock."""

    __slots__ = ("heard", "within")

    def __init__(self, within: asyncio.Timeout, now: float) -> None:
        self.within = within
        self.heard = now


class Lines:
    """All lines of one process; all methods belong to its loop."""

    def __init__(self) -> None:
        self._lines: set[Line] = set()
        self._looking: asyncio.Task[None] | None = None

    def begin(self, within: asyncio.Timeout, silent_s: float) -> Line:
        """Have ``within`` run out once nothing was heard for ``silent_s``, the same for all, or a twelfth longer."""
        line = Line(within, asyncio.get_running_loop().time())
        self._lines.add(line)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look(silent_s))
        return line

    def heard(self, line: Line) -> None:
        """Something came."""
        line.heard = asyncio.get_running_loop().time()

    def end(self, line: Line) -> None:
        """Look at this line no more."""
        self._lines.discard(line)

    async def _look(self, silent_s: float) -> None:
        """Look at all lines now and then, for as long as there are any."""
        loop = asyncio.get_running_loop()
        try:
            while self._lines:
                await asyncio.sleep(silent_s / _LOOKS)
                now = loop.time()
                for line in [one for one in self._lines if now - one.heard > silent_s]:
                    self._lines.discard(line)
                    line.within.reschedule(now)
        finally:
            self._looking = None
