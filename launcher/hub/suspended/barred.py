"""Whether somebody is suspended: by their key, or by what they log on with under another issuer."""

from __future__ import annotations

from sqlalchemy import Connection, and_, or_, select

from launcher.hub.suspended.tables import suspended
from launcher.wire.hub.barred import logon_name


def is_barred(connection: Connection, officer: str, user_name: str = "", number: str = "") -> bool:
    """Say whether somebody of this key, this name to log on with or this number is suspended."""
    names = suspended.c.folded_user_name, suspended.c.folded_number
    same = [
        and_(column == logon_name(typed)[:120], column != "")
        for column, typed in zip(names, (user_name, number), strict=True)
    ]
    asked = select(suspended.c.officer).where(or_(suspended.c.officer == officer, *same)).limit(1)
    return connection.execute(asked).one_or_none() is not None
