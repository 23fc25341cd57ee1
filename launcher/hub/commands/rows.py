"""Reads and writes of commands."""

from __future__ import annotations

import functools
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, Connection, Row, Update, bindparam, insert, select, update

from launcher.hub.acts.tables import acts
from launcher.hub.commands import outcomes
from launcher.hub.commands.tables import commands
from launcher.hub.commands.where import with_terminal
from launcher.hub.database import next_number
from launcher.hub.errors import NotNowError, NotThereError
from launcher.hub.stations.reach import reachable_clause
from launcher.hub.stations.tables import stations
from launcher.wire.hub.commands import Acknowledged, Answer, Command, Commands, CommandState, SignedCommand

if TYPE_CHECKING:
    from launcher.hub.service import Hub
    from launcher.wire.hub.commands import CommandKind

MANY: Final = 100
"""Handed out at once; a station asks again from the last one."""

# Written once, as they take more time to be put together than to be carried out.
_ADD: Final = insert(commands)
_SINCE: Final = (
    select(commands.c.said, commands.c.signature)
    .where(
        commands.c.station == bindparam("its"),
        commands.c.id > bindparam("after"),
        commands.c.acknowledged_at.is_(None),
        commands.c.answered_at.is_(None),
        commands.c.expires > bindparam("now"),
    )
    .order_by(commands.c.id)
    .limit(MANY)
)


def add(
    connection: Connection,
    hub: Hub,
    station: str,
    kind: CommandKind,
    *,
    sitting: str,
    officer: str,
    reason: str,
    system: str | None = None,
    text: str = "",
    request: str | None = None,
    by: str = "",
    by_name: str = "",
    act: str = "",
    expires_s: float | None = None,
) -> Command:
    """Make a command; the caller wakes ``station:<id>`` after the commit. Raises :class:`NotThereError`."""
    now = hub.clock()
    expires = now + (hub.settings.helpdesk.command_s if expires_s is None else expires_s)
    number = connection.execute(_counted(hub.store.several), {"its": station}).scalar_one_or_none()
    if number is None:
        raise NotThereError("There is no such station any more.")
    command = Command(
        id=number, hub=hub.name, station=station, kind=kind, sitting=sitting, officer=officer, system=system, text=text,
        request=request, by=by, by_name=by_name, reason=reason, made=now, expires=expires,
    )  # fmt: skip
    row = {
        "id": number, "station": station, "kind": kind, "sitting": sitting, "officer": officer, "system": system,
        "said": command.model_dump_json(), "signature": hub.key.sign("command", command), "act": act,
        "by_name": by_name, "reason": reason, "made": now, "expires": expires,
    }  # fmt: skip
    connection.execute(_ADD, row)
    hub.metrics.command(kind, "made")
    return command


@functools.cache
def _counted(several: bool) -> Update:
    """Return what gives the station's next command its number; no other is made for the station until the commit."""
    counted = update(stations).where(stations.c.station == bindparam("its"))
    return counted.values(command=next_number(commands.c.id, several=several)).returning(stations.c.command)


def since(connection: Connection, station: str, after: int, now: float, last: int) -> Commands:
    """Return the station's commands after an id that were neither taken nor have expired.

    ``last``: the id of its last one, read before: one that was made since is among what is returned.
    """
    found = connection.execute(_SINCE, {"its": station, "after": after, "now": now}).all()
    signed = tuple(
        SignedCommand(command=Command.model_validate_json(one.said), signature=one.signature) for one in found
    )
    ids = [one.command.id for one in signed]
    return Commands(commands=signed, last=max(last, *ids, 0) if len(found) < MANY else ids[-1])


def acknowledge(connection: Connection, station: str, command: int, said: Acknowledged, now: float) -> CommandState:
    """Note that the station has taken it; said again by the same run it is so already.

    Raises :class:`NotThereError` for another station's, :class:`NotNowError` where it is over or another run took it.
    """
    row = _of(connection, station, command)
    if row.acknowledged_at is not None and row.acknowledged_boot == said.boot:
        return _state(row, now, reachable=True)
    if row.acknowledged_at is not None or row.answered_at is not None:
        raise NotNowError("The command was taken already.")
    if row.expires <= now:
        raise NotNowError("The command has expired.")
    changed = {"acknowledged_at": now, "acknowledged_boot": said.boot}
    connection.execute(update(commands).where(commands.c.id == command).values(changed))
    return _state(_of(connection, station, command), now, reachable=True)


def answer(connection: Connection, hub: Hub, station: str, command: int, said: Answer) -> None:
    """Note what came of it; the same last answer again changes nothing. Raises as :func:`acknowledge`."""
    now = hub.clock()
    row = _of(connection, station, command)
    if row.answered_at is not None and row.answer is not None:
        if row.answer == said.model_dump_json():
            return
        if not Answer.model_validate_json(row.answer).more:  # else the hub only waits for it no longer
            raise NotNowError("The command was answered already.")
    changed = {"answer": said.model_dump_json(), "answered_at": None if said.more else now}
    if row.acknowledged_at is None:
        changed["acknowledged_at"] = now
    if not said.more:
        hub.metrics.command(str(row.kind), said.outcome)
    connection.execute(update(commands).where(commands.c.id == command).values(changed))
    if not said.more:
        outcomes.record(connection, hub, row, said)


def withdraw(connection: Connection, hub: Hub, act: str) -> bool:
    """Let an act's commands expire that no station has taken; say whether there were any.

    A station that has one already, and acknowledges it later than this, is refused.
    """
    return _withdraw(connection, hub, commands.c.act == act)


def withdraw_suspensions(connection: Connection, hub: Hub, officers: Collection[str]) -> None:
    """Do so with the commands by which these officers were to be suspended: they are let in again."""
    theirs = select(acts.c.key).where(acts.c.officer.in_(officers))
    _withdraw(connection, hub, (commands.c.kind == "suspend") & commands.c.act.in_(theirs))


def _withdraw(connection: Connection, hub: Hub, which: ColumnElement[bool]) -> bool:
    now = hub.clock()
    nobodys = update(commands).where(
        which, commands.c.acknowledged_at.is_(None), commands.c.answered_at.is_(None), commands.c.expires > now
    )
    return connection.execute(nobodys.values(expires=now)).rowcount > 0


def states(
    connection: Connection, hub: Hub, *, act: str = "", officer: str = "", many: int = 50
) -> tuple[CommandState, ...]:
    """Return the commands of an act, or the last ones about an officer, the newest first."""
    asked = with_terminal(reachable_clause(hub).label("reachable"))
    asked = asked.where(commands.c.act == act) if act else asked.where(commands.c.officer == officer)
    rows = connection.execute(asked.order_by(commands.c.id.desc()).limit(many)).all()
    now = hub.clock()
    return tuple(_state(row, now, reachable=bool(row.reachable)) for row in rows)


def _of(connection: Connection, station: str, command: int) -> Row[tuple[object, ...]]:
    row = connection.execute(
        select(commands, stations.c.terminal)
        .join(stations, stations.c.station == commands.c.station)
        .where(commands.c.id == command, commands.c.station == station)
        .with_for_update(of=commands)
    ).one_or_none()
    if row is None:
        raise NotThereError("There is no such command for this station.")
    return row


def _state(row: Row[tuple[object, ...]], now: float, *, reachable: bool) -> CommandState:
    answer = outcomes.answer_of(row)
    if answer is not None and row.answered_at is not None:
        state = "answered"
    elif row.acknowledged_at is not None:
        state = "acknowledged"
    elif row.expires <= now:
        state = "expired"
    else:
        state = "waiting" if reachable else "away"
    return CommandState.model_validate(
        {
            "id": row.id, "kind": row.kind, "station": row.station, "terminal": row.terminal, "system": row.system,
            "by_name": row.by_name, "reason": row.reason, "made": row.made, "expires": row.expires, "state": state,
            "acknowledged_at": row.acknowledged_at, "answer": answer,
        }
    )  # fmt: skip
