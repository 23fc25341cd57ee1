"""Cases."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Double, Index, String, Table, Text, UniqueConstraint

from launcher.hub.database import metadata

cases: Final = Table(
    "cases",
    metadata,
    Column("case", String(64), primary_key=True),
    Column("key", String(64), nullable=False),  # made by the analyst: the same again is the same case
    Column("analyst", String(600), nullable=False),
    Column("reason", Text, nullable=False),
    Column("opened", Double, nullable=False),
    Column("verified", String(600)),  # the officer whose letters were read out
    Column("verified_until", Double),
    UniqueConstraint("analyst", "key"),
    Index(None, "opened"),
)

looked_at: Final = Table(
    "looked_at",
    metadata,
    Column("case", String(64), primary_key=True),
    Column("subject", String(64), primary_key=True),  # a digest of what was looked at
    Column("at", Double, nullable=False),
    Index(None, "at"),
)
"""What was looked at in a case within the last minutes: a page that is kept fresh is one look."""
