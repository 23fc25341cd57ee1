"""Carries a run over screens out against a terminal: signing on, signing off, changing the password.

Values are resolved at the fill only. What a terminal or a value cannot do while signing on or changing the password is
raised as it is (:class:`LauncherError`): a field that refuses, a line that ended. A sign-off raises nothing: what was
not proved is left signed on, and its caller says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from launcher.errors import LauncherError
from launcher.identity.proof import Stopwatch
from launcher.recipes.screens import SCREEN_VALUE, Screen, ScreenFill
from launcher.secret import Secret
from launcher.sign_on.outcome import SignOnOutcome, SignOnRefusedError, SignOnTimedOutError
from launcher.sign_on.run import LOOK_GRACE_S, NoWatch, Values
from launcher.sign_on.runner import DeadlinePassed, Done
from launcher.sign_on.screen_driver import ScreenDriver, ScreenGoneError
from launcher.sign_on.screens import (
    Effect,
    End,
    Event,
    LineClosed,
    LookFor,
    PressKey,
    ScreenGone,
    ScreenRun,
    begin,
    fills_ahead,
    step,
)
from launcher.sign_on.trace import Trace, screen_fill_in_words
from launcher.terminal.errors import FieldRefusedError, HostClosedLineError
from launcher.wire.records import Outcome


@dataclass(frozen=True, slots=True)
class SignedOff:
    """Whether a sign-off was proved; where not, why, for a person, and what was last seen."""

    proved: bool
    why_not: str = ""
    last_seen: str = ""


@dataclass(frozen=True, slots=True)
class PasswordChanged:
    """What became of a new password.

    ``changed``: the host has confirmed it. ``refused``: it has said no, or it was never given it. Neither of the two:
    nobody knows, and both the old one and the new one must be kept.
    """

    changed: bool
    refused: bool
    says: str = ""
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
    end = await _Walk(driver, values, within_s, watch, trace).to_the_end(run, effect, line_end=False)
    outcome: Outcome
    reference = ""
    match end.ended:
        case "ready" | "failed" | "change-password" | "already-signed-on" | "notice" | "unknown":
            outcome = end.ended
            reference = SignOnRefusedError.reference if outcome == "failed" else ""
        case _:
            outcome, reference = "timed-out", SignOnTimedOutError.reference
    return SignOnOutcome(outcome, end.says, end.last_seen, end.met, reference, bool(end.given))


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
            end = await _Walk(driver, values, within_s, None, trace).to_the_end(run, effect, line_end=line_end)
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
) -> PasswordChanged:
    """Go from the screen that asks for a new password to one that means changed, within ``within_s``.

    Raises what the driver does, unless the host may have the new password by then: nobody knows then.
    """
    walk = _Walk(driver, values, within_s, watch, trace)
    run, effect = begin(screens, within_s, anywhere=True)
    try:
        end = await walk.to_the_end(run, effect, line_end=False)
    except LauncherError as fault:
        if not walk.sent_new_password:
            raise
        return PasswordChanged(False, False, fault.message, driver.last_seen())
    changed = end.ended == "changed" and walk.sent_new_password
    refused = end.ended == "failed" or not walk.sent_new_password
    return PasswordChanged(changed, refused, end.says, end.last_seen)


class _Walk:
    """One run against one driver, with its deadline."""

    def __init__(
        self, driver: ScreenDriver, values: Values, within_s: float, watch: Stopwatch | None, trace: Trace | None
    ) -> None:
        self.sent_new_password = False
        """Whether the host may have been given a new password; a VT has it as soon as it is filled."""
        self._driver = driver
        self._values = values
        self._clock = asyncio.get_running_loop().time
        self._begun = self._clock()
        self._ends = self._begun + within_s
        self._watch = watch or NoWatch()
        self._trace = trace or Trace()

    async def to_the_end(self, run: ScreenRun, effect: Effect, *, line_end: bool) -> End:
        """Take the run from event to event; ``line_end``: that the host closes the line ends it, and raises nothing."""
        with ExitStack() as phase:
            before = ""
            while not isinstance(effect, End):
                now = "inject" if fills_ahead(run) else "ready"
                if now != before:
                    phase.close()
                    phase.enter_context(self._watch.phase(now))
                    before = now
                try:
                    event = await self._carry_out(run, effect)
                except HostClosedLineError:
                    if not line_end:
                        raise
                    event = LineClosed(self._driver.last_seen())
                run, effect = step(run, event)
        self._note(run, f"ended: {effect.ended}", effect.last_seen)
        return effect

    async def _carry_out(self, run: ScreenRun, effect: LookFor | ScreenFill | PressKey) -> Event:
        match effect:
            case LookFor():
                return await self._look(run, effect)
            case ScreenFill():
                return await self._act(run, self._fill(effect), screen_fill_in_words(effect))
            case PressKey():
                return await self._act(run, self._driver.press(effect.key), f"press {effect.key}")

    async def _look(self, run: ScreenRun, look: LookFor) -> Event:
        within_s = max(0.0, min(look.within_s, self._ends - self._clock()))
        try:
            async with asyncio.timeout(within_s + LOOK_GRACE_S):
                seen = await self._driver.first_of(look.screens, within_s)
        except TimeoutError:
            seen = None
        if seen is None:
            sought = ", ".join(screen.name for screen in look.screens) or "nothing"
            self._note(run, f"look for {sought}: not seen in {within_s:.1f} s", self._driver.last_seen())
            return DeadlinePassed(self._driver.last_seen())
        self._note(run, f"see {look.screens[seen.index].name}", seen.last_seen)
        return seen

    async def _act(self, run: ScreenRun, doing: Awaitable[None], words: str) -> Event:
        try:
            async with asyncio.timeout_at(max(self._ends, self._clock() + LOOK_GRACE_S)):
                await doing
        except TimeoutError:
            self._note(run, f"{words}: not done in time", self._driver.last_seen())
            raise SignOnTimedOutError(
                "The host did not take what was filled in, in time.", detail=self._driver.last_seen()
            ) from None
        except ScreenGoneError:
            self._note(run, f"{words}: not done, another screen had come", self._driver.last_seen())
            return ScreenGone()
        except FieldRefusedError as fault:
            self._note(run, f"{words}: refused: {fault.message}", self._driver.last_seen())
            raise
        self._note(run, words, self._driver.last_seen())
        return Done()

    async def _fill(self, fill: ScreenFill) -> None:
        resolved = {name: await self._values.resolve(name) for name in sorted(fill.names)}
        for name, part in resolved.items():
            self._driver.hides(part, is_name=name == "username")  # by itself too: a host may take a value apart
        value = Secret(SCREEN_VALUE.sub(lambda found: resolved[found[1]].reveal(), fill.value))
        before = self.sent_new_password
        # Said before it is so: what ends in between may have reached the host, and must count as if it had.
        self.sent_new_password = before or "new_password" in fill.names
        try:
            await self._driver.fill(fill, value, hides=fill.hides)
        except FieldRefusedError:  # nothing was filled
            self.sent_new_password = before
            raise

    def _note(self, run: ScreenRun, did: str, saw: str) -> None:
        self._trace.note(run.met, did, saw, (self._clock() - self._begun) * 1000.0)
