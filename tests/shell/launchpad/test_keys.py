"""Every way through the launchpad by keys."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from launcher.session.commands import (
    CloseSystem,
    LaunchpadResponds,
    OpenMySystems,
    OpenSystem,
    RetrySystem,
    SetFavourite,
)
from launcher.session.snapshot import ErrorView, RoundView
from launcher.shell.launchpad.steps import stepped
from launcher.shell.launchpad.tile import Tile, beside, spoken
from launcher.shell.look import State
from tests.shell.launchpad.conftest import HOME, MINE, Desk, launch, with_launches
from tests.shell.look.seeing import settle

Key = Qt.Key


def tile_at(desk: Desk) -> Tile:
    return desk.pad.model.tile(desk.pad.view.current_row)


def test_it_says_once_that_it_responds(desk: Desk) -> None:
    desk.frame.show()
    desk.draw(replace(HOME, stage="signing-in", systems=()))
    assert LaunchpadResponds() not in desk.commands
    desk.draw(HOME)
    settle()
    desk.draw(with_launches(launch("crime", "opening")))
    assert desk.commands.count(LaunchpadResponds()) == 1


def test_an_officer_without_systems_is_not_waited_for(desk: Desk) -> None:
    desk.frame.show()
    desk.draw(replace(HOME, systems=(), my_systems=()))
    assert desk.commands == [LaunchpadResponds()]


def test_a_shift_starts_with_enter(desk: Desk) -> None:
    desk.show()
    assert desk.focus() is desk.pad.card.button
    desk.press(Key.Key_Return)
    assert desk.commands == [OpenMySystems()]


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter])
def test_ctrl_enter_opens_my_systems_from_anywhere(desk: Desk, key: Key) -> None:
    desk.show()
    desk.frame.go_to_search()
    desk.press(key, ctrl=True)
    assert desk.commands == [OpenMySystems()]


def test_ctrl_enter_does_nothing_when_mine_are_open(desk: Desk) -> None:
    desk.show(with_launches(*(launch(system, "ready", took_ms=2000) for system in MINE)))
    desk.press(Key.Key_Return, ctrl=True)
    assert desk.commands == []


def test_letters_search_whatever_has_the_focus(desk: Desk) -> None:
    desk.show()
    desk.type("reg")
    assert desk.search == "reg"
    assert desk.focus() is desk.pad.search
    assert desk.names() == ["Missing Persons Register", "Firearms Register"]
    assert desk.current() == "missing"


def test_letters_search_from_the_tiles_too(desk: Desk) -> None:
    desk.show()
    desk.pad.tiles.setFocus()
    desk.type("veh")
    assert desk.search == "veh"
    assert desk.current() == "vehicle"


def test_arrows_move_and_enter_opens_while_the_field_keeps_the_focus(desk: Desk) -> None:
    desk.show()
    desk.type("re")
    first = desk.current()
    desk.press(Key.Key_Right, Key.Key_Right, Key.Key_Left)
    assert desk.pad.view.current_row == 1
    assert desk.focus() is desk.pad.search
    assert desk.current() != first
    desk.press(Key.Key_Return)
    assert desk.commands == [OpenSystem(desk.pad.model.tile(1).id)]


def test_enter_without_a_choice_opens_nothing(desk: Desk) -> None:
    desk.show()
    desk.frame.go_to_search()
    desk.press(Key.Key_Return)
    assert desk.commands == []
    desk.press(Key.Key_Down, Key.Key_Return)
    assert desk.commands == [OpenSystem("crime")]


def test_escape_clears_then_goes_back(desk: Desk) -> None:
    desk.show()
    back: list[None] = []
    desk.pad.went_back.connect(lambda: back.append(None))
    desk.type("re")
    desk.press(Key.Key_Escape)
    assert desk.search == ""
    assert len(desk.names()) == len(HOME.systems)
    assert not back
    desk.press(Key.Key_Escape)
    assert len(back) == 1


ERROR = ErrorView("sign-on-refused", "It refused.", "Try again.", retryable=True)


def test_enter_retries_what_failed_and_the_tile_shows_it(desk: Desk) -> None:
    failed = with_launches(launch("crime", "failed", took_ms=900, error=ERROR))
    desk.show(failed)
    desk.pad.retries.shown_ms = 3_600_000
    desk.type("crime")
    desk.press(Key.Key_Return)
    assert desk.commands == [RetrySystem("crime")]
    assert tile_at(desk).state is State.OPENING
    assert spoken(tile_at(desk)).startswith("Crime Recording, Web, Opening, ")
    assert beside(tile_at(desk))[0].endswith((" left", " so far"))
    # A server that refuses at once: the retry is seen all the same, then what came of it.
    desk.draw(with_launches(launch("crime", "failed", took_ms=3, error=ERROR)))
    assert tile_at(desk).state is State.OPENING
    desk.pad.retries.end("crime")
    assert tile_at(desk).state is State.FAILED
    assert "failed" in desk.pad.shown_loudly


def test_a_retry_ends_by_itself_and_hides_nothing_but_a_failure(desk: Desk, qtbot: QtBot) -> None:
    desk.show(with_launches(launch("crime", "failed", took_ms=900, error=ERROR)))
    desk.type("crime")
    with qtbot.waitSignal(desk.pad.retries.over):
        desk.press(Key.Key_Return)
        desk.draw(with_launches(launch("crime", "ready", took_ms=90)))
        assert tile_at(desk).state is State.READY
    assert tile_at(desk).state is State.READY


@pytest.mark.parametrize("view", [0, 2])
def test_ctrl_i_shows_what_went_wrong(desk: Desk, view: int) -> None:
    desk.show(with_launches(launch("crime", "failed", took_ms=900, error=ERROR)))
    desk.pad.choices.choose_view(view)
    desk.type("crime")
    desk.press(Key.Key_I, ctrl=True)
    assert desk.commands == [OpenSystem("crime")]
    desk.pad.view.setFocus()
    desk.press(Key.Key_I, ctrl=True)
    assert desk.commands == [OpenSystem("crime")] * 2
    assert desk.search == "crime"


def test_ctrl_i_means_nothing_where_nothing_failed(desk: Desk) -> None:
    desk.show()
    desk.frame.go_to_search()
    desk.press(Key.Key_I, ctrl=True)
    desk.type("crime")
    desk.press(Key.Key_I, ctrl=True)
    assert desk.commands == []
    assert desk.search == "crime"


def test_ctrl_d_makes_a_favourite_and_takes_it_back(desk: Desk) -> None:
    desk.show()
    desk.type("vehicle")
    desk.press(Key.Key_D, ctrl=True)
    assert desk.commands == [SetFavourite("vehicle", True)]
    desk.draw(replace(HOME, favourites=frozenset({"vehicle"})))
    assert desk.current() == "vehicle"
    desk.press(Key.Key_D, ctrl=True)
    assert desk.commands[-1] == SetFavourite("vehicle", False)


def test_f8_goes_to_what_needs_the_officer(desk: Desk) -> None:
    desk.show(with_launches(launch("firearms", "needs", needs="credential")))
    desk.frame.go_to_search()
    desk.press(Key.Key_F8)
    assert desk.commands == [OpenSystem("firearms")]


def test_f8_stays_with_the_strip_while_it_shows_something_worse_than_is_in_sight(desk: Desk) -> None:
    desk.show(with_launches(launch("firearms", "needs"), launch("fresh", "failed")))
    desk.type("firearms")
    assert desk.pad.shown_loudly == {"needs"}
    gone: list[str] = []
    desk.frame.strip.system_wanted.connect(gone.append)
    desk.draw(with_launches(launch("firearms", "needs"), launch("fresh", "failed")))
    desk.press(Key.Key_F8)
    assert desk.commands == []
    assert gone == ["fresh"]


def test_the_tiles_can_be_walked_with_the_focus_on_them(desk: Desk) -> None:
    desk.show()
    desk.pad.tiles.setFocus()
    assert desk.pad.view.current_row == 0
    desk.press(Key.Key_End)
    assert desk.pad.view.current_row == len(HOME.systems) - 1
    desk.press(Key.Key_Home, Key.Key_Down, Key.Key_Return)
    assert desk.commands == [OpenSystem(desk.pad.model.tile(desk.pad.tiles.columns).id)]


def test_tab_reaches_everything(desk: Desk) -> None:
    desk.show()
    seen = []
    for _ in range(12):
        seen.append(desk.focus())
        desk.press(Key.Key_Tab)
    for widget in (desk.pad.card.button, desk.pad.tiles, desk.pad.search):
        assert widget in seen
    assert desk.pad.filters.segments[0] in seen
    assert desk.pad.choices.views.segments[0] in seen


def test_a_click_opens_and_the_star_does_not(desk: Desk) -> None:
    desk.show()
    view = desk.pad.tiles
    cell = view.cell(0)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=cell.center())
    assert desk.commands == [OpenSystem("crime")]
    row = desk.pad.model.row_of("files")
    assert row is not None
    place = view.cell(row)
    star = next(
        QPoint(x, y)
        for y in range(place.top(), place.bottom(), 2)
        for x in range(place.left(), place.right(), 2)
        if view.star_at(row, QPoint(x, y))
    )
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=star + QPoint(8, 8))
    assert desk.commands[1:] == [SetFavourite("files", False)]


def test_the_menu_of_a_tile_holds_what_can_be_done_with_it(desk: Desk) -> None:
    desk.show(with_launches(launch("crime", "failed", error=ERROR), launch("custody", "ready", took_ms=3000)))
    tiles = {tile.id: tile for tile in desk.pad.model.all_tiles()}

    def choose(system: str, at: int) -> str:
        action = desk.pad.menu_of(tiles[system]).actions()[at]
        action.trigger()
        return action.text()

    said = [
        choose(*each)
        for each in (("crime", 0), ("crime", 1), ("custody", 0), ("custody", 1), ("vehicle", 0), ("vehicle", 1))
    ]
    assert said == [
        "Try again\tEnter",
        "Show what went wrong\tCtrl I",
        "Go to it\tEnter",
        "Close",
        "Open\tEnter",
        "Add to favourites\tCtrl D",
    ]
    assert desk.commands == [
        RetrySystem("crime"),
        OpenSystem("crime"),
        OpenSystem("custody"),
        CloseSystem("custody"),
        OpenSystem("vehicle"),
        SetFavourite("vehicle", True),
    ]
    choose("crime", 4)
    assert desk.helps == ["sign-on-refused"]


def test_leaving_the_page_clears_the_search(desk: Desk) -> None:
    desk.show()
    desk.type("re")
    desk.pad.hide()
    assert desk.search == ""


def test_keys_of_another_page_stay_there_whatever_had_the_focus_here_last(desk: Desk) -> None:
    began = time.monotonic()
    launches = [launch("crime", "needs", needs="credential"), *(launch(one, "ready", took_ms=9.0) for one in MINE[1:])]
    finished = replace(with_launches(*launches), round=RoundView(MINE, began, took_ms=900.0))
    desk.show(finished)
    desk.pad.card.needs.setFocus()
    settle()
    assert QApplication.focusWidget() is desk.pad.card.needs
    other = QLineEdit()
    desk.frame.pages.addWidget(other)
    desk.frame.pages.setCurrentWidget(other)
    other.setFocus()
    desk.draw(replace(with_launches(*launches, launch("plates", "opening")), round=finished.round))
    assert QApplication.focusWidget() is other


def test_the_field_gets_the_focus_when_the_button_goes(desk: Desk) -> None:
    desk.show()
    running = tuple(launch(system, "opening") for system in MINE)
    desk.draw(replace(with_launches(*running), round=RoundView(MINE, running[0].started)))
    assert desk.focus() is desk.pad.search


@pytest.mark.parametrize(
    ("row", "key", "goal"),
    [
        (-1, Key.Key_Down, 0),
        (0, Key.Key_Right, 1),
        (0, Key.Key_Left, 0),
        (1, Key.Key_Down, 4),
        (4, Key.Key_Up, 1),
        (5, Key.Key_Down, 7),  # a shorter last line
        (6, Key.Key_Down, 6),
        (7, Key.Key_Down, 7),
        (7, Key.Key_Right, 7),
        (2, Key.Key_Up, 2),
        (0, Key.Key_PageDown, 3),
        (7, Key.Key_PageUp, 4),
        (1, Key.Key_PageUp, 1),
        (0, Key.Key_A, None),
    ],
)
def test_where_a_key_leads_among_eight_tiles_in_lines_of_three(row: int, key: Key, goal: int | None) -> None:
    assert stepped(row, 8, 3, 2, key) == goal


def test_left_and_right_stay_with_the_text_in_a_list() -> None:
    assert stepped(3, 8, 1, 5, Key.Key_Left) is None
    assert stepped(3, 8, 1, 5, Key.Key_Down) == 4
