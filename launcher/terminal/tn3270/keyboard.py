"""What an operator does to a 3270's screen before anything is sent: typing, the editing keys, fills.

Nothing here goes from one field into another: a text ends at its field's end, and the caller learns where.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from launcher.secret import Secret
from launcher.terminal.engine import Typed
from launcher.terminal.errors import FieldRefusedError
from launcher.terminal.grid import KeyboardLock
from launcher.terminal.tn3270.codepages import DUP, FIELD_MARK, NULL, SPACE, CodePage
from launcher.terminal.tn3270.host_screen import HostScreen
from launcher.terminal.tn3270.planes import Form, Span

OPERATOR_ERRORS: Final = frozenset[KeyboardLock]({"not-here", "numeric", "overflow"})
_NUMBER: Final = frozenset("0123456789-.")
_MOVES: Final = frozenset({"Tab", "BackTab", "Newline", "Home", "End", "Up", "Down", "Left", "Right"})


class Keyboard:
    """The keys of one screen that send nothing."""

    def __init__(self, screen: HostScreen, code_page: CodePage) -> None:
        self._screen = screen
        self._code_page = code_page
        self._edits = {
            "Delete": self._delete,
            "Backspace": self._backspace,
            "EraseEOF": self._erase_to_end,
            "EraseInput": self._erase_input,
            "FieldMark": lambda: self._control(FIELD_MARK),
            "Dup": self._dup,
        }

    def press(self, name: str) -> bool:
        """Press a key; False where the keyboard takes none, or there is no such key."""
        screen = self._screen
        if name == "Reset":
            if screen.keyboard != "not-connected":
                screen.keyboard = ""
                screen.insert = False
            return True
        if name in _MOVES and screen.keyboard in OPERATOR_ERRORS:
            screen.keyboard = ""
        if screen.keyboard:
            return False
        if name in _MOVES:
            screen.curadd = self._moved(name)
        elif name == "Insert":
            screen.insert = not screen.insert
        elif name in self._edits:
            return self._edits[name]()
        else:
            return False
        return True

    def place_cursor(self, row: int, column: int) -> bool:
        """Put the cursor somewhere; like the keys that move it, this ends an operator's error."""
        screen = self._screen
        if screen.keyboard in OPERATOR_ERRORS:
            screen.keyboard = ""
        if screen.keyboard or not (0 <= row < screen.maxrow and 0 <= column < screen.maxcol):
            return False
        screen.curadd = row * screen.maxcol + column
        return True

    def type(self, text: str) -> Typed:
        """Type at the cursor, into this field only."""
        screen = self._screen
        if not text:
            return Typed(0)
        if screen.keyboard:
            return Typed(0, "locked")
        form = screen.form
        left, span = form.rest(screen.curadd), form.at(screen.curadd)
        if not left or span.protected:
            screen.keyboard = "not-here"
            return Typed(0, "protected")
        for taken, character in enumerate(text):
            if taken == left:
                return Typed(taken, "too-long")
            byte = self._code_page.byte_of(character)
            if byte is None:
                return Typed(taken, "not-in-code-page")
            if span.numeric and character not in _NUMBER:
                screen.keyboard = "numeric"
                return Typed(taken, "numeric")
            if not self._put(form, byte):
                return Typed(taken, "too-long")
        return Typed(len(text))

    def fill(self, start: int, value: Secret) -> None:
        """Empty the field that begins there and put a value into it. Raises :class:`FieldRefusedError`."""
        screen = self._screen
        form = screen.form
        span = form.at(start) if 0 <= start < form.cells else None
        if span is None or span.start != start or not span.length or form.is_attribute(start):
            raise FieldRefusedError("The screen has no field there.")
        data = self._checked(span, value)
        for part in form.range_of(span):
            screen.empty(part.start, part.stop)
        cells = [cell for part in form.range_of(span) for cell in range(part.start, part.stop)]
        for cell, byte in zip(cells, data, strict=False):
            screen.plane_dc[cell] = byte
        screen.mark_modified(span.attribute_at)
        there = bytes(screen.plane_dc[cell] for cell in cells)
        if there.rstrip(b"\0") != bytes(data).rstrip(b"\0"):
            raise FieldRefusedError("The field does not hold what was put into it.")
        screen.curadd = (start + len(data)) % form.cells
        if len(data) == span.length:
            self._skip(form)

    def _checked(self, span: Span, value: Secret) -> bytearray:
        """Return the value's bytes, when the field will take every one of them."""
        if self._screen.keyboard:
            raise FieldRefusedError("The keyboard is locked: the host is not waiting for anything to be typed.")
        if span.protected:
            raise FieldRefusedError("Nothing may be typed into that field.")
        text = value.reveal()
        if len(text) > span.length:
            raise FieldRefusedError(f"The value is longer than its field, which holds {span.length} characters.")
        if span.numeric and not _NUMBER.issuperset(text):
            raise FieldRefusedError("The field takes a number only, and the value is none.")
        found = [self._code_page.byte_of(character) for character in text]
        if None in found:
            raise FieldRefusedError(
                f"The value has a character that the host's code page {self._code_page.name} lacks."
            )
        return bytearray(byte for byte in found if byte is not None)

    def _put(self, form: Form, byte: int) -> bool:
        """Put a byte at the cursor and go on; False where there is no room to insert it."""
        screen = self._screen
        cell = screen.curadd
        if screen.insert and not self._make_room(form, cell):
            screen.keyboard = "overflow"
            return False
        screen.empty(cell, cell + 1)
        screen.plane_dc[cell] = byte
        screen.mark_modified(form.at(cell).attribute_at)
        screen.curadd = (cell + 1) % form.cells
        self._skip(form)
        return True

    def _make_room(self, form: Form, cell: int) -> bool:
        """Move what stands from the cell on by one, into the first empty cell, or the blank at the field's end."""
        screen, length = self._screen, form.rest(cell)
        cells = [(cell + step) % form.cells for step in range(length)]
        free = next((index for index, at in enumerate(cells) if screen.plane_dc[at] == NULL), None)
        if free is None:
            if screen.plane_dc[cells[-1]] != SPACE:
                return False
            free = length - 1
        for plane in (screen.plane_dc, screen.plane_eh, screen.plane_cs, screen.plane_fg, screen.plane_bg):
            for index in range(free, 0, -1):
                plane[cells[index]] = plane[cells[index - 1]]
        return True

    def _skip(self, form: Form) -> None:
        """Go over attributes, and over the fields that are to be skipped."""
        cell = self._screen.curadd
        for _ in range(len(form.spans) + 1):
            if not form.is_attribute(cell):
                break
            following = form.next_input(cell) if form.at(cell).skipped else None
            cell = following if following is not None else (cell + 1) % form.cells
        self._screen.curadd = cell

    def _moved(self, name: str) -> int:
        screen = self._screen
        form, cell, columns = screen.form, screen.curadd, screen.maxcol
        match name:
            case "Up":
                return (cell - columns) % form.cells
            case "Down":
                return (cell + columns) % form.cells
            case "Left":
                return (cell - 1) % form.cells
            case "Right":
                return (cell + 1) % form.cells
            case "End":
                return self._end_of_text(form, cell)
            case "BackTab":
                return form.previous_input(cell) or 0
            case "Tab":
                return form.next_input(cell) or 0
        begin = form.cells - 1 if name == "Home" else (cell // columns + 1) * columns - 1
        if not form.formatted:
            return (begin + 1) % form.cells
        below = (begin + 1) % form.cells
        if form.rest(below) and not form.at(below).protected and form.at(below).start == below:
            return below
        if name == "Newline" and form.rest(below) and not form.at(below).protected:
            return below
        return form.next_input(begin) or 0

    def _end_of_text(self, form: Form, cell: int) -> int:
        span = form.at(cell)
        if not span.length:
            return cell
        cells = [at for part in form.range_of(span) for at in range(part.start, part.stop)]
        text = bytes(self._screen.plane_dc[at] for at in cells).rstrip(b"\0\x40")
        return cells[min(len(text), len(cells) - 1)]

    def _may_edit(self) -> Form | None:
        form = self._screen.form
        if form.rest(self._screen.curadd) and not form.at(self._screen.curadd).protected:
            return form
        self._screen.keyboard = "not-here"
        return None

    def _delete(self) -> bool:
        form = self._may_edit()
        if form is None:
            return False
        screen = self._screen
        cells = [(screen.curadd + step) % form.cells for step in range(form.rest(screen.curadd))]
        for plane in (screen.plane_dc, screen.plane_eh, screen.plane_cs, screen.plane_fg, screen.plane_bg):
            for here, there in pairwise(cells):
                plane[here] = plane[there]
        screen.empty(cells[-1], cells[-1] + 1)
        screen.mark_modified(form.at(screen.curadd).attribute_at)
        return True

    def _backspace(self) -> bool:
        form = self._screen.form
        before = (self._screen.curadd - 1) % form.cells
        if not form.rest(before) or form.at(before).protected:
            self._screen.keyboard = "not-here"
            return False
        self._screen.curadd = before
        return self._delete()

    def _erase_to_end(self) -> bool:
        form = self._may_edit()
        if form is None:
            return False
        screen = self._screen
        begin, left = screen.curadd, form.rest(screen.curadd)
        if not form.formatted:
            left = form.cells - begin
        screen.empty(begin, min(begin + left, form.cells))
        if begin + left > form.cells:
            screen.empty(0, begin + left - form.cells)
        screen.mark_modified(form.at(begin).attribute_at)
        return True

    def _erase_input(self) -> bool:
        screen = self._screen
        form = screen.form
        for span in form.spans:
            if not span.protected:
                for part in form.range_of(span):
                    screen.empty(part.start, part.stop)
        screen._reset_mdt()
        screen.curadd = form.next_input(form.cells - 1) or 0
        return True

    def _control(self, byte: int) -> bool:
        form = self._may_edit()
        if form is None:
            return False
        if form.at(self._screen.curadd).numeric and byte == FIELD_MARK:
            self._screen.keyboard = "numeric"
            return False
        return self._put(form, byte)

    def _dup(self) -> bool:
        if not self._control(DUP):
            return False
        self._screen.curadd = self._screen.form.next_input(self._screen.curadd - 1) or 0
        return True
