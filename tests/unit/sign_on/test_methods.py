"""The ways of signing on, against a site on paper and through the real rules."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest

from launcher.errors import LauncherError
from launcher.recipes.pages import Page
from launcher.recipes.steps import Expect, Fill, Marker, Place, Press, Recipe, Wait
from launcher.secret import Secret
from launcher.sign_on import SignOnOutcome, Trace, Values, run_recipe, sign_on_page
from launcher.sign_on.driver import FieldFault, SystemUnreachableError, WrongOriginError
from launcher.sign_on.outcome import ValueMissingError
from tests.contract.drivers.paper import PaperDriver
from tests.contract.drivers.site import NAME, PASSWORD, TOKEN, Request, Response, Site

OWN, PROVIDER, STRANGER = "https://custody.example", "https://id.example", "https://stranger.example"
READY = Marker(means="ready", selector="#main")
FAILED = Marker(means="failed", selector=".refused", says="Not accepted.")
FORM = Recipe(
    steps=(
        Wait(selector="#logon"),
        Fill(field="#name", value="{username}"),
        Fill(field="#password", value="{password}"),
        Press(control="#go"),
    )
)


@dataclass(frozen=True)
class Plan:
    sign_on: str = "form"
    url: str = f"{OWN}/logon"
    visits: tuple[str, ...] = ()
    recipe: Recipe = FORM
    markers: tuple[Marker, ...] = (FAILED, READY)
    within_s: float = 5.0
    pages: tuple[Page, ...] = ()


class Watch:
    """Notes the phases in the order they began and ended."""

    def __init__(self) -> None:
        self.said: list[str] = []

    @contextmanager
    def phase(self, name: str, *, human: bool = False) -> Iterator[None]:
        self.said.append(f"+{name}")
        try:
            yield
        finally:
            self.said.append(f"-{name}")


class Desk:
    """A site, its driver, and what was seen of a sign-on."""

    def __init__(self, site: Site | None = None, provider: Site | None = None) -> None:
        self.site = site or Site(STRANGER)
        self.stranger = Site()
        self.watch = Watch()
        self.trace = Trace()
        self.begun = 0
        sites = {OWN: self.site, STRANGER: self.stranger} | ({PROVIDER: provider} if provider else {})
        self.driver = PaperDriver(sites, [OWN], visits=[PROVIDER], token_origin=OWN)

    def sign_on(self, plan: Plan, values: Values) -> SignOnOutcome:
        async def run() -> SignOnOutcome:
            return await sign_on_page(self.driver, plan, values, self.watch, self._count, self.trace)

        return asyncio.run(run())

    def _count(self) -> None:
        self.begun += 1

    @property
    def told(self) -> str:
        return "\n".join(map(str, self.trace.lines))


RIGHT = Values(NAME, Secret(PASSWORD))
WRONG = Values(NAME, Secret("wrong"))


def test_a_form_is_signed_on_and_timed() -> None:
    desk = Desk()
    assert desk.sign_on(Plan(), RIGHT) == SignOnOutcome("ready", "", "custody.example/main, title 'Main'", 4, "", True)
    assert desk.site.passwords == [PASSWORD]
    assert desk.watch.said == ["+load", "-load", "+inject", "-inject", "+ready", "-ready"]
    assert desk.begun == 1


def test_a_wrong_password_is_sent_once_and_said_in_the_systems_words() -> None:
    desk = Desk()
    outcome = desk.sign_on(Plan(), WRONG)
    assert (outcome.outcome, outcome.says, outcome.reference) == ("failed", "Not accepted.", "sign-on-refused")
    assert outcome.credential_refused
    assert desk.site.passwords == ["wrong"]
    error = outcome.error("Custody Record")
    assert error is not None
    assert str(error) == "Custody Record was not signed on: Not accepted."


def test_a_recipe_that_would_try_again_is_stopped() -> None:
    desk = Desk()
    twice = Recipe(steps=(*FORM.steps, Wait(selector="#logon"), *FORM.steps[1:]))
    outcome = desk.sign_on(Plan(recipe=twice, markers=(READY,)), WRONG)
    assert outcome.credential_refused
    assert desk.site.passwords == ["wrong"]


def test_the_trace_names_steps_and_values_and_never_holds_a_secret() -> None:
    desk = Desk()
    desk.sign_on(Plan(), RIGHT)
    assert "load https://custody.example/logon" in desk.told
    assert "fill #password with {password}" in desk.told
    assert "press #go" in desk.told
    assert "see selector '#main'  → custody.example/main, title 'Main'" in desk.told
    assert "ended: ready" in desk.told
    for secret in (PASSWORD, NAME):
        assert secret not in desk.told


def test_the_trace_leaves_out_looks_of_no_time_that_saw_nothing() -> None:
    desk = Desk()
    recipe = Recipe(steps=(*FORM.steps[:-1], Press(key="Enter")))
    assert desk.sign_on(Plan(recipe=recipe), RIGHT).outcome == "ready"
    assert "press Enter" in desk.told
    assert "not seen" not in desk.told


def test_a_page_that_never_shows_its_marker_is_timed_out_with_the_last_thing_seen() -> None:
    desk = Desk()
    markers = (Marker(means="ready", selector="#never"),)
    outcome = desk.sign_on(Plan(markers=markers, within_s=0.3), RIGHT)
    assert (outcome.outcome, outcome.step) == ("timed-out", 4)
    assert outcome.last_seen == "custody.example/main, title 'Main'"
    assert outcome.reference == "sign-on-timed-out"
    assert not outcome.credential_refused


def test_a_step_that_never_comes_is_timed_out_at_its_number() -> None:
    recipe = Recipe(steps=(FORM.steps[0], Wait(selector="#never", within_s=0.1)))
    outcome = Desk().sign_on(Plan(recipe=recipe), RIGHT)
    assert (outcome.outcome, outcome.step) == ("timed-out", 2)


def test_without_markers_it_is_unknown() -> None:
    outcome = Desk().sign_on(Plan(markers=()), RIGHT)
    assert outcome.outcome == "unknown"
    assert outcome.error("Custody Record") is None


def test_a_session_that_is_there_already_needs_no_password() -> None:
    desk = Desk()
    outcome = desk.sign_on(Plan(url=f"{OWN}/main"), RIGHT)
    assert outcome.outcome == "ready"
    assert not outcome.tried
    assert desk.site.passwords == []


def test_a_lookalike_on_another_origin_gets_nothing() -> None:
    desk = Desk()
    with pytest.raises(WrongOriginError):
        desk.sign_on(Plan(url=f"{OWN}/elsewhere"), RIGHT)
    assert desk.stranger.passwords == []


def test_an_unreachable_system_and_a_field_at_fault_are_raised_as_such() -> None:
    desk = Desk()
    with pytest.raises(SystemUnreachableError):
        desk.sign_on(Plan(url=f"{PROVIDER}/"), RIGHT)
    recipe = Recipe(steps=(Fill(field="#fixed", value="{username}"),))
    with pytest.raises(FieldFault):
        Desk().sign_on(Plan(url=f"{OWN}/fixed", recipe=recipe), RIGHT)


def test_a_value_that_is_not_there_is_said_and_nothing_is_sent() -> None:
    desk = Desk()
    with pytest.raises(ValueMissingError):
        desk.sign_on(Plan(), Values(NAME))
    assert desk.site.passwords == []


@pytest.mark.parametrize(("password", "outcome"), [(PASSWORD, "ready"), ("wrong", "failed")])
def test_basic_is_answered_once(password: str, outcome: str) -> None:
    desk = Desk()
    plan = Plan("basic", f"{OWN}/basic", recipe=Recipe(), markers=(READY,))
    result = desk.sign_on(plan, Values(NAME, Secret(password)))
    assert result.outcome == outcome
    assert result.credential_refused == (outcome == "failed")
    assert desk.site.passwords == [password]


@pytest.mark.parametrize(("token", "outcome"), [(TOKEN, "ready"), ("stale", "failed")])
def test_a_token_is_on_the_pages_own_fetches(token: str, outcome: str) -> None:
    desk = Desk()
    markers = (Marker(means="ready", selector="#row"), Marker(means="failed", selector="#no-row"))
    result = desk.sign_on(
        Plan("token", f"{OWN}/api-page", recipe=Recipe(), markers=markers), Values(token=Secret(token))
    )
    assert result.outcome == outcome


def test_a_token_method_without_a_token_loads_nothing() -> None:
    desk = Desk()
    with pytest.raises(ValueMissingError):
        desk.sign_on(Plan("token", recipe=Recipe()), Values())
    assert desk.site.requests == []


class _Gate(Site):
    """A system that leads to the provider and back: once the provider knows the officer, without a question."""

    def respond(self, request: Request) -> Response:
        if request.path == "/":
            return Response(303, "", {"Location": f"{PROVIDER}/authorize"})
        return super().respond(request)


class _Provider(Site):
    def __init__(self, *, knows: bool) -> None:
        super().__init__()
        self.knows = knows

    def respond(self, request: Request) -> Response:
        if self.knows:
            return Response(303, "", {"Location": f"{OWN}/main"})
        return Response(200, "<title>Force account</title><form><input id='login'><input type='password'></form>")


def test_a_federated_page_comes_back_ready_without_a_prompt() -> None:
    desk = Desk(_Gate(), _Provider(knows=True))
    outcome = desk.sign_on(Plan("federated", f"{OWN}/", (PROVIDER,), Recipe(), (READY,)), Values())
    assert outcome.outcome == "ready"
    assert desk.watch.said == ["+load", "-load", "+ready", "-ready"]


def test_a_provider_that_asks_is_the_officers_to_answer() -> None:
    desk = Desk(_Gate(), _Provider(knows=False))
    outcome = desk.sign_on(Plan("federated", f"{OWN}/", (PROVIDER,), Recipe(), (READY,)), Values())
    assert (outcome.outcome, outcome.says) == ("notice", "Log on in the tab.")
    assert outcome.last_seen == "id.example/authorize, title 'Force account'"


class _Slow(PaperDriver):
    async def load(self, url: str) -> None:
        await asyncio.Event().wait()


def test_a_page_that_never_loads_is_timed_out_before_the_first_step() -> None:
    desk = Desk()
    desk.driver = _Slow({OWN: desk.site}, [OWN])
    outcome = desk.sign_on(Plan(within_s=0.05), RIGHT)
    assert (outcome.outcome, outcome.step) == ("timed-out", 0)
    assert desk.watch.said == ["+load", "-load"]


def test_a_code_is_made_when_it_is_filled_and_not_before() -> None:
    made: list[str] = []

    async def code() -> Secret:
        made.append("now")
        return Secret("123456")

    steps = (Wait(selector="#logon"), Fill(field="#name", value="{otp}"))
    stopped = (Wait(selector="#never", within_s=0.05), *steps)

    async def run(steps: tuple[Wait | Fill, ...]) -> SignOnOutcome:
        driver = PaperDriver({OWN: Site()}, [OWN])
        await driver.load(f"{OWN}/logon")
        return await run_recipe(driver, Recipe(steps=steps), (), Values(code=code), within_s=5.0)

    assert asyncio.run(run(stopped)).outcome == "timed-out"
    assert made == []
    asyncio.run(run(steps))
    assert made == ["now"]


def test_values_stand_within_other_text_and_are_filled_in_one_pass() -> None:
    site = Site()
    fill = Fill(field="#name", value="FORCE\\{username}")
    recipe = Recipe(steps=(fill, Fill(field="#password", value="{password}"), Press(key="Enter")))
    values = Values("{password}", Secret(PASSWORD))

    async def run() -> None:
        driver = PaperDriver({OWN: site}, [OWN])
        await driver.load(f"{OWN}/logon")
        await run_recipe(driver, recipe, (FAILED,), values, within_s=5.0)

    asyncio.run(run())
    assert site.requests[-1].form == {"name": "FORCE\\{password}", "password": PASSWORD}


def test_a_second_page_is_waited_for_by_expect() -> None:
    recipe = Recipe(steps=(*FORM.steps, Expect(next=Place(selector="h1")), Wait(text="Welcome")))
    outcome = Desk().sign_on(Plan(recipe=recipe), RIGHT)
    assert outcome.outcome == "ready"


def test_values_and_outcomes_show_no_secret() -> None:
    outcome = Desk().sign_on(Plan(), RIGHT)
    assert PASSWORD not in f"{RIGHT!r}{outcome!r}"


def test_an_error_is_raised_out_of_the_run_with_the_trace_so_far() -> None:
    desk = Desk()
    recipe = Recipe(steps=(Wait(selector="#fixed"), Fill(field="#off", value="{password}")))
    with pytest.raises(LauncherError):
        desk.sign_on(replace(Plan(), url=f"{OWN}/fixed", recipe=recipe), RIGHT)
    assert "see selector '#fixed'" in desk.told
