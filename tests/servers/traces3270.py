"""Recorded 3270 sessions: the host's half of each, record by record, as this display and as ``s3270`` are given it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "traces"
_BYTES = re.compile(r"^([<>]) 0x[0-9a-f]+\s+([0-9a-f]+)$", re.MULTILINE)
_SAID_MODEL = re.compile(r"^.*SENT SB .*IBM-327[89]-([2-5])", re.MULTILINE)
_MODEL = re.compile(r"^ Model 3279-([2-5])", re.MULTILINE)
_IAC, _EOR, _SB, _SE = 0xFF, 0xEF, 0xFA, 0xF0
_FUNCTIONS_IS = b"\xff\xfa\x28\x03\x04"
_BID = 0x09


@dataclass(frozen=True, slots=True)
class Trace:
    """One session: the model that the caller was, and what the host sent, parted behind each record."""

    name: str
    model: int
    pieces: tuple[bytes, ...]


def missing() -> str | None:
    """Say why the recordings cannot be replayed, or None."""
    return None if any(FOLDER.glob("*.trc")) else "the folder of recorded sessions, ../shared/traces, is not there"


def traces() -> tuple[Trace, ...]:
    """Return all that are there, in order of their names."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.trc")))


def for_s3270(piece: bytes) -> bytes:
    """Return a piece as a host says it to a caller who knows nothing of contention resolution: Debian's does not."""
    if piece.endswith(b"\xff\xef") and piece[:1] == bytes((_BID,)):
        return b""
    at = piece.find(_FUNCTIONS_IS)
    if at < 0:
        return piece
    begin = at + len(_FUNCTIONS_IS)
    end = piece.index(b"\xff\xf0", begin)
    return piece[:begin] + bytes(byte for byte in piece[begin:end] if byte != 0x05) + piece[end:]


def _read(path: Path) -> Trace:
    host = bytearray()
    text = path.read_text(encoding="utf-8", errors="replace")
    for direction, data in _BYTES.findall(text):
        if direction == "<":
            host += bytes.fromhex(data)
    said = _SAID_MODEL.findall(text) or _MODEL.findall(text)
    model = int(said[-1])
    return Trace(path.stem, model, tuple(_pieces(bytes(host))))


def _pieces(host: bytes) -> Iterator[bytes]:
    """Part a stream behind each end of record and each of telnet's own commands."""
    start = at = 0
    while (at := host.find(_IAC, at)) >= 0 and at + 1 < len(host):
        command = host[at + 1]
        if command == _IAC:
            at += 2
            continue
        after = 3 if command > _SB else 2
        end = host.find(bytes((_IAC, _SE)), at) + 2 if command == _SB else at + after
        yield host[start:end]
        start = at = end
    if start < len(host):
        yield host[start:]


def holds_a_screen(piece: bytes, *, in_tn3270e: bool) -> bool:
    """Say whether a piece is a record that writes on a screen, or may: data, or text of the control session."""
    if not piece.endswith(bytes((_IAC, _EOR))):
        return False
    return piece[0] in (0x00, 0x05, 0x07) if in_tn3270e else True
