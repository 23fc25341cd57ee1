"""Reads and writes of granted roles: each ends by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Row, bindparam, or_, select, update

from launcher.hub.audit import rows as audit
from launcher.hub.database import insert_unless_there
from launcher.hub.errors import NotNowError, NotThereError
from launcher.hub.helpdesk import visible
from launcher.hub.officers.seats import tell_roles_changed
from launcher.hub.officers.tables import role_grants
from launcher.wire.hub.officers import GrantedRole, GrantRole

if TYPE_CHECKING:
    from launcher.hub.officers.asking import AskingOfficer
    from launcher.hub.service import Hub

MANY = 200
_HELD: Final = (
    select(role_grants)
    .where(
        role_grants.c.officer == bindparam("their"),
        role_grants.c.until > bindparam("now"),
        role_grants.c.ended_at.is_(None),
    )
    .order_by(role_grants.c.until)
)


def grant(
    connection: Connection, hub: Hub, asked: GrantRole, name: str, by: AskingOfficer
) -> tuple[GrantedRole, tuple[str, ...]]:
    """Grant a role; return it with the topics to wake after the commit. The same key again is the same grant."""
    now = hub.clock()
    row: dict[str, object] = {
        "key": asked.key, "officer": asked.officer, "name": name, "role": asked.role, "granted_by": by.officer,
        "granted_by_name": by.name, "reason": asked.reason, "at": now, "until": now + asked.hours * 3600,
        "end_told": False,
    }  # fmt: skip
    is_new = insert_unless_there(connection, role_grants, row)
    made = _with_key(connection, asked, by)
    if not is_new:
        if (made.officer, made.role, made.reason) != (asked.officer, asked.role, asked.reason):
            raise NotNowError("Another role was granted with this key.")
        return _granted(made, now), ()
    topics = tell_roles_changed(connection, asked.officer)
    audit.append(
        connection, hub, "role-granted", actor=by.officer, actor_name=by.name, subject=asked.officer,
        reason=asked.reason, details={"role": asked.role, "until": made.until, "grant": made.id},
    )  # fmt: skip
    return _granted(made, now), topics


def _with_key(connection: Connection, asked: GrantRole, by: AskingOfficer) -> Row[tuple[object, ...]]:
    of_it = role_grants.c.granted_by == by.officer, role_grants.c.key == asked.key
    return connection.execute(select(role_grants).where(*of_it)).one()


def end(connection: Connection, hub: Hub, grant_id: int, by: AskingOfficer) -> tuple[str, ...]:
    """Take a granted role back; return the topics to wake. One that is over stays so.

    Whoever sees it in the list may: see :func:`listed`. To all others it is not there.
    """
    row = connection.execute(
        select(role_grants).where(role_grants.c.id == grant_id).with_for_update()
    ).one_or_none()  # fmt: skip
    if row is None or not _seen(connection, hub, (row,), by):
        raise NotThereError("There is no such granted role.")
    if row.ended_at is not None or row.until <= hub.clock():
        return ()
    changed = {"ended_at": hub.clock(), "end_told": True}
    connection.execute(update(role_grants).where(role_grants.c.id == grant_id).values(changed))
    topics = tell_roles_changed(connection, row.officer)
    audit.append(
        connection, hub, "role-ended", actor=by.officer, actor_name=by.name, subject=row.officer,
        details={"role": row.role, "grant": row.id},
    )  # fmt: skip
    return topics


def end_by_themselves(connection: Connection, hub: Hub) -> tuple[str, ...]:
    """Tell of the grants whose time is over, once each; return the topics to wake."""
    over = connection.execute(
        select(role_grants)
        .where(role_grants.c.end_told.is_(False), role_grants.c.until <= hub.clock())
        .order_by(role_grants.c.id)
        .limit(MANY)
        .with_for_update(skip_locked=True)
    ).all()
    topics: list[str] = []
    for row in over:
        connection.execute(update(role_grants).where(role_grants.c.id == row.id).values(end_told=True))
        topics += tell_roles_changed(connection, row.officer)
    for row in over:
        audit.append(
            connection, hub, "role-ended", actor="hub", subject=row.officer, reason="its time was over",
            details={"role": row.role, "grant": row.id},
        )  # fmt: skip
    return tuple(dict.fromkeys(topics))


def keep(hub: Hub) -> None:
    """Tell of the grants whose time is over: what house-keeping does each second, at the cost of one small read."""
    asked = select(role_grants.c.id).where(role_grants.c.end_told.is_(False), role_grants.c.until <= hub.clock())
    with hub.store.reading() as connection:
        if connection.execute(asked.limit(1)).one_or_none() is None:
            return
    with hub.store.writing() as connection:
        topics = end_by_themselves(connection, hub)
    for topic in topics:
        hub.wakes.wake(topic)


def of(connection: Connection, officer: str, now: float) -> tuple[GrantedRole, ...]:
    """Return the roles that are granted to an officer now, of each the one that lasts longest."""
    rows = connection.execute(_HELD, {"their": officer, "now": now})
    return tuple({row.role: _granted(row, now) for row in rows}.values())


def listed(connection: Connection, hub: Hub, by: AskingOfficer) -> tuple[GrantedRole, ...]:
    """Return the granted roles that somebody may see, the newest first: a supervisor all, others their own.

    What others have given to officers who do not show is not seen.
    """
    asked = select(role_grants).order_by(role_grants.c.id.desc()).limit(MANY)
    if not by.rank and "administrator" not in by.roles:
        asked = asked.where(or_(role_grants.c.officer == by.officer, role_grants.c.granted_by == by.officer))
    seen = _seen(connection, hub, connection.execute(asked).all(), by)
    return tuple(_granted(row, hub.clock()) for row in seen)


def _seen(
    connection: Connection, hub: Hub, rows: Sequence[Row[tuple[object, ...]]], by: AskingOfficer
) -> list[Row[tuple[object, ...]]]:  # fmt: skip
    """Return those that somebody may see: their own, and others' as a supervisor where the officer shows."""
    others = {row.officer for row in rows if by.officer not in (row.officer, row.granted_by)}
    may_see_others = by.rank or "administrator" in by.roles
    shown = {one.officer for one in visible.seen(connection, hub, others)} if may_see_others else set()
    return [row for row in rows if row.officer in shown or by.officer in (row.officer, row.granted_by)]


def _granted(row: Row[tuple[object, ...]], now: float) -> GrantedRole:
    return GrantedRole.model_validate(
        {
            "id": row.id, "officer": row.officer, "name": row.name, "role": row.role,
            "granted_by": row.granted_by_name, "at": row.at, "until": row.until, "reason": row.reason,
            "ended": row.ended_at is not None or row.until <= now,
        }
    )  # fmt: skip
