"""What openings usually take: counts by system, day and bucket, so that days of them are added up in a moment."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, String, Table

from launcher.hub.database import metadata
from launcher.hub.stations.tables import Big

usual: Final = Table(
    "usual",
    metadata,
    Column("system", String(100), primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),  # since the epoch, UTC
    Column("bucket", Integer, primary_key=True, autoincrement=False),  # timings.buckets
    Column("n", Big, nullable=False),
)

usual_hours: Final = Table(
    "usual_hours",
    metadata,
    Column("hour", Integer, primary_key=True, autoincrement=False),  # since the epoch
)
"""The hours that were counted."""
