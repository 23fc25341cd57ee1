"""Commands, each with the terminal that it is for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from launcher.hub.commands.tables import commands
from launcher.hub.sittings.tables import sittings
from launcher.hub.stations.tables import stations


def with_terminal(*more: ColumnElement[Any]) -> Select[tuple[Any, ...]]:
    """Return the question for commands, each with its ``terminal``, and ``more`` of its station."""
    # A station that was removed since was called as it was in the sitting.
    terminal = func.coalesce(stations.c.terminal, sittings.c.terminal, "").label("terminal")
    return (
        select(commands, terminal, *more)
        .outerjoin(stations, stations.c.station == commands.c.station)
        .outerjoin(sittings, sittings.c.sitting == commands.c.sitting)
    )
