"""What the view holds is what the engine has, whatever was drawn in between."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launcher.shell.surfaces.terminal.shown import Shown
from launcher.terminal.engine import Engine
from launcher.terminal.grid import CellGrid
from launcher.terminal.vt.choice import vt_choice, vt_engine
from tests.shell.surfaces.terminal.samples import engine_3270, large_display, logon, menu

WIDE = ["中", "👍🏽"] if vt_choice().name == "ghostty" else []
"""Characters of two cells; pyte leaves one half of what the other half is overwritten of, which no picture can show."""
PIECES = st.sampled_from(
    [*WIDE, "e\u0301", "ab", "│", "x" * 30,
     "\r\n", "\t", "\b", "\x1b[31m", "\x1b[7m", "\x1b[0m", "\x1b[H", "\x1b[2J",
     "\x1b[L", "\x1b[3P", "\x1b[5;9H", "\x1b[1;4r", "\x1b[?1049h", "\x1b[?1049l"]
)  # fmt: skip


def held(shown: Shown) -> list[list[str]]:
    return [shown.cells(shown.scroll_back + row) for row in range(shown.rows)]


def rows_of(grid: CellGrid) -> list[list[str]]:
    return [grid.text[row * grid.columns : (row + 1) * grid.columns] for row in range(grid.rows)]


@pytest.mark.parametrize(
    "engine", [engine_3270(logon()), engine_3270(logon(132), large_display()), vt_engine(24, 80)], ids=str
)
def test_every_cell_is_where_the_engine_has_it(engine: Engine) -> None:
    shown = Shown()
    shown.take(engine.grid.picture(whole=True))
    if engine.family == "vt":
        for piece in range(0, len(said := menu()), 37):
            engine.feed(said[piece : piece + 37])
            shown.take(engine.grid.picture())
    assert held(shown) == rows_of(engine.grid)


@settings(max_examples=60)
@given(st.lists(st.lists(PIECES, max_size=6), max_size=12), st.integers(0, 11))
def test_pictures_of_what_changed_come_to_the_whole_also_over_a_new_size(said: list[list[str]], sized: int) -> None:
    engine, shown = vt_engine(6, 12), Shown()
    shown.take(engine.grid.picture(whole=True))
    for number, pieces in enumerate(said):
        engine.feed("".join(pieces).encode())
        if number == sized:
            engine.resize(9, 20)
        shown.take(engine.grid.picture())
    assert held(shown) == rows_of(engine.grid)
    assert (shown.cursor, shown.scroll_back) == (engine.grid.cursor, engine.grid.scroll_back)
