"""Carries a run over stages out, whatever they are: a host's screens or a system's pages.

Values are resolved at the fill only. What a driver or a value cannot do is raised as it is (:class:`LauncherError`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from launcher.errors import LauncherError
from launcher.identity.proof import Stopwatch
from launcher.recipes.stages import STAGE_VALUE, Stage, StageFill
from launcher.secret import Secret
from launcher.sign_on.driver import FieldFault, PageAsksError
from launcher.sign_on.outcome import SignOnOutcome, SignOnTimedOutError, refusal_reference
from launcher.sign_on.run import LOOK_GRACE_S, NoWatch, Values
from launcher.sign_on.runner import DeadlinePassed, Done
from launcher.sign_on.stages import (
    Effect,
    End,
    Event,
    LineClosed,
    LookFor,
    PressKey,
    StageGone,
    StageRun,
    StageSeen,
    fills_ahead,
    step,
)
from launcher.sign_on.trace import Trace, stage_fill_in_words
from launcher.terminal.errors import FieldRefusedError, HostClosedLineError
from launcher.wire.records import Outcome

S = TypeVar("S", bound=Stage)
S_contra = TypeVar("S_contra", bound=Stage, contravariant=True)


@dataclass(frozen=True, slots=True)
class PasswordChanged:
    """What became of a new password.

    ``changed``: the system has confirmed it. ``refused``: it has said no, or it was never given it. Neither of the two:
    nobody knows, and both the old one and the new one must be kept.
    """

    changed: bool
    refused: bool
    says: str = ""
    last_seen: str = ""


class StageVerbs(Protocol[S_contra]):
    """The verbs of a recipe of stages; what is filled and pressed is meant for the stage that was seen last."""

    async def first_of(self, stages: Sequence[S_contra], within_s: float) -> StageSeen | None:
        """Return the first stage shown (lowest index when several are), or None at the deadline."""
        ...

    async def fill(self, stage: S_contra, index: int, value: Secret) -> bool:
        """Put the value into a field of the stage; False where another one has come, and nothing was done."""
        ...

    async def press(self, stage: S_contra) -> bool:
        """Press what the stage names; False where another one has come, and nothing was done."""
        ...

    def hides(self, value: Secret, *, is_name: bool) -> None:
        """Leave this out of whatever is said of a stage."""
        ...

    def last_seen(self) -> str:
        """Say what is in front now, for a person, without any secret."""
        ...


class StageWalk(Generic[S]):
    """One run against one driver, with its deadline; ``keep`` is called before a field is given the new password."""

    def __init__(
        self,
        verbs: StageVerbs[S],
        values: Values,
        within_s: float,
        watch: Stopwatch | None,
        trace: Trace | None,
        keep: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.sent_new_password = False
        """Whether the system may have been given a new password; a VT has it as soon as it is filled."""
        self._verbs = verbs
        self._values = values
        self._clock = asyncio.get_running_loop().time
        self._begun = self._clock()
        self._ends = self._begun + within_s
        self._watch = watch or NoWatch()
        self._trace = trace or Trace()
        self._keep = keep

    async def to_the_end(self, run: StageRun[S], effect: Effect[S], *, line_end: bool = False) -> End:
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
                except PageAsksError as asks:
                    phase.close()
                    before = ""
                    begun = self._clock()
                    await self._values.theirs(asks)
                    self._ends += self._clock() - begun  # the time was the officer's
                    continue
                except HostClosedLineError:
                    if not line_end:
                        raise
                    event = LineClosed(self._verbs.last_seen())
                run, effect = step(run, event)
        self._note(run, f"ended: {effect.ended}", effect.last_seen)
        return effect

    async def change_password(self, run: StageRun[S], effect: Effect[S]) -> PasswordChanged:
        """Take a change of password to its end. Raises what the driver does, unless the system may have it by then."""
        try:
            end = await self.to_the_end(run, effect)
        except LauncherError as fault:
            if not self.sent_new_password:
                raise
            return PasswordChanged(False, False, fault.message, self._verbs.last_seen())
        changed = end.ended == "changed" and self.sent_new_password
        refused = end.ended == "failed" or not self.sent_new_password
        return PasswordChanged(changed, refused, end.says, end.last_seen)

    async def _carry_out(self, run: StageRun[S], effect: LookFor[S] | StageFill | PressKey) -> Event:
        if isinstance(effect, LookFor):
            return await self._look(run, effect)
        here = run.here
        assert here is not None  # noqa: S101 - something is done on a stage that was seen
        if isinstance(effect, PressKey):
            return await self._act(run, self._verbs.press(here), f"press {effect.key}")
        return await self._act(run, self._fill(here, run.filled, effect), stage_fill_in_words(effect))

    async def _look(self, run: StageRun[S], look: LookFor[S]) -> Event:
        within_s = max(0.0, min(look.within_s, self._ends - self._clock()))
        try:
            async with asyncio.timeout(within_s + LOOK_GRACE_S):
                seen = await self._verbs.first_of(look.screens, within_s)
        except TimeoutError:
            seen = None
        if seen is None:
            sought = ", ".join(screen.name for screen in look.screens) or "nothing"
            self._note(run, f"look for {sought}: not seen in {within_s:.1f} s", self._verbs.last_seen())
            return DeadlinePassed(self._verbs.last_seen())
        self._note(run, f"see {look.screens[seen.index].name}", seen.last_seen)
        return seen

    async def _act(self, run: StageRun[S], doing: Awaitable[bool], words: str) -> Event:
        try:
            async with asyncio.timeout_at(max(self._ends, self._clock() + LOOK_GRACE_S)):
                done = await doing
        except TimeoutError:
            self._note(run, f"{words}: not done in time", self._verbs.last_seen())
            raise SignOnTimedOutError(
                "The system did not take what was filled in, in time.", detail=self._verbs.last_seen()
            ) from None
        except (FieldRefusedError, FieldFault) as fault:
            self._note(run, f"{words}: refused: {fault.message}", self._verbs.last_seen())
            raise
        if not done:
            self._note(run, f"{words}: not done, another screen had come", self._verbs.last_seen())
            return StageGone()
        self._note(run, words, self._verbs.last_seen())
        return Done()

    async def _fill(self, stage: S, index: int, fill: StageFill) -> bool:
        resolved = {name: await self._values.resolve(name) for name in sorted(fill.names)}
        for name, part in resolved.items():
            self._verbs.hides(part, is_name=name == "username")  # by itself too: a system may take a value apart
        value = Secret(STAGE_VALUE.sub(lambda found: resolved[found[1]].reveal(), fill.value))
        before = self.sent_new_password
        if "new_password" in fill.names and self._keep is not None:
            await self._keep()
        # Said before it is so: what ends in between may have reached the system, and must count as if it had.
        self.sent_new_password = before or "new_password" in fill.names
        done = False
        try:
            done = await self._verbs.fill(stage, index, value)
        except (FieldRefusedError, FieldFault):  # nothing was filled
            self.sent_new_password = before
            raise
        if not done:
            self.sent_new_password = before
        return done

    def _note(self, run: StageRun[S], did: str, saw: str) -> None:
        self._trace.note(run.met, did, saw, (self._clock() - self._begun) * 1000.0)


def outcome_of(end: End) -> SignOnOutcome:
    """Return how a sign-on ended."""
    outcome: Outcome
    reference = ""
    match end.ended:
        case "ready" | "failed" | "change-password" | "already-signed-on" | "notice" | "unknown":
            outcome = end.ended
            coded = "otp" in end.given
            reference = refusal_reference(end.refused, coded=coded) if outcome == "failed" else ""
        case _:
            outcome, reference = "timed-out", SignOnTimedOutError.reference
    return SignOnOutcome(
        outcome, end.says, end.last_seen, end.met, reference, bool(end.given), at=end.at, given=end.given
    )
