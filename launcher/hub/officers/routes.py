"""The addresses at which an officer proves who they are, sees what they may do, and grants roles."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from launcher.hub import nonces, tokens
from launcher.hub.acts.deeds import deeds_of
from launcher.hub.errors import HubError
from launcher.hub.helpdesk import visible
from launcher.hub.officers import counting, granted, named, proofs, rules, sessions
from launcher.hub.officers.asking import AskingOfficer, needs, needs_rank, officer_token
from launcher.hub.officers.errors import GrantRefusedError
from launcher.hub.requests import TheHub
from launcher.wire.hub.officers import GrantedRole, GrantRole, Me, NamedOfficer, Nonce, OfficerProof, OfficerSession

router = APIRouter(prefix="/officers", tags=["officer"])

Anybody = Annotated[AskingOfficer, needs("officer")]
Supervisor = Annotated[AskingOfficer, needs_rank()]
Token = Annotated[str, Depends(officer_token)]


@router.post("/nonce")
def nonce(hub: TheHub) -> Nonce:
    """Make a nonce for one vouch of a station."""
    made, until = nonces.make(hub, "nonce", tokens.NONCE_S)
    return Nonce(nonce=made, hub=hub.name, until=until)


@router.post("/session")
def session(hub: TheHub, said: OfficerProof) -> OfficerSession:
    """Check a proof and give its officer a token."""
    return proofs.session(hub, said)


@router.post("/session/end", status_code=204)
def end_session(hub: TheHub, _: Anybody, token: Token) -> None:
    """Make the token worthless: the officer logs off."""
    with hub.store.writing() as connection:
        sessions.end(connection, hub, token)


@router.get("/me")
def me(hub: TheHub, officer: Anybody, token: Token) -> Me:
    """Return the roles that the officer has now, and who did what to their sessions."""
    with hub.store.reading() as connection:
        session = sessions.of_token(connection, hub, token)
        return Me(
            person=session.person, roles=sessions.held_roles(connection, hub, session), supervisor=officer.rank > 0,
            deeds=deeds_of(connection, officer.officer, hub.clock()),
        )  # fmt: skip


@router.get("/named")
def named_officer(
    hub: TheHub, supervisor: Supervisor, number: Annotated[str, Query(min_length=1, max_length=120)]
) -> NamedOfficer:
    """Return whom a whole number is of: to give them a role. Where they are is not told."""
    counting.count(hub, supervisor, "named", hub.settings.helpdesk.finds_a_minute)
    with hub.store.writing() as connection:
        found = named.named(connection, hub, number, supervisor)
    if isinstance(found, HubError):
        raise found
    return found


@router.post("/grants")
def grant(hub: TheHub, supervisor: Supervisor, asked: GrantRole) -> GrantedRole:
    """Grant a role for some hours. It shows at once where the officer sits, and ends by itself."""
    if not rules.may_grant(hub.settings.roles, supervisor.roles, supervisor.proved_by, asked.role):
        raise GrantRefusedError("You may not grant this role.")
    with hub.store.writing() as connection:
        theirs = visible.officer(connection, hub, asked.officer)
        if rules.same_person(theirs, supervisor, hub.settings.forces.domains):
            raise GrantRefusedError("Nobody grants themselves a role.")
        made, topics = granted.grant(connection, hub, asked, theirs.name, supervisor)
    for topic in topics:
        hub.wakes.wake(topic)
    return made


@router.get("/grants")
def grants(hub: TheHub, officer: Anybody) -> tuple[GrantedRole, ...]:
    """Return the granted roles, the newest first: a supervisor sees all, others what they have or have given."""
    with hub.store.reading() as connection:
        return granted.listed(connection, hub, officer)


@router.post("/grants/{grant_id}/end", status_code=204)
def end_grant(hub: TheHub, officer: Anybody, grant_id: Annotated[int, Path(ge=1, le=2**53)]) -> None:
    """Take a granted role back before its time."""
    with hub.store.writing() as connection:
        topics = granted.end(connection, hub, grant_id, officer)
    for topic in topics:
        hub.wakes.wake(topic)
