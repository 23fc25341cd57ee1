"""A station's words about who somebody is: noted, and in the audit where they do not go with what is known."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from launcher.hub import limits
from launcher.hub.audit import rows as audit
from launcher.hub.errors import TooOftenError
from launcher.hub.finding import rows as finding
from launcher.hub.officers import rows
from launcher.hub.officers.errors import OfficerTicketRefusedError
from launcher.hub.officers.guarded import guarded_groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from launcher.hub.service import Hub
    from launcher.wire.hub.sittings import Person


def note(connection: Connection, hub: Hub, station: str, people: Iterable[Person]) -> dict[Person, str]:
    """Note people as a station tells of them; return those whose name to log on with is not taken for sure, and why.

    The caller gives them to :func:`record`, at the end of its transaction.
    """
    guarded = guarded_groups(hub.settings)
    why: dict[Person, str] = {}
    for person in sorted(people, key=lambda one: one.officer):  # in one order: two of these never wait for each other
        why[person] = rows.note(connection, person, f"station:{station}", hub.clock(), guarded)
        finding.note(connection, "officer", person.officer, (person.number, person.name))
    return {person: said for person, said in why.items() if said}


def record(connection: Connection, hub: Hub, station: str, terminal: str, not_sure: Mapping[Person, str]) -> None:
    """Write down why what a station has told of somebody is not taken for sure: once an hour of each officer."""
    for person, why in not_sure.items():
        with suppress(TooOftenError):
            limits.count_in(connection, person.officer, "words-told", 1, limits.HOUR_S, hub.clock())
            audit.append(
                connection, hub, "refused", actor=f"station:{station}", subject=person.officer, station=station,
                terminal=terminal, reference=OfficerTicketRefusedError.reference, reason=why,
                details={"user_name": person.user_name},
            )  # fmt: skip
