"""Whoever asks for help is shown letters, and can tell the helpdesk of the error they came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from launcher.session.commands import AskForHelp
from launcher.session.hub.views import ToldView
from launcher.shell.help_page import HelpPage
from launcher.shell.look import ErrorPanel, Look, Type, current, look, telling
from tests.shell.hub.samples import HUB, LETTERS, NOT_TOLD, TOLD
from tests.shell.look.seeing import cut_texts, nameless, settle, too_small
from tests.shell.workspace.sample import snapshot

WORK = replace(snapshot(), hub=HUB)


@pytest.fixture
def asked() -> Iterator[list[tuple[str, str]]]:
    said: list[tuple[str, str]] = []

    def ask(reference: str, system: str) -> None:
        said.append((reference, system))

    telling().asked.connect(ask)
    yield said
    telling().asked.disconnect(ask)


def shown(qtbot: QtBot, size: tuple[int, int] = (1280, 700)) -> HelpPage:
    page = HelpPage()
    qtbot.addWidget(page)
    page.resize(*size)
    return page


def test_letters_are_wanted_as_long_as_the_help_is_looked_at(qtbot: QtBot) -> None:
    page = shown(qtbot)
    sent: list[object] = []
    page.command.connect(sent.append)
    page.draw(WORK)
    page.show()
    settle()
    assert sent == [AskForHelp()]
    assert page.call.isHidden(), "none have come"
    page.draw(replace(WORK, letters=LETTERS))
    assert page.call.letters.isVisible()
    assert page.call.letters.letters.text() == "BKD MRT"
    assert page.call.letters.letters.accessibleName() == "B K D M R T"
    assert "ext. 4100" in page.call.letters.says.text()
    page.hide()
    assert sent == [AskForHelp(), AskForHelp(on=False)]


def test_a_terminal_that_is_none_of_a_hubs_offers_nothing(qtbot: QtBot) -> None:
    page = shown(qtbot)
    telling().draw(snapshot())
    page.open_at("sign-on-refused", "crime")
    page.draw(replace(snapshot(), letters=LETTERS))
    page.show()
    assert page.call.isHidden()
    panel = ErrorPanel()
    qtbot.addWidget(panel)
    panel.tell("It failed.", "Try again.", "sign-on-refused")
    assert panel.tell_row is None


def test_where_the_hub_is_away_the_help_says_that_letters_come_later(qtbot: QtBot) -> None:
    page = shown(qtbot)
    page.draw(replace(WORK, hub=replace(HUB, reachable=False)))
    page.show()
    assert page.call.none.isVisible()
    assert page.call.letters.isHidden()


def test_the_helpdesk_is_told_of_an_error_once_and_the_number_stands_there(
    qtbot: QtBot, asked: list[tuple[str, str]]
) -> None:
    telling().draw(WORK)
    panel = ErrorPanel()
    qtbot.addWidget(panel)
    panel.about = "crime"
    panel.tell("It failed.", "Try again.", "sign-on-refused")
    panel.show()
    row = panel.tell_row
    assert row is not None
    row.button.click()
    assert asked == [("sign-on-refused", "crime")]
    telling().draw(replace(WORK, told=(replace(TOLD, number=""),)))
    assert row.button.busy
    telling().draw(replace(WORK, told=(TOLD,)))
    assert row.number.text() == "T-4821"
    assert row.button.isHidden()
    panel.tell("Another.", "", "system-unreachable")
    assert row.number.isHidden(), "it is another error"
    assert row.button.isVisible()
    panel.tell("No reference.", "")
    assert row.isHidden()


def test_what_was_not_told_says_whom_to_call(qtbot: QtBot) -> None:
    telling().draw(replace(WORK, told=(NOT_TOLD,)))
    panel = ErrorPanel()
    qtbot.addWidget(panel)
    panel.about = "crime"
    panel.tell("It failed.", "Try again.", "sign-on-refused")
    panel.show()
    assert panel.tell_row is not None
    assert "ext. 4100" in panel.tell_row.says.text()
    assert panel.tell_row.button.text() == "Try again"


@pytest.mark.parametrize("look", [Look(), Look(theme="dark"), Look(scale=1.5), Look(theme="dark", scale=2.0)])
@pytest.mark.parametrize("size", [(1280, 700), (800, 432)])
def test_the_card_fits_in_every_look(qtbot: QtBot, look: Look, size: tuple[int, int]) -> None:
    current().wear(look)
    page = shown(qtbot, size)
    for told in ((), (TOLD,)):
        picture = replace(WORK, letters=LETTERS, told=told)
        telling().draw(picture)
        page.open_at("sign-on-refused", "crime")
        page.draw(picture)
        page.show()
        settle()
        assert nameless(page.call) == []
        assert cut_texts(page.call) == []
        assert too_small(page.call) == []


@pytest.mark.parametrize("told", [(), (TOLD,), (NOT_TOLD,)])
def test_in_large_text_on_a_small_screen_the_page_keeps_room_beneath_the_card(
    qtbot: QtBot, told: tuple[ToldView, ...]
) -> None:
    current().wear(Look(scale=2.0))
    screen = QWidget()
    qtbot.addWidget(screen)
    screen.resize(800, 432)
    page = HelpPage(screen)
    page.setGeometry(screen.rect())
    telling().draw(replace(WORK, letters=LETTERS, told=told))
    page.open_at("sign-on-refused", "crime")
    page.draw(replace(WORK, letters=LETTERS, told=told))
    screen.show()
    settle()
    assert page.call.letters.isVisible()
    assert page.reader.viewport().height() >= 3 * look().line(Type.BODY)
    assert cut_texts(page.call) == []
