"""Debian's ``s3270`` as the second opinion on a 3270's screen: it is the x3270 family's own parser, driven by lines.

Here it is the caller, and the test is the host: records go to it over a real loopback socket, and it is asked what
stands in each cell.
"""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tests.servers.process import LOOPBACK, ReservedPort, ServerProcess, accepts, programs_missing, server_folder

_DEADLINE_S = 20.0
_DO_TIMING_MARK: Final = b"\xff\xfd\x06"
_WONT_TIMING_MARK: Final = b"\xff\xfc\x06"
_CELL: Final = re.compile(r"(SF|SA|GE)\(([^)]*)\)|([0-9a-f]{2})(?= |$)")


def missing() -> str | None:
    """What is not installed, if anything."""
    return programs_missing("s3270", "s3270")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the oracle has it: a byte, or a field attribute; colours and highlighting as numbers, 0 for none."""

    byte: int
    attribute: int | None = None
    foreground: int = 0
    background: int = 0
    highlight: int = 0
    graphic: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What the oracle shows at one moment."""

    rows: int
    columns: int
    cursor: tuple[int, int]
    unlocked: bool
    cells: tuple[Cell, ...]


class S3270:
    """One s3270 that has called us."""

    def __init__(self, line: socket.socket, asked: socket.socket) -> None:
        self._line = line
        self._asked = asked
        self._unread = b""
        self._rest = b""

    def feed(self, data: bytes) -> bytes:
        """Send it what a host sends, and return once it has taken it; gives what it answered."""
        self._line.sendall(data + _DO_TIMING_MARK)
        while _WONT_TIMING_MARK not in self._rest:
            self._rest += _received(self._line)
        answer, _, self._rest = self._rest.partition(_WONT_TIMING_MARK)
        return answer

    def command(self, text: str) -> list[str]:
        """Carry out one of its actions; gives the lines of data."""
        return self._ask(text)[0][0]

    def look(self) -> tuple[Seen, list[str]]:
        """Return what stands in each cell, and the text of each row, hidden fields left out."""
        (lines, status), (text, _) = self._ask("ReadBuffer(Ebcdic)", "Ascii()")
        words = status.split()
        seen = Seen(
            rows=int(words[6]),
            columns=int(words[7]),
            cursor=(int(words[8]), int(words[9])),
            unlocked=words[0] == "U",
            cells=tuple(_cells(lines)),
        )
        return seen, text

    def _ask(self, *actions: str) -> list[tuple[list[str], str]]:
        self._asked.sendall("".join(f"{action}\n" for action in actions).encode())
        return [self._answered(action) for action in actions]

    def _answered(self, action: str) -> tuple[list[str], str]:
        data, status = [], ""
        while True:
            while b"\n" not in self._unread:
                self._unread += _received(self._asked)
            first, _, self._unread = self._unread.partition(b"\n")
            line = first.decode("utf-8")
            if line.startswith("data: "):
                data.append(line.removeprefix("data: "))
            elif line == "ok":
                return data, status
            elif line == "error":
                raise RuntimeError(f"{action}: {data}")
            else:
                status = line


def _received(line: socket.socket) -> bytes:
    # It writes in small pieces, and waits for each to be acknowledged.
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
    more = line.recv(65536)
    if not more:
        raise EOFError("s3270 has hung up")
    return more


def _cells(lines: list[str]) -> Iterator[Cell]:
    colours = {0x42: 0, 0x45: 0, 0x41: 0}
    for line in lines:
        for order, inside, byte in _CELL.findall(line):
            if order == "GE":
                yield Cell(int(inside, 16), None, colours[0x42], colours[0x45], colours[0x41], graphic=True)
            elif byte:
                yield Cell(int(byte, 16), None, colours[0x42], colours[0x45], colours[0x41])
            else:
                pairs = {int(pair[:2], 16): int(pair[3:], 16) for pair in inside.split(",") if pair}
                if order == "SA":
                    colours |= pairs
                else:
                    yield Cell(0, pairs[0xC0], pairs.get(0x42, 0), pairs.get(0x45, 0), pairs.get(0x41, 0))


@contextlib.contextmanager
def calling_s3270(model: int, *, code_page: str = "cp285", lu_name: str = "") -> Iterator[S3270]:
    """Start an s3270 that calls the test, and end it.

    It is asked through a socket of its own.
    """
    listener, asking = socket.create_server((LOOPBACK, 0)), ReservedPort()
    place = f"{LOOPBACK}:{listener.getsockname()[1]}"
    with server_folder("s3270") as folder, listener, contextlib.ExitStack() as opened:
        opened.callback(asking.release)
        argv = ["s3270", "-model", f"3279-{model}-E", "-codepage", code_page, "-utf8"]
        argv += [
            "-xrm",
            "s3270.unlockDelay: false",
            "-xrm",
            "s3270.aidWait: false",
            "-scriptport",
            f"{LOOPBACK}:{asking.number}",
        ]
        program = ServerProcess("s3270", argv, folder=folder, ready=lambda: accepts(asking.number))
        opened.callback(program.stop)
        program.start()
        # Whoever lets it connect hears nothing until the host has unlocked the keyboard: another one asks.
        calls = opened.enter_context(socket.create_connection((LOOPBACK, asking.number), _DEADLINE_S))
        calls.sendall(f"Connect({f'{lu_name}@' if lu_name else ''}{place})\n".encode())
        listener.settimeout(_DEADLINE_S)
        line = opened.enter_context(listener.accept()[0])
        asked = opened.enter_context(socket.create_connection((LOOPBACK, asking.number), _DEADLINE_S))
        line.settimeout(_DEADLINE_S)
        for wire in (line, asked):
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield S3270(line, asked)
