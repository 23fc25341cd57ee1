"""Notices."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Double, Index, String, Table, Text, UniqueConstraint

from launcher.hub.database import metadata
from launcher.hub.stations.tables import Big

notices: Final = Table(
    "notices",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=True),
    Column("given_by", String(600), nullable=False),
    Column("given_by_name", String(120), nullable=False),
    Column("key", String(64), nullable=False),  # made by whoever gave it: the same again is the same notice
    Column("said", Text, nullable=False),  # what was asked for, JSON
    Column("since", Double, nullable=False),
    Column("until", Double),
    Column("over", Double),  # withdrawn, or its time was over: since then no station shows it
    UniqueConstraint("given_by", "key"),
    Index(None, "over", "until"),
)
