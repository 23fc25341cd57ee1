"""The driver of the managed browser keeps the contract, with Debian's Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from launcher.shell.surfaces.managed import page as managed_page
from launcher.shell.surfaces.managed.browser import ManagedBrowser
from launcher.shell.surfaces.managed.page import ManagedPage
from launcher.shell.surfaces.origins import Bounds
from tests.contract.drivers.contract import PageWalk, WebDriverContract
from tests.servers import chromium


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[chromium.Room, ManagedBrowser]]:
    if (lacks := chromium.missing()) is not None:
        pytest.skip(f"needs chromium: {lacks}")
    with chromium.running_chromium() as running:
        yield running


class TestManagedBrowserDriver(WebDriverContract):
    room: chromium.Room
    browser: ManagedBrowser

    @pytest.fixture(autouse=True)
    def _room(self, running: tuple[chromium.Room, ManagedBrowser], monkeypatch: pytest.MonkeyPatch) -> None:
        self.room, self.browser = running
        monkeypatch.setattr(managed_page, "FILL_WITHIN_S", 0.5)  # half of these walks wait it out

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
