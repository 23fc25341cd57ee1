from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from launcher.session.hub.views import DeedView, HubNoticeView
from launcher.session.snapshot import NoticeView, Snapshot
from launcher.shell.frame import Clock, Frame, Notice
from launcher.shell.frame.notices import notice_next_step
from launcher.shell.frame.strip import MOST_PAST
from launcher.shell.look import Button, Ground, Look, State, TextList, current
from tests.shell.frame.test_strip import NEEDS, STATION, snapshot
from tests.shell.look.seeing import cut_texts, nameless, settle


class Hands:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.at = datetime(2025, 11, 23, 3, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


def frame_of(qtbot: QtBot, drawn: Snapshot, width: int = 1280) -> tuple[Frame, Button, Hands]:
    hands = Hands()
    frame = Frame(Clock(hands))
    qtbot.addWidget(frame)
    page = Ground()
    button = Button("On the page")
    QVBoxLayout(page).addWidget(button)
    frame.pages.addWidget(page)
    frame.draw(drawn)
    frame.resize(width, 600)
    frame.show()
    frame.activateWindow()
    qtbot.waitUntil(frame.isActiveWindow)
    settle()
    return frame, button, hands


def focused() -> QWidget | None:
    return QApplication.focusWidget()


def test_the_clock_says_when_the_minute_changes() -> None:
    hands = Hands()
    clock = Clock(hands)
    told: list[str] = []
    clock.minute_changed.connect(lambda: told.append(clock.time()))
    clock.look_again()
    hands.at = hands.at.replace(minute=13)
    clock.look_again()
    clock.look_again()
    assert told == ["03:13"]
    assert clock.date() == "Sunday 23 November"


def test_f6_goes_round_the_areas_and_remembers_the_place(qtbot: QtBot) -> None:
    frame, button, _ = frame_of(qtbot, snapshot(launches=(NEEDS,)))
    frame.top_bar.help_button.setFocus()
    qtbot.keyClick(frame, Qt.Key.Key_F6)
    assert focused() is button
    qtbot.keyClick(frame, Qt.Key.Key_F6)
    assert focused() is frame.strip.worst_line
    qtbot.keyClick(frame, Qt.Key.Key_F6)
    assert focused() is frame.top_bar.help_button
    qtbot.keyClick(frame, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert focused() is frame.strip.worst_line


def test_f6_passes_over_an_area_without_a_control(qtbot: QtBot) -> None:
    frame, button, _ = frame_of(qtbot, snapshot(systems=()))
    button.setFocus()
    qtbot.keyClick(frame, Qt.Key.Key_F6)
    assert focused() is frame.top_bar.search.edit


def test_the_keys_of_the_frame(qtbot: QtBot) -> None:
    frame, button, _ = frame_of(qtbot, snapshot(launches=(NEEDS,)))
    done: list[str] = []
    frame.top_bar.help_wanted.connect(lambda: done.append("help"))
    frame.top_bar.log_off.connect(lambda: done.append("log off"))
    frame.top_bar.lock_wanted.connect(lambda: done.append("lock"))
    frame.top_bar.you_wanted.connect(lambda: done.append("you"))
    frame.strip.system_wanted.connect(done.append)
    frame.search_wanted.connect(lambda: done.append("search"))
    button.setFocus()
    for key in (Qt.Key.Key_F1, Qt.Key.Key_F12, Qt.Key.Key_F9, Qt.Key.Key_F8):
        qtbot.keyClick(frame, key)
    qtbot.keyClick(frame, Qt.Key.Key_F12, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(frame, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert done == ["help", "lock", "you", "firearms", "log off", "search"]
    assert focused() is frame.top_bar.search.edit


def test_while_a_host_has_the_plain_keys_the_frame_names_those_that_lead_to_it(qtbot: QtBot) -> None:
    frame, _, _ = frame_of(qtbot, snapshot(launches=(NEEDS,)))
    bar = frame.top_bar
    for family, keys in (
        ("vt", ("Ctrl F1", "Ctrl F12", "", "Ctrl F8")),
        ("3270", ("Ctrl F1", "Ctrl F12", "Ctrl K", "Ctrl F8")),
        ("", ("F1", "F12", "Ctrl K", "F8")),
    ):
        frame.show_host_keys(family)
        said = (bar.help_button.key, bar.lock_button.key, bar.search.key, frame.strip.worst_line.key)
        assert said == keys
        assert bar.officer.toolTip().endswith("Ctrl F9" if family else "F9")


def test_all_systems_is_offered_and_alt_home_goes_there(qtbot: QtBot) -> None:
    frame, _, _ = frame_of(qtbot, snapshot())
    asked: list[int] = []
    frame.top_bar.all_systems.connect(lambda: asked.append(1))
    qtbot.keyClick(frame, Qt.Key.Key_Home, Qt.KeyboardModifier.AltModifier)
    assert asked == []
    frame.top_bar.show_all_systems(True)
    qtbot.keyClick(frame, Qt.Key.Key_Home, Qt.KeyboardModifier.AltModifier)
    assert asked == [1]


def test_what_a_page_tells_of_is_said_with_its_host_and_leads_to_its_tab(qtbot: QtBot) -> None:
    frame, _, _ = frame_of(qtbot, snapshot())
    frame.page_tells("vehicles", "vehicles.force.example", "<b>Case 7</b> & more")
    notice = frame.strip.notice
    assert notice is not None
    assert notice.text == "vehicles.force.example tells you: <b>Case 7</b> & more"
    assert (notice.system, notice.good) == ("vehicles", False)
    frame.page_tells("vehicles", "vehicles.force.example", "")
    frame.strip.next_notice()
    assert frame.strip.notice is not None
    assert frame.strip.notice.text == "vehicles.force.example has something for you"
    frame.strip.past.insert(0, Notice("Left signed on", next_step="Tell the helpdesk."))
    for number in range(2 * MOST_PAST):
        frame.page_tells("vehicles", "vehicles.force.example", str(number))
        frame.strip.next_notice()
    assert len(frame.strip.past) == MOST_PAST
    assert frame.strip.past[0].next_step


def test_a_notice_is_shown_once_though_the_snapshot_keeps_it(qtbot: QtBot) -> None:
    notices = (NoticeView(1, "ready", "vehicles", 3900.0),)
    frame, _, _ = frame_of(qtbot, snapshot(notices=notices))
    frame.strip.next_notice()
    frame.draw(snapshot(notices=notices))
    assert frame.strip.notice is None
    frame.draw(
        snapshot(notices=(*notices, NoticeView(2, "ready", "forensic", 1000.0))), tab_keys={"forensic": "Ctrl 2"}
    )
    assert frame.strip.notice is not None
    assert frame.strip.notice.key == "Ctrl 2"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("width", "scale"), [(1280, 1.0), (1024, 1.0), (800, 1.0), (1280, 1.5), (1280, 2.0), (1920, 1.0)]
)
@pytest.mark.parametrize("way_back", [False, True])
def test_everything_in_the_frame_is_named_and_whole(
    qtbot: QtBot, theme: str, width: int, scale: float, way_back: bool
) -> None:
    current().wear(Look("dark" if theme == "dark" else "light", scale))
    frame, _, _ = frame_of(qtbot, snapshot(launches=(NEEDS,)), width)
    frame.top_bar.show_all_systems(way_back)
    settle()
    assert nameless(frame) == []
    assert cut_texts(frame) == []
    bar = frame.top_bar
    row = [bar.mark, bar.all_systems_button, bar.search, bar.help_button, bar.officer, bar.lock_button]
    shown = [widget for widget in row if widget.isVisible()]
    assert shown == sorted(shown, key=lambda widget: widget.x())
    assert all(one.geometry().right() < other.x() for one, other in itertools.pairwise(shown))
    assert bar.lock_button.geometry().right() <= bar.width()
    assert bar.search.width() >= 120


def test_from_150_percent_the_officer_stands_in_the_strip(qtbot: QtBot) -> None:
    current().wear(Look(scale=1.5))
    frame, _, _ = frame_of(qtbot, snapshot())
    assert not frame.top_bar.officer.isVisible()
    assert frame.top_bar.help_button.toolTip() == "Help"
    assert frame.strip.officer.isVisible()
    frame.strip.add_notice(Notice("You may still be signed on at a host with a long name", next_step="Log off there."))
    settle()
    assert frame.strip.officer.width() >= frame.strip.officer.natural_width()
    assert frame.strip.facts.geometry().right() <= frame.strip.width()
    asked: list[int] = []
    frame.top_bar.you_wanted.connect(lambda: asked.append(1))
    frame.strip.officer.click()
    assert asked == [1]


def test_the_strip_keeps_quiet_about_what_the_page_shows(qtbot: QtBot) -> None:
    frame, _, _ = frame_of(qtbot, snapshot(launches=(NEEDS,)))
    frame.draw(snapshot(launches=(NEEDS,)), frozenset({State.NEEDS}))
    assert frame.strip.worst is not None
    assert frame.strip.worst.state is State.OFFLINE


def test_past_notices_are_listed_and_lead_to_their_systems(qtbot: QtBot) -> None:
    notices = tuple(NoticeView(at, "ready", system, 3900.0) for at, system in enumerate(("vehicles", "forensic"), 1))
    frame, button, _ = frame_of(qtbot, snapshot(notices=notices))
    before = frame.pages.currentWidget()
    frame.strip.next_notice()
    frame.strip.next_notice()
    assert frame.strip.past_button.accessibleName() == "2 notices"
    went: list[str] = []
    frame.strip.system_wanted.connect(went.append)
    qtbot.mouseClick(frame.strip.past_button, Qt.MouseButton.LeftButton)
    settle()
    assert nameless(frame) == []
    assert frame.top_bar.all_systems_button.isVisible()
    page = focused()
    assert page is not None
    qtbot.keyClick(page, Qt.Key.Key_Return)
    assert went == ["forensic"]
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert frame.pages.currentWidget() is before
    assert not frame.top_bar.all_systems_button.isVisible()
    assert button.isVisible()


def test_what_was_left_signed_on_stays_until_the_list_was_opened_and_says_what_to_do(qtbot: QtBot) -> None:
    left = tuple(
        NoticeView(at, "left-signed-on", text=f"Vehicle Records (vehicles:992, LU V{at})") for at in range(1, 3)
    )
    frame, _, _ = frame_of(qtbot, snapshot(notices=left))
    assert [one.words for one in (frame.strip.notice,) if one is not None] == [
        "You may still be signed on: Vehicle Records (vehicles:992, LU V1). "
        "Log off there by hand, or tell the helpdesk: ext. 4100."
    ]
    assert not frame.strip.running
    qtbot.mouseClick(frame.strip.notice_box, Qt.MouseButton.LeftButton)
    settle()
    assert frame.strip.notice is None
    assert [notice.text[-4:] for notice in frame.strip.past] == [" V1)", " V2)"]
    page = focused()
    assert isinstance(page, TextList)
    assert [page.item(row).text() for row in range(2)] == [one.words for one in reversed(frame.strip.past)]
    nowhere = replace(STATION, helpdesk="")
    assert notice_next_step(left[0], replace(snapshot(), station=nowhere)).endswith("tell the helpdesk.")


@pytest.mark.parametrize("family", ["", "3270"])
def test_f8_shows_all_of_what_the_strip_has_cut_and_what_the_force_says(qtbot: QtBot, family: str) -> None:
    current().wear(Look(scale=2.0))
    well = tuple(replace(one, health="ready") for one in snapshot().systems)
    told = (HubNoticeView(1, "Printers at the front desk are out of order. Use the report room", ()),)
    deed = DeedView(4, "lock", "J. Field", "left alone at the front desk", 0.0)
    here = snapshot(systems=well, hub_notices=told, deeds=(deed,), notices=(NoticeView(1, "deed", text="4"),))
    frame, button, _ = frame_of(qtbot, here, 800)
    frame.show_host_keys(family)
    before = frame.pages.currentWidget()
    settle()
    assert frame.strip.notice_box._hint() == ("Ctrl F8" if family else "F8")
    button.setFocus()
    qtbot.keyClick(frame, Qt.Key.Key_F8)
    page = focused()
    assert isinstance(page, TextList)
    settle()
    rows = [page.item(row).text() for row in range(page.count())]
    assert [row.partition(" Since")[0] for row in rows] == [
        "Printers at the front desk are out of order. Use the report room.",
        "J. Field at the helpdesk has locked your screen: left alone at the front desk",
    ]
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert frame.pages.currentWidget() is before


def test_a_page_that_has_the_key_for_what_needs_its_officer_keeps_it(qtbot: QtBot) -> None:
    current().wear(Look(scale=2.0))
    told = (HubNoticeView(1, "Printers at the front desk are out of order. Use the report room", ()),)
    well = tuple(replace(one, health="ready") for one in snapshot().systems)
    frame, _, _ = frame_of(qtbot, snapshot(systems=well, hub_notices=told), 800)
    assert frame.strip.worst_line._hint() == "F8"
    frame.draw(snapshot(systems=well, hub_notices=told, launches=(NEEDS,)), frozenset({State.NEEDS}))
    assert frame.strip.worst_line._hint() == "More"
