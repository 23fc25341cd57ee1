"""Reads and writes of cases."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, select, update

from launcher.hub.cases.errors import CaseOverError
from launcher.hub.cases.tables import cases, looked_at
from launcher.hub.database import insert_unless_there
from launcher.hub.errors import NotNowError
from launcher.wire.hub.helpdesk import Case

if TYPE_CHECKING:
    from launcher.wire.hub.helpdesk import OpenCase

CASE_S: Final = 8 * 3600.0
"""A case holds for a shift."""
ONE_LOOK_S: Final = 300.0
"""Whoever keeps looking at the same page in the same case looks once in so long."""
_MINE: Final = select(cases).where(
    cases.c.case == bindparam("its"), cases.c.analyst == bindparam("mine"), cases.c.opened > bindparam("since")
)


def open_case(connection: Connection, analyst: str, said: OpenCase, now: float) -> Case:
    """Open a case; the same key again is the same case. Raises :class:`NotNowError` where its reason is another."""
    mine = (cases.c.analyst == analyst) & (cases.c.key == said.key)
    row = connection.execute(select(cases).where(mine)).one_or_none()
    if row is None:
        row = _made(connection, analyst, said, now)
    if row.reason != said.reason:
        raise NotNowError("The same key was used for a case with another reason.")
    return told(row, now)


def case_of(
    connection: Connection, analyst: str, case: str, now: float, *, lock: bool = False
) -> Row[tuple[object, ...]]:
    """Return an analyst's own case. Raises :class:`CaseOverError`."""
    mine = {"its": case, "mine": analyst, "since": now - CASE_S}
    row = connection.execute(_MINE.with_for_update() if lock else _MINE, mine).one_or_none()
    if row is None:
        raise CaseOverError("There is no such case of yours, or it is over.")
    return row


def told(row: Row[tuple[object, ...]], now: float) -> Case:
    """Return a case as its analyst sees it; who was verified is told while that holds."""
    holds = row.verified is not None and row.verified_until > now
    return Case(
        case=row.case, reason=row.reason, opened=row.opened, verified=row.verified if holds else None,
        verified_until=row.verified_until if holds else None,
    )  # fmt: skip


def verify(connection: Connection, case: str, officer: str, until: float) -> None:
    """Note that the caller is this officer."""
    connection.execute(update(cases).where(cases.c.case == case).values(verified=officer, verified_until=until))


def is_verified(row: Row[tuple[object, ...]], officer: str | None, now: float) -> bool:
    """Say whether the case's caller was verified as this officer, and still is; nobody (None) never is."""
    return officer is not None and row.verified == officer and bool(row.verified_until > now)


def is_new(connection: Connection, case: str, what: str, now: float) -> bool:
    """Say whether this was not looked at in this case within the last minutes."""
    at = connection.execute(select(looked_at.c.at).where(_look(case, what))).scalar_one_or_none()
    return at is None or at <= now - ONE_LOOK_S


def note_look(connection: Connection, case: str, what: str, now: float) -> bool:
    """Note that this is looked at; False where it was within the last minutes."""
    if not is_new(connection, case, what, now):
        return False
    if connection.execute(update(looked_at).where(_look(case, what)).values(at=now)).rowcount:
        return True
    # False: another request of the same analyst has noted it at the same moment.
    return insert_unless_there(connection, looked_at, {"case": case, "subject": _digest(what), "at": now})


def sweep(connection: Connection, now: float) -> None:
    """Forget cases that are over: what was done in them stands in the audit."""
    connection.execute(delete(looked_at).where(looked_at.c.at < now - ONE_LOOK_S))
    connection.execute(delete(cases).where(cases.c.opened < now - 2 * CASE_S))


def _made(connection: Connection, analyst: str, said: OpenCase, now: float) -> Row[tuple[object, ...]]:
    row = {"key": said.key, "analyst": analyst, "reason": said.reason, "opened": now}
    insert_unless_there(connection, cases, {"case": f"case-{secrets.token_hex(8)}", **row})
    mine = (cases.c.analyst == analyst) & (cases.c.key == said.key)
    return connection.execute(select(cases).where(mine)).one()  # which the same request may have made at this moment


def _look(case: str, what: str) -> ColumnElement[bool]:
    return (looked_at.c.case == case) & (looked_at.c.subject == _digest(what))


def _digest(what: str) -> str:
    return hashlib.sha256(what.encode()).hexdigest()
