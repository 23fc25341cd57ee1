"""The X display between two sessions: what programs set on it is put back, and what was copied is gone."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from launcher.station.clipboards import empty_clipboards
from launcher.station.log import say
from launcher.station.processes import SessionProcess

if TYPE_CHECKING:
    from launcher.display.settings import DisplaySettings

_log = logging.getLogger("launcher.station")

WITHIN_S: Final = 10.0
FILE: Final = "display-settings"
LEFT: Final = "settings of the display"


class DisplayBetween:
    """What a station does for its display after each end.

    ``puts_back``: the display is the station's own, and what is set on it is nobody's wish but an officer's. On
    somebody's desktop it is theirs.
    """

    def __init__(self, environ: Mapping[str, str], state_dir: Path, *, puts_back: bool) -> None:
        self._environ = environ
        self._file = state_dir / FILE
        self._display = environ.get("DISPLAY", "") if puts_back else ""
        self._noted: DisplaySettings | None = None
        self._failed = False

    async def note(self) -> None:
        """Note how the display is set before the first officer's programs run.

        A station that is started again while the X server goes on, as after it was killed, takes what was noted first:
        what an officer has set by then is not the display's own.
        """
        if not self._display or self._noted is not None:
            return
        from launcher.display.clipboards import why_kept  # late: a station shows its first screen without
        from launcher.display.x_server import DisplayGoneError

        try:
            self._noted = await asyncio.to_thread(self._first_noted)
        except DisplayGoneError as fault:
            self._failed = bool(why_kept(fault))
            say(_log, "display-not-noted", level=logging.ERROR, why=str(fault))

    async def clean(self, others: Collection[SessionProcess], *, put_back: bool) -> tuple[str, ...]:
        """Empty the clipboards of all but ``others``, and put back what was set; return what may be left.

        ``put_back``: programs of the one who goes may have set something. Else whoever works here keeps what they set.
        """
        left = await empty_clipboards(self._environ, others)
        return (*left, *await self._put_back()) if put_back else left

    async def _put_back(self) -> tuple[str, ...]:
        if self._noted is None:
            return (LEFT,) if self._failed else ()
        from launcher.display.clipboards import why_kept
        from launcher.display.settings import put_settings_back
        from launcher.display.x_server import DisplayGoneError

        try:
            async with asyncio.timeout(WITHIN_S):
                left = await asyncio.to_thread(put_settings_back, self._display, self._noted)
        except DisplayGoneError as fault:
            left = ("no answer",) if why_kept(fault) else ()  # of one that is gone nothing is left
        except Exception as fault:
            # An end goes on whatever a display answers.
            left = (type(fault).__name__,)
        if left:
            say(_log, "display-not-put-back", level=logging.ERROR, why=", ".join(left))
        return (LEFT,) if left else ()

    # --- in a worker thread

    def _first_noted(self) -> DisplaySettings:
        from launcher.display.settings import DisplaySettings, note_settings

        server = _server_of(self._display)
        with suppress(OSError, ValueError, KeyError, TypeError):
            began, _, text = self._file.read_text(encoding="utf-8").partition("\n")
            if server and began == server:
                return DisplaySettings.from_text(text)
        noted = note_settings(self._display)
        if server:
            with suppress(OSError):
                written = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                with os.fdopen(written, "w", encoding="utf-8") as file:
                    file.write(f"{server}\n{noted.to_text()}")
        return noted


def _server_of(display: str) -> str:
    """Return what tells one X server of this name from the next, or "": its socket, which each makes anew."""
    number = display.rpartition(":")[2].partition(".")[0]
    try:
        made = Path(f"/tmp/.X11-unix/X{number}").stat()  # noqa: S108 - where X servers listen
    except OSError:
        return ""
    return f"{made.st_ino} {made.st_ctime_ns}"
