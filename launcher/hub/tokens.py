"""Bearer tokens of stations and officers: random, short, kept as digests; what is spent is gone at once."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import (
    Column,
    Connection,
    Double,
    Index,
    String,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from launcher.hub.database import metadata
from launcher.hub.errors import NotProvedError

Holder = Literal["station", "officer", "challenge", "nonce"]

STATION_S: Final = 600.0
OFFICER_S: Final = 600.0
CHALLENGE_S: Final = 60.0
NONCE_S: Final = 120.0

tokens: Final = Table(
    "tokens",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("holder", String(600), nullable=False),
    Column("extra", Text, nullable=False, default=""),
    Column("until", Double, nullable=False),
    Index(None, "until"),
    Index(None, "kind", "holder"),
)


IS_HELD: Final = and_(
    tokens.c.digest == bindparam("held_digest"),
    tokens.c.kind == bindparam("held_kind"),
    tokens.c.until > bindparam("held_now"),
)
"""The condition for the row of a token that counts; see :func:`as_held`."""
_HELD: Final = select(tokens).where(IS_HELD)


@dataclass(frozen=True, slots=True)
class Held:
    """A token's holder (a station's id, an officer's key) and what was noted with it."""

    kind: Holder
    holder: str
    extra: dict[str, object]
    until: float


def give(connection: Connection, kind: Holder, holder: str, until: float, extra: dict[str, object]) -> str:
    """Make a token and return it; only its digest is kept."""
    token = secrets.token_urlsafe(32)
    row = {"digest": _digest(token), "kind": kind, "holder": holder, "extra": json.dumps(extra), "until": until}
    connection.execute(insert(tokens).values(row))
    return token


def held(
    connection: Connection, kind: Holder, untrusted_token: str, now: float, *, for_update: bool = False
) -> Held:  # fmt: skip
    """Return whose token it is. Raises :class:`NotProvedError` for one that is not, or not any more.

    ``for_update``: nobody else notes anything with it before this transaction's end.
    """
    asked = _HELD.with_for_update() if for_update else _HELD
    row = connection.execute(asked, as_held(kind, untrusted_token, now)).one_or_none()
    if row is None:
        raise not_held()
    return Held(kind, row.holder, json.loads(row.extra or "{}"), row.until)


def as_held(kind: Holder, untrusted_token: str, now: float) -> dict[str, object]:
    """Return what :data:`IS_HELD` is asked with."""
    return {"held_digest": _digest(untrusted_token), "held_kind": kind, "held_now": now}


def not_held() -> NotProvedError:
    """Return what to say where there is no such row."""
    return NotProvedError("The token is not known, or its time is over.")


def last_given(connection: Connection, kind: Holder, holder: str, held_s: float) -> float | None:
    """Return when a holder was given the last of its tokens, which hold for so long; None: it has none."""
    last = select(func.max(tokens.c.until)).where(tokens.c.kind == kind, tokens.c.holder == holder)
    until = connection.execute(last).scalar_one()
    return None if until is None else float(until) - held_s


def spend(connection: Connection, kind: Holder, untrusted_token: str, now: float) -> Held:
    """As :func:`held`, once: a second try is refused, also at the same moment by another process."""
    found = held(connection, kind, untrusted_token, now)
    if connection.execute(delete(tokens).where(tokens.c.digest == _digest(untrusted_token))).rowcount != 1:
        raise NotProvedError("The token was used already.")
    return found


def note(connection: Connection, kind: Holder, untrusted_token: str, extra: dict[str, object]) -> None:
    """Note something else with a token that is held."""
    where = (tokens.c.digest == _digest(untrusted_token), tokens.c.kind == kind)
    connection.execute(update(tokens).where(*where).values(extra=json.dumps(extra)))


def drop(connection: Connection, kind: Holder, holder: str) -> None:
    """Make all tokens of a holder worthless."""
    connection.execute(delete(tokens).where(tokens.c.kind == kind, tokens.c.holder == holder))


def sweep(connection: Connection, now: float) -> None:
    """Remove what is over."""
    connection.execute(delete(tokens).where(tokens.c.until <= now))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
