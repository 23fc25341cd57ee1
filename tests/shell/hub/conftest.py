"""Every screen begins in the plain look, at a terminal that nobody was told of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from launcher.shell.look import Look, current, dress, telling
from tests.shell.lock.terminal import spare


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    dress(qapp, Look())
    yield
    current().wear(Look())
    telling().draw(spare())
