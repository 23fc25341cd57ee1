"""Carries a run over screens out against a terminal: signing on, signing off, changing the password.

Values are resolved at the fill only. What a terminal or a value cannot do while signing on or changing the password is
raised as it is (:class:`LauncherError`): a field that refuses, a line that ended. A sign-off raises nothing: what was
not proved is left signed on, and its caller says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from launcher.errors import LauncherError
from launcher.identity.proof import Stopwatch
from launcher.recipes.screens import Screen
from launcher.secret import Secret
from launcher.sign_on.outcome import SignOnOutcome
from launcher.sign_on.run import LOOK_GRACE_S, Values
from launcher.sign_on.screen_driver import ScreenDriver, ScreenGoneError
from launcher.sign_on.stage_run import PasswordChanged, StageWalk, outcome_of
from launcher.sign_on.stages import StageSeen, begin
from launcher.sign_on.trace import Trace


@dataclass(frozen=True, slots=True)
class SignedOff:
    """Whether a sign-off was proved; where not, why, for a person, and what was last seen."""

    proved: bool
    why_not: str = ""
    last_seen: str = ""


async def sign_on_screens(
    driver: ScreenDriver,
    screens: Sequence[Screen],
    values: Values,
    *,
    within_s: float,
    begins: Sequence[str] = (),
    anywhere: bool = False,
    watch: Stopwatch | None = None,
    trace: Trace | None = None,
) -> SignOnOutcome:
    """Go from where the host begins to a screen that proves something, within ``within_s``. Raises what a driver does.

    ``anywhere``: any of the screens may come first, as after a change of password. Phases: ``inject`` while there is a
    value to fill ahead, then ``ready``.
    """
    run, effect = begin(screens, within_s, begins=begins, anywhere=anywhere)
    walk = StageWalk[Screen](ScreenVerbs(driver), values, within_s, watch, trace)
    return outcome_of(await walk.to_the_end(run, effect))


async def sign_off_screens(
    driver: ScreenDriver,
    screens: Sequence[Screen],
    values: Values,
    *,
    within_s: float,
    line_end: bool = False,
    trace: Trace | None = None,
) -> SignedOff:
    """Go from any screen to one that means logon, all within ``within_s``. Raises nothing that a host can bring about.

    ``line_end``: that the host closes the line proves it too, also where it did so before, as a shell left by hand.
    """
    trace = trace or Trace()
    run, effect = begin(screens, within_s, anywhere=True)
    try:
        async with asyncio.timeout(within_s + LOOK_GRACE_S):
            walk = StageWalk[Screen](ScreenVerbs(driver), values, within_s, None, trace)
            end = await walk.to_the_end(run, effect, line_end=line_end)
    except TimeoutError:
        return SignedOff(False, "it did not come to its logon screen in time", driver.last_seen())
    except LauncherError as fault:
        return SignedOff(False, fault.message, driver.last_seen())
    if end.ended in {"logon", "line-closed"}:
        return SignedOff(True, last_seen=end.last_seen)
    why = "it did not come to its logon screen in time" if end.ended in {"timed-out", "unknown"} else end.says
    return SignedOff(False, why or "it did not come to its logon screen", end.last_seen)


async def change_password_on_screens(
    driver: ScreenDriver,
    screens: Sequence[Screen],
    values: Values,
    *,
    within_s: float,
    watch: Stopwatch | None = None,
    trace: Trace | None = None,
    keep: Callable[[], Awaitable[None]] | None = None,
) -> PasswordChanged:
    """Go from the screen that asks for a new password to one that means changed, within ``within_s``.

    ``keep`` is called before a field is given it, and what it raises is raised: the host has nothing then.

    Raises what the driver does, unless the host may have the new password by then: nobody knows then.
    """
    run, effect = begin(screens, within_s, anywhere=True)
    return await StageWalk[Screen](ScreenVerbs(driver), values, within_s, watch, trace, keep).change_password(
        run, effect
    )


class ScreenVerbs:
    """A terminal's driver as a recipe of stages takes it."""

    def __init__(self, driver: ScreenDriver) -> None:
        self._driver = driver

    async def first_of(self, stages: Sequence[Screen], within_s: float) -> StageSeen | None:
        """Look."""
        return await self._driver.first_of(stages, within_s)

    async def fill(self, stage: Screen, index: int, value: Secret) -> bool:
        """Fill a field of the screen."""
        fill = stage.fill[index]
        try:
            await self._driver.fill(fill, value, hides=fill.hides)
        except ScreenGoneError:
            return False
        return True

    async def press(self, stage: Screen) -> bool:
        """Press its key."""
        try:
            await self._driver.press(stage.press)
        except ScreenGoneError:
            return False
        return True

    def hides(self, value: Secret, *, is_name: bool) -> None:
        """Leave this out of whatever is said of a screen."""
        self._driver.hides(value, is_name=is_name)

    def last_seen(self) -> str:
        """Say what is in front now."""
        return self._driver.last_seen()
