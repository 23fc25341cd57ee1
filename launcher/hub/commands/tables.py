"""Commands."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Double, Index, String, Table, Text

from launcher.hub.database import metadata
from launcher.hub.stations.tables import Big

commands: Final = Table(
    "commands",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=True),
    Column("station", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("sitting", String(64), nullable=False),
    Column("officer", String(600), nullable=False),
    Column("system", String(100)),
    Column("said", Text, nullable=False),  # the whole command, as it is signed
    Column("signature", Text, nullable=False),
    Column("act", String(64), nullable=False, default=""),  # the helpdesk's act that it belongs to
    Column("by_name", String(120), nullable=False, default=""),
    Column("reason", Text, nullable=False, default=""),
    Column("made", Double, nullable=False),
    Column("expires", Double, nullable=False),
    Column("acknowledged_at", Double),
    Column("acknowledged_boot", String(64)),
    Column("answer", Text),
    # Of the answer that no other follows; without one: since when the hub waits for none, as nobody has taken the
    # command in time, or who took it is silent.
    Column("answered_at", Double),
    Index(None, "station", "id"),
    Index(None, "officer", "id"),
    Index(None, "act"),
    Index(None, "answered_at", "expires"),
    sqlite_autoincrement=True,  # an id is never given twice: stations refuse those that they have seen
)
