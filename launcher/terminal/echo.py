"""Hides what a host shows of a password at the prompt where it was typed for the officer.

A prompt for a password shows nothing of it as a rule, and no line says beforehand whether it will: over telnet and SSH
the host echoes by itself, or does not. So it is looked for where it would stand: right behind the prompt's own text,
whether or not the screen has scrolled meanwhile. The same letters elsewhere are a host's own words, and stay.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate

from launcher.secret import Secret
from launcher.terminal.grid import CellGrid, Flag, GridPicture, RowPicture, Run
from launcher.terminal.session_log import HIDDEN, folded


class Echoes:
    """The prompts of one terminal at which a secret was typed."""

    def __init__(self) -> None:
        self._typed: dict[tuple[str, Secret], None] = {}

    def typed(self, grid: CellGrid, secret: Secret) -> None:
        """Note the prompt at the cursor, where the secret is being typed now."""
        begin = grid.cursor.row * grid.columns
        prompt = "".join(grid.text[begin : begin + grid.cursor.column])
        if prompt.strip() and secret:
            self._typed[prompt, secret] = None

    def out_of(self, picture: GridPicture, grid: CellGrid) -> GridPicture:
        """Return a picture of the grid without them."""
        hidden: defaultdict[int, set[int]] = defaultdict(set)
        for cell in self._cells(grid) if picture.changed else ():
            hidden[cell // grid.columns].add(cell % grid.columns)
        if not hidden:
            return picture
        return replace(picture, changed=tuple(_without(row, hidden.get(row.row, set())) for row in picture.changed))

    def taken_out_of(self, grid: CellGrid) -> CellGrid:
        """Return a grid of its own, of rows that have scrolled away, once they are out of it."""
        for cell in self._cells(grid):
            grid.text[cell] = HIDDEN if grid.text[cell] else ""
        return grid

    def _cells(self, grid: CellGrid) -> frozenset[int]:
        """Return the cells that show one; at the cursor also those that show its beginning."""
        if not self._typed:
            return frozenset()
        whole = "".join(grid.text)
        found = [
            place
            for prompt, secret in self._typed
            if prompt in whole
            for place in _places(whole, prompt, secret.reveal(), _at_cursor(grid))
        ]
        if not found:
            return frozenset()
        # A host may fill its whole screen with the prompt: the cells of a place are sought, not each cell asked.
        ends = list(accumulate(map(len, grid.text)))
        return frozenset(
            cell for begin, end in found for cell in range(bisect_right(ends, begin), bisect_left(ends, end) + 1)
        )


def _places(whole: str, prompt: str, clear: str, cursor: int) -> Iterator[tuple[int, int]]:
    shown, clear = folded(whole), folded(clear)  # some hosts show everything in capitals
    at = whole.find(prompt)
    while at >= 0:
        begin = at + len(prompt)
        if shown.startswith(clear, begin):
            yield begin, begin + len(clear)
        elif begin < cursor < begin + len(clear) and clear.startswith(shown[begin:cursor]):
            yield begin, cursor
        at = whole.find(prompt, at + 1)


def _at_cursor(grid: CellGrid) -> int:
    return sum(map(len, grid.text[: grid.cursor.row * grid.columns + grid.cursor.column]))


def _without(row: RowPicture, columns: set[int]) -> RowPicture:
    return replace(row, runs=tuple(_hidden(run, columns) for run in row.runs)) if columns else row


def _hidden(run: Run, columns: set[int]) -> Run:
    covered = columns.intersection(range(run.column, run.column + run.width))
    if not covered:
        return run
    if not run.plain:
        return replace(run, text=HIDDEN * run.width, flags=run.flags & ~int(Flag.WIDE))
    text = "".join(HIDDEN if run.column + at in covered else letter for at, letter in enumerate(run.text))
    return replace(run, text=text)
