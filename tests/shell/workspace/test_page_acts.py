"""What an officer does with a page as in any browser: windows, find, size, back and forward, print, links."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from launcher.connectors.plan import WebFiles, WebTarget
from launcher.session.commands import OpenSystem
from launcher.session.snapshot import Snapshot
from launcher.shell.look import Look, current
from launcher.shell.surfaces.terminal.print_panel import PrintPanel
from launcher.shell.surfaces.windows import SystemWindows
from launcher.shell.workspace.files_panel import FilesPanel
from launcher.shell.workspace.tab_page import Face
from launcher.sign_on.driver import WebDriver
from tests.shell.look.seeing import cut_texts, nameless, settle, too_small
from tests.shell.surfaces.site import Answer
from tests.shell.workspace.desk import Desk
from tests.shell.workspace.sample import launch, snapshot

pytestmark = pytest.mark.usefixtures("qapp")

FIRST = """<title>Cells</title><body style='margin:0'>
<a id=next style='display:block;height:60px' href=/two>next</a><p>heron heron heron</p>
<button id=open onclick="window.open('/two')">open</button><input id=i>"""
TWO = "<title>Cell two</title><input id=i><p>the second page</p>"


def opened(desk: Desk, files: WebFiles | None = None) -> tuple[WebDriver, SystemWindows]:
    desk.site.pages |= {"/": FIRST, "/two": TWO}
    target = WebTarget(desk.site["/"], (desk.site.origin,), files=files)
    driver = desk.room.run(desk.surfaces.open_web("custody", target, shown=True))
    desk.room.run(driver.load(desk.site["/"]))
    desk.draw(ready(), "custody")
    windows = desk.surfaces.windows("custody")
    assert windows is not None
    return driver, windows


def ready() -> Snapshot:
    return snapshot(launch("custody", "ready"))


def test_back_and_forward_by_keys_and_by_the_bar(desk: Desk) -> None:
    _, windows = opened(desk)
    assert not desk.work.bar.back.isEnabled()

    def clicked() -> bool:  # by a hand: to what a script alone has led through no browser goes back
        keys = windows.front.widget.focusProxy() if windows.front.widget is not None else None
        if keys is not None and windows.front.title == "Cells":
            QTest.mouseClick(keys, Qt.MouseButton.LeftButton, pos=QPoint(100, 30))
        return windows.front.title == "Cell two" and desk.work.bar.back.isEnabled()

    desk.room.until(clicked)
    assert desk.face("custody") is Face.PAGE
    desk.key(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    desk.room.until(lambda: windows.front.title == "Cells")
    desk.room.until(desk.work.bar.forward.isEnabled)
    QTest.mouseClick(desk.work.bar.forward, Qt.MouseButton.LeftButton)
    desk.room.until(lambda: windows.front.title == "Cell two")
    view = windows.front.widget
    assert view is not None
    proxy = view.focusProxy()
    assert proxy is not None
    QTest.mouseClick(proxy, Qt.MouseButton.BackButton, pos=QPoint(300, 300))
    desk.room.until(lambda: windows.front.title == "Cells")


def test_find_counts_the_places_and_gives_the_keys_back(desk: Desk) -> None:
    opened(desk)
    desk.key(Qt.Key.Key_F)
    finder = desk.page("custody").place.finder
    assert desk.focus() is finder.edit
    QTest.keyClicks(finder.edit, "heron")
    desk.room.until(lambda: finder.count.text() == "1 of 3")
    desk.key(Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    desk.room.until(lambda: finder.count.text() == "2 of 3")
    QTest.keyClicks(finder.edit, "x")
    desk.room.until(lambda: finder.count.text() == "Not found")
    desk.key(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert finder.isHidden()
    view = desk.surfaces.widget("custody")
    assert view is not None
    assert view is desk.focus() or view.isAncestorOf(desk.focus())


def test_the_size_is_a_system_s_own_and_lasts(desk: Desk) -> None:
    driver, windows = opened(desk)

    def factor() -> float:
        view = windows.front.widget
        assert view is not None
        return round(float(view.zoomFactor()), 2)  # type: ignore[attr-defined] # a view of the engine

    desk.key(Qt.Key.Key_Plus)
    desk.key(Qt.Key.Key_Plus)
    assert factor() == 1.25
    desk.room.run(driver.press("#next", ""))
    desk.room.until(lambda: windows.front.title == "Cell two")
    assert factor() == 1.25
    desk.room.run(desk.surfaces.close("custody"))
    _, windows = opened(desk)
    assert factor() == 1.25
    desk.key(Qt.Key.Key_0)
    desk.key(Qt.Key.Key_Minus)
    assert factor() == 0.9


def test_a_second_window_has_a_row_and_what_is_typed_in_it_is_not_lost_unasked(desk: Desk) -> None:
    driver, windows = opened(desk)
    row = desk.page("custody").place.windows
    assert row.isHidden()
    desk.room.run(driver.press("#open", ""))
    desk.room.until(lambda: [one.text() for one in row.buttons] == ["Cells", "Cell two"])
    assert row.isVisible()
    view = windows.front.widget
    assert view is not None
    desk.room.until(view.isVisible)

    def typed() -> bool:
        keys = view.focusProxy() if view is not None else None
        if keys is not None:
            QTest.mouseClick(keys, Qt.MouseButton.LeftButton, pos=QPoint(60, 20))
            QTest.keyClick(keys, Qt.Key.Key_A)
        return windows.is_edited(windows.views()[1].key)

    for scale in (1.0, 2.0):
        current().wear(Look(scale=scale))
        settle()
        assert (cut_texts(row), too_small(row), nameless(row)) == ([], [], [])
    current().wear(Look())
    QTest.mouseClick(row.buttons[0], Qt.MouseButton.LeftButton)
    assert windows.front.title == "Cells"
    assert desk.surfaces.widget("custody") is windows.front.widget is not None
    assert windows.front.widget.isVisible()
    windows.show(windows.views()[1].key)
    settle()
    desk.room.until(typed)
    QTest.mouseClick(row.ends[0], Qt.MouseButton.LeftButton)
    page = desk.page("custody")
    assert page.question.isVisible()
    assert len(windows.views()) == 2
    QTest.mouseClick(page.close_it, Qt.MouseButton.LeftButton)
    desk.room.until(lambda: len(windows.views()) == 1)
    assert row.isHidden()
    assert desk.commands == []


def test_printing_makes_a_page_and_asks_where(desk: Desk) -> None:
    opened(desk)
    desk.key(Qt.Key.Key_P)
    panel = desk.page("custody").place.panel
    assert isinstance(panel, PrintPanel)
    desk.room.until(lambda: panel.list.isVisible() or panel.fault.isVisible())  # as there are printers here or none
    assert panel._page.startswith(b"%PDF")
    QTest.mouseClick(panel.end, Qt.MouseButton.LeftButton)
    assert desk.page("custody").place.panel is None
    desk.key(Qt.Key.Key_P)
    assert isinstance(desk.page("custody").place.panel, PrintPanel)
    desk.draw(snapshot())  # closed while its page is being made
    settle()


def test_a_file_that_comes_is_listed_beside_the_page_and_can_be_kept(desk: Desk, tmp_path: Path) -> None:
    desk.site.pages["/f"] = Answer("note", headers=(("Content-Disposition", "attachment; filename=note.txt"),))
    _, windows = opened(desk, WebFiles(10, (tmp_path,)))
    view = desk.surfaces.widget("custody")
    windows.front.go(desk.site["/f"])
    place = desk.page("custody").place
    desk.room.until(lambda: isinstance(place.panel, FilesPanel) and place.panel.show_it.isVisible())
    panel = place.panel
    assert isinstance(panel, FilesPanel)
    assert view is not None
    assert view is desk.focus() or view.isAncestorOf(desk.focus())  # what is typed goes on into the page
    assert "note.txt" in panel.list.item(0).text()
    for scale in (1.0, 2.0):
        current().wear(Look(scale=scale))
        settle()
        assert (cut_texts(panel), too_small(panel), nameless(panel)) == ([], [], [])
    current().wear(Look())
    QTest.mouseClick(panel.saves[tmp_path], Qt.MouseButton.LeftButton)
    desk.room.until(lambda: "has been saved" in panel.said.text())
    assert (tmp_path / "note.txt").read_text(encoding="utf-8") == "note"
    QTest.mouseClick(panel.show_it, Qt.MouseButton.LeftButton)
    assert len(windows.views()) == 2
    desk.key(Qt.Key.Key_J)
    panel = place.panel
    assert isinstance(panel, FilesPanel)
    QTest.mouseClick(panel.remove, Qt.MouseButton.LeftButton)
    assert desk.surfaces.files.views() == ()
    assert panel.list.isHidden()


def test_a_link_of_a_page_asks_for_the_other_system_s_tab(desk: Desk) -> None:
    opened(desk)
    desk.surfaces.link_wanted.emit("crime", "https://crime.force.example/case/7")
    assert desk.commands == [OpenSystem("crime", "https://crime.force.example/case/7")]


def test_a_terminal_s_keys_are_its_own(desk: Desk) -> None:
    opened(desk)
    desk.draw(snapshot(launch("incident", "opening", surface="")), "incident")
    assert not [one for one in desk.work.acts.shortcuts if one.isEnabled()]
