"""Giving notices, taking them back, and which of them hold at a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, update

from launcher.hub.audit import rows as audit
from launcher.hub.database import insert_unless_there
from launcher.hub.errors import NotNowError, NotThereError
from launcher.hub.notices.tables import notices
from launcher.hub.stations.rows import raise_version
from launcher.hub.stations.tables import versions
from launcher.wire.hub.helpdesk import GiveNotice
from launcher.wire.hub.sittings import AllNotices, NoticeLine

if TYPE_CHECKING:
    from launcher.hub.officers.asking import AskingOfficer
    from launcher.hub.service import Hub

LIST: Final = "notices"
"""What the list is called among those that all stations keep."""
MANY: Final = 50
"""More do not hold at once: nobody would read them."""


def give(connection: Connection, hub: Hub, asked: GiveNotice, by: AskingOfficer) -> tuple[NoticeLine, bool]:
    """Give a notice; return it, and whether it is new: then the caller wakes ``stations`` after the commit.

    The same key with the same words is the same notice. Raises :class:`NotNowError` for the same key with others, and
    where too many hold.
    """
    given = _with_key(connection, by.officer, asked.key)
    if given is None:
        _must_have_room(connection, hub.clock())
        made = _made(connection, asked, by, hub.clock())
        if made is not None:
            _record_given(connection, hub, made, asked, by)
            return made, True
        given = _with_key(connection, by.officer, asked.key)
    if given is None or GiveNotice.model_validate_json(given.said) != asked:
        raise NotNowError("Another notice was given with the same key.")
    return _line(given), False


def withdraw(connection: Connection, hub: Hub, number: int, by: AskingOfficer) -> bool:
    """Take a notice back; return whether it held until now: then the caller wakes ``stations``.

    Raises :class:`NotThereError`.
    """
    row = connection.execute(select(notices).where(notices.c.id == number).with_for_update()).one_or_none()
    if row is None:
        raise NotThereError("There is no such notice.")
    if row.over is not None:
        return False
    connection.execute(update(notices).where(notices.c.id == number).values(over=hub.clock()))
    raise_version(connection, LIST)
    details = {"notice": number, "withdrawn": True}
    audit.append(connection, hub, "notice", actor=by.officer, actor_name=by.name, details=details)
    return True


def holding(connection: Connection, now: float) -> tuple[NoticeLine, ...]:
    """Return all that hold, wherever, the newest first."""
    rows = connection.execute(select(notices).where(_holds(now)).order_by(notices.c.id.desc()))
    return tuple(_line(row) for row in rows)


def holding_at(connection: Connection, place: str, now: float) -> AllNotices:
    """Return those that hold at a place, as its stations hear them."""
    # The version first: a notice that comes between the two is told again by the next one.
    version = connection.execute(select(versions.c.version).where(versions.c.what == LIST)).scalar_one_or_none()
    here = (
        one.model_copy(update={"places": (), "by_name": ""})
        for one in holding(connection, now)
        if not one.places or place.casefold() in {where.casefold() for where in one.places}
    )
    return AllNotices(version=version or 0, notices=tuple(here))


def keep(hub: Hub) -> None:
    """Note those whose time is over and wake the stations."""
    due = (notices.c.over.is_(None), notices.c.until <= hub.clock())
    with hub.store.reading() as connection:
        if connection.execute(select(notices.c.id).where(*due).limit(1)).one_or_none() is None:
            return
    with hub.store.writing() as connection:
        gone = connection.execute(
            update(notices).where(*due).values(over=notices.c.until).returning(notices.c.id)
        ).scalars()
        numbers = sorted(gone)
        if numbers:
            raise_version(connection, LIST)
            audit.append(connection, hub, "notice", actor="hub", details={"notices": numbers, "over": True})
    if numbers:
        hub.wakes.wake("stations")


def _must_have_room(connection: Connection, now: float) -> None:
    many = connection.execute(select(func.count()).select_from(notices).where(_holds(now))).scalar_one()
    if many >= MANY:
        raise NotNowError(f"{MANY} notices hold already.", hint="Withdraw one that is done with first.")


def _made(connection: Connection, asked: GiveNotice, by: AskingOfficer, now: float) -> NoticeLine | None:
    row: dict[str, object] = {
        "given_by": by.officer, "given_by_name": by.name, "key": asked.key, "said": asked.model_dump_json(),
        "since": now, "until": None if asked.hours is None else now + asked.hours * 3600,
    }  # fmt: skip
    if not insert_unless_there(connection, notices, row):
        return None  # the same was asked of another process at the same moment
    made = _with_key(connection, by.officer, asked.key)
    return None if made is None else _line(made)


def _record_given(
    connection: Connection, hub: Hub, made: NoticeLine, asked: GiveNotice, by: AskingOfficer
) -> None:  # fmt: skip
    raise_version(connection, LIST)
    details = {"notice": made.id, "systems": asked.systems, "places": asked.places, "until": made.until}
    audit.append(
        connection, hub, "notice", actor=by.officer, actor_name=by.name, reason=asked.text, details=details
    )  # fmt: skip


def _with_key(connection: Connection, by: str, key: str) -> Row[tuple[object, ...]] | None:
    return connection.execute(
        select(notices).where(notices.c.given_by == by, notices.c.key == key)
    ).one_or_none()  # fmt: skip


def _holds(now: float) -> ColumnElement[bool]:
    return and_(notices.c.over.is_(None), or_(notices.c.until.is_(None), notices.c.until > now))


def _line(row: Row[tuple[object, ...]]) -> NoticeLine:
    said = GiveNotice.model_validate_json(row.said)
    return NoticeLine(
        id=row.id, text=said.text, systems=said.systems, places=said.places, by_name=row.given_by_name,
        since=row.since, until=row.until,
    )  # fmt: skip
