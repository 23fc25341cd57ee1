"""A frame with a workspace, over a real browser."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from launcher.connectors.plan import WebTarget
from launcher.session.snapshot import Snapshot
from launcher.shell.frame import Frame
from launcher.shell.surfaces.web_surfaces import WebSurfaces
from launcher.shell.workspace import Workspace
from launcher.shell.workspace.tab_page import Face, TabPage
from launcher.sign_on.driver import WebDriver
from tests.shell.engine_room import EngineRoom
from tests.shell.look.seeing import settle
from tests.shell.surfaces.site import Site
from tests.shell.workspace.sample import launch, phases, snapshot

PAGE = "<title>Cells</title><body style='margin:0'><input id=a style='width:400px;height:60px'><p>Cell block B</p>"
RUNNING = phases(("queue", 0, 250), ("reach", 300, 300), ("load", 700, None))


class Desk:
    """A frame with a workspace, over surfaces in an engine room."""

    def __init__(self, room: EngineRoom, site: Site) -> None:
        self.room, self.site = room, site
        self.surfaces = WebSurfaces(room.bridge)
        self.frame = Frame()
        self.work = Workspace(self.surfaces)
        self.other = QWidget()
        self.frame.pages.addWidget(self.other)
        self.frame.pages.addWidget(self.work)
        self.frame.pages.setCurrentWidget(self.work)
        self.commands: list[object] = []
        self.help: list[str] = []
        self.timings = 0
        self.work.command.connect(self.commands.append)
        self.work.help_wanted.connect(self.help.append)
        self.work.timings_wanted.connect(self._count)
        self.work.host_has_keys.connect(self.frame.show_host_keys)
        self.frame.resize(1280, 800)
        self.frame.show()
        self.frame.activateWindow()
        QTest.qWaitForWindowActive(self.frame)

    def _count(self) -> None:
        self.timings += 1

    def page(self, system: str) -> TabPage:
        page = self.work.page_of(system)
        assert page is not None
        return page

    def face(self, system: str) -> Face:
        return self.page(system).faces.front

    def draw(self, picture: Snapshot, show: str = "") -> None:
        self.work.draw(picture)
        if show:
            self.work.show_system(show)
        settle()

    def open(self, surface: str = "custody") -> WebDriver:
        self.site.pages["/"] = PAGE
        target = WebTarget(self.site["/"], (self.site.origin,))
        driver = self.room.run(self.surfaces.open_web(surface, target, shown=True))
        self.room.run(driver.load(self.site["/"]))
        return driver

    def focus(self) -> QWidget:
        focused = QApplication.focusWidget()
        assert focused is not None
        return focused

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.ControlModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.frame, key, modifier)
        settle()


def several(*states: str) -> Snapshot:
    names = ("custody", "crime", "missing", "incident", "firearms", "warrants")
    return snapshot(*(launch(name, state, surface="") for name, state in zip(names, states, strict=False)))
