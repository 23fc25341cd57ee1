"""Whether a page has signed the officer off: by what it shows, never by guessing, never by their own log-off."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from launcher.connectors.plan import LaunchPlan, WebMethod, WebTarget
from launcher.recipes.pages import Page, PageFill
from launcher.recipes.steps import AnyStep, Expect, Fill, Marker, Place, Press, Recipe, Wait
from launcher.session.signed_off import RECENT_S, Signs, is_signed_off, shows, signs_of
from launcher.sign_on.driver import DriverGoneError, Seen
from tests.contract.drivers.paper import PaperDriver
from tests.unit.session.ending_site import PROVIDER, EndingProvider, EndingSite

OWN = "https://custody.example"
READY = Marker(means="ready", selector="#main")
REFUSED = Marker(means="failed", selector=".refused")
NOTICE = Marker(means="notice", selector="#notice")
EXPIRED = Marker(means="signed-off", text="Your session has expired")
NAME_FIELD = Fill(field="#name", value="{username}")
PASSWORD_FIELD = Fill(field="#password", value="{password}")
GO = Press(control="#go")
STEPS = (Wait(selector="#logon"), NAME_FIELD, PASSWORD_FIELD, GO)

Move = Callable[[], Awaitable[None]]


def plan(
    sign_on: WebMethod = "form", steps: Sequence[AnyStep] = STEPS, markers: Sequence[Marker] = (READY, REFUSED, NOTICE)
) -> LaunchPlan:
    federated = sign_on == "federated"
    target = WebTarget(f"{OWN}/start", (OWN,), (PROVIDER,) if federated else ())
    return LaunchPlan(
        "custody", "Custody", "web", sign_on, target, Recipe(steps=tuple(steps)), tuple(markers), (), 20.0,
        provider=(PROVIDER,) if federated else (),
    )  # fmt: skip


def paged(*pages: Page) -> LaunchPlan:
    target = WebTarget(f"{OWN}/start", (OWN,), pages=pages)
    markers = tuple(page.marker for page in pages if page.marker is not None)
    return LaunchPlan("custody", "Custody", "web", "form", target, Recipe(), markers, (), 20.0)


LOGON_PAGE = Page(
    name="logon", selector="#logon", fill=(PageFill(field="#p", value="{password}"),), press="#go", next=("home",)
)
HOME_PAGE = Page(name="home", selector="#main", means="ready")


def signs(given: LaunchPlan | None = None) -> Signs:
    found = signs_of(given or plan())
    assert found is not None
    return found


# --- what a system shows


def on(path: str) -> Place:
    return Place(selector=path, url=f"{OWN}/")


@pytest.mark.parametrize(
    ("given", "asks"),
    [
        (plan(), ((on("#logon"), on("#name"), on("#password")),)),
        (paged(LOGON_PAGE, HOME_PAGE), ((on("#logon"), on("#p")),)),
        (plan(steps=(NAME_FIELD, GO, PASSWORD_FIELD, GO)), ((on("#name"),),)),
        (plan(steps=(NAME_FIELD, Expect(next=Place(selector="#p")), PASSWORD_FIELD)), ((on("#name"),),)),
        (plan(steps=(Wait(url=f"{OWN}/x"), PASSWORD_FIELD)), ((Place(url=f"{OWN}/x"), on("#password")),)),
    ],
)
def test_the_logon_is_all_that_its_first_page_is_known_by(given: LaunchPlan, asks: object) -> None:
    assert signs(given).asks == asks


@pytest.mark.parametrize(
    "given",
    [
        plan(markers=(REFUSED,)),  # nothing that could have gone
        plan(steps=()),
        plan(steps=(GO, NAME_FIELD)),  # what is pressed first cannot be seen from here
        plan("none", ()),
        plan("basic", ()),
        plan("token", ()),
        plan("federated", (), (REFUSED,)),
    ],
)
def test_where_nothing_tells_nothing_is_known(given: LaunchPlan) -> None:
    assert signs_of(given) is None


def test_the_entrys_own_word_counts_alone_whatever_the_way_of_signing_on() -> None:
    for method in ("form", "federated", "basic", "token", "none"):
        found = signs(plan(method, (), (EXPIRED, REFUSED)))
        assert (found.told, found.ended, found.asks) == (True, (EXPIRED.place,), ())


@pytest.mark.parametrize(
    ("path", "alive", "marker", "shown"),
    [
        ("/start", True, False, "ready"),
        ("/start", False, False, "signed-off"),
        ("/search", True, False, "other"),  # deeper pages need not show the marker, and have fields too
        ("/notice", True, False, "other"),  # the entry knows it for something else
        ("/expired", False, False, "other"),
        ("/expired", False, True, "signed-off"),
        ("/start", False, True, "other"),  # its own word is waited for
    ],
)
def test_what_a_page_shows(path: str, alive: bool, marker: bool, shown: str) -> None:
    async def look() -> None:
        site = EndingSite()
        site.alive = alive
        page = PaperDriver({OWN: site}, (OWN,))
        await page.load(OWN + path)
        given = plan(markers=(READY, REFUSED, NOTICE, *((EXPIRED,) if marker else ())))
        assert await shows(page, signs(given)) == shown

    asyncio.run(look())


def test_the_fields_of_another_origin_are_no_logon_of_this_system() -> None:
    async def look() -> None:
        other = "https://other.example"
        page = PaperDriver({OWN: EndingSite(), other: EndingSite()}, (OWN,), visits=(other,))
        await page.load(f"{other}/logon")
        assert await shows(page, signs()) == "other"

    asyncio.run(look())


def test_a_provider_that_asks_is_a_federated_systems_logon() -> None:
    async def look() -> None:
        site, provider = EndingSite(federated=True), EndingProvider(OWN)
        page = PaperDriver({OWN: site, PROVIDER: provider}, (OWN,), visits=(PROVIDER,))
        given = signs(plan("federated", ()))
        await page.load(f"{OWN}/start")
        assert await shows(page, given) == "signed-off"
        provider.alive = True
        await page.load(f"{OWN}/start")
        assert await shows(page, given) == "ready"

    asyncio.run(look())


# --- while the officer looks


class Played:
    """A page of a system, and what happens in each pause of the look; after the last one the officer looks away."""

    def __init__(self) -> None:
        self.site = EndingSite()
        self.site.alive = True
        self.page = PaperDriver({OWN: self.site}, (OWN,))
        self.moves: list[Move] = []
        self.now = 100.0
        self.looks = 0

    async def look(self, given: LaunchPlan | None = None, *moves: Move, back: bool = False) -> bool | None:
        """Return what the look came to; None where it went on until the officer looked away."""
        self.moves = list(moves)
        await self.page.load(f"{OWN}/start")
        try:
            return await is_signed_off(self, signs(given), back=back, now=lambda: self.now, pause=self.pause)
        except asyncio.CancelledError:
            return None

    async def first_of(self, places: Sequence[Place], within_s: float) -> Seen | None:
        self.looks += 1
        return await self.page.first_of(places, within_s)

    def last_seen(self) -> str:
        return self.page.last_seen()

    def officer_acts(self) -> int:
        return self.page.officer_acts()

    async def pause(self, _: float) -> None:
        if not self.moves:
            raise asyncio.CancelledError
        await self.moves.pop(0)()

    # --- moves

    async def nothing(self) -> None:
        pass

    async def ended(self) -> None:
        """The session ends at the server; the page stands as it is."""
        self.site.alive = False

    async def reloads(self) -> None:
        """The page goes on by itself."""
        await self.page.load(f"{OWN}/start")

    async def clicks(self) -> None:
        """The officer presses a link of the page."""
        self.page.acts += 1
        await self.page.load(f"{OWN}/cell/3")

    async def types(self) -> None:
        """The officer presses a key."""
        self.page.acts += 1

    async def logs_off(self) -> None:
        """The officer logs off in the system."""
        self.page.acts += 1
        self.site.alive = False
        await self.page.load(f"{OWN}/start")

    async def expires(self) -> None:
        """The officer presses something, and is told."""
        self.page.acts += 1
        await self.page.load(f"{OWN}/expired")

    async def time_passes(self) -> None:
        self.now += RECENT_S


def played(*story: str, back: bool = False, given: LaunchPlan | None = None) -> tuple[bool | None, Played]:
    play = Played()
    return asyncio.run(play.look(given, *(getattr(play, name) for name in story), back=back)), play


TOLD = plan(markers=(READY, REFUSED, EXPIRED))


@pytest.mark.parametrize(
    ("story", "back", "comes_to"),
    [
        ("ended reloads nothing nothing", False, True),  # before the officer has done anything
        ("nothing nothing nothing", False, None),
        ("nothing time_passes nothing", False, False),
        ("logs_off nothing nothing", False, False),
        ("clicks nothing", False, False),
        ("ended clicks nothing nothing", False, False),  # that may have been anything
        # Back from a lock the first page they are led to tells.
        ("ended clicks nothing nothing", True, True),
        ("nothing time_passes nothing nothing ended clicks nothing nothing", True, True),
        ("types nothing ended clicks nothing nothing", True, True),
        ("clicks nothing nothing logs_off nothing nothing", True, False),
        ("time_passes nothing ended reloads nothing nothing", True, None),  # by itself, and nobody pressed anything
        ("ended reloads clicks nothing", True, True),
    ],
)
def test_while_the_officer_looks(story: str, back: bool, comes_to: bool | None) -> None:
    assert played(*story.split(), back=back)[0] is comes_to


@pytest.mark.parametrize(
    ("story", "comes_to"),
    [
        ("clicks nothing expires nothing nothing", True),
        ("time_passes nothing expires nothing nothing", True),
        ("logs_off nothing nothing", None),
    ],
)
def test_a_system_that_tells_is_believed_for_as_long_as_it_is_looked_at(story: str, comes_to: bool | None) -> None:
    assert played(*story.split(), given=TOLD)[0] is comes_to


def test_a_logon_that_is_only_passed_through_does_not_count() -> None:
    async def story() -> None:
        play = Played()

        async def passes() -> None:
            play.site.alive = True
            await play.page.load(f"{OWN}/start")

        # The second pause is the one in which the page would have to stay.
        came_to = await play.look(None, play.ended, play.reloads, passes, play.nothing)
        assert came_to is None

    asyncio.run(story())


def test_a_page_is_not_asked_while_nobody_acts() -> None:
    _, play = played("nothing", "time_passes", *["nothing"] * 50, back=True)
    assert play.looks == 2


def test_a_page_that_has_ended_has_not_signed_anybody_off() -> None:
    class Gone(Played):
        async def first_of(self, places: Sequence[Place], within_s: float) -> Seen | None:
            raise DriverGoneError("gone")

    assert asyncio.run(Gone().look(None, back=True)) is False
