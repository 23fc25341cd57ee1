"""The X display between two sessions: what programs set on it is put back, and what was copied is gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Final

from launcher.station.clipboards import empty_clipboards
from launcher.station.log import say
from launcher.station.processes import SessionProcess

if TYPE_CHECKING:
    from launcher.display.settings import DisplaySettings

_log = logging.getLogger("launcher.station")

WITHIN_S: Final = 10.0


class DisplayBetween:
    """What a station does for its display after each end.

    ``puts_back``: the display is the station's own, and what is set on it is nobody's wish but an officer's. On
    somebody's desktop it is theirs.
    """

    def __init__(self, environ: Mapping[str, str], *, puts_back: bool) -> None:
        self._environ = environ
        self._display = environ.get("DISPLAY", "") if puts_back else ""
        self._noted: DisplaySettings | None = None

    async def note(self) -> None:
        """Note how the display is set before the first officer's programs run."""
        if not self._display or self._noted is not None:
            return
        from launcher.display.settings import note_settings  # late: a station shows its first screen without
        from launcher.display.x_server import DisplayGoneError

        try:
            self._noted = await asyncio.to_thread(note_settings, self._display)
        except DisplayGoneError as fault:
            say(_log, "display-not-noted", level=logging.ERROR, why=str(fault))

    async def clean(self, others: Collection[SessionProcess], *, put_back: bool) -> tuple[str, ...]:
        """Empty the clipboards of all but ``others``, and put back what was set; return what may be left.

        ``put_back``: programs of the one who goes may have set something. Else whoever works here keeps what they set.
        """
        left = await empty_clipboards(self._environ, others)
        if not put_back:
            return left
        return (*left, *(f"{name} of the display" for name in await self._put_back()))

    async def _put_back(self) -> tuple[str, ...]:
        if self._noted is None:
            return ()
        from launcher.display.settings import put_settings_back

        try:
            async with asyncio.timeout(WITHIN_S):
                left = await asyncio.to_thread(put_settings_back, self._display, self._noted)
        except Exception as fault:
            # An end goes on whatever a display answers; of one that is gone nothing is left.
            say(_log, "display-not-put-back", level=logging.ERROR, why=type(fault).__name__)
            return ()
        if left:
            say(_log, "display-not-put-back", level=logging.ERROR, why=", ".join(left))
        return left
