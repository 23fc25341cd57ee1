"""When a host that cannot serve asks to be tried again: the header Retry-After (RFC 9110, 10.2.3)."""

from __future__ import annotations

import math
import time
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_WAIT_S: Final = 7 * 24 * 3600.0
"""A host that asks for more is not believed."""


def wait_asked_s(untrusted_header: str) -> float | None:
    """Return the seconds that a host asks to wait, by a number or by a date; None where it says nothing usable."""
    said = untrusted_header.strip()
    wait_s: float = -1
    if said.isascii() and said.isdigit() and len(said) <= 9:
        wait_s = int(said)
    elif said:
        try:
            wait_s = parsedate_to_datetime(said).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    return wait_s if 0 <= wait_s <= LONGEST_WAIT_S else None


def again_in_words(wait_s: float | None) -> str:
    """Return a sentence for a person, with a space before it; nothing where no time was asked for."""
    if wait_s is None:
        return ""
    if wait_s < 120:
        seconds = max(1, math.ceil(wait_s))
        return f" It asks to be tried again in {seconds} second{'s' * (seconds > 1)}."
    return f" It asks to be tried again in {math.ceil(wait_s / 60)} minutes."
