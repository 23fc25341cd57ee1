from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication

from launcher.shell.look import Look, current, dress
from tests.shell.helpdesk.seen import Seen


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    dress(qapp, Look())
    yield
    current().wear(Look())


@pytest.fixture(scope="module")
def shown_page(qapp: QApplication) -> Iterator[Seen]:
    """One page for all tests: making it takes longer than what most of them do."""
    dress(qapp, Look())
    seen = Seen()
    yield seen
    seen.frame.close()
    shiboken6.delete(seen.frame)  # one that lives on, hidden, would still be a window of the tests after these


@pytest.fixture
def seen(shown_page: Seen) -> Seen:
    """The page as nobody has used it."""
    shown_page.reset()
    return shown_page
