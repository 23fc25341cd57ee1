"""What of the helpdesk's work is forgotten when its time is over; what was done stands in the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete

from launcher.hub import limits
from launcher.hub.acts.tables import acts
from launcher.hub.cases import rows as cases
from launcher.hub.sittings import letters
from launcher.hub.sittings.tables import brought

if TYPE_CHECKING:
    from launcher.hub.service import Hub

DAY_S: Final = 86_400.0


def keep(hub: Hub) -> None:
    """Forget cases, looks, letters and limits that are over, and acts when the commands of their time go, too."""
    now = hub.clock()
    with hub.store.writing() as connection:
        limits.sweep(connection, now)
        cases.sweep(connection, now)
        letters.sweep(connection, now)
        connection.execute(delete(brought).where(brought.c.at < now - DAY_S))
        connection.execute(delete(acts).where(acts.c.made < now - hub.settings.audit.sitting_days * DAY_S))
