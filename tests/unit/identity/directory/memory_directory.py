"""A directory in memory that answers the few kinds of search this product makes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from launcher.identity.directory.client import Answer, Entry, Scope

_PAIR = re.compile(r"\((\w+)(?::[\d.]+:)?=([^()]*)\)")


class MemoryDirectory:
    """Entries, found by base and by the ORed equalities of a filter."""

    def __init__(self, *entries: Entry) -> None:
        self.entries = entries
        self.searches = 0

    def search(
        self, base: str, filter_: str, attributes: Sequence[str], *, scope: Scope = "SUBTREE"
    ) -> tuple[Answer, tuple[Entry, ...]]:
        self.searches += 1
        if scope == "BASE":
            found = [one for one in self.entries if one.dn.lower() == base.lower()]
            return Answer(0 if found else 32), tuple(found)
        wanted = [(name.lower(), _octets(value)) for name, value in _PAIR.findall(filter_)]
        inside = [one for one in self.entries if one.dn.lower().endswith(base.lower())]
        return Answer(0), tuple(
            one for one in inside if any(value.lower() in _lower(one.all(name)) for name, value in wanted)
        )


def _octets(value: str) -> bytes:
    return re.sub(rb"\\([0-9a-f]{2})", lambda match: bytes.fromhex(match.group(1).decode()), value.encode())


def _lower(values: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return tuple(value.lower() for value in values)
