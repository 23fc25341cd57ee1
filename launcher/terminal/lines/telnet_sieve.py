"""What of a host's telnet commands comes through: the few options that a terminal needs, a bounded number of times.

The library behind it agrees to whatever a host proposes, compression among it, and takes its time for each command. So
the host is answered here for all else: WONT or DONT, once for each option (RFC 854, RFC 1143).
"""

from __future__ import annotations

from collections import Counter
from typing import Final

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
BINARY, ECHO, SGA, TTYPE, NAWS = 0, 1, 3, 24, 31
_HERE: Final = frozenset({BINARY, SGA, TTYPE, NAWS})
"""What the host may have us do (RFC 856, 858, 1091, 1073)."""
_THERE: Final = frozenset({BINARY, ECHO, SGA})
"""What the host may do itself (RFC 856, 857, 858)."""
MOST_OF_EACH: Final = 16
_LONGEST_BYTES: Final = 64
_REFUSALS: Final = {DO: WONT, WILL: DONT}


class Sieve:
    """Of one line; what comes may be cut anywhere."""

    def __init__(self) -> None:
        self._rest = b""
        self._in_dropped = False  # a subnegotiation that is not let through
        self._seen: Counter[tuple[int, int]] = Counter()

    def sift(self, untrusted: bytes) -> tuple[bytes, bytes]:
        """Return what is let through, and what the host is answered for the rest."""
        data, self._rest = self._rest + untrusted, b""
        through, answers, at = bytearray(), bytearray(), 0
        if self._in_dropped:
            at = self._end_of_dropped(data, 0)
        while at < len(data):
            command = data.find(IAC, at)
            if command < 0:
                through += data[at:]
                break
            through += data[at:command]
            at = self._take(data, command, through, answers)
        return bytes(through), bytes(answers)

    def _take(self, data: bytes, at: int, through: bytearray, answers: bytearray) -> int:
        """Take the command at this place; return where the next byte is."""
        kind = data[at + 1] if at + 1 < len(data) else -1
        if kind == IAC:
            through += data[at : at + 2]
        elif kind == SB:
            return self._subnegotiation(data, at, through)
        elif kind in (DO, DONT, WILL, WONT):
            if at + 2 >= len(data):
                kind = -1
            else:
                self._option(kind, data[at + 2], through, answers)
                return at + 3
        if kind < 0:
            self._rest = data[at:]
            return len(data)
        return at + 2  # NOP, GA and their like say nothing to a terminal

    def _option(self, verb: int, option: int, through: bytearray, answers: bytearray) -> None:
        self._seen[verb, option] += 1
        known = _HERE if verb in (DO, DONT) else _THERE
        if option in known:
            if self._seen[verb, option] <= MOST_OF_EACH:
                through += bytes((IAC, verb, option))
        elif verb in _REFUSALS and self._seen[verb, option] == 1:
            answers += bytes((IAC, _REFUSALS[verb], option))

    def _subnegotiation(self, data: bytes, at: int, through: bytearray) -> int:
        end = _end(data, at + 2)
        if end is None and len(data) - at <= _LONGEST_BYTES:
            self._rest = data[at:]
            return len(data)
        if end is None or end - at > _LONGEST_BYTES or data[at + 2] != TTYPE or self._seen[SB, TTYPE] >= MOST_OF_EACH:
            return self._end_of_dropped(data, at + 2)
        self._seen[SB, TTYPE] += 1
        through += data[at:end]
        return end

    def _end_of_dropped(self, data: bytes, at: int) -> int:
        end = _end(data, at)
        self._in_dropped = end is None
        if end is not None:
            return end
        # An IAC at the very end may be half of its end, unless it is the second half of a doubled one.
        odd = (len(data) - at - len(data[at:].rstrip(bytes([IAC])))) % 2
        self._rest = bytes([IAC]) if odd else b""
        return len(data)


def _end(data: bytes, at: int) -> int | None:
    """Return where a subnegotiation ends that has begun before this place."""
    while (found := data.find(IAC, at)) >= 0 and found + 1 < len(data):
        if data[found + 1] == SE:
            return found + 2
        at = found + 2
    return None
