"""Whether somebody is suspended: by their key, or by what they log on with under another issuer."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, and_, bindparam, or_, select

from launcher.hub.suspended.tables import suspended
from launcher.wire.hub.barred import logon_name

_BAR: Final = select(suspended.c.officer).where(
    or_(
        suspended.c.officer == bindparam("officer"),
        and_(suspended.c.folded_user_name == bindparam("user_name"), suspended.c.folded_user_name != ""),
        and_(suspended.c.folded_number == bindparam("number"), suspended.c.folded_number != ""),
    )
)
_BARRED: Final = _BAR.limit(1)


def is_barred(connection: Connection, officer: str, user_name: str = "", number: str = "") -> bool:
    """Say whether somebody of this key, this name to log on with or this number is suspended."""
    return connection.execute(_BARRED, _who(officer, user_name, number)).one_or_none() is not None


def barred_by(connection: Connection, officer: str, user_name: str, number: str) -> tuple[str, ...]:
    """Return the keys by whose suspensions somebody is barred: their own, and those by other issuers; in order."""
    return tuple(sorted(connection.execute(_BAR, _who(officer, user_name, number)).scalars()))


def _who(officer: str, user_name: str, number: str) -> dict[str, str]:
    return {"officer": officer, "user_name": logon_name(user_name)[:120], "number": logon_name(number)[:120]}
