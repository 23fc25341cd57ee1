"""Receiving what happened at a station: each thing once, in order, with its row in the audit where it has one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Row, insert, select, update

from launcher.hub.audit import rows as audit
from launcher.hub.database import insert_unless_there
from launcher.hub.happenings.audited import Concerned, audited
from launcher.hub.happenings.fit import fit
from launcher.hub.happenings.kept import kept
from launcher.hub.happenings.tables import happenings
from launcher.hub.officers import rows as officers
from launcher.hub.officers import words
from launcher.hub.officers.known import is_news
from launcher.hub.sittings import bounds, elsewhere
from launcher.hub.sittings import rows as sittings_rows
from launcher.hub.sittings.clocks import StationClock, clock_of
from launcher.hub.sittings.elsewhere import Changed
from launcher.hub.sittings.tables import pictures, sittings
from launcher.timings.buckets import bucket
from launcher.timings.clock import own_ms
from launcher.wire.hub.sittings import Began, Ended, Happened, Happenings, Person, What
from launcher.wire.records import LaunchRecord, NoticeRecord, SignInRecord, SwitchRecord

if TYPE_CHECKING:
    from launcher.hub.requests import AskingStation
    from launcher.hub.service import Hub


@dataclass(frozen=True, slots=True)
class Taken:
    """What was received. ``wake``: stations to wake (``elsewhere``).

    ``up_to``: all until there is stored, but for the kinds in ``let_go``, of which a terminal has no more in a day.
    """

    up_to: int
    wake: tuple[str, ...] = ()
    let_go: tuple[str, ...] = ()


def take(connection: Connection, hub: Hub, station: AskingStation, said: Happenings) -> Taken:
    """Store what is new. What was received already, and what came twice in one batch, is passed over."""
    received = sittings_rows.locked(connection, station.id).received
    new = _new(said, received)
    if not new:
        return Taken(received)
    now = hub.clock()
    connection.execute(update(pictures).where(pictures.c.station == station.id).values(received=new[-1].seq))
    some = kept(connection, station, new, now)
    wake, is_beyond = _keep(connection, hub, station, some, clock_of(said.at, now)) if some else ((), False)
    if is_beyond or len(some) < len(new):
        bounds.record(connection, hub, station)
    over = {one.seq for one in new} - {one.seq for one in some}
    return Taken(new[-1].seq, wake, tuple(one.what.kind for one in new if one.seq in over))


def _keep(
    connection: Connection, hub: Hub, station: AskingStation, some: list[Happened], clock: StationClock
) -> tuple[tuple[str, ...], bool]:  # fmt: skip
    """Store things in their order; return the stations to wake, and whether more people were told of than are taken."""
    people, is_beyond = _people(connection, station, some, clock.now)
    not_sure = words.note(connection, hub, station.id, people)
    for one in some:
        _add_over(connection, station, one, clock)
    known = _sittings(connection, station.id, some)
    elsewhere.lock(connection, {row.officer for row in known.values()})
    moved = frozenset(filter(None, (_end(connection, one, known, clock) for one in some)))
    whose = [_concerned(station, one, known) for one in some]
    connection.execute(
        insert(happenings), [_row(station, one, who, clock) for one, who in zip(some, whose, strict=True)]
    )  # fmt: skip
    wake = elsewhere.raise_for(connection, station.id, Changed(moved, frozenset()))
    for one, who in zip(some, whose, strict=True):
        _audit(connection, hub, station, one, who, clock)
    words.record(connection, hub, station.id, station.terminal, not_sure)
    return wake, is_beyond


def _new(said: Happenings, received: int) -> list[Happened]:
    new: list[Happened] = []
    for one in said.happened:
        if one.seq > (new[-1].seq if new else received):
            new.append(one)
    return new


def _people(
    connection: Connection, station: AskingStation, new: list[Happened], now: float
) -> tuple[list[Person], bool]:  # fmt: skip
    """Return of whom the station's word is taken, and whether it tells of more than that within an hour.

    Of the others it is kept what happened, and not who they are: that they are told of when they log on again.
    """
    began = {one.what.person.officer: one.what.person for one in new if isinstance(one.what, Began)}
    news = [one for one in began.values() if is_news(officers.known(connection, one.officer), one)]
    beyond = news[bounds.as_many_people(connection, station, len(news), now) :]
    return [one for one in began.values() if one not in beyond], bool(beyond)


def _sittings(connection: Connection, station: str, new: list[Happened]) -> dict[str, Row[tuple[object, ...]]]:
    """Return the station's own sittings that are named: another station's are nobody's here."""
    named = {one.sitting for one in new if one.sitting is not None}
    rows = connection.execute(select(sittings).where(sittings.c.sitting.in_(named), sittings.c.station == station))
    return {row.sitting: row for row in rows}


def _concerned(station: AskingStation, one: Happened, known: dict[str, Row[tuple[object, ...]]]) -> Concerned:
    """Return whose doing it was: the sitting's officer; else the officer whom the station names."""
    sitting = known.get(one.sitting or "")
    if isinstance(one.what, Began):
        return Concerned(one.what.person.officer, one.what.person.name)
    if sitting is not None:
        return Concerned(sitting.officer, sitting.name, over=bool(sitting.end_told))
    if isinstance(one.what, NoticeRecord):
        return Concerned(one.officer or _fit(one.what.officer, 600), "")
    return Concerned(one.officer or "", "")


def _audit(
    connection: Connection, hub: Hub, station: AskingStation, one: Happened, who: Concerned, clock: StationClock
) -> None:  # fmt: skip
    row = audited(one, who, hub.settings.audit.marked_systems)
    if row is not None:
        own = {"station_at": one.what.at} if clock.ahead_s else {}
        audit.append(
            connection, hub, row.kind, actor=who.officer or f"station:{station.id}", actor_name=who.name,
            station=station.id, terminal=station.terminal, reference=row.reference, reason=row.reason,
            details={**row.details, **own}, happened=clock.on_hubs(one.what.at),
        )  # fmt: skip


def _row(station: AskingStation, one: Happened, who: Concerned, clock: StationClock) -> dict[str, object]:
    what = _as_kept(one.what, clock.now)
    total = what.total_ms if isinstance(what, SignInRecord | LaunchRecord | SwitchRecord) else 0.0
    own = own_ms(what) if isinstance(what, LaunchRecord) else total
    return {
        "station": station.id, "seq": one.seq, "kind": what.kind, "terminal": station.terminal, "place": station.place,
        "at": clock.on_hubs(one.what.at), "received": clock.now, "sitting": one.sitting or "", "officer": who.officer,
        "system": what.system[:100] if isinstance(what, LaunchRecord | NoticeRecord) else "",
        "outcome": what.outcome if isinstance(what, LaunchRecord | SignInRecord) else "",
        "reference": (what.reference or "")[:80] if isinstance(what, LaunchRecord | SignInRecord) else "",
        "words": one.words, "again": isinstance(what, LaunchRecord) and what.again, "total_ms": total, "own_ms": own,
        "bucket": bucket(own), "record": what.model_dump_json(),
    }  # fmt: skip


def _as_kept(what: What, now: float) -> What:
    """Return a record as it is kept: somebody's groups are kept with them, once, and may be very many."""
    match what:
        case Began():
            return what.model_copy(update={"person": what.person.model_copy(update={"groups": ()})})
        case Ended():
            return what
        case _:
            return fit(what, now)


def _fit(untrusted_text: str, longest: int) -> str:
    """Return a text of a record as its column takes it: PostgreSQL keeps no NUL."""
    return untrusted_text.replace("\0", "")[:longest]


def _add_over(connection: Connection, station: AskingStation, one: Happened, clock: StationClock) -> None:
    """Note a sitting that has begun and that no report has named: it is over, unless a report still does."""
    what = one.what
    if not isinstance(what, Began) or one.sitting is None:
        return
    at = clock.on_hubs(one.what.at)
    over = {
        "sitting": one.sitting, "station": station.id, "terminal": station.terminal, "place": station.place,
        "boot": station.boot, "officer": what.person.officer, "number": what.person.number, "name": what.person.name,
        "user_name": what.person.user_name, "proved_by": what.proved_by, "since": at, "state_since": at, "ended": at,
    }  # fmt: skip
    insert_unless_there(connection, sittings, over)  # it may be known, or another station's


def _end(
    connection: Connection, one: Happened, known: dict[str, Row[tuple[object, ...]]], clock: StationClock
) -> str | None:
    """Note how a sitting has ended; return its officer where it was open until now."""
    what, sitting = one.what, known.get(one.sitting or "")
    if not isinstance(what, Ended) or sitting is None:
        return None
    ended = {
        "ended": max(clock.on_hubs(what.at), sitting.since), "end_told": True, "ended_reason": what.reason,
        "open_systems": 0, "left_signed_on": json.dumps(what.left_signed_on),
    }  # fmt: skip
    connection.execute(update(sittings).where(sittings.c.sitting == one.sitting).values(ended))
    return str(sitting.officer) if sitting.ended is None else None
