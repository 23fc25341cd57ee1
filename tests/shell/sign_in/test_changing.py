"""A password that must change is changed on the screen, with the keyboard alone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from launcher.secret import Secret
from launcher.session.commands import CancelSignIn, ChangePassword
from tests.shell.sign_in.seen import MUST_CHANGE, SHORT, Seen, card


def changing(qtbot: QtBot) -> Seen:
    seen = Seen(qtbot, card(name="4471"))
    seen.draw(card(name="4471", form="change", error=MUST_CHANGE, attempt=1))
    return seen


def test_a_password_that_must_change_is_changed_with_the_keyboard_alone(qtbot: QtBot) -> None:
    seen = changing(qtbot)
    form = seen.screen.change_form
    assert seen.focused() is form.current.edit
    assert form.error.isVisible()
    assert not form.error.reference.isVisible()
    assert form.reference == "password-must-change"
    assert not any(field.box.at_fault for field in form.fields)
    for text in ("old one", "three new words", "three new words"):
        seen.type(text)
        seen.press(Qt.Key.Key_Return)
    assert seen.told(ChangePassword) == [ChangePassword("4471", Secret("old one"), Secret("three new words"))]


def test_two_new_passwords_that_differ_are_told_before_anything_is_sent(qtbot: QtBot) -> None:
    seen = changing(qtbot)
    form = seen.screen.change_form
    for text in ("old one", "three new words", "three new wordz"):
        seen.type(text)
        seen.press(Qt.Key.Key_Return)
    assert seen.told(ChangePassword) == []
    assert form.again.box.at_fault
    assert form.again.text() == ""
    assert form.new.text() == "three new words"
    assert seen.focused() is form.again.edit
    form.again.set_text("three new words")
    form.new.set_text("old one")
    form.again.set_text("old one")
    form.primary.click()
    assert form.new.box.at_fault
    assert seen.told(ChangePassword) == []


def test_a_new_password_that_is_refused_is_at_fault(qtbot: QtBot) -> None:
    seen = changing(qtbot)
    seen.draw(card(name="4471", form="change", error=SHORT, attempt=2))
    form = seen.screen.change_form
    assert form.new.box.at_fault
    assert form.error.reference.text() == "new-password-too-short"
    assert form.empty()


def test_changing_can_be_left(qtbot: QtBot) -> None:
    seen = changing(qtbot)
    seen.press(Qt.Key.Key_Escape)
    assert seen.told(CancelSignIn) == [CancelSignIn()]
    seen.draw(card(name="4471", attempt=2))
    assert seen.screen.password_form.isVisible()
    assert seen.focused() is seen.screen.password_form.password.edit
    assert seen.screen.change_form.empty()
