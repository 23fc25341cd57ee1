"""``tnz`` as the parser and the screen of a 3270: the only module that imports it.

It is given one record of 3270 data at a time and fills its planes. Everything of it that reaches outside is cut off
here: sockets and TLS, the terminal and the environment, its log (it holds what is typed), and file transfer, by which a
host could write files here and run commands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final, NoReturn
from unicodedata import normalize

from tnz import cp310
from tnz.tnz import Tnz, TnzError

from launcher.terminal.grid import KeyboardLock
from launcher.terminal.tn3270.codepages import CodePage
from launcher.terminal.tn3270.host_data import REJECTED, HostDataError
from launcher.terminal.tn3270.inbound import (
    BY_CHARACTER,
    NO_KEY,
    ReplyMode,
    read_buffer,
    read_modified,
    read_partition,
)
from launcher.terminal.tn3270.models import DEFAULT_SIZE, Display, Size
from launcher.terminal.tn3270.orders import Orders
from launcher.terminal.tn3270.planes import INPUT, UNMODIFIED, UNMODIFIED_INPUT

GRAPHICS: Final = tuple(
    normalize("NFKC", character) if character > "\uffff" or "\u2070" <= character <= "\u209f" else character
    for character in cp310.DECODING_TABLE.translate({ord("\ufffd"): " ", ord("\ufffe"): " "})
)
"""The characters behind a graphic escape: lines, boxes and APL, whose italic and raised letters few fonts have."""

_SCREENS_A_RECORD: Final = 500
_SCREENS_A_READ: Final = 100
_STRUCTURED_FIELDS_A_RECORD: Final = 256
"""No host's screen takes so much; a record that does would keep everything else waiting."""


class HostScreen(Orders, Tnz):  # type: ignore[misc]  # tnz has no types
    """The screen as a host writes and reads it. What an operator does to it is in :mod:`.keyboard`."""

    name: ClassVar[str] = "3270"
    aid: int

    def __init__(self, display: Display, code_page: CodePage, send: Callable[[bytes], None]) -> None:
        # Not tnz's own constructor: it reads the terminal, the environment and the locale.
        self._display = display
        self._code_page = code_page
        self._send = send
        self._faults: list[HostDataError] = []
        self.muted = False
        """The host takes no answers at the moment."""
        self.answered = False
        self.spent = 0
        """How many cells the last record has filled, or what was as much work."""
        self.keyboard: KeyboardLock = "not-connected"
        self.awaits_first = True
        self.insert = False
        self.alarms = 0
        self.reply = ReplyMode()
        self._begin()

    def _begin(self) -> None:
        self.set_sizes(DEFAULT_SIZE, self._display.size)
        self.read_state = self._Tnz__ReadState.NORMAL
        self.aid = NO_KEY
        self.bufadd = 0
        self.inop, self.inpid = 0x06, 0
        self.pwait = self.system_lock_wait = self.updated = False
        self.lastcmd = ""
        self.readlines = None
        self.addr16bit = False
        self._Tnz__tn3270e = False
        self._Tnz__readlines_row = 0
        self._Tnz__pt_erase = False
        self._Tnz__extended_color_mode = False
        self._Tnz__proc_eh = self._Tnz__proc_cs = self._Tnz__proc_fg = self._Tnz__proc_bg = 0
        self.erase(alternate=False)

    def set_sizes(self, default: Size, alternate: Size) -> None:
        """Take other sizes; they count from the next erase on."""
        self.dmaxrow, self.dmaxcol = default.rows, default.columns
        self.amaxrow, self.amaxcol = alternate.rows, alternate.columns

    def erase(self, *, alternate: bool) -> None:
        """Empty the screen and take the default or the alternate size."""
        self._alternate = alternate
        self.typed = False
        self._Tnz__erase_reset(ipz=alternate)
        self.bufadd = 0

    def take(self, untrusted: bytes) -> HostDataError | None:
        """Take one record; what could be carried out of it was, and the first thing that could not is returned."""
        self._faults = []
        self.answered = False
        self._cells_left = _SCREENS_A_RECORD * self._display.size.cells
        try:
            self._proc3270ds(untrusted)
        except HostDataError as fault:
            self._faults.append(fault)
        except Exception as fault:  # whatever a parser of a host's bytes meets, it is the host's
            self._faults.append(HostDataError(f"it could not be read ({type(fault).__name__})"))
        self.spent = _SCREENS_A_RECORD * self._display.size.cells - max(0, self._cells_left)
        return self._faults[0] if self._faults else None

    def answer(self, record: bytes) -> None:
        """Send a record to the host."""
        self.answered = True
        self._send(record)

    # What tnz would do to the outside.

    def _Tnz__log(self, *_arguments: object, **_options: object) -> None:  # noqa: N802 - tnz's own name
        """Write nothing: what tnz logs holds what hosts send and persons type."""

    _Tnz__log_debug = _Tnz__log_info = _Tnz__log_error = _log_warn = _Tnz__log

    def send_3270_data(self, value: bytes) -> None:
        """Send a record that tnz has made."""
        self.answer(value)

    def _process_wsf_0xd0(self, b_str: bytes, start: int, stop: int, zti: None = None) -> None:
        """Refuse a file transfer: a host may write no file here, read none and run nothing."""
        if b_str[start + 2 : start + 5] == b"\xd0\x00\x12":
            self.answer(b"\x88\x00\x09\xd0\x00\x08\x69\x04\x01\x00")  # open failed
        raise HostDataError("it asked for a file transfer, which is refused", REJECTED)

    # Commands.

    def _process_command_unknown(self, b_str: bytes, start: int, _stop: int, zti: None = None) -> NoReturn:
        raise HostDataError(f"command {b_str[start]:02X} is not known", REJECTED)

    def _process_command_0x3(self, *_arguments: object, **_options: object) -> None:
        """Do nothing: the command for it."""

    def _process_ew(self, b_str: bytes, start: int, stop: int, zti: None = None) -> None:
        self._erase_write(b_str, start, stop, alternate=False)

    def _process_ewa(self, b_str: bytes, start: int, stop: int, zti: None = None) -> None:
        self._erase_write(b_str, start, stop, alternate=True)

    def _erase_write(self, b_str: bytes, start: int, stop: int, *, alternate: bool) -> None:
        self.erase(alternate=alternate)
        self._process_w(b_str, start, stop)

    def restore_keyboard(self) -> None:
        """Let the keyboard be used again."""
        self._restore_keyboard()

    def _process_w(self, b_str: bytes, start: int, stop: int, pid: int = 0, zti: None = None) -> None:
        if stop - start <= 1:
            raise HostDataError("a write without its control character")
        super()._process_w(b_str, start, stop)

    def _process_wcc(self, wcc: int, for_mdt: bool = False, zti: None = None) -> None:
        super()._process_wcc(wcc, for_mdt=for_mdt)
        if for_mdt:
            return
        if wcc & 0x04:
            self.alarms += 1
        if self.awaits_first and self.keyboard == "clock":
            self.keyboard = ""
        elif self.keyboard == "clock":
            self.keyboard = "system"
        self.awaits_first = False

    def _reset_partition(self) -> None:
        self.reply = ReplyMode()

    def _restore_keyboard(self, zti: None = None) -> None:
        super()._restore_keyboard()
        self.keyboard = ""
        self.insert = False

    def _process_eau(self, pid: int = 0, zti: None = None) -> None:
        self._spend(2 * self.cells)
        self.plane_fa[:] = self.plane_fa.translate(UNMODIFIED_INPUT)
        self.erase_input(0, self.cells)
        first = INPUT.search(self.plane_fa + self.plane_fa[:1])
        self.curadd = (first.start() + 1) % self.cells if first else 0
        self._restore_keyboard()

    def _reset_mdt(self) -> None:
        self.plane_fa[:] = self.plane_fa.translate(UNMODIFIED)

    def _process_command_0xf6(self, *_arguments: object, **_options: object) -> None:
        self._read(lambda: read_modified(self, self.reply, self.aid))

    def _process_command_0x6e(self, *_arguments: object, **_options: object) -> None:
        self._read(lambda: read_modified(self, self.reply, self.aid, everything=True))

    def _process_command_0xf2(self, *_arguments: object, **_options: object) -> None:
        self._read(lambda: read_buffer(self, self.reply, self.aid))

    def _read(self, read: Callable[[], bytes | None]) -> None:
        if self.muted:
            raise HostDataError("it reads again and again, and takes no answer", REJECTED)
        self._spend(_SCREENS_A_READ * self.cells, "it reads too often")
        said = read()
        if said is None:
            raise HostDataError("it read what is not there", REJECTED)
        self.answer(said)

    _process_command_0x2 = _process_command_0xf2
    _process_command_0x6 = _process_command_0xf6
    _process_command_0xe = _process_command_0x6e

    # Structured fields.

    def _process_command_0xf3(self, b_str: bytes, start: int, stop: int, zti: None = None) -> None:
        at = start + 1
        for _ in range(_STRUCTURED_FIELDS_A_RECORD):
            if at >= stop:
                return
            length = int.from_bytes(b_str[at : at + 2]) or stop - at
            if length < 3 or at + length > stop:
                raise HostDataError("a structured field is of the wrong length", REJECTED)
            dispatch = getattr(self, f"_process_wsf_{b_str[at + 2]:#x}", self._process_wsf_unknown)
            try:
                dispatch(b_str, at, at + length)
            except HostDataError as fault:
                self._faults.append(fault)  # the next one may be carried out all the same
            at += length
        raise HostDataError("it has too many structured fields", REJECTED)

    _process_command_0x11 = _process_command_0xf3

    def _process_wsf_unknown(self, b_str: bytes, start: int, _stop: int, zti: None = None) -> NoReturn:
        raise HostDataError(f"structured field {b_str[start + 2]:02X} is not known", REJECTED)

    def _process_wsf_0x1(self, b_str: bytes, start: int, stop: int, zti: None = None) -> None:
        field = b_str[start:stop]
        self._read(lambda: read_partition(self, self.reply, field, self._display, self._code_page))
        if not self.keyboard:
            self.keyboard, self.awaits_first = "clock", True  # it has more to say: the next write lets keys in again

    def _process_wsf_0x3(self, b_str: bytes, start: int, stop: int, zti: None = None) -> None:
        if stop - start != 4 or b_str[start + 3] not in (0x00, 0x80):
            raise HostDataError("an erase/reset of no known kind", REJECTED)
        self.erase(alternate=b_str[start + 3] == 0x80)

    def _process_wsf_0x9(self, b_str: bytes, start: int, stop: int, zti: None = None) -> None:
        if stop - start < 5 or b_str[start + 3] or b_str[start + 4] > BY_CHARACTER:
            raise HostDataError("a reply mode of no known kind", REJECTED)
        self.reply = ReplyMode(b_str[start + 4], b_str[start + 5 : stop])

    def _process_wsf_0xc(self, b_str: bytes, start: int, stop: int, zti: None = None) -> None:
        if stop - start > 3 and b_str[start + 3]:
            raise HostDataError("it made a second partition", REJECTED)
        self.curadd = self.bufadd = 0

    def _process_wsf_0x40(self, b_str: bytes, start: int, stop: int, zti: None = None) -> None:
        if stop - start < 5 or b_str[start + 3]:
            raise HostDataError("it wrote to a second partition", REJECTED)
        command = b_str[start + 4]
        if command in (0xF5, 0x7E):
            # Within a partition the size stays what it is.
            self._erase_write(b_str, start + 4, stop, alternate=self._alternate)
        elif command == 0xF1:
            self._process_w(b_str, start + 4, stop)
        elif command == 0x6F:
            self._process_eau()
        else:
            raise HostDataError(f"command {command:02X} is not known", REJECTED)

    # Orders.

    def _process_orders_data(self, b_str: bytes, start: int, end: int, zti: None = None) -> None:
        try:
            super()._process_orders_data(b_str[:end], start, end)
        except HostDataError as fault:
            self._faults.append(fault)  # what the control character says is done all the same
        except (TnzError, IndexError):
            self._faults.append(HostDataError("an order is cut short"))
        except Exception as fault:  # see take()
            self._faults.append(HostDataError(f"an order could not be read ({type(fault).__name__})"))

    def clear(self) -> None:
        """Empty the whole screen as its key does: the attributes too, the size stays."""
        for plane in (self.plane_dc, self.plane_fa, self.plane_eh, self.plane_cs, self.plane_fg, self.plane_bg):
            plane[:] = bytes(self.cells)
        self.curadd = self.bufadd = 0
        self.typed = False
