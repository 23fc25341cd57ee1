"""Waits for the station from outside, and starts it again when it was killed: also where no service manager does.

The guard is the process that was started; each station is forked off it, so that no second interpreter has to start.
The first one is forked before anything heavy is loaded. Once that one runs, the guard loads what a station needs: the
next one, if there has to be one, is there at once. What a killed station has left (its sessions end by their links) is
ended and removed by the next one before that shows a screen.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Final

_PR_SET_PDEATHSIG: Final = 1

_HANDED_ON: Final = (signal.SIGTERM, signal.SIGINT)
_HEARD: Final = (*_HANDED_ON, signal.SIGCHLD)

_DELAYS_S: Final = (0.0, 0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_CALM_S: Final = 60.0
"""A station that has run for so long and is killed starts again at once."""

PREPARED_AFTER_S: Final = 5.0
"""By then a station and its sessions have done what a start makes them do, and the processors are free."""


def fork_station(prepare: Callable[[], None]) -> int | None:
    """Return None in a process of its own, where the station is to run; in the guard, the station's exit status.

    Call it where nothing has begun yet. Where the station is ended by a signal, another one is forked, and this returns
    None in that one, too. ``prepare`` loads what it will need, in the guard; it may start neither thread nor process.
    """
    guard, times, prepared = os.getpid(), 0, False
    # What comes waits until it is asked for: for the station, and for the guard until it can hand it on.
    signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)
    while True:
        began = time.monotonic()
        station = os.fork()
        if station == 0:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)
            # A killed guard takes the station with it: nobody else would start the next one.
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != guard:
                os._exit(1)
            return None
        told = _heard(PREPARED_AFTER_S) if not prepared else None
        if told is None and not prepared:
            with contextlib.suppress(Exception):  # the station that needs it says what is wrong
                prepare()
            prepared = True
        status, told = _wait(station, told)
        if status >= 0:
            return status
        if told is None:
            times = 1 if time.monotonic() - began >= _CALM_S else times + 1
            wait_s = delay_s(times)
            when = f"in {wait_s:g} s" if wait_s else "now"
            print(f"The station was ended by signal {-status} and starts again {when}.", file=sys.stderr, flush=True)
            told = _told_within(wait_s)
        if told is not None:
            _end_by(told)  # it was told to end before it could do so in good order


def delay_s(times: int) -> float:
    """Return how long to wait before the next start, when the station was killed so many times in a row."""
    return _DELAYS_S[min(times, len(_DELAYS_S) - 1)]


def _wait(station: int, heard: int | None) -> tuple[int, int | None]:
    """Hand on what the guard is told until the station has ended; return its status, and the last of what it was told.

    ``heard`` came already.
    """
    told = None
    while True:
        if heard in _HANDED_ON:
            told = heard
            os.kill(station, told)  # it is ours to reap, and was not: its number is nobody else's
        ended, waited = os.waitpid(station, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(waited), told
        heard = signal.sigwait(_HEARD)


def _heard(within_s: float) -> int | None:
    info = signal.sigtimedwait(_HEARD, within_s)
    return None if info is None else info.si_signo


def _told_within(within_s: float) -> int | None:
    info = signal.sigtimedwait(_HANDED_ON, within_s)
    return None if info is None else info.si_signo


def _end_by(number: int) -> None:
    signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (number,))
    os.kill(os.getpid(), number)
