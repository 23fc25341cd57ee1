"""The ways of signing on to a page, and the one to a program, each as the phases load, inject, ready.

*federated*: load; the provider's session does the rest, and the provider's own page that stays is the officer's.
*form*: load, run the steps or the pages. *basic*: answer the browser's question once. *token*: the token is on
fetches before the page is loaded. *certificate*: it is presented when the host asks. *endpoint*: the page has the
cookies that a request before it was given. *none*: load and look.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from launcher.errors import LauncherError
from launcher.identity.proof import Stopwatch
from launcher.recipes.pages import Page
from launcher.recipes.steps import Marker, Place, Recipe
from launcher.secret import Secret
from launcher.sign_on.driver import PageAsksError, ProgramDriver, SystemUnreachableError, WebDriver
from launcher.sign_on.outcome import (
    ClientCertificateRefusedError,
    SignOnOutcome,
    SignOnRefusedError,
    SignOnTimedOutError,
    ValueMissingError,
)
from launcher.sign_on.page_run import sign_on_pages
from launcher.sign_on.run import Values, run_recipe
from launcher.sign_on.trace import Trace

SOON_S = 10.0
"""A host that cannot serve and asks to be tried again within this time is, once, without a word to the officer."""

# What a page shows where it asks a person: fields and buttons. Pages that only lead on have hidden fields.
_ASKS = "input:not([type=hidden]):not([type=submit]), button"


class SignOnPlan(Protocol):
    """What is read of a launch plan; ``connectors.plan.LaunchPlan`` has it."""

    @property
    def sign_on(self) -> str:
        """The method."""
        ...

    @property
    def url(self) -> str:
        """The page to load; empty for a program."""
        ...

    @property
    def visits(self) -> tuple[str, ...]:
        """Further origins of the page, e.g. the provider's."""
        ...

    @property
    def recipe(self) -> Recipe:
        """The steps."""
        ...

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages of a logon, in place of steps and markers."""
        ...

    @property
    def markers(self) -> tuple[Marker, ...]:
        """What proves how it ended."""
        ...

    @property
    def within_s(self) -> float:
        """Seconds until it has timed out."""
        ...


async def sign_on_page(
    driver: WebDriver,
    plan: SignOnPlan,
    values: Values,
    watch: Stopwatch,
    begun: Callable[[], None] | None = None,
    trace: Trace | None = None,
) -> SignOnOutcome:
    """Load the plan's page and sign on. ``begun`` is called when the page is there and the signing on begins.

    Raises :class:`LauncherError` for what the page or its host is at fault for (``system-unreachable``,
    ``page-not-expected``, ``field-not-filled`` …); what the system answers is the outcome.
    """
    trace = trace or Trace()
    clock = asyncio.get_running_loop().time
    started = clock()
    if plan.sign_on == "basic":
        driver.answer_basic(values.user_name, _required(values.password, "password"))
    if plan.sign_on == "certificate" and values.certificate is not None:
        driver.present_certificate(values.certificate)
    if plan.sign_on == "token":
        driver.carry_token(_required(values.token, "token"))
    try:
        with watch.phase("load"):
            async with asyncio.timeout(plan.within_s):
                await _load(driver, plan.url, plan.within_s)
    except TimeoutError:
        trace.note(0, f"load {plan.url}: not there in time", driver.last_seen(), _ms(clock() - started))
        return SignOnOutcome("timed-out", "", driver.last_seen(), 0, SignOnTimedOutError.reference)
    except PageAsksError:
        pass  # it has come that far; whoever looks next meets the question
    except LauncherError:
        # A second question from the server stops the load; the cause is then our answer and not the page.
        if _basic_refused(driver, plan):
            return _refused(driver)
        raise
    trace.note(0, f"load {plan.url}", driver.last_seen(), _ms(clock() - started))
    if _basic_refused(driver, plan):
        return _refused(driver)
    if plan.sign_on == "certificate" and driver.certificate_refused():
        raise ClientCertificateRefusedError("The system did not accept your certificate.", detail=driver.last_seen())
    if begun is not None:
        begun()
    within_s = max(0.0, plan.within_s - (clock() - started))
    prompts = provider_prompts(plan.visits) if plan.sign_on == "federated" else ()
    if plan.pages:
        outcome = await sign_on_pages(
            driver, plan.pages, values, within_s=within_s, prompts=prompts, watch=watch, trace=trace
        )
    else:
        outcome = await run_recipe(
            driver, plan.recipe, plan.markers, values, within_s=within_s, prompts=prompts, watch=watch, trace=trace
        )
    if plan.sign_on == "endpoint":  # it has the name and password, whatever its page shows
        outcome = replace(outcome, tried=outcome.outcome != "failed")
    return _refused(driver) if _basic_refused(driver, plan) else outcome


async def _load(driver: WebDriver, url: str, within_s: float) -> None:
    """Load the page; once more where its host asks for that soon: nothing was signed on to yet."""
    try:
        await driver.load(url)
    except SystemUnreachableError as fault:
        if fault.again_s is None or fault.again_s > min(SOON_S, within_s / 2):
            raise
        await asyncio.sleep(fault.again_s)
        await driver.load(url)


async def sign_on_program(
    driver: ProgramDriver,
    plan: SignOnPlan,
    values: Values,
    watch: Stopwatch,
    begun: Callable[[], None] | None = None,
    trace: Trace | None = None,
) -> SignOnOutcome:
    """Sign on to a program that was started; it never shows a secret that it was given.

    Raises :class:`LauncherError` where it ended or takes nothing.
    """
    values = replace(values, giving=driver.hide)
    if begun is not None:
        begun()
    return await run_recipe(driver, plan.recipe, plan.markers, values, within_s=plan.within_s, watch=watch, trace=trace)


def provider_prompts(origins: Sequence[str]) -> tuple[Place, ...]:
    """Return where a provider asks the officer: any field or button on one of its pages."""
    return tuple(Place(url=f"{origin}/", selector=_ASKS) for origin in origins if "*" not in origin)


def _basic_refused(driver: WebDriver, plan: SignOnPlan) -> bool:
    return plan.sign_on == "basic" and driver.basic_refused()


def _refused(driver: WebDriver) -> SignOnOutcome:
    return SignOnOutcome("failed", "", driver.last_seen(), 0, SignOnRefusedError.reference, tried=True)


def _required(value: Secret | None, name: str) -> Secret:
    if not value:
        raise ValueMissingError(f"The system needs a {name}, and there is none.")
    return value


def _ms(seconds: float) -> float:
    return seconds * 1000.0
