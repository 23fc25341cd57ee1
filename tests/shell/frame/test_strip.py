"""The strip: one worst thing in the stated order, good news for six seconds, facts that give way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from launcher.session.snapshot import (
    LaunchView,
    NoticeView,
    OfficerView,
    ServiceView,
    SignInView,
    Snapshot,
    StationView,
    SystemView,
)
from launcher.shell.frame import Notice, StatusStrip, Worst, worst_of, worst_service
from launcher.shell.frame.notices import notice_words
from launcher.shell.look import Look, State, current
from tests.shell.look.seeing import nameless, settle, too_small

STATION = StationView("FD-02", "Front desk", "ext. 4100")
SYSTEMS = (
    SystemView("firearms", "Firearms Register", "ops", "web", "plum"),
    SystemView("reports", "Intelligence Reports", "ops", "web", "clay"),
    SystemView("vehicles", "Vehicle Records", "ops", "terminal", "moss", health="degraded"),
    SystemView("forensic", "Forensic Results", "ops", "web", "slate", health="offline"),
)


def snapshot(**parts: object) -> Snapshot:
    whole: dict[str, object] = {"systems": SYSTEMS, "officer": OfficerView("4471", "A. Okafor"), **parts}
    return Snapshot("signed-in", STATION, SignInView(()), **whole)  # type: ignore[arg-type]


NEEDS = LaunchView("firearms", "needs", 0.0, needs="credential")
FAILED = LaunchView("reports", "failed", 0.0)


def test_the_worst_thing_follows_the_stated_order() -> None:
    assert worst_of(snapshot(launches=(FAILED, NEEDS))).state is State.NEEDS
    assert worst_of(snapshot(launches=(FAILED,))).state is State.FAILED
    assert worst_of(snapshot()).state is State.OFFLINE
    assert worst_of(snapshot(systems=SYSTEMS[:3])).state is State.DEGRADED
    assert worst_of(snapshot(systems=SYSTEMS[:2])).state is State.READY


def test_what_the_page_shows_loudly_is_not_repeated() -> None:
    loud = frozenset({State.NEEDS, State.FAILED})
    assert worst_of(snapshot(launches=(NEEDS, FAILED)), loud) == worst_of(snapshot())


def test_the_worst_thing_leads_to_its_system_and_says_what_is_needed() -> None:
    worst = worst_of(snapshot(launches=(NEEDS,)))
    assert worst == Worst(State.NEEDS, "Firearms Register needs you", "your name and password", "firearms")


@pytest.mark.parametrize(
    "needs", ["credential", "finish", "notice", "change-password", "already-signed-on", "provider", ""]
)
def test_every_need_has_words(needs: str) -> None:
    assert worst_of(snapshot(launches=(LaunchView("firearms", "needs", 0.0, needs=needs),))).text  # type: ignore[arg-type]


def test_several_are_counted() -> None:
    other = LaunchView("reports", "needs", 0.0)
    assert worst_of(snapshot(launches=(NEEDS, other))).text == "2 systems need you"


def test_before_anyone_is_logged_on_the_services_count() -> None:
    slow = ServiceView("federated", "Force account", "degraded")
    gone = ServiceView("directory", health="offline")
    said = [worst_service(each) for each in ((slow, gone), (slow,), (ServiceView("directory", health="ready"),))]
    assert [each.text for each in said if each is not None] == [
        "Log-on service is offline",
        "Force account is slow",
        "All well",
    ]


def test_where_nothing_is_known_of_any_service_the_strip_says_nothing(qtbot: QtBot) -> None:
    assert worst_service(()) is None
    strip = strip_of(qtbot)
    strip.show_worst(None)
    strip.show_facts(["ext. 4100", "FD-02"])
    settle()
    assert not strip.worst_line.isVisible()
    assert [text.text() for text in strip.facts.texts if text.isVisible()] == ["ext. 4100", "FD-02"]
    strip.press_worst()
    strip.show_worst(Worst(State.READY, "All well"))
    assert strip.worst_line.isVisible()


def test_every_notice_has_words() -> None:
    kinds = ("ready", "not-answered", "password-warning", "not-kept", "left-out")
    said = {kind: notice_words(NoticeView(1, kind, "vehicles", 3900.0, "2"), snapshot()) for kind in kinds}  # type: ignore[arg-type]
    assert said["ready"] == "Vehicle Records is ready, 3.9 s"
    assert said["left-out"] == "2 systems are left out: tell the helpdesk"
    warning = NoticeView(2, "password-warning", text="Your password expires in 3 days.")
    assert notice_words(warning, snapshot()) == "Your password expires in 3 days."
    missing = NoticeView(3, "not-reopened", text="vehicles elsewhere-only")
    assert notice_words(missing, snapshot()) == "Not opened again here: Vehicle Records, elsewhere-only"


def strip_of(qtbot: QtBot, width: int = 1280) -> StatusStrip:
    strip = StatusStrip()
    qtbot.addWidget(strip)
    strip.show_worst(worst_of(snapshot(launches=(NEEDS,))))
    strip.show_facts(["FD-02 Front desk", "03:12"])
    strip.resize(width, strip.sizeHint().height())
    strip.show()
    settle()
    return strip


def test_a_notice_shows_then_the_next_and_all_are_kept(qtbot: QtBot) -> None:
    strip = strip_of(qtbot)
    strip.add_notice(Notice("Warrants Register is ready, 3.9 s", "warrants", "Ctrl 6"))
    strip.add_notice(Notice("Duty Resources is ready, 3.1 s", "duty"))
    assert strip.notice is not None
    assert strip.notice_box.accessibleName() == "Warrants Register is ready, 3.9 s"
    strip.next_notice()
    assert strip.notice_box.isVisible()
    strip.next_notice()
    assert not strip.notice_box.isVisible()
    assert [notice.system for notice in strip.past] == ["warrants", "duty"]


def test_a_focused_notice_is_held_and_pressing_it_goes_to_its_tab(qtbot: QtBot) -> None:
    strip = strip_of(qtbot)
    went: list[str] = []
    strip.system_wanted.connect(went.append)
    strip.add_notice(Notice("Warrants Register is ready, 3.9 s", "warrants"))
    strip.activateWindow()
    qtbot.waitUntil(strip.isActiveWindow)
    assert strip.running
    strip.notice_box.setFocus()
    assert not strip.running
    strip.worst_line.setFocus()
    assert strip.running
    qtbot.mouseClick(strip.notice_box, Qt.MouseButton.LeftButton)
    assert went == ["warrants"]


def test_the_worst_thing_is_pressed_only_where_it_leads(qtbot: QtBot) -> None:
    strip = strip_of(qtbot)
    went: list[str] = []
    strip.system_wanted.connect(went.append)
    qtbot.keyClick(strip.worst_line, Qt.Key.Key_Space)
    strip.show_worst(Worst(State.READY, "All well"))
    strip.press_worst()
    assert went == ["firearms"]
    assert not strip.worst_line.isEnabled()


@pytest.mark.parametrize(("width", "scale"), [(1280, 1.0), (800, 1.0), (1280, 2.0), (1024, 1.5)])
def test_facts_drop_from_the_left_and_the_clock_stays(qtbot: QtBot, width: int, scale: float) -> None:
    current().wear(Look(scale=scale))
    strip = strip_of(qtbot, width)
    strip.add_notice(Notice("Warrants Register is ready, 3.9 s", "warrants", "Ctrl 6"))
    settle()
    shown = [text.text() for text in strip.facts.texts if text.isVisible()]
    assert shown[-1] == "03:12"
    worst = strip.worst_line
    assert worst.width() >= worst.natural_width(detail=False)
    assert strip.facts.geometry().right() <= strip.width()
    assert nameless(strip) == []
    assert not strip.grab().isNull()


def test_a_fact_is_not_drawn_as_something_that_is_being_opened(qtbot: QtBot) -> None:
    strip = strip_of(qtbot)
    strip.add_notice(Notice("Not opened again here: Crime Recording", good=False))
    settle()
    drawn = strip.grab().toImage()
    pixels = (drawn.pixelColor(x, y) for x in range(drawn.width()) for y in range(drawn.height()))
    assert max(pixel.blue() - pixel.red() for pixel in pixels) < 60, "the blue of what is being opened"


def test_what_is_not_loud_gives_way_to_a_notice_that_has_no_room(qtbot: QtBot) -> None:
    current().wear(Look(scale=2.0))
    strip = strip_of(qtbot, 800)
    strip.show_officer("4471")
    for worst, stays in ((Worst(State.READY, "All well"), False), (Worst(State.OFFLINE, "Forensic is offline"), True)):
        strip.show_worst(worst)
        strip.officer.clearFocus()  # a strip without a window around it gives it to somebody
        assert strip.worst_line.isVisible()
        strip.add_notice(Notice("Send what you have typed in Crime Recording now, or it is lost.", good=False))
        settle()
        assert strip.worst_line.isVisible() == stays
        assert strip.worst_line.width() <= strip.worst_line.small_width() or not stays
        assert not strip.officer.isVisible(), "they are not there while something is said for some seconds"
        strip.next_notice()
        settle()
        assert strip.worst_line.isVisible()
        assert strip.officer.isVisible()


DEED = Notice("J. Field at the helpdesk has closed Crime Recording: the page was frozen", "crime", good=False)
FORCE = Worst(State.DEGRADED, "Crime Recording answers slowly; the supplier is on it. Since 02:50.")


@pytest.mark.parametrize("worst", [Worst(State.READY, "All well"), Worst(State.OFFLINE, "Forensic is offline"), FORCE])
@pytest.mark.parametrize(("width", "scale"), [(800, 2.0), (1280, 2.0), (800, 1.5)])
def test_what_is_cut_says_so_and_has_a_key_and_a_name_that_is_whole(
    qtbot: QtBot, worst: Worst, width: int, scale: float
) -> None:
    current().wear(Look(scale=scale))
    strip = strip_of(qtbot, width)
    strip.show_officer("4471")
    strip.show_way("F8")
    strip.show_worst(worst)
    asked: list[int] = []
    strip.past_wanted.connect(lambda: asked.append(1))
    strip.add_notice(DEED)
    settle()
    box = strip.notice_box
    assert box.is_cut
    assert box.width() >= strip.width() // 2, "some of it is read all the same"
    assert box._hint() == "F8"
    assert (box.accessibleName(), box.toolTip(), bool(box.accessibleDescription())) == (DEED.text, DEED.text, True)
    strip.press_worst()
    strip.activateWindow()
    qtbot.waitUntil(strip.isActiveWindow)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        box.setFocus()
        assert not strip.running
        qtbot.keyClick(box, key)
    assert asked == [1, 1, 1]
    strip.all_seen()
    settle()
    assert strip.past == [DEED]
    assert strip.officer.isVisible()
    assert too_small(strip) == []
    assert strip.worst_line.width() >= strip.worst_line.natural_width(detail=False) or strip.worst_line.is_cut


def test_what_the_force_says_is_a_stop_for_tab_while_it_is_cut(qtbot: QtBot) -> None:
    strip = strip_of(qtbot, 1280)
    strip.show_way("F8")
    asked: list[int] = []
    strip.past_wanted.connect(lambda: asked.append(1))
    strip.show_worst(FORCE)
    settle()
    line = strip.worst_line
    assert (line.is_cut, line.isEnabled(), line._hint()) == (False, False, "")
    strip.press_worst()
    strip.show_worst(replace(FORCE, text=FORCE.text * 3))
    settle()
    assert (line.is_cut, line.isEnabled(), line._hint()) == (True, True, "F8")
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    strip.press_worst()
    assert asked == [1, 1]


def test_beside_what_leads_elsewhere_by_the_key_a_word_leads_to_all_of_a_notice(qtbot: QtBot) -> None:
    current().wear(Look(scale=2.0))
    strip = strip_of(qtbot, 1280)
    strip.show_way("F8")
    went: list[str] = []
    strip.system_wanted.connect(went.append)
    strip.past_wanted.connect(lambda: went.append("list"))
    strip.add_notice(DEED)
    settle()
    assert (strip.worst_line._hint(), strip.notice_box._hint()) == ("F8", "More")
    strip.press_worst()
    qtbot.mouseClick(strip.notice_box, Qt.MouseButton.LeftButton)
    assert went == ["firearms", "list"]


LEFT = Notice("You may still be signed on: Hunter 3 (records:992, LU HUNT3)", good=False, next_step="Log off there.")


def test_a_notice_with_a_next_step_stays_until_it_is_pressed_and_others_go_into_the_list(qtbot: QtBot) -> None:
    strip = strip_of(qtbot)
    asked: list[int] = []
    strip.past_wanted.connect(lambda: asked.append(1))
    ready, second = Notice("Warrants Register is ready, 3.9 s", "warrants"), replace(LEFT, text="Also there")
    strip.add_notice(ready)
    strip.add_notice(LEFT)
    assert (strip.notice, strip.running) == (LEFT, False)
    strip.add_notice(replace(ready, text="Duty Resources is ready"))
    strip.add_notice(second)
    strip.activateWindow()
    qtbot.waitUntil(strip.isActiveWindow)
    strip.notice_box.setFocus()
    strip.worst_line.setFocus()
    assert (strip.notice, strip.running) == (LEFT, False)
    assert [one.text for one in strip.past] == [ready.text, "Duty Resources is ready"]
    qtbot.mouseClick(strip.notice_box, Qt.MouseButton.LeftButton)
    assert asked == [1]
    strip.all_seen()
    assert strip.notice is None
    assert strip.past[-2:] == [LEFT, second]
    assert not strip.notice_box.isVisible()


def test_its_next_step_is_shown_where_there_is_room_and_always_said(qtbot: QtBot) -> None:
    strip = strip_of(qtbot, 1920)
    strip.add_notice(LEFT)
    settle()
    box = strip.notice_box
    assert box.accessibleName() == f"{LEFT.text} {LEFT.next_step}"
    assert (box.width() >= box.natural_width(), box.sizeHint().width()) == (True, box.natural_width())
    strip.resize(800, strip.height())
    settle()
    assert box.sizeHint().width() == box.natural_width(detail=False)
    assert "Log off there." in box.toolTip()
