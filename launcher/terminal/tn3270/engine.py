"""The 3270 behind the contract: bytes from the host in, bytes to it out, a grid and a status line between.

No socket, no clock, no thread. Whatever a host sends, nothing is raised: what cannot be read is said in the status
line, the rest is carried out, and the host is told as TN3270E has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from launcher.secret import Secret
from launcher.terminal.engine import Family, Typed
from launcher.terminal.errors import FieldRefusedError
from launcher.terminal.grid import CellGrid, StatusLine
from launcher.terminal.keys import Key
from launcher.terminal.tn3270.bind import sizes_of
from launcher.terminal.tn3270.codepages import DEFAULT_CODE_PAGE, code_page
from launcher.terminal.tn3270.drawing import draw
from launcher.terminal.tn3270.host_screen import HostScreen
from launcher.terminal.tn3270.inbound import KEYS, SYSTEM_REQUEST, read_modified
from launcher.terminal.tn3270.keyboard import Keyboard
from launcher.terminal.tn3270.models import DEFAULT_SIZE, Display
from launcher.terminal.tn3270.pasting import paste
from launcher.terminal.tn3270.plain_text import PlainText
from launcher.terminal.tn3270.telnet import Kind, Record, Telnet

_WORK_A_TURN: Final = 600_000
_WORK_OF_A_RECORD: Final = 600
_WORK_OF_A_BYTE: Final = 30
"""What one feed takes before it gives up its turn, in cells that are filled: a record that is begun is ended."""

LOST = "The line to the host has ended."


class Tn3270Engine:
    """One 3270 display; implements :class:`launcher.terminal.engine.Engine3270`.

    ``lu_names`` are asked for in turn until the host gives one. Raises LookupError for an unknown code page.
    """

    family: ClassVar[Family] = "3270"

    def __init__(
        self,
        display: Display | None = None,
        *,
        code_page_name: str = DEFAULT_CODE_PAGE,
        lu_names: Sequence[str] = (),
        tn3270e: bool = True,
    ) -> None:
        self._display = display if display is not None else Display()
        self._code_page = code_page(code_page_name)
        self._telnet = Telnet(self._display, lu_names, tn3270e=tn3270e)
        self._screen = HostScreen(self._display, self._code_page, self._telnet.send_record)
        self._keyboard = Keyboard(self._screen, self._code_page)
        self._plain = PlainText(self._screen, self._code_page)
        self._speaks: Kind | None = None
        """What the last record was: 3270 data, the control session's text, plain text; None before any."""
        self._message = ""
        self._grid = CellGrid(DEFAULT_SIZE.rows, DEFAULT_SIZE.columns)
        self._stale = False

    @property
    def grid(self) -> CellGrid:
        """The grid, always up to date with what was fed."""
        if self._stale:
            self._stale = False
            draw(self._screen, self._code_page, self._grid)
            self._grid.bell = self._screen.alarms
            if self._speaks in (None, Kind.NVT):
                self._grid.fields = ()  # text has none, and goes to the host as it is typed
        self._grid.status = StatusLine(
            self._screen.keyboard,
            self._screen.insert,
            self._telnet.lu_name,
            self._message or self._telnet.message or self._telnet.note,
        )
        return self._grid

    @property
    def unsent(self) -> bool:
        """Whether something is typed that has not gone to the host."""
        return self._screen.typed

    def typed_unseen(self) -> tuple[Secret, ...]:
        """Return what stands in the fields that take what is typed and do not show it."""
        form, cells = self._screen.form, self._screen.plane_dc
        data = (
            b"".join(bytes(cells[part.start : part.stop]) for part in form.range_of(span))
            for span in form.spans
            if span.hidden and not span.protected and span.modified
        )
        texts = (self._code_page.text_of(one.strip(b"\0")).strip() for one in data)
        return tuple(Secret(text) for text in texts if text)

    def feed(self, untrusted: bytes) -> int:
        """Take what the host sent, in pieces of any size, up to the record that comes to much work; return how much."""
        if self._screen.keyboard == "not-connected" and untrusted:
            self._screen.keyboard = "clock"
        work = 0
        for record in self._telnet.feed(untrusted):
            self._screen.spent = 0
            self._take(record)
            work += _WORK_OF_A_RECORD + _WORK_OF_A_BYTE * len(record.data) + self._screen.spent
            if work > _WORK_A_TURN:
                break
        self._stale = True
        return self._telnet.taken

    def to_send(self) -> bytes:
        """Return what is to be sent to the host now, and forget it."""
        data = bytes(self._telnet.out)
        self._telnet.out.clear()
        return data

    def press(self, key: Key) -> bool:
        """Press a key; False where the keyboard is locked or a 3270 has no such key."""
        if key.ctrl or key.alt or self._screen.keyboard == "not-connected":
            return False
        self._stale = True
        if key.name in ("Attn", "SysReq"):
            return self._signal(key.name)
        if key.name in KEYS:
            return self._attend(key.name)
        return self._keyboard.press("BackTab" if key.shift and key.name == "Tab" else key.name)

    def type(self, text: str) -> Typed:
        """Type a text at the cursor, into its field only."""
        self._stale = True
        if self._speaks is Kind.NVT and not self._screen.keyboard:
            data = text[: _lacking_at(text)].encode("latin-1")
            self._telnet.send_text(data)
            return Typed(len(data), "" if len(data) == len(text) else "not-in-code-page")
        return self._keyboard.type(text)

    def paste(self, text: str) -> Typed:
        """Paste a block over the fields that it fits."""
        if self._speaks is Kind.NVT:
            line = "".join(character for character in text if character.isprintable())
            if lacks := line[_lacking_at(line) :][:1]:
                return Typed(0, "not-in-code-page", lacks)
            return self.type(line)
        self._stale = True
        return paste(self._screen, self._code_page, text)

    def fill(self, start: int, value: Secret) -> None:
        """Empty the field whose first cell is ``start`` and put a value into it. Raises FieldRefusedError."""
        if self._speaks is Kind.NVT:
            raise FieldRefusedError("The host shows plain text, which has no fields.")
        self._stale = True
        self._keyboard.fill(start, value)

    def place_cursor(self, row: int, column: int) -> bool:
        """Put the cursor where a person points; False where it cannot be moved now, or there is no such cell."""
        self._stale = True
        return self._keyboard.place_cursor(row, column)

    def resize(self, rows: int, columns: int) -> None:
        """Do nothing: a 3270's model is its size."""

    def lost(self) -> None:
        """Say that the line has gone."""
        self._screen.keyboard = "not-connected"
        self._screen.insert = False
        self._message = LOST
        self._telnet.out.clear()
        self._stale = True

    def _take(self, record: Record) -> None:
        match record.kind:
            case Kind.DATA:
                self._take_data(record)
            case Kind.SSCP_LU:
                if self._speaks is not Kind.SSCP_LU:
                    self._screen.clear()
                    self._speaks = Kind.SSCP_LU
                self._plain.write_sscp(record.data)
                self._telnet.answer(record)
            case Kind.NVT:
                self._speaks = Kind.NVT
                self._plain.write_nvt(record.data)
                self._telnet.answer(record)
            case Kind.BIND | Kind.UNBIND:
                self._bind(record if record.kind is Kind.BIND else None)
                self._telnet.answer(record)
            case Kind.RESPONSE | Kind.REQUEST:
                pass  # to what was never asked, and of printers
            case _:
                self._telnet.answer(record)

    def _take_data(self, record: Record) -> None:
        if not record.data:
            self._telnet.answer(record)
            return
        self._speaks = Kind.DATA
        self._screen.muted = self._telnet.is_full
        fault = self._screen.take(record.data)
        if record.restore:
            self._screen.restore_keyboard()
        if fault is None:
            self._message = self._telnet.message = ""
            if not self._screen.answered:
                self._telnet.answer(record)
            return
        self._message = f"The host sent something that this terminal does not know: {fault}."
        if self._screen.keyboard == "clock":
            self._screen.keyboard = "program"
        if not self._screen.answered:
            self._telnet.answer(record, fault.refused)

    def _bind(self, bound: Record | None) -> None:
        """Let an application take the screen over, or let go of it: the sizes are the ones that it holds it for."""
        screen = self._screen
        sizes = sizes_of(bound.data, self._display.size) if bound is not None else None
        if sizes is not None or bound is None:
            screen.set_sizes(*(sizes or (DEFAULT_SIZE, self._display.size)))
        screen.erase(alternate=False)
        if bound is None:
            self._speaks = None
            screen.awaits_first = True
            screen.keyboard = "clock"

    def _signal(self, name: str) -> bool:
        """Send what goes to the host beside the screen, also while the keyboard is locked."""
        if name == "Attn":
            self._telnet.attention()
            return True
        if self._telnet.mode == "tn3270e":
            return self._telnet.system_request()
        if self._screen.keyboard:
            return False
        self._send_key(SYSTEM_REQUEST)
        return True

    def _attend(self, name: str) -> bool:
        if self._screen.keyboard:
            return False
        if self._speaks is Kind.NVT:
            if name == "Enter":
                self._telnet.send_text(b"\r\n")
            return name == "Enter"
        if self._speaks is Kind.SSCP_LU:
            return self._attend_sscp(name)
        if name == "Clear":
            self._screen.clear()
        self._send_key(KEYS[name])
        return True

    def _attend_sscp(self, name: str) -> bool:
        """The control session knows a line that is entered, and an empty screen; nothing else is sent to it."""
        if name == "Enter":
            self._telnet.send_record(self._plain.sscp_typed(), Kind.SSCP_LU)
            self._screen.typed = False
        elif name == "Clear":
            self._screen.clear()
            self._plain.typed_from = 0
        return name in ("Enter", "Clear")

    def _send_key(self, key: int) -> None:
        screen = self._screen
        screen.aid = key
        self._telnet.note = ""
        self._telnet.send_record(read_modified(screen, screen.reply, key))
        screen.keyboard = "clock"
        screen.insert = screen.typed = False


def _lacking_at(text: str) -> int:
    """Return where the first character stands that plain text has not (Latin-1); the text's length: it has them all."""
    return next((at for at, character in enumerate(text) if character > "\xff"), len(text))
