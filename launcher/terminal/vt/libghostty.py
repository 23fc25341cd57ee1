"""The part of libghostty-vt that the engine stands on: rows of cells, and keys.

``pyghostty`` hands out the library's functions (``lib``) and memory (``ffi``) untyped; what goes in and out here is
typed. This is the only module that imports it.
"""

from __future__ import annotations

from array import array
from itertools import groupby
from typing import Any, Final, NamedTuple

from pyghostty import ffi, lib

from launcher.terminal.grid import DEFAULT, CellGrid, Flag, palette, rgb
from launcher.terminal.keys import VT_KEYS, Key
from launcher.terminal.vt import rules

__all__ = [
    "SIZES",
    "TYPES",
    "KeyEncoder",
    "RowReader",
    "ffi",
    "goes_on",
    "lib",
    "made",
    "new",
    "number",
]

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
      GhosttyMouseEncoder *MouseEncoder; GhosttyMouseEvent *MouseEvent;
      GhosttyMouseEncoderSize *MouseSize; GhosttyMousePosition *MousePosition;
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
    name: ffi.sizeof(TYPES[name].item)
    for name in ("Style", "Cursor", "GridRef", "Selection", "FormatOptions", "MouseSize")
}
_CELLS_REMEMBERED: Final = 65536
_LOOKS_REMEMBERED: Final = 1024
_Look = tuple[int, int, int]
"""Foreground, background and flags."""
_PLAIN: Final[_Look] = (DEFAULT, DEFAULT, 0)
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


# An enumeration's flag is made anew with each & and |: where every cell is looked at, they are plain numbers.
_FLAGS: Final = {
    "bold": int(Flag.BOLD),
    "faint": int(Flag.FAINT),
    "italic": int(Flag.ITALIC),
    "blink": int(Flag.BLINK),
    "inverse": int(Flag.REVERSE),
    "strikethrough": int(Flag.STRIKE),
    "invisible": int(Flag.HIDDEN),
}
_UNDERLINE, _HIDDEN, _WIDE = int(Flag.UNDERLINE), int(Flag.HIDDEN), int(Flag.WIDE)


class _Cell(NamedTuple):
    """What a packed cell holds that is more than a character with a style."""

    text: str
    background: int
    """Of an erased cell, which has no style."""
    flags: int
    style: int
    marked: bool
    """It has combining marks, for which the library must be asked."""


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
        if not modern and key.name == "F3" and held:
            # The library's own form for it is another than that of the type of terminal which hosts are told.
            return b"\x1b[1;%dR" % (1 + key.shift + 2 * key.alt + 4 * key.ctrl)
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
    """Takes rows over from the library into a grid.

    Most cells are a character and the number of a style. Both are remembered by the packed cell, so that a row is taken
    over by a few steps for all its cells, and some for each part of it that looks the same. What a number of a style
    means is asked for in each row: the library gives a number to another style once nothing has it any more.
    """

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}
        self._kinds: dict[int, int] = {}
        """A cell's style; less than 0: its place in ``_others``, counted from 1."""
        self._others: list[_Cell] = []
        self._looks: dict[bytes, _Look] = {}
        self._cells: Any = made("RowCells", "render_state_row_cells")
        self._entered: Any = new("RowCells", self._cells)
        self._style: Any = new("Style", {"size": SIZES["Style"]})
        self._style_bytes: Any = ffi.buffer(self._style)
        self._view: Any = new("CellsView")
        self._packed_row: Any = new("Row")

    def put(self, grid: CellGrid, row: int, at: Any) -> None:
        """Take one row over into a grid; what is as it was does not count as changed."""
        columns = grid.columns
        text, kinds = self._read(at, columns)
        foreground, background = array("L", [DEFAULT]) * columns, array("L", [DEFAULT]) * columns
        flags = array("H", [0]) * columns
        if any(kinds):
            lib.ghostty_render_state_row_get(at, lib.GHOSTTY_RENDER_STATE_ROW_DATA_CELLS, self._entered)
            looks: dict[int, _Look] = {0: _PLAIN}
            stop = 0
            for kind, same in groupby(kinds):
                start, stop = stop, stop + len([*same])
                if kind not in looks:
                    looks[kind] = self._look(kind, start)
                look = looks[kind]
                if kind < 0 and self._others[-kind - 1].marked:
                    text[start:stop] = map(self._marked, range(start, stop))
                if look[0]:
                    foreground[start:stop] = array("L", look[:1]) * (stop - start)
                if look[1]:
                    background[start:stop] = array("L", look[1:2]) * (stop - start)
                if look[2]:
                    flags[start:stop] = array("H", look[2:]) * (stop - start)
                    if look[2] & _HIDDEN:
                        text[start:stop] = [one and " " for one in text[start:stop]]
        lib.ghostty_render_state_row_get(at, lib.GHOSTTY_RENDER_STATE_ROW_DATA_RAW, self._packed_row)
        wrapped = goes_on(self._packed_row[0])
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

    def _read(self, at: Any, columns: int) -> tuple[list[str], list[int]]:
        """Return texts and kinds of a row's cells; the same ones come again and again, and are remembered."""
        view = self._view
        if lib.ghostty_render_state_row_get(at, lib.GHOSTTY_RENDER_STATE_ROW_DATA_CELLS_RAW, view):
            return [" "] * columns, [0] * columns
        packed: list[int] = ffi.unpack(view.ptr, view.len)
        try:
            text, kinds = [*map(self._texts.__getitem__, packed)], [*map(self._kinds.__getitem__, packed)]
        except KeyError:
            self._learn(set(packed) - self._kinds.keys())
            text, kinds = [*map(self._texts.__getitem__, packed)], [*map(self._kinds.__getitem__, packed)]
        if len(packed) != columns:
            missing = max(0, columns - len(packed))
            return text[:columns] + [" "] * missing, kinds[:columns] + [0] * missing
        return text, kinds

    def _learn(self, packed: set[int]) -> None:
        if len(self._kinds) > _CELLS_REMEMBERED:
            self._texts.clear()
            self._kinds.clear()
            self._others.clear()
        for one in packed:
            cell = _unpacked(one)
            self._texts[one] = cell.text
            self._kinds[one] = cell.style
            if cell.background or cell.flags or cell.marked:
                self._others.append(cell)
                self._kinds[one] = -len(self._others)

    def _look(self, kind: int, column: int) -> _Look:
        """Return the looks of a cell of the row that was entered."""
        if kind >= 0:
            return self._styled(column)
        cell = self._others[-kind - 1]
        look = self._styled(column) if cell.style else _PLAIN
        return look[0], look[1] or cell.background, look[2] | cell.flags

    def _styled(self, column: int) -> _Look:
        style = self._style
        lib.ghostty_render_state_row_cells_select(self._cells, column)
        lib.ghostty_render_state_row_cells_get(self._cells, lib.GHOSTTY_RENDER_STATE_ROW_CELLS_DATA_STYLE, style)
        read = self._style_bytes[:]
        look = self._looks.get(read)
        if look is None:
            flags = sum(flag for name, flag in _FLAGS.items() if getattr(style, name))
            flags |= _UNDERLINE if style.underline else 0
            look = _colour(style.fg_color), _colour(style.bg_color), flags
            if len(self._looks) > _LOOKS_REMEMBERED:
                self._looks.clear()
            self._looks[read] = look
        return look

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


def _unpacked(packed: int) -> _Cell:
    """Ask the library what a packed cell holds."""

    def part(data: int, kind: str) -> Any:
        out: Any = new(kind)
        lib.ghostty_cell_get(packed, data, out)
        return out[0]

    tag = part(lib.GHOSTTY_CELL_DATA_CONTENT_TAG, "int")
    style = int(part(lib.GHOSTTY_CELL_DATA_STYLE_ID, "uint16_t"))
    if tag == lib.GHOSTTY_CELL_CONTENT_BG_COLOR_PALETTE:
        return _Cell(" ", palette(part(lib.GHOSTTY_CELL_DATA_COLOR_PALETTE, "uint8_t")), 0, style, False)
    if tag == lib.GHOSTTY_CELL_CONTENT_BG_COLOR_RGB:
        mixed = part(lib.GHOSTTY_CELL_DATA_COLOR_RGB, "ColorRgb")
        return _Cell(" ", rgb(mixed.r, mixed.g, mixed.b), 0, style, False)
    wide = part(lib.GHOSTTY_CELL_DATA_WIDE, "int")
    text = _character(part(lib.GHOSTTY_CELL_DATA_CODEPOINT, "uint32_t"))
    if wide in (lib.GHOSTTY_CELL_WIDE_SPACER_TAIL, lib.GHOSTTY_CELL_WIDE_SPACER_HEAD):
        text = "" if wide == lib.GHOSTTY_CELL_WIDE_SPACER_TAIL else " "
    flags = _WIDE if wide == lib.GHOSTTY_CELL_WIDE_WIDE else 0
    return _Cell(text, DEFAULT, flags, style, tag == lib.GHOSTTY_CELL_CONTENT_CODEPOINT_GRAPHEME)


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
