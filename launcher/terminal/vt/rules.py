"""What holds for every VT engine: what may be answered to a host, what may be typed and pasted, how a text is found."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Final

from launcher.terminal.engine import Typed
from launcher.terminal.keys import Key

SCROLL_BACK_ROWS: Final = 5000
ANSWERS_BYTES: Final = 64 * 1024
"""A host that asks without end is answered no further until this much has been sent."""
TITLE_CHARACTERS: Final = 200
SEQUENCE_BYTES: Final = 4096
"""A title or another string of a host is read no further than this."""
LARGEST_ROWS: Final = 300
LARGEST_COLUMNS: Final = 500
MOST_FOUND: Final = 1000
"""A search ends with so many places: who looks for an "e" wants the last ones, and waits for none beyond them."""

# Device attributes (DA1, DA2, DA3), status and cursor reports (DSR, CPR), a mode's state (DECRPM): ECMA-48 8.3.24 and
# 8.3.35, VT420 manual, chapter 4. All are of figures only. What would say back a text the host has sent itself (titles,
# DECRQSS, termcap, colours, the clipboard) is as good as typing it: it is never answered.
_MAY_BE_ANSWERED = re.compile(
    rb"\x1b\[\??[0-9;]{1,40}[cnR]|\x1b\[>[0-9;]{1,40}c|\x1bP!\|[0-9A-F]{8}\x1b\\|\x1b\[\??[0-9;]{1,20}\$y"
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ENDS = re.compile(r"\r\n?|\n|\x85|\u2028|\u2029")
_NOT_PASTED = re.compile(r"[\x00-\x08\x0a-\x0c\x0e-\x1f\x7f-\x9f]")


def may_be_answered(answer: bytes) -> bool:
    """Say whether an engine's answer to its host is one of those that hold figures only."""
    return _MAY_BE_ANSWERED.fullmatch(answer) is not None


def typed(text: str) -> Typed:
    """Say how much of a text may be typed: all before the first control character, which is a key and not a text."""
    found = _CONTROLS.search(text)
    return Typed(len(text)) if found is None else Typed(found.start(), "not-in-code-page")


def pasted(text: str, *, bracketed: bool) -> str:
    """Return what a pasted text is sent as: ends of lines as the Enter key, no other control but the tab."""
    clean = _NOT_PASTED.sub("", _ENDS.sub("\r", text))
    return f"\x1b[200~{clean}\x1b[201~" if bracketed else clean


def control(key: Key) -> str | None:
    """Return what a character with Ctrl held is sent as (xterm's table); None where it is none of them."""
    if not key.ctrl or len(key.name) != 1:
        return None
    upper = key.name.upper()
    if "@" <= upper <= "_":
        return chr(ord(upper) & 0x1F)
    return {" ": "\x00", "?": "\x7f", "/": "\x1f", "2": "\x00", "6": "\x1e"}.get(upper)


def clean_title(untrusted: str) -> str:
    """Return a host's title for a tab: one line, no controls, not long."""
    return _CONTROLS.sub("", untrusted)[:TITLE_CHARACTERS].strip()


def sized(rows: int, columns: int) -> tuple[int, int]:
    """Return a size that every engine can have."""
    return max(1, min(rows, LARGEST_ROWS)), max(2, min(columns, LARGEST_COLUMNS))


def find_in(
    lines: Sequence[str],
    text: str,
    *,
    ignore_case: bool,
    goes_on: Callable[[int], bool],
    column_of: Callable[[int, int], int],
) -> tuple[tuple[int, int], ...]:
    """Return row and column of the places with the text, of very many the last ones, in the order of the rows.

    A text that goes over the end of a row is found where it begins if ``goes_on`` says so of the row; ``column_of``
    gives the column of a character of a row's line.
    """
    wanted = _folded(text) if ignore_case else text
    if not wanted:
        return ()
    whole = "".join(map(_folded, lines) if ignore_case else lines)
    starts = [0, *accumulate(map(len, lines))]
    found: list[tuple[int, int]] = []
    at = whole.rfind(wanted)
    while at >= 0 and len(found) < MOST_FOUND:
        row = bisect_right(starts, at) - 1
        last = bisect_right(starts, at + len(wanted) - 1) - 1
        before = at + len(wanted) - 1
        if row == last or all(map(goes_on, range(row, last))):
            found.append((row, column_of(row, at - starts[row])))
            before = at
        at = whole.rfind(wanted, 0, before)
    return tuple(reversed(found))


def _folded(text: str) -> str:
    """Return a text without upper case, one character for each."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(one if len(one.lower()) > 1 else one.lower() for one in text)
