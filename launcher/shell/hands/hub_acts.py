"""What an officer does with what comes from the hub: brings a session here, reads, asks for help, tells of an error."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from launcher.session.snapshot import Snapshot
from launcher.shell.hands.orders import Act, CannotDoError, Order, Outcome
from launcher.shell.hub.message_page import MessagePage
from launcher.shell.look import TellRow
from launcher.shell.window import Window


def begin_at_hub(window: Window, order: Order) -> Act:
    """Return the act that is to be carried out."""
    match order.act:
        case "bring-here":
            return _bring(window)
        case "leave-elsewhere":
            return _leave(window)
        case "read-message":
            return _read(window)
        case "ask-help":
            return _ask(window)
        case "leave-help":
            return _leave_help(window)
        case "tell-helpdesk":
            return _tell(window)
        case "second-refuse":
            return _refuse(window)
        case _:
            raise CannotDoError(f"nothing is known by {order.act}")


def _bring(window: Window) -> Act:
    yield lambda: _can_press(window, "elsewhere-bring")
    _button(window, "elsewhere-bring").click()
    yield lambda: (bring := _now(window).bring) is not None and bring.state in ("done", "failed")
    bring = _now(window).bring
    error = bring.error if bring is not None else None
    return Outcome() if error is None else Outcome(False, error.detail or error.reference)


def _leave(window: Window) -> Act:
    yield lambda: _can_press(window, "elsewhere-leave")
    before = len(_now(window).elsewhere), _now(window).bring
    _button(window, "elsewhere-leave").click()
    yield lambda: (len(_now(window).elsewhere), _now(window).bring) != before
    return Outcome()


def _read(window: Window) -> Act:
    page = window.findChild(MessagePage)
    yield lambda: page is not None and page.read.isVisible() and page.stands
    before = len(_now(window).messages)
    _button(window, "message-read").click()
    yield lambda: len(_now(window).messages) < before
    return Outcome()


def _ask(window: Window) -> Act:
    """Open the help, as F1 does, and wait for letters."""
    match _now(window).stage:
        case "signed-in":
            window.frame.top_bar.help_wanted.emit()
        case "locked":
            window.lock.help_wanted.emit("")
        case _ if _now(window).cover is None:
            window.sign_in.help_wanted.emit(window.sign_in.form.reference)
    yield lambda: _now(window).letters is not None
    return Outcome()


def _leave_help(window: Window) -> Act:
    page = {"signed-in": lambda: window.help, "locked": lambda: window.lock.help}.get(
        _now(window).stage, lambda: window.sign_in.help
    )()
    page.closed.emit()
    yield lambda: _now(window).letters is None
    return Outcome()


def _tell(window: Window) -> Act:
    """Press the first "Tell the helpdesk" that can be seen, and wait for the number."""

    def rows() -> list[TellRow]:
        return [row for row in window.findChildren(TellRow) if row.button.isVisible() and not row.button.busy]

    yield rows
    before = tuple(one for one in _now(window).told if not one.busy)
    rows()[0].button.click()
    yield lambda: any(not one.busy and one not in before for one in _now(window).told)
    told = next(one for one in _now(window).told if not one.busy and one not in before)
    return Outcome() if told.error is None else Outcome(False, told.error.detail or told.error.reference)


def _refuse(window: Window) -> Act:
    yield lambda: _can_press(window, "second-refuse")
    _button(window, "second-refuse").click()
    yield lambda: _now(window).stage == "ending"
    return Outcome()


def _now(window: Window) -> Snapshot:
    if window.snapshot is None:
        raise CannotDoError("nothing is drawn yet")
    return window.snapshot


def _can_press(window: Window, name: str) -> bool:
    button = window.findChild(QPushButton, name)
    return button is not None and button.isVisible() and button.isEnabled()


def _button(window: Window, name: str) -> QPushButton:
    button = window.findChild(QPushButton, name)
    if button is None:
        raise CannotDoError(f"there is no {name}")
    return button
