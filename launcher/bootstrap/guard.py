"""Waits for the station from outside, and starts it again when it was killed: also where no service manager does.

The guard is the process that was started; the station is forked off it before anything heavy is loaded, so that no
second interpreter has to start. All it does is wait. What a killed station has left (its sessions end by their links)
is ended and removed by the next one before that shows a screen.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from types import FrameType
from typing import Final, NoReturn

_PR_SET_PDEATHSIG: Final = 1

_HANDED_ON: Final = (signal.SIGTERM, signal.SIGINT)

_AGAIN: Final = "STATION_LAUNCHER_AGAIN"
"""How many times in a row the station was killed soon after its start."""

_DELAYS_S: Final = (0.0, 0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_CALM_S: Final = 60.0
"""A station that has run for so long and is killed starts again at once."""


def fork_station() -> int | None:
    """Return None in a process of its own, where the station is to run; in the guard, the station's exit status.

    Call it where nothing has begun yet. Where the station is ended by a signal, this starts the same command again in
    the guard's place, and does not return.
    """
    times = _times()
    began = time.monotonic()
    guard = os.getpid()
    # What comes meanwhile waits: for the station with it, and for the guard until it can hand it on.
    signal.pthread_sigmask(signal.SIG_BLOCK, _HANDED_ON)
    station = os.fork()
    if station == 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HANDED_ON)
        # A killed guard takes the station with it: nobody else would start the next one.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != guard:
            os._exit(1)
        os.environ.pop(_AGAIN, None)
        return None
    return _wait(station, times, began)


def delay_s(times: int) -> float:
    """Return how long to wait before the next start, when the station was killed so many times in a row."""
    return _DELAYS_S[min(times, len(_DELAYS_S) - 1)]


def _wait(station: int, times: int, began: float) -> int:
    told: list[int] = []

    def forward(number: int, _: FrameType | None) -> None:
        told.append(number)
        os.kill(station, number)  # it is ours to reap: its number is nobody else's

    for number in _HANDED_ON:
        signal.signal(number, forward)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _HANDED_ON)
    _, waited = os.waitpid(station, 0)
    for number in _HANDED_ON:
        signal.signal(number, signal.SIG_DFL)
    status = os.waitstatus_to_exitcode(waited)
    if status >= 0:
        return status
    if told:
        os.kill(os.getpid(), told[0])  # it was told to end before it could do so in good order
    return _again(-status, 1 if time.monotonic() - began >= _CALM_S else times + 1)


def _again(number: int, times: int) -> NoReturn:
    wait_s = delay_s(times)
    when = f"in {wait_s:g} s" if wait_s else "now"
    print(f"The station was ended by signal {number} and starts again {when}.", file=sys.stderr, flush=True)
    time.sleep(wait_s)
    os.environ[_AGAIN] = str(times)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - the command this was started with


def _times() -> int:
    untrusted = os.environ.get(_AGAIN, "")
    return int(untrusted) if untrusted.isdecimal() and len(untrusted) < 4 else 0
