"""The sign-in screen: keyboard alone, what it tells the session, and what it does with each answer."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from launcher.secret import Secret
from launcher.session.commands import CancelSignIn, SignInPainted, SubmitPassword, Typed
from tests.shell.look.seeing import settle
from tests.shell.sign_in.seen import GONE, WRONG, Seen, card


def test_an_officer_logs_on_with_the_keyboard_alone(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card())
    form = seen.screen.password_form
    assert seen.focused() is form.name.edit
    seen.type("4471")
    seen.press(Qt.Key.Key_Return)
    assert seen.focused() is form.password.edit
    seen.type("correct horse")
    seen.press(Qt.Key.Key_Return)
    assert seen.told(SubmitPassword) == [SubmitPassword("directory", "4471", Secret("correct horse"))]


def test_tab_reaches_every_control_in_reading_order(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card())
    names = []
    for _ in range(6):
        names.append(seen.focused().accessibleName())
        seen.press(Qt.Key.Key_Tab)
    assert names == [
        "Collar number or user name",
        "Password",
        "Show password",
        "Log on",
        "Log on with Force account",
        "Get help",
    ]
    assert seen.focused().accessibleName() == "Collar number or user name"


def test_the_session_hears_that_something_was_typed_and_that_the_name_was_left(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card())
    seen.type("44")
    seen.press(Qt.Key.Key_Backspace)
    seen.press(Qt.Key.Key_Backspace)
    seen.type("7")
    seen.press(Qt.Key.Key_Tab)
    seen.type("x")
    assert seen.told(Typed) == [
        Typed("4"),
        Typed("44"),
        Typed("4"),
        Typed("", empty=True),
        Typed("7"),
        Typed("7", left_name=True),
        Typed("7"),
    ]


def test_the_session_hears_once_that_the_screen_is_painted(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card())
    qtbot.waitUntil(lambda: bool(seen.told(SignInPainted)))
    seen.screen.update()
    settle()
    assert seen.told(SignInPainted) == [SignInPainted()]


def test_a_prefilled_name_leaves_the_password_to_type(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card(name="4471", focus="secret"))
    assert seen.screen.password_form.name.text() == "4471"
    assert seen.focused() is seen.screen.password_form.password.edit


def test_nothing_is_sent_with_an_empty_field(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card())
    form = seen.screen.password_form
    form.primary.click()
    assert form.error.what.text() == "Type your collar number or user name."
    assert seen.focused() is form.name.edit
    seen.type("4471")
    form.primary.click()
    assert seen.focused() is form.password.edit
    assert form.password.box.at_fault
    assert seen.told(SubmitPassword) == []


def test_while_the_answer_is_awaited_the_button_says_how_long_and_escape_cancels(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card(name="4471"))
    form = seen.screen.password_form
    seen.type("secret")
    seen.press(Qt.Key.Key_Return)
    # The screen keeps no password it has sent; the dots in its place are a placeholder.
    assert form.password.text() == ""
    assert form.password.edit.placeholderText()
    seen.draw(card(name="4471", busy=True))
    assert form.primary.accessibleName() == "Logging on, about 3 s"
    assert form.cancel.isVisible()
    assert not form.other.isVisible()
    seen.press(Qt.Key.Key_Return)
    seen.type("more")
    assert form.password.text() == ""
    assert len(seen.told(SubmitPassword)) == 1
    seen.press(Qt.Key.Key_Escape)
    assert seen.told(CancelSignIn) == [CancelSignIn()]
    seen.draw(card(name="4471", attempt=1))
    assert form.primary.accessibleName() == "Log on"
    assert form.password.edit.placeholderText() == ""
    assert not form.cancel.isVisible()


def test_without_a_usual_time_the_button_still_says_what_happens(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card(usual_ms=0.0, systems_usual_ms=0.0, busy=True))
    assert seen.screen.password_form.primary.accessibleName() == "Logging on"
    assert seen.screen.password_form.lead.text() == "Your systems open next."


def test_a_wrong_password_keeps_the_name_and_clears_and_focuses_the_password(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card(name="4471"))
    form = seen.screen.password_form
    seen.type("wrong")
    seen.draw(card(name="4471", busy=True))
    seen.draw(card(name="4471", error=WRONG, attempt=1))
    assert form.name.text() == "4471"
    assert form.password.text() == ""
    assert seen.focused() is form.password.edit
    assert form.password.box.at_fault
    assert not form.name.box.at_fault
    assert form.error.isVisible()
    assert form.error.what.text() == WRONG.what
    assert "2 tries left" in form.error.next_step.text()
    assert form.error.reference.text() == "password-not-accepted"
    assert form.error.y() < form.name.y()
    assert form.password.edit.accessibleDescription() == WRONG.what
    asked: list[str] = []
    seen.screen.help_wanted.connect(asked.append)
    seen.press(Qt.Key.Key_F1)
    form.help.click()
    assert asked == ["password-not-accepted"] * 2
    seen.draw(card(name="4471", attempt=1))
    assert not form.error.isVisible()


def test_the_password_is_cleared_once_for_each_answer_not_at_each_drawing(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card(name="4471", error=WRONG, attempt=1))
    seen.type("again")
    seen.draw(card(name="4471", error=WRONG, attempt=1, systems_usual_ms=9000.0))
    assert seen.screen.password_form.password.text() == "again"
    seen.draw(card(name="4471", error=WRONG, attempt=2))
    assert seen.screen.password_form.password.text() == ""


def test_a_dead_directory_puts_no_field_at_fault(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card(name="4471", error=GONE, attempt=1))
    form = seen.screen.password_form
    assert form.error.isVisible()
    assert not any(field.box.at_fault for field in form.fields)


def test_caps_lock_is_said_beneath_the_password(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card(name="4471"))
    qtbot.keyPress(seen.focused(), "Q", Qt.KeyboardModifier.NoModifier)
    assert seen.screen.password_form.password.caps_notice.isVisible()


def test_focus_given_to_the_screen_goes_where_the_officer_goes_on(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card(name="4471"))
    seen.screen.password_form.primary.setFocus()
    seen.screen.setFocus()
    assert seen.focused() is seen.screen.password_form.password.edit
