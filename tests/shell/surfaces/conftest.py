"""Surfaces over a real browser engine, and small real sites for them to open."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication

from launcher.connectors.plan import WebTarget
from launcher.session.snapshot import ErrorView
from launcher.shell.surfaces.web_surface import WebSurface
from launcher.shell.surfaces.web_surfaces import WebSurfaces
from tests.shell.engine_room import EngineRoom, engine_room
from tests.shell.surfaces.site import Site, running_site


class Desk:
    """An engine room with surfaces, and the faults they showed."""

    def __init__(self, room: EngineRoom) -> None:
        self.room = room
        self.run = room.run
        self.start = room.start
        self.run_future = room.finish
        self.until = room.until
        self.surfaces = WebSurfaces(room.bridge)
        self.faults: list[ErrorView | None] = []
        self.surfaces.faulted.connect(lambda _, fault: self.faults.append(fault))

    def open(
        self, url: str, *origins: str, visits: tuple[str, ...] = (), token_origin: str = "", name: str = "page"
    ) -> WebSurface:
        """Open a surface for a target; nothing is loaded yet."""
        target = WebTarget(url, origins, visits, token_origin)
        surface = self.run(self.surfaces.open_web(name, target, shown=True))
        assert isinstance(surface, WebSurface)
        return surface


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[Desk]:
    with engine_room() as room:
        desk = Desk(room)
        yield desk
        desk.run(desk.surfaces.release())


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as running:
        yield running


@pytest.fixture
def new_site() -> Iterator[Callable[[], Site]]:
    """Further sites, each its own origin."""
    stack = []

    def another() -> Site:
        context = running_site()
        stack.append(context)
        return context.__enter__()

    yield another
    for context in reversed(stack):
        context.__exit__(None, None, None)
