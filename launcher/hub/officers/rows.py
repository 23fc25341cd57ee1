"""Reads and writes of officers: who they are, as it was told last."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from launcher.hub import database
from launcher.hub.officers.tables import officers
from launcher.wire.hub.barred import logon_name

if TYPE_CHECKING:
    from launcher.wire.hub.sittings import Person

SEEN_AGAIN_S: Final = 300.0
"""Being seen is written again after so long where nothing else has changed: reports come often."""


@dataclass(frozen=True, slots=True)
class KnownOfficer:
    """An officer as the hub was told last. ``groups``: lower case."""

    officer: str
    number: str
    name: str
    user_name: str
    groups: frozenset[str]


def note(connection: Connection, person: Person, by: str, now: float | None = None) -> None:
    """Note who somebody is. ``by``: ``station:<id>``, ``openid`` or ``kerberos``.

    An empty field leaves what is known.
    """
    now = database.now() if now is None else now
    known = connection.execute(select(officers).where(officers.c.officer == person.officer)).one_or_none()
    told = {
        "number": person.number, "name": person.name, "user_name": person.user_name,
        "folded_user_name": logon_name(person.user_name)[:120],
    }  # fmt: skip
    changed: dict[str, object] = {field: value for field, value in told.items() if value}
    if person.groups or known is None:
        changed["groups"] = json.dumps(sorted({group.lower() for group in person.groups}))
    if known is None:
        if _made(connection, {"officer": person.officer, **changed, "told_by": by, "seen": now}):
            return
        known = connection.execute(select(officers).where(officers.c.officer == person.officer)).one()
    if all(getattr(known, field) == value for field, value in changed.items()) and now - known.seen < SEEN_AGAIN_S:
        return
    changed |= {"told_by": by, "seen": now}
    connection.execute(update(officers).where(officers.c.officer == person.officer).values(changed))


def known(connection: Connection, officer: str) -> KnownOfficer | None:
    """Return what is known of an officer."""
    row = connection.execute(select(officers).where(officers.c.officer == officer)).one_or_none()
    return None if row is None else _known(row)


def with_user_name(connection: Connection, user_name: str) -> tuple[KnownOfficer, ...]:
    """Return all who log on with exactly this name, in any case: more than one where there are several issuers."""
    alike = of_one_name(connection, user_name)
    return tuple(one for one in alike if one.user_name.casefold() == user_name.casefold())


def of_one_name(connection: Connection, user_name: str) -> tuple[KnownOfficer, ...]:
    """Return all who log on with this name in any of its forms (:func:`logon_name`)."""
    rows = connection.execute(select(officers).where(officers.c.folded_user_name == logon_name(user_name)[:120])).all()
    return tuple(map(_known, rows))


def _made(connection: Connection, row: dict[str, object]) -> bool:
    try:
        with connection.begin_nested():
            connection.execute(insert(officers).values(row))
    except IntegrityError:  # another process was told at the same moment
        return False
    return True


def _known(row: Row[tuple[object, ...]]) -> KnownOfficer:
    return KnownOfficer(row.officer, row.number, row.name, row.user_name, frozenset(json.loads(row.groups)))
