"""Reads what is secret in a file of tickets, for a residue check (MIT's format, version 4, big-endian)."""

from __future__ import annotations

from typing import Final

_VERSION_4: Final = 0x0504
_CONFIGURATION: Final = b"X-CACHECONF:"
"""The realm of entries that are no tickets."""

_TAIL_BYTES: Final = 48
"""Of a ticket that many bytes from its end are enough to know it by: it is encrypted, and no two are alike."""


def secrets_of(untrusted: bytes) -> tuple[bytes, ...]:
    """Return the session keys, and the end of each ticket; of a file that is none or is cut short, what was read."""
    found: dict[bytes, None] = {}
    reader = _Reader(untrusted)
    try:
        if reader.number(2) != _VERSION_4:
            return ()
        reader.data(2)
        reader.principal()
        while reader.more:
            key, ticket = reader.credential()
            found.update((one, None) for one in (key, ticket[-_TAIL_BYTES:]) if one)
    except ValueError:
        pass
    return tuple(found)


class _Reader:
    def __init__(self, untrusted: bytes) -> None:
        self._bytes = untrusted
        self._at = 0

    @property
    def more(self) -> bool:
        return self._at < len(self._bytes)

    def number(self, size: int) -> int:
        return int.from_bytes(self._take(size), "big")

    def data(self, size: int = 4) -> bytes:
        return self._take(self.number(size))

    def principal(self) -> bytes:
        """Read a principal and return its realm."""
        self.number(4)
        count = self.number(4)
        realm = self.data()
        for _ in range(min(count, len(self._bytes))):
            self.data()
        return realm

    def credential(self) -> tuple[bytes, bytes]:
        """Read an entry and return its key and ticket; nothing for what is configuration."""
        self.principal()
        realm = self.principal()
        self.number(2)
        key = self.data()
        self._take(4 * 4 + 1 + 4)  # times, whether the key is a second ticket's, flags
        for _ in range(2):  # addresses, authorisation data
            for _ in range(min(self.number(4), len(self._bytes))):
                self.number(2)
                self.data()
        ticket = self.data()
        self.data()
        return (b"", b"") if realm == _CONFIGURATION else (key, ticket)

    def _take(self, size: int) -> bytes:
        taken = self._bytes[self._at : self._at + size]
        if len(taken) != size:
            raise ValueError("cut short")
        self._at += size
        return taken
