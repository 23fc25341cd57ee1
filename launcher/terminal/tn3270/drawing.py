"""From a 3270's planes to the grid: characters, colours and highlighting, fields, and what hides."""

from __future__ import annotations

import re
from array import array
from functools import cache, lru_cache
from typing import Final

from launcher.terminal.grid import DEFAULT, CellGrid, Cursor, Field, Flag, palette
from launcher.terminal.tn3270.codepages import CodePage
from launcher.terminal.tn3270.host_screen import GRAPHICS, HostScreen
from launcher.terminal.tn3270.inbound import field_sets
from launcher.terminal.tn3270.orders import GRAPHIC_SET
from launcher.terminal.tn3270.planes import Form, Span

_COLOURS: Final = {
    0xF0: palette(0), 0xF1: palette(12), 0xF2: palette(9), 0xF3: palette(13), 0xF4: palette(10), 0xF5: palette(14),
    0xF6: palette(11), 0xF7: palette(15), 0xF8: palette(0), 0xF9: palette(4), 0xFA: palette(3), 0xFB: palette(5),
    0xFC: palette(2), 0xFD: palette(6), 0xFE: palette(8), 0xFF: palette(15),
}  # fmt: skip
"""By the host's number: neutral, blue, red, pink, green, turquoise, yellow, white, and the same again darker."""

_OF_FIELDS: Final = {(False, False): 0xF4, (False, True): 0xF2, (True, False): 0xF1, (True, True): 0xF7}
"""The 3279's own colours for (protected, intense) fields, where the host names none."""

_LOOKS: Final = ((0x01, Flag.BLINK), (0x02, Flag.REVERSE), (0x04, Flag.UNDERLINE), (0x08, Flag.BOLD))
_SET: Final = re.compile(rb"[^\0]+")


def draw(screen: HostScreen, code_page: CodePage, grid: CellGrid) -> None:
    """Fill the grid from the planes; rows that come out as they were are not counted as changed."""
    if (grid.rows, grid.columns) != (screen.maxrow, screen.maxcol):
        grid.resize(screen.maxrow, screen.maxcol)
    form = screen.form
    text = list(map(code_page.shown.__getitem__, screen.plane_dc))
    sets = bytes(map(max, screen.plane_cs, field_sets(screen, form))) if any(screen.plane_cs) else b""
    for match in _SET.finditer(sets):
        for cell in range(match.start(), match.end()):
            if sets[cell] == GRAPHIC_SET:
                text[cell] = GRAPHICS[screen.plane_dc[cell]]
    foreground = array("L", bytes(array("L").itemsize * form.cells))
    background = array("L", bytes(array("L").itemsize * form.cells))
    flags = array("H", bytes(2 * form.cells))
    for span in form.spans:
        if span.length:
            _draw_field(screen, form, span, foreground, background, flags)
    _draw_characters(screen, foreground, background, flags)
    for span in form.spans:
        if span.attribute_at is not None:
            at = span.attribute_at
            text[at], foreground[at], background[at], flags[at] = " ", DEFAULT, DEFAULT, 0
        if span.hidden:
            for part in form.range_of(span):
                text[part] = [" "] * (part.stop - part.start)
    _replace(grid, text, foreground, background, flags)
    grid.cursor = Cursor(*divmod(screen.curadd, screen.maxcol))
    grid.fields = tuple(
        Field(span.start, span.length, span.protected, span.hidden, span.numeric, span.modified)
        for span in sorted(form.spans, key=lambda span: span.start)
        if span.length
    )


def _draw_field(
    screen: HostScreen, form: Form, span: Span, foreground: array[int], background: array[int], flags: array[int]
) -> None:
    at = span.attribute_at
    extended = (0, 0, 0) if at is None else (screen.plane_fg[at], screen.plane_bg[at], screen.plane_eh[at])
    colour, ground, look = _of_field(span.attribute, *extended)
    for part in form.range_of(span):
        length = part.stop - part.start
        foreground[part] = array("L", (colour,)) * length
        background[part] = array("L", (ground,)) * length
        flags[part] = array("H", (look,)) * length


@lru_cache(maxsize=4096)
def _of_field(attribute: int, colour: int, ground: int, highlight: int) -> tuple[int, int, int]:
    """Return the colour, the ground and the flags of a field's characters."""
    kind = Span(None, 0, 0, attribute)
    if colour not in _COLOURS:
        colour = _OF_FIELDS[kind.protected, kind.intense]
    look = _look(highlight)
    look |= (Flag.BOLD if kind.intense else 0) | (Flag.HIDDEN if kind.hidden else 0)
    look |= 0 if kind.protected else Flag.INPUT
    return _COLOURS[colour], _ground(ground), look


def _draw_characters(screen: HostScreen, foreground: array[int], background: array[int], flags: array[int]) -> None:
    """Let what single characters were given count before what their field was."""
    for match in _SET.finditer(screen.plane_fg):
        for cell in range(match.start(), match.end()):
            foreground[cell] = _COLOURS.get(screen.plane_fg[cell], foreground[cell])
    for match in _SET.finditer(screen.plane_bg):
        for cell in range(match.start(), match.end()):
            background[cell] = _ground(screen.plane_bg[cell])
    kept = int(Flag.HIDDEN | Flag.INPUT)
    for match in _SET.finditer(screen.plane_eh):
        for cell in range(match.start(), match.end()):
            flags[cell] = flags[cell] & kept | _look(screen.plane_eh[cell])


@cache
def _look(highlight: int) -> int:
    look = Flag(0)
    for bit, flag in _LOOKS:
        if highlight & bit:
            look |= flag
    return int(look)


def _ground(colour: int) -> int:
    """Return a ground; a host's neutral and black are the screen's own."""
    return DEFAULT if colour in (0, 0xF0, 0xF8) else _COLOURS.get(colour, DEFAULT)


def _replace(
    grid: CellGrid, text: list[str], foreground: array[int], background: array[int], flags: array[int]
) -> None:
    columns = grid.columns
    for row in range(grid.rows):
        cells = slice(row * columns, (row + 1) * columns)
        if (
            grid.text[cells] != text[cells]
            or grid.foreground[cells] != foreground[cells]
            or grid.background[cells] != background[cells]
            or grid.flags[cells] != flags[cells]
        ):
            grid.dirty.add(row)
    grid.text, grid.foreground, grid.background, grid.flags = text, foreground, background, flags
