"""What the hub knows of its stations."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Double, Index, Integer, String, Table, Text

from launcher.hub.database import metadata

Big: Final = BigInteger().with_variant(Integer, "sqlite")
"""A number that counts itself: SQLite does that for its own INTEGER only."""

ANY_LINK: Final = "*"
"""In place of a link's digest: the next one is taken whatever it is."""

enrolment_codes: Final = Table(
    "enrolment_codes",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("made", Double, nullable=False),
    Column("made_by", String(600), nullable=False),
    Column("until", Double, nullable=False),
    Column("terminal", String(120), nullable=False, default=""),
    Column("place", String(120), nullable=False, default=""),
    Column("used_by", String(64)),
    Column("used_at", Double),
)

stations: Final = Table(
    "stations",
    metadata,
    Column("station", String(64), primary_key=True),
    Column("public_key", String(64), nullable=False, unique=True),
    Column("terminal", String(120), nullable=False),
    Column("place", String(120), nullable=False),
    Column("version", String(120), nullable=False, default=""),
    Column("enrolled", Double, nullable=False),
    Column("quarantined", Double),
    Column("quarantined_why", Text, nullable=False, default=""),
    Column("boot", String(64), nullable=False, default=""),
    Column("link", String(64), nullable=False, default=""),  # digests: of the last one given,
    Column("link_before", String(64), nullable=False, default=""),  # and of the one that was spent for it
    Column("heard", Double, nullable=False, default=0.0),
    Column("connected_to", String(64), nullable=False, default=""),  # the hub's process that has its socket
    Column("connected_at", Double),
    Column("polled", Double, nullable=False, default=0.0),
    Column("command", Big, nullable=False, default=0),
    Column("elsewhere", Big, nullable=False, default=0),
    Column("roles", Big, nullable=False, default=0),
    Index(None, "terminal"),
    Index(None, "place"),
    Index(None, "connected_to"),
)

processes: Final = Table(
    "processes",
    metadata,
    Column("process", String(64), primary_key=True),
    Column("began", Double, nullable=False),  # since when there was no gap in its signs of life
    Column("heard", Double, nullable=False),
)
"""The hub's own, each with its last sign of life."""

versions: Final = Table(
    "versions",
    metadata,
    Column("what", String(32), primary_key=True),
    Column("version", Big, nullable=False),
)
"""Of lists that all stations keep: ``notices``, ``barred``. ``forces``: a digest of the file's, see ``suspended``."""
