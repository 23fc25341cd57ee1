"""Before anybody is logged on: notices of the force, letters before a cover, a supervisor's card."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from launcher.session.commands import AskForHelp, RefuseSecond, SubmitPassword, TellHelpdesk
from launcher.session.faults import error_view
from launcher.session.over import SessionEndedMeanwhile
from launcher.session.snapshot import Snapshot
from launcher.shell.lock.cover import CoverScreen
from launcher.shell.look import Look, Text, current, telling
from launcher.shell.window import Window
from tests.shell.hub.samples import HUB, LETTERS, PRINTERS, SECOND, SLOW
from tests.shell.lock.terminal import cover_view
from tests.shell.look.seeing import cut_texts, nameless, settle, too_small
from tests.shell.sign_in.seen import LOCAL, WRONG, Seen, card

PLACES = [((800, 600), 1.0), ((1024, 768), 1.25), ((1280, 800), 2.0), ((1280, 800), 1.0)]


def plain(**parts: object) -> Snapshot:
    return replace(card(), stage="signing-in", hub=HUB, **parts)


def test_notices_stand_above_what_works_and_go_as_they_came(qtbot: QtBot) -> None:
    seen = Seen(qtbot, plain())
    place = seen.screen.password_form.geometry()
    seen.draw(plain(hub_notices=(SLOW, PRINTERS)))
    rows = seen.screen.panel._notices
    assert rows is not None
    assert [text.partition(" Since")[0] for text in rows.texts] == [f"{SLOW.text}.", f"{PRINTERS.text}."]
    assert seen.screen.password_form.geometry() == place, "nothing jumps"
    seen.draw(plain(hub_notices=tuple(replace(PRINTERS, id=at) for at in range(9))))
    assert len(rows.texts) < 9
    assert rows._more.isVisible()
    seen.draw(plain())
    assert rows.isHidden()


@pytest.mark.parametrize(("size", "scale"), PLACES)
def test_where_the_panel_is_folded_the_strip_says_the_newest(qtbot: QtBot, size: tuple[int, int], scale: float) -> None:
    current().wear(Look(scale=scale))
    seen = Seen(qtbot, plain(hub_notices=(SLOW, PRINTERS)), size)
    line = seen.screen.strip.worst_line
    assert line.text().startswith("Crime Recording answers slowly") or not seen.screen.strip.isVisible()
    assert seen.screen.ring.whole
    if seen.screen.panel.isVisible():
        assert cut_texts(seen.screen.panel) == []


def test_f8_goes_to_the_whole_of_what_the_strip_has_cut(qtbot: QtBot) -> None:
    current().wear(Look(scale=2.0))
    seen = Seen(qtbot, plain(hub_notices=(SLOW, PRINTERS)), (800, 600))
    below, area = seen.screen.card.below_text, seen.screen._scroll
    assert below is not None
    assert seen.screen.strip.worst_line._hint() == "F8"

    def in_sight() -> bool:
        top = below.mapTo(area.viewport(), QPoint(0, 0)).y()
        return 0 <= top < area.viewport().height()

    assert not in_sight()
    field = seen.focused()
    seen.press(Qt.Key.Key_F8)
    assert in_sight()
    assert seen.focused() is field, "who types goes on"
    seen.draw(plain())
    assert seen.screen.strip.worst_line._hint() == "", "there is nothing more to be seen"


@pytest.mark.parametrize(("size", "scale"), [((800, 600), 1.0), ((800, 800), 2.0)])
def test_nothing_moves_sideways_when_there_is_something_to_scroll(
    qtbot: QtBot, size: tuple[int, int], scale: float
) -> None:
    current().wear(Look(scale=scale))
    seen = Seen(qtbot, plain(), size)
    form, bar = seen.screen.password_form, seen.screen._scroll.verticalScrollBar()
    card = seen.screen.card._card

    def place() -> tuple[QPoint, int]:
        return QPoint(form.mapTo(seen.screen, QPoint(0, 0)).x(), 0), form.width()

    before = place()
    assert bar.maximum() == 0
    assert abs(2 * card.mapTo(seen.screen, QPoint(0, 0)).x() + card.width() - seen.screen.width()) <= 1, "the middle"
    seen.draw(plain(hub_notices=(SLOW, PRINTERS)))
    assert bar.maximum() > 0
    assert place() == before


def test_before_a_cover_letters_are_there_without_being_looked_for(qtbot: QtBot) -> None:
    screen = CoverScreen()
    qtbot.addWidget(screen)
    sent: list[object] = []
    screen.command.connect(sent.append)
    picture = replace(plain(), stage="spare", cover=cover_view())
    screen.draw(picture)
    screen.resize(1280, 800)
    screen.show()
    settle()
    assert sent == [AskForHelp()]
    screen.draw(replace(picture, letters=LETTERS))
    assert screen.panel._letters is not None
    assert screen.panel._letters.letters.text() == "BKD MRT"
    current().wear(Look(scale=2.0))
    settle()
    assert "Letters BKD MRT" in [text.text() for text in screen.strip.facts.texts if text.isVisible()]
    screen.hide()
    assert sent[-1] == AskForHelp(on=False)


@pytest.mark.parametrize(("size", "scale"), PLACES)
def test_a_supervisor_reads_who_asks_for_what_and_approves_or_refuses(
    qtbot: QtBot, size: tuple[int, int], scale: float
) -> None:
    current().wear(Look(scale=scale))
    seen = Seen(qtbot, replace(card(methods=(LOCAL,)), stage="signing-in", hub=HUB, second=SECOND), size)
    form = seen.screen.password_form
    for word in ("J. Field", "suspend an account", "A. Okafor", "warrant card reported lost"):
        assert word in form.lead.text()
    assert form.primary.text() == "Approve"
    assert seen.screen.ring.whole
    approve, refuse = (one.mapTo(seen.screen, QPoint(0, 0)) for one in (form.primary, seen.screen.second.refuse))
    assert (approve.y(), approve.x()) < (refuse.y(), refuse.x()), "beneath what it is the other answer to"
    room = seen.screen.strip.y() if seen.screen.strip.isVisible() else seen.screen.height()
    assert size != (1280, 800) or refuse.y() + seen.screen.second.refuse.height() < room, "both are in sight"
    stops = [form.name.edit, form.password.edit, form.password.eye, form.primary, seen.screen.second.refuse]
    walked = []
    for _ in stops:
        walked.append(seen.focused())
        seen.press(Qt.Key.Key_Tab)
    assert walked == stops
    form.focus_first()
    assert nameless(form) == []
    assert cut_texts(form) == []
    assert too_small(form) == []
    seen.type("2210")
    seen.press(Qt.Key.Key_Return)
    seen.type("a-password")
    seen.press(Qt.Key.Key_Return)
    assert len(seen.told(SubmitPassword)) == 1
    seen.screen.second.refuse.click()
    assert seen.told(RefuseSecond) == [RefuseSecond()]


@pytest.mark.parametrize(("size", "scale"), PLACES)
def test_an_error_of_the_log_on_can_be_told_where_there_is_room_for_it(
    qtbot: QtBot, size: tuple[int, int], scale: float
) -> None:
    current().wear(Look(scale=scale))
    telling().draw(plain())
    seen = Seen(qtbot, plain(), size)
    wrong = card(error=WRONG, attempt=1)
    seen.draw(replace(wrong, stage="signing-in", hub=HUB))
    row = seen.screen.password_form.error.tell_row
    offered = row is not None and row.isVisible()
    assert offered == (scale < 1.5)
    assert seen.screen.ring.whole
    assert cut_texts(seen.screen.password_form) == []


@pytest.mark.parametrize(("size", "scale"), PLACES)
def test_where_the_panel_is_folded_every_notice_is_read_whole_beneath_the_form(
    qtbot: QtBot, size: tuple[int, int], scale: float
) -> None:
    current().wear(Look(scale=scale))
    seen = Seen(qtbot, plain(), size)
    form = seen.screen.card.form
    above = form.mapTo(seen.screen, QPoint(0, 0)).y()
    seen.draw(plain(hub_notices=(SLOW, PRINTERS)))
    assert form.mapTo(seen.screen, QPoint(0, 0)).y() == above, "nothing jumps"
    folded = seen.screen.strip.isVisible()
    assert (PRINTERS.text in seen.screen.card.below) == (SLOW.text in seen.screen.card.below) == folded
    assert cut_texts(seen.screen.card) == []
    if folded:
        (area,) = (one for one in seen.screen.findChildren(QScrollArea) if one.widget() is seen.screen.card)
        for _ in range(9):
            seen.press(Qt.Key.Key_PageDown)
        (below,) = (one for one in seen.screen.card.findChildren(Text) if one.text() == seen.screen.card.below)
        assert below.mapTo(area, below.rect().bottomLeft()).y() <= area.height(), "the keys reach its end"
    seen.draw(plain())
    assert seen.screen.card.below == ""


@pytest.mark.parametrize(("size", "scale"), PLACES)
def test_an_error_of_a_supervisor_s_proof_is_whole(qtbot: QtBot, size: tuple[int, int], scale: float) -> None:
    current().wear(Look(scale=scale))
    asked = card(methods=(LOCAL,), error=WRONG, attempt=1)
    seen = Seen(qtbot, replace(asked, stage="signing-in", hub=HUB, second=SECOND), size)
    error = seen.screen.password_form.error
    assert error.isVisible()
    assert cut_texts(error) == []
    assert error.reference_label.isVisible() == (scale < 2.0 or size[0] < 1280), "it gives way to the reference"


def _reddest(widget: QWidget) -> int:
    """Return by how much the reddest of its pixels is redder than blue."""
    drawn = widget.grab().toImage()
    pixels = (drawn.pixelColor(x, y) for x in range(0, drawn.width(), 2) for y in range(0, drawn.height(), 2))
    return max(pixel.red() - pixel.blue() for pixel in pixels)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("size", "scale"), PLACES)
def test_after_a_suspension_the_next_officer_is_told_a_fact_and_not_of_a_failure_of_theirs(
    qtbot: QtBot, size: tuple[int, int], scale: float, theme: Literal["light", "dark"]
) -> None:
    current().wear(Look(theme=theme, scale=scale))
    seen = Seen(qtbot, plain(), size)
    form = seen.screen.password_form
    said = error_view(SessionEndedMeanwhile("The session that was open here has ended."))
    seen.draw(replace(card(error=said), stage="signing-in", hub=HUB))
    assert form.error.what.text() == said.what
    assert form.error.isVisible()
    assert cut_texts(form) == []
    assert _reddest(form.error) < 30
    assert not form.error.reference.isVisible(), "there is nothing to read to the helpdesk"
    assert form.reference == said.reference, "the help has a page of it"
    assert seen.focused() is form.name.edit
    assert seen.screen.ring.whole
    seen.draw(replace(card(error=WRONG, attempt=1), stage="signing-in", hub=HUB))
    assert _reddest(form.error) > 30
    assert form.error.reference.isVisible()


def test_the_window_tells_it_once(qtbot: QtBot) -> None:
    sent: list[object] = []
    window = Window(sent.append, fullscreen=False)
    qtbot.addWidget(window)
    window.draw(plain())
    telling().ask("directory-unreachable", "")
    assert sent == [TellHelpdesk("directory-unreachable")]
    assert telling().on
