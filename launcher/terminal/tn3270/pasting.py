"""Pasting a block into a 3270's screen: over its fields where it fits them, and never out of one into the next.

A block is laid over the screen with its first character at the cursor. A line goes on over a protected cell only where
that cell's text, in the block, is blank or what stands there already, as it is when a screen was copied whole. Anything
else means that the text was not made for these fields: what is left of the line is dropped, and the caller told. A
single line is a value for one field, unless a label of the screen stands in it before the next one.

Of a text with a character that the host lacks nothing is pasted: what would be left of it could be another value.
"""

from __future__ import annotations

from launcher.terminal.engine import Typed
from launcher.terminal.tn3270.codepages import CodePage
from launcher.terminal.tn3270.host_screen import HostScreen
from launcher.terminal.tn3270.planes import Form

_NUMBER = frozenset("0123456789-.")


def paste(screen: HostScreen, code_page: CodePage, text: str) -> Typed:
    """Paste lines from the cursor on, each into the row below the last one's."""
    if screen.keyboard:
        return Typed(0, "locked")
    lines = text.replace("\t", " ").splitlines()
    if lacks := code_page.lacks("".join(lines)):
        row, line = next((row, line) for row, line in enumerate(lines) if lacks in line)
        cell = (screen.curadd + row * screen.maxcol + line.index(lacks)) % screen.cells
        # Of what would go into a field that hides it, no character is shown elsewhere either.
        return Typed(0, "not-in-code-page", "" if screen.form.at(cell).hidden else lacks)
    taken, refused, begin = 0, Typed(0), screen.curadd
    after = begin
    for row, line in enumerate(lines):
        start = begin + row * screen.maxcol
        if start >= screen.cells:
            refused = refused if refused.refused else Typed(0, "too-long")
            break
        done, end = _line(screen, code_page, line, start, alone=len(lines) == 1)
        taken += done.taken
        after = end if done.taken else after
        refused = refused if refused.refused else done
    screen.curadd = after
    # Where something went in, what met a protected cell after it is what did not fit.
    return Typed(taken, "too-long" if taken and refused.refused == "protected" else refused.refused)


def _line(screen: HostScreen, code_page: CodePage, line: str, start: int, *, alone: bool) -> tuple[Typed, int]:
    """Lay one line over the screen; ``alone``: the field that it begins in may take it on into the next row.

    Gives how far it came, and the cell behind the last character that went in.
    """
    form = screen.form
    to_edge = screen.maxcol - start % screen.maxcol
    room = max(to_edge, form.rest(start)) if alone else to_edge
    put, after = 0, start
    inside, labelled = form.at(start).attribute_at, False
    for index, character in enumerate(line.rstrip()):
        if index >= room:
            return Typed(put, "too-long"), after
        cell = (start + index) % form.cells
        span = form.at(cell)
        if form.is_attribute(cell) or span.protected:
            if character == " " or character == _seen(screen, code_page, form, cell):
                labelled = labelled or character != " " or not alone
                continue
            return Typed(put, "too-long" if put else "protected"), after
        if labelled:
            inside, labelled = span.attribute_at, False
        if span.attribute_at != inside:
            return Typed(put, "too-long"), after
        if span.numeric and character not in _NUMBER and character != " ":
            return Typed(put, "numeric"), after
        screen.empty(cell, cell + 1)
        screen.plane_dc[cell] = code_page.bytes_of[character]
        screen.mark_modified(span.attribute_at)
        put += 1
        after = (cell + 1) % form.cells
    return Typed(put), after


def _seen(screen: HostScreen, code_page: CodePage, form: Form, cell: int) -> str:
    if form.is_attribute(cell) or form.at(cell).hidden:
        return " "
    return code_page.shown[screen.plane_dc[cell]]
