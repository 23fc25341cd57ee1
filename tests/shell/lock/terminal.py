"""A whole window over a real browser, drawn from snapshots and driven by keys: what a locked terminal shows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from launcher.connectors.plan import WebTarget
from launcher.session.commands import Command
from launcher.session.snapshot import (
    CoverView,
    LockView,
    MethodView,
    OfficerView,
    OverView,
    ServiceView,
    SignInView,
    Snapshot,
    StationView,
)
from launcher.shell.surfaces.web_surfaces import WebSurfaces
from launcher.shell.window import Window
from launcher.sign_on.driver import WebDriver
from launcher.timings.boot_clock import boot_time_s
from tests.shell.engine_room import EngineRoom, engine_room
from tests.shell.look.seeing import settle
from tests.shell.surfaces.site import Site, running_site
from tests.shell.workspace.sample import SYSTEMS, launch

STATION = StationView("FD-02", "Front desk", "ext. 4100")
OFFICER = OfficerView("4471", "A. Okafor")
NEWCOMER = OfficerView("5120", "B. Lindqvist")
CARD = SignInView(methods=(MethodView("directory", "Name and password", "password"),), usual_ms=3000.0)
SERVICES = (ServiceView("directory", health="ready"),)
PAGE = (
    "<title>Cells</title><body style='margin:0;background:#ff00ff'>"
    "<input id=a autofocus style='width:400px;height:60px'><p>Cell block B</p><div style='height:4000px'></div>"
)
SECRET_COLOUR = (255, 0, 255)


def spare(**parts: object) -> Snapshot:
    return replace(Snapshot("spare", STATION, CARD, SERVICES), **parts)  # type: ignore[arg-type]


def working(*open_systems: str, **parts: object) -> Snapshot:
    """An officer at work, with systems that are ready."""
    launches = tuple(launch(one, "ready") for one in open_systems)
    whole: dict[str, object] = {
        "stage": "signed-in",
        "officer": OFFICER,
        "systems": SYSTEMS,
        "my_systems": tuple(system.id for system in SYSTEMS),
        "launches": launches,
        "tabs": open_systems,
        **parts,
    }
    return replace(Snapshot("spare", STATION, CARD, SERVICES), **whole)  # type: ignore[arg-type]


def lock_view(**parts: object) -> LockView:
    whole: dict[str, object] = {"since": time.time() - 190, "why": "asked", **parts}
    return LockView(**whole)  # type: ignore[arg-type]


def with_pin(**parts: object) -> LockView:
    return lock_view(**{"pin": True, "pin_until": boot_time_s() + 252, "tries_left": 3, **parts})


def over_view(**parts: object) -> OverView:
    whole: dict[str, object] = {
        "number": "4471",
        "name": "A. Okafor",
        "since": time.time() - 190,
        "grace_until": boot_time_s() + 110,
        "systems": 5,
        "unsaved": 1,
        "running": 2,
        "ends_within_s": 8.0,
        **parts,
    }
    return OverView(**whole)  # type: ignore[arg-type]


def cover_view(**parts: object) -> CoverView:
    return CoverView("4471", "A. Okafor", boot_time_s() - 12, 5, 8.0, **parts)  # type: ignore[arg-type]


class Terminal:
    """A window, its commands, and a browser behind it."""

    def __init__(self, room: EngineRoom, site: Site, size: tuple[int, int] = (1280, 800)) -> None:
        self.room, self.site = room, site
        self.commands: list[Command] = []
        self.window = Window(self.commands.append, fullscreen=False)
        self.surfaces = WebSurfaces(room.bridge)
        self.window.lend(self.surfaces)
        self.size = size

    def draw(self, picture: Snapshot) -> None:
        """Draw a picture, and let everything happen."""
        self.window.draw(picture)
        self.window.resize(*self.size)
        settle()

    def log_on(self, picture: Snapshot) -> None:
        """Come from the sign-in screen to the work."""
        self.draw(spare())
        self.draw(spare(stage="signing-in"))
        self.draw(picture)
        self.activate()

    def open(self, surface: str) -> WebDriver:
        """Open a real page as a system's surface."""
        self.site.pages["/"] = PAGE
        target = WebTarget(self.site["/"], (self.site.origin,))
        driver = self.room.run(self.surfaces.open_web(surface, target, shown=True))
        self.room.run(driver.load(self.site["/"]))
        return driver

    def told(self, kind: type[Command]) -> list[Command]:
        return [command for command in self.commands if isinstance(command, kind)]

    def until_told(self, kind: type[Command], count: int = 1) -> None:
        self.room.until(lambda: len(self.told(kind)) >= count)

    def until(self, holds: Callable[[], object]) -> None:
        self.room.until(holds)

    def focused(self) -> QWidget:
        focused = QApplication.focusWidget()
        assert focused is not None
        return focused

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.activate()
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)
        settle()

    def activate(self) -> None:
        """Give the window the keys: offscreen no window manager does when another one has gone."""
        if QApplication.activeWindow() is None:
            self.window.activateWindow()
            self.until(self.window.isActiveWindow)

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focused(), text)
        settle()

    def seen(self) -> QImage:
        """The window as it is painted now."""
        return self.window.grab().toImage()

    def others(self) -> list[QWidget]:
        """The visible windows of the application that are not this one."""
        return [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not self.window]


def shows(image: QImage, colour: tuple[int, int, int] = SECRET_COLOUR) -> bool:
    """Say whether any of every few pixels has the page's own colour."""
    return any(
        image.pixelColor(x, y) == QColor(*colour)
        for y in range(0, image.height(), 7)
        for x in range(0, image.width(), 7)
    )


@contextmanager
def terminal(size: tuple[int, int] = (1280, 800)) -> Iterator[Terminal]:
    """A terminal, cleared away with the block."""
    with engine_room() as room, running_site("localhost") as site:
        one = Terminal(room, site, size)
        try:
            yield one
        finally:
            one.surfaces.release_now()
            one.window.close_for_good()
            one.window.deleteLater()
            settle()
