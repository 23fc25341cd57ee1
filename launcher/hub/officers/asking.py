"""Who asks as an officer, and the roles an address needs: a dependency that also says so in the OpenAPI.

``Analyst = Annotated[AskingOfficer, needs("helpdesk")]`` as a route's parameter is all; several roles: any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from launcher.hub.audit import rows as audit
from launcher.hub.errors import NotAllowedError, NotProvedError
from launcher.hub.officers import sessions
from launcher.hub.requests import TheHub, asking_station
from launcher.hub.service import Hub
from launcher.wire.hub.kinds import Role

X_ROLES: Final = "x-roles"
_officer_token = HTTPBearer(scheme_name="officer", auto_error=False, description="A token of POST /officers/session.")
_Token = Annotated[HTTPAuthorizationCredentials | None, Depends(_officer_token)]
_roles_of: Final[dict[Callable[..., object], tuple[Role, ...]]] = {}


@dataclass(frozen=True, slots=True)
class AskingOfficer:
    """An officer who has proved themselves, with the roles they have at this moment. ``rank`` 0: no supervisor."""

    officer: str
    number: str
    name: str
    user_name: str
    roles: frozenset[Role]
    rank: int
    proved_by: sessions.ProvedBy
    sitting: str


def needs(*roles: Role) -> Any:
    """Return the dependency: the officer who asks, refused where they have none of these roles."""

    def asking(hub: TheHub, untrusted: _Token) -> AskingOfficer:
        return _asking(hub, _token(untrusted), roles)

    _roles_of[asking] = roles
    return Depends(asking)


def needs_rank() -> Any:
    """Return the dependency for supervisors: whoever has a rank, or is an administrator."""

    def asking(hub: TheHub, untrusted: _Token) -> AskingOfficer:
        officer = _asking(hub, _token(untrusted), ("officer",))
        if not officer.rank and "administrator" not in officer.roles:
            raise NotAllowedError("Only a supervisor may do this.", hint="Ask a supervisor.")
        return officer

    _roles_of[asking] = ("supervisor", "administrator")  # type: ignore[assignment] # a rank is no role, and said as one
    return Depends(asking)


def officer_token(untrusted: _Token) -> str:
    """Return the token itself. Raises :class:`NotProvedError`."""
    return _token(untrusted)


def mark_roles(router: APIRouter) -> None:
    """Write into the OpenAPI who may use each address: from what its route depends on, and from nothing else."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            said = dict(route.openapi_extra or {})
            said[X_ROLES] = list(_roles(route.dependant)) or ["nobody"]
            route.openapi_extra = said


def _roles(dependant: Dependant) -> Iterator[str]:
    for one in dependant.dependencies:
        if one.call is asking_station:
            yield "station"
        elif one.call in _roles_of:
            yield from _roles_of[one.call]
        else:
            yield from _roles(one)


def _token(untrusted: HTTPAuthorizationCredentials | None) -> str:
    if untrusted is None:
        raise NotProvedError("The request has no token of an officer.")
    return untrusted.credentials


def _asking(hub: Hub, untrusted_token: str, wanted: tuple[Role, ...]) -> AskingOfficer:
    with hub.store.glancing() as connection:
        session = sessions.of_token(connection, hub, untrusted_token)
        roles = sessions.roles(connection, hub, session)
    asking = AskingOfficer(
        session.officer, session.number, session.name, session.user_name, roles, sessions.rank(hub, session),
        session.proved_by, session.sitting,
    )  # fmt: skip
    used = next((role for role in wanted if role in roles), None)
    word = f"-{wanted[0]}" if used is None else used
    if word != "officer" and word not in session.used:
        _record(hub, untrusted_token, asking, word)
    if used is None:
        raise NotAllowedError("You do not have the role that this needs.", detail=", ".join(wanted))
    return asking


def _record(hub: Hub, untrusted_token: str, asking: AskingOfficer, word: str) -> None:
    """Write down that a role is used, or was refused: once a session."""
    with hub.store.writing() as connection:
        if not sessions.note_used(connection, hub, untrusted_token, word):
            return
        audit.append(
            connection, hub, "refused" if word.startswith("-") else "role-used", actor=asking.officer,
            actor_name=asking.name, reference=NotAllowedError.reference if word.startswith("-") else "",
            details={"role": word.removeprefix("-"), "proved_by": asking.proved_by, "sitting": asking.sitting},
        )  # fmt: skip
