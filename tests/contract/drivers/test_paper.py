"""The paper driver keeps the contract."""

from __future__ import annotations

import asyncio

from tests.contract.drivers.contract import PageWalk, WebDriverContract
from tests.contract.drivers.paper import PaperDriver


class TestPaperDriver(WebDriverContract):
    def drive_page(self, walk: PageWalk) -> None:
        async def run() -> None:
            sites = {self.own: self.site, self.other: self.other_site}
            await walk(PaperDriver(sites, [self.own], token_origin=self.own))

        asyncio.run(run())
