"""Sittings, the letters on screens, and what stations have reported last."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Double, Index, Integer, String, Table, Text

from launcher.hub.database import metadata
from launcher.hub.stations.tables import Big

sittings: Final = Table(
    "sittings",
    metadata,
    Column("sitting", String(64), primary_key=True),
    Column("station", String(64), nullable=False),
    Column("terminal", String(120), nullable=False),  # as they were called then
    Column("place", String(120), nullable=False),
    Column("boot", String(64), nullable=False, default=""),
    Column("officer", String(600), nullable=False),
    Column("number", String(120), nullable=False),
    Column("name", String(120), nullable=False),
    Column("user_name", String(120), nullable=False, default=""),
    Column("proved_by", String(120), nullable=False, default="unknown"),
    Column("since", Double, nullable=False),
    Column("state", String(16), nullable=False, default="signed-in"),
    Column("state_since", Double, nullable=False),
    Column("systems", Text, nullable=False, default="[]"),  # JSON of the OpenSystems, as they were reported last
    Column("open_systems", Integer, nullable=False, default=0),
    Column("unsaved", Integer, nullable=False, default=0),
    Column("running", Integer, nullable=False, default=0),
    Column("ended", Double),  # None: open
    Column(
        "end_told", Boolean, nullable=False, default=False
    ),  # the station has said how it ended; it is over for good
    Column("ended_reason", String(120), nullable=False, default=""),
    Column("left_signed_on", Text, nullable=False, default="[]"),  # JSON
    Index(None, "officer", "ended"),
    Index(None, "station", "ended"),
    Index(None, "terminal", "since"),
    Index(None, "ended"),
)

pictures: Final = Table(
    "station_pictures",
    metadata,
    Column("station", String(64), primary_key=True),
    Column("boot", String(64), nullable=False, default=""),
    Column("number", Big, nullable=False, default=0),  # of the last report of that boot
    Column("at", Double, nullable=False, default=0.0),
    Column("received", Big, nullable=False, default=0),  # up to which happening all is stored
)
"""One row a station, locked by whatever it tells: a station is heard in one order."""

shown_letters: Final = Table(
    "shown_letters",
    metadata,
    Column("station", String(64), primary_key=True),
    Column("letters", String(6), primary_key=True),
    Column("sitting", String(64)),  # None: nobody is logged on at that screen
    Column("until", Double, nullable=False),  # on the hub's clock
    Column("spent", Double),
    Index(None, "letters"),
)

system_names: Final = Table(
    "system_names",
    metadata,
    Column("system", String(100), primary_key=True),
    Column("name", String(120), nullable=False),
)
"""What systems are called on the screens of the stations."""

brought: Final = Table(
    "brought",
    metadata,
    Column("station", String(64), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("from_sitting", String(64), nullable=False),
    Column("to_sitting", String(64), nullable=False),
    Column("at", Double, nullable=False),
    Index(None, "at"),
)
"""Which sitting was brought to which, by the key that whoever asked made."""
