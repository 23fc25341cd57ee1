"""A launchpad in the real frame, with a shift's systems."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from launcher.session.snapshot import (
    ErrorView,
    LaunchState,
    LaunchView,
    Needs,
    OfficerView,
    SignInView,
    Snapshot,
    StationView,
    SystemView,
)
from launcher.shell.frame import Frame
from launcher.shell.launchpad import Launchpad
from launcher.shell.look import Look, current, dress
from tests.shell.look.seeing import settle

SYSTEMS = (
    SystemView("custody", "Custody Record", "Custody", "web", "steel", "keyhole", usual_ms=4000),
    SystemView("crime", "Crime Recording", "Crime", "web", "clay", usual_ms=6000),
    SystemView("missing", "Missing Persons Register", "Crime", "web", "plum", "binoculars", usual_ms=3000),
    SystemView("incident", "Incident Response Desk", "Response", "terminal", "sea", "siren", usual_ms=2000),
    SystemView("firearms", "Firearms Register", "Firearms", "web", "plum", usual_ms=12000),
    SystemView(
        "vehicle", "Vehicle Records", "Roads", "terminal", "moss", "car", ("PNC",), usual_ms=40000, health="degraded"
    ),
    SystemView(
        "forensic", "Forensic Results", "Forensics", "web", "slate", "fingerprint", usual_ms=5000, health="offline"
    ),
    SystemView("plates", "Number Plate Recognition", "Roads", "web", "moss", usual_ms=5000, health="unknown"),
    SystemView("files", "Case File Preparation", "Justice", "program", "steel", on_demand=True, usual_ms=7000),
    SystemView("fresh", "Fresh Ledger", "Estate", "web", "slate", on_demand=True),
)
MINE = ("crime", "custody", "missing")

HOME = Snapshot(
    "signed-in",
    StationView("FD-02", "Front desk", "ext. 4100"),
    SignInView(()),
    officer=OfficerView("4471", "A. Okafor"),
    systems=SYSTEMS,
    my_systems=MINE,
    favourites=frozenset({"files"}),
)


def launch(
    system: str,
    state: LaunchState,
    *,
    ago_s: float = 0.0,
    took_ms: float | None = None,
    needs: Needs = "",
    error: ErrorView | None = None,
) -> LaunchView:
    """Return a launch that began ``ago_s`` ago."""
    return LaunchView(system, state, time.monotonic() - ago_s, took_ms, needs=needs, error=error)


def with_launches(*launches: LaunchView, snapshot: Snapshot = HOME) -> Snapshot:
    """Return the snapshot with these launches."""
    return replace(snapshot, launches=launches, tabs=tuple(each.system for each in launches))


class Desk:
    """A frame with its launchpad, and what the officer did."""

    def __init__(self) -> None:
        self.frame = Frame()
        self.pad = Launchpad(self.frame.top_bar.search.edit)
        self.frame.pages.addWidget(self.pad)
        self.commands: list[object] = []
        self.helps: list[str] = []
        self.pad.command.connect(self.commands.append)
        self.pad.help_wanted.connect(self.helps.append)

    @property
    def search(self) -> str:
        """What stands in the search field."""
        return self.pad.search.text()

    def draw(self, snapshot: Snapshot) -> None:
        """Draw a snapshot as the window does."""
        self.pad.draw(snapshot)
        self.frame.draw(snapshot, self.pad.shown_loudly)
        settle()

    def show(self, snapshot: Snapshot = HOME, size: tuple[int, int] = (1280, 800)) -> None:
        """Show the window with a snapshot, as after the sign-in."""
        self.frame.resize(*size)
        self.frame.show()
        self.frame.activateWindow()
        self.draw(snapshot)
        self.pad.focus_first()
        settle()
        self.commands.clear()

    def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        QTest.keyClicks(self.focus(), text)
        settle()

    def press(self, *keys: Qt.Key, ctrl: bool = False) -> None:
        """Press keys on whatever has the focus."""
        for key in keys:
            modifier = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
            QTest.keyClick(self.focus(), key, modifier)
            settle()

    def focus(self) -> object:
        """Return what has the focus."""
        return QApplication.focusWidget() or self.frame

    def names(self) -> list[str]:
        """Return the names shown, in order."""
        return [self.pad.model.tile(row).system.name for row in range(self.pad.model.rowCount())]

    def current(self) -> str:
        """Return the id of the current tile, empty when there is none."""
        row = self.pad.view.current_row
        return self.pad.model.tile(row).id if row >= 0 else ""


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    dress(qapp, Look())
    yield
    current().wear(Look())


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    """A desk that is shown by the test."""
    made = Desk()
    qtbot.addWidget(made.frame)
    return made
