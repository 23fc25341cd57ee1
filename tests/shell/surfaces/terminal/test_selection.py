"""What is marked and what it comes to: blocks on forms, lines of text on a VT."""

from __future__ import annotations

from launcher.shell.surfaces.terminal.selection import Place, Selection, copied, word_around

ROWS = ["first line that  ", "is wrapped here  ", "last             "]


def cells(row: int) -> list[str]:
    return list(ROWS[row])


def nothing_goes_on(_row: int) -> bool:
    return False


def test_a_block_is_cut_out_of_its_rows() -> None:
    block = Selection(Place(2, 6), Place(0, 2), "block")
    assert copied(block, cells, nothing_goes_on) == "rst\n wra\nst"


def test_lines_go_from_the_first_place_to_the_last() -> None:
    lines = Selection(Place(0, 6), Place(2, 2), "lines")
    assert copied(lines, cells, nothing_goes_on) == "line that\nis wrapped here\nla"


def test_a_line_that_goes_on_in_the_next_row_is_one_line() -> None:
    lines = Selection(Place(0, 0), Place(2, 4), "lines")
    assert copied(lines, cells, lambda row: row == 0) == "first line that  is wrapped here\nlast"


def test_a_wide_character_is_copied_once() -> None:
    wide = ["中", "", "a", "文", ""]
    assert copied(Selection(Place(0, 0), Place(0, 5), "block"), lambda _: wide, nothing_goes_on) == "中a文"


def test_nothing_is_marked_before_the_mouse_has_moved() -> None:
    assert Selection(Place(1, 3), Place(1, 3), "lines").empty
    assert Selection(Place(1, 3), Place(9, 3), "block").empty
    assert not Selection(Place(1, 3), Place(2, 3), "lines").empty


def test_a_word_is_a_path_or_an_address_too() -> None:
    row = list("see /srv/cases/4471.txt, or ask a@force.example")
    assert "".join(row[slice(*word_around(row, 10))]) == "/srv/cases/4471.txt"
    assert "".join(row[slice(*word_around(row, 40))]) == "a@force.example"
    assert "".join(row[slice(*word_around(row, 3))]) == " "
    assert word_around(["中", "", "文", "", " "], 1) == (0, 4)
