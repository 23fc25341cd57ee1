"""A view in a window that has the focus, over a real engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from launcher.shell.look import Look, current, dress
from launcher.shell.surfaces.terminal import TerminalView
from tests.shell.look.seeing import settle
from tests.shell.surfaces.terminal.feeds import DirectFeed
from tests.shell.surfaces.terminal.samples import engine_3270, logon


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    dress(qapp, Look())
    yield
    current().wear(Look())


@pytest.fixture
def view(dressed: None) -> Iterator[TerminalView]:
    """A view in a window of its own, with the keys."""
    window = QWidget()
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    view = TerminalView()
    column.addWidget(view)
    window.resize(1000, 640)
    window.show()
    window.activateWindow()
    view.setFocus()
    settle()
    yield view
    window.close()
    window.deleteLater()
    settle()


@pytest.fixture
def on_3270(view: TerminalView) -> DirectFeed:
    """A 3270 that shows a logon screen, the cursor in its first field."""
    feed = DirectFeed(engine_3270(logon()), view)
    settle()
    return feed


@pytest.fixture
def on_vt(view: TerminalView) -> DirectFeed:
    """A shell's terminal as large as its room."""
    from launcher.terminal.vt.choice import vt_engine

    feed = DirectFeed(vt_engine(24, 80), view)
    view.area.fit()
    settle()
    return feed
