"""Whether whoever asked for an act may still do so: a role that was given for hours ends, and what waits by it, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, func, select

from launcher.hub.officers import sessions, tellers
from launcher.hub.officers.tables import role_grants

if TYPE_CHECKING:
    from launcher.hub.service import Hub
    from launcher.wire.hub.kinds import Role

ROLE: Final[Role] = "helpdesk"


_WEAKEST_FIRST: Final[tuple[str, ...]] = ("vouched", "kerberos", "openid")
"""A provider's token says more of somebody's groups than a ticket, and that more than a station's word may."""


def may_ask(connection: Connection, hub: Hub, officer: str, since: float, proved_by: str) -> bool:
    """Say whether an officer who has asked for an act has the role for it now.

    ``since``: when they asked; ``proved_by``: as what. By what they have proved, and by what is granted to them.
    Whoever has logged off meanwhile, or is proved elsewhere by less alone, has no proof that could tell: then the role
    is gone if it was granted, and has ended since.
    """
    theirs = sessions.of_officer(connection, hub, officer)
    trusted = (one for one in theirs if tellers.all_count(connection, one.rests_on))
    if any(ROLE in sessions.roles(connection, hub, one) for one in trusted):
        return True
    if any(_strength(one.proved_by) >= _strength(proved_by) for one in theirs):
        return False
    until = func.coalesce(role_grants.c.ended_at, role_grants.c.until)
    asked = select(func.max(until)).where(role_grants.c.officer == officer, role_grants.c.role == ROLE, until >= since)
    last: float | None = connection.execute(asked).scalar_one()
    return last is None or last > hub.clock()


def _strength(proved_by: str) -> int:
    """Return how much such a proof says; 0: it is not known how somebody was proved."""
    return _WEAKEST_FIRST.index(proved_by) + 1 if proved_by in _WEAKEST_FIRST else 0
