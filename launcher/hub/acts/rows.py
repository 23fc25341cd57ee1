"""Beginning an act, carrying it out, and how it stands."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, Row, select, update

from launcher.hub.acts import rules
from launcher.hub.acts.errors import CallerNotVerifiedError
from launcher.hub.acts.tables import acts
from launcher.hub.audit import rows as audit
from launcher.hub.cases import rows as cases
from launcher.hub.commands import rows as commands
from launcher.hub.database import insert_unless_there
from launcher.hub.errors import MalformedError, NotNowError, NotThereError
from launcher.hub.helpdesk import visible
from launcher.hub.officers import rows as officers
from launcher.hub.officers.seats import of_person
from launcher.hub.second import rows as second
from launcher.hub.second.rules import act_digest
from launcher.hub.sittings.errors import SittingOverError
from launcher.hub.sittings.tables import sittings, system_names
from launcher.hub.stations.tables import stations
from launcher.hub.suspended import rows as suspended
from launcher.wire.hub.helpdesk import Act, Acted, UnreachableTerminal

if TYPE_CHECKING:
    from launcher.hub.acts.rules import Asker
    from launcher.hub.service import Hub
    from launcher.wire.hub.commands import Command, CommandState

_WHERE: Final[tuple[ColumnElement[Any], ...]] = (
    sittings.c.sitting, sittings.c.station, sittings.c.terminal, sittings.c.officer,
)  # fmt: skip
_SENT: Final = "sent"
NOBODY_TOLD: Final = (
    "The officer is logged on nowhere, so no terminal could be told. Have IT end their sessions at the provider itself."
)


def begin(connection: Connection, hub: Hub, act: Act, asker: Asker) -> tuple[Command, ...]:
    """Begin an act: carry it out, or have it wait for a second person; the same again is the same act.

    Returns the commands that were made; call :func:`wake` after the commit. Raises :class:`MalformedError`,
    :class:`CaseOverError`, :class:`NotThereError`, :class:`SittingOverError`, :class:`CallerNotVerifiedError`, and
    :class:`NotNowError` for a key that was used for another act.
    """
    fault = rules.malformed(act)
    if fault is not None:
        raise MalformedError(fault)
    now = hub.clock()
    sensitive = rules.is_sensitive(hub.settings.helpdesk, act.kind)
    if not _noted(connection, act, asker, now, "waits-for-second" if sensitive else _SENT):
        _must_be_the_same(_row(connection, act.key), act, asker)
        return ()
    case = cases.case_of(connection, asker.officer, act.case, now)
    visible.officer(connection, hub, act.officer)
    if act.system is not None:
        _must_be_a_system(connection, hub, act.system)
    told = _told(connection, hub, act)
    if not sensitive:
        made = _commands(connection, hub, act, asker, told)
        _audit(connection, hub, act, asker, told, {"commands": [one.id for one in made], "second": ""})
        return made
    caller = act.officer if rules.needs_the_officer(act.kind) else case.verified
    if not cases.is_verified(case, caller, now):
        hint = None if rules.needs_the_officer(act.kind) else CallerNotVerifiedError.by_somebody_else
        raise CallerNotVerifiedError("The caller was not verified in this case, or as somebody else.", hint=hint)
    if officers.is_one_person(connection, str(caller), asker.officer, hub.settings.forces.domains):
        raise CallerNotVerifiedError("The caller is you: it is somebody else who has to call.")
    request = second.ask(connection, hub, act, asker)
    _note(connection, act, request=request)
    _audit(connection, hub, act, asker, told, {"request": request})
    return ()


def carry_out(connection: Connection, hub: Hub, act: Act, asker: Asker, second_name: str) -> tuple[Command, ...]:
    """Make the commands of an act that a second person has agreed to; call :func:`wake` after the commit.

    Raises :class:`SittingOverError`.
    """
    told = _told(connection, hub, act)
    _note(connection, act, state=_SENT, second_name=second_name[:120])
    made = _commands(connection, hub, act, asker, told)
    _audit(connection, hub, act, asker, told, {"commands": [one.id for one in made], "second": second_name})
    return made


def not_done(connection: Connection, key: str, state: Literal["refused", "expired"], words: str = "") -> None:
    """Note that an act is not carried out: its second person has refused it, or none was found in time."""
    waits = (acts.c.key == key) & (acts.c.state == "waits-for-second")
    connection.execute(update(acts).where(waits).values(state=state, words=words[:500]))


def wake(hub: Hub, act: Act, made: tuple[Command, ...]) -> None:
    """Wake whom an act concerns, after its commit."""
    for command in made:
        hub.wakes.wake(f"station:{command.station}")
    if act.kind in rules.FOR_THE_OFFICER:
        hub.wakes.wake("stations")
    hub.wakes.wake(f"act:{act.key}")


def acted(connection: Connection, hub: Hub, key: str, asker: str) -> Acted:
    """Return how an analyst's own act stands. Raises :class:`NotThereError`."""
    row = _row(connection, key)
    if row is None or row.asker != asker:
        raise NotThereError("There is no such act of yours.")
    act = Act.model_validate_json(row.said)
    made = tuple(visible.command(hub, one) for one in commands.states(connection, hub, act=key, many=1000)[::-1])
    state, words = row.state, row.words
    if state == "waits-for-second":
        request = second.of_act(connection, key, hub.clock())
        state = "expired" if request is None or request.state == "expired" else state
    elif state == "sent" and all(one.state in ("answered", "expired") for one in _own(made)):
        state = "answered"
    is_suspended = act.kind == "suspend" and row.state == "sent"
    told = Acted(
        key=key, state=state, request=row.request, commands=made, words=words,
        unreachable=_unreachable(connection, hub, act, row.state, _own(made)),
        others_away=suspended.others_away(connection, hub, act.officer) if is_suspended else 0,
    )  # fmt: skip
    return told.model_copy(update={"version": _version(told)})


def is_settled(told: Acted) -> bool:
    """Say whether nothing more is to be waited for: each terminal has answered, or is away."""
    if told.state == "waits-for-second":
        return False
    return told.state != "sent" or all(one.state in ("answered", "expired", "away") for one in _own(told.commands))


def _own(made: tuple[CommandState, ...]) -> tuple[CommandState, ...]:
    """Return the act's own commands: asking for a supervisor is only on the way there."""
    return tuple(one for one in made if one.kind != "ask-supervisor")


def _version(told: Acted) -> int:
    """Return a number that is another one when anything of the act is."""
    return int.from_bytes(hashlib.sha256(told.model_dump_json().encode()).digest()[:6])


def _unreachable(
    connection: Connection, hub: Hub, act: Act, state: str, made: tuple[CommandState, ...]
) -> tuple[UnreachableTerminal, ...]:
    if act.kind == "suspend" and state == "sent":
        return suspended.unreachable(connection, hub, act.officer)
    away = {one.station for one in made if one.state == "away"}
    if not away:
        return ()
    asked = select(stations).where(stations.c.station.in_(away)).order_by(stations.c.terminal)
    return tuple(
        UnreachableTerminal(terminal=row.terminal, place=row.place, last_heard=row.heard)
        for row in connection.execute(asked)
    )


def _must_be_a_system(connection: Connection, hub: Hub, system: str) -> None:
    """Raise :class:`NotThereError`, the same for a system that no terminal has told of and for a restricted one."""
    told_of = select(system_names.c.system).where(system_names.c.system == system)
    is_known = connection.execute(told_of).one_or_none() is not None
    if not is_known or visible.is_restricted_system(hub, system):
        raise NotThereError("There is no such system.")


def _told(connection: Connection, hub: Hub, act: Act) -> Sequence[Row[Any]]:
    """Return the open sittings that commands are made for, station by station. Raises :class:`SittingOverError`."""
    if act.kind == "unsuspend":
        return ()
    forces = hub.settings.forces.domains
    who = of_person(connection, act.officer, forces) if act.kind == "suspend" else sittings.c.officer == act.officer
    theirs = sittings.c
    asked = select(*_WHERE).where(who, theirs.ended.is_(None))
    if act.sitting is not None:
        asked = asked.where(theirs.sitting == act.sitting)
    found = connection.execute(asked.order_by(theirs.station, theirs.sitting)).all()
    if act.sitting is not None and not found:
        raise SittingOverError("The officer is not logged on there any more.")
    return found


def _commands(
    connection: Connection, hub: Hub, act: Act, asker: Asker, told: Sequence[Row[Any]]
) -> tuple[Command, ...]:
    """Do what the act is: make its commands, and bar the officer or let them in again."""
    made = tuple(_command(connection, hub, act, asker, row) for row in told)
    if act.kind == "suspend":
        suspended.suspend(connection, hub, act.officer, asker.officer, asker.name, act.reason)
    elif act.kind == "unsuspend":
        suspended.unsuspend(connection, hub, act.officer, asker.officer, asker.name, act.reason)
    if act.kind == "revoke" and not made:  # and nothing but a session ends what is held at the provider
        _note(connection, act, state="refused", words=NOBODY_TOLD)
    return made


def _command(connection: Connection, hub: Hub, act: Act, asker: Asker, row: Row[Any]) -> Command:
    kind = act.kind
    assert kind != "unsuspend"  # noqa: S101 - no terminal is told that: see _told
    return commands.add(
        connection, hub, row.station, kind, sitting=row.sitting, officer=row.officer, reason=act.reason,
        system=act.system, text=act.text, by=asker.officer[:120], by_name=asker.name, act=act.key,
    )  # fmt: skip


def _row(connection: Connection, key: str) -> Row[tuple[object, ...]] | None:
    return connection.execute(select(acts).where(acts.c.key == key)).one_or_none()


def _must_be_the_same(row: Row[tuple[object, ...]] | None, act: Act, asker: Asker) -> None:
    """Raise :class:`NotNowError` where the key is another act's."""
    if row is None or row.asker != asker.officer or row.digest != act_digest(act):
        raise NotNowError("The same key was used for another act.")


def _noted(connection: Connection, act: Act, asker: Asker, now: float, state: str) -> bool:
    """Note an act, before all else: False where it was begun before, also at this same moment."""
    row = {
        "key": act.key, "asker": asker.officer, "asker_name": asker.name, "digest": act_digest(act),
        "said": act.model_dump_json(), "officer": act.officer, "made": now, "state": state,
    }  # fmt: skip
    return insert_unless_there(connection, acts, row)


def _note(connection: Connection, act: Act, **changed: str) -> None:
    connection.execute(update(acts).where(acts.c.key == act.key).values(changed))


def _audit(
    connection: Connection, hub: Hub, act: Act, asker: Asker, told: Sequence[Row[Any]],
    more: Mapping[str, object],
) -> None:  # fmt: skip
    said = {"act": act.kind, "key": act.key, "case": act.case, "sitting": act.sitting or "", "system": act.system or ""}
    where = told[0] if act.sitting is not None else None
    audit.append(
        connection, hub, "act", actor=asker.officer, actor_name=asker.name, subject=act.officer, reason=act.reason,
        station=where.station if where else "", terminal=where.terminal if where else "", details={**said, **more},
    )  # fmt: skip
