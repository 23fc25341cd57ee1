"""The provider beside or before the password: its button, its page beneath our own bar, and what is awaited there."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from launcher.secret import Secret
from launcher.session.commands import CancelSignIn, StartProvider, SubmitPassword
from launcher.shell.look import pulse
from tests.shell.look.seeing import settle
from tests.shell.sign_in.seen import GONE, LOCAL, PASSWORD, PROVIDER, Seen, card


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
