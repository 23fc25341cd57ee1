"""What is on a grid for a recipe: which screen is shown, and which field a fill names."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launcher.recipes.screens import Screen, ScreenFill, TextAt
from launcher.sign_on.screen_sight import Sight, field_of, is_shown, sight_of, words_of
from launcher.terminal.errors import FieldRefusedError
from launcher.terminal.grid import CellGrid, Cursor, Field, KeyboardLock

COLUMNS = 40
LINES = (
    "NRS          NATIONAL RECORDS",
    "",
    "ENTER YOUR USERID AND PASSWORD",
    "  USERID   ===> ",
    "  PASSWORD ===> ",
    "  CODE     ===> ",
)
USERID = Field(3 * COLUMNS + 16, 8)
PASSWORD = Field(4 * COLUMNS + 16, 8, hidden=True)
CODE = Field(5 * COLUMNS + 16, 6, hidden=True, numeric=True)
LABELS = Field(0, 3 * COLUMNS, protected=True)


def sight(*lines: str, fields: tuple[Field, ...] = (), cursor: tuple[int, int] = (0, 0)) -> Sight:
    grid = CellGrid(8, COLUMNS)
    for row, line in enumerate(lines):
        for column, character in enumerate(line):
            grid.text[row * COLUMNS + column] = character
    grid.cursor = Cursor(*cursor)
    grid.fields = fields
    return sight_of(grid)


LOGON = sight(*LINES, fields=(LABELS, USERID, PASSWORD, CODE))


def screen(**how: object) -> Screen:
    return Screen.model_validate({"name": "a", "press": "Enter", "next": ["b"], **how})


@pytest.mark.parametrize(
    ("how", "shown"),
    [
        ({}, True),
        ({"text": ["NATIONAL RECORDS", "USERID"]}, True),
        ({"text": ["NATIONAL RECORDS", "REFUSED"]}, False),
        ({"text": ["national records"]}, False),
        ({"text": ["RECORDS\nENTER"]}, False),
        ({"absent": ["REFUSED"]}, True),
        ({"absent": ["REFUSED", "CODE"]}, False),
        ({"at": [{"text": "NRS", "row": 1, "column": 1}]}, True),
        ({"at": [{"text": "RS", "row": 1, "column": 2}, {"text": "USERID", "row": 4}]}, True),
        ({"at": [{"text": "NRS", "row": 1, "column": 2}]}, False),
        ({"at": [{"text": "USERID", "row": 5}]}, False),
        ({"at": [{"text": "USERID", "row": 100, "column": 100}]}, False),
        ({"at": [{"text": "USERID", "row": 4, "column": 100}]}, False),
        ({"at": [{"text": "USERID"}]}, True),
        ({"at": [{"text": "NOBODY"}]}, False),
        ({"inputs": 3}, True),
        ({"inputs": 4}, False),
        ({"hidden_inputs": 2}, True),
        ({"hidden_inputs": 0}, False),
        ({"before_cursor": "===>"}, False),
    ],
)
def test_a_screen_is_shown_when_all_holds_by_which_it_is_recognised(how: dict[str, object], shown: bool) -> None:
    assert is_shown(screen(**how), LOGON) is shown


LOCKS: tuple[KeyboardLock, ...] = ("system", "not-connected", "clock", "program")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_locked_keyboard_is_waited_for_unless_the_screen_says_otherwise(lock: KeyboardLock) -> None:
    locked = replace(LOGON, lock=lock)
    assert not is_shown(screen(text=["USERID"]), locked)
    assert is_shown(screen(text=["USERID"], unlocked=False), locked)


@pytest.mark.parametrize("lock", ["not-here", "numeric", "overflow"])
def test_a_wrong_key_of_the_officers_hides_no_screen(lock: KeyboardLock) -> None:
    assert is_shown(screen(text=["USERID"]), replace(LOGON, lock=lock))


def test_what_a_host_has_said_before_it_hung_up_counts_where_it_is_a_refusal() -> None:
    gone = replace(LOGON, lock="not-connected")
    assert is_shown(Screen(name="a", text=("USERID",), means="failed"), gone)
    assert not is_shown(Screen(name="a", text=("USERID",), means="failed"), replace(LOGON, lock="clock"))
    assert not is_shown(Screen(name="a", text=("USERID",), means="ready"), gone)


@pytest.mark.parametrize(
    ("line", "column", "shown"),
    [
        ("records login: ", 15, True),
        ("records login:", 14, True),
        ("records login:  ", 16, True),
        ("records login: al", 17, False),
        ("records login: ", 0, False),
        ("login: x", 15, False),
    ],
)
def test_a_prompt_is_what_stands_right_before_the_cursor(line: str, column: int, shown: bool) -> None:
    assert is_shown(screen(before_cursor="login: "), sight("", line, cursor=(1, column))) is shown


def test_texts_stand_where_they_say_also_behind_wide_characters() -> None:
    grid = CellGrid(2, 10)
    grid.text[0:4] = ["日", "", "A", "B"]
    assert is_shown(screen(at=[{"text": "AB", "row": 1, "column": 3}]), sight_of(grid))
    assert is_shown(screen(text=["日A"]), sight_of(grid))
    grid.fields = (Field(1, 1), Field(4, 2))
    assert field_of(ScreenFill(value="x", label="AB"), sight_of(grid)) == Field(4, 2)


@pytest.mark.parametrize(
    ("fill", "field"),
    [
        (ScreenFill(value="x", label="USERID"), USERID),
        (ScreenFill(value="x", label="USERID   ===>"), USERID),
        (ScreenFill(value="x", label="PASSWORD", hidden=True), PASSWORD),
        (ScreenFill(value="x", label="PASSWORD ===>"), PASSWORD),
        (ScreenFill(value="x", label="CODE"), CODE),
        (ScreenFill(value="x", row=4, column=17), USERID),
        (ScreenFill(value="x", row=5, column=24), PASSWORD),
        (ScreenFill(value="x", input=1), USERID),
        (ScreenFill(value="x", input=3), CODE),
        (ScreenFill(value="x", input=1, hidden=True), PASSWORD),
    ],
)
def test_a_field_is_found_by_label_place_order_or_because_it_does_not_show(fill: ScreenFill, field: Field) -> None:
    assert field_of(fill, LOGON) == field


@pytest.mark.parametrize(
    ("fill", "said"),
    [
        (ScreenFill(value="x", label="PASSWORD"), "more than one input field behind the text 'PASSWORD'"),
        (ScreenFill(value="x", label="OFFICER"), "The text 'OFFICER' is not on the screen"),
        (ScreenFill(value="x", row=5, column=25), "no input field at row 5, column 25"),
        (ScreenFill(value="x", row=4, column=17, hidden=True), "no hidden input field at row 4"),
        (ScreenFill(value="x", row=200, column=17), "no input field at row 200"),
        (ScreenFill(value="x", input=4), "no input field 4, but 3"),
        (ScreenFill(value="x", input=3, hidden=True), "no hidden input field 3, but 2"),
        (ScreenFill(value="x", hidden=True), "not one hidden input field, but 2"),
        (ScreenFill(value="x"), "not one input field, but 3"),
    ],
)
def test_no_field_is_guessed(fill: ScreenFill, said: str) -> None:
    with pytest.raises(FieldRefusedError, match=said):
        field_of(fill, LOGON)


def test_a_label_with_nothing_behind_it_and_a_screen_without_fields_have_none() -> None:
    with pytest.raises(FieldRefusedError, match="no input field behind"):
        field_of(ScreenFill(value="x", label="CODE"), sight(*LINES, fields=(USERID,)))
    with pytest.raises(FieldRefusedError, match="not one hidden input field, but none"):
        field_of(ScreenFill(value="x", hidden=True), sight(*LINES))


def test_a_field_may_go_round_the_end_of_the_screen() -> None:
    round_the_end = Field(8 * COLUMNS - 4, 10)
    found = field_of(ScreenFill(value="x", row=1, column=3), sight(fields=(round_the_end,)))
    assert found == round_the_end


def test_the_hosts_own_words_are_a_rows() -> None:
    assert words_of(1, LOGON.lines()) == "NRS NATIONAL RECORDS"
    assert words_of(2, LOGON.lines()) == ""
    assert words_of(9, LOGON.lines()) == ""
    assert words_of(None, LOGON.lines()) == ""
    assert TextAt(text="x").row is None


_TEXTS = st.text(st.sampled_from("AB日="), min_size=1, max_size=3)
_FILLS = st.one_of(
    st.builds(lambda label, hidden: ScreenFill(value="x", label=label, hidden=hidden), _TEXTS, st.booleans()),
    st.builds(
        lambda number, hidden: ScreenFill(value="x", input=number, hidden=hidden), st.integers(1, 5), st.booleans()
    ),
    st.builds(lambda row, column: ScreenFill(value="x", row=row, column=column), st.integers(1, 9), st.integers(1, 9)),
)
_CELLS = st.lists(st.sampled_from(["A", "B", " ", "=", "", "日", "e\u0301"]), min_size=24, max_size=24)
_FIELDS = st.lists(
    st.builds(Field, st.integers(0, 23), st.integers(0, 24), protected=st.booleans(), hidden=st.booleans()), max_size=6
)


@settings(deadline=None)
@given(_CELLS, _FIELDS, st.integers(0, 24), _FILLS, st.lists(_TEXTS, max_size=2), st.integers(1, 9))
def test_whatever_a_host_shows_a_field_that_is_named_takes_input_or_there_is_none(
    cells: list[str], fields: list[Field], cursor: int, fill: ScreenFill, texts: list[str], place: int
) -> None:
    seen = Sight(3, 8, tuple(cells), cursor, tuple(fields))
    at = [{"text": text, "row": place, "column": place} for text in texts]
    for how in ({"text": texts}, {"at": at}, {"before_cursor": "".join(texts)}, {"absent": texts, "inputs": place}):
        is_shown(screen(**how), seen)
    try:
        field = field_of(fill, seen)
    except FieldRefusedError:
        return
    assert field in fields
    assert not field.protected
    assert field.length
    assert field.hidden or not fill.hidden
