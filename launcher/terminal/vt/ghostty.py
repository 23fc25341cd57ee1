"""The VT engine on libghostty-vt: fast, and the rows that have changed are all that is looked at again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar, Final

from launcher.terminal.engine import Family, Typed
from launcher.terminal.grid import CellGrid, Cursor, CursorShape, StatusLine
from launcher.terminal.keys import Key
from launcher.terminal.mouse import MouseAct
from launcher.terminal.vt import rules
from launcher.terminal.vt.ghostty_mouse import MouseEncoder
from launcher.terminal.vt.libghostty import (
    SIZES,
    TYPES,
    KeyEncoder,
    RowReader,
    ffi,
    goes_on,
    lib,
    made,
    new,
    number,
)

_SCROLL_BACK_BYTES: Final = 32 * 1024 * 1024
_PIECE_BYTES: Final = 64 * 1024
_CANCEL: Final = b"\x18"
_STRING_ENDS: Final = re.compile(rb"[\x07\x18\x1a\x1b]")
_CELL_WIDTH_PX, _CELL_HEIGHT_PX = 8, 16

_SHAPES: Final[dict[int, CursorShape]] = {
    lib.GHOSTTY_RENDER_STATE_CURSOR_VISUAL_STYLE_BAR: "bar",
    lib.GHOSTTY_RENDER_STATE_CURSOR_VISUAL_STYLE_UNDERLINE: "underline",
}
_scroll_viewport: Final = ffi.cast(TYPES["scroll_viewport"], ffi.addressof(lib, "ghostty_terminal_scroll_viewport"))
_grid_ref: Final = ffi.cast(TYPES["grid_ref"], ffi.addressof(lib, "ghostty_terminal_grid_ref"))


class GhosttyEngine:
    """A :class:`launcher.terminal.engine.VtEngine` on libghostty-vt."""

    family: ClassVar[Family] = "vt"

    def __init__(self, rows: int, columns: int, *, scroll_back_rows: int = rules.SCROLL_BACK_ROWS) -> None:
        rows, columns = rules.sized(rows, columns)
        self._grid = CellGrid(rows, columns)
        self._stale = True
        self._lost = False
        self._bells = 0
        self._unfinished = 0
        self._skipping = False
        self._answers = bytearray()
        self._terminal: Any = made("Terminal", "terminal", columns, rows)
        self._screen: Any = made("RenderState", "render_state")
        self._rows: Any = made("RowIterator", "render_state_row_iterator")
        self._keys = KeyEncoder()
        self._mouse = MouseEncoder()
        self._reader = RowReader()
        self._on_answer: Any = ffi.callback(TYPES["write_pty"], self._answer)
        self._on_bell: Any = ffi.callback(TYPES["bell"], self._bell)
        for option, value in (
            (lib.GHOSTTY_TERMINAL_OPT_SCROLLBACK_MAX_LINES, new("size_t", scroll_back_rows)),
            (lib.GHOSTTY_TERMINAL_OPT_SCROLLBACK_MAX_BYTES, new("size_t", _SCROLL_BACK_BYTES)),
            (lib.GHOSTTY_TERMINAL_OPT_APC_MAX_BYTES, new("size_t", rules.SEQUENCE_BYTES)),
            # No pictures: a host would make this computer hold and decode them, and open files by name.
            (lib.GHOSTTY_TERMINAL_OPT_KITTY_IMAGE_STORAGE_LIMIT, new("uint64_t", 0)),
            (lib.GHOSTTY_TERMINAL_OPT_TITLE_REPORT, new("bool", False)),
            (lib.GHOSTTY_TERMINAL_OPT_CLIPBOARD_WRITE_MAX_BYTES, new("size_t", 0)),
            (lib.GHOSTTY_TERMINAL_OPT_WRITE_PTY, self._on_answer),
            (lib.GHOSTTY_TERMINAL_OPT_BELL, self._on_bell),
        ):
            lib.ghostty_terminal_set(self._terminal, option, value)

    @property
    def grid(self) -> CellGrid:
        """The grid, up to date with what was fed."""
        if self._stale:
            self._stale = False
            self._take_over()
        return self._grid

    def feed(self, untrusted: bytes) -> int:
        """Take what the host sent, all of it."""
        fed = len(untrusted)
        if b"\x7f" in untrusted:
            untrusted = untrusted.replace(b"\x7f", b"")  # DEL is nothing (VT420, 4.2); the library would write it
        at = 0
        while at < len(untrusted):
            if self._skipping:
                end = _STRING_ENDS.search(untrusted, at)
                if end is None:
                    return fed
                self._skipping = False
                at = end.start()
            piece = untrusted[at : at + _PIECE_BYTES]
            lib.ghostty_terminal_vt_write(self._terminal, piece, len(piece))
            self._stale = True
            at += len(piece)
            if number(self._terminal, lib.GHOSTTY_TERMINAL_DATA_COLS, "uint16_t") != self._grid.columns:
                # 132 columns (DECCOLM): the size is the officer's, not the host's.
                self._resize(self._grid.rows, self._grid.columns)
            ground = number(self._terminal, lib.GHOSTTY_TERMINAL_DATA_VT_GROUND, "bool")
            self._unfinished = 0 if ground else self._unfinished + len(piece)
            if self._unfinished > _PIECE_BYTES:
                # A string without an end: the library would keep all of it.
                lib.ghostty_terminal_vt_write(self._terminal, _CANCEL, len(_CANCEL))
                self._unfinished, self._skipping = 0, True
        return fed

    def to_send(self) -> bytes:
        """Return what the host is to be sent."""
        sent = bytes(self._answers)
        self._answers.clear()
        return sent

    def press(self, key: Key) -> bool:
        """Press a key, encoded as the application has asked for."""
        if self._lost:
            return False
        coded = self._keys.encoded(self._terminal, key)
        self._answers += coded
        return bool(coded)

    def type(self, text: str) -> Typed:
        """Type a text up to the first control character."""
        if self._lost:
            return Typed(0, "locked")
        result = rules.typed(text)
        self._answers += text[: result.taken].encode("utf-8", "replace")
        return result

    def paste(self, text: str) -> Typed:
        """Paste a text, in brackets where the application has asked for them."""
        if self._lost:
            return Typed(0, "locked")
        mode: Any = new("ModeConfig", {"mode": 2004})
        bracketed = not lib.ghostty_terminal_get(self._terminal, lib.GHOSTTY_TERMINAL_DATA_MODE, mode) and mode.value
        self._answers += rules.pasted(text, bracketed=bool(bracketed)).encode("utf-8", "replace")
        return Typed(len(text))

    def mouse(self, act: MouseAct) -> bool:
        """Tell the program what the mouse has done, as it has asked for it."""
        if self._lost:
            return False
        coded = self._mouse.encoded(self._terminal, act, self._grid.rows, self._grid.columns)
        self._answers += coded
        return bool(coded)

    def resize(self, rows: int, columns: int) -> None:
        """Take another size; the rows of the main screen flow anew."""
        rows, columns = rules.sized(rows, columns)
        if (rows, columns) == (self._grid.rows, self._grid.columns):
            return
        self._resize(rows, columns)
        self._grid.resize(rows, columns)
        self._stale = True
        self._take_over(every_row=True)

    def _resize(self, rows: int, columns: int) -> None:
        lib.ghostty_terminal_resize(self._terminal, columns, rows, _CELL_WIDTH_PX, _CELL_HEIGHT_PX)

    def lost(self) -> None:
        """Say that the line has gone."""
        self._lost = True
        self._answers.clear()
        self.grid.status = StatusLine(lock="not-connected", message=self._grid.status.message)

    def above(self, first: int, rows: int) -> CellGrid:
        """Return rows that have scrolled off the top."""
        first = max(0, first)
        above = CellGrid(max(0, min(rows, self.grid.scroll_back - first)), self._grid.columns)
        for row, at in zip(range(above.rows), self._rows_from(first), strict=False):
            self._reader.put(above, row, at)
        above.dirty.clear()
        return above

    def find(self, text: str, *, ignore_case: bool = True) -> tuple[tuple[int, int], ...]:
        """Return each place with the text, the oldest row first."""
        lines = self._lines()

        def column_of(row: int, at: int) -> int:
            before = lines[row][:at]
            return at if before.isascii() else sum(map(lib.ghostty_unicode_codepoint_width, map(ord, before)))

        found = rules.find_in(lines, text, ignore_case=ignore_case, goes_on=self._wrapped, column_of=column_of)
        return tuple((row, column) for row, column in found if not self._concealed(row, column, len(text)))

    def _answer(self, _terminal: object, _data: object, said: Any, length: int) -> None:
        answer = bytes(ffi.buffer(said, length))
        if not self._lost and rules.may_be_answered(answer) and len(self._answers) < rules.ANSWERS_BYTES:
            self._answers += answer

    def _bell(self, _terminal: object, _data: object) -> None:
        self._bells += 1

    def _take_over(self, *, every_row: bool = False) -> None:
        """Bring the grid up to date with the rows that the library says have changed."""
        lib.ghostty_render_state_update(self._screen, self._terminal)
        rows: Any = new("RowIterator", self._rows)
        lib.ghostty_render_state_get(self._screen, lib.GHOSTTY_RENDER_STATE_DATA_ROW_ITERATOR, rows)
        row: Any = new("uint16_t")
        if every_row:
            for every in range(self._grid.rows):
                if lib.ghostty_render_state_row_iterator_next(self._rows):
                    self._reader.put(self._grid, every, self._rows)
        else:
            while lib.ghostty_render_state_row_iterator_next_dirty(self._rows, row):
                if row[0] < self._grid.rows:
                    self._reader.put(self._grid, row[0], self._rows)
        lib.ghostty_render_state_clean(self._screen)
        cursor: Any = new("Cursor", {"size": SIZES["Cursor"]})
        lib.ghostty_render_state_get(self._screen, lib.GHOSTTY_RENDER_STATE_DATA_CURSOR, cursor)
        self._grid.cursor = Cursor(
            row=min(number(self._terminal, lib.GHOSTTY_TERMINAL_DATA_CURSOR_Y, "uint16_t"), self._grid.rows - 1),
            column=min(number(self._terminal, lib.GHOSTTY_TERMINAL_DATA_CURSOR_X, "uint16_t"), self._grid.columns - 1),
            visible=bool(cursor.visible),
            shape=_SHAPES.get(cursor.visual_style, "block"),
        )
        self._grid.scroll_back = number(self._terminal, lib.GHOSTTY_TERMINAL_DATA_SCROLLBACK_ROWS, "size_t")
        self._grid.bell = self._bells
        screen = number(self._terminal, lib.GHOSTTY_TERMINAL_DATA_ACTIVE_SCREEN, "int")
        self._grid.alternate = screen == lib.GHOSTTY_TERMINAL_SCREEN_ALTERNATE
        self._grid.mouse = bool(number(self._terminal, lib.GHOSTTY_TERMINAL_DATA_MOUSE_TRACKING, "bool"))
        title: Any = new("String")
        if not lib.ghostty_terminal_get(self._terminal, lib.GHOSTTY_TERMINAL_DATA_TITLE, title):
            said = bytes(ffi.buffer(title.ptr, min(title.len, rules.SEQUENCE_BYTES))) if title.len else b""
            self._grid.title = rules.clean_title(said.decode("utf-8", "replace"))

    def _lines(self) -> list[str]:
        """Return the text of all rows, from the oldest kept to the last of the screen."""
        rows = number(self._terminal, lib.GHOSTTY_TERMINAL_DATA_TOTAL_ROWS, "size_t")
        ends = [self._place(0, 0), self._place(rows - 1, self._grid.columns - 1)]
        sized = {"size": SIZES["Selection"], "start": ends[0], "end": ends[1]}
        chosen: Any = new("Selection", sized)
        options: Any = new(
            "FormatOptions",
            {"size": SIZES["FormatOptions"], "selection": chosen},
        )
        length: Any = new("size_t")
        lib.ghostty_terminal_selection_format_buf(self._terminal, options[0], ffi.NULL, 0, length)
        room: Any = new("uint8_ts", max(1, length[0]))
        if lib.ghostty_terminal_selection_format_buf(self._terminal, options[0], room, len(room), length):
            return []
        return bytes(ffi.buffer(room, length[0])).decode("utf-8", "replace").split("\n")

    def _place(self, row: int, column: int) -> Any:
        """Return the library's own word for a cell; row 0 is the oldest kept."""
        place: Any = new("GridRef", {"size": SIZES["GridRef"]})
        tag = lib.GHOSTTY_POINT_TAG_SCREEN
        _grid_ref(self._terminal, new("Point", {"tag": tag, "x": column, "y": row})[0], place)
        return place[0]

    def _wrapped(self, row: int) -> bool:
        """Say whether a row goes on in the next one; 0 is the oldest kept."""
        packed: Any = new("Row")
        lib.ghostty_grid_ref_row(new("GridRef", self._place(row, 0)), packed)
        return goes_on(packed[0])

    def _concealed(self, row: int, column: int, width: int) -> bool:
        """Say whether a text on a row holds what the host conceals."""
        style: Any = new("Style", {"size": SIZES["Style"]})
        place: Any = new("GridRef", self._place(row, column))
        for cell in range(column, min(column + width, self._grid.columns)):
            place.x = cell
            lib.ghostty_grid_ref_style(place, style)
            if style.invisible:
                return True
        return False

    def _rows_from(self, first: int) -> Iterator[Any]:
        """Step from a row above the screen to the last one of the screen; 0 is the oldest kept."""
        view: Any = made("RenderState", "render_state")
        last = self._grid.scroll_back + self._grid.rows
        rows: Any = made("RowIterator", "render_state_row_iterator")
        begun: Any = new("RowIterator", rows)
        try:
            while first < last:
                # The last screenful cannot begin lower than where the screen itself does.
                top = min(first, self._grid.scroll_back)
                _scroll_viewport(self._terminal, _scroll(lib.GHOSTTY_SCROLL_VIEWPORT_ROW, top))
                lib.ghostty_render_state_update(view, self._terminal)
                lib.ghostty_render_state_get(view, lib.GHOSTTY_RENDER_STATE_DATA_ROW_ITERATOR, begun)
                for place in range(top, top + self._grid.rows):
                    if lib.ghostty_render_state_row_iterator_next(rows) and place >= first:
                        yield rows
                first = top + self._grid.rows
        finally:
            _scroll_viewport(self._terminal, _scroll(lib.GHOSTTY_SCROLL_VIEWPORT_BOTTOM, 0))
            self._stale = True


def _scroll(tag: int, row: int) -> Any:
    return new("Scroll", {"tag": tag, "row": row})[0]
