"""An administrator says what an officer logs on with: an account was renamed, or a terminal has told what is not so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from launcher.hub import tokens
from launcher.hub.audit import rows as audit
from launcher.hub.errors import NotThereError
from launcher.hub.officers import rows
from launcher.hub.suspended import rows as suspended
from launcher.wire.hub.sittings import Person

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from launcher.hub.service import Hub

BY: Final = "administrator"
"""It counts as a token's word does: no terminal's changes it."""


def rename(connection: Connection, hub: Hub, officer: str, user_name: str, *, by: str, reason: str) -> str:
    """Note what an officer logs on with; return what was known before. Raises :class:`NotThereError`.

    Their tokens are worthless: a ticket of the name that was known may have proved somebody else. They prove themselves
    anew.
    """
    known = rows.known(connection, officer)
    if known is None:
        raise NotThereError("There is no such officer.")
    said = Person(officer=officer, number="", name="", user_name=user_name)  # of those they say nothing
    rows.note(connection, said, BY, hub.clock())
    tokens.drop(connection, "officer", officer)
    suspended.renamed(connection, officer)
    audit.append(
        connection, hub, "officer-renamed", actor=by, subject=officer, reason=reason,
        details={"before": known.user_name, "user_name": user_name},
    )  # fmt: skip
    return known.user_name
