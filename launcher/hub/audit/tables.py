"""The audit's chain, its signed checkpoints, and what is held back from being retired."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Double, Index, Integer, String, Table, Text, text

from launcher.hub.database import metadata
from launcher.hub.stations.tables import Big

_KEPT: Final = text("retired IS NULL")

audit_rows: Final = Table(
    "audit_rows",
    metadata,
    Column("seq", Big, primary_key=True, autoincrement=False),  # counted from 1, without gaps
    Column("at", Double, nullable=False),  # when it was written down here
    Column("kind", String(32), nullable=False),
    Column("happened", Double, nullable=False),  # when it happened, as whoever told it says
    Column("actor", String(600), nullable=False),
    Column("actor_name", String(120), nullable=False),
    Column("subject", String(600), nullable=False),
    Column("station", String(64), nullable=False),
    Column("terminal", String(120), nullable=False),
    Column("reference", String(120), nullable=False),
    Column("reason", Text, nullable=False),
    Column("details", Text, nullable=False),  # JSON
    Column("salt", String(64), nullable=False),  # without it what was retired cannot be guessed from its digest
    Column("retired", Double),  # since then, by the record of that moment, content and salt are gone
    Column("digest", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "terminal", "happened"),
    Index(None, "subject", "happened"),
    # What is not retired yet: looked through each hour, beside years of what is.
    Index("ix_audit_rows_kept", "at", postgresql_where=_KEPT, sqlite_where=_KEPT),
)

audit_head: Final = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # 1: there is one
    Column("seq", Big, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""The last row of the chain: locked by whoever adds one."""

audit_checkpoints: Final = Table(
    "audit_checkpoints",
    metadata,
    Column("seq", Big, primary_key=True, autoincrement=False),
    Column("at", Double, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("hub", String(64), nullable=False),
    Column("public_key", String(64), nullable=False),
    Column("signature", String(120), nullable=False),
)

audit_holds: Final = Table(
    "audit_holds",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=True),
    Column("officer", String(600), nullable=False, default=""),  # empty: whoever
    Column("terminal", String(120), nullable=False, default=""),  # empty: wherever
    Column("since", Double),  # None: from the beginning
    Column("until", Double),  # None: and from now on
    Column("reason", Text, nullable=False),
    Column("made", Double, nullable=False),
    Column("made_by", String(600), nullable=False),
    Column("ended", Double),
    Column("ended_by", String(600), nullable=False, default=""),
)
