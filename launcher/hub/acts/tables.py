"""Acts."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Double, Index, String, Table, Text

from launcher.hub.database import metadata

acts: Final = Table(
    "acts",
    metadata,
    Column("key", String(64), primary_key=True),  # made by whoever asks: the same again is the same act
    Column("asker", String(600), nullable=False),
    Column("asker_name", String(120), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("said", Text, nullable=False),  # the whole act, JSON
    Column("officer", String(600), nullable=False),
    Column("made", Double, nullable=False),
    Column("state", String(24), nullable=False),  # waits-for-second, sent, refused, expired
    Column("request", String(64)),  # by which it waits, or has waited, for a second person
    Column("second_name", String(120), nullable=False, default=""),
    Column("words", Text, nullable=False, default=""),
    Index(None, "made"),
    Index(None, "officer", "made"),
)
