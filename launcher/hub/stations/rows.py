"""Reads and writes of stations; what follows from what stands here, too."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, insert, select, update

from launcher.hub import tokens
from launcher.hub.audit import rows as audit
from launcher.hub.database import insert_unless_there
from launcher.hub.errors import HubError
from launcher.hub.officers import words
from launcher.hub.stations import challenges, reach
from launcher.hub.stations.errors import QuarantinedError, StationUnknownError
from launcher.hub.stations.tables import ANY_LINK, enrolment_codes, stations, versions
from launcher.signing import is_signed
from launcher.wire.hub.stations import Known, News, Proved

if TYPE_CHECKING:
    from launcher.hub.service import Hub

_ALPHABET: Final = "ABCDEFGHJKMNPQRTUVWXYZ2346789"
_CODE_LENGTH: Final = 24
_MAY: Final[tuple[ColumnElement[Any], ...]] = (
    stations.c.station, stations.c.terminal, stations.c.place, stations.c.quarantined,
    stations.c.command, stations.c.elsewhere, stations.c.roles,
)  # fmt: skip
_LISTS: Final[tuple[ColumnElement[Any], ...]] = tuple(
    func.coalesce(select(versions.c.version).where(versions.c.what == what).scalar_subquery(), 0).label(what)
    for what in ("notices", "barred")
)


_IN_QUARANTINE: Final = (
    "This station is quarantined: two computers have used its key, or an administrator has shut it out."
)
_OF_SOME: Final = select(*_MAY, *_LISTS).where(stations.c.station.in_(bindparam("some", expanding=True)))
_OF_TOKEN: Final = (
    select(*_MAY)
    .add_columns(stations.c.polled, tokens.tokens.c.extra)
    .select_from(tokens.tokens.outerjoin(stations, stations.c.station == tokens.tokens.c.holder))
    .where(tokens.IS_HELD)
)


def digest(value: str) -> str:
    """Return what is kept of a code or link."""
    return hashlib.sha256(value.encode()).hexdigest()


def plain_code(typed: str) -> str:
    """Return a code as it was made, however it was typed: in groups, small or large."""
    return "".join(character for character in typed.upper() if character in _ALPHABET)


def make_code(connection: Connection, by: str, now: float, until: float, terminal: str = "", place: str = "") -> str:
    """Make an enrolment code for one station and return it in groups; ``terminal``, ``place``: what it is to be."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    row = {"digest": digest(code), "made": now, "made_by": by, "until": until, "terminal": terminal, "place": place}
    connection.execute(insert(enrolment_codes).values(row))
    return "-".join(code[at : at + 6] for at in range(0, _CODE_LENGTH, 6))


def prove(connection: Connection, hub: Hub, proved: Proved, *, on_socket: bool = False) -> Known | None:
    """Check a proof and give a token; None: two computers hold this key, and it is quarantined by this.

    ``on_socket``: it came on a socket, which this process has from :attr:`Known.now` on. As few statements as can be:
    after an outage all stations come at once. The caller commits either way.
    Raises :class:`StationUnknownError`, :class:`QuarantinedError`.
    """
    now = hub.clock()
    proof = proved.proof
    challenged = challenges.spend(connection, hub, proof.nonce)
    row = connection.execute(
        select(stations, *_LISTS).where(stations.c.station == proof.station).with_for_update(of=stations)
    ).one_or_none()
    if row is None or proof.hub != hub.name or not is_signed("challenge", proof, proved.signature, row.public_key):
        raise StationUnknownError("The station is not known here, or its signature is not its own.")
    if row.quarantined is not None:
        raise QuarantinedError(_IN_QUARANTINE)
    given = digest(proof.link) if proof.link else ""
    if given != row.link:
        challenges.must_be_newer(connection, row.station, challenged)
    if row.link != ANY_LINK and given not in (row.link, row.link_before):
        quarantine(connection, hub, row, "two computers have used its key")
        return None
    link = secrets.token_urlsafe(24)
    changed: dict[str, object] = {"boot": proof.boot, "link": digest(link), "link_before": given}
    changed |= {"heard": now, "version": proved.version}
    if on_socket:
        changed |= reach.connected_to(hub, now)
    connection.execute(update(stations).where(stations.c.station == row.station).values(changed))
    if row.boot != proof.boot:
        tokens.drop(connection, "station", row.station)
    until = now + tokens.STATION_S
    token = tokens.give(connection, "station", row.station, until, {"boot": proof.boot})
    return Known(token=token, expires_s=tokens.STATION_S, link=link, now=now, news=_news(row))


def quarantine(
    connection: Connection, hub: Hub, station: Row[tuple[object, ...]], why: str, *,
    by: str = "hub", by_name: str = "", reason: str = "",
) -> None:  # fmt: skip
    """Trust the key of this station no more: its tokens are worthless, its commands are not handed out.

    By this alone what rests on its word is worth nothing, officers' tokens among it: see ``officers.tellers``.
    """
    changed = {"quarantined": hub.clock(), "quarantined_why": why}
    connection.execute(update(stations).where(stations.c.station == station.station).values(changed))
    tokens.drop(connection, "station", station.station)
    words.give_way(connection, hub, station.station)
    audit.append(
        connection, hub, "quarantined", actor=by, actor_name=by_name, station=station.station,
        terminal=station.terminal, reference=QuarantinedError.reference, reason=reason, details={"why": why},
    )  # fmt: skip


def called(connection: Connection, terminal: str) -> Sequence[Row[Any]]:
    """Return the stations of a terminal's name, however it is written.

    Compared here: what a store takes for small letters may be those of ASCII alone.
    """
    names = connection.execute(select(stations.c.station, stations.c.terminal))
    alike = [row.station for row in names if row.terminal.casefold() == terminal.casefold()]
    return connection.execute(select(stations).where(stations.c.station.in_(alike)).order_by(stations.c.station)).all()


def station_that_may(connection: Connection, station: str) -> Row[tuple[object, ...]]:
    """Return the station's row. Raises :class:`QuarantinedError`, :class:`StationUnknownError`."""
    row = connection.execute(select(stations).where(stations.c.station == station)).one_or_none()
    return _that_may(row)


def of_token(connection: Connection, untrusted_token: str, now: float) -> Row[Any]:
    """Return the row of the station whose token it is, and as ``extra`` what was noted with that.

    Raises ``NotProvedError``, and as :func:`station_that_may`.
    """
    row = connection.execute(_OF_TOKEN, tokens.as_held("station", untrusted_token, now)).one_or_none()
    if row is None:
        raise tokens.not_held()
    return _that_may(row)


def news(connection: Connection, station: str) -> News:
    """Return what there is for the station. Raises as :func:`station_that_may`."""
    found = news_of_some(connection, (station,))[station]
    if isinstance(found, HubError):
        raise found
    return found


def news_of_some(connection: Connection, some: Collection[str]) -> dict[str, News | HubError]:
    """Return what there is for each of some stations, or why it is told nothing: see :func:`station_that_may`."""
    found = {row.station: row for row in connection.execute(_OF_SOME, {"some": list(some)})}

    def of(station: str) -> News | HubError:
        try:
            return _news(_that_may(found.get(station)))
        except HubError as refused:
            return refused

    return {station: of(station) for station in some}


def news_here(connection: Connection, hub: Hub, after: str, many: int) -> dict[str, News]:
    """Return what there is for the stations whose sockets this process has, ``many`` at a time, in their order.

    Those in quarantine are left out: there is nothing for them.
    """
    here = (stations.c.connected_to == hub.process) & (stations.c.station > after) & stations.c.quarantined.is_(None)
    found = connection.execute(select(*_MAY, *_LISTS).where(here).order_by(stations.c.station).limit(many))
    return {row.station: _news(row) for row in found}


def _news(row: Row[Any]) -> News:
    # From columns that hold nothing but numbers, and ten thousand times at each look of the poll: not checked again.
    return News.model_construct(
        **{what: getattr(row, what) for what in ("command", "elsewhere", "roles", "notices", "barred")}
    )


def _that_may(row: Row[Any] | None) -> Row[Any]:
    if row is None or row.station is None:
        raise StationUnknownError("The station is not known here.")
    if row.quarantined is not None:
        raise QuarantinedError(_IN_QUARANTINE)
    return row


def raise_version(connection: Connection, what: str) -> int:
    """Count a list that all stations keep up by one; the caller wakes ``stations`` after the commit."""
    raised = connection.execute(update(versions).where(versions.c.what == what).values(version=versions.c.version + 1))
    if raised.rowcount == 0 and not insert_unless_there(connection, versions, {"what": what, "version": 1}):
        return raise_version(connection, what)  # another process has counted its first at the same moment
    return int(connection.execute(select(versions.c.version).where(versions.c.what == what)).scalar_one())


def note_version(connection: Connection, what: str, version: int) -> bool:
    """Note the version of what is not counted; return whether it is another than before. 0 is that of nothing."""
    noted = connection.execute(select(versions.c.version).where(versions.c.what == what)).scalar_one_or_none()
    if (noted or 0) == version:
        return False
    if noted is None and insert_unless_there(connection, versions, {"what": what, "version": version}):
        return True
    is_other = (versions.c.what == what) & (versions.c.version != version)
    return connection.execute(update(versions).where(is_other).values(version=version)).rowcount > 0


def raise_for(connection: Connection, station: str, what: str) -> None:
    """Count ``elsewhere`` or ``roles`` of one station up; the caller wakes ``station:<id>`` after the commit."""
    column = stations.c[what]
    connection.execute(update(stations).where(stations.c.station == station).values({column: column + 1}))
