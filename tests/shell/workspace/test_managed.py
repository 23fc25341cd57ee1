"""The tab of a system in an installed browser: where its window is, and the way on once that has ended."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from launcher.connectors.plan import InstalledBrowser, WebTarget
from launcher.session.commands import RetrySystem
from launcher.shell.look import Look, Menu, current
from launcher.shell.surfaces.managed.system import ManagedSystem
from launcher.shell.workspace.files_panel import FilesPanel
from launcher.shell.workspace.tab_page import Face
from tests.servers import chromium
from tests.shell.look.seeing import cut_texts, nameless, settle, too_small
from tests.shell.workspace.desk import Desk
from tests.shell.workspace.sample import launch, snapshot

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def opened(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The first process of its browser."""
    if (lacks := chromium.missing()) is not None:
        pytest.skip(f"needs chromium: {lacks}")
    with tempfile.TemporaryDirectory() as home:
        monkeypatch.setattr("tempfile.tempdir", home)
        target = WebTarget(desk.site["/"], (desk.site.origin,), managed=InstalledBrowser(("chromium",)))
        driver = desk.room.run(desk.surfaces.open_web("custody", target, shown=True))
        desk.room.run(driver.load(desk.site["/"]))
        desk.draw(snapshot(launch("custody", "ready")), "custody")
        system = desk.surfaces._systems["custody"]
        assert isinstance(system, ManagedSystem)
        yield system.pid
        desk.room.run(desk.surfaces.close("custody"))


def test_its_tab_says_where_it_is_and_offers_to_open_it_anew_once_it_has_ended(desk: Desk, opened: int) -> None:
    assert desk.face("custody") is Face.PAGE
    for size in (1.0, 2.0):
        current().wear(Look(scale=size))
        settle()
        assert (cut_texts(desk.work), nameless(desk.work), too_small(desk.work)) == ([], [], [])
    current().wear(Look())
    assert not desk.work.bar.back.isVisible()  # its own window has them
    desk.work.bar.more.click()
    menu = next(one for one in QApplication.topLevelWidgets() if isinstance(one, Menu) and one.isVisible())
    assert [one.text().split("\t")[0] for one in menu.actions()] == ["Files of this session"]
    menu.actions()[0].trigger()
    menu.close()
    panel = desk.page("custody").place.panel
    assert isinstance(panel, FilesPanel)
    panel.end.click()
    os.kill(opened, 9)
    desk.room.until(lambda: desk.face("custody") is Face.FAULT)
    fault = desk.page("custody").fault
    assert fault.panel.reference_text == "managed-browser-ended"
    assert fault.retry.text() == "Retry"
    fault.retry.click()
    assert desk.commands == [RetrySystem("custody")]
