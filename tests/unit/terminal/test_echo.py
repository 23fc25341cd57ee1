"""A password that a host echoes where it was typed is in no picture."""

from __future__ import annotations

import pytest

from launcher.secret import Secret
from launcher.terminal.echo import Echoes
from launcher.terminal.grid import CellGrid, Cursor
from launcher.terminal.session_log import HIDDEN

SECRET = Secret("Sesame-1")


def grid(*lines: str, row: int, column: int) -> CellGrid:
    made = CellGrid(len(lines), 40)
    for at, line in enumerate(lines):
        made.text[at * 40 : at * 40 + len(line)] = line
    made.cursor = Cursor(row, column)
    return made


@pytest.mark.parametrize(
    "echoed", ["Sesame-1", "SESAME-1", "Sesa", "SES"], ids=["as-typed", "capitals", "half", "some"]
)
def test_it_is_hidden_behind_its_prompt_however_the_host_writes_it(echoed: str) -> None:
    echoes = Echoes()
    echoes.typed(grid("PASSWORD: ", "", row=0, column=10), SECRET)
    shown = grid(f"PASSWORD: {echoed}", "THE WORD sesame STAYS", row=0, column=10 + len(echoed))
    lines = echoes.taken_out_of(shown).lines()
    assert lines[0].rstrip() == f"PASSWORD: {HIDDEN * len(echoed)}"
    assert lines[1].rstrip() == "THE WORD sesame STAYS"


def test_it_is_hidden_wherever_the_prompt_stands_also_behind_wide_letters() -> None:
    echoes = Echoes()
    echoes.typed(grid("PASSWORD: ", row=0, column=10), SECRET)
    shown = grid("", *["PASSWORD: Sesame-1PASSWORD: Sesame-1"] * 3, row=0, column=0)
    shown.text[0:4] = ["\u6f22", "", "e\u0301", "x"]
    lines = echoes.taken_out_of(shown).lines()
    assert lines[0].rstrip() == "\u6f22e\u0301x"
    assert [line.rstrip() for line in lines[1:]] == [f"PASSWORD: {HIDDEN * 8}" * 2] * 3
