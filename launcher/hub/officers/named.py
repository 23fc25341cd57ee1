"""Whom a number is of, for a supervisor who gives a role: the whole number, and nothing of where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, select

from launcher.hub.audit import rows as audit
from launcher.hub.errors import HubError, NotNowError, NotThereError
from launcher.hub.helpdesk import visible
from launcher.hub.officers.tables import officers
from launcher.hub.officers.tellers import is_word
from launcher.wire.hub.barred import logon_name
from launcher.wire.hub.officers import NamedOfficer

if TYPE_CHECKING:
    from launcher.hub.officers.asking import AskingOfficer
    from launcher.hub.service import Hub

REASON: Final = "to give them a role"
_MANY: Final = 20


def named(connection: Connection, hub: Hub, number: str, by: AskingOfficer) -> NamedOfficer | HubError:
    """Return the one officer of a number, or why nobody is told. The caller commits either way: it is written down.

    Of several, the one whom a token of the provider has proved: any station can say that its officer has this number.
    """
    typed = number.strip()
    asked = select(officers.c.officer).where(officers.c.folded_number == logon_name(typed)[:120])
    keys = connection.execute(asked.limit(_MANY)).scalars().all() if typed else ()
    known = tuple(visible.seen(connection, hub, keys))  # where one does not show, none of the same number does
    proved = tuple(one for one in known if not is_word(one.number_by))
    meant = proved or known
    audit.append(
        connection, hub, "look-up", actor=by.officer, actor_name=by.name,
        subject=meant[0].officer if len(meant) == 1 else "", reason=REASON,
        details={"number": typed, "officers": len(meant)},
    )  # fmt: skip
    if not meant:
        hint = "Look at the number again. Somebody is known once they have logged on at a terminal of the hub's."
        return NotThereError("No officer of this number is known.", hint=hint)
    if len(meant) > 1:
        hint = "Ask the helpdesk: who is found there can be told apart."
        return NotNowError("Several officers have this number.", hint=hint)
    return NamedOfficer(officer=meant[0].officer, number=meant[0].number, name=meant[0].name)
