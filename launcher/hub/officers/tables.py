"""Who the officers are, as far as the hub was told, and the roles that supervisors have granted."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Double, Index, String, Table, Text, UniqueConstraint

from launcher.hub.database import metadata
from launcher.hub.stations.tables import Big

officers: Final = Table(
    "officers",
    metadata,
    Column("officer", String(600), primary_key=True),
    Column("number", String(120), nullable=False, default=""),
    Column("folded_number", String(120), nullable=False, default=""),
    Column("name", String(120), nullable=False, default=""),
    Column("user_name", String(120), nullable=False, default=""),
    Column("folded_user_name", String(120), nullable=False, default=""),
    Column("doubt", String(16), nullable=False, default=""),  # of the name to log on with, see KnownOfficer
    Column("groups", Text, nullable=False, default='{"told": [], "kept": []}'),  # JSON, see KnownOfficer
    Column("told_by", String(80), nullable=False, default=""),  # who has said it: station:<id>, openid, administrator
    Column("number_by", String(80), nullable=False, default=""),
    Column("name_by", String(80), nullable=False, default=""),
    Column("groups_by", String(80), nullable=False, default=""),
    Column("seen", Double, nullable=False),
    Index(None, "folded_user_name"),
    Index(None, "folded_number"),
)

role_grants: Final = Table(
    "role_grants",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=True),
    Column("key", String(64), nullable=False),  # made by who granted it: the same again is the same grant
    Column("officer", String(600), nullable=False),
    Column("name", String(120), nullable=False),
    Column("role", String(16), nullable=False),
    Column("granted_by", String(600), nullable=False),
    Column("granted_by_name", String(120), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("until", Double, nullable=False),
    Column("ended_at", Double),
    Column("end_told", Boolean, nullable=False, default=False),
    UniqueConstraint("granted_by", "key"),
    Index(None, "officer", "until"),
    Index(None, "end_told", "until"),
)
