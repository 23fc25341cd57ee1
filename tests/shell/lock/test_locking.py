"""Locking hides the work and every other window at once; coming back finds it as it was left."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QMessageBox

from launcher.session.commands import GivePin, Lock, LockPainted, LogOff, LookedAt, WantProof, WorkResponds
from launcher.session.snapshot import EndSoonView
from launcher.timings.boot_clock import boot_time_s
from tests.shell.lock.terminal import Terminal, lock_view, shows, terminal, with_pin, working
from tests.shell.look.seeing import settle

ENDS = re.compile(r"Ends by itself at (\d\d:\d\d)\.")


def locked(at: Terminal, **parts: object) -> None:
    at.draw(working("custody", stage="locked", lock=with_pin(**parts)))


@pytest.mark.needs("browser-engine")
def test_locked_shows_nothing_of_the_work_and_coming_back_finds_it_as_it_was(dressed: None) -> None:
    with terminal() as at:
        at.log_on(working())
        at.open("custody")
        at.draw(working("custody"))
        at.window.workspace.show_system("custody")
        at.window.show_page(at.window.workspace)
        at.until(lambda: shows(at.seen()))
        focus = at.focused()
        detached = QLabel("the work, in a window of its own")
        detached.show()
        menu = QMenu(at.window)
        menu.addAction("the work, in a menu")
        menu.popup(at.window.mapToGlobal(at.window.rect().center()))
        settle()
        at.window.draw(working("custody", stage="locked", lock=with_pin()))
        # Before a single event: the same turn of the loop has hidden it all.
        assert not at.window.frame.isVisible()
        assert at.others() == []
        assert not shows(at.seen())
        at.until_told(LockPainted)
        at.until(lambda: QApplication.focusWidget() is at.window.lock.lock_form.pin.edit)
        late = QLabel("opened while locked")
        late.show()
        at.until(lambda: at.others() == [])
        at.draw(working("custody"))
        at.until_told(WorkResponds)
        at.until(lambda: shows(at.seen()))
        assert at.window.frame.pages.currentWidget() is at.window.workspace
        at.until(lambda: QApplication.focusWidget() is focus)
        assert detached.isVisible()
        assert late.isVisible()
        assert not menu.isVisible()
        # Chosen once, and seen again after the lock.
        assert at.told(LookedAt) == [LookedAt("custody")] * 2
        for label in (detached, late):
            label.close()
            label.deleteLater()


@pytest.mark.needs("browser-engine")
def test_behind_another_screen_there_is_no_window_and_resuming_shows_it_again(dressed: None) -> None:
    with terminal() as at:
        at.log_on(working())
        locked(at)
        at.until_told(LockPainted)
        locked(at, behind=True)
        assert not at.window.isVisible()
        at.draw(working())
        assert at.window.isVisible()
        at.until_told(WorkResponds)
        at.draw(working(stage="locked", lock=lock_view(behind=True)))
        assert not at.window.isVisible()
        assert len(at.told(LockPainted)) == 2
        # The other screen goes, and the PIN is typed after all: the session hears that its face is in front.
        at.draw(working(stage="locked", lock=with_pin()))
        assert at.window.isVisible()
        at.until_told(LockPainted, 3)
        at.draw(working(stage="locked", lock=lock_view()))
        assert at.window.isVisible()
        assert at.window.lock.isVisible()
        at.draw(working(stage="ending"))
        assert not at.window.isVisible()


@pytest.mark.needs("browser-engine")
def test_the_lock_key_works_on_pages_menus_and_questions(dressed: None) -> None:
    with terminal() as at:
        at.log_on(working())
        at.open("custody")
        at.draw(working("custody"))
        for page in (at.window.launchpad, at.window.workspace, at.window.timings, at.window.help):
            at.window.show_page(page)
            settle()
            at.key(Qt.Key.Key_F12)
        assert len(at.told(Lock)) == 4
        menu = QMenu(at.window)
        menu.addAction("anything")
        menu.popup(at.window.mapToGlobal(at.window.rect().center()))
        settle()
        QTest.keyClick(menu, Qt.Key.Key_F12)
        assert len(at.told(Lock)) == 5
        QTest.keyClick(menu, Qt.Key.Key_L, Qt.KeyboardModifier.MetaModifier)
        assert len(at.told(Lock)) == 6
        menu.close()
        question = QMessageBox(QMessageBox.Icon.Question, "A page", "asks", parent=at.window)
        answers: list[int] = []

        def press() -> None:
            at.until(question.isActiveWindow)
            QTest.keyClick(question, Qt.Key.Key_F12)
            at.window.draw(working("custody", stage="locked", lock=with_pin()))

        QTimer.singleShot(0, press)
        answers.append(question.exec())
        assert len(at.told(Lock)) == 7
        assert answers  # hidden and answered as by Escape, not left waiting
        assert at.others() == []
        # Locked already: the key has nothing to do.
        at.key(Qt.Key.Key_F12)
        at.key(Qt.Key.Key_L, Qt.KeyboardModifier.MetaModifier)
        assert len(at.told(Lock)) == 7
        at.draw(working("custody"))
        at.key(Qt.Key.Key_F12, Qt.KeyboardModifier.ShiftModifier)
        assert at.told(LogOff)


@pytest.mark.needs("browser-engine")
def test_the_pin_opens_it_until_its_time_is_over(dressed: None) -> None:
    with terminal() as at:
        at.log_on(working())
        locked(at)
        form = at.window.lock.lock_form
        assert form.heading.text() == "Locked by 4471"
        assert "A. Okafor, since" in form.lead.text()
        at.type("12ab34")
        assert form.pin.text() == "1234"
        at.key(Qt.Key.Key_Return)
        (given,) = at.told(GivePin)
        assert isinstance(given, GivePin)
        assert given.pin.reveal() == "1234"
        assert form.pin.text() == ""
        assert not form.not_you.button.isEnabled()  # nobody could take over yet, and the PIN would be lost to its owner
        assert "Possible in 4 min" in form.not_you.says.text()
        locked(at, pin_until=0.0)
        assert "Possible in" not in form.not_you.says.text()
        assert not form.pin.isVisible()
        assert at.focused() is form.primary
        at.key(Qt.Key.Key_Return)
        assert at.told(WantProof) == [WantProof()]
        form.not_you.button.click()
        assert at.told(WantProof)[-1] == WantProof(taking_over=True)


@pytest.mark.needs("browser-engine")
def test_what_would_be_lost_is_named_while_the_session_says_it(dressed: None) -> None:
    with terminal() as at:
        at.log_on(working())
        at.draw(working("custody", stage="locked", lock=with_pin(unsaved=("custody",), running=("plates",))))
        says = at.window.lock.lock_form.not_you.says
        assert "Custody Record, Number Plate Search" in says.text()
        lead = at.window.lock.lock_form.lead
        assert "Ends by itself" not in lead.text()
        at.draw(working(stage="locked", lock=with_pin(ends_at=boot_time_s() + 7200)))
        (late,) = ENDS.findall(lead.text())
        soon = EndSoonView("reset", boot_time_s() + 600, (), ())
        at.draw(working(stage="locked", lock=with_pin(ends_at=boot_time_s() + 7200), ends=soon))
        (sooner,) = ENDS.findall(lead.text())
        assert sooner != late
        locked(at)
        assert "Custody Record" not in says.text()


@pytest.mark.needs("browser-engine")
def test_a_second_lock_begins_anew(dressed: None) -> None:
    with terminal() as at:
        at.log_on(working())
        locked(at)
        at.type("12")
        at.draw(working())
        at.until_told(WorkResponds)
        locked(at)
        assert at.window.lock.lock_form.pin.text() == ""
        at.until_told(LockPainted, 2)
        assert QApplication.focusWidget() is at.window.lock.lock_form.pin.edit
