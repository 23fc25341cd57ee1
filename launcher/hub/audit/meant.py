"""Whom and which terminal an auditor means, however they were typed: what names nobody would hold or find nothing."""

from __future__ import annotations

from sqlalchemy import Connection, or_, select

from launcher.hub.audit.errors import NoSuchTerminalError
from launcher.hub.audit.tables import audit_rows
from launcher.hub.errors import NotNowError, NotThereError
from launcher.hub.officers.tables import officers
from launcher.hub.stations.tables import stations
from launcher.wire.hub.barred import logon_name


def terminal(connection: Connection, typed: str) -> str:
    """Return a terminal's name as it is written, in whatever case it was typed. Raises :class:`NoSuchTerminalError`."""
    there = select(audit_rows.c.seq).where(audit_rows.c.terminal == typed).limit(1)
    if typed and connection.execute(there).one_or_none() is not None:
        return typed
    for names in (stations.c.terminal, audit_rows.c.terminal):  # the latter: of a station that was removed
        # Compared here: the lower case of a store is that of ASCII alone.
        written = connection.execute(select(names).where(names != "").distinct()).scalars()
        alike = [name for name in written if name.casefold() == typed.casefold()]
        if len(alike) == 1:
            return str(alike[0])
    raise NoSuchTerminalError(f"No terminal is called {typed}.")


def officer(connection: Connection, typed: str) -> str:
    """Return the key of the officer of a key, number or name to log on with.

    Raises :class:`NotThereError`, and :class:`NotNowError` with all keys where there are several: what is held is held
    by the key.
    """
    known = officers.c
    by_key = select(known.officer).where(known.officer == typed)
    if connection.execute(by_key).one_or_none() is not None:
        return typed
    named = or_(known.number == typed, known.folded_user_name == logon_name(typed)[:120])
    asked = select(known.officer, known.number, known.user_name, known.folded_user_name).where(named)
    rows = connection.execute(asked.order_by(known.officer)).all()
    # Another domain's may be another human: whoever names one means nobody else.
    names = ((row, (row.folded_user_name, row.user_name.casefold())) for row in rows)
    found = [row.officer for row, theirs in names if row.number == typed or typed.casefold() in theirs]
    if len(found) > 1:
        hint = "Name the key of each of them, one after the other."
        raise NotNowError(f"Several officers are called {typed}.", hint=hint, detail="\n".join(found))
    if found:
        return str(found[0])
    recorded = select(audit_rows.c.seq).where(or_(audit_rows.c.subject == typed, audit_rows.c.actor == typed)).limit(1)
    if connection.execute(recorded).one_or_none() is None:
        hint = "Name the key as the audit shows it, the whole number, or the name that they log on with."
        raise NotThereError(f"No officer is called {typed}.", hint=hint)
    return typed
