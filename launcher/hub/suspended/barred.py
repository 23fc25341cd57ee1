"""Whether somebody is suspended: by their key, or by what they log on with under another issuer."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, and_, bindparam, or_, select

from launcher.hub.suspended.tables import suspended
from launcher.wire.hub.barred import domain_of, force_of, logon_name

if TYPE_CHECKING:
    from launcher.hub.officers.rules import Somebody

_BAR: Final = select(suspended.c.officer, suspended.c.domain).where(
    or_(
        suspended.c.officer == bindparam("officer"),
        and_(suspended.c.folded_user_name == bindparam("user_name"), suspended.c.folded_user_name != ""),
        and_(suspended.c.folded_number == bindparam("number"), suspended.c.folded_number != ""),
    )
)


def is_barred(connection: Connection, who: Somebody, forces: Collection[str]) -> bool:
    """Say whether somebody is suspended: this key, this name to log on with or this number.

    ``forces``: the domains of other forces; of another one than the suspended officer's it is somebody else's name.
    """
    return bool(barred_by(connection, who, forces))


def barred_by(connection: Connection, who: Somebody, forces: Collection[str]) -> tuple[str, ...]:
    """Return the keys by whose suspensions somebody is barred: their own, and those by other issuers; in order."""
    asked = {
        "officer": who.officer, "user_name": logon_name(who.user_name)[:120], "number": logon_name(who.number)[:120]
    }  # fmt: skip
    force = force_of(domain_of(who.user_name, who.number), forces)
    return tuple(
        sorted(
            row.officer
            for row in connection.execute(_BAR, asked)
            if row.officer == who.officer or force_of(row.domain, forces) == force
        )
    )
