"""Kinds of fields that records of the hub share, each with its bounds: what is longer is refused at the boundary."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field


def _without_nul(text: str) -> str:
    """PostgreSQL stores no NUL, and nobody means one: a report is not refused for what a system's page says."""
    return text.replace("\0", "")


_Storable = AfterValidator(_without_nul)

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
"""A name that the hub or a station made: a station's, a sitting's, a case's."""
SystemId = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
OfficerKey = Annotated[str, Field(min_length=3, max_length=600, pattern=r"^[^\x00]+$")]
"""``issuer#subject`` (``identity.OfficerId``): who somebody is, immutably."""
Word = Annotated[str, Field(max_length=120), _Storable]
"""A name, number, terminal or place."""
Text = Annotated[str, Field(max_length=500), _Storable]
"""A sentence or two."""
Reason = Annotated[str, Field(min_length=3, max_length=300), _Storable]
Group = Annotated[str, Field(min_length=1, max_length=300), _Storable]
Reference = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[a-z0-9][a-z0-9-]*$")]
Base64 = Annotated[str, Field(min_length=1, max_length=4096, pattern=r"^[A-Za-z0-9+/]+={0,2}$")]
Token = Annotated[str, Field(min_length=20, max_length=16_384)]
Letters = Annotated[str, Field(min_length=6, max_length=6, pattern=r"^[BCDFGHJKMNPQRTVWXYZ]{6}$")]
"""What a caller reads out: no vowels (no words) and no S and L, which sound or look like F and I."""
At = Annotated[float, Field(ge=0, le=1e11)]
"""Wall clock of the hub or the station, in seconds since the epoch."""
Number = Annotated[int, Field(ge=0, le=2**53)]

Role = Literal["officer", "helpdesk", "it", "auditor", "administrator"]
