"""What tiles, card, filters, search and list say."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from launcher.session.commands import OpenSystem, RetrySystem
from launcher.session.snapshot import LaunchState, RoundView, Snapshot
from launcher.shell.launchpad.choice import Column, counts
from launcher.shell.launchpad.names import placed
from launcher.shell.launchpad.round import card_text
from launcher.shell.launchpad.tile import Tile, beside, share_of, spoken, tiles_of
from launcher.shell.look import State, pulse, shown_share
from tests.shell.launchpad.conftest import HOME, MINE, SYSTEMS, Desk, launch, with_launches
from tests.shell.look.seeing import settle


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said of a time is said at the moment it was meant for, however busy the computer is."""
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)


def tile(snapshot: Snapshot, system: str) -> Tile:
    return next(each for each in tiles_of(snapshot) if each.id == system)


def card(snapshot: Snapshot, now: float | None = None) -> object:
    return card_text(snapshot, {each.id: each for each in tiles_of(snapshot)}, now)


# States


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("queued", State.OPENING),
        ("opening", State.OPENING),
        ("signing", State.SIGNING),
        ("needs", State.NEEDS),
        ("ready", State.READY),
        ("failed", State.FAILED),
        ("unknown", State.UNKNOWN),
    ],
)
def test_each_state_of_a_launch_has_its_tile(state: LaunchState, shown: State) -> None:
    assert tile(with_launches(launch("custody", state)), "custody").state is shown


def test_a_system_that_is_not_open_shows_only_what_is_wrong_with_it() -> None:
    states = {each.id: each.state for each in tiles_of(HOME)}
    assert states["custody"] is None
    assert states["vehicle"] is State.DEGRADED
    assert states["forensic"] is State.OFFLINE
    assert states["plates"] is State.UNKNOWN


@pytest.mark.parametrize(
    ("system", "words"),
    [
        ("custody", "about 4 s"),
        ("vehicle", "about 40 s"),
        ("files", "about 7 s, on demand"),  # among mine and still not opened with them
        ("plates", "not checked"),
    ],
)
def test_a_tile_that_is_not_open_says_how_long_it_usually_takes(system: str, words: str) -> None:
    assert beside(tile(HOME, system))[0] == words


@pytest.mark.parametrize(
    ("system", "state", "ago_s", "words"),
    [
        ("custody", "ready", 9, "4.2 s"),
        ("firearms", "opening", 2, "10 s left"),
        ("custody", "signing", 9, "9 s so far"),
        ("fresh", "opening", 5, "5 s so far"),
        ("custody", "needs", 5, "Name and password"),
        ("custody", "failed", 5, "Enter retries, Ctrl I says why"),
    ],
)
def test_an_open_tile_says_how_long_or_what_is_needed(
    system: str, state: LaunchState, ago_s: float, words: str
) -> None:
    took_ms = 4200 if state == "ready" else None
    opened = launch(system, state, ago_s=ago_s, took_ms=took_ms, needs="credential" if state == "needs" else "")
    assert beside(tile(with_launches(opened), system))[0] == words


def test_a_tile_that_waits_for_a_code_says_when_there_is_one() -> None:
    waiting = replace(launch("firearms", "queued", ago_s=2), code_at=time.monotonic() + 17.2)
    assert beside(tile(with_launches(waiting), "firearms")) == ("next code in 17 s", "code in 17 s")


def test_an_unknown_time_is_not_made_up() -> None:
    assert beside(tile(HOME, "fresh")) == ()
    assert beside(tile(HOME, "forensic")) == ()


@pytest.mark.parametrize("ago_s", [0, 1, 3.9, 4, 8, 100, 10_000])
@pytest.mark.parametrize("system", ["custody", "fresh"])
def test_the_bar_grows_and_is_never_full_before_it_is_ready(system: str, ago_s: float) -> None:
    before = share_of(tile(with_launches(launch(system, "opening", ago_s=ago_s)), system))
    after = share_of(tile(with_launches(launch(system, "opening", ago_s=ago_s + 1)), system))
    assert 0 <= before < after < 1
    assert shown_share(after) < 1


def test_a_screen_reader_hears_name_kind_state_and_time() -> None:
    snapshot = with_launches(launch("custody", "ready", took_ms=4200))
    assert spoken(tile(snapshot, "custody")) == "Custody Record, Web, Ready, 4.2 s"
    assert spoken(tile(HOME, "incident")) == "Incident Response Desk, Terminal, not open, about 2 s"
    assert spoken(tile(HOME, "files")) == "Case File Preparation, Program, not open, about 7 s, on demand, favourite"
    assert spoken(tile(HOME, "fresh")) == "Fresh Ledger, Web, not open, on demand"


# The card


def test_the_card_counts_and_says_how_long_as_they_open_together() -> None:
    text = card(HOME)
    assert (text.shows, text.heading) == ("start", "3 systems, about 6 s")
    assert text.systems == MINE


def test_the_card_knows_how_long_they_take_together_where_it_was_measured() -> None:
    measured = replace(HOME, sign_in=replace(HOME.sign_in, systems_usual_ms=17000.0))
    assert card(measured).heading == "3 systems, about 17 s"


def test_the_card_says_what_is_away_before_it_is_pressed() -> None:
    assert card(replace(HOME, my_systems=("crime", "forensic"))).line == "Forensic Results is offline"
    assert card(replace(HOME, my_systems=("crime", "vehicle"))).line == "Vehicle Records is slow"


def test_the_card_says_what_will_ask_before_it_is_pressed() -> None:
    one, two = frozenset({"crime"}), frozenset({"crime", "missing", "not-mine"})
    assert card(replace(HOME, will_ask=one)).line == "Crime Recording will ask for your name and password."
    assert card(replace(HOME, will_ask=two)).line == "2 will ask for your name and password."
    assert card(replace(HOME, will_ask=two)).short_line == "2 will ask you"


def test_the_card_offers_those_that_are_not_open() -> None:
    waiting = with_launches(launch("crime", "needs", needs="credential"))
    text = card(waiting)
    assert text.heading == "2 systems, about 4 s"
    assert text.line == "One waits for you: your name and password"


def test_the_card_goes_when_there_is_nothing_to_open() -> None:
    assert card(with_launches(*(launch(each, "ready", took_ms=1) for each in MINE))).shows == "nothing"


def test_running_it_counts_the_ready_and_says_the_seconds_left() -> None:
    began = time.monotonic() - 1
    launches = (
        launch("crime", "opening", ago_s=1),
        launch("custody", "ready", took_ms=900),
        launch("missing", "needs"),
    )
    text = card(replace(with_launches(*launches), round=RoundView(MINE, began)))
    assert (text.shows, text.heading, text.line) == ("running", "1 of 3 ready", "5 s left")
    assert [step.state for step in text.steps] == [State.OPENING, State.READY, State.NEEDS]


def test_beyond_the_usual_time_it_says_how_long_it_has_been() -> None:
    text = card(replace(with_launches(launch("crime", "opening", ago_s=9)), round=RoundView(("crime",), 0)))
    assert text.line == "Longer than usual, 9 s so far"


def test_finished_it_says_how_long_it_took_for_a_minute() -> None:
    done = with_launches(*(launch(each, "ready", took_ms=5000) for each in MINE))
    done = replace(done, round=RoundView(MINE, started=1000.0, took_ms=12300.0))
    assert card(done, now=1013.0).heading == "3 systems ready in 12.3 s"
    assert card(done, now=1012.3 + 59).shows == "finished"
    assert card(done, now=1012.3 + 61).shows == "nothing"


def test_finished_it_says_what_is_not_ready() -> None:
    done = with_launches(launch("crime", "failed"), launch("custody", "ready"), launch("missing", "needs"))
    text = card(replace(done, round=RoundView(MINE, 1000.0, 9000.0)), now=1010.0)
    assert text.heading == "1 of 3 ready in 9.0 s"
    assert text.line == "1 needs you, Crime Recording failed"


# Filters


def test_the_filters_count() -> None:
    snapshot = with_launches(launch("crime", "ready"), launch("vehicle", "needs"))
    assert counts(tiles_of(snapshot)) == (10, 4, 2, 1)


def test_mine_first_then_favourites_then_the_catalogue(desk: Desk) -> None:
    desk.show()
    assert [each.id for each in desk.pad.model.all_tiles()][:5] == ["crime", "custody", "missing", "files", "incident"]


def test_a_filter_shows_its_systems_and_says_when_there_are_none(desk: Desk) -> None:
    desk.show(with_launches(launch("vehicle", "needs", needs="finish")))
    segments = desk.pad.filters.segments
    segments[1].click()
    assert desk.names() == ["Crime Recording", "Custody Record", "Missing Persons Register", "Case File Preparation"]
    segments[3].click()
    assert desk.names() == ["Vehicle Records"]
    desk.draw(HOME)
    assert desk.names() == []
    assert desk.pad.empty.isVisible()
    assert desk.pad.empty.heading.text() == "Nothing needs you."
    desk.pad.empty.clear_button.click()
    assert len(desk.names()) == len(SYSTEMS)
    assert segments[0].isChecked()


def test_a_favourite_does_not_make_the_tile_jump(desk: Desk) -> None:
    desk.show()
    before = desk.names()
    desk.draw(replace(HOME, favourites=frozenset({"files", "vehicle"})))
    assert desk.names() == before
    assert desk.pad.filters.segments[1].accessibleName() == "Mine 5"


# Search


def test_the_result_is_counted_and_the_card_folds(desk: Desk) -> None:
    began = launch("crime", "opening")
    desk.show(replace(with_launches(began), round=RoundView(MINE, began.started)))
    desk.type("reg")
    assert desk.pad.found.text() == "2 of 10 systems"
    assert desk.pad.contain.text() == "contain “reg”"
    assert not desk.pad.card.isVisible()
    assert desk.pad.folded.isVisible()
    assert desk.pad.folded.heading.text() == "0 of 3 ready"


def test_a_word_start_is_marked_before_letters_inside(desk: Desk) -> None:
    desk.show()
    desk.type("re")
    model = desk.pad.model
    hits = {model.tile(row).id: model.hit(row) for row in range(model.rowCount())}
    assert hits["custody"].ranges == ((8, 10),)
    assert hits["files"].ranges == ((11, 13),)


def test_another_name_finds_too(desk: Desk) -> None:
    desk.show()
    desk.type("pnc")
    assert desk.names() == ["Vehicle Records"]
    hit = desk.pad.model.hit(0)
    assert hit is not None
    assert (hit.field, hit.text) == ("alias", "PNC")


@pytest.mark.parametrize(
    ("text", "lines", "ranges", "marks"),
    [
        ("Custody Record", ("Custody Record",), ((8, 10),), [(0, 8, 10)]),
        ("Missing Persons Register", ("Missing Persons", "Register"), ((16, 18),), [(1, 0, 2)]),
        ("Missing Persons Register", ("Missing Persons", "Regi…"), ((16, 24),), [(1, 0, 4)]),
        ("Missing Persons Register", ("Missing Per…",), ((16, 18),), []),
        ("Custody Record", ("Custody", "Record"), ((0, 1), (8, 9)), [(0, 0, 1), (1, 0, 1)]),
        ("Custody Record", ("Custody", "Record"), ((5, 10),), [(0, 5, 7), (1, 0, 2)]),
    ],
)
def test_marks_follow_the_name_onto_its_lines(
    text: str, lines: tuple[str, ...], ranges: tuple[tuple[int, int], ...], marks: list[tuple[int, int, int]]
) -> None:
    assert placed(text, lines, ranges) == marks


def test_nothing_found_offers_to_clear_and_to_ask(desk: Desk) -> None:
    desk.show()
    desk.type("xyz")
    assert desk.pad.empty.isVisible()
    assert desk.pad.empty.heading.text() == "No system contains “xyz”."
    desk.pad.empty.ask_button.click()
    assert desk.helps == [""]
    desk.pad.empty.clear_button.click()
    assert desk.search == ""
    assert desk.pad.tiles.isVisible()
    assert desk.focus() is desk.pad.search


def test_an_officer_without_systems_is_told_so(desk: Desk) -> None:
    desk.show(replace(HOME, systems=(), my_systems=(), favourites=frozenset()))
    assert desk.pad.empty.heading.text() == "No system is set up for you."
    assert not desk.pad.empty.clear_button.isVisible()
    assert not desk.pad.choices.isVisible()
    desk.pad.empty.ask_button.click()
    assert desk.helps == [""]


# The list


def test_the_list_sorts_by_its_columns_and_back(desk: Desk) -> None:
    desk.show(
        with_launches(launch("vehicle", "needs"), launch("missing", "failed", took_ms=1), launch("crime", "ready"))
    )
    desk.pad.choices.choose_view(2)
    assert desk.names() == sorted(desk.names())
    header = desk.pad.table.header
    header.sort_wanted.emit(Column.STATE)
    assert desk.names()[:3] == ["Vehicle Records", "Missing Persons Register", "Crime Recording"]
    header.sort_wanted.emit(Column.STATE)
    assert desk.names()[-1] == "Vehicle Records"
    header.sort_wanted.emit(Column.FAVOURITE)
    assert desk.names()[0] == "Case File Preparation"
    desk.pad.choices.choose_view(0)
    assert desk.names()[0] == "Crime Recording"


def test_a_time_that_is_not_known_is_last_either_way(desk: Desk) -> None:
    desk.show()
    desk.pad.choices.choose_view(2)
    for _ in range(2):
        desk.pad.table.header.sort_wanted.emit(Column.TIME)
        assert desk.names()[-1] == "Fresh Ledger"
    assert desk.names()[0] == "Vehicle Records"


def test_the_list_can_be_sorted_without_a_mouse(desk: Desk) -> None:
    desk.show()
    desk.pad.choices.choose_view(2)
    menu = desk.pad.choices.order_menu()
    menu.actions()[Column.GROUP].trigger()
    assert desk.pad.choices.order_button.text() == "Sorted by Group"
    assert desk.names()[0] in ("Crime Recording", "Missing Persons Register")


def test_the_current_system_is_kept_from_view_to_view(desk: Desk) -> None:
    desk.show()
    desk.type("re")
    desk.pad.view.set_current(3)
    chosen = desk.current()
    for view in (1, 2, 0):
        desk.pad.choices.choose_view(view)
        assert desk.current() == chosen


def test_the_list_opens_and_retries(desk: Desk) -> None:
    desk.show(with_launches(launch("crime", "failed")))
    desk.pad.choices.choose_view(2)
    for system in ("crime", "custody"):
        row = desk.pad.model.row_of(system)
        assert row is not None
        desk.pad.table.opened.emit(row)
    assert desk.commands == [RetrySystem("crime"), OpenSystem("custody")]


# What is loud, what moves


def test_it_tells_what_it_shows_loudly(desk: Desk) -> None:
    desk.show()
    assert desk.pad.shown_loudly == frozenset()
    desk.draw(with_launches(launch("crime", "needs"), launch("custody", "failed")))
    assert desk.pad.shown_loudly == {State.NEEDS, State.FAILED}
    desk.type("vehicle")
    assert desk.pad.shown_loudly == {State.NEEDS}


def test_the_pulse_repaints_only_while_something_moves(desk: Desk) -> None:
    painted: list[None] = []
    desk.pad.tiles.painted.connect(lambda: painted.append(None))

    def beat() -> bool:
        painted.clear()
        pulse().ticked.emit()
        settle()
        return bool(painted)

    desk.show(with_launches(launch("crime", "opening")))
    assert beat()
    desk.draw(with_launches(launch("crime", "ready", took_ms=5)))
    assert not beat()
    desk.draw(HOME)
    assert not beat()


def test_a_change_of_one_system_keeps_the_rows_and_the_current_tile(desk: Desk) -> None:
    desk.show()
    desk.type("re")
    desk.pad.view.set_current(2)
    reset: list[None] = []
    desk.pad.model.modelReset.connect(lambda: reset.append(None))
    desk.draw(with_launches(launch("crime", "opening")))
    assert desk.pad.view.current_row == 2
    assert not reset
