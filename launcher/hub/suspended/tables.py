"""Who is suspended, and which stations were told."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Double, Index, String, Table, Text

from launcher.hub.database import metadata
from launcher.hub.stations.tables import Big

suspended: Final = Table(
    "suspended",
    metadata,
    Column("officer", String(600), primary_key=True),
    Column("name", String(120), nullable=False, default=""),
    Column("folded_user_name", String(120), nullable=False, default=""),
    Column("folded_number", String(120), nullable=False, default=""),
    Column("domain", String(120), nullable=False, default=""),  # of the name: it may be another force's
    Column("since", Double, nullable=False),
    Column("by", String(600), nullable=False),
    Column("by_name", String(120), nullable=False),
    Column("reason", Text, nullable=False),
    Index(None, "folded_user_name"),
    Index(None, "folded_number"),
)

barred_told: Final = Table(
    "barred_told",
    metadata,
    Column("station", String(64), primary_key=True),
    Column("version", Big, nullable=False),  # that the station says it has kept
    Column("at", Double, nullable=False),
)
