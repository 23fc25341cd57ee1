"""What an analyst can be told to do in the panel: by its keys and buttons, as everybody does it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from launcher.session.helpdesk.view import ActView, HelpdeskView
from launcher.shell.hands.orders import Act, CannotDoError, Order, Outcome
from launcher.shell.helpdesk.page import HelpdeskPage
from launcher.shell.helpdesk.sitting_card import OF_SITTING, OF_SYSTEM, SittingCard
from launcher.shell.helpdesk.words import act_word
from launcher.shell.look import Button
from launcher.shell.window import Window


def begin_at_helpdesk(window: Window, order: Order) -> Act:
    """Return the act that is to be carried out."""
    match order.act:
        case "helpdesk-open-case":
            return _open_case(window, order.text)
        case "helpdesk-letters":
            return _letters(window, order.text)
        case "helpdesk-find":
            return _find(window, order.text)
        case "helpdesk-show":
            return _show(window, order.text)
        case "helpdesk-act":
            return _act(window, order)
        case _:
            return _second(window, order.what)


def _open_case(window: Window, reason: str) -> Act:
    yield lambda: _has_panel(window)
    window.frame.top_bar.helpdesk_button.click()
    yield lambda: _page(window).isVisible()
    if _panel(window).looking.case is not None:
        _page(window).close_case.click()
        yield lambda: _panel(window).looking.case is None
    _type(_page(window).look_up.case_card.reason.edit, reason)
    yield lambda: _panel(window).looking.case is not None or _panel(window).looking.case_error is not None
    error = _panel(window).looking.case_error
    return Outcome() if error is None else Outcome(False, error.reference)


def _letters(window: Window, letters: str) -> Act:
    yield lambda: _page(window).isVisible() and _panel(window).looking.case is not None
    attempt = _panel(window).looking.attempt
    _type(_page(window).look_up.letters.edit, letters)
    yield lambda: _panel(window).looking.attempt != attempt
    if (error := _panel(window).looking.letters_error) is not None:
        return Outcome(False, error.reference)
    yield lambda: _shown(window)
    return _page_outcome(window)


def _find(window: Window, text: str) -> Act:
    yield lambda: _page(window).isVisible() and _panel(window).looking.case is not None
    edit = _page(window).look_up.search.edit
    edit.clear()
    QTest.keyClicks(edit, text)
    yield lambda: _found(_panel(window), text)
    error = _panel(window).looking.find_error
    return Outcome() if error is None else Outcome(False, error.reference)


def _found(panel: HelpdeskView, text: str) -> bool:
    looking = panel.looking
    return looking.query == " ".join(text.split()) and (looking.found is not None or looking.find_error is not None)


def _show(window: Window, text: str) -> Act:
    """Choose the one of those found whose line has this in it; none given: the first."""
    look_up = _page(window).look_up
    yield lambda: look_up.list.count() > 0
    items = [look_up.list.item(row) for row in range(look_up.list.count())]
    item = next((one for one in items if text.casefold() in one.text().casefold()), None)
    if item is None:
        raise CannotDoError("no line that was found has this in it")
    look_up.list.setCurrentItem(item)
    QTest.keyClick(look_up.list, Qt.Key.Key_Return)
    yield lambda: _shown(window)
    return _page_outcome(window)


def _shown(window: Window) -> bool:
    page = _panel(window).page
    return bool(page.officer) and (page.page is not None or page.error is not None)


def _page_outcome(window: Window) -> Outcome:
    page = _panel(window).page
    return Outcome(False, page.error.reference) if page.page is None and page.error is not None else Outcome()


def _act(window: Window, order: Order) -> Act:
    """Do ``what`` at the terminal named by ``field`` (none: the first), to ``system``; ``text`` is a message's.

    Ends with the first answer of a terminal, or once nothing more comes: ``why`` is the act's state.
    """
    yield lambda: _page(window).isVisible() and _panel(window).page.page is not None
    before = {one.key for one in _panel(window).acts}
    _press_for(window, order)
    card = _page(window).officer.card
    yield card.isVisible
    if order.what == "message":
        card.text.set_text(order.text)
    if not card.act.isEnabled():
        card.cancel.click()
        return Outcome(False, "the caller is not verified")
    card.act.click()
    yield lambda: (act := _new(window, before)) is not None and _has_come(act)
    made = _new(window, before)
    state = made.state if made is not None else ""
    return Outcome(state not in ("failed", "refused", "expired"), state)


def _press_for(window: Window, order: Order) -> None:
    officer = _page(window).officer
    cards = [one for one in officer.sittings.parts if order.field in one.place.text()]
    if order.what in OF_SITTING:
        button: Button = _first(cards).buttons[order.what]
        button.click()
    elif order.what in OF_SYSTEM:
        row = _first(cards).systems.part(order.system)
        if row is None:
            raise CannotDoError(f"{order.system} is not open there")
        actions = [one for one in row.menu().actions() if one.text() == act_word(order.what)]
        if not actions:
            raise CannotDoError(f"{order.what} is not offered")
        actions[0].trigger()
    else:
        button = next((one for kind, one in officer.acts.items() if kind == order.what), Button(""))
        if not button.isVisible():
            raise CannotDoError(f"{order.what} is not offered")
        button.click()


def _first(cards: list[SittingCard]) -> SittingCard:
    if not cards:
        raise CannotDoError("the officer is not logged on there")
    return cards[0]


def _new(window: Window, before: set[str]) -> ActView | None:
    return next((one for one in _panel(window).acts if one.key not in before), None)


def _has_come(act: ActView) -> bool:
    if act.done_ms is not None or act.state not in ("sending", "sent"):
        return True
    commands = act.acted.commands if act.acted is not None else ()
    return bool(commands) and all(one.state == "away" for one in commands)


def _second(window: Window, what: str) -> Act:
    """Answer the first request that waits: ``what`` is ``approve`` or ``refuse``."""
    yield lambda: _page(window).isVisible() and any(one.approve.isVisible() for one in _page(window).now.requests.parts)
    card = next(one for one in _page(window).now.requests.parts if one.approve.isVisible())
    answered = len(_panel(window).force.answered)
    (card.approve if what == "approve" else card.refuse).click()
    yield lambda: len(_panel(window).force.answered) > answered or _panel(window).force.answer_error is not None
    error = _panel(window).force.answer_error
    return Outcome() if error is None else Outcome(False, error.reference)


def _type(edit: QLineEdit, text: str) -> None:
    edit.setFocus(Qt.FocusReason.TabFocusReason)
    edit.clear()
    QTest.keyClicks(edit, text)
    QTest.keyClick(edit, Qt.Key.Key_Return)


def _has_panel(window: Window) -> bool:
    return window.snapshot is not None and window.snapshot.helpdesk is not None


def _panel(window: Window) -> HelpdeskView:
    if window.snapshot is None or window.snapshot.helpdesk is None:
        raise CannotDoError("this officer has no panel of the helpdesk")
    return window.snapshot.helpdesk


def _page(window: Window) -> HelpdeskPage:
    page = window.findChild(QWidget, "helpdesk-page")
    if not isinstance(page, HelpdeskPage):
        raise CannotDoError("there is no panel of the helpdesk")
    return page
