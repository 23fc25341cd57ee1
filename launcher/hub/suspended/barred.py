"""Whether somebody is suspended: by their key, or by what they log on with under another issuer."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, and_, bindparam, or_, select

from launcher.hub.suspended.tables import suspended
from launcher.wire.hub.barred import logon_name

_BARRED: Final = (
    select(suspended.c.officer)
    .where(
        or_(
            suspended.c.officer == bindparam("officer"),
            and_(suspended.c.folded_user_name == bindparam("user_name"), suspended.c.folded_user_name != ""),
            and_(suspended.c.folded_number == bindparam("number"), suspended.c.folded_number != ""),
        )
    )
    .limit(1)
)


def is_barred(connection: Connection, officer: str, user_name: str = "", number: str = "") -> bool:
    """Say whether somebody of this key, this name to log on with or this number is suspended."""
    who = {"officer": officer, "user_name": logon_name(user_name)[:120], "number": logon_name(number)[:120]}
    return connection.execute(_BARRED, who).one_or_none() is not None
