"""A logon over several pages, against a site that is asked by call: what is given, once, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from launcher.errors import LauncherError
from launcher.recipes.pages import Page
from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.sign_on.driver import DocumentNow, FieldFault, Seen
from launcher.sign_on.outcome import SignOnOutcome
from launcher.sign_on.page_run import change_password_on_pages, sign_on_pages
from launcher.sign_on.run import Values
from launcher.sign_on.stage_run import PasswordChanged
from launcher.sign_on.trace import Trace
from tests.contract.drivers.paper import PaperDriver
from tests.contract.drivers.site import NAME, PASSWORD
from tests.unit.sign_on.paged_site import CODE, NEW, NEWER, PagedSite

OWN = "https://records.example"

NOTICE = Page(name="law", means="notice", selector="#law")
LOGON = Page.model_validate(
    {
        "name": "logon",
        "selector": "#password",
        "fill": [{"field": "#name", "value": "{username}"}, {"field": "#password", "value": "{password}"}],
        "press": "#go",
        "next": ["code", "news", "refused", "expired", "home"],
    }
)
ASKS_CODE = Page.model_validate(
    {
        "name": "code",
        "selector": "#code",
        "fill": [{"field": "#code", "value": "{otp}"}],
        "press": "Enter",
        "next": ["news", "home"],
    }
)
NEWS = Page(name="news", selector="#news", press="#on", next=("home",))
REFUSED = Page(name="refused", means="failed", selector="#refused", says_at="#refused")
EXPIRED = Page(name="expired", means="change-password", selector="#old")
HOME = Page(name="home", means="ready", selector="#main")
PAGES = (NOTICE, LOGON, ASKS_CODE, NEWS, REFUSED, EXPIRED, HOME)
CHANGE = tuple(
    map(
        Page.model_validate,
        (
            {
                "name": "change",
                "selector": "#new",
                "fill": [{"field": "#old", "value": "{password}"}, {"field": "#new", "value": "{new_password}"}],
                "press": "#go",
                "next": ["changed", "not-taken"],
            },
            {"name": "changed", "means": "changed", "selector": "#changed"},
            {"name": "not-taken", "means": "failed", "selector": "#not-taken", "says_at": "#not-taken"},
        ),
    )
)


async def code() -> Secret:
    return Secret(CODE)


OFFICER = Values(NAME, Secret(PASSWORD), code)


class Desk:
    """A driver on the site's first page, and what was noted of a run."""

    def __init__(self, site: PagedSite) -> None:
        self.site, self.trace = site, Trace()
        self.driver = PaperDriver({OWN: site}, [OWN])  # type: ignore[dict-item]

    async def sign_on(
        self, values: Values = OFFICER, pages: Sequence[Page] = PAGES, prompts: Sequence[Place] = (), s: float = 4.0
    ) -> SignOnOutcome:
        await self.driver.load(f"{OWN}/")
        return await sign_on_pages(self.driver, pages, values, within_s=s, prompts=prompts, trace=self.trace)

    async def change(self, new: str) -> PasswordChanged:
        values = Values(NAME, Secret(PASSWORD), None, None, Secret(new))
        return await change_password_on_pages(self.driver, CHANGE, values, within_s=4.0, trace=self.trace)


@pytest.mark.parametrize(
    ("site", "given"),
    [
        pytest.param(PagedSite(), [("password", PASSWORD)], id="by-a-page-that-leads-on"),
        pytest.param(PagedSite(code=True), [("password", PASSWORD), ("code", CODE)], id="with-a-code"),
        pytest.param(PagedSite("between"), [], id="signed-on-already-behind-a-page"),
        pytest.param(PagedSite("ready"), [], id="ready-at-once"),
    ],
)
def test_any_page_may_be_the_first_and_the_recipe_goes_on_to_ready(
    site: PagedSite, given: list[tuple[str, str]]
) -> None:
    desk = Desk(site)
    outcome = asyncio.run(desk.sign_on())
    assert (outcome.outcome, outcome.at, outcome.tried) == ("ready", "home", bool(given))
    assert site.given == given
    assert PASSWORD not in "\n".join(map(str, desk.trace.lines))


def test_a_notice_is_never_pressed_and_the_run_ends_at_it() -> None:
    desk = Desk(PagedSite("notice"))
    outcome = asyncio.run(desk.sign_on())
    assert (outcome.outcome, outcome.at, outcome.tried) == ("notice", "law", False)
    assert (desk.site.acknowledged, desk.site.given) == (0, [])


def test_a_refusal_is_said_in_the_systems_own_words_without_what_was_given() -> None:
    site = PagedSite(shown=f"The password wrong-{PASSWORD} of <b>alice</b>\n is \x07 wrong")
    site.password = "another"
    outcome = asyncio.run(Desk(site).sign_on())
    assert (outcome.outcome, outcome.credential_refused) == ("failed", True)
    assert outcome.says == "The password wrong-… of <b>alice</b> is wrong"


def test_a_logon_that_comes_back_in_a_new_document_has_refused_and_gets_the_password_once() -> None:
    site = PagedSite()
    site.password = "another"
    outcome = asyncio.run(Desk(site).sign_on(pages=(LOGON, NEWS, ASKS_CODE, HOME), s=8.0))
    assert (outcome.outcome, outcome.credential_refused) == ("failed", True)
    assert site.given == [("password", PASSWORD)]


class Slow(PaperDriver):
    """Answers a press by a document that never comes: the page that was filled stays as it is."""

    async def press(self, control: str, key: str) -> None:
        await asyncio.sleep(0)


def test_the_page_that_was_filled_is_no_refusal_while_it_only_waits_for_its_answer() -> None:
    desk = Desk(PagedSite())
    desk.driver = Slow({OWN: desk.site}, [OWN])  # type: ignore[dict-item]
    logon = LOGON.model_copy(update={"within_s": 2.0})
    outcome = asyncio.run(desk.sign_on(pages=(logon, NEWS, HOME)))
    assert outcome.outcome == "timed-out"
    assert not outcome.credential_refused


class Leaves(PaperDriver):
    """Its first fill finds that the page has led on by itself, as a page that looks who is there does."""

    left = False

    async def fill(
        self, field: str, value: Secret, *, hides: bool = False, by_keys: bool = False, sends: bool = False
    ) -> None:
        if not self.left:
            self.left = True
            await self.load(f"{OWN}/elsewhere")
            await self.load(f"{OWN}/")
            raise FieldFault("The field is not there.")
        await super().fill(field, value, hides=hides, by_keys=by_keys, sends=sends)

    async def load(self, url: str) -> None:
        if not url.endswith("elsewhere"):
            await super().load(url)

    async def first_of(self, places: Sequence[Place], within_s: float, *, or_fault: bool = False) -> Seen | None:
        if self.left and len(places) == 1 and places[0] == LOGON.place and not self.back:
            self.back = True
            return None
        return await super().first_of(places, within_s, or_fault=or_fault)

    back = False


def test_a_page_that_has_gone_before_anything_was_done_there_is_looked_for_again() -> None:
    desk = Desk(PagedSite())
    desk.driver = Leaves({OWN: desk.site}, [OWN])  # type: ignore[dict-item]
    outcome = asyncio.run(desk.sign_on())
    assert outcome.outcome == "ready"
    assert any("another screen had come" in line.did for line in desk.trace.lines)
    assert desk.site.given == [("password", PASSWORD)]


def test_a_provider_that_asks_is_the_officers_where_it_stays() -> None:
    asks = Place(selector="#password", url=f"{OWN}/")
    outcome = asyncio.run(Desk(PagedSite()).sign_on(pages=(NEWS, HOME), prompts=[asks]))
    assert (outcome.outcome, outcome.prompted, outcome.says) == ("notice", True, "Log on in the tab.")


class Passing(PaperDriver):
    """Passes a page of the provider's, and shows for a while nothing that anybody knows before it is ready."""

    looks = 0

    async def first_of(self, places: Sequence[Place], within_s: float, *, or_fault: bool = False) -> Seen | None:
        self.looks += 1
        if self.looks == 3:
            self._page = []
        if self.looks == 5:
            await self.load(f"{OWN}/")
        return await super().first_of(places, min(within_s, 0.05), or_fault=or_fault)


def test_a_provider_that_is_passed_slowly_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launcher.sign_on.page_run.SETTLE_S", 0.01)
    desk = Desk(PagedSite())
    desk.driver = Passing({OWN: desk.site}, [OWN])  # type: ignore[dict-item]
    asks = Place(selector="#password", url=f"{OWN}/")

    async def story() -> SignOnOutcome:
        await desk.driver.load(f"{OWN}/")
        desk.site.first = "ready"
        return await sign_on_pages(desk.driver, (HOME,), OFFICER, within_s=4.0, prompts=[asks])

    assert asyncio.run(story()).outcome == "ready"


def test_what_means_signed_off_is_none_of_a_runs_business() -> None:
    off = Page(name="off", means="signed-off", selector="#password")
    assert asyncio.run(Desk(PagedSite()).sign_on(pages=(off, *PAGES))).outcome == "ready"


def test_a_code_that_is_missing_is_said_and_no_page_is_guessed() -> None:
    with pytest.raises(LauncherError) as raised:
        asyncio.run(Desk(PagedSite(code=True)).sign_on(Values(NAME, Secret(PASSWORD))))
    assert raised.value.reference == "sign-on-value-missing"


@pytest.mark.parametrize(
    ("new", "changed", "refused", "says"),
    [(NEW, True, False, ""), (NEWER, False, True, "… was used before.")],
)
def test_a_new_password_is_given_on_the_page_that_asks_for_it(
    new: str, changed: bool, refused: bool, says: str
) -> None:
    desk = Desk(PagedSite(expired=True))

    async def story() -> PasswordChanged:
        assert (await desk.sign_on()).outcome == "change-password"
        return await desk.change(new)

    done = asyncio.run(story())
    assert (done.changed, done.refused, done.says) == (changed, refused, says)
    assert desk.site.password == (new if changed else PASSWORD)
    assert [what for what, _ in desk.site.given] == ["password", "new"]


@pytest.mark.parametrize(
    "untrusted",
    [None, "", "[]", '["a"]', "[1, 2]", '{"id": "a"}', '["a", "b", "c"]', '["a", "b"]', '["a", "b", true]', 7],
)
def test_an_answer_of_a_page_that_is_none_is_no_document(untrusted: object) -> None:
    assert DocumentNow.read(untrusted) == DocumentNow("")


def test_a_pages_own_words_are_one_line_and_bounded() -> None:
    assert DocumentNow.read('["7", " a\\n\\u202e b \\u0000", ""]') == DocumentNow("7", "a b")
    assert len(DocumentNow.read(f'["7", "{"word " * 500}", "stands"]').words) == 200
