"""What an operator does on the screen: nothing goes into another field, and what does not fit is said."""

from __future__ import annotations

import pytest

from launcher.secret import Secret
from launcher.terminal.engine import Typed
from launcher.terminal.errors import FieldRefusedError
from launcher.terminal.grid import Cursor, Flag
from launcher.terminal.keys import Key
from tests.unit.terminal.tn3270.streams import (
    HIDDEN,
    PROTECTED,
    UNPROTECTED,
    at,
    engine,
    field,
    form,
    line,
    press,
    record,
    text,
    written,
)

USERID, PASSWORD, CODE = 90, 170, 250
"""The first cells of the form's fields."""


def test_a_text_is_typed_into_its_field_and_stops_at_its_end() -> None:
    made = form()
    assert made.type("officer-7") == Typed(8, "too-long")
    assert line(made, 1) == " USERID   officer-"
    assert line(made, 2) == " PASSWORD"
    assert made.grid.cursor == Cursor(2, 10)  # the last character has brought it over the skipped field


def test_typing_on_a_protected_cell_locks_the_keyboard_until_it_is_moved_or_reset() -> None:
    made = form()
    press(made, "Home", "Up")
    assert made.type("x") == Typed(0, "protected")
    assert made.grid.status.lock == "not-here"
    assert made.type("x") == Typed(0, "locked")
    assert press(made, "Enter", "PF3", "Delete", "Insert") == [False] * 4
    assert press(made, "Reset") == [True]
    assert made.grid.status.lock == ""
    made.type("x")
    assert press(made, "Tab") == [True]
    assert (made.grid.status.lock, made.grid.cursor) == ("", Cursor(1, 10))


def test_a_numeric_field_takes_a_number_only() -> None:
    made = form()
    press(made, "Tab", "Tab")
    assert made.type("12a") == Typed(2, "numeric")
    assert made.grid.status.lock == "numeric"
    assert line(made, 3) == " CODE     12"


def test_a_character_that_the_code_page_lacks_is_not_typed() -> None:
    made = form()
    assert made.type("£5→") == Typed(2, "not-in-code-page")
    assert line(made, 1) == " USERID   £5"
    assert made.grid.status.lock == ""


def test_hidden_fields_are_blank_in_the_grid() -> None:
    made = form()
    made.fill(PASSWORD, Secret("nightjar"))
    assert made.grid.cursor == Cursor(3, 10)  # a full field leads on to the next one
    assert line(made, 2) == " PASSWORD"
    cells = made.grid.flags[PASSWORD : PASSWORD + 8]
    assert all(Flag(cell) & Flag.HIDDEN and Flag(cell) & Flag.INPUT for cell in cells)
    press(made, "Enter")
    assert text("nightjar") in made.to_send()


def test_insert_moves_what_stands_behind_and_locks_where_there_is_no_room() -> None:
    made = form()
    made.type("abde")
    press(made, "Left", "Left", "Insert")
    assert made.grid.status.insert
    assert made.type("c") == Typed(1)
    assert line(made, 1) == " USERID   abcde"
    assert made.type("123") == Typed(3)
    assert made.type("4") == Typed(0, "too-long")
    assert made.grid.status.lock == "overflow"
    assert line(made, 1) == " USERID   abc123de"
    press(made, "Reset")
    assert not made.grid.status.insert


def test_insert_takes_the_blank_at_a_fields_end_for_room() -> None:
    made = form()
    made.type("ab      ")
    press(made, "Home", "Insert")
    assert made.type("x") == Typed(1)
    assert line(made, 1) == " USERID   xab"


def test_the_editing_keys_change_their_field_only() -> None:
    made = form()
    made.type("abcdef")
    press(made, "BackTab", "Right", "Delete")
    assert line(made, 1) == " USERID   acdef"
    press(made, "Right", "Backspace")
    assert line(made, 1) == " USERID   adef"
    press(made, "Right", "EraseEOF")
    assert line(made, 1) == " USERID   ad"
    press(made, "End")
    assert made.grid.cursor == Cursor(1, 12)
    press(made, "EraseInput")
    assert line(made, 1) == " USERID"
    assert made.grid.cursor == Cursor(1, 10)
    assert press(made, "Backspace") == [False]  # the attribute before the field


def test_the_cursor_goes_from_field_to_field_and_round_the_screen() -> None:
    made = form()
    places = []
    for name in ("Tab", "Tab", "Tab", "BackTab", "Newline", "Home", "End", "Up", "Down", "Left", "Right"):
        press(made, name)
        places.append((made.grid.cursor.row, made.grid.cursor.column))
    assert places == [
        (2, 10), (3, 10), (1, 10), (3, 10), (1, 10), (1, 10), (1, 10), (0, 10), (1, 10), (1, 9), (1, 10),
    ]  # fmt: skip


def test_a_field_mark_and_a_duplicate_are_sent_as_such() -> None:
    made = form()
    press(made, "FieldMark", "Dup")
    assert line(made, 1) == " USERID   ;*"
    assert made.grid.cursor == Cursor(2, 10)
    press(made, "Enter")
    assert b"\x1e\x1c" in made.to_send()


def test_a_fill_empties_the_field_puts_the_value_in_and_marks_it() -> None:
    made = form()
    made.type("somebody")
    made.fill(USERID, Secret("pc1234"))
    assert line(made, 1) == " USERID   pc1234"
    filled = next(each for each in made.grid.fields if each.start == USERID)
    assert (filled.modified, filled.length, filled.protected, filled.hidden) == (True, 8, False, False)
    press(made, "Enter")
    assert made.to_send() == record(b"\x7d\xc1\x60\x11\xc1\x5a" + text("pc1234"))


@pytest.mark.parametrize(
    ("start", "value", "said"),
    [
        (USERID, "officer-7", "longer than its field, which holds 8"),
        (USERID, "of→icer", "code page cp285 lacks"),
        (CODE, "12a4", "a number only"),
        (USERID + 1, "pc1234", "no field there"),
        (1, "pc1234", "Nothing may be typed"),
        (5000, "pc1234", "no field there"),
        (-1, "pc1234", "no field there"),
    ],
)
def test_a_field_that_will_not_take_a_value_is_left_as_it_is(start: int, value: str, said: str) -> None:
    made = form()
    made.type("before")
    with pytest.raises(FieldRefusedError, match=said) as caught:
        made.fill(start, Secret(value))
    assert value not in str(caught.value)
    assert line(made, 1) == " USERID   before"
    assert line(made, 3) == " CODE"


def test_nothing_is_filled_while_the_host_works() -> None:
    made = form()
    press(made, "Enter")
    made.to_send()
    with pytest.raises(FieldRefusedError, match="locked"):
        made.fill(USERID, Secret("pc1234"))
    assert made.type("x") == Typed(0, "locked")
    assert made.paste("x") == Typed(0, "locked")
    assert press(made, "Enter", "Tab", "Insert") == [False] * 3
    assert made.to_send() == b""


def test_a_screen_without_fields_is_one_field() -> None:
    made = engine()
    made.feed(written())
    (only,) = made.grid.fields
    assert (only.start, only.length, only.protected) == (0, 1920, False)
    made.fill(0, Secret("CESN"))
    assert press(made, "Enter") == [True]
    assert made.to_send() == record(b"\x7d\x40\xc4" + text("CESN"))


def test_a_block_is_pasted_over_the_fields_that_it_fits() -> None:
    made = form()
    assert made.paste("pc1234\nnightjar\n4711\n") == Typed(18)
    assert (line(made, 1), line(made, 2), line(made, 3)) == (" USERID   pc1234", " PASSWORD", " CODE     4711")
    press(made, "Enter")
    assert text("nightjar") in made.to_send()


def test_a_line_that_is_too_long_goes_into_no_other_field() -> None:
    made = engine(
        at(0, 0),
        field(UNPROTECTED),
        at(0, 5),
        field(PROTECTED),
        at(0, 7),
        field(UNPROTECTED),
        at(0, 20),
        field(PROTECTED),
        at(0, 1),
        b"\x13",
    )
    assert made.paste("ABCDEFGHIJKL") == Typed(4, "too-long")
    assert line(made, 0) == " ABCD"


def test_a_line_copied_from_such_a_screen_is_split_over_its_fields() -> None:
    made = engine(
        at(0, 0),
        field(UNPROTECTED),
        at(0, 5),
        field(PROTECTED),
        text("/"),
        at(0, 7),
        field(UNPROTECTED),
        at(0, 20),
        field(PROTECTED),
        at(0, 1),
        b"\x13",
    )
    assert made.paste("ABCD / EFGH") == Typed(8)
    assert line(made, 0) == " ABCD / EFGH"
    press(made, "Home")
    assert made.paste("WXYZ - QQQQ") == Typed(4, "too-long")
    assert line(made, 0) == " WXYZ / EFGH"


def test_a_value_that_ends_with_its_field_does_not_go_on_in_the_next_one() -> None:
    made = engine(
        at(0, 0), field(UNPROTECTED), at(0, 9), field(UNPROTECTED), at(0, 18), field(PROTECTED), at(0, 1), b"\x13"
    )
    assert made.paste("SMITHSON JONES") == Typed(8, "too-long")
    assert line(made, 0) == " SMITHSON"
    assert made.grid.fields[1].modified is False


def test_a_block_of_several_lines_is_laid_over_columns_of_fields() -> None:
    rows = [
        at(row, 0) + field(UNPROTECTED) + at(row, 5) + field(UNPROTECTED) + at(row, 10) + field(PROTECTED)
        for row in range(3)
    ]
    made = engine(*rows, at(0, 1), b"\x13")
    assert made.paste("AAAA BBBB\nCC   DD\n\n") == Typed(14)
    assert [line(made, row) for row in range(3)] == [" AAAA BBBB", " CC   DD", ""]


def test_a_full_screen_paste_into_protected_fields_changes_nothing() -> None:
    made = engine(at(0, 0), field(PROTECTED), text("NOTICE"), at(12, 0), field(PROTECTED), at(0, 0), b"\x13")
    before = made.grid.lines()
    assert made.paste("\n".join("x" * 80 for _ in range(24))).taken == 0
    assert made.grid.lines() == before
    assert not any(each.modified for each in made.grid.fields)


def test_of_lines_for_which_there_is_one_field_only_the_rest_is_said_to_be_left_out() -> None:
    made = engine(at(0, 0), field(UNPROTECTED), at(0, 20), field(PROTECTED), at(0, 1), b"\x13")
    assert made.paste("ADAMS\nBELL\nCOLE") == Typed(5, "too-long")
    assert (line(made, 0), line(made, 1)) == (" ADAMS", "")


@pytest.mark.parametrize("block", ["→pc1234\nnightjar\n4711", "pc12→34\nnightjar\n4711", "pc1234\nnightjar\n47→11"])
def test_of_a_block_with_a_character_that_the_host_lacks_nothing_is_pasted(block: str) -> None:
    made = form()
    before = made.grid.lines()
    assert made.paste(block) == Typed(0, "not-in-code-page", "→")
    assert made.grid.lines() == before
    assert not any(each.modified for each in made.grid.fields)
    assert made.grid.cursor == Cursor(1, 10)
    assert made.paste("pc1234\nnightjar\n4711") == Typed(18)


def test_of_a_password_no_character_is_named() -> None:
    made = form()
    assert made.paste("pc1234\nnight→jar") == Typed(0, "not-in-code-page", "")


def test_one_long_line_runs_on_in_a_field_of_several_rows() -> None:
    made = engine(at(0, 0), field(UNPROTECTED), at(2, 0), field(PROTECTED), at(0, 1), b"\x13")
    assert made.paste("n" * 200) == Typed(159, "too-long")
    assert line(made, 1) == "n" * 80
    assert line(made, 2) == ""


def test_what_is_typed_and_not_sent_is_known() -> None:
    made = form()
    assert not made.unsent
    press(made, "Tab", "Home")
    assert not made.unsent
    made.type("x")
    assert made.unsent
    press(made, "Enter")
    assert not made.unsent
    made.feed(record(b"\xf1\xc2"))
    press(made, "Delete")
    assert made.unsent
    made.feed(written())
    assert not made.unsent


def test_attention_goes_to_the_host_also_while_it_works() -> None:
    made = form()
    press(made, "Enter")
    made.to_send()
    assert press(made, "Attn") == [True]
    assert made.to_send() == b"\xff\xf3"


def test_the_keyboard_waits_for_the_host_and_takes_keys_again() -> None:
    made = form()
    press(made, "Enter")
    assert made.grid.status.lock == "clock"
    made.feed(record(b"\xf1\xc0"))
    assert made.grid.status.lock == "system"
    made.feed(record(b"\xf1\xc2"))
    assert made.grid.status.lock == ""


def test_a_line_that_has_gone_takes_no_keys() -> None:
    made = form()
    made.lost()
    assert made.grid.status.lock == "not-connected"
    assert "has ended" in made.grid.status.message
    assert press(made, "Enter", "Reset", "Attn", "Tab") == [False] * 4
    assert line(made, 0) == " STATION LOGON"


def test_the_cursor_goes_where_a_person_points() -> None:
    made = form()
    made.place_cursor(0, 0)
    assert made.type("x") == Typed(0, "protected")
    assert made.place_cursor(2, 12)
    assert (made.grid.cursor, made.grid.status.lock) == (Cursor(2, 12), "")
    assert made.press(Key("Tab", shift=True))
    assert made.grid.cursor == Cursor(2, 10)
    assert not made.place_cursor(24, 0)
    press(made, "Enter")
    assert not made.place_cursor(1, 1)


def test_keys_that_a_3270_does_not_have_are_none() -> None:
    made = form()
    assert not made.press(Key("F1"))
    assert not made.press(Key("c", ctrl=True))
    assert not made.press(Key("PageUp"))


def test_a_field_may_go_round_the_end_of_the_screen() -> None:
    made = engine(at(23, 70), field(HIDDEN), at(0, 10), field(PROTECTED))
    (around,) = (each for each in made.grid.fields if not each.protected)
    assert (around.start, around.length) == (23 * 80 + 71, 19)
    made.fill(around.start, Secret("x" * 19))
    press(made, "Enter")
    assert text("x" * 19) in made.to_send()
