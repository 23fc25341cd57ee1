"""A session's key to the display: the entry of the X authority file that is for its display, and no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

_MOST_BYTES: Final = 1024 * 1024


def cookie(ours: Mapping[str, str]) -> bytes:
    """Return the entries for the display our environment names; empty where there are none to be had."""
    display = ours.get("DISPLAY", "")
    number = display.rpartition(":")[2].partition(".")[0]
    file = ours.get("XAUTHORITY") or (f"{ours['HOME']}/.Xauthority" if "HOME" in ours else "")
    if not number.isdecimal() or not file:
        return b""
    try:
        with Path(file).open("rb") as opened:
            untrusted = opened.read(_MOST_BYTES)
    except OSError:
        return b""
    return b"".join(entry for shown, entry in _entries(untrusted) if shown in (number.encode(), b""))


def _entries(untrusted: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield each entry's display number with the whole entry (Xau(3)); one that is cut short is the last."""
    start = 0
    while start < len(untrusted):
        fields: list[bytes] = []
        place = start + 2  # the family
        for _ in ("address", "number", "name", "data"):
            length = int.from_bytes(untrusted[place : place + 2], "big")
            fields.append(untrusted[place + 2 : place + 2 + length])
            place += 2 + length
        if place > len(untrusted):
            return
        yield fields[1], untrusted[start:place]
        start = place
