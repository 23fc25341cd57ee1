"""A terminal's tab asks for a new password, in words that say what is missing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from launcher.connectors.password_rules import PasswordRules
from launcher.session.commands import GiveNewPassword
from launcher.shell.look import Look, current
from launcher.shell.workspace.tab_page import Face
from tests.servers.mocker3270 import Mocker3270
from tests.shell.look.seeing import cut_texts, nameless, settle, too_small
from tests.shell.workspace.desk import Desk
from tests.shell.workspace.terminals import REFUSED, asked, open_terminal, picture

pytestmark = pytest.mark.usefixtures("qapp")


def test_a_new_password_is_asked_for_twice_or_changed_by_hand(desk: Desk, mocker_host: Mocker3270) -> None:
    with open_terminal(desk, mocker_host):
        wanted = picture("needs", needs="new-password", surface="records")
        desk.draw(wanted, "records")
        assert desk.face("records") is Face.NEW_PASSWORD
        form = desk.page("records").new_password
        assert desk.focus() is form.new.edit
        for first, second, complaint, asks in (
            ("", "", form.new, "Type the new password that you want."),
            ("HERON7", "", form.again, "Type the new password here once more."),
            ("HERON7", "HERON8", form.again, "The two are not the same. Type the new password here once more."),
        ):
            form.new.edit.setText(first)
            form.again.edit.setText(second)
            form.act.click()
            settle()
            assert complaint.box.at_fault
            assert complaint.asks.isVisible()
            assert complaint.asks.text.text() == complaint.edit.accessibleDescription() == asks
            assert desk.focus() is complaint.edit
            assert [one for one in (form.new, form.again) if one.asks.isVisible()] == [complaint]
            assert not cut_texts(form)
            assert asked(desk) == []
        form.again.edit.setText("HERON7")
        QTest.keyClick(form.again.edit, Qt.Key.Key_Return)
        [given] = asked(desk)
        assert isinstance(given, GiveNewPassword)
        assert (given.system, given.new.reveal()) == ("records", "HERON7")
        assert form.new.text() == form.again.text() == ""
        assert not form.again.asks.isVisible()
        form.again.edit.setFocus()
        desk.draw(picture("needs", needs="new-password", error=REFUSED, surface="records", rules=PasswordRules(8, 40)))
        assert form.error.reference_text == "host-password-refused"
        assert form.rules.text() == "8 to 40 characters."
        assert desk.focus() is form.new.edit
        desk.key(Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
        assert desk.focus() is form.again.edit
        assert not nameless(form)
        assert not cut_texts(form)
        assert not too_small(form)
        assert form.by_hand.isVisible()
        form.by_hand.click()
        desk.draw(picture("needs", needs="new-password", error=REFUSED, surface="records"))
        assert desk.face("records") is Face.PAGE
        assert desk.page("records").notice.isVisible()
        desk.draw(picture("ready"))
        desk.draw(wanted)
        assert desk.face("records") is Face.NEW_PASSWORD


def test_what_is_missing_in_a_card_is_said_in_words_and_seen_in_large_text(desk: Desk) -> None:
    current().wear(Look(scale=2.0))
    desk.draw(picture("needs", needs="credential", surface=""), "records")
    form = desk.page("records").credential
    for field, asks in (
        (form.name, "Type your name for this system."),
        (form.password, "Type your password for this system."),
    ):
        form.act.click()
        settle()
        assert field.asks.text.text() == asks
        assert field.box.at_fault
        assert not cut_texts(form)
        assert field.asks.visibleRegion().boundingRect() == field.asks.rect()
        form.name.edit.setText("A4471")
    assert not form.name.asks.isVisible()
    assert asked(desk) == []


def test_a_host_that_wants_a_new_password_before_it_gives_a_line_has_no_screen_to_change_it_on(desk: Desk) -> None:
    desk.draw(picture("needs", needs="new-password", surface=""), "records")
    assert desk.face("records") is Face.NEW_PASSWORD
    assert not desk.page("records").new_password.by_hand.isVisible()
    desk.draw(picture("queued", surface=""))
    assert desk.face("records") is Face.OPENING
