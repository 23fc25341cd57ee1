"""Control sequences told apart from text (ECMA-48 5.4, 5.6), for a parser that prints what it does not know.

A stream comes in pieces of any size: what is unfinished waits for the rest, up to a limit.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from launcher.terminal.vt.rules import SEQUENCE_BYTES

Kind = Literal["text", "csi", "escape", "osc", "string"]

_STARTS = re.compile(r"[\x1b\x80-\x9f]")
_LONG_NUMBERS = re.compile(r"[0-9]{6,}")
_ENDS = re.compile(r"[\x07\x18\x1a\x1b\x9c]")
_STRINGS: Final[dict[str, Kind]] = {"]": "osc", "P": "string", "X": "string", "^": "string", "_": "string"}


@dataclass(frozen=True, slots=True)
class Sequence:
    """Text with its C0 controls, or one sequence: ``body`` is the text or what a string holds."""

    kind: Kind
    body: str = ""
    prefix: str = ""
    """CSI: the private mark before the parameters, one of ``<=>?``."""
    parameters: str = ""
    middle: str = ""
    """The intermediate characters before the final one."""
    final: str = ""


class Sequences:
    """Cuts a stream of UTF-8 into sequences."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._skipping = False
        """In a string that was longer than the limit: all is left out up to its end."""

    def read(self, untrusted: bytes) -> Iterator[Sequence]:
        """Return what is whole of what came so far."""
        data, self._rest = self._rest + self._decoder.decode(untrusted), ""
        at = 0
        while at < len(data):
            if self._skipping:
                end = _end_of_string(data, at)
                if end is None:
                    self._rest = data[-1] if data.endswith("\x1b") else ""
                    return
                at, self._skipping = end[1], False
                continue
            start = _STARTS.search(data, at)
            if start is None:
                yield Sequence("text", data[at:])
                return
            if start.start() > at:
                yield Sequence("text", data[at : start.start()])
            at = start.start()
            found = _one(data, at)
            if found is None:
                if len(data) - at > SEQUENCE_BYTES:
                    self._skipping = True
                    self._rest = data[-1] if data.endswith("\x1b") else ""
                else:
                    self._rest = data[at:]
                return
            sequence, at = found
            if sequence is not None:
                yield sequence


def _one(data: str, at: int) -> tuple[Sequence | None, int] | None:
    """Read one sequence: it, if it is one, and where the stream goes on; None where it is not whole yet."""
    eight_bit = data[at] != "\x1b"
    if not eight_bit and at + 1 == len(data):
        return None
    introducer = chr(ord(data[at]) - 0x40) if eight_bit else data[at + 1]
    body = at + 1 if eight_bit else at + 2
    if introducer == "[":
        return _csi(data, body)
    if introducer in _STRINGS:
        end = _end_of_string(data, body)
        if end is None:
            return None
        dropped = data[end[0]] in "\x18\x1a" or end[0] - body > SEQUENCE_BYTES
        return None if dropped else Sequence(_STRINGS[introducer], body=data[body : end[0]]), end[1]
    if eight_bit:
        return Sequence("escape", final=introducer), body
    return _escape(data, at + 1)


def _csi(data: str, at: int) -> tuple[Sequence | None, int] | None:
    start = at
    while at < len(data) and (" " <= data[at] <= "?"):
        at += 1
    if at == len(data):
        return None
    final = data[at]
    if not "@" <= final <= "~":
        # Cancelled (CAN, SUB), begun anew (ESC), or a control in its middle, which is rare: the sequence is dropped.
        return None if at - start > SEQUENCE_BYTES else (None, at + (final in "\x18\x1a"))
    found = re.fullmatch(r"([<=>?]?)([0-9:;]*)([ -/]*)", data[start:at]) if at - start <= SEQUENCE_BYTES else None
    if found is None:
        return None, at + 1
    # A number of more figures is the largest there is: no screen has as many of anything.
    parameters = _LONG_NUMBERS.sub("99999", found[2]) if len(found[2]) > 5 else found[2]
    return Sequence("csi", prefix=found[1], parameters=parameters, middle=found[3], final=final), at + 1


def _escape(data: str, at: int) -> tuple[Sequence | None, int] | None:
    start = at
    while at < len(data) and " " <= data[at] <= "/":
        at += 1
    if at == len(data):
        return None
    if not "0" <= data[at] <= "~" or at - start > SEQUENCE_BYTES:
        return None, at
    return Sequence("escape", middle=data[start:at], final=data[at]), at + 1


def _end_of_string(data: str, at: int) -> tuple[int, int] | None:
    """Return where a string ends and where the stream goes on; None where it goes on still."""
    found = _ENDS.search(data, at)
    if found is None:
        return None
    end = found.start()
    if found[0] != "\x1b":
        return end, end + 1
    if end + 1 == len(data):
        return None
    return end, end + 2 if data[end + 1] == "\\" else end
