"""Acts that wait, or have waited, for a second person."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Double, Index, String, Table, Text

from launcher.hub.database import metadata
from launcher.hub.stations.tables import Big

second_requests: Final = Table(
    "second_requests",
    metadata,
    Column("request", String(64), primary_key=True),
    Column("act_key", String(64), nullable=False, unique=True),
    Column("act", Text, nullable=False),  # JSON of the act, whole
    Column("digest", String(64), nullable=False),
    Column("officer", String(600), nullable=False),
    Column("name", String(120), nullable=False, default=""),
    Column("terminal", String(120), nullable=False, default=""),
    Column("by", String(600), nullable=False),
    Column("by_name", String(120), nullable=False),
    Column("by_proof", String(16), nullable=False, default=""),  # as what they were proved then
    Column("made", Double, nullable=False),
    Column("expires", Double, nullable=False),
    Column("state", String(16), nullable=False, default="waiting"),
    Column("second", String(600), nullable=False, default=""),
    Column("second_name", String(120), nullable=False, default=""),
    Column("decided", Double),
    Column("station", String(64), nullable=False, default=""),  # where a supervisor was asked for last,
    Column("command", Big, nullable=False, default=0),  # by which command,
    Column("vouch", Text, nullable=False, default=""),  # and what the station has signed of who agreed there
    Index(None, "state", "expires"),
)
