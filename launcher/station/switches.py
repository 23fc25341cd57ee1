"""The time between two officers: from the first one's leaving to the next screen, and to the last trace's end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

from launcher.timings.clock import Running, Timeline
from launcher.wire.records import SwitchRecord


class Switch:
    """Times one switch. The screen and the end run side by side: their phases overlap and are kept so."""

    def __init__(self, session: int, reason: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.session = session
        self.reason = reason
        self._at = time.time()
        self._timeline = Timeline(clock)
        self._next_screen = self._timeline.start("next_screen")
        self._end: Running | None = None
        self._leaving: dict[str, Running] = {}
        self._cleaned = False

    def leaving(self, phase: Literal["stop_apps", "sign_off"], *, ended: bool) -> None:
        """Take what the session says of its own end."""
        if not ended and phase not in self._leaving:
            self._leaving[phase] = self._timeline.start(phase)
        elif ended and phase in self._leaving:
            self._timeline.stop(self._leaving[phase])

    def ends(self) -> None:
        """The process is made to end, or has ended by itself."""
        if self._end is None:
            self._end = self._timeline.start("end")

    def cleaned(self) -> None:
        """Nothing of the session is left."""
        self.ends()
        for running in (*self._leaving.values(), self._end):
            if running is not None:
                self._timeline.stop(running)
        self._cleaned = True

    def painted(self) -> float:
        """The next sign-in screen is on the display; return how long that took, in ms."""
        self._timeline.stop(self._next_screen)
        return self._next_screen.stop_ms or 0.0

    @property
    def waits_for_screen(self) -> bool:
        """Whether no screen has followed yet."""
        return self._next_screen.stop_ms is None

    @property
    def complete(self) -> bool:
        """Whether both the screen came and the end is over."""
        return self._cleaned and not self.waits_for_screen

    def record(self) -> SwitchRecord:
        """Return the record of a complete switch."""
        total_ms = self._timeline.finish()
        return SwitchRecord(at=self._at, reason=self.reason, total_ms=round(total_ms, 3), phases=self._timeline.spans())


class Switches:
    """All switches under way: as a rule one, more where sessions crash faster than they are cleaned up."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._under_way: list[Switch] = []

    def begin(self, session: int, reason: str) -> None:
        """A shown session leaves: the next officer waits from now on."""
        self._under_way.append(Switch(session, reason, self._clock))

    def leaving(self, session: int, phase: Literal["stop_apps", "sign_off"], *, ended: bool) -> None:
        """Take what a session says of its own end."""
        for switch in self._of(session):
            switch.leaving(phase, ended=ended)

    def ends(self, session: int) -> None:
        """The session's process ends now."""
        for switch in self._of(session):
            switch.ends()

    def cleaned(self, session: int) -> None:
        """Nothing of the session is left."""
        for switch in self._of(session):
            switch.cleaned()

    def painted(self) -> float | None:
        """A sign-in screen is on the display: return how long the last one to leave had it waited for, in ms."""
        times_ms = [switch.painted() for switch in self._under_way if switch.waits_for_screen]
        return times_ms[-1] if times_ms else None

    def take_complete(self) -> tuple[SwitchRecord, ...]:
        """Return the records of those that are over, once."""
        complete = [switch for switch in self._under_way if switch.complete]
        self._under_way = [switch for switch in self._under_way if not switch.complete]
        return tuple(switch.record() for switch in complete)

    def _of(self, session: int) -> list[Switch]:
        return [switch for switch in self._under_way if switch.session == session]
