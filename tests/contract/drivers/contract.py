"""What every driver of the step language keeps; a test class of each implementation inherits it.

A subclass says how a walk is run against its kind of driver (:meth:`DriverContract.drive`) and which places it is on. A
walk is a coroutine function that gets the driver, after the page or program of the scene is in front; it runs on the
engine's loop, whatever that is for the implementation.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass

import pytest

from launcher.errors import LauncherError
from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.sign_on.driver import DocumentNow, Driver, FieldFault, SystemUnreachableError, WebDriver, WrongOriginError
from tests.contract.drivers.site import CALLBACK, NAME, PASSWORD, TOKEN, Request, Site, served

LONG_S, SHORT_S = 20.0, 0.2


@dataclass(frozen=True)
class Scene:
    """A logon that a driver is in front of: places by what they show, and how it is filled and sent."""

    here: Place
    also_here: Place
    nowhere: Place
    name_field: str
    password_field: str
    control: str
    key: str
    accepted: Place
    refused: Place
    right: tuple[str, str]


DriverWalk = Callable[[Driver], Awaitable[None]]
PageWalk = Callable[[WebDriver], Awaitable[None]]


class DriverContract(ABC):
    """Looks, fills and presses."""

    @pytest.fixture
    @abstractmethod
    def scene(self) -> Scene | Iterator[Scene]:
        """Return the scene; the driver that :meth:`drive` gives is in front of it."""

    @abstractmethod
    def drive(self, walk: DriverWalk) -> None:
        """Run a walk against a fresh driver in front of the scene, to its end; what it raises comes out."""

    def test_a_place_that_is_there_is_seen_at_once(self, scene: Scene) -> None:
        async def walk(driver: Driver) -> None:
            seen = await driver.first_of([scene.nowhere, scene.here], LONG_S)
            assert seen is not None
            assert seen.index == 1

        self.drive(walk)

    def test_of_several_places_the_first_in_the_list_counts(self, scene: Scene) -> None:
        async def walk(driver: Driver) -> None:
            assert await driver.first_of([scene.here], LONG_S) is not None
            for places in ([scene.here, scene.also_here], [scene.also_here, scene.here]):
                seen = await driver.first_of(places, LONG_S)
                assert seen is not None
                assert seen.index == 0

        self.drive(walk)

    def test_a_place_that_is_not_there_is_none_at_the_deadline(self, scene: Scene) -> None:
        async def walk(driver: Driver) -> None:
            assert await driver.first_of([scene.nowhere], SHORT_S) is None
            assert await driver.first_of([scene.nowhere], 0.0) is None
            assert await driver.first_of([], 0.0) is None

        self.drive(walk)

    def test_a_look_of_no_time_sees_what_is_there(self, scene: Scene) -> None:
        async def walk(driver: Driver) -> None:
            assert await driver.first_of([scene.here], LONG_S) is not None
            assert await driver.first_of([scene.here], 0.0) is not None

        self.drive(walk)

    def test_the_right_name_and_password_are_accepted(self, scene: Scene) -> None:
        async def walk(driver: Driver) -> None:
            await self.log_on(driver, scene, scene.right[1])
            seen = await driver.first_of([scene.refused, scene.accepted], LONG_S)
            assert seen is not None
            assert seen.index == 1

        self.drive(walk)

    def test_a_wrong_password_is_refused(self, scene: Scene) -> None:
        async def walk(driver: Driver) -> None:
            await self.log_on(driver, scene, "wrong")
            seen = await driver.first_of([scene.refused, scene.accepted], LONG_S)
            assert seen is not None
            assert seen.index == 0

        self.drive(walk)

    def test_what_was_last_seen_is_words_and_no_secret(self, scene: Scene) -> None:
        async def walk(driver: Driver) -> None:
            await self.log_on(driver, scene, scene.right[1])
            assert await driver.first_of([scene.accepted], LONG_S) is not None
            assert driver.last_seen()
            assert scene.right[1] not in driver.last_seen()

        self.drive(walk)

    async def log_on(self, driver: Driver, scene: Scene, password: str) -> None:
        """Fill the scene's logon and send it."""
        assert await driver.first_of([scene.here], LONG_S) is not None
        await driver.fill(scene.name_field, Secret(scene.right[0]))
        await driver.fill(scene.password_field, Secret(password), hides=True)
        if scene.control or scene.key:
            await driver.press(scene.control, scene.key)


class WebDriverContract(DriverContract):
    """What only pages have, against a real server of two origins; ``own`` is filled, ``other`` may not be visited."""

    own: str
    other: str
    site: Site
    other_site: Site

    @pytest.fixture(autouse=True)
    def _sites(self) -> Iterator[None]:
        with ExitStack() as serving:
            self.other_site = Site()
            self.other = serving.enter_context(served(self.other_site))
            self.site = Site(self.other)
            self.own = serving.enter_context(served(self.site))
            yield

    @pytest.fixture
    def scene(self) -> Scene:
        return Scene(
            here=Place(selector="#logon"),
            also_here=Place(selector="#go", text="Log on"),
            nowhere=Place(selector="#main"),
            name_field="#name",
            password_field="#password",
            control="#go",
            key="",
            accepted=Place(selector="#main", text="Welcome"),
            refused=Place(selector=".refused"),
            right=(NAME, PASSWORD),
        )

    @pytest.fixture
    def in_vain(self) -> None:
        """Make the driver give up soon, for walks that wait for a field in vain."""

    @abstractmethod
    def drive_page(self, walk: PageWalk) -> None:
        """Run a walk against a fresh page: origins and token origin ``own``, no visits, nothing loaded yet."""

    def drive(self, walk: DriverWalk) -> None:
        async def loaded(driver: WebDriver) -> None:
            await driver.load(f"{self.own}/logon")
            await walk(driver)

        self.drive_page(loaded)

    def test_a_page_is_there_once_it_is_loaded(self) -> None:
        async def walk(driver: WebDriver) -> None:
            await driver.load(f"{self.own}/main")
            for place in (
                Place(url=f"{self.own}/main"),
                Place(text="Welcome alice"),
                Place(selector="h1", text="Welcome", url=self.own),
                Place(selector="#main", absent="#unseen"),
            ):
                assert await driver.first_of([place], LONG_S) is not None, place

        self.drive_page(walk)

    def test_all_that_a_place_names_must_hold(self) -> None:
        async def walk(driver: WebDriver) -> None:
            await driver.load(f"{self.own}/main")
            assert await driver.first_of([Place(selector="#main")], LONG_S) is not None
            for place in (
                Place(selector="#main", text="Farewell"),
                Place(selector="#main", url=f"{self.own}/logon"),
                Place(selector="#unseen"),
                Place(text="unseen words"),
                Place(selector="#main", absent="h1"),
                Place(url=f"{self.own}/main", absent="#main"),
            ):
                assert await driver.first_of([place], SHORT_S) is None, place

        self.drive_page(walk)

    def test_what_comes_late_is_waited_for(self) -> None:
        async def walk(driver: WebDriver) -> None:
            await driver.load(f"{self.own}/late")
            assert await driver.first_of([Place(selector="#late", text="late words")], LONG_S) is not None

        self.drive_page(walk)

    @pytest.mark.usefixtures("in_vain")
    @pytest.mark.parametrize(("path", "field"), [("/main", "#name"), ("/fixed", "#fixed"), ("/fixed", "#off")])
    def test_a_field_that_is_missing_or_takes_nothing_is_said(self, path: str, field: str) -> None:
        async def walk(driver: WebDriver) -> None:
            await driver.load(f"{self.own}{path}")
            with pytest.raises(FieldFault):
                await driver.fill(field, Secret(PASSWORD))

        self.drive_page(walk)

    @pytest.mark.usefixtures("in_vain")
    def test_a_password_is_not_filled_where_it_would_show(self) -> None:
        async def walk(driver: WebDriver) -> None:
            await driver.load(f"{self.own}/logon")
            with pytest.raises(FieldFault):
                await driver.fill("#name", Secret(PASSWORD), hides=True)

        self.drive_page(walk)

    @pytest.mark.usefixtures("in_vain")
    def test_a_control_that_is_missing_is_said(self) -> None:
        async def walk(driver: WebDriver) -> None:
            await driver.load(f"{self.own}/main")
            with pytest.raises(FieldFault):
                await driver.press("#go", "")

        self.drive_page(walk)

    def test_a_page_of_another_origin_that_looks_like_the_logon_gets_nothing(self) -> None:
        async def walk(driver: WebDriver) -> None:
            async def go_and_fill() -> None:
                await driver.load(f"{self.own}/elsewhere")  # most drivers refuse to go there already
                await driver.fill("#password", Secret(PASSWORD))

            with pytest.raises(WrongOriginError):
                await go_and_fill()

        self.drive_page(walk)
        assert self.other_site.passwords == []

    def test_each_document_has_an_id_of_its_own_and_words_that_can_be_seen(self) -> None:
        async def walk(driver: WebDriver) -> None:
            await driver.load(f"{self.own}/main")
            first = await driver.document_now("#main")
            assert (bool(first.id), first.words) == (True, "Welcome alice")
            assert await driver.document_now() == DocumentNow(first.id)
            for none in ("#unseen", "#not-there"):
                assert (await driver.document_now(none)).words == ""
            await driver.load(f"{self.own}/main")
            assert (await driver.document_now()).id not in ("", first.id)

        self.drive_page(walk)

    def test_a_host_that_takes_no_connection_is_unreachable(self) -> None:
        with served(Site()) as gone:
            pass

        async def walk(driver: WebDriver) -> None:
            with pytest.raises(LauncherError) as refused:
                await driver.load(f"{gone}/logon")
            assert isinstance(refused.value, SystemUnreachableError | WrongOriginError)

        self.drive_page(walk)

    def test_a_basic_challenge_is_answered_once_and_accepted(self) -> None:
        async def walk(driver: WebDriver) -> None:
            driver.answer_basic(NAME, Secret(PASSWORD))
            await driver.load(f"{self.own}/basic")
            assert await driver.first_of([Place(selector="#main")], LONG_S) is not None
            assert not driver.basic_refused()

        self.drive_page(walk)
        assert self.site.passwords == [PASSWORD]

    def test_a_refused_basic_answer_is_sent_once_and_said(self) -> None:
        async def walk(driver: WebDriver) -> None:
            driver.answer_basic(NAME, Secret("wrong"))
            with suppress(LauncherError):  # a driver may say that the page did not come
                await driver.load(f"{self.own}/basic")
            assert driver.basic_refused()

        self.drive_page(walk)
        assert self.site.passwords == ["wrong"]

    def test_a_token_is_on_fetches_and_never_on_navigations(self) -> None:
        async def walk(driver: WebDriver) -> None:
            driver.carry_token(Secret(TOKEN))
            await driver.load(f"{self.own}/api-page")
            assert await driver.first_of([Place(selector="#row"), Place(selector="#no-row")], LONG_S) is not None
            assert await driver.first_of([Place(selector="#row")], 0.0) is not None

        self.drive_page(walk)
        navigation = _last(self.site, "/api-page")
        assert "authorization" not in navigation.headers
        assert _last(self.site, "/data").headers["authorization"] == f"Bearer {TOKEN}"

    def test_a_navigation_to_the_callback_is_taken_and_not_carried_out(self) -> None:
        async def walk(driver: WebDriver) -> None:
            coming = asyncio.create_task(driver.callback(CALLBACK, LONG_S))
            with suppress(LauncherError):  # the page that was asked for never comes
                await driver.load(f"{self.own}/away")
            assert await coming == f"{CALLBACK}?code=1&state=2"

        self.drive_page(walk)

    def test_a_callback_that_does_not_come_is_none(self) -> None:
        async def walk(driver: WebDriver) -> None:
            assert await driver.callback(CALLBACK, SHORT_S) is None

        self.drive_page(walk)

    def test_what_the_driver_does_is_not_the_officers_act(self, scene: Scene) -> None:
        async def walk(driver: WebDriver) -> None:
            await driver.load(f"{self.own}/logon")
            await self.log_on(driver, scene, PASSWORD)
            assert await driver.first_of([scene.accepted], LONG_S) is not None
            assert driver.officer_acts() == 0
            assert not driver.officer_typed_hidden()

        self.drive_page(walk)


def _last(site: Site, path: str) -> Request:
    return [request for request in site.requests if request.path == path][-1]
