"""What officers have told."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Double, Index, String, Table, Text, UniqueConstraint

from launcher.hub.database import metadata
from launcher.hub.stations.tables import Big

told: Final = Table(
    "told",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=True),
    Column("station", String(64), nullable=False),
    Column("key", String(64), nullable=False),  # made by the station: the same again is the same telling
    Column("terminal", String(120), nullable=False),  # as they were called then
    Column("place", String(120), nullable=False),
    Column("at", Double, nullable=False),
    Column("sitting", String(64), nullable=False, default=""),
    Column("officer", String(600), nullable=False, default=""),  # empty: nobody was logged on
    Column("name", String(120), nullable=False, default=""),
    Column("reference", String(80), nullable=False),
    Column("system", String(100), nullable=False, default=""),
    Column("timeline", Text, nullable=False),  # JSON
    Column("closed", Double),
    Column("closed_by", String(600), nullable=False, default=""),
    UniqueConstraint("station", "key"),
    Index(None, "closed", "at"),
)
