"""All tables of all features, loaded: what migrations, backup and restore go by. A new feature's are added here."""

from __future__ import annotations

from launcher.hub import chores, limits, own_key, tokens
from launcher.hub.acts import tables as acts
from launcher.hub.audit import tables as audit
from launcher.hub.cases import tables as cases
from launcher.hub.commands import tables as commands
from launcher.hub.database import metadata
from launcher.hub.finding import tables as finding
from launcher.hub.happenings import tables as happenings
from launcher.hub.notices import tables as notices
from launcher.hub.officers import tables as officers
from launcher.hub.second import tables as second
from launcher.hub.sittings import tables as sittings
from launcher.hub.stations import tables as stations
from launcher.hub.suspended import tables as suspended
from launcher.hub.told import tables as told
from launcher.hub.wrong import tables as wrong

ALL = metadata

__all__ = [
    "ALL", "acts", "audit", "cases", "chores", "commands", "finding", "happenings", "limits", "notices", "officers",
    "own_key", "second", "sittings", "stations", "suspended", "tokens", "told", "wrong",
]  # fmt: skip
