"""An officer's own press: the sitting at the other terminal ends, and what was open there is said to this one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Row, select

from launcher.hub.audit import rows as audit
from launcher.hub.commands import rows as commands
from launcher.hub.database import insert_unless_there
from launcher.hub.errors import NotNowError
from launcher.hub.sittings import bounds, elsewhere
from launcher.hub.sittings.errors import SittingOverError
from launcher.hub.sittings.tables import brought, sittings

if TYPE_CHECKING:
    from launcher.hub.requests import AskingStation
    from launcher.hub.service import Hub
    from launcher.wire.hub.commands import CommandState
    from launcher.wire.hub.sittings import BringHere

EXPIRES_S: Final = 30.0
"""A press that the other terminal has not heard of by then is no longer meant."""
ANSWERS_WITHIN_S: Final = 5.0
"""So long the other terminal has to take the press; and, once it has, to cover its screen."""


@dataclass(frozen=True, slots=True)
class Bringing:
    """What was begun. ``act``: what its command is found by; ``wake``: the station to wake, if it was made just now."""

    act: str
    wake: str | None


def begin(connection: Connection, hub: Hub, station: AskingStation, said: BringHere) -> Bringing:
    """Make the command for the other station; the same key again is the same press, and counted once.

    Both sittings are the same officer's, and ``to_sitting`` is open at the asking station. Raises
    :class:`SittingOverError`, :class:`TooOftenError`, and :class:`NotNowError` for a key that was used for something
    else.
    """
    act = f"bring.{hashlib.sha256(f'{station.id} {said.key}'.encode()).hexdigest()[:40]}"
    here = _open(connection, said.to_sitting)
    if here is None or here.station != station.id:
        raise SittingOverError("The officer is not logged on here any more.")
    made = _made(connection, station.id, said)
    if made is not None:
        if (made.from_sitting, made.to_sitting) != (said.from_sitting, said.to_sitting):
            raise NotNowError("The same key was used for something else.")
        return Bringing(act, None)
    there = _open(connection, said.from_sitting)
    told = elsewhere.is_told(connection, hub, here.officer, here.sitting)
    if there is None or there.officer != here.officer or there.station == station.id or not told:
        raise SittingOverError("The officer is not logged on there any more.")
    bounds.one_more_bring(connection, station, hub.clock())
    _note(connection, station.id, said, hub.clock())
    reason = f"Brought to {station.terminal} by the officer."
    command = commands.add(
        connection, hub, there.station, "bring", sitting=there.sitting, officer=there.officer, reason=reason, act=act,
        expires_s=EXPIRES_S,
    )  # fmt: skip
    said_of_it = {"command": command.id, "from": there.sitting, "to": here.sitting}
    audit.append(
        connection, hub, "bring", actor=here.officer, actor_name=here.name, subject=here.officer, station=there.station,
        terminal=there.terminal, reason=reason, details=said_of_it,
    )  # fmt: skip
    return Bringing(act, there.station)


def state(connection: Connection, hub: Hub, act: str) -> CommandState:
    """Return how its command stands."""
    return commands.states(connection, hub, act=act)[0]


def give_up(connection: Connection, hub: Hub, seen: CommandState, act: str) -> CommandState:
    """Take the press back that the other terminal has not taken: nothing is to end there once the officer was told so.

    ``seen`` is returned where it was taken back, else how it stands now.
    """
    return seen if commands.withdraw(connection, hub, act) else state(connection, hub, act)


def _open(connection: Connection, sitting: str) -> Row[tuple[object, ...]] | None:
    asked = select(sittings).where(sittings.c.sitting == sitting, sittings.c.ended.is_(None))
    return connection.execute(asked).one_or_none()


def _made(connection: Connection, station: str, said: BringHere) -> Row[tuple[object, ...]] | None:
    asked = select(brought).where(brought.c.station == station, brought.c.key == said.key)
    return connection.execute(asked).one_or_none()


def _note(connection: Connection, station: str, said: BringHere, now: float) -> None:
    row = {"station": station, "key": said.key, "from_sitting": said.from_sitting, "to_sitting": said.to_sitting}
    if not insert_unless_there(connection, brought, {"at": now, **row}):
        raise NotNowError("The same press is being carried out.")
