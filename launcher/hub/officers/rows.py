"""Reads and writes of officers: who they are, as it was told last."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Row, bindparam, select, update

from launcher.hub import database
from launcher.hub.officers.known import KnownOfficer, after_token, after_word
from launcher.hub.officers.rules import same_person
from launcher.hub.officers.tables import officers
from launcher.wire.hub.barred import logon_name

if TYPE_CHECKING:
    from launcher.wire.hub.sittings import Person

__all__ = ["KnownOfficer", "is_one_person", "known", "note", "of_one_name", "with_user_name"]

SEEN_AGAIN_S: Final = 300.0
_KNOWN: Final = select(officers).where(officers.c.officer == bindparam("their"))
"""Being seen is written again after so long where nothing else has changed: reports come often."""


def note(
    connection: Connection, person: Person, by: str, now: float | None = None, guarded: Collection[str] = ()
) -> None:
    """Note who somebody is. ``by``: ``station:<id>`` or ``openid``; ``guarded``: what a station's word does not take.

    An empty field leaves what is known.
    """
    now = database.now() if now is None else now
    asked = select(officers).where(officers.c.officer == person.officer)
    row = connection.execute(asked).one_or_none()
    if row is None:
        nobody = KnownOfficer(person.officer, "", "", "", frozenset())
        made = _told(after_token(nobody, person), by) | {"officer": person.officer, "seen": now}
        if database.insert_unless_there(connection, officers, made):
            return
        row = connection.execute(asked).one()  # another process was told at the same moment
    if by.startswith("station:"):
        told = _told(*_by_word(connection, row, person, by, guarded))
    else:
        told = _told(after_token(_known(row), person), by)
    same = all(getattr(row, field) == value for field, value in told.items() if field != "told_by")
    if same and now - row.seen < SEEN_AGAIN_S:
        return
    connection.execute(update(officers).where(officers.c.officer == person.officer).values(told | {"seen": now}))


def known(connection: Connection, officer: str) -> KnownOfficer | None:
    """Return what is known of an officer."""
    row = connection.execute(_KNOWN, {"their": officer}).one_or_none()
    return None if row is None else _known(row)


def is_one_person(connection: Connection, officer: str, other: str) -> bool:
    """Say whether two keys are one human's, as far as it is known."""
    one, two = known(connection, officer), known(connection, other)
    return officer == other or (one is not None and two is not None and same_person(one, two))


def with_user_name(connection: Connection, user_name: str) -> tuple[KnownOfficer, ...]:
    """Return all who log on with exactly this name, in any case: more than one where there are several issuers."""
    alike = of_one_name(connection, user_name)
    return tuple(one for one in alike if one.user_name.casefold() == user_name.casefold())


def of_one_name(connection: Connection, user_name: str) -> tuple[KnownOfficer, ...]:
    """Return all who log on with this name in any of its forms (:func:`logon_name`)."""
    rows = connection.execute(select(officers).where(officers.c.folded_user_name == logon_name(user_name)[:120])).all()
    return tuple(map(_known, rows))


def _by_word(
    connection: Connection, row: Row[tuple[object, ...]], person: Person, by: str, guarded: Collection[str]
) -> tuple[KnownOfficer, str]:
    """Return what is known after a station's word, and by whom; what a token has told stays the token's."""
    known, proved = _known(row), not row.told_by.startswith("station:")
    if known.user_name and person.user_name and logon_name(person.user_name) != row.folded_user_name:
        # Who does not show because of another issuer's groups goes on so under another name.
        theirs = (one.ever for one in of_one_name(connection, known.user_name))
        known = replace(known, kept=known.kept.union(*theirs))
    return after_word(known, person, guarded, proved=proved), row.told_by if proved else by


def _told(known: KnownOfficer, by: str) -> dict[str, object]:
    groups = {"told": sorted(known.groups), "kept": sorted(known.kept)}
    return {
        "number": known.number, "name": known.name, "user_name": known.user_name,
        "folded_user_name": logon_name(known.user_name)[:120], "groups": json.dumps(groups), "told_by": by,
    }  # fmt: skip


def _known(row: Row[tuple[object, ...]]) -> KnownOfficer:
    groups = json.loads(row.groups)
    told, kept = frozenset(groups["told"]), frozenset(groups["kept"])
    return KnownOfficer(row.officer, row.number, row.name, row.user_name, told, kept)
