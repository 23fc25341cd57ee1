"""One-time codes (RFC 6238), each given out once; the one module that knows pyotp."""

from __future__ import annotations

import asyncio
import binascii
import time
from collections.abc import Awaitable, Callable

import pyotp

from launcher.grants.errors import OneTimeSeedFaultyError
from launcher.secret import Secret

SET_BACK_PERIODS = 2
_STEP_S = 1.0


# Many systems give out seeds of sixteen letters; how long one must be is for them to say.
pyotp.TOTP.min_secret_length_bits = 80


def used(period: int, last: int | None) -> bool:
    """Say whether the code of a period may not be given out after that of the ``last`` one.

    A last period far ahead was noted by a clock that ran wrong; waiting for it would never end.
    """
    return last is not None and period <= last <= period + SET_BACK_PERIODS


class OneTimeCodes:
    """Makes the codes of a session."""

    def __init__(
        self, now: Callable[[], float] = time.time, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._last: dict[Secret, int] = {}

    async def next(
        self,
        seed: Secret,
        claim: Callable[[int], Awaitable[bool]],
    ) -> Secret:
        """Return a code that was never given out; waits for the next period where this one's was.

        ``claim`` notes a period where others see it too and says whether it was free.
        """
        maker = _maker(seed)
        mark = Secret(maker.secret)
        while True:
            period = int(self._now() // maker.interval)
            if not used(period, self._last.get(mark)):
                self._last[mark] = period  # before the claim: another asker may come while it is under way
                if await claim(period):
                    return Secret(maker.at(period * maker.interval))
            await self._until((period + 1) * maker.interval)

    async def until_free(self, seed: Secret, last: int | None, waits: Callable[[float], None]) -> None:
        """Wait until this period's code was given out neither by these nor, as ``last`` was noted elsewhere, before.

        ``waits`` is told each wait's length in seconds. Raises :class:`OneTimeSeedFaultyError`.
        """
        maker = _maker(seed)
        mark = Secret(maker.secret)
        while used(period := int(self._now() // maker.interval), self._last.get(mark)) or used(period, last):
            then = (period + 1) * maker.interval
            waits(max(0.0, then - self._now()))
            await self._until(then)

    async def _until(self, then: float) -> None:
        # In steps, by the wall clock: a suspended computer stops timers and not the codes.
        while (left_s := then - self._now()) > 0:
            await self._sleep(min(left_s, _STEP_S))


def check_seed(seed: Secret) -> None:
    """Raise :class:`OneTimeSeedFaultyError` for what is no seed of time-based codes."""
    _maker(seed)


def _maker(seed: Secret) -> pyotp.TOTP:
    text = seed.reveal().strip()
    try:
        maker = pyotp.parse_uri(text) if text.startswith("otpauth:") else pyotp.TOTP(text.replace(" ", ""))
        if isinstance(maker, pyotp.TOTP):
            maker.at(0)
            return maker
    except (ValueError, binascii.Error):
        pass  # said below, without the library's own words: they may quote the seed
    raise OneTimeSeedFaultyError("What is kept for one-time codes is no seed.")
