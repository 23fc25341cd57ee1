"""What happened at stations."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Double, Index, Integer, String, Table, Text

from launcher.hub.database import metadata
from launcher.hub.stations.tables import Big

happenings: Final = Table(
    "happenings",
    metadata,
    Column("station", String(64), primary_key=True),
    Column("seq", Big, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),  # of the record: sign-in, launch, switch, notice, began, ended
    Column("terminal", String(120), nullable=False),  # as they were called then
    Column("place", String(120), nullable=False),
    Column("at", Double, nullable=False),  # on the hub's clock; the station's own is in the record
    Column("received", Double, nullable=False),
    Column("sitting", String(64), nullable=False, default=""),
    Column("officer", String(600), nullable=False, default=""),
    Column("system", String(100), nullable=False, default=""),
    Column("outcome", String(32), nullable=False, default=""),
    Column("reference", String(80), nullable=False, default=""),
    Column("words", Text, nullable=False, default=""),  # the failing system's own
    Column("again", Boolean, nullable=False, default=False),
    Column("total_ms", Double, nullable=False, default=0.0),
    Column("own_ms", Double, nullable=False, default=0.0),  # without the time in which a person was waited for
    Column("bucket", Integer, nullable=False, default=0),  # of own_ms (timings.buckets)
    Column("record", Text, nullable=False),  # JSON
    Index(None, "at"),
    Index(None, "kind", "at"),
    Index(None, "officer", "at"),
    Index(None, "sitting"),
)
