"""When somebody was last active at the terminal, by what an idle clock says and by what sessions say themselves.

An idle clock (``launcher.display.ports.IdleClock``) is the X server's where there is one; :class:`TouchedIdleClock` is
told by the sessions. Windows has one for the whole desktop, which has not been run.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from launcher.timings.boot_clock import boot_time_s

if TYPE_CHECKING:
    from launcher.display.ports import IdleClock

ASKED_WITHIN_S: Final = 3.0

_JITTER_S: Final = 0.2

_Answer = tuple[float | None, Exception | None]


def native_idle_clock(environ: Mapping[str, str]) -> IdleClock | None:
    """Return the idle clock of the display that sessions are shown on; None where there is none."""
    if sys.platform == "win32":
        from launcher.display.win32_idle import Win32IdleClock
        from launcher.win32.api import WindowsKernel32, WindowsUser32

        return Win32IdleClock(WindowsUser32(), WindowsKernel32())
    display = environ.get("DISPLAY", "")
    if not display:
        return None
    from launcher.display.idle import X11IdleClock

    return X11IdleClock(display)


class AskedIdleClock:
    """An idle clock that is asked in a thread, and not waited for longer than ``within_s``.

    A thread that hangs in the display holds nothing up: it is one, it is nobody else's, and it ends with the process.
    """

    def __init__(self, clock: IdleClock, within_s: float = ASKED_WITHIN_S) -> None:
        self._clock = clock
        self._within_s = within_s
        self._asked: asyncio.Future[_Answer] | None = None

    async def idle_s(self) -> float | None:
        """Return the seconds since the last input; None where it cannot be known now. Raises what the clock does."""
        answer = self._asked
        if answer is None or answer.done():  # what was said too late is not of now
            self._asked = answer = asyncio.get_running_loop().create_future()
            threading.Thread(target=self._ask, args=(answer,), name="idle-clock", daemon=True).start()
        await asyncio.wait([answer], timeout=self._within_s)
        if not answer.done():
            return None
        self._asked = None
        idle_s, fault = answer.result()
        if fault is not None:
            raise fault
        return idle_s

    def close(self) -> None:
        """Let go of what is asked, once it answers; nobody waits for that."""
        threading.Thread(target=self._clock.close, name="idle-clock-end", daemon=True).start()

    def _ask(self, answer: asyncio.Future[_Answer]) -> None:
        said: _Answer
        try:
            said = self._clock.idle_s(), None
        except Exception as fault:
            said = None, fault
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            answer.get_loop().call_soon_threadsafe(answer.set_result, said)


class TouchedIdleClock:
    """What sessions say by ``Touched``: nobody else's input is known. None until something was said."""

    def __init__(self, clock: Callable[[], float] = boot_time_s) -> None:
        self._clock = clock
        self._touched: float | None = None

    def touched(self) -> None:
        """Take that somebody did something now."""
        self._touched = self._clock()

    def idle_s(self) -> float | None:
        """Return the seconds since then."""
        return None if self._touched is None else max(0.0, self._clock() - self._touched)

    def close(self) -> None:
        """Nothing is held."""


class Activity:
    """When somebody was last active, on a clock that counts suspend.

    Some idle clocks stand still while the machine sleeps: they are believed only where they went back, which nothing
    but input makes them do.
    """

    def __init__(self, clock: Callable[[], float] = boot_time_s, awake: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._awake = awake
        self.last = clock()
        self._seen: tuple[float, float] | None = None  # idle seconds, and when, on the clock that stands still

    def now(self) -> None:
        """Take that somebody is active now."""
        self.last = self._clock()

    def look(self, idle_s: float | None) -> None:
        """Take what an idle clock says."""
        if idle_s is None:
            return
        awake = self._awake()
        before, self._seen = self._seen, (idle_s, awake)
        if before is None or idle_s + _JITTER_S < before[0] + awake - before[1]:
            self.last = max(self.last, self._clock() - idle_s)
