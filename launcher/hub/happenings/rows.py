"""Receiving what happened at a station: each thing once, in order, with its row in the audit where it has one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Row, insert, select, update

from launcher.hub.audit import rows as audit
from launcher.hub.finding import rows as finding
from launcher.hub.happenings.tables import happenings
from launcher.hub.officers import rows as officers
from launcher.hub.sittings import elsewhere
from launcher.hub.sittings import rows as sittings_rows
from launcher.hub.sittings.elsewhere import Changed
from launcher.hub.sittings.tables import pictures, sittings
from launcher.timings.buckets import bucket
from launcher.timings.clock import own_ms
from launcher.wire.hub.sittings import Began, Ended, Happened, Happenings
from launcher.wire.records import LaunchRecord, NoticeRecord, SignInRecord, SwitchRecord

if TYPE_CHECKING:
    from launcher.hub.requests import AskingStation
    from launcher.hub.service import Hub
    from launcher.wire.hub.audit import AuditKind

LONGEST_RECORD: Final = 20_000
"""A record that is longer is kept without its phases."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was received. ``up_to``: all until there is stored; ``wake``: stations to wake (``elsewhere``)."""

    up_to: int
    wake: tuple[str, ...]


@dataclass
class _Batch:
    """What one batch brings about beside its own rows."""

    now: float
    rows: list[dict[str, object]] = field(default_factory=list)
    audits: list[tuple[AuditKind, dict[str, object]]] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)


def take(connection: Connection, hub: Hub, station: AskingStation, said: Happenings) -> Taken:
    """Store what is new. What was received already, and what came twice in one batch, is passed over."""
    picture = sittings_rows.locked(connection, station.id)
    new: list[Happened] = []
    up_to = picture.received
    for one in said.happened:
        if one.seq > up_to:
            new.append(one)
            up_to = one.seq
    if not new:
        return Taken(up_to, ())
    batch = _Batch(hub.clock())
    known = _sittings(connection, station.id, new)
    _note_people(connection, station.id, new, batch.now)
    elsewhere.lock(connection, {known[one.sitting].officer for one in new if one.sitting in known})
    for one in new:
        _take_one(connection, hub, station, one, known, batch)
    connection.execute(insert(happenings), batch.rows)
    connection.execute(update(pictures).where(pictures.c.station == station.id).values(received=up_to))
    wake = elsewhere.raise_for(connection, station.id, Changed(frozenset(batch.moved), frozenset()))
    for kind, fields in batch.audits:
        audit.append(connection, hub, kind, station=station.id, terminal=station.terminal, **fields)  # type: ignore[arg-type]
    return Taken(up_to, wake)


def _sittings(connection: Connection, station: str, new: list[Happened]) -> dict[str, Row[tuple[object, ...]]]:
    """Return the station's own sittings that are named: another station's are nobody's here."""
    named = {one.sitting for one in new if one.sitting is not None}
    rows = connection.execute(select(sittings).where(sittings.c.sitting.in_(named), sittings.c.station == station))
    return {row.sitting: row for row in rows}


def _note_people(connection: Connection, station: str, new: list[Happened], now: float) -> None:
    people = {one.what.person.officer: one.what.person for one in new if isinstance(one.what, Began)}
    for officer in sorted(people):
        officers.note(connection, people[officer], f"station:{station}", now)
        finding.note(connection, "officer", officer, (people[officer].number, people[officer].name))


def _take_one(
    connection: Connection,
    hub: Hub,
    station: AskingStation,
    one: Happened,
    known: dict[str, Row[tuple[object, ...]]],
    batch: _Batch,
) -> None:
    what, now = one.what, batch.now
    at = min(what.at, now)  # a station's clock may be ahead
    officer = one.officer or ""
    sitting = known.get(one.sitting or "")
    if sitting is not None:
        officer = sitting.officer
    match what:
        case Began():
            officer = what.person.officer
            if one.sitting is not None and sitting is None:
                _add_over(connection, station, one.sitting, what, at)
                known |= _sittings(connection, station.id, [one])
            said = {"sitting": one.sitting or "", "proved_by": what.proved_by, "number": what.person.number}
            batch.audits.append(("sign-in", _audit(officer, what.person.name, at, details=said)))
        case Ended():
            if sitting is not None:
                _end(connection, sitting, what, at)
                batch.moved |= {officer} if sitting.ended is None else set()
            if officer and not (sitting is not None and sitting.end_told):
                left = {"sitting": one.sitting or "", "left_signed_on": len(what.left_signed_on)}
                name = sitting.name if sitting is not None else ""
                batch.audits.append(("sign-in-ended", _audit(officer, name, at, reason=what.reason, details=left)))
        case LaunchRecord(outcome="ready") if what.system in hub.settings.audit.marked_systems:
            opened = {"system": what.system, "sitting": one.sitting or "", "again": what.again}
            batch.audits.append(("opened", _audit(officer, sitting.name if sitting else "", at, details=opened)))
        case NoticeRecord():
            read = {"system": what.system[:100], "page": what.page[:100], "sitting": one.sitting or ""}
            officer = officer or _fit(what.officer, 600)
            name = sitting.name if sitting is not None else ""
            batch.audits.append(("notice-acknowledged", _audit(officer, name, at, details=read)))
        case SignInRecord(outcome="refused"):
            tried = {"sign_in": what.method[:40]}
            refused = _audit(officer or f"station:{station.id}", "", at, details=tried)
            batch.audits.append(("refused", refused | {"reference": (what.reference or "")[:80]}))
        case _:
            pass
    batch.rows.append(_row(station, one, officer, at, now))


def _row(station: AskingStation, one: Happened, officer: str, at: float, now: float) -> dict[str, object]:
    what = one.what
    record = what.model_dump_json()
    if len(record) > LONGEST_RECORD and isinstance(what, SignInRecord | LaunchRecord | SwitchRecord):
        record = what.model_copy(update={"phases": ()}).model_dump_json()
    total = what.total_ms if isinstance(what, SignInRecord | LaunchRecord | SwitchRecord) else 0.0
    own = own_ms(what) if isinstance(what, LaunchRecord) else total
    return {
        "station": station.id, "seq": one.seq, "kind": what.kind, "terminal": station.terminal, "place": station.place,
        "at": at, "received": now, "sitting": one.sitting or "", "officer": officer,
        "system": _fit(what.system, 100) if isinstance(what, LaunchRecord | NoticeRecord) else "",
        "outcome": what.outcome if isinstance(what, LaunchRecord | SignInRecord) else "",
        "reference": _fit(what.reference or "", 80) if isinstance(what, LaunchRecord | SignInRecord) else "",
        "words": one.words, "again": isinstance(what, LaunchRecord) and what.again, "total_ms": total, "own_ms": own,
        "bucket": bucket(own), "record": record,
    }  # fmt: skip


def _fit(untrusted_text: str, longest: int) -> str:
    """Return a text of a record as its column takes it: PostgreSQL keeps no NUL."""
    return untrusted_text.replace("\0", "")[:longest]


def _add_over(connection: Connection, station: AskingStation, sitting: str, what: Began, at: float) -> None:
    """Note a sitting that no report has named: it is over, unless a report still does."""
    taken = connection.execute(select(sittings.c.sitting).where(sittings.c.sitting == sitting)).one_or_none()
    if taken is None:  # else another station's
        connection.execute(
            insert(sittings).values(
                sitting=sitting, station=station.id, terminal=station.terminal, place=station.place, boot=station.boot,
                officer=what.person.officer, number=what.person.number, name=what.person.name,
                user_name=what.person.user_name, proved_by=what.proved_by, since=at, state_since=at, ended=at,
            )
        )  # fmt: skip


def _end(connection: Connection, sitting: Row[tuple[object, ...]], what: Ended, at: float) -> None:
    ended = {
        "ended": max(at, sitting.since), "end_told": True, "ended_reason": what.reason, "open_systems": 0,
        "left_signed_on": json.dumps(what.left_signed_on),
    }  # fmt: skip
    connection.execute(update(sittings).where(sittings.c.sitting == sitting.sitting).values(ended))


def _audit(
    officer: str, name: str, at: float, *, reason: str = "", details: Mapping[str, object] | None = None
) -> dict[str, object]:
    return {"actor": officer, "actor_name": name, "happened": at, "reason": reason, "details": details}
