"""The sign-in screen in every state, size and look: nothing is cut or nameless; what works and whom to call is said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from launcher.session.commands import CancelSignIn
from launcher.shell.look import Look, State, current
from tests.shell.look.seeing import cut_texts, nameless, settle, too_small
from tests.shell.sign_in.seen import LOCAL, MUST_CHANGE, PASSWORD, PROVIDER, WRONG, Seen, card

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
