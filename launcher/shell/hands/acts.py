"""What an officer can be told to do: each act is a generator that presses keys and yields what it waits for."""

from __future__ import annotations

import json
import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from launcher.session.commands import OpenSystem
from launcher.session.snapshot import Snapshot
from launcher.shell.hands.awaited import faults_of, has_ended_opening, now_of, shows
from launcher.shell.hands.orders import Act, CannotDoError, Condition, Order, Outcome
from launcher.shell.hands.seen import edited, page_of
from launcher.shell.look import word
from launcher.shell.window import Window

ISOLATED = 1
"""The world of the page's scripts that its own do not see."""


def begin(window: Window, order: Order) -> Act:
    """Return the act that is to be carried out."""
    match order.act:
        case "log-on" | "unlock":
            return _log_on(window, order)
        case "set-pin":
            return _set_pin(window, order)
        case "pin":
            return _pin(window, order)
        case "lock":
            return _lock(window)
        case "load-again":
            return _load_again(window)
        case "open-my-systems":
            return _open_my_systems(window)
        case "open":
            return _open(window, order.system)
        case "look":
            return _nothing()
        case "await":
            return _await(window, order)
        case "want-proof":
            return _press_on(window, "lock-password", lambda: not window.isVisible())
        case "not-me":
            return _press_on(window, "lock-take-over", lambda: not window.isVisible())
        case "take-over":
            return _press_on(window, "over-take-over", lambda: (now := now_of(window)).over and now.over.taking_over)
        case "leave-locked":
            return _press_on(window, "over-leave", lambda: True)
        case "wait-on":
            return _press_on(window, "cover-wait", lambda: (now := now_of(window)).cover and now.cover.waiting)
        case "end-it":
            return _press_on(window, "cover-end", lambda: _stage(window) == "signing-in")
        case "confirm":
            return _confirm(window)
        case "log-off":
            return _log_off(window)
        case "type-into":
            return _type_into(window, order)
        case "type":
            return _type(window, order)
        case "copy":
            return _copy(order.text)
        case "picture":
            return _picture(window, order.file)
        case (
            "bring-here" | "leave-elsewhere" | "read-message" | "ask-help" | "leave-help" | "tell-helpdesk"
            | "second-refuse"
        ):  # fmt: skip
            from launcher.shell.hands.hub_acts import begin_at_hub

            return begin_at_hub(window, order)
        case _:
            from launcher.shell.hands.helpdesk_acts import begin_at_helpdesk

            return begin_at_helpdesk(window, order)


# --- between people


def _log_on(window: Window, order: Order) -> Act:
    yield lambda: _stage(window) == "signing-in" and window.sign_in.isVisible()
    form = window.sign_in.password_form
    attempt = now_of(window).sign_in.attempt
    name = form.name.edit
    if order.user_name and name.text() != order.user_name:
        name.setFocus(Qt.FocusReason.TabFocusReason)
        name.selectAll()
        QTest.keyClicks(name, order.user_name)
    typed_at = time.monotonic() + order.typing_s
    yield lambda: time.monotonic() >= typed_at
    password = form.password.edit
    QTest.keyClicks(password, order.secret.get_secret_value())
    QTest.keyClick(password, Qt.Key.Key_Return)
    yield lambda: _proof_answered(window, attempt)
    now = now_of(window)
    if now.stage == "signing-in" and now.sign_in.error is not None and not _asked_to_take_over(now):
        return Outcome(False, now.sign_in.error.reference)
    return Outcome()


def _proof_answered(window: Window, attempt: int) -> bool:
    now = now_of(window)
    if now.stage != "signing-in":
        # At work, or claimed: the locked session goes on and this one ends.
        return now.stage == "ending" or (now.stage == "signed-in" and window.launchpad.isVisible())
    card = now.sign_in
    return _asked_to_take_over(now) or (card.attempt != attempt and card.error is not None and not card.busy)


def _asked_to_take_over(now: Snapshot) -> bool:
    return now.over is not None and now.over.proved is not None


def _lock(window: Window) -> Act:
    yield lambda: _stage(window) == "signed-in"
    _press_ours(window, Qt.Key.Key_F12)
    yield lambda: _stage(window) == "locked"
    return Outcome()


def _set_pin(window: Window, order: Order) -> Act:
    yield lambda: _stage(window) == "signed-in"
    _press_ours(window, Qt.Key.Key_F9)
    yield lambda: _part(window, "you-pin").isVisible()
    attempt = now_of(window).pin_attempt
    for name in ("you-pin", "you-pin-again"):
        field = _part(window, name)
        field.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClicks(field, order.secret.get_secret_value())
    _press(window, "you-pin-set")
    yield lambda: now_of(window).pin_set or now_of(window).pin_attempt != attempt
    error = now_of(window).pin_error
    return Outcome() if error is None else Outcome(False, error.reference)


def _pin(window: Window, order: Order) -> Act:
    yield lambda: _stage(window) == "locked" and _part(window, "lock-pin").isVisible()
    lock = now_of(window).lock
    attempt = lock.attempt if lock is not None else 0
    field = _part(window, "lock-pin")
    QTest.keyClicks(field, order.secret.get_secret_value())
    QTest.keyClick(field, Qt.Key.Key_Return)

    def answered() -> bool:
        now = now_of(window)
        return now.stage != "locked" or (now.lock is not None and now.lock.attempt != attempt and not now.lock.busy)

    yield answered
    now = now_of(window)
    if now.lock is not None and now.stage == "locked":
        return Outcome(False, now.lock.error.reference if now.lock.error else "still locked")
    return Outcome()


def _press_on(window: Window, name: str, then: Condition) -> Act:
    yield lambda: _part(window, name).isVisible() and _part(window, name).isEnabled()
    _press(window, name)
    yield then
    return Outcome()


def _confirm(window: Window) -> Act:
    yield lambda: _part(window, "over-confirm").isVisible()
    _press(window, "over-confirm")
    yield lambda: _stage(window) == "signed-in" and window.launchpad.isVisible()
    return Outcome()


# --- at work


def _open_my_systems(window: Window) -> Act:
    yield lambda: _stage(window) == "signed-in" and window.launchpad.isVisible()
    QTest.keyClick(_focused(window), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    yield lambda: _settled(now_of(window))
    return Outcome()


def _settled(now: Snapshot) -> bool:
    return now.round is not None and now.round.took_ms is not None


def _open(window: Window, system: str) -> Act:
    yield lambda: _stage(window) == "signed-in"
    window.launchpad.command.emit(OpenSystem(system))
    yield lambda: has_ended_opening(now_of(window), system)
    return Outcome()


def _type_into(window: Window, order: Order) -> Act:
    """Type into a field of a system's page, so that it is edited and not sent."""
    if not has_ended_opening(now_of(window), order.system):
        raise CannotDoError(f"{order.system} is not open")
    window.launchpad.command.emit(OpenSystem(order.system))
    view = page_of(window, order.system)
    if view is None:
        raise CannotDoError(f"{order.system} shows no page")
    yield view.isVisible
    focused: list[object] = []
    view.page().runJavaScript(
        f"(() => {{ const field = document.querySelector({json.dumps(order.field)}); field.focus();"
        " return document.activeElement === field; })()",
        ISOLATED,
        focused.append,
    )
    yield lambda: focused
    if focused != [True]:
        raise CannotDoError(f"{order.field} is not on the page of {order.system}")
    QTest.keyClicks(view.focusProxy() or view, order.text)
    yield lambda: order.system in edited(window)
    return Outcome()


def _load_again(window: Window) -> Act:
    """Press the way on that a page's fault offers."""
    yield lambda: faults_of(window)
    wanted = word("workspace.load_again")
    buttons = [one for panel in faults_of(window) for one in panel.findChildren(QPushButton) if one.text() == wanted]
    if not buttons:
        raise CannotDoError("no page can be loaded again")
    buttons[0].click()
    return Outcome()


def _log_off(window: Window) -> Act:
    yield lambda: _stage(window) == "signed-in"
    window.frame.top_bar.log_off.emit()
    yield lambda: now_of(window).leaving is not None or _stage(window) == "ending"
    if now_of(window).leaving is not None:
        window.leaving.go.click()
    yield lambda: _stage(window) == "ending"
    return Outcome()


# --- looking


def _nothing() -> Act:
    yield from ()
    return Outcome()


def _await(window: Window, order: Order) -> Act:
    yield lambda: shows(window, order.what, order.systems)
    return Outcome()


def _type(window: Window, order: Order) -> Act:
    """Type over what stands in a field of the sign-in screen; a tab at the end leaves it."""
    yield from ()
    form = window.sign_in.password_form
    edit = form.name.edit if order.field == "name" else form.password.edit
    edit.setFocus(Qt.FocusReason.TabFocusReason)
    edit.selectAll()
    QTest.keyClicks(edit, order.text.removesuffix("\t"))
    if order.text.endswith("\t"):
        # Leaving the field may end this process: what was typed is answered first.
        QTest.keyClick(edit, Qt.Key.Key_Tab, delay=0)
    return Outcome()


def _copy(text: str) -> Act:
    yield from ()
    QApplication.clipboard().setText(text)
    return Outcome()


def _picture(window: Window, file: Path | None) -> Act:
    yield from ()
    window.grab().save(str(file))
    return Outcome()


def _stage(window: Window) -> str:
    return window.snapshot.stage if window.snapshot is not None else ""


def _focused(window: Window) -> QWidget:
    return QApplication.focusWidget() or window


def _press_ours(window: Window, key: Qt.Key) -> None:
    """Press a function key of the launcher's, with Ctrl where a host has the plain one, as the bar says."""
    modifiers = Qt.KeyboardModifier
    plain = window.frame.top_bar.lock_button.key == word("key.lock")
    QTest.keyClick(_focused(window), key, modifiers.NoModifier if plain else modifiers.ControlModifier)


def _part(window: Window, name: str) -> QWidget:
    """Return the one part of the screens that has this name."""
    part = window.findChild(QWidget, name)
    if not isinstance(part, QWidget):
        raise CannotDoError(f"there is no {name} on the screen")
    return part


def _press(window: Window, name: str) -> None:
    button = _part(window, name)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button, Qt.Key.Key_Space)
