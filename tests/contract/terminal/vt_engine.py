"""What every VT engine does; the tests of an engine inherit the class, make it, and name what it cannot."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launcher.terminal.engine import Typed, VtEngine
from launcher.terminal.grid import CellGrid, Flag, palette
from launcher.terminal.keys import AID_KEYS, EDIT_KEYS_3270, VT_KEYS, Key
from launcher.terminal.vt.rules import ANSWERS_BYTES, MOST_FOUND, TITLE_CHARACTERS
from tests.examples import tried

MANY = 60
NARROW = ((0, 0), (1, 1), (1, 2), (-1, 10**9), (500, 1))
LARGE = (500, 500)
"""Sizes that no screen has, and those at the edge of what is taken."""
PIECES = (
    b"\x1b[", b"\x1b]", b"\x1bP", b"\x1b_", b"\x1b", b"\x9b", b"\x07", b"\x1b\\", b"\x18", b"2", b";", b"?",
    b"999999999999", b"H", b"J", b"K", b"r", b"m", b"h", b"l", b"L", b"M", b"P", b"@", b"X", b"S", b"T", b"b",
    b"n", b"c", b"$p", b" q", b"!p", b"1049", b"38:2:", b"\r", b"\n", b"\t", b"\b", b"\x0e", b"(0", b"#8", b"7",
    b"8", b"D", b"E", b"\x1bM", b"\x1bc", b"text", b"\xe4\xb8\xad", b"e\xcc\x81", b"\xe2\x80\x8d",
    b"\xf0\x9f\x91\xa9", b"\xff", b"\xe4\xb8", b"\x00", b"\x7f", b"\x1b[6n", b"\x1b[21t", b"\x1b]52;c;?\x07",
    b"\x1bP$q\r\x1b\\", b"\x1b[?6h", b"\x1b[2;3r", b"\x1b[?7l", b"\x1b[4h",
)  # fmt: skip


class VtEngineContract(ABC):
    """Inherited by the tests of each engine."""

    cannot: ClassVar[frozenset[str]] = frozenset()
    """Of: ``wrapped-rows``, ``reflow``."""

    @abstractmethod
    def make(self, rows: int = 4, columns: int = 10, scroll_back_rows: int = 100) -> VtEngine:
        """Make an engine."""

    # --- keys

    @pytest.mark.parametrize(
        ("key", "sent"),
        [
            (Key("Enter"), b"\r"), (Key("Tab"), b"\t"), (Key("Tab", shift=True), b"\x1b[Z"), (Key("Escape"), b"\x1b"),
            (Key("Backspace"), b"\x7f"), (Key("Enter", shift=True), b"\r"), (Key("Enter", ctrl=True), b"\r"),
            (Key("Up"), b"\x1b[A"), (Key("Down"), b"\x1b[B"), (Key("Right"), b"\x1b[C"), (Key("Left"), b"\x1b[D"),
            (Key("Up", ctrl=True), b"\x1b[1;5A"), (Key("Home"), b"\x1b[H"), (Key("End"), b"\x1b[F"),
            (Key("Insert"), b"\x1b[2~"), (Key("Delete"), b"\x1b[3~"), (Key("PageUp"), b"\x1b[5~"),
            (Key("PageDown"), b"\x1b[6~"), (Key("Find"), b"\x1b[1~"), (Key("Select"), b"\x1b[4~"),
            (Key("Help"), b"\x1b[28~"), (Key("Do"), b"\x1b[29~"), (Key("F1"), b"\x1bOP"), (Key("F4"), b"\x1bOS"),
            (Key("F5"), b"\x1b[15~"), (Key("F10"), b"\x1b[21~"), (Key("F12"), b"\x1b[24~"), (Key("F13"), b"\x1b[25~"),
            (Key("F20"), b"\x1b[34~"), (Key("F5", shift=True), b"\x1b[15;2~"),
            (Key("F3", shift=True), b"\x1b[1;2R"), (Key("F3", ctrl=True, shift=True), b"\x1b[1;6R"),
            (Key("F1", shift=True), b"\x1b[1;2P"), (Key("Pad5"), b"5"),
            (Key("PadEnter"), b"\r"), (Key("PadDecimal"), b"."), (Key("c", ctrl=True), b"\x03"),
            (Key("C", ctrl=True), b"\x03"), (Key("m", ctrl=True), b"\r"), (Key("[", ctrl=True), b"\x1b"),
            (Key(" ", ctrl=True), b"\x00"), (Key("x", alt=True), b"\x1bx"),
            (Key("d", ctrl=True, alt=True), b"\x1b\x04"),
        ],
    )  # fmt: skip
    def test_a_key_is_what_a_host_knows(self, key: Key, sent: bytes) -> None:
        engine = self.make()
        assert engine.press(key)
        assert engine.to_send() == sent
        assert engine.to_send() == b""

    @pytest.mark.parametrize(
        ("mode", "key", "sent"),
        [
            (b"\x1b[?1h", Key("Up"), b"\x1bOA"), (b"\x1b[?1h", Key("Left"), b"\x1bOD"),
            (b"\x1b[?1h", Key("Home"), b"\x1bOH"),
            (b"\x1b[?1h\x1b[?1l", Key("Up"), b"\x1b[A"), (b"\x1b=", Key("Pad5"), b"\x1bOu"),
            (b"\x1b=", Key("PadEnter"), b"\x1bOM"), (b"\x1b=\x1b>", Key("Pad5"), b"5"),
            (b"\x1b[?66h", Key("Pad0"), b"\x1bOp"),
            (b"\x1b[?67h", Key("Backspace"), b"\x08"), (b"\x1b[?1h\x1bc", Key("Up"), b"\x1b[A"),
        ],
    )  # fmt: skip
    def test_a_key_is_what_the_application_asked_for(self, mode: bytes, key: Key, sent: bytes) -> None:
        engine = self.make()
        engine.feed(mode)
        assert engine.press(key)
        assert engine.to_send() == sent

    def test_every_key_of_a_vt_can_be_pressed_and_no_other(self) -> None:
        engine = self.make()
        assert [name for name in sorted(VT_KEYS) if not engine.press(Key(name))] == []
        engine.to_send()
        others = (AID_KEYS | EDIT_KEYS_3270) - VT_KEYS
        assert [name for name in sorted(others) if engine.press(Key(name))] == []
        assert engine.to_send() == b""

    # --- texts

    def test_a_text_is_typed_up_to_a_control(self) -> None:
        engine = self.make()
        assert engine.type("Zoë £5") == Typed(6)
        assert engine.to_send() == "Zoë £5".encode()
        assert engine.type("ab\rcd") == Typed(2, "not-in-code-page")
        assert engine.to_send() == b"ab"

    def test_several_lines_are_pasted_as_keys_of_enter(self) -> None:
        engine = self.make()
        assert engine.paste("one\ntwo\r\nthree\tx\n") == Typed(17)
        assert engine.to_send() == b"one\rtwo\rthree\tx\r"

    def test_a_paste_is_bracketed_where_it_is_asked_for_and_cannot_end_the_bracket(self) -> None:
        engine = self.make()
        engine.feed(b"\x1b[?2004h")
        engine.paste("a\x1b[201~\x03b\x9b1\x7f\nc")
        assert engine.to_send() == b"\x1b[200~a[201~b1\rc\x1b[201~"

    # --- what the host may have answered

    def test_a_host_that_asks_without_end_is_not_answered_without_end(self) -> None:
        engine = self.make()
        engine.feed(b"\x1b[6n" * 20_000)
        assert len(engine.to_send()) < ANSWERS_BYTES + 100
        engine.feed(b"\x1b[6n")
        assert engine.to_send() == b"\x1b[1;1R"

    # --- the grid

    def test_only_rows_that_have_changed_are_in_a_picture(self) -> None:
        engine = self.make()
        engine.feed(b"one\r\ntwo\r\nthree")
        engine.grid.picture()
        engine.feed(b"\x1b[2;1Htwo")
        assert engine.grid.picture().changed == ()
        engine.feed(b"\x1b[2;2HX\x1b[4;4H")
        picture = engine.grid.picture()
        assert [row.row for row in picture.changed] == [1]
        assert (picture.cursor.row, picture.cursor.column) == (3, 3)
        assert not picture.whole

    def test_a_title_is_one_short_line(self) -> None:
        engine = self.make()
        engine.feed(b"\x1b]2;" + b"A" * 1000 + b"\x07")
        assert engine.grid.title == "A" * TITLE_CHARACTERS
        engine.feed("\x1b]2;\u009b31mRecords  \x07".encode())
        assert "\u009b" not in engine.grid.title
        assert engine.grid.title.endswith("Records")

    def test_a_string_without_an_end_is_not_kept(self) -> None:
        engine = self.make()
        for introducer in (b"\x1b]2;", b"\x1bP", b"\x1b_G", b"\x1b]52;c;"):
            before = resident_bytes()
            engine.feed(introducer)
            for _ in range(40):
                engine.feed(b"A" * 65536 * 4)
            assert resident_bytes() - before < 8 * 1024 * 1024, introducer
            engine.feed(b"\x1b\\\x1b[H\x1b[2Jhere")
            assert engine.grid.line(0).rstrip() == "here"

    @pytest.mark.parametrize("final", [b"H", b"m", b"b", b"P", b"g", b"r"])
    def test_numbers_and_strings_beyond_all_measure_are_survived(self, final: bytes) -> None:
        engine = self.make()
        for figures in (b"9" * 5000, b"1;" * 5000 + b"1", b"38;2;" + b"9" * 5000, b":" * 5000):
            engine.feed(b"\x1b[" + figures + final + b"\x1b[?" + figures + b"h")
        engine.feed(b"\x1b]2;" + b"t" * 90_000 + b"\x07" + b"\x1b" + b"(" * 5000 + b"0" + b"\x1bchere")
        assert engine.grid.line(0).rstrip() == "here"

    def test_a_cell_takes_some_marks_and_no_more(self) -> None:
        engine = self.make()
        for _ in range(40):
            engine.feed(b"e" if _ == 0 else "\u0316".encode() * 50)
        engine.feed(b"x")
        assert engine.grid.line(0).startswith("e\u0316")
        assert engine.grid.line(0).rstrip().endswith("x")
        assert len(engine.grid.text[0]) <= 20

    # --- rows above

    def test_rows_above_are_kept_up_to_a_limit(self) -> None:
        engine = self.make(rows=5, columns=80, scroll_back_rows=3000)
        engine.feed(b"".join(b"row %d\r\n" % row for row in range(8000)))
        kept = engine.grid.scroll_back
        assert 1500 <= kept <= 3000
        above = engine.above(kept - 3, 3)
        assert [line.rstrip() for line in above.lines()] == ["row 7993", "row 7994", "row 7995"]
        assert engine.above(0, 1).line(0).rstrip() == f"row {7996 - kept}"

    def test_rows_above_have_their_looks_and_looking_changes_nothing(self) -> None:
        engine = self.make()
        engine.feed(b"\x1b[31;1mred\x1b[m \xe4\xb8\xad\r\n2\r\n3\r\n4\r\n5")
        engine.grid.picture()
        above = engine.above(0, 1)
        assert above.line(0).rstrip() == "red 中"
        run = above.runs(0)[0]
        assert (run.width, run.foreground, run.flags) == (3, palette(1), Flag.BOLD)
        assert above.flags[4] & Flag.WIDE
        assert engine.grid.picture().changed == ()
        assert [line.strip() for line in engine.grid.lines()] == ["2", "3", "4", "5"]

    def test_rows_that_are_not_there_are_left_out(self) -> None:
        engine = self.make()
        engine.feed(b"1\r\n2\r\n3\r\n4\r\n5\r\n6")
        assert [line.strip() for line in engine.above(1, 99).lines()] == ["2"]
        assert engine.above(2, 5).rows == 0
        assert engine.above(-3, 1).lines()[0].strip() == "1"
        assert self.make().above(0, 5).rows == 0

    def test_a_text_is_found_above_and_on_the_screen(self) -> None:
        engine = self.make(rows=3, columns=20)
        engine.feed("first Smith\r\n中 SMITH smith\r\n3\r\n4\r\nnone smith".encode())
        assert engine.grid.scroll_back == 2
        assert engine.find("smith") == ((0, 6), (1, 3), (1, 9), (4, 5))
        assert engine.find("smith", ignore_case=False) == ((1, 9), (4, 5))
        assert engine.find("Ä") == engine.find("") == engine.find("nowhere") == ()

    def test_of_very_many_places_the_last_ones_are_found(self) -> None:
        engine = self.make(rows=3, columns=80, scroll_back_rows=5000)
        engine.feed(b"\x1b[31m" + b"a needle, a needle\r\n" * 1500)
        found = engine.find("needle")
        assert len(found) == MOST_FOUND
        assert found == tuple(sorted(found))
        last = engine.grid.scroll_back + 1
        assert found[-2:] == ((last, 2), (last, 12))

    def test_what_is_concealed_is_not_found(self) -> None:
        engine = self.make(columns=40)
        engine.feed(b"shown \x1b[8mconcealed\x1b[m shown")
        assert engine.find("concealed") == ()
        assert engine.find("shown") == ((0, 0), (0, 16))

    def test_a_text_is_found_over_the_end_of_a_row(self) -> None:
        engine = self.make()
        engine.feed(b"12345678needle\r\n12345678ne\r\nedle")
        assert engine.find("needle") == (() if "wrapped-rows" in self.cannot else ((0, 8),))

    # --- another size

    def test_another_size_keeps_the_rows_at_the_cursor(self) -> None:
        engine = self.make(rows=6, columns=20)
        engine.feed(b"1\r\n2\r\n3\r\n4\r\n5")
        engine.resize(3, 10)
        assert (engine.grid.rows, engine.grid.columns) == (3, 10)
        assert [line.strip() for line in engine.grid.lines()] == ["3", "4", "5"]
        assert engine.grid.cursor.row == 2
        assert engine.grid.picture().whole
        assert engine.grid.scroll_back == 2
        engine.resize(8, 30)
        assert engine.grid.lines()[engine.grid.cursor.row].strip() == "5"

    def test_a_lower_screen_keeps_what_is_at_its_top(self) -> None:
        engine = self.make(rows=6, columns=20)
        engine.feed(b"1\r\n2")
        engine.resize(3, 20)
        assert [line.strip() for line in engine.grid.lines()] == ["1", "2", ""]

    def test_wrapped_rows_flow_anew(self) -> None:
        engine = self.make(rows=4, columns=10)
        engine.feed(b"ABCDEFGHIJKLM")
        engine.resize(4, 20)
        assert engine.grid.line(0).rstrip() == ("ABCDEFGHIJ" if "reflow" in self.cannot else "ABCDEFGHIJKLM")

    @pytest.mark.parametrize(("rows", "columns"), [*NARROW, LARGE, (-5, 10), (5, 65536), (10**9, 5)])
    def test_any_size_is_taken_as_a_possible_one(self, rows: int, columns: int) -> None:
        check(self.make(rows, columns).grid)
        engine = self.make()
        for said in (b"row\r\n" * 90, b"\xe4\xb8\xade\xcc\x81" * 90, b"\x1b[?1049h\x1b[2;3r\x1b[?6h"):
            engine.feed(said)
            engine.resize(rows, columns)
            engine.feed(said + b"\x1b[999;999H\x1b[9@\x1b[9L\x1b[999b")
            check(engine.grid)
            engine.resize(4, 10)
            check(engine.above(0, 600))
            engine.find("row")
        engine.feed(b"\x1bchere")
        assert engine.grid.line(0).rstrip() == "here"

    # --- the end

    def test_without_a_line_nothing_is_taken(self) -> None:
        engine = self.make()
        engine.feed(b"shown\x1b[6n")
        engine.lost()
        assert engine.grid.status.lock == "not-connected"
        assert not engine.press(Key("Enter"))
        assert engine.type("a") == engine.paste("a") == Typed(0, "locked")
        assert engine.to_send() == b""
        assert engine.grid.line(0).rstrip() == "shown"

    # --- anything at all

    @tried(MANY, always_the_same=False)
    @given(
        st.lists(
            st.one_of(
                st.sampled_from(PIECES),
                st.binary(max_size=8),
                st.tuples(st.integers(1, 12), st.integers(1, 30)),
                st.sampled_from(NARROW),
            ),
            max_size=40,
        )
    )
    def test_nothing_that_a_host_sends_is_too_much(self, pieces: list[bytes | tuple[int, int]]) -> None:
        engine = self.make()
        for piece in pieces:
            if isinstance(piece, bytes):
                engine.feed(piece)
            else:
                engine.resize(*piece)
            check(engine.grid)
        check(engine.above(0, 5))
        engine.find("text")
        # Whatever it sends, it can have nothing said back but figures, and never an Enter.
        assert re.fullmatch(rb"(\x1b\[[?>]?[0-9;]+([cnR]|\$y)|\x1bP!\|[0-9A-F]{8}\x1b\\)*", engine.to_send())


def check(grid: CellGrid) -> None:
    """Check what holds for every grid."""
    cells = grid.rows * grid.columns
    assert len(grid.text) == len(grid.flags) == len(grid.foreground) == len(grid.background) == cells
    assert 0 <= grid.cursor.row < max(1, grid.rows)
    assert 0 <= grid.cursor.column < grid.columns
    for row in range(grid.rows):
        runs = grid.runs(row)
        assert sum(run.width for run in runs) == grid.columns
        texts = grid.text[row * grid.columns : (row + 1) * grid.columns]
        assert texts[0] != ""
        assert not any(character < " " for text in texts for character in text)


def resident_bytes() -> int:
    """The memory of this process."""
    with open("/proc/self/statm") as figures:  # noqa: PTH123 - a file of the kernel's
        return int(figures.read().split()[1]) * 4096
