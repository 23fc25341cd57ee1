"""The telnet below a 3270: TN3270 (RFC 1576), TN3270E (RFC 2355), and the way back from the one to the other.

Bytes come in, records go up; answers wait in :attr:`Telnet.out`. Nothing here raises for what a host sends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Literal

from launcher.terminal.tn3270.models import Display

_EOR, _SE, _BRK, _IP, _AO, _SB, _WILL, _WONT, _DO, _DONT, _IAC = 239, 240, 243, 244, 245, 250, 251, 252, 253, 254, 255
_BINARY, _ECHO, _GO_AHEAD, _TERMINAL_TYPE, _END_OF_RECORD, _TN3270E = 0, 1, 3, 24, 25, 40
_WE_DO: Final = frozenset({_BINARY, _GO_AHEAD, _TERMINAL_TYPE, _END_OF_RECORD})
_HOST_MAY: Final = frozenset({_BINARY, _ECHO, _GO_AHEAD, _END_OF_RECORD})

_CONNECT, _DEVICE_TYPE, _FUNCTIONS, _IS, _REASON, _REJECT, _REQUEST, _SEND = 1, 2, 3, 4, 5, 6, 7, 8
BIND_IMAGE, RESPONSES, SYSREQ = 0, 2, 4
_WANTED: Final = frozenset({BIND_IMAGE, RESPONSES, SYSREQ})
_REASONS: Final = (
    "its partner is not right", "it is in use", "it is no printer's partner", "there is no such name",
    "it has no such device type", "name and type do not belong together", "it gave no reason", "it cannot do that",
)  # fmt: skip

_RECORD_LIMIT: Final = 1 << 16
"""More than any screen comes to: what is longer is dropped, so that a host cannot fill the memory."""
_ASIDE_LIMIT: Final = 1 << 12
_UNSENT_LIMIT: Final = 1 << 20
"""A host that asks and asks and reads no answer is not answered any more."""

_TEXT_PIECE: Final = 1 << 10
_LU_NAME_LIMIT: Final = 64
"""RFC 2355 has eight characters; some hosts give longer ones."""

_HEADER: Final = 5


class Kind(IntEnum):
    """What a record holds (RFC 2355, 8.1.1); without TN3270E it is all 3270 data."""

    DATA = 0
    RESPONSE = 2
    BIND = 3
    UNBIND = 4
    NVT = 5
    REQUEST = 6
    SSCP_LU = 7
    BID = 9
    OTHER = 255


_KINDS: Final = {int(kind): kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class Record:
    """What a host sent as one piece."""

    kind: Kind
    data: bytes
    answer: int = 0
    """0 none, 1 only of an error, 2 always."""
    number: bytes = b"\0\0"
    restore: bool = False
    """The header says that the keyboard may be used again."""


Mode = Literal["", "tn3270", "tn3270e"]


class Telnet:
    """One connection's telnet: what is agreed, what is half received, what is to be answered."""

    def __init__(self, display: Display, lu_names: Sequence[str] = (), *, tn3270e: bool = True) -> None:
        self.out = bytearray()
        self.lu_name = ""
        """The LU that the host says this is."""
        self.message = ""
        """What a person should know of the negotiation."""
        self.note = ""
        """What they should know of the name, until they have answered the host's first screen."""
        self.functions: frozenset[int] = frozenset()
        self.taken = 0
        """How much of what was fed last has been taken, when it was left off behind a record."""
        self._display = display
        self._wanted_lus = tuple(lu_names)
        self._next_lu = 0
        self._we_do = _WE_DO | {_TN3270E} if tn3270e else _WE_DO
        self._ours: set[int] = set()
        self._theirs: set[int] = set()
        self._rest = b""
        self._aside: bytearray | None = None
        self._record = bytearray()
        self._too_long = False

    @property
    def mode(self) -> Mode:
        """Whether records of 3270 data come, and with which header; "" while it is only text."""
        if _TN3270E in self._ours:
            return "tn3270e"
        both = self._ours | self._theirs
        return "tn3270" if _END_OF_RECORD in both and _BINARY in both else ""

    @property
    def is_full(self) -> bool:
        """Whether the host takes nothing of what it is sent."""
        return len(self.out) > _UNSENT_LIMIT

    def feed(self, untrusted: bytes) -> Iterator[Record]:
        """Take what came, in pieces of any size, and give each record as soon as it is whole.

        Whoever leaves off behind one feeds the rest again, which begins at :attr:`taken`.
        """
        data, before = self._rest + untrusted, len(self._rest)
        self._rest = b""
        at, end = 0, len(data)
        while at < end:
            command_at = data.find(_IAC, at)
            if command_at != at:
                text_end = end if command_at < 0 else command_at
                if not self.mode:
                    text_end = min(text_end, at + _TEXT_PIECE)
                text, at = data[at:text_end], text_end
                self.taken = at - before
                yield from self._take(text)
                continue
            needs = 3 if data[command_at + 1 : command_at + 2] in (b"\xfb", b"\xfc", b"\xfd", b"\xfe") else 2
            if command_at + needs > end:
                self._rest = data[command_at:]
                break
            at = command_at + needs
            self.taken = at - before
            command = data[command_at + 1]
            if command == _IAC:
                yield from self._take(b"\xff")
            elif command == _EOR:
                yield from self._end_of_record()
            elif needs == 3:
                self._option(command, data[command_at + 2])
            else:
                self._command(command)
        self.taken = len(untrusted)

    def send_record(self, data: bytes, kind: Kind = Kind.DATA) -> None:
        """Send data to the host as one record."""
        header = bytes((kind, 0, 0, 0, 0)) if self.mode == "tn3270e" else b""
        self.out += (header + data).replace(b"\xff", b"\xff\xff") + bytes((_IAC, _EOR))

    def send_text(self, data: bytes) -> None:
        """Send text outside 3270 data, as a plain terminal does."""
        if self.mode == "tn3270e":
            self.send_record(data, Kind.NVT)
        else:
            self.out += data.replace(b"\xff", b"\xff\xff")

    def answer(self, record: Record, refused: int | None = None) -> None:
        """Answer a record as its header asks; ``refused`` is the reason (RFC 2355, 10.4.1)."""
        if (
            self.is_full
            or self.mode != "tn3270e"
            or record.answer not in (1, 2)
            or (refused is None and record.answer != 2)
        ):
            return
        data = bytes((Kind.RESPONSE, 0, refused is not None)) + record.number + bytes((refused or 0,))
        self.out += data.replace(b"\xff", b"\xff\xff") + bytes((_IAC, _EOR))

    def attention(self) -> None:
        """Send the attention signal: a break (RFC 1576), an interrupt in TN3270E."""
        self.out += bytes((_IAC, _IP if self.mode == "tn3270e" else _BRK))

    def system_request(self) -> bool:
        """Send the system request as TN3270E does; False where the host has not agreed to it."""
        if SYSREQ in self.functions:
            self.out += bytes((_IAC, _AO))
            return True
        return False

    def _take(self, data: bytes) -> Iterator[Record]:
        if self._aside is not None:
            self._aside += data[: _ASIDE_LIMIT - len(self._aside)]
        elif not self.mode:
            yield Record(Kind.NVT, data)
        elif len(self._record) + len(data) > _RECORD_LIMIT:
            self._record.clear()
            self._too_long = True
        elif not self._too_long:
            self._record += data

    def _end_of_record(self) -> Iterator[Record]:
        data, too_long = bytes(self._record), self._too_long
        self._record.clear()
        self._too_long = False
        if too_long:
            self.message = "The host sent a record that is too long: it was left out."
        elif self.mode != "tn3270e":
            if data:
                yield Record(Kind.DATA, data)
        elif len(data) >= _HEADER:
            kind = _KINDS.get(data[0], Kind.OTHER)
            yield Record(kind, data[_HEADER:], data[2], data[3:_HEADER], bool(data[1] & 2) and kind is Kind.DATA)
        elif data:
            self.message = "The host sent a record without a whole header: it was left out."

    def _command(self, command: int) -> None:
        if command == _SB:
            self._aside = bytearray()
            return
        aside, self._aside = self._aside, None
        if command == _SE and aside:
            self._said_aside(bytes(aside))

    def _option(self, command: int, option: int) -> None:
        self._aside = None
        if command == _DO:
            if option in self._we_do and option not in self._ours:
                self._ours.add(option)
                self._send(_WILL, option)
            elif option not in self._ours:
                self._send(_WONT, option)
        elif command == _DONT:
            if option in self._ours:
                self._ours.discard(option)
                self._send(_WONT, option)
            if option == _TN3270E:
                self._out_of_tn3270e()
        elif command == _WILL:
            if option in _HOST_MAY and option not in self._theirs:
                self._theirs.add(option)
                self._send(_DO, option)
            elif option not in self._theirs:
                self._send(_DONT, option)
        elif option in self._theirs:
            self._theirs.discard(option)
            self._send(_DONT, option)

    def _said_aside(self, said: bytes) -> None:
        if said[:2] == bytes((_TERMINAL_TYPE, 1)):
            name = self._display.terminal_type
            if self._wanted_lus:
                lu = self._wanted_lus[min(self._next_lu, len(self._wanted_lus) - 1)]
                self._next_lu += 1
                name = f"{name}@{lu}"
            self._send_aside(bytes((_TERMINAL_TYPE, 0)) + name.encode("ascii", "replace"))
        elif said[0] == _TN3270E and _TN3270E in self._ours:
            self._said_of_tn3270e(said[1:])

    def _said_of_tn3270e(self, said: bytes) -> None:
        about, rest = said[:2], said[2:]
        if about == bytes((_SEND, _DEVICE_TYPE)):
            self._ask_for_device()
        elif about == bytes((_DEVICE_TYPE, _IS)):
            _kind, _, name = rest.partition(bytes((_CONNECT,)))
            self.message = ""
            self._named(name)
            self._send_aside(bytes((_TN3270E, _FUNCTIONS, _REQUEST, *sorted(_WANTED))))
        elif about == bytes((_DEVICE_TYPE, _REJECT)):
            self._refused(rest[1] if rest[:1] == bytes((_REASON,)) and len(rest) > 1 else 6)
        elif about == bytes((_FUNCTIONS, _IS)):
            self.functions = _WANTED & set(rest)
        elif about == bytes((_FUNCTIONS, _REQUEST)):
            # Both sides ask until one asks for nothing that the other will not have (RFC 2355, 7.2.2).
            self.functions = _WANTED & set(rest)
            settled = _IS if self.functions == set(rest) else _REQUEST
            self._send_aside(bytes((_TN3270E, _FUNCTIONS, settled, *sorted(self.functions))))

    def _named(self, untrusted: bytes) -> None:
        """Take the LU's name; one that can be none is left out, and another than was asked for is said."""
        self.lu_name = self.note = ""
        if len(untrusted) > _LU_NAME_LIMIT:
            self.note = "The host gave this terminal a name that is too long to be one."
            return
        self.lu_name = "".join(character for character in untrusted.decode("latin-1") if character.isprintable())
        asked = self._wanted_lus[self._next_lu] if self._next_lu < len(self._wanted_lus) else ""
        if asked and asked.casefold() != self.lu_name.casefold():
            self.note = f"The host made this {self.lu_name or 'a terminal without a name'}: {asked} was asked for."

    def _ask_for_device(self) -> None:
        asked = bytes((_TN3270E, _DEVICE_TYPE, _REQUEST)) + self._display.device_type.encode("ascii")
        if self._next_lu < len(self._wanted_lus):
            asked += bytes((_CONNECT,)) + self._wanted_lus[self._next_lu].encode("ascii", "replace")
        self._send_aside(asked)

    def _refused(self, reason: int) -> None:
        why = _REASONS[reason] if reason < len(_REASONS) else _REASONS[6]
        lu = f" {self._wanted_lus[self._next_lu]}" if self._next_lu < len(self._wanted_lus) else ""
        self.message = f"The host refused the terminal{lu}: {why}."
        self._next_lu += 1
        if self._next_lu < len(self._wanted_lus):
            self._ask_for_device()
        else:
            self._ours.discard(_TN3270E)
            self._send(_WONT, _TN3270E)
            self._out_of_tn3270e()

    def _out_of_tn3270e(self) -> None:
        """Begin anew as a plain TN3270: the host may ask for the name of an LU again there."""
        self.functions = frozenset()
        self.lu_name = self.note = ""
        self._next_lu = 0
        self._record.clear()

    def _send(self, command: int, option: int) -> None:
        if self.is_full:
            return
        self.out += bytes((_IAC, command, option))

    def _send_aside(self, data: bytes) -> None:
        if self.is_full:
            return
        self.out += bytes((_IAC, _SB)) + data.replace(b"\xff", b"\xff\xff") + bytes((_IAC, _SE))
