"""An officer's session at the hub: a token of ten minutes and what was proved for it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Literal

from pydantic import TypeAdapter
from sqlalchemy import select

from launcher.hub import tokens
from launcher.hub.officers import granted, rules, tellers
from launcher.hub.officers.errors import SuspendedHereError
from launcher.hub.suspended import barred
from launcher.wire.hub.officers import GrantedRole, HeldRole
from launcher.wire.hub.sittings import Person

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from launcher.hub.officers.seats import Seat
    from launcher.hub.service import Hub
    from launcher.wire.hub.kinds import Role

ProvedBy = Literal["openid", "kerberos", "vouched"]


@dataclass(frozen=True, slots=True)
class Session:
    """What is noted with a token. ``proved``: groups by proof, ``told``: by a station's word; those of use only.

    ``rests_on``: by whose word there is this session or what it may do: the token is worth no more than that.
    ``used``: roles whose use stands in the audit already; ``-role``: that it was refused.
    """

    officer: str
    number: str
    name: str
    user_name: str
    proved_by: ProvedBy
    proved: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    sitting: str = ""
    used: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()

    @property
    def person(self) -> Person:
        """Whose it is; which groups they are in is not said again."""
        return Person(officer=self.officer, number=self.number, name=self.name, user_name=self.user_name)


_stored = TypeAdapter(Session)


def begin(connection: Connection, hub: Hub, session: Session) -> str:
    """Give a token. Raises :class:`SuspendedHereError`."""
    _bar(connection, hub, session)
    now = hub.clock()
    return tokens.give(connection, "officer", session.officer, now + tokens.OFFICER_S, asdict(session))


def at(session: Session, where: Seat) -> Session:
    """Return the session of an officer who sits there: it ends if the station is trusted no more."""
    return replace(session, sitting=where.sitting, rests_on=(*session.rests_on, tellers.by_station(where.station)))


def of_token(connection: Connection, hub: Hub, untrusted_token: str) -> Session:
    """Return whose token it is. Raises ``NotProvedError``, :class:`SuspendedHereError`."""
    held = tokens.held(connection, "officer", untrusted_token, hub.clock())
    session = _stored.validate_python(held.extra)
    if not tellers.all_count(connection, session.rests_on):
        raise tokens.not_held()
    _bar(connection, hub, session)
    return session


def is_proved_at(connection: Connection, hub: Hub, officer: str, sitting: str) -> bool:
    """Say whether the officer who sits there has proved themselves from it, by more than the station's word."""
    theirs = of_officer(connection, hub, officer)
    return any(one.sitting == sitting and one.proved_by != "vouched" for one in theirs)


def of_officer(connection: Connection, hub: Hub, officer: str) -> tuple[Session, ...]:
    """Return what stands with an officer's tokens whose time is not over."""
    held = select(tokens.tokens.c.extra).where(
        tokens.tokens.c.kind == "officer", tokens.tokens.c.holder == officer, tokens.tokens.c.until > hub.clock()
    )  # fmt: skip
    return tuple(map(_stored.validate_json, connection.execute(held).scalars()))


def note_used(connection: Connection, hub: Hub, untrusted_token: str, word: str) -> bool:
    """Note that a role was used, or refused; False if it was noted before."""
    held = tokens.held(connection, "officer", untrusted_token, hub.clock(), for_update=True)
    session = _stored.validate_python(held.extra)
    if word in session.used:
        return False
    tokens.note(connection, "officer", untrusted_token, asdict(replace(session, used=(*session.used, word))))
    return True


def end(connection: Connection, hub: Hub, untrusted_token: str) -> None:
    """Make the token worthless. Raises ``NotProvedError``."""
    tokens.spend(connection, "officer", untrusted_token, hub.clock())


def roles(connection: Connection, hub: Hub, session: Session) -> frozenset[Role]:
    """Return the roles that the officer has now, granted ones included."""
    by_group = rules.roles_of(hub.settings.roles, session.proved, session.told)
    return by_group | {one.role for one in _granted(connection, hub, session)}


def held_roles(connection: Connection, hub: Hub, session: Session) -> tuple[HeldRole, ...]:
    """Return the roles that the officer has now, and where each is from."""
    by_group = rules.roles_of(hub.settings.roles, session.proved, session.told)
    own = tuple(
        HeldRole(role=role, by="everybody" if role == "officer" else "group")
        for role in rules.ROLES if role in by_group
    )  # fmt: skip
    return own + tuple(
        HeldRole(role=one.role, by="granted", granted_by=one.granted_by, until=one.until)
        for one in _granted(connection, hub, session)
        if one.role not in by_group
    )


def rank(hub: Hub, session: Session) -> int:
    """Return the officer's rank as a supervisor; 0: none."""
    return rules.held_rank(hub.settings.roles, session.proved, session.told)


def _granted(connection: Connection, hub: Hub, session: Session) -> tuple[GrantedRole, ...]:
    """Return the roles that were granted to the officer; on a station's word those alone that it may give."""
    held = granted.of(connection, session.officer, hub.clock())
    if session.proved_by != "vouched":
        return held
    return tuple(one for one in held if one.role in hub.settings.roles.vouched)


def _bar(connection: Connection, hub: Hub, session: Session) -> None:
    if barred.is_barred(connection, session, hub.settings.forces.domains):
        raise SuspendedHereError("You are suspended: the hub takes no proof of yours.")
