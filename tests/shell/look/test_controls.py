from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from launcher.shell.look import (
    Button,
    Chrome,
    ErrorPanel,
    FieldBox,
    FocusRing,
    Ground,
    Group,
    Kind,
    LineField,
    Look,
    Plate,
    ProgressSegments,
    Segmented,
    State,
    StateBadge,
    Step,
    Text,
    Type,
    broken,
    current,
    look,
    monogram,
    pulse,
    ring_margin,
    scrolling,
    shown_share,
)
from tests.shell.look.seeing import cut_texts, nameless, settle


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Custody Record", "CR"),
        ("Register of Firearms", "RF"),
        ("The Duty Desk", "DD"),
        ("Fire & Rescue Link", "FR"),
        ("PNC", "PNC"),
        ("ANPR Search", "ANPR"),
        ("HR Records", "HR"),
        ("Warrants", "WA"),
        ("Body-worn Video Review", "BW"),
        ("", "?"),
        ("of the", "?"),
    ],
)
def test_a_monogram_follows_the_rules(name: str, letters: str) -> None:
    assert monogram(name) == letters


def gallery() -> QWidget:
    window = Ground()
    column = QVBoxLayout(window)
    for kind in Kind:
        column.addWidget(Button(f"Button {kind.value}", kind, icon="headset", key="F1"))
    search = FieldBox(icon="magnifying-glass", on_chrome=True)
    search.edit.setAccessibleName("Find a system")
    search.add_clear("Clear")
    column.addWidget(search)
    column.addWidget(LineField("Password", secret=True))
    panel = ErrorPanel()
    panel.tell("What happened.", "What to do.", "some-reference")
    column.addWidget(panel)
    column.addWidget(Plate("Custody Record", Group.STEEL, "keyhole"))
    for state in State:
        column.addWidget(StateBadge(state))
    column.addWidget(Segmented("Which systems", ["All", "Mine"]))
    column.addWidget(ProgressSegments("Opening"))
    column.addWidget(Text("A sentence that is wrapped. " * 8, wrap=True))
    return window


@pytest.mark.parametrize(
    "worn", [Look(), Look("dark", 1.5), Look("light", 2.0), Look("dark", 2.0, reduced_motion=True)]
)
def test_every_control_has_a_name_and_room_for_its_text(qtbot: QtBot, worn: Look) -> None:
    current().wear(worn)
    window = gallery()
    qtbot.addWidget(window)
    window.show()
    layout = window.layout()
    assert layout is not None
    window.resize(1000, layout.totalHeightForWidth(1000))
    settle()
    assert not window.grab().isNull()
    assert nameless(window) == []
    assert cut_texts(window) == []


def test_roles_are_those_of_the_real_controls(qtbot: QtBot) -> None:
    window = gallery()
    qtbot.addWidget(window)
    window.show()
    roles = {
        type(child).__name__: QAccessible.queryAccessibleInterface(child).role()
        for child in window.findChildren(QWidget)
    }
    assert roles["Button"] == QAccessible.Role.Button
    assert roles["LineEdit"] == QAccessible.Role.EditableText
    assert roles["Segment"] == QAccessible.Role.RadioButton
    assert roles["ProgressSegments"] == QAccessible.Role.ProgressBar
    assert roles["Text"] == QAccessible.Role.StaticText


def test_touch_targets_are_large_enough(qtbot: QtBot) -> None:
    window = gallery()
    qtbot.addWidget(window)
    for button in window.findChildren(Button):
        assert button.sizeHint().height() >= 44
        assert button.sizeHint().height() >= 60 or button.kind is not Kind.PRIMARY
    big = Button("Open my systems", Kind.PRIMARY, height=68)
    assert big.sizeHint().height() == 68


def test_enter_and_space_press_a_button(qtbot: QtBot) -> None:
    button = Button("Log on", Kind.PRIMARY)
    qtbot.addWidget(button)
    pressed: list[int] = []
    button.clicked.connect(lambda: pressed.append(1))
    button.show()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
        qtbot.keyClick(button, key)
    assert len(pressed) == 3


def test_a_busy_button_says_so_and_takes_no_clicks(qtbot: QtBot) -> None:
    button = Button("Log on", Kind.PRIMARY)
    qtbot.addWidget(button)
    pressed: list[int] = []
    button.clicked.connect(lambda: pressed.append(1))
    button.show()
    button.set_busy("Logging on, about 3 s")
    assert button.accessibleName() == "Logging on, about 3 s"
    assert pulse().watched(button)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        qtbot.keyClick(button, key)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == []
    button.set_busy("")
    assert not pulse().watched(button)
    assert button.accessibleName() == "Log on"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(pressed) == 1


def test_an_icon_only_button_keeps_its_name(qtbot: QtBot) -> None:
    button = Button("Help", Kind.CHROME, icon="headset")
    qtbot.addWidget(button)
    button.set_icon_only(True)
    assert (button.accessibleName(), button.toolTip()) == ("Help", "Help")
    assert button.sizeHint().width() == button.sizeHint().height()


def test_the_eye_shows_and_hides_the_password(qtbot: QtBot) -> None:
    field = LineField("Password", secret=True)
    qtbot.addWidget(field)
    field.show()
    assert field.eye is not None
    field.eye.click()
    assert field.edit.echoMode() == QLineEdit.EchoMode.Normal
    assert field.eye.accessibleName() == "Hide password"
    field.set_text("s3cret")
    field.forget()
    assert field.edit.echoMode() == QLineEdit.EchoMode.Password
    field.eye.click()
    field.edit.undo()
    assert field.text() == ""


def test_paste_into_a_password_is_allowed(qtbot: QtBot) -> None:
    field = LineField("Password", secret=True)
    qtbot.addWidget(field)
    QGuiApplication.clipboard().setText("pasted")
    field.edit.paste()
    assert field.text() == "pasted"
    QGuiApplication.clipboard().clear()


def test_caps_lock_is_said(qtbot: QtBot) -> None:
    field = LineField("Password", secret=True)
    qtbot.addWidget(field)
    field.show()
    qtbot.keyClick(field.edit, Qt.Key.Key_A)
    assert not field.caps_notice.isVisible()
    # A capital without Shift can only come from Caps Lock.
    qtbot.keyPress(field.edit, "A", Qt.KeyboardModifier.NoModifier)
    assert field.caps_notice.isVisible()
    qtbot.keyClick(field.edit, Qt.Key.Key_CapsLock)
    assert not field.caps_notice.isVisible()


def test_the_error_panel_says_what_happened_and_copies_its_reference(qtbot: QtBot) -> None:
    panel = ErrorPanel()
    qtbot.addWidget(panel)
    panel.tell("Password not accepted.", "Type it again.", "password-wrong")
    panel.resize(480, panel.heightForWidth(480))
    panel.show()
    assert panel.accessibleName() == "Password not accepted. Type it again."
    assert QAccessible.queryAccessibleInterface(panel).text(QAccessible.Text.Name) == panel.accessibleName()
    panel.copy_button.click()
    assert QGuiApplication.clipboard().text() == "password-wrong"
    QGuiApplication.clipboard().clear()
    panel.tell("Something else.")
    assert not panel.reference.isVisible()


def test_a_segmented_control_is_chosen_by_arrows(qtbot: QtBot) -> None:
    control = Segmented("Which systems", ["All", "Mine", "Open"])
    qtbot.addWidget(control)
    control.show()
    chosen: list[int] = []
    control.chosen.connect(chosen.append)
    control.set_count(1, 14)
    assert control.segments[1].accessibleName() == "Mine 14"
    for key in (Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(control.segments[control.index], key)
    assert chosen == [1, 2, 1]
    assert control.index == 1
    assert control.segments[1].isChecked()


def test_progress_counts_what_is_ready_and_is_never_full_before() -> None:
    bar = ProgressSegments("Opening")
    bar.show_steps([Step(State.READY), Step(State.OPENING, 0.5), Step()])
    assert (bar.value(), bar.maximum()) == (1, 3)
    assert shown_share(1.4) < 1.0
    current().wear(Look(reduced_motion=True))
    assert shown_share(0.57) == 0.5
    assert pulse().turn() == 0.0


def test_the_ring_goes_outside_the_focused_control_and_is_cut_at_its_scroll_area(qtbot: QtBot) -> None:
    content = QWidget()
    column = QVBoxLayout(content)
    buttons = [Button(f"Button {at}") for at in range(30)]
    for button in buttons:
        column.addWidget(button)
    window = Ground()
    layout = QVBoxLayout(window)
    area = scrolling(content)
    layout.addWidget(area)
    ring = FocusRing(window)
    qtbot.addWidget(window)
    window.resize(400, 300)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    buttons[25].setFocus()
    settle()
    margin = ring_margin()
    around = QRect(buttons[25].mapTo(window, QPoint(0, 0)), buttons[25].size()).adjusted(
        -margin, -margin, margin, margin
    )
    assert ring.isVisible()
    assert ring.geometry() == around
    # The control that has the focus is wholly in sight, with its ring.
    assert QRect(area.mapTo(window, QPoint(0, 0)), area.size()).contains(around)
    QApplication.clipboard().clear()


def test_the_ring_is_white_on_chrome(qtbot: QtBot) -> None:
    window = Ground()
    chrome = Chrome()
    QVBoxLayout(window).addWidget(chrome)
    button = Button("Log off", Kind.CHROME)
    QVBoxLayout(chrome).addWidget(button)
    ring = FocusRing(window)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    button.setFocus()
    settle()
    assert ring.shape is not None
    assert ring.shape.on_chrome
    image = window.grab().toImage()
    middle = ring.geometry().center().y()
    assert image.pixelColor(ring.geometry().left() + 1, middle) == look().colours.chrome_ring


@pytest.mark.usefixtures("qapp")
def test_a_number_stays_with_its_unit() -> None:
    room = look().width(Type.BODY, "It is there within 10 ")
    assert broken("It is there within 10 s.", Type.BODY, room) == ("It is there within", "10 s.")
    assert broken("It is there within 10 sessions", Type.BODY, room) == ("It is there within 10", "sessions")
