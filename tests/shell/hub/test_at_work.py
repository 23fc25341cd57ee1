"""An officer at work: still logged on elsewhere, messages, who did what, notices on tiles and in the strip."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from launcher.session.commands import AcknowledgeMessage, BringHere, LeaveElsewhere, OpenMySystems
from launcher.session.snapshot import NoticeView, Snapshot
from launcher.shell.frame import Frame
from launcher.shell.frame.notices import notice_words
from launcher.shell.frame.worst import worst_of
from launcher.shell.hub.deeds_list import DeedsList
from launcher.shell.hub.message_page import MessagePage
from launcher.shell.hub.notice_page import NoticePage
from launcher.shell.hub.words import deed_words, elsewhere_words, notice_text
from launcher.shell.launchpad.model import tile_hint
from launcher.shell.launchpad.tile import spoken, tiles_of
from launcher.shell.look import Look, State, current
from launcher.shell.you import YouPage
from tests.shell.hub.samples import ASKED, CLOSED, HUB, MESSAGE, NOT_BROUGHT, PRINTERS, SLOW, THERE
from tests.shell.launchpad.conftest import HOME, Desk, launch, with_launches
from tests.shell.look.seeing import cut_texts, nameless, settle, too_small

AT_HUB = replace(HOME, hub=HUB)
LOOKS = [Look(), Look(theme="dark"), Look(scale=1.5), Look(theme="dark", scale=2.0)]


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    desk = Desk()
    qtbot.addWidget(desk.frame)
    return desk


def test_one_press_asks_for_the_other_session(desk: Desk) -> None:
    desk.show(replace(AT_HUB, elsewhere=(THERE,)))
    card = desk.pad.elsewhere
    assert card is not None
    assert card.isVisible()
    assert "FD-01, Front desk" in card.heading.text()
    assert "6 systems, 2 unsaved pages there" in card.line.text()
    assert "ends that session" in card.bring.accessibleDescription()
    assert desk.pad.card.button.hasFocus(), "a shift still starts at the same place"
    card.bring.click()
    assert desk.commands == [BringHere("s-1")]
    desk.draw(replace(AT_HUB, elsewhere=(THERE,), bring=ASKED))
    assert card.bring.busy
    assert not card.leave.isEnabled()
    desk.draw(replace(AT_HUB, bring=replace(ASKED, state="done", systems=6, left_signed_on=("records, line 14",))))
    assert "FD-01 has ended. 6 systems" in card.heading.text()
    assert "records, line 14" in card.line.text()
    assert card.bring.isHidden()
    card.leave.click()
    assert desk.commands[-1] == LeaveElsewhere("s-1")
    desk.draw(AT_HUB)
    assert card.isHidden()


@pytest.mark.parametrize("unsaved", [0, 12])
def test_in_the_smallest_window_with_the_largest_text_what_it_ends_is_whole(desk: Desk, unsaved: int) -> None:
    current().wear(Look(scale=2.0))
    desk.show(replace(AT_HUB, elsewhere=(replace(THERE, unsaved=unsaved),)))
    desk.frame.resize(800, 600)
    settle()
    assert desk.pad.elsewhere is not None
    assert cut_texts(desk.pad.elsewhere) == []


def test_what_was_not_brought_is_said_and_may_be_tried_again(desk: Desk) -> None:
    desk.show(replace(AT_HUB, elsewhere=(THERE,), bring=replace(ASKED, state="failed", error=NOT_BROUGHT)))
    card = desk.pad.elsewhere
    assert card is not None
    assert card.error.isVisible()
    assert card.error.reference_text == "not-brought-here"
    assert card.bring.isEnabled()
    assert not card.bring.busy
    desk.draw(replace(AT_HUB, elsewhere=(replace(THERE, reachable=False, locked=True),)))
    assert card.bring.isHidden(), "what is away cannot be ended"
    assert "cannot be reached" in card.ends.text()
    assert card.error.isHidden()


def test_while_something_is_searched_the_card_gives_room(desk: Desk) -> None:
    desk.show(replace(AT_HUB, elsewhere=(THERE,)))
    assert desk.pad.elsewhere is not None
    desk.type("c")
    assert desk.pad.elsewhere.isHidden()
    desk.press(Qt.Key.Key_Escape)
    assert desk.pad.elsewhere.isVisible()
    desk.press(Qt.Key.Key_Return, ctrl=True)
    assert OpenMySystems() in desk.commands


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", [(1280, 800), (1024, 640), (800, 600)])
def test_the_card_is_named_whole_and_large_enough(desk: Desk, look: Look, size: tuple[int, int]) -> None:
    current().wear(look)
    for picture in (
        replace(AT_HUB, elsewhere=(THERE,)),
        replace(AT_HUB, elsewhere=(THERE,), bring=replace(ASKED, state="failed", error=NOT_BROUGHT)),
        replace(AT_HUB, bring=replace(ASKED, state="done", systems=6)),
    ):
        desk.show(picture, size)
        settle()
        card = desk.pad.elsewhere
        assert nameless(card) == []
        assert cut_texts(card) == []
        assert too_small(card) == []


def test_a_system_with_a_notice_says_so_on_its_tile_and_does_not_move(desk: Desk) -> None:
    desk.show(AT_HUB)
    before = desk.names()
    told = replace(AT_HUB, hub_notices=(SLOW, PRINTERS))
    desk.draw(told)
    assert desk.names() == before
    tiles = {tile.id: tile for tile in tiles_of(told)}
    assert tiles["crime"].state is State.DEGRADED
    assert "answers slowly; the supplier is on it. Since" in spoken(tiles["crime"])
    assert "answers slowly" in tile_hint(tiles["crime"])
    assert tiles["custody"].state is None
    ready = with_launches(launch("crime", "ready", took_ms=900.0), snapshot=told)
    assert {tile.id: tile.state for tile in tiles_of(ready)}["crime"] is State.READY, "what works is no worse for it"
    desk.draw(AT_HUB)
    assert {tile.id: tile.state for tile in tiles_of(AT_HUB)}["crime"] is None


def test_what_has_stood_since_another_day_says_which() -> None:
    at = datetime(2026, 3, 2, 22, 10).astimezone().timestamp()
    assert notice_text(replace(SLOW, since=at)).endswith(" Since 2 March 22:10.")
    assert elsewhere_words(replace(THERE, since=at)).startswith("Since 2 March 22:10: ")


def test_the_strip_says_what_concerns_this_officer() -> None:
    well = replace(AT_HUB, systems=tuple(replace(one, health="ready") for one in HOME.systems))
    assert worst_of(replace(well, hub_notices=(SLOW,))).text.startswith("Crime Recording answers slowly")
    theirs = replace(SLOW, systems=("somebody-elses",))
    assert worst_of(replace(well, hub_notices=(theirs,))).state is State.READY
    assert "Printers" in worst_of(replace(well, hub_notices=(theirs, PRINTERS))).text


def test_who_did_what_is_a_notice_and_stays_on_the_officers_own_page(qtbot: QtBot) -> None:
    picture = replace(AT_HUB, deeds=(CLOSED,), notices=(NoticeView(1, "deed", "crime", text="4"),))
    said = notice_words(picture.notices[0], picture)
    assert said == "J. Field at the helpdesk has closed Crime Recording: the page was frozen"
    page = YouPage()
    qtbot.addWidget(page)
    page.draw(AT_HUB)
    assert page.deeds.isHidden()
    page.draw(picture)
    assert len(page.deeds.lines) == 1
    assert said in page.deeds.lines[0]


def test_what_is_done_soon_what_was_not_or_may_not_have_been_and_what_goes_with_it_is_said() -> None:
    def words(**changes: object) -> str:
        deed = replace(CLOSED, **changes)  # type: ignore[arg-type]
        return deed_words(deed, replace(AT_HUB, deeds=(deed,)))

    by = "J. Field at the helpdesk"
    lost = " What was typed there and not sent is lost."
    assert words(loses=True) == f"{by} has closed Crime Recording: the page was frozen.{lost}"
    soon = f"{by} closes Crime Recording in a few seconds: the page was frozen"
    assert words(stands="soon") == soon
    to_do = "Send what you have typed in Crime Recording now, or it is lost."
    assert words(stands="soon", loses=True) == f"{to_do} {soon}", "what is to be done is not what a strip cuts"
    not_done = f"{by} wanted to close Crime Recording: the page was frozen. It was not done."
    assert words(stands="not-done", loses=True) == not_done
    not_known = f"{by} wanted to close Crime Recording: the page was frozen. It is not known whether it was done."
    assert words(stands="unknown", loses=True) == not_known
    assert words(stands="unknown", what="something-new").endswith(" It is not known whether it was done.")
    assert "has done" not in words(stands="unknown", what="something-new")


def test_what_was_done_on_another_day_and_elsewhere_stands_with_both(qtbot: QtBot) -> None:
    deeds = DeedsList()
    qtbot.addWidget(deeds)
    at = datetime(2026, 3, 2, 22, 10).astimezone().timestamp()
    before = [replace(CLOSED, command=n, what="log-off", terminal="FD-07", at=at) for n in range(20)]
    deeds.draw(replace(AT_HUB, deeds=(*before, CLOSED)))
    assert len(deeds.lines) == 21
    assert deeds.lines[1] == "2 March 22:10, FD-07: J. Field at the helpdesk logs you off: the page was frozen"


def test_a_deed_of_a_kind_that_is_not_known_here_is_said_all_the_same(qtbot: QtBot) -> None:
    deeds = DeedsList()
    qtbot.addWidget(deeds)
    deeds.draw(replace(AT_HUB, deeds=(replace(CLOSED, what="something-new"),)))
    assert "The helpdesk has done something here" in deeds.lines[0]


@pytest.mark.parametrize("look", LOOKS)
def test_a_message_is_plain_text_and_is_not_read_by_a_key_that_was_meant_for_something_else(
    qtbot: QtBot, look: Look
) -> None:
    current().wear(look)
    page = MessagePage()
    page.standing.setInterval(0)
    qtbot.addWidget(page)
    sent: list[object] = []
    page.command.connect(sent.append)
    page.resize(1024, 640)
    page.show()
    page.activateWindow()
    picture: Snapshot = replace(AT_HUB, messages=(MESSAGE, replace(MESSAGE, command=5, text="Thank you")))
    page.draw(picture)
    settle()
    assert page.text.text() == MESSAGE.text
    assert page.text.textFormat() == Qt.TextFormat.PlainText
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Escape):
        qtbot.keyClick(page, key)
    assert sent == []
    qtbot.waitUntil(lambda: page.stands)
    page.read.click()
    assert sent == [AcknowledgeMessage(3)]
    assert nameless(page) == []
    assert cut_texts(page) == []
    assert too_small(page) == []


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("times", [1, 12])
def test_the_ring_around_a_message_is_whole_and_the_keys_scroll_a_long_one(
    qtbot: QtBot, look: Look, times: int
) -> None:
    current().wear(look)
    frame, page = Frame(), MessagePage()
    qtbot.addWidget(frame)
    frame.pages.addWidget(page)
    frame.resize(800, 600)
    frame.show()
    frame.activateWindow()
    qtbot.waitUntil(frame.isActiveWindow)
    page.draw(replace(AT_HUB, messages=(replace(MESSAGE, text=f"{MESSAGE.text}. " * times),)))
    settle()
    page.say()
    settle()
    (area,) = page.findChildren(QScrollArea)
    bar = area.verticalScrollBar()
    assert frame.ring.isVisible()
    assert frame.ring.whole
    assert 0 <= page.text.mapTo(area.viewport(), QPoint(0, 0)).y() < area.viewport().height(), "it begins there"
    if page.text.height() > area.viewport().height():
        assert bar.value() == 0, "whose it is is read first"
    while times > 1 and bar.value() < bar.maximum():
        before = bar.value()
        focused = QApplication.focusWidget()
        assert focused is not None
        qtbot.keyClick(focused, Qt.Key.Key_PageDown)
        settle()
        assert bar.value() > before
        assert frame.ring.whole
    qtbot.keyClick(page.text, Qt.Key.Key_Tab)
    settle()
    assert page.read.hasFocus()
    assert frame.ring.whole


def test_the_second_click_of_two_reads_no_message_that_has_not_stood_there(qtbot: QtBot) -> None:
    page = MessagePage()
    page.standing.setInterval(0)
    qtbot.addWidget(page)
    sent: list[object] = []
    page.command.connect(sent.append)
    page.resize(1024, 640)
    page.draw(replace(AT_HUB, messages=(MESSAGE, replace(MESSAGE, command=5))))
    page.read.click()
    assert sent == [], "it was not painted"
    page.show()
    qtbot.waitUntil(lambda: page.stands)

    def read(_: object) -> None:
        page.standing.setInterval(1 << 30)  # the other one has not stood there before the test lets it
        page.draw(replace(AT_HUB, messages=(replace(MESSAGE, command=5),)))

    page.command.connect(read)
    for _ in range(3):
        qtbot.mouseClick(page.read, Qt.MouseButton.LeftButton)
        settle()
    assert sent == [AcknowledgeMessage(3)]
    page.standing.start(0)
    qtbot.waitUntil(lambda: page.stands)
    qtbot.mouseClick(page.read, Qt.MouseButton.LeftButton)
    assert sent == [AcknowledgeMessage(3), AcknowledgeMessage(5)]


@pytest.mark.parametrize("look", LOOKS)
def test_a_notice_of_a_system_is_read_whole_in_every_look(qtbot: QtBot, look: Look) -> None:
    current().wear(look)
    page = NoticePage()
    qtbot.addWidget(page)
    page.resize(800, 432)
    picture = replace(AT_HUB, hub_notices=(replace(SLOW, text=f"{SLOW.text}. <b>" + "Use the other one. " * 12),))
    assert page.show_system("crime", picture)
    page.show()
    settle()
    assert page.text.textFormat() == Qt.TextFormat.PlainText
    assert nameless(page) == []
    assert cut_texts(page) == []
    assert too_small(page) == []
    page.activateWindow()
    page.say()
    settle()
    (area,) = page.findChildren(QScrollArea)
    bar = area.verticalScrollBar()
    assert bar.value() < page.text.mapTo(area.widget(), QPoint(0, 0)).y(), "it begins at its beginning"
    before = bar.value()
    qtbot.keyClick(page.text, Qt.Key.Key_PageDown)
    assert bar.value() > before or before == bar.maximum()
