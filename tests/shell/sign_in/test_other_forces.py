"""Officers of another force on the log-on screen: known by the name they type, or picked."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from launcher.session.commands import StartProvider, SubmitPassword
from launcher.session.snapshot import MethodView
from launcher.shell.look import Look, current
from tests.shell.look.seeing import cut_texts, settle, too_small
from tests.shell.sign_in.seen import PASSWORD, PROVIDER, Seen, card

NORTHSHIRE = MethodView("force:northshire", "Northshire Police", "provider", ("northshire.example", "nsp.example"))
HIDDEN = MethodView("force:borders", "Borders Police", "provider", ("borders.example",), listed=False)


def test_a_name_of_another_force_leads_to_its_page_and_takes_no_password(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card(methods=(PASSWORD, HIDDEN)))
    form = seen.screen.password_form
    assert not form.other.isVisible()  # it is not offered
    seen.type("4471@Borders.example")
    assert not form.password.isVisible()
    assert form.name.isVisible()
    assert form.primary.text() == "Log on with Borders Police"
    seen.press(Qt.Key.Key_Return)
    assert seen.told(StartProvider) == [StartProvider("force:borders")]
    assert seen.told(SubmitPassword) == []


def test_what_was_typed_as_a_password_is_emptied_where_the_name_becomes_another_forces(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card(methods=(PASSWORD, HIDDEN)))
    form = seen.screen.password_form
    form.name.set_text("4471@borders.exampl")
    form.password.set_text("secret")
    form.name.edit.setFocus()
    seen.press(Qt.Key.Key_End)
    seen.type("e")
    assert form.password.text() == ""
    seen.press(Qt.Key.Key_Backspace)  # it is a name of ours again
    assert form.password.isVisible()
    assert form.primary.text() == "Log on"


def test_a_name_that_stands_there_before_anybody_types_is_known_too(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card(methods=(PASSWORD, HIDDEN), name="4471@borders.example", focus="secret"))
    assert seen.focused() is seen.screen.password_form.primary
    assert seen.screen.password_form.primary.text() == "Log on with Borders Police"


def test_a_force_is_picked_beside_the_password(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card(methods=(PASSWORD, NORTHSHIRE, HIDDEN)))
    other = seen.screen.password_form.other
    assert other.text() == "Log on with Northshire Police"
    other.click()
    assert seen.told(StartProvider) == [StartProvider("force:northshire")]


def test_a_force_is_one_of_several_ways(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card(methods=(PASSWORD, PROVIDER, NORTHSHIRE)))
    seen.press(Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    seen.press(Qt.Key.Key_Right)
    seen.press(Qt.Key.Key_Right)
    assert seen.screen.password_form.method is NORTHSHIRE
    seen.screen.password_form.primary.click()
    assert seen.told(StartProvider) == [StartProvider("force:northshire")]


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize(
    "name", ["Police Service of Northern Ireland", "Police Service of the Western Isles and Coast"]
)
def test_a_long_name_is_cut_on_no_button_and_heard_whole(qtbot: QtBot, name: str, scale: float) -> None:
    force = MethodView("force:far", name, "provider", ("far.example",))
    current().wear(Look(scale=scale))
    seen = Seen(qtbot, card(methods=(PASSWORD, force)))
    form = seen.screen.password_form
    assert (cut_texts(seen.screen), too_small(seen.screen)) == ([], [])
    assert form.other.accessibleName() == f"Log on with {name}"
    seen.type("4471@far.example")
    settle()
    assert (cut_texts(seen.screen), too_small(seen.screen)) == ([], [])
    assert form.primary.accessibleName() == f"Log on with {name}"
    assert form.primary.text() in (f"Log on with {name}", name, "Log on with your force")


def test_the_page_says_whose_it_is(qtbot: QtBot) -> None:
    seen = Seen(qtbot, card(methods=(PASSWORD, PROVIDER, NORTHSHIRE)))
    drawn = card(methods=(PASSWORD, PROVIDER, NORTHSHIRE), form="provider", surface="provider", provider="Northshire")
    seen.draw(drawn)
    assert seen.screen.provider_page.bar.name.text() == "Log on with Northshire"
