"""What terminals have told of the groups that hide an officer or are their rank: looked up, and taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import or_, select, update

from launcher.hub.audit import rows as audit
from launcher.hub.errors import NotNowError, NotThereError
from launcher.hub.officers import rows
from launcher.hub.officers.guarded import Kept, by_words_alone, guarded_groups, kept_before
from launcher.hub.officers.tables import officers
from launcher.hub.officers.tellers import BY_WORD, is_word
from launcher.hub.stations.tables import stations
from launcher.wire.hub.barred import logon_name

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from launcher.hub.officers.known import KnownOfficer
    from launcher.hub.service import Hub

_MANY: Final = 50
LOOKED_UP: Final = "by whose word groups hide them"


@dataclass(frozen=True, slots=True)
class Hiding:
    """An officer, and each of their guarded groups with those who have told it, in words."""

    officer: KnownOfficer
    told: tuple[tuple[str, str], ...]


def look_up(connection: Connection, hub: Hub, typed: str, *, by: str) -> tuple[Hiding, ...]:
    """Return the officers of a key, number or name to log on with, and whoever has the same number or name as one.

    The caller commits: it is written down. Raises :class:`NotThereError`.
    """
    named = or_(
        officers.c.officer == typed, officers.c.folded_number == logon_name(typed)[:120],
        officers.c.folded_user_name == logon_name(typed)[:120],
    )  # fmt: skip
    found = connection.execute(select(officers.c.officer).where(named).limit(_MANY)).scalars().all()
    known = {one.officer: one for one in filter(None, (rows.known(connection, key) for key in found))}
    for one in tuple(known.values()):
        alike = rows.of_one_human(connection, one, hub.settings.forces.domains)
        known |= {other.officer: other for other in alike}
    if not known:
        raise NotThereError("There is no such officer.")
    told = tuple(Hiding(one, tuple(_in_words(connection, _kept(hub, one)))) for _, one in sorted(known.items()))
    subject = told[0].officer.officer if len(told) == 1 else ""
    audit.append(
        connection, hub, "look-up", actor=by, subject=subject, reason=LOOKED_UP,
        details={"typed": typed[:120], "officers": len(told)},
    )  # fmt: skip
    return told


def forget(connection: Connection, hub: Hub, officer: str, *, by: str, reason: str) -> tuple[str, ...]:
    """Take back the guarded groups that only terminals have told of an officer, and return them.

    A group that a token has told stays, and what terminals tell from now on counts. Raises :class:`NotThereError`, and
    :class:`NotNowError` where there is none.
    """
    connection.execute(select(officers.c.officer).where(officers.c.officer == officer).with_for_update())
    known = rows.known(connection, officer)
    if known is None:
        raise NotThereError("There is no such officer.", hint="Name their key, as officer-groups shows it.")
    kept = _kept(hub, known)
    gone = by_words_alone(kept)
    if not gone:
        raise NotNowError("No terminal's word alone hides this officer, or is their rank.")
    after = replace(known, groups=known.groups - gone, kept=frozenset(one for one in kept if one.group not in gone))
    connection.execute(update(officers).where(officers.c.officer == officer).values(rows.told(after)))
    told = sorted({one.by for one in kept if one.group in gone})
    audit.append(
        connection, hub, "officer-groups", actor=by, subject=officer, reason=reason,
        details={"taken_back": sorted(gone), "told_by": told},
    )  # fmt: skip
    return tuple(sorted(gone))


def _kept(hub: Hub, known: KnownOfficer) -> frozenset[Kept]:
    return kept_before(known.kept, known.groups, known.groups_by, guarded_groups(hub.settings))


def _in_words(connection: Connection, kept: frozenset[Kept]) -> list[tuple[str, str]]:
    return [(one.group, _who(connection, one.by)) for one in sorted(kept)]


def _who(connection: Connection, by: str) -> str:
    if not is_word(by):
        return "a token"
    station = by.removeprefix(BY_WORD)
    row = connection.execute(select(stations).where(stations.c.station == station)).one_or_none()
    if row is None:
        return "a terminal that was removed"
    return f"{row.terminal} ({station}{'' if row.quarantined is None else ', quarantined'})"
