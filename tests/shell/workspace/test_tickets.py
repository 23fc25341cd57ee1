"""The card for who logged on without a password, and a system wants a ticket: it says what is asked for."""

from __future__ import annotations

import pytest

from launcher.errors import LauncherError
from launcher.identity.kerberos.errors import KerberosNoPasswordError
from launcher.session.faults import error_view
from launcher.session.snapshot import ErrorView
from launcher.shell.look import Look, current
from launcher.shell.workspace.credential import TICKET_WANTED
from launcher.shell.workspace.tab_page import Face
from tests.shell.look.seeing import cut_texts, settle
from tests.shell.workspace.desk import Desk
from tests.shell.workspace.sample import WRONG, launch, snapshot


def asked(error: ErrorView | None) -> object:
    return snapshot(launch("firearms", "needs", needs="credential", surface="", error=error))


def test_it_is_the_realm_s_password_that_is_asked_for_and_nothing_was_wrong(desk: Desk) -> None:
    wanted: LauncherError = KerberosNoPasswordError("You logged on without a password.")
    assert wanted.reference == TICKET_WANTED
    desk.draw(asked(error_view(wanted)), "firearms")
    form = desk.page("firearms").credential
    assert desk.face("firearms") is Face.CREDENTIAL
    assert form.heading.text() == "A ticket for Firearms Register"
    assert "card's PIN" in form.lead.text()
    assert not form.error.isVisible()
    assert not form.password.box.at_fault
    desk.draw(asked(WRONG))
    assert form.heading.text() == "Your own name and password for Firearms Register"
    assert "sealed" in form.lead.text()
    assert form.error.isVisible()


@pytest.mark.parametrize(("theme", "scale"), [("light", 1.0), ("dark", 2.0)])
def test_its_words_are_whole(desk: Desk, theme: str, scale: float) -> None:
    current().wear(Look(theme, scale))
    desk.draw(asked(error_view(KerberosNoPasswordError("You logged on without a password."))), "firearms")
    settle()
    assert cut_texts(desk.page("firearms").credential) == []
