"""Reads and writes of requests for a second person."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Row, insert, select, update

from launcher.hub.errors import NotNowError, NotThereError
from launcher.hub.helpdesk import visible
from launcher.hub.officers import rows as officers
from launcher.hub.officers.rules import rank_of, same_person
from launcher.hub.officers.seats import seat
from launcher.hub.second.askers import may_ask
from launcher.hub.second.rules import Waiting, act_digest
from launcher.hub.second.tables import second_requests
from launcher.hub.suspended.barred import is_barred
from launcher.wire.hub.helpdesk import Act, SecondRequest

if TYPE_CHECKING:
    from launcher.hub.acts.rules import Asker
    from launcher.hub.officers.rules import Somebody
    from launcher.hub.service import Hub

MANY = 200


@dataclass(frozen=True, slots=True)
class AskedBy:
    """Whoever wanted an act that was approved."""

    officer: str
    name: str
    proved_by: str = ""
    """Empty: as what is of no matter."""


def ask(connection: Connection, hub: Hub, act: Act, asker: Asker) -> str:
    """Have an act wait for a second person; return the request. The same act again is the same request.

    The caller wakes ``requests`` after the commit.
    """
    before = connection.execute(select(second_requests).where(second_requests.c.act_key == act.key)).one_or_none()
    if before is not None:
        if before.digest != act_digest(act):
            raise NotNowError("Another act waits by this key.")
        return str(before.request)
    where = None if act.sitting is None else seat(connection, act.sitting)
    known = officers.known(connection, act.officer)
    request = f"rq-{secrets.token_hex(8)}"
    now = hub.clock()
    connection.execute(
        insert(second_requests).values(
            request=request, act_key=act.key, act=act.model_dump_json(), digest=act_digest(act), officer=act.officer,
            name=known.name if known else "", terminal=where.terminal if where else "", by=asker.officer,
            by_name=asker.name, by_proof=asker.proved_by, made=now,
            expires=now + hub.settings.helpdesk.second_minutes * 60,
        )
    )  # fmt: skip
    return request


def locked(connection: Connection, request: str) -> Row[tuple[object, ...]]:
    """Return a request's row; nobody else decides it meanwhile. Raises :class:`NotThereError`."""
    row = connection.execute(
        select(second_requests).where(second_requests.c.request == request).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotThereError("There is no such request.")
    return row


def waiting(connection: Connection, hub: Hub, row: Row[tuple[object, ...]]) -> Waiting:
    """Return what a decision about a request is judged by."""
    asker, concerned = _somebody(connection, row.by), _somebody(connection, row.officer)
    forces = hub.settings.forces.domains
    return Waiting(
        state=row.state, expires=row.expires, kept=row.digest, now=act_digest(act_of(row)),
        asker=asker, concerned=concerned,
        concerned_rank=rank_of(hub.settings.roles, concerned.ever), station=row.station, command=row.command,
        asker_barred=is_barred(connection, asker, forces), forces=forces,
        asker_may=may_ask(connection, hub, row.by, row.made, row.by_proof),
    )  # fmt: skip


def act_of(row: Row[tuple[object, ...]]) -> Act:
    """Return what is asked."""
    return Act.model_validate_json(row.act)


def decided(connection: Connection, hub: Hub, request: str, state: str, second: AskedBy, vouch: str = "") -> None:
    """Note how it was decided, and by whom."""
    changed = {
        "state": state, "second": second.officer, "second_name": second.name[:120], "decided": hub.clock(),
        "vouch": vouch,
    }  # fmt: skip
    connection.execute(update(second_requests).where(second_requests.c.request == request).values(changed))


def asked_at(connection: Connection, request: str, station: str, command: int) -> None:
    """Note by which command a supervisor was asked for: an earlier one counts no more."""
    changed = {"station": station, "command": command}
    connection.execute(update(second_requests).where(second_requests.c.request == request).values(changed))


def of_act(connection: Connection, act_key: str, now: float) -> SecondRequest | None:
    """Return the request that an act waits by, or has waited by."""
    row = connection.execute(select(second_requests).where(second_requests.c.act_key == act_key)).one_or_none()
    return None if row is None else said(row, now)


def listed(connection: Connection, hub: Hub, apart_from: Somebody) -> tuple[SecondRequest, ...]:
    """Return those that wait, the oldest first, without those that do not show to whoever asks (``apart_from``)."""
    now = hub.clock()
    rows = connection.execute(
        select(second_requests)
        .where(second_requests.c.state == "waiting", second_requests.c.expires > now)
        .order_by(second_requests.c.made)
        .limit(MANY)
    ).all()  # fmt: skip
    return tuple(said(row, now) for row in rows if shows_to(connection, hub, row, apart_from))


def shows_to(connection: Connection, hub: Hub, row: Row[tuple[object, ...]], somebody: Somebody) -> bool:
    """Say whether an analyst may know of a request: not the officer whom it concerns, by whatever issuer.

    Nor anybody where that officer does not show, who may have come into a restricted group since it was made.
    """
    concerned = _somebody(connection, row.officer)
    is_theirs = same_person(concerned, somebody, hub.settings.forces.domains)
    return not is_theirs and not visible.is_restricted(connection, hub, concerned)


def said(row: Row[tuple[object, ...]], now: float) -> SecondRequest:
    """Return a request as it is shown."""
    act = act_of(row)
    over = row.state == "waiting" and row.expires <= now
    return SecondRequest.model_validate(
        {
            "request": row.request, "digest": row.digest, "kind": act.kind, "officer": row.officer, "name": row.name,
            "terminal": row.terminal, "system": act.system or "", "text": act.text, "reason": act.reason,
            "by_name": row.by_name, "made": row.made, "expires": row.expires,
            "state": "expired" if over else row.state, "second_name": row.second_name,
        }
    )  # fmt: skip


def _somebody(connection: Connection, officer: str) -> officers.KnownOfficer:
    return officers.known(connection, officer) or officers.KnownOfficer(officer, "", "", "", frozenset())
