"""Kinds of fields that records of the hub share, each with its bounds: what is longer is refused at the boundary.

Or cut where a station says it of what it has done already: it would say it again for ever.
"""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

NO_TEXT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters other than tab and line feed, and those that turn the direction of what stands beside them."""
_SHORTEST_REASON: Final = 3
LONGEST_MS: Final = 7 * 86_400_000.0
LONGEST_LINE: Final = 200
MOST_LINES: Final = 50
"""Of hosts that one session has left signed on: the pages that many stations' words stand on stay small."""


def _plain(text: str) -> str:
    """A message of the helpdesk's, or a name, is what it looks like; PostgreSQL stores no NUL.

    Taken out and not refused: a report is not refused for what a system's page says.
    """
    return NO_TEXT.sub("", text)


def _a_reason(text: str) -> str:
    """Three blanks are no reason."""
    if len(text.strip()) < _SHORTEST_REASON:
        raise ValueError("a reason says something")
    return text


def _within_a_week(ms: float) -> float:
    return min(max(ms, 0.0), LONGEST_MS)


def _few_lines(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one[:LONGEST_LINE] for one in lines[:MOST_LINES])


_Storable = AfterValidator(_plain)

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
"""A name that the hub or a station made: a station's, a sitting's, a case's."""
SystemId = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
OfficerKey = Annotated[str, Field(min_length=3, max_length=600, pattern=r"^[^\x00]+$")]
"""``issuer#subject`` (``identity.OfficerId``): who somebody is, immutably."""
Word = Annotated[str, Field(max_length=120), _Storable]
"""A name, number, terminal or place."""
Text = Annotated[str, Field(max_length=500), _Storable]
"""A sentence or two."""
Reason = Annotated[str, Field(min_length=_SHORTEST_REASON, max_length=300), _Storable, AfterValidator(_a_reason)]
Group = Annotated[str, Field(min_length=1, max_length=300), _Storable]
Reference = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[a-z0-9][a-z0-9-]*$")]
Base64 = Annotated[str, Field(min_length=1, max_length=4096, pattern=r"^[A-Za-z0-9+/]+={0,2}$")]
Token = Annotated[str, Field(min_length=20, max_length=16_384)]
Letters = Annotated[str, Field(min_length=6, max_length=6, pattern=r"^[BCDFGHJKMNPQRTVWXYZ]{6}$")]
"""What a caller reads out: no vowels (no words) and no S and L, which sound or look like F and I."""
At = Annotated[float, Field(ge=0, le=1e11)]
"""Wall clock of the hub or the station, in seconds since the epoch."""
Ms = Annotated[float, AfterValidator(_within_a_week)]
"""How long something took, as a station says it: cut to 0 s to 7 days."""
LeftSignedOn = Annotated[tuple[Text, ...], Field(max_length=1000), AfterValidator(_few_lines)]
"""Hosts and lines that have not confirmed a sign-off, as a station says it: the first 50, each cut to 200 letters."""
Number = Annotated[int, Field(ge=0, le=2**53)]

Role = Literal["officer", "helpdesk", "it", "auditor", "administrator"]
