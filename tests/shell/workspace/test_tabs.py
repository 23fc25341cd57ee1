"""The workspace's tabs, and the keys that go between them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from launcher.session.commands import CloseSystem, OpenSystem
from launcher.shell.look import Look, current
from tests.shell.look.seeing import settle
from tests.shell.workspace.desk import Desk, several
from tests.shell.workspace.sample import WRONG, launch, snapshot

pytestmark = pytest.mark.usefixtures("qapp")


def test_the_first_system_is_in_front_and_keys_go_round(desk: Desk) -> None:
    desk.draw(several("opening", "ready", "signing"))
    assert desk.work.current_system == "custody"
    desk.key(Qt.Key.Key_Tab)
    assert desk.work.current_system == "crime"
    desk.key(Qt.Key.Key_3)
    assert desk.work.current_system == "missing"
    desk.key(Qt.Key.Key_Tab)
    assert desk.work.current_system == "custody"
    desk.key(Qt.Key.Key_9)
    assert desk.work.current_system == "custody"
    assert desk.work.tab_keys == {"custody": "Ctrl 1", "crime": "Ctrl 2", "missing": "Ctrl 3"}


def test_closing_a_tab_by_keys_gives_the_keys_to_the_one_that_came_forward(desk: Desk) -> None:
    desk.open("custody")
    desk.draw(snapshot(launch("custody", "ready"), launch("crime", "failed", surface="", error=WRONG)), "custody")
    page = desk.surfaces.widget("custody")
    assert page is not None
    assert page.isAncestorOf(desk.focus()) or desk.focus() is page
    desk.key(Qt.Key.Key_W)
    assert desk.commands == [CloseSystem("custody")]
    # The page may end before the picture without its tab comes.
    desk.room.run(desk.surfaces.close("custody"))
    settle()
    desk.draw(snapshot(launch("crime", "failed", surface="", error=WRONG)))
    assert desk.work.current_system == "crime"
    assert desk.focus() is desk.page("crime").fault.retry


def test_closing_a_tab_gives_an_opening_one_the_focus_on_its_tab(desk: Desk) -> None:
    desk.draw(several("failed", "opening"), "custody")
    desk.key(Qt.Key.Key_W)
    desk.draw(replace(several("failed", "opening"), tabs=("crime",)))
    assert desk.focus() is desk.work.tabs.tab("crime")


def test_a_tab_that_goes_takes_no_focus_from_elsewhere(desk: Desk) -> None:
    desk.draw(several("failed", "failed"), "custody")
    desk.frame.top_bar.search.edit.setFocus()
    desk.draw(replace(several("failed", "failed"), tabs=("crime",)))
    assert desk.focus() is desk.frame.top_bar.search.edit


def test_from_another_page_a_number_asks_for_the_system_and_t_for_the_timings(desk: Desk) -> None:
    desk.draw(several("ready", "ready"))
    desk.frame.pages.setCurrentWidget(desk.other)
    desk.key(Qt.Key.Key_2)
    assert desk.commands == [OpenSystem("crime")]
    desk.key(Qt.Key.Key_T)
    assert desk.timings == 1


def test_a_system_that_is_not_open_yet_is_shown_once_it_is(desk: Desk) -> None:
    desk.draw(several("ready"))
    desk.work.show_system("crime")
    assert desk.work.current_system == "custody"
    desk.draw(several("ready", "opening"))
    assert desk.work.current_system == "crime"


def test_a_closed_tab_leaves_its_neighbour_in_front(desk: Desk) -> None:
    desk.draw(several("ready", "ready", "ready"), "crime")
    all_three = several("ready", "ready", "ready")
    desk.draw(replace(all_three, tabs=("custody", "missing")))
    assert desk.work.current_system == "missing"
    assert desk.work.page_of("crime") is None
    desk.draw(replace(all_three, tabs=("custody",)))
    assert desk.work.current_system == "custody"
    desk.draw(replace(all_three, tabs=()))
    assert desk.work.current_system == ""


def test_a_tab_can_be_moved_and_its_number_moves_with_it(desk: Desk) -> None:
    desk.draw(several("ready", "ready", "ready"))
    desk.work.tabs.moved.emit("missing", -2)
    assert list(desk.work.tab_keys) == ["missing", "custody", "crime"]
    desk.draw(several("ready", "ready", "ready", "opening"))
    assert list(desk.work.tab_keys) == ["missing", "custody", "crime", "incident"]


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("width", [1280, 1000])
def test_what_needs_a_person_is_in_sight_and_the_current_name_is_whole(desk: Desk, scale: float, width: int) -> None:
    current().wear(Look(scale=scale))
    desk.frame.resize(width, 800)
    desk.draw(several("ready", "ready", "opening", "ready", "needs", "ready"), "missing")
    row = desk.work.tabs
    assert {"missing", "firearms"}.isdisjoint(row.hidden_systems) or row.more.kind.value == "needs"
    for system in ("missing", "firearms"):
        tab = row.tab(system)
        assert tab is not None
        if system not in row.hidden_systems:
            assert tab.geometry().right() <= row.width()
    tab = row.tab("missing")
    assert tab is not None
    assert tab.width() >= tab.wish().fixed + tab.wish().name


def test_many_that_need_a_person_are_counted_on_the_button(desk: Desk) -> None:
    current().wear(Look(scale=2.0))
    desk.frame.resize(900, 700)
    desk.draw(several("ready", "needs", "needs", "needs", "needs", "needs"))
    assert desk.work.tabs.hidden_systems
    assert desk.work.tabs.more.kind.value == "needs"
    assert "need you" in desk.work.tabs.more.text()
