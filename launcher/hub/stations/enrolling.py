"""A computer becomes one of the hub's stations, by a code; it takes the place of the one that was called so before."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Row, select, update

from launcher.hub.audit import rows as audit
from launcher.hub.database import insert_unless_there
from launcher.hub.errors import MalformedError
from launcher.hub.stations import removal
from launcher.hub.stations.errors import CodeRefusedError, StationUnknownError
from launcher.hub.stations.rows import digest, plain_code, quarantine
from launcher.hub.stations.tables import enrolment_codes, stations
from launcher.signing import is_public_key, is_signed
from launcher.wire.hub.stations import Enrolled, SignedEnrol

if TYPE_CHECKING:
    from launcher.hub.service import Hub
    from launcher.wire.hub.stations import Enrol


@dataclass(frozen=True, slots=True)
class Joined:
    """A new station; ``wake``: stations to wake after the commit, those whose place it has taken among them."""

    enrolled: Enrolled
    wake: tuple[str, ...]


def enrol(connection: Connection, hub: Hub, signed: SignedEnrol) -> Joined | None:
    """Spend the code and make the station; None: its key is another station's, which is quarantined by this.

    The code is spent in both cases. Raises :class:`CodeRefusedError`, and :class:`StationUnknownError` where the key
    has not signed this: else whoever has a code could have any station quarantined.
    """
    asked = signed.enrol
    if not is_public_key(asked.public_key):
        raise MalformedError("The station's key is no Ed25519 key.")
    if not is_signed("enrol", asked, signed.signature, asked.public_key):
        raise StationUnknownError("The key that is to be enrolled has not signed this.")
    station = f"st-{secrets.token_hex(8)}"
    meant = _spend(connection, hub, asked.code, station)
    terminal, place = meant.terminal or asked.terminal, meant.place or asked.place
    same = _made_or_same(connection, hub, asked, station, terminal, place)
    if same is not None:
        quarantine(connection, hub, same, "its key was enrolled a second time")
        return None
    # By an administrator's word only: whoever has a code could take any terminal's place by calling itself so.
    before = removal.of_name(connection, terminal, place, but=station) if meant.terminal else ()
    gone = removal.take_away(connection, hub, before, removal.ENROLLED_ANEW)
    audit.append(
        connection, hub, "enrolled", actor=f"station:{station}", station=station, terminal=terminal,
        details={"place": place, "version": asked.version, "code_by": meant.made_by},
    )  # fmt: skip
    removal.record(connection, hub, gone, by=str(meant.made_by))
    enrolled = Enrolled(station=station, hub=hub.name, hub_key=hub.key.public, terminal=terminal, place=place)
    return Joined(enrolled, gone.wake)


def _spend(connection: Connection, hub: Hub, code: str, station: str) -> Row[tuple[object, ...]]:
    now, kept = hub.clock(), digest(plain_code(code))
    spent = connection.execute(
        update(enrolment_codes)
        .where(enrolment_codes.c.digest == kept, enrolment_codes.c.used_by.is_(None), enrolment_codes.c.until > now)
        .values(used_by=station, used_at=now)
    )
    if spent.rowcount != 1:
        raise CodeRefusedError("The enrolment code is not known, was used already or is too old.")
    return connection.execute(select(enrolment_codes).where(enrolment_codes.c.digest == kept)).one()


def _made_or_same(
    connection: Connection, hub: Hub, asked: Enrol, station: str, terminal: str, place: str
) -> Row[tuple[object, ...]] | None:
    """Make the station; return the one that has its key already instead."""
    now = hub.clock()
    made = {
        "station": station, "public_key": asked.public_key, "terminal": terminal, "place": place,
        "version": asked.version, "enrolled": now, "heard": now,
    }  # fmt: skip
    same = _with_key(connection, asked.public_key)
    if same is None and not insert_unless_there(connection, stations, made):  # enrolled elsewhere at this moment
        same = _with_key(connection, asked.public_key)
    return same


def _with_key(connection: Connection, public_key: str) -> Row[tuple[object, ...]] | None:
    return connection.execute(select(stations).where(stations.c.public_key == public_key)).one_or_none()
