"""A record as it is kept, whatever a station says in it: short texts, times that are times, and not too many phases.

One station's records stand on pages that the whole helpdesk reads: none of them is so long, or of such a year, that
the page cannot be shown.
"""

from __future__ import annotations

from typing import Final, TypeVar

from launcher.wire.hub.kinds import LONGEST_MS
from launcher.wire.records import PhaseSpan, Record

LONGEST_TEXT: Final = 200
MOST: Final = 10_000
LONGEST_RECORD: Final = 20_000
"""In bytes: a record that is longer is kept without its phases."""

Kept = TypeVar("Kept", bound=Record)


def fit(untrusted: Kept, now: float) -> Kept:
    """Return the record within its bounds; one that keeps them is the same. ``now``: nothing happened later."""
    record = _bounded(untrusted, now)
    phases = getattr(record, "phases", None)
    if phases and len(record.model_dump_json().encode()) > LONGEST_RECORD:
        return record.model_copy(update={"phases": ()})
    return record


def _bounded(record: Kept, now: float) -> Kept:
    said = {name: _within(name, value, now) for name, value in record}
    return record.model_copy(update=said)


def _within(name: str, value: object, now: float) -> object:
    match value:
        case str():
            return value.replace("\0", "")[:LONGEST_TEXT]
        case float() if name == "at":
            return min(max(value, 0.0), now)
        case float():
            return min(max(value, 0.0), LONGEST_MS)
        case int() if not isinstance(value, bool):
            return min(max(value, 0), MOST)
        case tuple():
            return tuple(_bounded(one, now) if isinstance(one, PhaseSpan) else one for one in value)
        case _:
            return value
