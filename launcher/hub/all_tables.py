"""All tables of all features, loaded: what migrations, backup and restore go by. A new feature's are added here."""

from __future__ import annotations

from launcher.hub import tokens
from launcher.hub.audit import tables as audit
from launcher.hub.commands import tables as commands
from launcher.hub.database import metadata
from launcher.hub.stations import tables as stations

ALL = metadata

__all__ = ["ALL", "audit", "commands", "stations", "tokens"]
