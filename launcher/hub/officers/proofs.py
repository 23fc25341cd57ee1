"""From a proof to a session: one way for each kind of proof, and what holds for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from launcher.hub import tokens
from launcher.hub.audit import rows as audit
from launcher.hub.officers import rows, rules, sessions, tickets, vouches, words
from launcher.hub.officers.errors import OtherIdentityError, ProofNotTakenError, VouchRefusedError
from launcher.hub.officers.openid import tokens_for
from launcher.hub.officers.seats import seat
from launcher.hub.officers.sessions import Session
from launcher.hub.sittings import elsewhere
from launcher.wire.hub.officers import KerberosProof, OfficerSession, OpenIdProof, VouchedProof
from launcher.wire.hub.sittings import Person

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from launcher.hub.officers.seats import Seat
    from launcher.hub.service import Hub
    from launcher.wire.hub.officers import OfficerProof


_Begun = tuple[OfficerSession, tuple[str, ...]]
"""The session, and the topics to wake after the commit."""


def session(hub: Hub, untrusted: OfficerProof) -> OfficerSession:
    """Check a proof and begin a session. Raises a :class:`launcher.hub.errors.HubError` by what is wrong with it."""
    match untrusted.proof:
        case OpenIdProof(token=token):
            begun, wake = _by_token(hub, token, untrusted.sitting)
        case KerberosProof(token=token):
            begun, wake = _by_ticket(hub, token, untrusted.sitting)
        case VouchedProof() as proof:
            begun, wake = _by_vouch(hub, proof, untrusted.sitting)
    for topic in wake:
        hub.wakes.wake(topic)
    return begun


def _by_token(hub: Hub, untrusted_token: str, sitting: str | None) -> _Begun:
    if hub.settings.openid is None:
        raise ProofNotTakenError("The hub takes no token of a provider.")
    provider = tokens_for(hub.settings.openid)
    claims = provider.check(untrusted_token, hub.clock())
    person, groups = provider.person(claims)
    with hub.store.writing() as connection:
        rows.note(connection, person.model_copy(update={"groups": groups or ()}), "openid", hub.clock())
        known = rows.known(connection, person.officer) or _as_known(person)
        told = rows.groups_that_count(connection, known) if groups is None else ()
        made = _session(hub, known, "openid", groups or (), told)
        return _begun(connection, hub, made, _own_seat(connection, made, sitting))


def _by_ticket(hub: Hub, untrusted_token: str, sitting: str | None) -> _Begun:
    settings = hub.settings.kerberos
    if settings is None:
        raise ProofNotTakenError("The hub takes no ticket.")
    name, realm = tickets.principal_of(untrusted_token, settings)
    with hub.store.writing() as connection:
        where = None if sitting is None else seat(connection, sitting)
        officer = tickets.officer_of(connection, name, where)
        told = rows.groups_that_count(connection, officer)
        made = _session(hub, officer, "kerberos", tickets.groups_of(settings, name, realm), told)
        return _begun(connection, hub, made, _own_seat(connection, made, sitting))


def _by_vouch(hub: Hub, proof: VouchedProof, sitting: str | None) -> _Begun:
    vouch = proof.vouched.vouch
    with hub.store.reading() as connection:
        vouches.check(connection, hub, proof.vouched)  # a stranger's word costs no more than this
    if sitting not in (None, vouch.sitting):
        raise VouchRefusedError("The station has vouched for another sitting.", detail="vouch-sitting")
    with hub.store.writing() as connection:
        vouches.spend_nonce(connection, hub, proof.vouched)
        where = vouches.check(connection, hub, proof.vouched)
        not_sure = words.note(connection, hub, vouch.station, [vouch.person])
        made = _session(hub, _as_known(vouch.person), "vouched", (), vouch.person.groups)
        begun = _begun(connection, hub, made, where)
        words.record(connection, hub, vouch.station, where.terminal, not_sure)
        audit.append(
            connection, hub, "vouched", actor=f"station:{vouch.station}", subject=made.officer, station=vouch.station,
            terminal=where.terminal, details={"sitting": where.sitting, "proved_by": vouch.proved_by},
        )  # fmt: skip
        return begun


def _own_seat(connection: Connection, made: Session, sitting: str | None) -> Seat | None:
    """Return where the officer sits; None where the hub was told of no such sitting. Raises for another's."""
    where = None if sitting is None else seat(connection, sitting)
    if where is not None and where.officer != made.officer:
        raise OtherIdentityError("Somebody else sits there, or you do under another identity.")
    return where


def _session(
    hub: Hub, known: rows.KnownOfficer, by: sessions.ProvedBy, proved: Collection[str], told: Collection[str]
) -> Session:
    settings = hub.settings.roles
    told = rules.of_use(settings, told)
    return Session(
        officer=known.officer, number=known.number, name=known.name, user_name=known.user_name, proved_by=by,
        proved=rules.of_use(settings, proved), told=told, rests_on=(known.groups_by,) if told else (),
    )  # fmt: skip


def _begun(connection: Connection, hub: Hub, made: Session, where: Seat | None) -> _Begun:
    wake: tuple[str, ...] = ()
    if where is not None:
        made = sessions.at(made, where)
        wake = () if made.proved_by == "vouched" else elsewhere.proved_at(connection, hub, where)
    token = sessions.begin(connection, hub, made)
    begun = OfficerSession(
        token=token, expires_s=tokens.OFFICER_S, person=made.person, roles=sessions.held_roles(connection, hub, made),
        supervisor=sessions.rank(hub, made) > 0, proved_by=made.proved_by, now=hub.clock(),
    )  # fmt: skip
    return begun, wake


def _as_known(person: Person) -> rows.KnownOfficer:
    return rows.KnownOfficer(person.officer, person.number, person.name, person.user_name, frozenset(person.groups))
