"""Which form the store has, and how it gets the newest one: alembic's steps in :mod:`launcher.hub.migrations`."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Any, Final

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from launcher.errors import LauncherError
from launcher.hub.all_tables import ALL
from launcher.hub.database import Database

_FOLDER: Final = Path(__file__).parent / "migrations"


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


class Versions:
    """The steps that this version of the hub knows."""

    def __init__(self) -> None:
        self._config = Config()
        self._config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
        self._config.set_main_option("path_separator", "os")
        self._steps = ScriptDirectory.from_config(self._config)
        self.head = str(self._steps.get_current_head())

    def form(self, connection: Connection) -> Form:
        """Say which form the store has."""
        found = MigrationContext.configure(connection).get_current_revision()
        if found is None:
            return Form.OLD if _foreign(connection) else Form.EMPTY
        if found == self.head:
            return Form.CURRENT
        known = {step.revision for step in self._steps.walk_revisions()}
        return Form.OLD if found in known else Form.NEWER

    def take(self, connection: Connection) -> None:
        """Take all steps that are left, in the caller's transaction."""

        def left(revision: Any, _: MigrationContext) -> Any:
            return self._steps._upgrade_revs(self.head, revision)

        with EnvironmentContext(self._config, self._steps, fn=left, destination_rev=self.head) as environment:
            environment.configure(connection=connection, target_metadata=ALL, render_as_batch=True)
            environment.run_migrations()


def form(store: Database) -> Form:
    """Say which form the store has. Raises :class:`StoreAwayError`."""
    with store.reading() as connection:
        return Versions().form(connection)


def is_current(store: Database) -> bool:
    """Say whether this version of the hub can serve the store."""
    return form(store) is Form.CURRENT


def upgrade(store: Database) -> Form:
    """Give the store the newest form and return which it had; of several at once one does it.

    Raises :class:`StoreNewerError`, :class:`StoreAwayError`.
    """
    versions = Versions()
    with store.alone() as connection:
        had = versions.form(connection)
        if had is Form.NEWER:
            raise StoreNewerError("The store is newer than this version of the hub.")
        if had is not Form.CURRENT:
            versions.take(connection)
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
        raise StoreOldError("The store is empty.", hint="Begin it with station-launcher hub upgrade, or serve it.")
    if found is Form.OLD:
        raise StoreOldError("The store has the form of an earlier version.")
    if found is Form.NEWER:
        raise StoreNewerError("The store is newer than this version of the hub.")


def _foreign(connection: Connection) -> bool:
    """Whether tables of ours are there that no step has made."""
    return bool(set(inspect(connection).get_table_names()) & set(ALL.tables))
