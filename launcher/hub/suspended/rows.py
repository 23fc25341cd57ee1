"""Reads and writes of who is suspended; which terminals could not be told yet."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Select, delete, func, not_, or_, select, update

from launcher.hub import tokens
from launcher.hub.audit import rows as audit
from launcher.hub.commands import rows as commands
from launcher.hub.database import insert_unless_there
from launcher.hub.officers import rows as officers
from launcher.hub.officers.seats import of_person
from launcher.hub.sittings.tables import sittings
from launcher.hub.stations.reach import reachable_clause
from launcher.hub.stations.rows import note_version, raise_version
from launcher.hub.stations.tables import stations, versions
from launcher.hub.suspended.barred import barred_by
from launcher.hub.suspended.tables import barred_told, suspended
from launcher.wire.hub.barred import domain_of, force_of, logon_name, name_digest, officer_digest
from launcher.wire.hub.helpdesk import UnreachableTerminal
from launcher.wire.hub.sittings import Barred

if TYPE_CHECKING:
    from launcher.hub.service import Hub

TELL_WITHIN_S: Final = 5.0
"""A station that is connected has the list by then, or counts as one that could not be told."""
_DAY_S: Final = 86_400.0


def suspend(connection: Connection, hub: Hub, officer: str, by: str, by_name: str, reason: str) -> None:
    """Suspend an officer: their tokens are worthless, the list of all stations grows; again it stays as it was.

    The caller makes the commands for their sittings and wakes ``stations`` after the commit.
    """
    tokens.drop(connection, "officer", officer)
    known = officers.known(connection, officer)
    row = {
        "officer": officer, "name": known.name if known else "", "since": hub.clock(), "by": by, "by_name": by_name,
        "reason": reason, **_known_by(known),
    }  # fmt: skip
    if not insert_unless_there(connection, suspended, row):
        return
    raise_version(connection, "barred")
    audit.append(connection, hub, "suspended", actor=by, actor_name=by_name, subject=officer, reason=reason)


def renamed(connection: Connection, officer: str) -> None:
    """Have a suspension go by what its officer is known by now, as an administrator says."""
    theirs = update(suspended).where(suspended.c.officer == officer)
    if connection.execute(theirs.values(_known_by(officers.known(connection, officer)))).rowcount:
        raise_version(connection, "barred")


def _known_by(known: officers.KnownOfficer | None) -> dict[str, str]:
    """Return what somebody is barred by at a terminal that knows them from another issuer."""
    return {
        "folded_user_name": logon_name(known.user_name)[:120] if known else "",
        "folded_number": logon_name(known.number)[:120] if known else "",
        "domain": domain_of(known.user_name, known.number)[:120] if known else "",
    }


def unsuspend(connection: Connection, hub: Hub, officer: str, by: str, by_name: str, reason: str) -> None:
    """Let an officer in again: what bars them by other issuers is lifted, too. One who is not suspended stays so."""
    known = officers.known(connection, officer) or officers.KnownOfficer(officer, "", "", "", frozenset())
    lifted = barred_by(connection, known, hub.settings.forces.domains)
    if not lifted:
        return
    connection.execute(delete(suspended).where(suspended.c.officer.in_(lifted)))
    commands.withdraw_suspensions(connection, hub, lifted)
    raise_version(connection, "barred")
    audit.append(
        connection, hub, "unsuspended", actor=by, actor_name=by_name, subject=officer, reason=reason,
        details={"officers": lifted},
    )  # fmt: skip


def barred(connection: Connection, hub: Hub) -> Barred:
    """Return the list that stations keep."""
    rows = connection.execute(select(suspended).order_by(suspended.c.officer)).all()
    forces = hub.settings.forces.domains
    names = {
        name_digest(name, force_of(row.domain, forces))
        for row in rows for name in (row.folded_user_name, row.folded_number) if name
    }  # fmt: skip
    return Barred(
        version=_version(connection), officers=tuple(officer_digest(row.officer) for row in rows),
        names=tuple(sorted(names)), forces=forces, at=hub.clock(),
    )  # fmt: skip


def note_forces(connection: Connection, hub: Hub) -> bool:
    """Have stations ask anew where the hub's file names other forces than at its last start, and return whether so.

    The caller wakes ``stations`` after the commit.
    """
    domains = sorted(hub.settings.forces.domains)
    said = int.from_bytes(hashlib.sha256("\n".join(domains).encode()).digest()[:6]) if domains else 0
    changed = note_version(connection, "forces", said)
    if changed:
        raise_version(connection, "barred")
    return changed


def note_told(connection: Connection, station: str, version: int, now: float) -> None:
    """Note which version a station says that it has kept; what is newer than the newest is not believed."""
    told = {"version": min(version, _version(connection)), "at": now}
    where = barred_told.c.station == station
    if connection.execute(update(barred_told).where(where).values(told)).rowcount:
        return
    if not insert_unless_there(connection, barred_told, {"station": station, **told}):
        connection.execute(update(barred_told).where(where).values(told))


def unreachable(connection: Connection, hub: Hub, officer: str) -> tuple[UnreachableTerminal, ...]:
    """Return the terminals that were not told and may let the officer in offline: where they sit, or have sat lately.

    By any issuer. One that is connected counts only when it has not taken the list within :data:`TELL_WITHIN_S`.
    Others that are away are counted by :func:`others_away`.
    """
    since = _since(connection, officer)
    if since is None:
        return ()
    now = hub.clock()
    asked = (
        _not_told(connection, hub)
        .where(stations.c.station.in_(_sat(connection, hub, officer)))
        .order_by(stations.c.terminal)
        .limit(1000)
    )
    return tuple(
        UnreachableTerminal(terminal=row.terminal, place=row.place, last_heard=row.heard)
        for row in connection.execute(asked)
        if not row.reachable or now - since > TELL_WITHIN_S
    )


def others_away(connection: Connection, hub: Hub, officer: str) -> int:
    """Return how many more terminals are away and were not told: the officer has not sat there lately.

    Such a one lets them in where it reaches the directory and the directory does not know of the suspension.
    """
    if _since(connection, officer) is None:
        return 0
    away = _not_told(connection, hub).where(
        not_(reachable_clause(hub)),
        stations.c.quarantined.is_(None),
        stations.c.station.not_in(_sat(connection, hub, officer)),
    )
    return int(connection.execute(select(func.count()).select_from(away.subquery())).scalar_one())


def _since(connection: Connection, officer: str) -> float | None:
    asked = select(suspended.c.since).where(suspended.c.officer == officer)
    found: float | None = connection.execute(asked).scalar_one_or_none()
    return found


def _sat(connection: Connection, hub: Hub, officer: str) -> Select[tuple[str]]:
    """Return the stations at which the officer sits, or has sat so lately that they may be let in there offline."""
    lately = sittings.c.ended >= hub.clock() - hub.settings.helpdesk.offline_days * _DAY_S
    return (
        select(sittings.c.station)
        .where(of_person(connection, officer, hub.settings.forces.domains), or_(sittings.c.ended.is_(None), lately))
        .distinct()
    )  # fmt: skip


def _not_told(connection: Connection, hub: Hub) -> Select[tuple[str, str, float, bool]]:
    """Return the stations that have not kept the newest list."""
    return (
        select(stations.c.terminal, stations.c.place, stations.c.heard, reachable_clause(hub).label("reachable"))
        .outerjoin(barred_told, barred_told.c.station == stations.c.station)
        .where(or_(barred_told.c.version.is_(None), barred_told.c.version < _version(connection)))
    )


def _version(connection: Connection) -> int:
    asked = select(versions.c.version).where(versions.c.what == "barred")
    return int(connection.execute(asked).scalar_one_or_none() or 0)
