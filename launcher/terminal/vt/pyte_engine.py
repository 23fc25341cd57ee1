"""The VT engine on ``pyte``: the fallback where the library of the other has no wheel. Slower, and it knows less."""

from __future__ import annotations

from array import array
from typing import ClassVar, Final

from launcher.terminal.engine import Family, Typed
from launcher.terminal.grid import CellGrid, Cursor, CursorShape, Flag, StatusLine
from launcher.terminal.keys import VT_KEYS, Key
from launcher.terminal.mouse import MouseAct
from launcher.terminal.vt import rules
from launcher.terminal.vt.pyte_screen import Line, PyteScreen, player
from launcher.terminal.vt.sequences import Sequence, Sequences

_OWN_CSI: Final = {"S": "scroll_up", "T": "scroll_down", "b": "repeat", "Z": "tab_back", "I": "tab_on"}
_NOTHING: Final = dict.fromkeys((*range(7), *range(0x10, 0x20), 0x7F))
"""Controls that do nothing here, at which the library would leave out what follows."""
_CSI: Final = frozenset("@ABCDEFGHJKLMPXacdefghlnr")
_NOT_MOVING: Final = frozenset("mhlncbqsp")
_PRIVATE_CSI: Final = frozenset("hlJKn")
_ESCAPES: Final = frozenset("78cDEHM=>")
_SHAPES: Final[dict[str, CursorShape]] = {"3": "underline", "4": "underline", "5": "bar", "6": "bar"}
_CURSOR: Final = {"Up": "A", "Down": "B", "Right": "C", "Left": "D", "Home": "H", "End": "F"}
_PAD: Final = {
    **{f"Pad{n}": (str(n), chr(ord("p") + n)) for n in range(10)},
    "PadEnter": ("\r", "M"),
    "PadPlus": ("+", "k"),
    "PadMinus": ("-", "m"),
    "PadMultiply": ("*", "j"),
    "PadDivide": ("/", "o"),
    "PadDecimal": (".", "n"),
}
_PF: Final = {"F1": "P", "F2": "Q", "F3": "R", "F4": "S"}
_TILDE: Final = {
    "Find": 1, "Insert": 2, "Delete": 3, "Select": 4, "PageUp": 5, "PageDown": 6, "Help": 28, "Do": 29,
    "F5": 15, "F6": 17, "F7": 18, "F8": 19, "F9": 20, "F10": 21, "F11": 23, "F12": 24, "F13": 25, "F14": 26,
    "F15": 28, "F16": 29, "F17": 31, "F18": 32, "F19": 33, "F20": 34,
}  # fmt: skip
"""VT220 manual, tables 3-4 and 3-7; xterm, "PC-Style Function Keys"."""
_APPLICATION_CURSOR, _APPLICATION_PAD, _BACKSPACE_IS_BS, _BRACKETED = 1, 66, 67, 2004


class PyteEngine:
    """A :class:`launcher.terminal.engine.VtEngine` on pyte."""

    family: ClassVar[Family] = "vt"

    def __init__(self, rows: int, columns: int, *, scroll_back_rows: int = rules.SCROLL_BACK_ROWS) -> None:
        rows, columns = rules.sized(rows, columns)
        self._grid = CellGrid(rows, columns)
        self._screen = PyteScreen(rows, columns, self._answer, scroll_back_rows)
        self._play = player(self._screen)
        self._sequences = Sequences()
        self._answers = bytearray()
        self._shape: CursorShape = "block"
        self._lost = False

    @property
    def grid(self) -> CellGrid:
        """The grid, up to date with what was fed."""
        screen = self._screen
        for row in sorted(row for row in screen.dirty if row < self._grid.rows):
            self._put(self._grid, row, screen.buffer[row])
        screen.dirty.clear()
        self._grid.cursor = Cursor(
            row=min(screen.cursor.y, self._grid.rows - 1),
            column=min(screen.cursor.x, self._grid.columns - 1),
            visible=not screen.cursor.hidden,
            shape=self._shape,
        )
        self._grid.scroll_back = 0 if screen.alternate else len(screen.above)
        self._grid.bell = screen.bells
        self._grid.alternate = screen.alternate
        self._grid.title = rules.clean_title(screen.title)
        return self._grid

    def feed(self, untrusted: bytes) -> int:
        """Take what the host sent, all of it."""
        for sequence in self._sequences.read(untrusted):
            if sequence.kind == "text":
                self._play(sequence.body.translate(_NOTHING))
            elif sequence.kind == "csi":
                self._control(sequence)
            elif sequence.kind == "osc":
                self._title(sequence.body)
            elif sequence.kind == "escape":
                self._escape(sequence)
        return len(untrusted)

    def to_send(self) -> bytes:
        """Return what the host is to be sent."""
        sent = bytes(self._answers)
        self._answers.clear()
        return sent

    def press(self, key: Key) -> bool:
        """Press a key, encoded as the application has asked for."""
        if self._lost:
            return False
        coded = self._encoded(key).encode("utf-8", "replace")
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
        pasted = rules.pasted(text, bracketed=self._screen.has_mode(_BRACKETED))
        self._answers += pasted.encode("utf-8", "replace")
        return Typed(len(text))

    def mouse(self, act: MouseAct) -> bool:
        """Tell nobody: what programs ask of the mouse is not kept here, and ``grid.mouse`` stays as it is."""
        return False

    def resize(self, rows: int, columns: int) -> None:
        """Take another size; rows are cut or filled, and do not flow anew."""
        rows, columns = rules.sized(rows, columns)
        if (rows, columns) != (self._grid.rows, self._grid.columns):
            self._screen.resize_to(rows, columns)
            self._grid.resize(rows, columns)

    def lost(self) -> None:
        """Say that the line has gone."""
        self._lost = True
        self._answers.clear()
        self._grid.status = StatusLine(lock="not-connected", message=self._grid.status.message)

    def above(self, first: int, rows: int) -> CellGrid:
        """Return rows that have scrolled off the top."""
        first = max(0, first)
        above = CellGrid(max(0, min(rows, self.grid.scroll_back - first)), self._grid.columns)
        for row in range(above.rows):
            self._put(above, row, self._screen.above[first + row])
        above.dirty.clear()
        return above

    def find(self, text: str, *, ignore_case: bool = True) -> tuple[tuple[int, int], ...]:
        """Return each place with the text, the oldest row first."""
        screen = self._screen
        kept = [] if screen.alternate else list(screen.above)
        cells = [self._text(line) for line in (*kept, *(screen.buffer[row] for row in range(screen.lines)))]

        def column_of(row: int, at: int) -> int:
            seen = 0
            for column, cell in enumerate(cells[row]):
                if seen >= at and cell:
                    return column
                seen += len(cell)
            return len(cells[row]) - 1

        lines = ["".join(row) for row in cells]
        return rules.find_in(lines, text, ignore_case=ignore_case, goes_on=lambda _: False, column_of=column_of)

    def _answer(self, said: str) -> None:
        answer = said.encode("ascii", "replace")
        if not self._lost and rules.may_be_answered(answer) and len(self._answers) < rules.ANSWERS_BYTES:
            self._answers += answer

    def _control(self, sequence: Sequence) -> None:
        parameters, final = sequence.parameters, sequence.final
        if final not in _NOT_MOVING:
            self._screen.land()
        if sequence.middle == " " and final == "q" and not sequence.prefix:
            self._shape = _SHAPES.get(parameters, "block")
        elif sequence.middle == "!" and final == "p":
            self._screen.soft_reset()
        elif sequence.middle or sequence.prefix not in ("", "?"):
            return
        elif sequence.prefix:
            if final == "W" and parameters == "5":
                self._screen.usual_stops()
            elif final in _PRIVATE_CSI:
                self._play(f"\x1b[?{parameters}{final}")
        elif final in _OWN_CSI:
            count = parameters.split(";")[0]
            getattr(self._screen, _OWN_CSI[final])(int(count[:6]) if count.isdigit() else 1)
        elif final in "jk" and ":" not in parameters:
            self._play(f"\x1b[{parameters}{'D' if final == 'j' else 'A'}")
        elif final in "su" and not parameters:
            self._play("\x1b7" if final == "s" else "\x1b8")
        elif final == "m":
            self._screen.select_graphic_rendition(*_looks(parameters))
        elif final in _CSI and ":" not in parameters:
            self._play(f"\x1b[{parameters}{final}")
        elif final == "`":
            self._play(f"\x1b[{parameters}G")

    def _escape(self, sequence: Sequence) -> None:
        final = sequence.final
        if not sequence.middle and final in "=>":
            self._screen.keypad = final == "="
        elif not sequence.middle and final == "E":
            self._screen.next_line()
        elif not sequence.middle and final == "Z":
            self._screen.report_device_attributes()
        elif not sequence.middle and final in _ESCAPES:
            self._play(f"\x1b{final}")
        elif sequence.middle == "#" and final == "8":
            self._play("\x1b#8")
        elif sequence.middle in ("(", ")"):
            self._play(f"\x1b{sequence.middle}{final if final == '0' else 'B'}")

    def _title(self, body: str) -> None:
        number, _, title = body.partition(";")
        if number in ("0", "2"):
            self._screen.title = title

    def _encoded(self, key: Key) -> str:
        controlled = rules.control(key)
        held = 1 + key.shift + 2 * key.alt + 4 * key.ctrl
        escape = "\x1b" if key.alt else ""
        name, screen = key.name, self._screen
        if controlled is not None or len(name) == 1:
            return escape + (controlled or name)
        if name not in VT_KEYS:
            return ""
        if name in ("Enter", "Escape", "Tab", "Backspace"):
            backspace = "\x08" if key.ctrl != screen.has_mode(_BACKSPACE_IS_BS) else "\x7f"
            tab = "\x1b[Z" if key.shift else "\t"
            return escape + {"Enter": "\r", "Escape": "\x1b", "Tab": tab, "Backspace": backspace}[name]
        if name in _PAD:
            application = screen.keypad or screen.has_mode(_APPLICATION_PAD)
            return f"\x1bO{_PAD[name][1]}" if application else _PAD[name][0]
        if name in _CURSOR:
            if held > 1:
                return f"\x1b[1;{held}{_CURSOR[name]}"
            return f"\x1b{'O' if screen.has_mode(_APPLICATION_CURSOR) else '['}{_CURSOR[name]}"
        if name in _PF:
            return f"\x1b[1;{held}{_PF[name]}" if held > 1 else f"\x1bO{_PF[name]}"
        return f"\x1b[{_TILDE[name]};{held}~" if held > 1 else f"\x1b[{_TILDE[name]}~"

    def _text(self, line: Line) -> list[str]:
        return self._screen.text(line)

    def _put(self, grid: CellGrid, row: int, line: Line) -> None:
        """Take one row over into a grid; what is as it was does not count as changed."""
        cells = list(self._screen.cells(line))
        text = self._text(line)
        flags = array("H", [cell[3] for cell in cells])
        for column in range(1, len(cells)):
            if not text[column]:
                flags[column - 1] |= Flag.WIDE
        if text[0] == "":
            text[0] = " "  # the other half was written over
        begin, end = row * grid.columns, (row + 1) * grid.columns
        new = (text, array("L", [cell[1] for cell in cells]), array("L", [cell[2] for cell in cells]), flags)
        old = (grid.text[begin:end], grid.foreground[begin:end], grid.background[begin:end], grid.flags[begin:end])
        if new != old:
            grid.text[begin:end], grid.foreground[begin:end], grid.background[begin:end], grid.flags[begin:end] = new
            grid.dirty.add(row)


def _looks(parameters: str) -> tuple[int, ...]:
    """Read what is set by SGR; the colon's form of a colour or an underline (ISO 8613-6) as the semicolon's."""
    codes: list[int] = []
    for part in parameters.split(";"):
        numbers = [int(number) if number else 0 for number in part.split(":")]
        if len(numbers) == 1:
            codes += numbers
        elif numbers[0] == 4:
            codes.append(4 if numbers[1] else 24)
        elif numbers[0] in (38, 48) and numbers[1] == 2:
            codes += [numbers[0], 2, *numbers[-3:]]
        elif numbers[0] in (38, 48):
            codes += numbers[:3]
    return tuple(codes)
