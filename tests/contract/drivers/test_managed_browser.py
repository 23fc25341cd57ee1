"""The driver of the managed browser keeps the contract, with Debian's Chromium."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import pytest

from launcher.connectors.plan import Permission
from launcher.errors import LauncherError
from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.shell.surfaces.managed import page as managed_page
from launcher.shell.surfaces.managed.browser import ManagedBrowser
from launcher.shell.surfaces.managed.page import ManagedPage
from launcher.shell.surfaces.origins import Bounds
from launcher.sign_on.driver import PageAsksError, SystemCertificateRefusedError, WebDriver
from tests.contract.drivers.contract import LONG_S, PageWalk
from tests.contract.drivers.engine_contract import FORM, EngineDriverContract
from tests.contract.drivers.site import PASSWORD
from tests.servers import chromium
from tests.servers.certificates import Certificates
from tests.shell.surfaces.site import running_site


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[chromium.Room, ManagedBrowser]]:
    if (lacks := chromium.missing()) is not None:
        pytest.skip(f"needs chromium: {lacks}")
    with chromium.running_chromium() as running:
        yield running


class TestManagedBrowserDriver(EngineDriverContract):
    room: chromium.Room
    browser: ManagedBrowser

    @pytest.fixture(autouse=True)
    def _room(self, running: tuple[chromium.Room, ManagedBrowser]) -> None:
        self.room, self.browser = running

    @pytest.fixture
    def in_vain(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(managed_page, "FILL_WITHIN_S", 1.0)

    def drive_page(self, walk: PageWalk) -> None:
        async def run() -> None:
            own = frozenset([self.own])
            page = ManagedPage(self.browser.line, Bounds(own, own, self.own))
            await page.begin()
            try:
                await walk(page)
            finally:
                await page.end()
                await self.browser.line.ask("Page.navigate", {"url": "about:blank"})

        self.room.run(run())

    def test_loading_again_what_a_logon_has_answered_sends_no_password(self) -> None:
        self.site.pages |= {"/form": FORM, "/taken": '<p id="anew">Asked anew</p>'}

        async def walk(page: WebDriver) -> None:
            assert isinstance(page, ManagedPage)
            await page.load(f"{self.own}/form")
            await page.fill("#password", Secret(PASSWORD), hides=True)
            await page.press("#go", "")
            assert await page.first_of([Place(selector="#taken")], LONG_S) is not None
            page.reload()
            assert await page.first_of([Place(selector="#anew")], LONG_S) is not None

        self.drive_page(walk)
        assert self.site.passwords == [PASSWORD]

    @pytest.mark.parametrize("when", ["as it comes", "pressed"])
    def test_what_the_page_asks_in_a_window_of_its_own_is_said_and_waited_for(self, when: str) -> None:
        asks = "there.textContent = 'said ' + confirm('For police purposes only.')"
        comes = f"<script>onload = () => setTimeout(() => {{ {asks} }})</script>" if when != "pressed" else ""
        self.site.pages["/law"] = f'<p id="there">-</p><button id="go" onclick="{asks}">go</button>{comes}'
        there = [Place(selector="#there", text="said true")]

        async def walk(page: WebDriver) -> None:
            assert isinstance(page, ManagedPage)
            with suppress(PageAsksError):
                await page.load(f"{self.own}/law")
            if when == "pressed":
                await page.press("#go", "")  # it asks because it was pressed: that is done
            with pytest.raises(PageAsksError) as caught:
                await page.first_of(there, 60 * LONG_S, or_fault=True)
            assert caught.value.says == "For police purposes only."
            for act in (page.press("#go", ""), page.fill("#go", Secret("x"))):
                with pytest.raises(PageAsksError):
                    await act
            waiting = asyncio.create_task(page.answered())
            await asyncio.wait({waiting}, timeout=0.1)
            assert not waiting.done()
            await self.browser.line.ask("Page.handleJavaScriptDialog", {"accept": True})
            await waiting
            assert await page.first_of(there, LONG_S, or_fault=True) is not None

        self.drive_page(walk)

    def test_what_a_page_has_sent_by_itself_is_not_given_it_again_after_what_it_asks(self) -> None:
        self.site.pages["/self"] = """<input id="password" type="password"><p id="sent">0</p><script>
        document.getElementById("password").onchange = () => {
          document.getElementById("sent").textContent++;
          alert("No.");
        }</script>"""
        sent = [Place(selector="#sent", text="1")]

        async def walk(page: WebDriver) -> None:
            await page.load(f"{self.own}/self")
            await page.fill("#password", Secret(PASSWORD), hides=True, sends=True)
            with pytest.raises(PageAsksError):
                await page.first_of(sent, 60 * LONG_S, or_fault=True)
            await self.browser.line.ask("Page.handleJavaScriptDialog", {"accept": True})
            await page.answered()
            assert await page.first_of(sent, LONG_S) is not None

        self.drive_page(walk)

    @pytest.mark.parametrize(("given", "state"), [((), "denied"), (("location",), "granted")])
    def test_a_page_has_of_the_computer_what_its_entry_and_the_policy_let_it_and_nothing_else(
        self, given: tuple[Permission, ...], state: str
    ) -> None:
        self.site.pages["/asks"] = """<p id="state"></p><script>
        navigator.geolocation.getCurrentPosition(() => {}, () => {});
        navigator.permissions.query({ name: "geolocation" }).then((asked) => {
          const say = () => { document.getElementById("state").textContent = asked.state };
          asked.onchange = say; say(); });</script>"""

        async def run() -> None:
            own = frozenset([self.own])
            page = ManagedPage(self.browser.line, Bounds(own, own, permissions=frozenset(given)))
            await page.begin()
            await page.load(f"{self.own}/asks")
            assert await page.first_of([Place(selector="#state", text=state)], LONG_S) is not None
            await page.end()

        self.room.run(run())

    def met_fault(self, bounds: Bounds, path: str) -> str:
        """Load a page, press its link, and return the reference of the fault that comes of it."""

        async def run() -> str:
            faults: asyncio.Queue[LauncherError | None] = asyncio.Queue()
            page = ManagedPage(self.browser.line, bounds, faulted=faults.put_nowait)
            await page.begin()
            try:
                await page.load(f"{self.own}{path}")
                await page.press("#on", "")
                async with asyncio.timeout(LONG_S):
                    fault = await faults.get()
                assert fault is not None
                return fault.reference
            finally:
                await page.end()
                await self.browser.line.ask("Page.navigate", {"url": "about:blank"})

        return self.room.run(run())

    def test_no_file_is_saved_where_policy_has_none(self) -> None:
        self.site.pages["/gives"] = """<a id="on" download="Report.txt" href="data:text/plain,words">get</a>"""
        own = frozenset([self.own])
        assert self.met_fault(Bounds(own, own), "/gives") == "download-refused"
        assert list(self.browser.downloads.iterdir()) == []

    def test_a_bad_certificate_is_a_refusal_and_not_the_browsers_own_page(self, certificates: Certificates) -> None:
        with running_site("localhost", certificates.untrusted.server_context()) as bad:
            self.site.pages["/leads"] = f'<a id="on" href="{bad["/"]}">on</a>'
            own = frozenset([self.own])
            bounds = Bounds(own, own | {bad.origin})
            assert self.met_fault(bounds, "/leads") == "system-certificate-refused"

            async def run() -> None:
                page = ManagedPage(self.browser.line, bounds)
                await page.begin()
                with pytest.raises(SystemCertificateRefusedError):
                    await page.load(bad["/"])
                await page.end()

            self.room.run(run())
            assert bad.asked == []
