from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from launcher.shell.look import Look, current, dress
from tests.shell.engine_room import engine_room
from tests.shell.surfaces.site import running_site
from tests.shell.workspace.desk import Desk


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    dress(qapp, Look())
    yield
    current().wear(Look())


@pytest.fixture
def desk(dressed: None) -> Iterator[Desk]:
    with engine_room() as room, running_site("localhost") as site:
        desk = Desk(room, site)
        yield desk
        desk.surfaces.release_now()
        desk.frame.close()
