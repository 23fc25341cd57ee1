"""Carries a run out: asks the driver to look, fill and press, and resolves secrets at the fill only.

What a driver or a value cannot do is raised as it is (:class:`LauncherError`): a missing field, a page that is not the
entry's, a program that ended. That speaks against the page, not against the credential.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass

from launcher.grants.client_certificate import AnyCertificate
from launcher.identity.proof import Stopwatch
from launcher.recipes.steps import FIELD_VALUE, Fill, Marker, Place, Press, Recipe
from launcher.secret import Secret
from launcher.sign_on.driver import Driver, PageAsksError
from launcher.sign_on.outcome import SignOnOutcome, SignOnTimedOutError, ValueMissingError
from launcher.sign_on.runner import DeadlinePassed, Done, Event, Finish, Look, Run, begin, step
from launcher.sign_on.trace import Trace, fill_in_words, place_in_words, press_in_words

LOOK_GRACE_S = 2.0  # a driver that does not keep its deadline is given up on after this


@dataclass(frozen=True, slots=True)
class Values:
    """What fills may take. A code that ages is a function, called at the fill.

    ``giving`` is called with each password and code before it is given, for a driver that shows what it is told.
    ``asked`` has the officer answer what a page asks in a window of its own, and gets its words; the run goes on from
    there, and without it ends with :class:`PageAsksError`.
    """

    user_name: str = ""
    password: Secret | None = None
    code: Secret | Callable[[], Awaitable[Secret]] | None = None
    token: Secret | None = None
    new_password: Secret | None = None
    giving: Callable[[Secret], None] | None = None
    certificate: AnyCertificate | None = None
    asked: Callable[[str], Awaitable[None]] | None = None

    async def resolve(self, name: str) -> Secret:
        """Return the value of a placeholder. Raises :class:`ValueMissingError`."""
        value: Secret | None
        match name:
            case "username":
                value = Secret(self.user_name)
            case "password":
                value = self.password
            case "new_password":
                value = self.new_password
            case "otp":
                value = await self.code() if callable(self.code) else self.code
            case _:
                value = None
        if not value:
            raise ValueMissingError(f"The step needs {{{name}}}, and there is none.")
        if self.giving is not None and name != "username":
            self.giving(value)
        return value

    async def theirs(self, asks: PageAsksError) -> None:
        """Leave it to the officer. Raises it where there is none."""
        if self.asked is None:
            raise asks
        await self.asked(asks.says)


class NoWatch:
    """Times nothing."""

    def phase(self, name: str, *, human: bool = False) -> AbstractContextManager[None]:
        """Let the block run."""
        return nullcontext()


async def run_recipe(
    driver: Driver,
    recipe: Recipe,
    markers: Sequence[Marker],
    values: Values,
    *,
    within_s: float,
    prompts: Sequence[Place] = (),
    watch: Stopwatch | None = None,
    trace: Trace | None = None,
) -> SignOnOutcome:
    """Run the steps and look for the markers, all within ``within_s``. Raises what the driver raises.

    Phases: ``inject`` while steps are carried out, ``ready`` from the last one to the marker.
    """
    walk = _Walk(driver, values, within_s, watch or NoWatch(), trace or Trace())
    run, effect = begin(recipe.steps, markers, within_s, prompts)
    with ExitStack() as phase:
        in_ready = run.after_last
        phase.enter_context(walk.watch.phase("ready" if in_ready else "inject"))
        while not isinstance(effect, Finish):
            if run.after_last and not in_ready:
                in_ready = True
                phase.close()
                phase.enter_context(walk.watch.phase("ready"))
            try:
                event = await walk.carry_out(run, effect)
            except PageAsksError as asks:
                phase.close()
                await walk.leave_to_officer(asks)
                phase.enter_context(walk.watch.phase("ready" if in_ready else "inject"))
                continue
            run, effect = step(run, event)
    walk.note(run, f"ended: {effect.outcome.outcome}", effect.outcome.last_seen)
    return effect.outcome


class _Walk:
    """One run against one driver, with its deadline."""

    def __init__(self, driver: Driver, values: Values, within_s: float, watch: Stopwatch, trace: Trace) -> None:
        self._driver = driver
        self._values = values
        self._clock = asyncio.get_running_loop().time
        self._begun = self._clock()
        self._ends = self._begun + within_s
        self.watch = watch
        self._trace = trace

    async def carry_out(self, run: Run, effect: Look | Fill | Press) -> Event:
        match effect:
            case Look():
                return await self._look(run, effect)
            case Fill():
                return await self._act(run, self._fill(effect, sends=_sends(run)), fill_in_words(effect))
            case Press():
                return await self._act(run, self._driver.press(effect.control, effect.key), press_in_words(effect))

    async def leave_to_officer(self, asks: PageAsksError) -> None:
        begun = self._clock()
        await self._values.theirs(asks)
        self._ends += self._clock() - begun

    def note(self, run: Run, did: str, saw: str) -> None:
        self._trace.note(run.at + 1, did, saw, (self._clock() - self._begun) * 1000.0)

    async def _look(self, run: Run, look: Look) -> Event:
        within_s = max(0.0, min(look.within_s, self._ends - self._clock()))
        try:
            async with asyncio.timeout(within_s + LOOK_GRACE_S):
                seen = await self._driver.first_of(look.places, within_s, or_fault=True)
        except TimeoutError:
            seen = None
        if seen is None:
            if look.within_s > 0:  # a look of no time that saw nothing is no news: the step has no place of its own
                self.note(run, f"look for {self._sought(look)}: not seen in {within_s:.1f} s", self._driver.last_seen())
            return DeadlinePassed(self._driver.last_seen())
        self.note(run, f"see {place_in_words(look.places[seen.index])}", seen.last_seen)
        return seen

    async def _act(self, run: Run, doing: Awaitable[None], words: str) -> Event:
        try:
            async with asyncio.timeout_at(max(self._ends, self._clock() + LOOK_GRACE_S)):
                await doing
        except TimeoutError:
            self.note(run, f"{words}: not done in time", self._driver.last_seen())
            raise SignOnTimedOutError(
                "The system did not take what was filled in, in time.", detail=self._driver.last_seen()
            ) from None
        self.note(run, words, self._driver.last_seen())
        return Done()

    async def _fill(self, fill: Fill, *, sends: bool) -> None:
        resolved = {name: await self._values.resolve(name) for name in fill.names}
        text = Secret(FIELD_VALUE.sub(lambda found: resolved[found[1]].reveal(), fill.value))
        by_keys = fill.by == "keys"
        await self._driver.fill(fill.field, text, hides="password" in fill.names, by_keys=by_keys, sends=sends)

    def _sought(self, look: Look) -> str:
        return ", ".join(map(place_in_words, look.places)) or "nothing"


def _sends(run: Run) -> bool:
    """Say whether the page goes on by itself once the field in hand is filled: nothing is pressed then."""
    return run.at + 1 >= len(run.steps) or run.steps[run.at + 1].do == "expect"
