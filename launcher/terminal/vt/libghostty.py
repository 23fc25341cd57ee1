"""The part of libghostty-vt that the engine stands on: rows of cells, and keys.

``pyghostty`` hands out the library's functions (``lib``) and memory (``ffi``) untyped; what goes in and out here is
typed. This is the only module that imports it.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from pyghostty import ffi, lib

from launcher.terminal.grid import DEFAULT, CellGrid, Flag, palette, rgb
from launcher.terminal.keys import VT_KEYS, Key
from launcher.terminal.vt import rules

__all__ = ["SIZES", "TYPES", "KeyEncoder", "RowReader", "ffi", "goes_on", "lib", "made", "new", "number"]

# To read a type's name, this foreign function interface reads all of the library's declarations anew (10 ms): the types
# that are needed are read together, once. The library takes two unions by value, which it cannot pass; a structure of
# the same size it can, and the platforms' calling conventions pass both alike.
ffi.cdef(
    """
    typedef struct { int tag; uint64_t row; uint64_t rest; } StationLauncherScroll;
    typedef struct { int tag; int gap; uint16_t x; uint32_t y; uint64_t rest; } StationLauncherPoint;
    typedef struct {
      bool *bool_; int *int_; size_t *size_t_; char *char_;
      uint8_t *uint8_t_; uint16_t *uint16_t_; uint32_t *uint32_t_; uint64_t *uint64_t_;
      GhosttyTerminal *Terminal; GhosttyRenderState *RenderState;
      GhosttyRenderStateRowIterator *RowIterator; GhosttyRenderStateRowCells *RowCells;
      GhosttyKeyEncoder *KeyEncoder; GhosttyKeyEvent *KeyEvent;
      GhosttyRow *Row; GhosttyCellsView *CellsView; GhosttyStyle *Style; GhosttyColorRgb *ColorRgb;
      GhosttyRenderStateCursor *Cursor; GhosttyString *String; GhosttyTerminalModeConfig *ModeConfig;
      GhosttyGridRef *GridRef; GhosttySelection *Selection; GhosttyTerminalSelectionFormatOptions *FormatOptions;
      StationLauncherScroll *Scroll; StationLauncherPoint *Point;
      GhosttyTerminalWritePtyFn write_pty; GhosttyTerminalBellFn bell;
      void (*scroll_viewport)(GhosttyTerminal, StationLauncherScroll);
      GhosttyResult (*grid_ref)(GhosttyTerminal, StationLauncherPoint, GhosttyGridRef*);
    } StationLauncherTypes;
    typedef struct { int gap; char chars[]; } StationLauncherChars;
    typedef struct { int gap; uint8_t uint8_ts[]; } StationLauncherBytes;
    typedef struct { int gap; uint32_t uint32_ts[]; } StationLauncherPoints;
    """,
    override=True,
)
TYPES: Final[dict[str, Any]] = {
    name.removesuffix("_"): field.type
    for kind in ("Types", "Chars", "Bytes", "Points")
    for name, field in ffi.typeof(f"StationLauncher{kind}").fields
}
SIZES: Final[dict[str, int]] = {
    name: ffi.sizeof(TYPES[name].item) for name in ("Style", "Cursor", "GridRef", "Selection", "FormatOptions")
}
_CELLS_REMEMBERED: Final = 65536
_KEY_BYTES: Final = 128
_MARKS: Final = 16
"""A character with more combining marks than these is drawn with the first ones."""

_KEYS: Final[dict[str, int]] = {
    **{name: getattr(lib, f"GHOSTTY_KEY_{name.upper()}") for name in ("Enter", "Tab", "Backspace", "Escape")},
    **{name: getattr(lib, f"GHOSTTY_KEY_ARROW_{name.upper()}") for name in ("Up", "Down", "Left", "Right")},
    **{name: getattr(lib, f"GHOSTTY_KEY_{name.upper()}") for name in ("Home", "End", "Insert", "Delete", "Help")},
    "PageUp": lib.GHOSTTY_KEY_PAGE_UP,
    "PageDown": lib.GHOSTTY_KEY_PAGE_DOWN,
    "Do": lib.GHOSTTY_KEY_F16,
    **{f"F{n}": getattr(lib, f"GHOSTTY_KEY_F{n}") for n in range(1, 21)},
    **{f"Pad{n}": getattr(lib, f"GHOSTTY_KEY_NUMPAD_{n}") for n in range(10)},
    "PadEnter": lib.GHOSTTY_KEY_NUMPAD_ENTER,
    "PadPlus": lib.GHOSTTY_KEY_NUMPAD_ADD,
    "PadMinus": lib.GHOSTTY_KEY_NUMPAD_SUBTRACT,
    "PadMultiply": lib.GHOSTTY_KEY_NUMPAD_MULTIPLY,
    "PadDivide": lib.GHOSTTY_KEY_NUMPAD_DIVIDE,
    "PadDecimal": lib.GHOSTTY_KEY_NUMPAD_DECIMAL,
}
# The VT220's editing keys that a PC has not, and that the library knows no name for (VT220 manual, table 3-4).
_VT220_KEYS: Final = {"Find": b"\x1b[1~", "Select": b"\x1b[4~"}
_SHIFT, _CTRL, _ALT = 1, 2, 4


class _Cell(NamedTuple):
    """What one packed cell holds itself."""

    text: str
    background: int
    """Of an erased cell, which has no style."""
    flags: int
    style: int
    marked: bool
    more: bool
    """The library must be asked for its style or its combining marks."""


_EMPTY: Final = _Cell(" ", DEFAULT, 0, 0, False, False)


def new(kind: str, value: object = None) -> Any:
    """Return memory for one of :data:`TYPES`; it goes when nothing refers to it."""
    return ffi.new(TYPES[kind], value)


def made(kind: str, name: str, *arguments: int) -> Any:
    """Make one of the library's things, which goes when nothing of ours refers to it."""
    made: Any = new(kind)
    if getattr(lib, f"ghostty_{name}_new")(ffi.NULL, made, *arguments):
        raise MemoryError(f"libghostty-vt made no {name}")
    return ffi.gc(made[0], getattr(lib, f"ghostty_{name}_free"))


def number(terminal: Any, data: int, kind: str) -> int:
    out: Any = new(kind)
    return 0 if lib.ghostty_terminal_get(terminal, data, out) else int(out[0])


def goes_on(packed: int) -> bool:
    wrapped: Any = new("bool")
    lib.ghostty_row_get(packed, lib.GHOSTTY_ROW_DATA_WRAP, wrapped)
    return bool(wrapped[0])


class KeyEncoder:
    """Turns keys into what the application's modes ask for."""

    def __init__(self) -> None:
        self._encoder: Any = made("KeyEncoder", "key_encoder")
        self._event: Any = made("KeyEvent", "key_event")

    def encoded(self, terminal: Any, key: Key) -> bytes:
        """Return what a key is sent as; nothing where a VT has no such key."""
        modern = number(terminal, lib.GHOSTTY_TERMINAL_DATA_KITTY_KEYBOARD_FLAGS, "uint8_t") != 0
        controlled = None if modern else rules.control(key)
        if controlled is not None:
            return (b"\x1b" if key.alt else b"") + controlled.encode()
        if key.name in _VT220_KEYS:
            return _VT220_KEYS[key.name]
        if len(key.name) > 1 and key.name not in VT_KEYS:
            return b""
        held = _SHIFT * key.shift | _CTRL * key.ctrl | _ALT * key.alt
        if not modern and (key.name in ("Enter", "Escape") or (key.name == "Tab" and not key.shift)):
            held &= _ALT  # the library's own form for them with Shift or Ctrl is one that hosts do not know
        text = key.name.encode("utf-8", "replace") if len(key.name) == 1 else b""
        kept: Any = ffi.from_buffer(text)
        lib.ghostty_key_event_set_action(self._event, lib.GHOSTTY_KEY_ACTION_PRESS)
        lib.ghostty_key_event_set_key(self._event, _KEYS.get(key.name, lib.GHOSTTY_KEY_UNIDENTIFIED))
        lib.ghostty_key_event_set_mods(self._event, held)
        lib.ghostty_key_event_set_utf8(self._event, ffi.cast(TYPES["char"], kept), len(text))
        lib.ghostty_key_event_set_unshifted_codepoint(self._event, ord(key.name.lower()[0]) if text else 0)
        lib.ghostty_key_encoder_setopt_from_terminal(self._encoder, terminal)
        # A key of the pad is named as such by whoever pressed it: what Num Lock says has been looked at there.
        lib.ghostty_key_encoder_setopt(
            self._encoder, lib.GHOSTTY_KEY_ENCODER_OPT_IGNORE_KEYPAD_WITH_NUMLOCK, new("bool", False)
        )
        room, length = new("chars", _KEY_BYTES), new("size_t")
        if lib.ghostty_key_encoder_encode(self._encoder, self._event, room, _KEY_BYTES, length):
            return b""
        return bytes(ffi.buffer(room, length[0]))


class RowReader:
    """Takes rows over from the library into a grid."""

    def __init__(self) -> None:
        self._remembered: dict[int, _Cell] = {}
        self._cells: Any = made("RowCells", "render_state_row_cells")
        self._style: Any = new("Style", {"size": SIZES["Style"]})

    def put(self, grid: CellGrid, row: int, at: Any) -> None:
        """Take one row over into a grid; what is as it was does not count as changed."""
        columns = grid.columns
        cells = self._cells_of(at)[:columns]
        cells += [_EMPTY] * (columns - len(cells))
        text = [cell.text for cell in cells]
        background = array("L", [cell.background for cell in cells])
        flags = array("H", [cell.flags for cell in cells])
        foreground = array("L", [DEFAULT]) * columns
        if any(cell.more for cell in cells):
            self._put_looks(at, cells, text, foreground, background, flags)
        packed: Any = new("Row")
        lib.ghostty_render_state_row_get(at, lib.GHOSTTY_RENDER_STATE_ROW_DATA_RAW, packed)
        wrapped = goes_on(packed[0])
        begin, end = row * columns, (row + 1) * columns
        if (
            grid.text[begin:end] != text
            or grid.flags[begin:end] != flags
            or grid.foreground[begin:end] != foreground
            or grid.background[begin:end] != background
            or grid.wrapped[row] != wrapped
        ):
            grid.text[begin:end] = text
            grid.flags[begin:end] = flags
            grid.foreground[begin:end] = foreground
            grid.background[begin:end] = background
            grid.wrapped[row] = wrapped
            grid.dirty.add(row)

    def _put_looks(
        self,
        at: Any,
        cells: Sequence[_Cell],
        text: list[str],
        foreground: array[int],
        background: array[int],
        flags: array[int],
    ) -> None:
        """Add to a row what its cells do not hold themselves: their styles and combining marks."""
        self._enter(at)
        looks: dict[int, tuple[int, int, int]] = {}
        for column, cell in enumerate(cells):
            if not cell.more:
                continue
            if cell.marked:
                text[column] = self._marked(column)
            if not cell.style:
                continue
            look = looks.get(cell.style)
            if look is None:
                look = looks[cell.style] = self._look(column)
            foreground[column], background[column] = look[0], look[1] or cell.background
            flags[column] |= look[2]
            if look[2] & Flag.HIDDEN and cell.text:
                text[column] = " "

    def _look(self, column: int) -> tuple[int, int, int]:
        """Return the colours and flags of a cell of the row that was entered."""
        style = self._style
        lib.ghostty_render_state_row_cells_select(self._cells, column)
        lib.ghostty_render_state_row_cells_get(self._cells, lib.GHOSTTY_RENDER_STATE_ROW_CELLS_DATA_STYLE, style)
        flags = (
            Flag.BOLD * style.bold
            | Flag.FAINT * style.faint
            | Flag.ITALIC * style.italic
            | Flag.UNDERLINE * (style.underline != 0)
            | Flag.BLINK * style.blink
            | Flag.REVERSE * style.inverse
            | Flag.STRIKE * style.strikethrough
            | Flag.HIDDEN * style.invisible
        )
        return _colour(style.fg_color), _colour(style.bg_color), int(flags)

    def _marked(self, column: int) -> str:
        """Return a cell's character with its combining marks."""
        length: Any = new("uint32_t")
        lib.ghostty_render_state_row_cells_select(self._cells, column)
        lib.ghostty_render_state_row_cells_get(
            self._cells, lib.GHOSTTY_RENDER_STATE_ROW_CELLS_DATA_GRAPHEMES_LEN, length
        )
        points: Any = new("uint32_ts", max(1, length[0]))
        lib.ghostty_render_state_row_cells_get(
            self._cells, lib.GHOSTTY_RENDER_STATE_ROW_CELLS_DATA_GRAPHEMES_BUF, points
        )
        return "".join(_character(point) for point in points[0 : min(length[0], _MARKS)]) or " "

    def _enter(self, at: Any) -> None:
        """Have the cells of a row ready for questions about their looks."""
        cells: Any = new("RowCells", self._cells)
        lib.ghostty_render_state_row_get(at, lib.GHOSTTY_RENDER_STATE_ROW_DATA_CELLS, cells)

    def _cells_of(self, at: Any) -> list[_Cell]:
        """Return what the packed cells of a row hold; the same ones come again and again, and are remembered."""
        view: Any = new("CellsView")
        if lib.ghostty_render_state_row_get(at, lib.GHOSTTY_RENDER_STATE_ROW_DATA_CELLS_RAW, view):
            return []
        remembered = self._remembered
        packed: list[int] = ffi.unpack(view.ptr, view.len)
        try:
            return [remembered[cell] for cell in packed]
        except KeyError:
            if len(remembered) > _CELLS_REMEMBERED:
                remembered.clear()
            remembered.update((cell, _unpacked(cell)) for cell in set(packed) - remembered.keys())
            return [remembered[cell] for cell in packed]


def _unpacked(packed: int) -> _Cell:
    """Ask the library what a packed cell holds."""

    def part(data: int, kind: str) -> Any:
        out: Any = new(kind)
        lib.ghostty_cell_get(packed, data, out)
        return out[0]

    tag = part(lib.GHOSTTY_CELL_DATA_CONTENT_TAG, "int")
    style = int(part(lib.GHOSTTY_CELL_DATA_STYLE_ID, "uint16_t"))
    if tag == lib.GHOSTTY_CELL_CONTENT_BG_COLOR_PALETTE:
        return _Cell(" ", palette(part(lib.GHOSTTY_CELL_DATA_COLOR_PALETTE, "uint8_t")), 0, style, False, style != 0)
    if tag == lib.GHOSTTY_CELL_CONTENT_BG_COLOR_RGB:
        mixed = part(lib.GHOSTTY_CELL_DATA_COLOR_RGB, "ColorRgb")
        return _Cell(" ", rgb(mixed.r, mixed.g, mixed.b), 0, style, False, style != 0)
    wide = part(lib.GHOSTTY_CELL_DATA_WIDE, "int")
    text = _character(part(lib.GHOSTTY_CELL_DATA_CODEPOINT, "uint32_t"))
    if wide in (lib.GHOSTTY_CELL_WIDE_SPACER_TAIL, lib.GHOSTTY_CELL_WIDE_SPACER_HEAD):
        text = "" if wide == lib.GHOSTTY_CELL_WIDE_SPACER_TAIL else " "
    flags = int(Flag.WIDE) if wide == lib.GHOSTTY_CELL_WIDE_WIDE else 0
    marked = tag == lib.GHOSTTY_CELL_CONTENT_CODEPOINT_GRAPHEME
    return _Cell(text, DEFAULT, flags, style, marked, marked or style != 0)


def _character(point: int) -> str:
    """Return a character as it may stand in a cell: no control and no half of one."""
    if point < 0x20 or 0x7F <= point < 0xA0 or 0xD800 <= point < 0xE000 or point > 0x10FFFF:
        return " " if point < 0x20 else "\ufffd"
    return chr(point)


def _colour(colour: Any) -> int:
    if colour.tag == lib.GHOSTTY_STYLE_COLOR_PALETTE:
        return palette(colour.value.palette)
    if colour.tag == lib.GHOSTTY_STYLE_COLOR_RGB:
        mixed = colour.value.rgb
        return rgb(mixed.r, mixed.g, mixed.b)
    return DEFAULT
