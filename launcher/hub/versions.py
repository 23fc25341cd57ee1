"""Which form the store has, and how it gets the newest one: the steps in :mod:`launcher.hub.migrations`.

Each start and each command asks for the form, and hardly any finds another than the newest: the steps are loaded then.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select

from launcher.errors import LauncherError
from launcher.hub.all_tables import ALL
from launcher.hub.database import Database
from launcher.hub.migrations import NEWEST

_STEPS_TAKEN: Final = Table("alembic_version", MetaData(), Column("version_num", String(32)))
"""Where alembic notes the last step, and makes it with the first."""


class StoreOldError(LauncherError):
    """The store has the form of an earlier version of the hub."""

    reference = "hub-store-old"
    hint = "Stop all of the hub's processes, make a backup, then run station-launcher hub upgrade."


class StoreNewerError(LauncherError):
    """The store has a form that this version of the hub does not know."""

    reference = "hub-store-newer"
    hint = "A newer hub has upgraded it: install that version here, too."


class Form(Enum):
    """How the store stands to this version of the hub."""

    EMPTY = "empty"
    OLD = "old"
    CURRENT = "current"
    NEWER = "newer"


def form_in(connection: Connection) -> Form:
    """Say which form the store has."""
    found = _noted(connection)
    if found == NEWEST:
        return Form.CURRENT
    if found is None:
        return Form.OLD if _foreign(connection) else Form.EMPTY
    from launcher.hub import steps  # late, as it loads alembic: see above

    return Form.OLD if found in steps.known() else Form.NEWER


def form(store: Database) -> Form:
    """Say which form the store has. Raises :class:`StoreAwayError`."""
    with store.reading() as connection:
        return form_in(connection)


def is_current(store: Database) -> bool:
    """Say whether this version of the hub can serve the store."""
    return form(store) is Form.CURRENT


def upgrade(store: Database) -> Form:
    """Give the store the newest form and return which it had; of several at once one does it.

    Raises :class:`StoreNewerError`, :class:`StoreAwayError`.
    """
    from launcher.hub import steps  # late, as it loads alembic: see above

    with store.alone() as connection:
        had = form_in(connection)
        if had is Form.NEWER:
            raise StoreNewerError("The store is newer than this version of the hub.")
        if had is not Form.CURRENT:
            steps.take_all_left(connection)
    return had


def make_ready(store: Database) -> None:
    """Give an empty store its form.

    Raises :class:`StoreOldError`, :class:`StoreNewerError`, :class:`StoreAwayError`.
    """
    if form(store) is Form.EMPTY:
        upgrade(store)
    must_be_current(store)


def must_be_current(store: Database) -> None:
    """Raise :class:`StoreOldError` or :class:`StoreNewerError` where this version cannot serve the store."""
    found = form(store)
    if found is Form.EMPTY:
        name = store.url.set(query={}).render_as_string()  # a password may stand there, too
        raise StoreOldError(
            f"The store {name} is empty.", hint="Begin it with station-launcher hub upgrade, or serve it."
        )
    if found is Form.OLD:
        raise StoreOldError("The store has the form of an earlier version.")
    if found is Form.NEWER:
        raise StoreNewerError("The store is newer than this version of the hub.")


def _noted(connection: Connection) -> str | None:
    """Return the step that the store notes as its last one."""
    if not inspect(connection).has_table(_STEPS_TAKEN.name):
        return None
    return connection.execute(select(_STEPS_TAKEN.c.version_num)).scalar_one_or_none()


def _foreign(connection: Connection) -> bool:
    """Whether tables of ours are there that no step has made."""
    return bool(set(inspect(connection).get_table_names()) & set(ALL.tables))
