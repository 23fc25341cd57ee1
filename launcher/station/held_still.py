"""What a session that does not answer has running while it is held for locked: hidden and stopped in its place.

A session hides and stops its programs itself when it locks. One that does not answer cannot, and its programs would
take the keys of whoever sits before the screen in front of it. The browser's own processes are left to it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from launcher.residue.tree import ProcessRow, descendants, process, process_start
from launcher.station.lock_events import ProgramsHeld
from launcher.station.log import say

if TYPE_CHECKING:
    from launcher.display.ports import SessionWindows
    from launcher.station.lock_events import LockStationEvent

_ENGINE: Final = "QtWebEngineProcess"
_LOOKS: Final = 3
"""So often all must have stood still when they were looked at: one that stops may just have started another."""

AGAIN_S: Final = 1.0
"""So often it is looked again for what a session has started since: its other threads may go on."""

_STEP_S: Final = 0.005
_STOP_WITHIN_S: Final = 2.0
_DEEPEST: Final = 1000

_log = logging.getLogger("launcher.station")


class HeldStill:
    """The sessions whose programs the station has stopped. ``begin`` carries out some work that nobody waits for."""

    def __init__(
        self,
        environ: Mapping[str, str],
        begin: Callable[[Coroutine[None, None, None]], object],
        tell: Callable[[LockStationEvent], None],
    ) -> None:
        self._environ = environ
        self._begin = begin
        self._tell = tell
        self._held: dict[int, _Held] = {}

    def hold(self, session: int, pid: int) -> None:
        """Hide and stop what runs below a session's process until it is let go; again: look at once."""
        held = self._held.get(session)
        if held is None:
            held = self._held[session] = _Held(pid, self._environ)
            self._begin(self._hold(session, held))
        else:
            self._begin(held.do(held.look_again))

    def let_go(self, session: int) -> None:
        """Let its programs go on, and show them again: its officer is back."""
        held = self._held.pop(session, None)
        if held is not None:
            held.over.set()
            self._begin(self._let_go(session, held))

    def forget(self, session: int) -> None:
        """It is ended, and its programs with it."""
        held = self._held.pop(session, None)
        if held is not None:
            held.over.set()
            self._begin(held.do(held.close))

    async def _hold(self, session: int, held: _Held) -> None:
        await held.do(held.hold)
        programs = len(held.stopped)
        say(_log, "programs-held", level=logging.WARNING, session=session, times=programs)
        self._tell(ProgramsHeld(session, programs, held=True))
        while not await _within(held.over, AGAIN_S):
            await held.do(held.look_again)

    async def _let_go(self, session: int, held: _Held) -> None:
        await held.do(held.let_go)
        say(_log, "programs-let-go", session=session)
        self._tell(ProgramsHeld(session, len(held.stopped), held=False))


class _Held:
    """What was stopped and hidden of one session; its calls are made one after the other, in threads."""

    def __init__(self, pid: int, environ: Mapping[str, str]) -> None:
        self._pid = pid
        self._environ = environ
        self._turn = asyncio.Lock()
        self._windows: SessionWindows | None = None
        self.stopped: dict[int, int] = {}  # pid: when it began, for numbers are used again
        self.over = asyncio.Event()

    async def do(self, call: Callable[[], None]) -> None:
        """Make a call when its turn has come."""
        async with self._turn:
            await asyncio.to_thread(call)

    def hold(self) -> None:
        """Hide first: a window that is not on the screen holds no keys when its program stops."""
        self._hide()
        quiet, until = 0, time.monotonic() + _STOP_WITHIN_S
        while quiet < _LOOKS and time.monotonic() < until:
            quiet = 0 if self._stop() else quiet + 1
            time.sleep(_STEP_S)
        self._hide()

    def look_again(self) -> None:
        """Hide and stop what has come since; nothing once it is let go."""
        if not self.over.is_set() and any(not row.stopped for row in self._programs()):
            self.hold()

    def let_go(self) -> None:
        """Go on, children first, so that no parent sees a stopped child."""
        for pid, start in reversed(self.stopped.items()):
            if process_start(pid) == start:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGCONT)
        if self._windows is not None:
            self._windows.show()

    def close(self) -> None:
        """Let go of the display."""
        if self._windows is not None:
            self._windows.close()

    def _stop(self) -> bool:
        moved = False
        for row in self._programs():
            if not row.stopped:
                moved = True
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(row.pid, signal.SIGSTOP)
                    self.stopped[row.pid] = row.start
        return moved

    def _programs(self) -> list[ProcessRow]:
        return [row for row in descendants(self._pid) if not row.zombie and not self._is_engine(row)]

    def _hide(self) -> None:
        """Hide the windows; a fault in that is said, and keeps no program from being stopped."""
        try:
            left = self._hide_windows()
        except Exception as fault:
            _log.error("station-fault", exc_info=fault)
            left = f"the display came to a fault: {type(fault).__name__}"
        if left:
            say(_log, "windows-not-hidden", level=logging.ERROR, reason=left)

    def _hide_windows(self) -> str:
        """Return why some may be seen still, or ""."""
        display = self._environ.get("DISPLAY", "")
        if not display or self._environ.get("WAYLAND_DISPLAY"):
            return ""
        if self._windows is None:
            from launcher.display.windows import X11Windows  # late: few stations ever hide a window

            self._windows = X11Windows(display)
        return self._windows.hide(self._is_below).left

    def _is_below(self, pid: int) -> bool:
        row = process(pid)
        if row is None or pid == self._pid or self._is_engine(row):
            return False
        for _ in range(_DEEPEST):
            if row is None:
                return False
            if row.parent == self._pid:
                return True
            row = process(row.parent)
        return False

    def _is_engine(self, row: ProcessRow) -> bool:
        """Say whether a process is the browser's own: they stay in the session's process session, programs cannot."""
        if row.session != self._pid:
            return False
        try:
            return Path(f"/proc/{row.pid}/exe").readlink().name == _ENGINE
        except OSError:
            return bool(row.name) and _ENGINE.startswith(row.name)


async def _within(over: asyncio.Event, within_s: float) -> bool:
    """Wait for it; return whether it came in time."""
    with suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            await over.wait()
    return over.is_set()
