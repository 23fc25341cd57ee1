"""The forms that ask for what opens an officer's certificate: a file's password, a card's PIN."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from launcher.secret import Secret
from launcher.session.commands import OpenCertificate
from launcher.session.snapshot import ErrorView
from launcher.shell.look import Look, current
from launcher.shell.workspace.certificate import CertificateForm
from launcher.shell.workspace.tab_page import Face
from tests.shell.look.seeing import cut_texts, nameless, settle, too_small
from tests.shell.workspace.desk import Desk
from tests.shell.workspace.sample import launch, snapshot

WRONG = ErrorView("card-pin-wrong", "Your card did not take this PIN.", "Type the PIN of your card again.")


def form_of(desk: Desk, face: Face) -> CertificateForm:
    page = desk.page("firearms")
    return page.certificate if face is Face.CERTIFICATE else page.card


@pytest.mark.parametrize(("needs", "face"), [("certificate", Face.CERTIFICATE), ("card-pin", Face.CARD)])
def test_what_opens_a_certificate_is_asked_for_in_the_page_s_place(desk: Desk, needs: str, face: Face) -> None:
    desk.draw(snapshot(launch("firearms", "needs", needs=needs, surface="")), "firearms")
    assert desk.face("firearms") is face
    form = form_of(desk, face)
    assert form.password.edit.hasFocus()
    assert "Firearms Register" in form.heading.text()
    form.act.click()
    assert desk.commands == []
    assert form.password.box.at_fault
    QTest.keyClicks(form.password.edit, "471108")
    QTest.keyClick(form.password.edit, Qt.Key.Key_Return)
    assert desk.commands == [OpenCertificate("firearms", Secret("471108"))]
    assert form.password.text() == ""
    for _ in range(2):  # the same words again are said again
        desk.draw(snapshot(launch("firearms", "needs", needs=needs, surface="", error=WRONG)))
        assert form.error.reference_text == "card-pin-wrong"
        assert form.password.box.at_fault
        QTest.keyClicks(form.password.edit, "1")
        QTest.keyClick(form.password.edit, Qt.Key.Key_Return)
        settle()
    desk.draw(snapshot(launch("firearms", "needs", needs=needs, surface="", error=WRONG)))
    form.error_help.click()
    assert desk.help == ["card-pin-wrong"]


@pytest.mark.parametrize("look", [Look(), Look(theme="dark"), Look(scale=1.5), Look(theme="dark", scale=2.0)])
@pytest.mark.parametrize("error", [None, WRONG], ids=["asked", "wrong"])
@pytest.mark.parametrize("needs", ["certificate", "card-pin"])
def test_each_form_is_named_whole_and_large_enough(desk: Desk, look: Look, error: ErrorView | None, needs: str) -> None:
    current().wear(look)
    desk.draw(snapshot(launch("custody", "needs", needs=needs, surface="", error=error)), "custody")
    assert nameless(desk.work) == []
    assert cut_texts(desk.work) == []
    assert too_small(desk.work) == []
