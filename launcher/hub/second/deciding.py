"""A second person's answer: judged under the request's lock, written down either way, carried out when it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from launcher.hub.acts import rows as acts
from launcher.hub.audit import rows as audit
from launcher.hub.commands import rows as commands
from launcher.hub.errors import NotNowError, NotThereError
from launcher.hub.officers import counting
from launcher.hub.officers.rows import KnownOfficer
from launcher.hub.officers.rules import held_rank
from launcher.hub.officers.seats import seat
from launcher.hub.second import rows, rules
from launcher.hub.second.errors import SecondBarredError, SecondNotSignedError
from launcher.hub.second.words import in_words
from launcher.hub.sittings.errors import SittingOverError
from launcher.hub.stations.rows import station_that_may
from launcher.hub.suspended.barred import is_barred
from launcher.signing import is_signed

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from launcher.hub.errors import HubError
    from launcher.hub.officers.asking import AskingOfficer
    from launcher.hub.requests import AskingStation
    from launcher.hub.service import Hub
    from launcher.wire.hub.commands import Command
    from launcher.wire.hub.helpdesk import Act, Second, SecondRequest
    from launcher.wire.hub.officers import SecondVouch, SecondVouched
    from launcher.wire.hub.sittings import Person

ASKED_A_MINUTE: Final = 6
"""How often an analyst may ask for a supervisor: each time a card stands before the officer's work."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of an answer that counts; ``over``: it was agreed to, and there was nothing to do any more."""

    act: Act
    made: tuple[Command, ...] = ()
    over: HubError | None = None


def by_analyst(hub: Hub, request: str, answer: Second, second: AskingOfficer) -> SecondRequest:
    """Take another analyst's answer. Raises why it does not count."""
    done: Decided | None = None
    with hub.store.writing() as connection:
        row = rows.locked(connection, request)
        if not rows.shows_to(connection, hub, row, second):
            raise NotThereError("There is no such request.")
        refused = rules.analyst_may(rows.waiting(connection, hub, row), answer.digest, second, hub.clock())
        by = rows.AskedBy(second.officer, second.name)
        if refused is None:
            done = _decide(connection, hub, row, by, approve=answer.approve, how="analyst", reason=answer.reason)
        else:
            _record_refusal(connection, hub, row, by, refused)
        after = rows.said(rows.locked(connection, request), hub.clock())
    _raise_or_tell(hub, refused, done)
    return after


def by_supervisor(hub: Hub, said: SecondVouched, station: AskingStation) -> None:
    """Take a station's word that a supervisor has agreed there, or has not. Raises why it does not count."""
    second = said.second
    done: Decided | None = None
    with hub.store.writing() as connection:
        row = rows.locked(connection, second.request)
        by = _whoever(second)
        refused = _judged(connection, hub, row, said, station)
        if refused is None:
            done = _decide(
                connection, hub, row, by, approve=second.approve, how="supervisor", station=station,
                vouch=said.model_dump_json(),
            )  # fmt: skip
        else:
            _record_refusal(connection, hub, row, by, refused, station)
    _raise_or_tell(hub, refused, done)


def ask_for_supervisor(hub: Hub, request: str, sitting: str, by: AskingOfficer) -> tuple[Command, str]:
    """Ask for a supervisor at the officer's terminal; return the command and its station.

    Raises :class:`NotNowError` where the officer does not sit there (any more), :class:`SecondBarredError` where this
    hub takes no such agreement, and :class:`TooOftenError`.
    """
    not_here = rules.taken_at_terminals(hub.settings.roles)
    if not_here is not None:
        raise not_here
    counting.count(hub, by, "supervisor", ASKED_A_MINUTE)
    with hub.store.writing() as connection:
        row = rows.locked(connection, request)
        over = rules.is_over(rows.waiting(connection, hub, row), hub.clock())
        if over is not None:
            raise over
        where = seat(connection, sitting)
        if not rows.shows_to(connection, hub, row, by) or where is None or where.officer != row.officer:
            raise NotNowError("The officer is not logged on there.")
        command = commands.add(
            connection, hub, where.station, "ask-supervisor", sitting=sitting, officer=row.officer,
            reason=rows.act_of(row).reason, text=in_words(rows.act_of(row), row.name, where), request=request,
            by=by.officer[:120], by_name=by.name, act=row.act_key,
            expires_s=row.expires - hub.clock(),
        )  # fmt: skip
        rows.asked_at(connection, request, where.station, command.id)
        audit.append(
            connection, hub, "act", actor=by.officer, actor_name=by.name, subject=row.officer, station=where.station,
            terminal=where.terminal, reason=command.reason,
            details={"act": command.kind, "request": request, "command": command.id, "sitting": sitting},
        )  # fmt: skip
    hub.wakes.wake(f"station:{where.station}")
    return command, where.station


def _judged(
    connection: Connection, hub: Hub, row: Row[tuple[object, ...]], said: SecondVouched, station: AskingStation
) -> HubError | None:
    second, now = said.second, hub.clock()
    key = str(station_that_may(connection, station.id).public_key)
    if not is_signed("second", second, said.signature, key):
        return SecondNotSignedError("The station has not signed this.", detail="second-signature")
    request = rows.waiting(connection, hub, row)
    wrong = rules.is_ours(request, second, station.id, hub.name, now)
    if wrong is not None or not second.approve:
        return wrong or rules.is_over(request, now)
    not_here = rules.taken_at_terminals(hub.settings.roles)
    if not_here is not None:
        return not_here
    person = second.person
    if person is None:
        return SecondNotSignedError("Nobody is said to have agreed.", detail="second-person")
    if is_barred(connection, person, hub.settings.forces.domains):
        return SecondBarredError("This supervisor is suspended.")
    return rules.supervisor_may(request, _known(person), held_rank(hub.settings.roles, (), person.groups), now)


def _decide(
    connection: Connection, hub: Hub, row: Row[tuple[object, ...]], by: rows.AskedBy, *, approve: bool, how: str,
    reason: str = "", station: AskingStation | None = None, vouch: str = "",
) -> Decided:  # fmt: skip
    act = rows.act_of(row)
    rows.decided(connection, hub, row.request, "approved" if approve else "refused", by, vouch)
    done = Decided(act)
    if approve:
        done = _carry_out(connection, hub, act, rows.AskedBy(row.by, row.by_name), by.name)
    else:
        acts.not_done(connection, act.key, "refused", reason)
    audit.append(
        connection, hub, "second", actor=by.officer, actor_name=by.name, subject=row.officer,
        station=station.id if station else "", terminal=station.terminal if station else "", reason=reason,
        reference=done.over.reference if done.over else "",
        details={
            "request": row.request, "act": act.kind, "digest": row.digest, "approved": approve, "how": how,
            "asked_by": row.by,
        },
    )  # fmt: skip
    return done


def _carry_out(connection: Connection, hub: Hub, act: Act, asker: rows.AskedBy, second_name: str) -> Decided:
    try:
        return Decided(act, acts.carry_out(connection, hub, act, asker, second_name))
    except SittingOverError as over:  # before anything was written; whoever asked waits for it no more
        acts.not_done(connection, act.key, "refused", over.message)
        return Decided(act, over=over)


def _record_refusal(
    connection: Connection, hub: Hub, row: Row[tuple[object, ...]], by: rows.AskedBy, why: HubError,
    station: AskingStation | None = None,
) -> None:  # fmt: skip
    audit.append(
        connection, hub, "refused", actor=by.officer, actor_name=by.name, subject=row.officer,
        station=station.id if station else "", terminal=station.terminal if station else "", reference=why.reference,
        reason=why.message, details={"request": row.request, "detail": why.detail},
    )  # fmt: skip


def _raise_or_tell(hub: Hub, refused: HubError | None, done: Decided | None) -> None:
    if refused is not None:
        raise refused
    if done is not None:
        acts.wake(hub, done.act, done.made)
    hub.wakes.wake("requests")
    if done is not None and done.over is not None:
        raise done.over


def _whoever(second: SecondVouch) -> rows.AskedBy:
    if second.person is None:
        return rows.AskedBy(f"station:{second.station}", "")
    return rows.AskedBy(second.person.officer, second.person.name)


def _known(person: Person) -> KnownOfficer:
    return KnownOfficer(person.officer, person.number, person.name, person.user_name, frozenset(person.groups))
