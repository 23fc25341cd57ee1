"""What an officer at work is told and can set: the strip before a lock or an end, the PIN, the tab they turn to."""

from __future__ import annotations

import os
import signal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from launcher.session.commands import LogOff, LookedAt, SetPin, Touched
from launcher.session.snapshot import EndSoonView, ErrorView
from launcher.shell.frame.above import LoudAbove
from launcher.shell.frame.loud import Loud, LoudLine
from launcher.shell.look import State
from launcher.shell.surfaces.web_engine import WebView
from launcher.timings.boot_clock import boot_time_s
from tests.shell.lock.terminal import Terminal, terminal, working
from tests.shell.look.seeing import settle

pytestmark = pytest.mark.needs("browser-engine")


def ends(*edited: str) -> EndSoonView:
    return EndSoonView("sitting-limit", boot_time_s() + 500, ("plates",), edited)


def loud(at: Terminal) -> LoudLine:
    line = at.window.frame.strip.loud_line
    assert line is not None
    return line


def test_the_strip_counts_down_before_it_locks_and_is_quiet_after_a_touch(dressed: None) -> None:
    with terminal() as at:
        at.log_on(working(lock_after_s=300.0))
        facts = at.window.frame.strip.facts
        assert "Locks after 5 min" in [text.text() for text in facts.texts]
        at.draw(working(lock_after_s=300.0, locks_at=boot_time_s() + 42))
        said = loud(at).accessibleName()
        assert said.startswith("Locks in ")
        assert "any key or the mouse keeps it open" in said
        assert "Locks after 5 min" not in [text.text() for text in facts.texts]
        at.until(lambda: loud(at).accessibleName() != said)
        named = "not sent: Custody Record, Number Plate Search"
        at.draw(working(lock_after_s=300.0, locks_at=boot_time_s() + 42, unsent=("custody", "plates")))
        assert loud(at).shown_texts()[1] == f"any key or the mouse keeps it open; {named}"
        loud(at).resize(loud(at).width() // 2, loud(at).height())
        assert loud(at).shown_texts()[1] == named
        loud(at).resize(340, loud(at).height())
        assert loud(at).shown_texts()[1] == "2 pages are not sent"
        at.draw(working(lock_after_s=300.0))
        assert at.window.frame.strip.loud_line is None


def test_the_line_above_programs_is_there_until_the_moment_it_tells_of(
    dressed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with terminal() as at:
        at.log_on(working(lock_after_s=300.0, locks_at=boot_time_s() + 42))
        line = LoudAbove(at.window)
        loud, over = (Loud("locks", "Locks", boot_time_s() + by_s) for by_s in (42, 0))
        line.show_loud(loud, "10:32")
        assert not line.isVisible()  # the launcher's own strip says it
        monkeypatch.setattr(QApplication, "focusWindow", lambda: None)
        line.show_loud(loud, "10:32")
        assert line.isVisible()
        line.show_loud(over, "10:32")  # a session that does not answer has another's screen in front of it
        assert not line.isVisible()


def test_an_end_to_come_is_said_with_what_it_loses_and_the_page_in_front_stays(dressed: None) -> None:
    with terminal() as at:
        at.log_on(working("custody"))
        at.window.show_page(at.window.workspace)
        at.draw(working("custody", ends=ends("custody")))
        assert at.window.frame.pages.currentWidget() is at.window.workspace
        assert "2 things would be lost" in loud(at).accessibleName()
        at.key(Qt.Key.Key_F8)
        page = at.window.ending
        assert at.window.frame.pages.currentWidget() is page
        assert QApplication.focusWidget() is page.back
        assert "longer than this force allows" in page.lead.text()
        at.key(Qt.Key.Key_Return)
        assert at.window.frame.pages.currentWidget() is at.window.workspace
        at.key(Qt.Key.Key_F8)
        page.go.click()
        assert at.told(LogOff) == [LogOff()]
        at.draw(working("custody"))
        assert at.window.frame.pages.currentWidget() is at.window.workspace


def test_an_end_to_come_opens_its_page_where_nobody_types(dressed: None) -> None:
    with terminal() as at:
        at.log_on(working())
        at.draw(working(ends=ends()))
        assert at.window.frame.pages.currentWidget() is at.window.ending
        assert not at.window.ending.nothing.isVisible()
        at.draw(working())
        assert at.window.frame.pages.currentWidget() is at.window.launchpad


def test_a_pin_is_offered_set_and_refused(dressed: None) -> None:
    with terminal() as at:
        at.log_on(working(pin_digits=4))
        worst = at.window.frame.strip.worst
        assert worst is not None
        assert worst.detail == "a PIN unlocks quicker: F9"
        at.key(Qt.Key.Key_F9)
        form = at.window.you.pin_form
        assert QApplication.focusWidget() is form.pin.edit
        at.type("12")
        at.key(Qt.Key.Key_Return)
        at.type("1234")
        at.key(Qt.Key.Key_Return)
        assert at.told(SetPin) == []
        assert "4 digits" in form.error.what.text()
        form.pin.set_text("4711")
        form.again.set_text("4712")
        at.key(Qt.Key.Key_Return)
        assert "not the same" in form.error.what.text()
        at.type("4711")
        at.key(Qt.Key.Key_Return)
        (sent,) = at.told(SetPin)
        assert isinstance(sent, SetPin)
        assert sent.pin.reveal() == "4711"
        assert (form.pin.text(), form.again.text()) == ("", "")
        refused = ErrorView("pin-refused", "That PIN is too easy.", "Choose another one.")
        at.draw(working(pin_digits=4, pin_error=refused, pin_attempt=1))
        assert form.error.what.text() == "That PIN is too easy."
        at.draw(working(pin_digits=4, pin_set=True, pin_attempt=2))
        assert form.drop.isVisible()
        form.drop.click()
        assert "holds now" in form.error.what.text()
        assert QApplication.focusWidget() is form.current.edit
        at.type("4711")
        form.drop.click()
        sent = [one for one in at.told(SetPin) if isinstance(one, SetPin)]
        assert [(one.pin.reveal(), one.current.reveal()) for one in sent] == [("4711", ""), ("", "4711")]
        wrong = ErrorView("pin-wrong", "That was not the PIN that holds now.", "Type it.")
        at.draw(working(pin_digits=4, pin_set=True, pin_error=wrong, pin_attempt=3))
        assert QApplication.focusWidget() is form.current.edit
        worst = at.window.frame.strip.worst
        assert worst is not None
        assert worst.detail == ""
        at.key(Qt.Key.Key_Escape)
        assert at.window.frame.pages.currentWidget() is at.window.launchpad


def test_tab_leads_from_one_pin_to_the_other_and_enter_shows_neither(dressed: None) -> None:
    with terminal() as at:
        at.log_on(working(pin_digits=4))
        at.key(Qt.Key.Key_F9)
        form = at.window.you.pin_form
        at.type("4711")
        at.key(Qt.Key.Key_Tab)
        at.type("4711")
        at.key(Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is form.primary
        at.key(Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is form.pin.eye
        form.again.edit.setFocus()
        at.key(Qt.Key.Key_Return)
        assert [one.pin.reveal() for one in at.told(SetPin) if isinstance(one, SetPin)] == ["4711"]


def test_a_station_without_pins_offers_none(dressed: None) -> None:
    with terminal() as at:
        at.log_on(working())
        at.key(Qt.Key.Key_F9)
        assert not at.window.you.pin_form.isVisible()
        assert QApplication.focusWidget() is at.window.you.leave
        at.key(Qt.Key.Key_Return)
        assert at.told(LogOff) == [LogOff()]


def test_a_page_that_has_crashed_is_not_all_well(dressed: None) -> None:
    with terminal() as at:
        at.open("custody")
        at.log_on(working("custody"))
        strip = at.window.frame.strip
        assert strip.worst is not None
        assert strip.worst.state is State.READY
        view = at.surfaces.widget("custody")
        assert isinstance(view, WebView)
        os.kill(view.page().renderProcessPid(), signal.SIGKILL)
        at.until(lambda: strip.worst is not None and strip.worst.state is State.FAILED)
        assert (strip.worst.system, strip.worst.text) == ("custody", "Custody Record failed")
        at.draw(working("custody"))  # another picture does not make it well again
        assert strip.worst.state is State.FAILED
        at.surfaces.reload("custody")
        at.until(lambda: strip.worst is not None and strip.worst.state is State.READY)


def test_the_tab_an_officer_turns_to_is_told(dressed: None) -> None:
    with terminal() as at:
        at.log_on(working("custody", "crime"))
        at.key(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
        settle()
        at.key(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
        at.key(Qt.Key.Key_Home, Qt.KeyboardModifier.AltModifier)
        told = [one.system for one in at.told(LookedAt) if isinstance(one, LookedAt)]
        assert told == ["custody", "crime", ""]


def test_touches_are_told_only_where_the_station_asks_for_them(dressed: None) -> None:
    with terminal() as at:
        at.log_on(working())

        def press() -> None:
            handle = at.window.windowHandle()
            assert handle is not None
            QTest.keyClick(handle, Qt.Key.Key_Shift)
            settle()

        press()
        assert at.told(Touched) == []
        at.draw(working(tells_touches=True))
        press()
        told = len(at.told(Touched))
        assert told == 1
        at.draw(working())
        press()
        assert len(at.told(Touched)) == told
