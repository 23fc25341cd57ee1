"""The driver of the embedded browser keeps the contract."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from launcher.connectors.plan import WebTarget
from launcher.shell.surfaces import written_page
from launcher.shell.surfaces.web_surfaces import WebSurfaces
from tests.contract.drivers.contract import PageWalk
from tests.contract.drivers.engine_contract import EngineDriverContract
from tests.shell.engine_room import EngineRoom, engine_room


class TestBrowserDriver(EngineDriverContract):
    room: EngineRoom
    surfaces: WebSurfaces

    @pytest.fixture(autouse=True)
    def _engine(self, qapp: QApplication) -> Iterator[None]:
        with engine_room() as self.room:
            self.surfaces = WebSurfaces(self.room.bridge)
            yield
            self.surfaces.release_now()

    @pytest.fixture
    def in_vain(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(written_page, "FILL_WITHIN_S", 1.0)

    def drive_page(self, walk: PageWalk) -> None:
        async def run() -> None:
            target = WebTarget(f"{self.own}/logon", (self.own,), (), self.own)
            await walk(await self.surfaces.open_web("page", target, shown=True))

        self.room.run(run())
