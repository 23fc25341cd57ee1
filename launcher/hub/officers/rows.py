"""Reads and writes of officers: who they are, as it was told last."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, bindparam, exists, func, or_, select, update

from launcher.hub import database
from launcher.hub.officers.guarded import BY_WORD, GONE, Kept
from launcher.hub.officers.known import KnownOfficer, after_token, after_word, is_told_otherwise
from launcher.hub.officers.rules import of_one_force, same_person
from launcher.hub.officers.tables import officers
from launcher.hub.stations.tables import stations
from launcher.wire.hub.barred import logon_name

if TYPE_CHECKING:
    from sqlalchemy import Row

    from launcher.wire.hub.sittings import Person

__all__ = ["KnownOfficer", "is_one_person", "known", "note", "of_one_name", "removed_in_quarantine", "with_user_name"]

SEEN_AGAIN_S: Final = 300.0
"""Being seen is written again after so long where nothing else has changed: reports come often."""
_KNOWN: Final = select(officers).where(officers.c.officer == bindparam("their"))
_OF_ONE_NAME: Final = select(officers).where(officers.c.folded_user_name == bindparam("folded"))
_TRUSTED: Final = or_(
    officers.c.told_by.not_like(f"{BY_WORD}%"),
    exists().where(
        stations.c.station == func.substr(officers.c.told_by, len(BY_WORD) + 1), stations.c.quarantined.is_(None)
    ),
)
"""Told by a token, or by a station that is not in quarantine."""


def note(
    connection: Connection, person: Person, by: str, now: float | None = None, guarded: Collection[str] = ()
) -> str:
    """Note who somebody is. ``by``: ``station:<id>`` or ``openid``; ``guarded``: what a station's word does not take.

    An empty field leaves what is known. Returns why a station's word about the name to log on with is not taken for
    sure, empty where it is: what :func:`words.record` writes down.
    """
    now = database.now() if now is None else now
    asked = select(officers).where(officers.c.officer == person.officer)
    row = connection.execute(asked).one_or_none()
    if row is None:
        before = KnownOfficer(person.officer, "", "", "", frozenset())
        after = _after(connection, before, person, by, guarded)
        made = told(after) | {"officer": person.officer, "seen": now}
        if database.insert_unless_there(connection, officers, made):
            return _unlike(before, after, person)
        row = connection.execute(asked).one()  # another process was told at the same moment
    before = _known(row)
    after = _after(connection, before, person, by, guarded)
    new = told(after)
    if now - row.seen >= SEEN_AGAIN_S or any(getattr(row, field) != value for field, value in new.items()):
        as_read = (officers.c[field] == getattr(row, field) for field in ("officer", *new))
        if connection.execute(update(officers).where(*as_read).values(new | {"seen": now})).rowcount == 0:
            return note(connection, person, by, now, guarded)  # a token may have been told of at the same moment
    return _unlike(before, after, person) if by.startswith(BY_WORD) else ""


def known(connection: Connection, officer: str) -> KnownOfficer | None:
    """Return what is known of an officer."""
    row = connection.execute(_KNOWN, {"their": officer}).one_or_none()
    return None if row is None else _known(row)


def is_one_person(connection: Connection, officer: str, other: str, forces: Collection[str]) -> bool:
    """Say whether two keys are one human's, as far as it is known; ``forces``: the domains of other forces."""
    one, two = known(connection, officer), known(connection, other)
    return officer == other or (one is not None and two is not None and same_person(one, two, forces))


def with_user_name(connection: Connection, user_name: str) -> tuple[KnownOfficer, ...]:
    """Return all who log on with exactly this name, in any case: more than one where there are several issuers.

    Not those whom a station has told of last whose word counts for nothing now.
    """
    asked = _OF_ONE_NAME.where(_TRUSTED)
    alike = map(_known, connection.execute(asked, {"folded": logon_name(user_name)[:120]}))
    return tuple(one for one in alike if one.user_name.casefold() == user_name.casefold())


def of_one_name(connection: Connection, known: KnownOfficer, forces: Collection[str]) -> tuple[KnownOfficer, ...]:
    """Return all who log on with an officer's name in any of its forms (:func:`logon_name`), and are of one force.

    ``forces``: the domains of other forces.
    """
    if not known.user_name:
        return ()
    alike = map(_known, connection.execute(_OF_ONE_NAME, {"folded": logon_name(known.user_name)[:120]}))
    return tuple(one for one in alike if of_one_force(one, known, forces))


def removed_in_quarantine(connection: Connection, station: str) -> None:
    """Note of all whom a station has told of that its word is worth nothing: its row, which says so, goes."""
    whose = f'"{BY_WORD}{station}"'
    asked = select(officers.c.officer, officers.c.groups).where(officers.c.groups.contains(whose, autoescape=True))
    for row in connection.execute(asked.order_by(officers.c.officer)).all():
        groups = row.groups.replace(whose, f'"{GONE}"')
        connection.execute(update(officers).where(officers.c.officer == row.officer).values(groups=groups))


def _after(
    connection: Connection, before: KnownOfficer, said: Person, by: str, guarded: Collection[str]
) -> KnownOfficer:  # fmt: skip
    if not by.startswith(BY_WORD):
        return after_token(before, said, by)
    name = (before.user_name or said.user_name) if before.may_be_unsure else ""
    alike = with_user_name(connection, name) if name else ()
    others = any(one.issuer == before.issuer and one.officer != before.officer for one in alike)
    distrusted = _distrusted(connection, before) if before.ever.intersection(guarded) else frozenset()
    return after_word(before, said, by, guarded, distrusted=distrusted, another_has_it=others)


def _distrusted(connection: Connection, known: KnownOfficer) -> frozenset[str]:
    """Return those who have told an officer's groups and are in quarantine now, or were when they were removed."""
    words = {one.by for one in known.kept} | {known.told_by}
    ids = [by.removeprefix(BY_WORD) for by in words if by.startswith(BY_WORD)]
    asked = select(stations.c.station).where(stations.c.station.in_(ids), stations.c.quarantined.is_not(None))
    return frozenset({GONE, *(f"{BY_WORD}{station}" for station in connection.execute(asked).scalars())})


def _unlike(before: KnownOfficer, after: KnownOfficer, said: Person) -> str:
    if is_told_otherwise(before, said):
        return "another name to log on with than is known: that one stays"
    if after.doubt == "unsure" and before.doubt == "":
        return "a name to log on with that another officer of the issuer has"
    return ""


def told(known: KnownOfficer) -> dict[str, object]:
    """Return what is known of an officer, as the table has it."""
    groups = {"told": sorted(known.groups), "kept": sorted(known.kept)}
    return {
        "number": known.number, "name": known.name, "user_name": known.user_name,
        "folded_user_name": logon_name(known.user_name)[:120], "doubt": known.doubt, "groups": json.dumps(groups),
        "told_by": known.told_by,
    }  # fmt: skip


def _known(row: Row[tuple[object, ...]]) -> KnownOfficer:
    groups = json.loads(row.groups)
    kept = frozenset(Kept(group, by) for group, by in groups["kept"])
    return KnownOfficer(
        row.officer, row.number, row.name, row.user_name, frozenset(groups["told"]), kept, row.doubt, row.told_by
    )
