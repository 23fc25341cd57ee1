"""Reads and writes of officers: who they are by the best word there is, which is what they are found by, too."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, and_, bindparam, or_, select, update

from launcher.hub import database
from launcher.hub.finding import rows as finding
from launcher.hub.officers import tellers
from launcher.hub.officers.guarded import Kept
from launcher.hub.officers.known import KnownOfficer, after_token, after_word, is_told_otherwise
from launcher.hub.officers.rules import same_person
from launcher.hub.officers.tables import officers
from launcher.wire.hub.barred import logon_name

if TYPE_CHECKING:
    from sqlalchemy import Row

    from launcher.wire.hub.sittings import Person

__all__ = [
    "KnownOfficer", "groups_that_count", "is_one_person", "known", "note", "of_one_human", "removed_in_quarantine",
    "with_user_name",
]  # fmt: skip

SEEN_AGAIN_S: Final = 300.0
"""Being seen is written again after so long where nothing else has changed: reports come often."""
_KNOWN: Final = select(officers).where(officers.c.officer == bindparam("their"))
_OF_ONE_NAME: Final = select(officers).where(officers.c.folded_user_name == bindparam("folded"))
_OF_ONE_HUMAN: Final = select(officers).where(
    or_(
        officers.c.officer == bindparam("their"),
        and_(officers.c.folded_user_name == bindparam("user_name"), officers.c.folded_user_name != ""),
        and_(officers.c.folded_number == bindparam("number"), officers.c.folded_number != ""),
    )
)
_TRUSTED: Final = tellers.counts(officers.c.told_by)


def note(
    connection: Connection, person: Person, by: str, now: float | None = None, guarded: Collection[str] = ()
) -> str:
    """Note who somebody is, and have them found so. ``by``: see :mod:`tellers`.

    ``guarded``: groups that a station's word does not take. An empty field leaves what is known. Returns why a
    station's word about the name to log on with is not taken for sure, empty where it is: what :func:`words.record`
    writes down.
    """
    now = database.now() if now is None else now
    asked = select(officers).where(officers.c.officer == person.officer)
    row = connection.execute(asked).one_or_none()
    if row is None:
        before = KnownOfficer(person.officer, "", "", "", frozenset())
        after = _after(connection, before, person, by, guarded)
        made = told(after) | {"officer": person.officer, "seen": now}
        if database.insert_unless_there(connection, officers, made):
            _find_by(connection, after)
            return _unlike(before, after, person)
        row = connection.execute(asked).one()  # another process was told at the same moment
    before = _known(row)
    after = _after(connection, before, person, by, guarded)
    new = told(after)
    if now - row.seen >= SEEN_AGAIN_S or any(getattr(row, field) != value for field, value in new.items()):
        as_read = (officers.c[field] == getattr(row, field) for field in ("officer", *new))
        if connection.execute(update(officers).where(*as_read).values(new | {"seen": now})).rowcount == 0:
            return note(connection, person, by, now, guarded)  # a token may have been told of at the same moment
    if (before.number, before.name) != (after.number, after.name):
        _find_by(connection, after)
    return _unlike(before, after, person) if tellers.is_word(by) else ""


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


def of_one_human(
    connection: Connection, known: KnownOfficer, forces: Collection[str] = ()
) -> tuple[KnownOfficer, ...]:  # fmt: skip
    """Return all who are one human, by any issuer, as far as it is known: see :func:`same_person`."""
    folded = {"user_name": logon_name(known.user_name)[:120], "number": logon_name(known.number)[:120]}
    alike = map(_known, connection.execute(_OF_ONE_HUMAN, {"their": known.officer, **folded}))
    return tuple(one for one in alike if same_person(one, known, forces))


def groups_that_count(connection: Connection, known: KnownOfficer) -> frozenset[str]:
    """Return the groups by which somebody may have roles: those of a station only while it is trusted."""
    return known.groups if tellers.all_count(connection, (known.groups_by,)) else frozenset()


def removed_in_quarantine(connection: Connection, station: str) -> None:
    """Note of all that a station has told that its word is worth nothing: its row, which says so, goes."""
    by = tellers.by_station(station)
    named = (officers.c.number_by, officers.c.name_by, officers.c.groups_by)
    kept = officers.c.groups.contains(f'"{by}"', autoescape=True)
    asked = select(officers).where(or_(kept, *(one == by for one in named))).order_by(officers.c.officer)
    for row in connection.execute(asked).all():
        gone = {one.name: tellers.GONE for one in named if getattr(row, one.name) == by}
        gone["groups"] = row.groups.replace(f'"{by}"', f'"{tellers.GONE}"')
        connection.execute(update(officers).where(officers.c.officer == row.officer).values(gone))


def _after(
    connection: Connection, before: KnownOfficer, said: Person, by: str, guarded: Collection[str]
) -> KnownOfficer:  # fmt: skip
    if not tellers.is_word(by):
        return after_token(before, said, by)
    name = (before.user_name or said.user_name) if before.may_be_unsure else ""
    alike = with_user_name(connection, name) if name else ()
    others = any(one.issuer == before.issuer and one.officer != before.officer for one in alike)
    is_renumbered = bool(before.number) and said.number not in ("", before.number)
    humans = of_one_human(connection, before) if is_renumbered else (before,)  # of any force: a number stays sooner
    are_guarded = [one.officer for one in humans if not one.ever.isdisjoint(guarded)]
    words = {before.number_by, before.groups_by, *(one.by for one in before.kept)}
    distrusted = tellers.distrusted(connection, words) if are_guarded else frozenset()
    return after_word(
        before, said, by, guarded, distrusted=distrusted, another_has_it=others,
        another_is_guarded=any(one != before.officer for one in are_guarded),
    )  # fmt: skip


def _find_by(connection: Connection, known: KnownOfficer) -> None:
    finding.note(connection, "officer", known.officer, (known.number, known.name))


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
        "folded_number": logon_name(known.number)[:120], "folded_user_name": logon_name(known.user_name)[:120],
        "doubt": known.doubt, "groups": json.dumps(groups), "told_by": known.told_by, "number_by": known.number_by,
        "name_by": known.name_by, "groups_by": known.groups_by,
    }  # fmt: skip


def _known(row: Row[tuple[object, ...]]) -> KnownOfficer:
    groups = json.loads(row.groups)
    kept = frozenset(Kept(group, by) for group, by in groups["kept"])
    return KnownOfficer(
        row.officer, row.number, row.name, row.user_name, frozenset(groups["told"]), kept, row.doubt, row.told_by,
        row.number_by, row.name_by, row.groups_by,
    )  # fmt: skip
