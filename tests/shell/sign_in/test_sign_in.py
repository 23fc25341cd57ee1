"""The sign-in screen: keyboard alone, what it tells the session, and what it does with each answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from launcher.secret import Secret
from launcher.session.commands import (
    CancelSignIn,
    ChangePassword,
    Command,
    SignInPainted,
    StartProvider,
    SubmitPassword,
    Typed,
)
from launcher.session.snapshot import ErrorView, MethodView, ServiceView, SignInView, Snapshot, StationView
from launcher.shell.frame import Clock
from launcher.shell.look import Look, State, current, pulse
from launcher.shell.sign_in import SignInScreen
from tests.shell.look.seeing import cut_texts, nameless, settle, too_small

PASSWORD = MethodView("directory", "Name and password", "password")
PROVIDER = MethodView("federated", "Force account", "provider")
LOCAL = MethodView("local", "This terminal", "password")
STATION = StationView("FD-02", "Front desk", "ext. 4100")
SINCE = datetime(2026, 11, 23, 2, 50).timestamp()  # noqa: DTZ001 - the wall clock of this computer, as shown
SERVICES = (
    ServiceView("directory", health="ready", since=SINCE),
    ServiceView("federated", "Force account", "degraded", SINCE),
)
WRONG = ErrorView(
    "password-not-accepted",
    "That name and password were not accepted.",
    "2 tries left before your account locks. Check Caps Lock, then type it again.",
    retryable=True,
)
GONE = ErrorView("directory-unreachable", "The directory cannot be reached.", "Wait a minute, then try again.")
MUST_CHANGE = ErrorView(
    "password-must-change", "Your password must be changed before you can go on.", "Choose a new password."
)
SHORT = ErrorView("new-password-too-short", "The new password is too short.", "Choose a longer one.")


def card(**parts: object) -> Snapshot:
    whole: dict[str, object] = {
        "methods": (PASSWORD, PROVIDER),
        "usual_ms": 3000.0,
        "systems_usual_ms": 17000.0,
        **parts,
    }
    return Snapshot("spare", STATION, SignInView(**whole), SERVICES)  # type: ignore[arg-type]


class Seen:
    """A sign-in screen and the commands it emitted."""

    def __init__(self, qtbot: QtBot, drawn: Snapshot, size: tuple[int, int] = (1280, 800)) -> None:
        self.qtbot = qtbot
        self.commands: list[Command] = []
        self.screen = SignInScreen(Clock(lambda: datetime(2025, 11, 23, 3, 12, tzinfo=UTC)))
        qtbot.addWidget(self.screen)
        self.screen.command.connect(self.commands.append)
        self.screen.draw(drawn)
        self.screen.resize(*size)
        self.screen.show()
        self.screen.activateWindow()
        qtbot.waitUntil(self.screen.isActiveWindow)
        settle()

    def draw(self, drawn: Snapshot) -> None:
        self.screen.draw(drawn)
        settle()

    def type(self, text: str) -> None:
        for letter in text:
            self.qtbot.keyClicks(self.focused(), letter)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.focused(), key, modifier)
        settle()

    def focused(self) -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    def told(self, kind: type[Command]) -> list[Command]:
        return [command for command in self.commands if isinstance(command, kind)]


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


def test_a_provider_beside_the_password_is_one_press_away(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card())
    seen.screen.password_form.other.click()
    assert seen.told(StartProvider) == [StartProvider("federated")]


def test_where_the_provider_comes_first_its_button_is_the_primary_one(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card(methods=(PROVIDER, PASSWORD)))
    form = seen.screen.password_form
    assert not form.name.isVisible()
    assert seen.focused() is form.primary
    assert form.primary.text() == "Log on with Force account"
    seen.press(Qt.Key.Key_Return)
    assert seen.told(StartProvider) == [StartProvider("federated")]
    form.other.click()
    assert seen.focused() is form.name.edit


def test_three_methods_are_chosen_by_arrows(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card(methods=(PASSWORD, PROVIDER, LOCAL)))
    seen.press(Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert seen.focused().accessibleName() == "Name and password"
    seen.press(Qt.Key.Key_Right)
    seen.press(Qt.Key.Key_Right)
    assert seen.screen.password_form.method is LOCAL
    seen.screen.password_form.name.set_text("4471")
    seen.screen.password_form.password.set_text("x")
    seen.screen.password_form.primary.click()
    assert seen.told(SubmitPassword) == [SubmitPassword("local", "4471", Secret("x"))]


def test_the_providers_page_is_lent_a_place_beneath_our_own_bar(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card())
    seen.draw(card(form="provider", surface="provider", busy=True))
    page = QLineEdit()
    page.setAccessibleName("The provider's page")
    seen.screen.lend_provider_page(page)
    seen.screen.provider_page.show_host("login.force.example")
    settle()
    assert page.isVisible()
    assert seen.focused() is page
    bar = seen.screen.provider_page.bar
    assert bar.geometry().bottom() < page.y()
    assert bar.name.text() == "Log on with Force account"
    assert bar.host.text() == "login.force.example"
    bar.cancel.click()
    assert seen.told(CancelSignIn) == [CancelSignIn()]
    seen.draw(card(attempt=1))
    assert not page.isVisible()
    assert seen.focused() is seen.screen.password_form.name.edit
    seen.screen.lend_provider_page(None)
    assert page.parent() is None
    # The next one is lent before the snapshot that shows its place.
    seen.screen.lend_provider_page(page)
    seen.draw(card(attempt=1, systems_usual_ms=1.0))
    seen.screen.provider_page.show_host("login.force.example")
    seen.draw(card(form="provider", surface="provider", busy=True, attempt=1))
    assert page.isVisible()
    assert seen.focused() is page
    page.deleteLater()
    settle()
    seen.screen.lend_provider_page(None)


def test_what_is_awaited_at_the_provider_is_said(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card())
    seen.draw(card(form="provider", surface="provider", busy=True))
    place = seen.screen.provider_page
    waiting = place.waiting
    assert waiting.isVisible()
    assert waiting.what.text() == "Opening Force account …"
    assert waiting.passed.text().endswith(" so far")
    assert seen.focused() is place.bar.cancel
    # A page that is lent is still white: the words stay over it until it has an address.
    page = QLineEdit()
    seen.screen.lend_provider_page(page)
    settle()
    assert waiting.isVisible()
    assert waiting.geometry().contains(page.geometry())
    assert place.childAt(page.geometry().center()) is not page
    assert seen.focused() is place.bar.cancel
    place.show_host("login.force.example")
    settle()
    assert not waiting.isVisible()
    assert place.childAt(page.geometry().center()) is page
    assert seen.focused() is page
    # The officer has logged on there: the page goes, the answer is checked.
    seen.screen.lend_provider_page(None)
    settle()
    assert waiting.isVisible()
    assert waiting.what.text() == "Checking your logon …"
    assert place.bar.host.text() == ""
    assert seen.focused() is place.bar.cancel
    # Also in the moment between the acceptance and the officer's own screen.
    seen.draw(card(form="provider"))
    assert waiting.what.text() == "Checking your logon …"
    seen.draw(card(error=GONE, attempt=1))
    assert not place.isVisible()
    # The next one begins anew.
    seen.draw(card(form="provider", surface="provider", busy=True, attempt=1))
    assert waiting.what.text() == "Opening Force account …"
    page.deleteLater()


def test_leaving_the_provider_is_not_called_checking(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card())
    seen.draw(card(form="provider", surface="provider", busy=True))
    page = QLineEdit()
    seen.screen.lend_provider_page(page)
    seen.screen.provider_page.show_host("login.force.example")
    settle()
    seen.screen.provider_page.bar.cancel.click()
    seen.screen.lend_provider_page(None)
    settle()
    assert seen.screen.provider_page.waiting.what.text() == "Going back …"
    seen.draw(card(attempt=1))
    seen.draw(card(form="provider", surface="provider", busy=True, attempt=1))
    assert seen.screen.provider_page.waiting.what.text() == "Opening Force account …"
    page.deleteLater()


def test_nothing_beats_while_no_provider_is_awaited(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card())
    seen.screen.furnish()
    spinner = seen.screen.provider_page.waiting.spinner
    assert not pulse().watched(spinner)
    seen.draw(card(form="provider", surface="provider", busy=True))
    assert pulse().watched(spinner)
    pulse().ticked.emit()
    seen.draw(card(attempt=1))
    assert not pulse().watched(spinner)


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


STATES = {
    "start": (),
    "wrong": ({"name": "4471", "error": WRONG, "attempt": 1},),
    "busy": ({"name": "4471", "busy": True},),
    "change": ({"name": "4471", "form": "change", "error": MUST_CHANGE, "attempt": 1},),
    "provider first": ({"methods": (PROVIDER, PASSWORD)},),
    "three": ({"methods": (PASSWORD, PROVIDER, LOCAL)},),
    "provider": ({"form": "provider", "surface": "provider", "busy": True},),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    ("size", "scale"),
    [
        ((1280, 800), 1.0),
        ((1024, 768), 1.0),
        ((800, 600), 1.0),
        ((1920, 1080), 1.0),
        ((1280, 800), 1.5),
        ((1280, 800), 2.0),
        ((1920, 1080), 2.0),
        ((1024, 768), 1.25),
    ],
)
def test_nothing_is_cut_or_nameless(qtbot: QtBot, state: str, size: tuple[int, int], scale: float) -> None:
    current().wear(Look("dark" if scale == 1.5 else "light", scale))
    seen = Seen(qtbot, card(), size)
    for parts in STATES[state]:
        seen.draw(card(**parts))
    assert nameless(seen.screen) == []
    assert cut_texts(seen.screen) == []
    assert too_small(seen.screen) == []
    # Whatever the size, what has the focus is in sight with its ring.
    ring = seen.screen.ring
    assert ring.isVisible()
    assert ring.whole


def test_the_look_can_change_while_the_screen_is_shown(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card(name="4471", error=WRONG, attempt=1))
    for worn in (Look("dark"), Look("dark", 2.0), Look("light", 1.0)):
        current().wear(worn)
        settle()
        assert cut_texts(seen.screen) == []
        assert seen.screen.panel.isVisible() is not worn.large
        assert seen.screen.band.isVisible() is worn.large
        assert seen.screen.strip.isVisible() is worn.large


def test_the_panel_says_where_this_is_what_works_and_whom_to_call(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card())
    texts = {
        QAccessible.queryAccessibleInterface(child).text(QAccessible.Text.Name)
        for child in seen.screen.panel.findChildren(QWidget)
    }
    assert {
        "03:12",
        "Sunday 23 November",
        "Front desk, terminal FD-02",
        "Log-on service: Ready",
        "Force account: Slow since 02:50",
        "Helpdesk: ext. 4100",
    } <= texts


def test_in_large_text_the_strip_says_what_the_panel_would(qtbot: QtBot) -> None:
    current().wear(Look(scale=2.0))
    seen = Seen(qtbot, card())
    assert seen.screen.strip.worst is not None
    assert seen.screen.strip.worst.state is State.DEGRADED
    assert [text.text() for text in seen.screen.strip.facts.texts] == ["ext. 4100", "FD-02"]


def test_where_nothing_is_known_of_the_services_the_strip_does_not_say_all_well(qtbot: QtBot) -> None:
    current().wear(Look(scale=2.0))
    seen = Seen(qtbot, replace(card(), services=()))
    strip = seen.screen.strip
    assert strip.isVisible()
    assert strip.worst is None
    assert not strip.worst_line.isVisible()
    assert [text.text() for text in strip.facts.texts if text.isVisible()] == ["ext. 4100", "FD-02"]
    assert nameless(seen.screen) == []
    assert cut_texts(seen.screen) == []


def test_no_secret_stays_in_the_clipboard_by_copying(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card(name="4471"))
    seen.type("secret")
    QGuiApplication.clipboard().clear()
    seen.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    seen.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == ""


def test_help_opens_on_the_paper_at_the_page_of_the_error_and_goes_back(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card(name="4471", error=WRONG, attempt=1))
    seen.screen.help_wanted.connect(seen.screen.show_help)
    seen.type("half")
    seen.press(Qt.Key.Key_F1)
    assert seen.screen.help.reference == "password-not-accepted"
    assert seen.screen.panel.isVisible()
    seen.draw(card(name="4471", error=WRONG, attempt=1))
    assert seen.screen.help.isVisible()
    seen.press(Qt.Key.Key_Escape)
    assert seen.focused() is seen.screen.password_form.password.edit
    assert seen.screen.password_form.password.text() == "half"
    assert seen.told(CancelSignIn) == []


def test_focus_given_to_the_screen_goes_where_the_officer_goes_on(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card(name="4471"))
    seen.screen.password_form.primary.setFocus()
    seen.screen.setFocus()
    assert seen.focused() is seen.screen.password_form.password.edit
