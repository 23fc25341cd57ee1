"""The steps that this version of the hub knows from one form of the store to the next, taken by alembic."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from launcher.hub.all_tables import ALL
from launcher.hub.migrations import NEWEST

_FOLDER: Final = Path(__file__).parent / "migrations"


def known() -> frozenset[str]:
    """Return the names of all steps."""
    return frozenset(step.revision for step in _steps(_config()).walk_revisions())


def take_all_left(connection: Connection) -> None:
    """Take all steps that are left, in the caller's transaction."""
    config = _config()
    steps = _steps(config)

    def left(revision: Any, _: MigrationContext) -> Any:
        return steps._upgrade_revs(NEWEST, revision)

    with EnvironmentContext(config, steps, fn=left, destination_rev=NEWEST) as environment:
        environment.configure(connection=connection, target_metadata=ALL, render_as_batch=True)
        environment.run_migrations()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _steps(config: Config) -> ScriptDirectory:
    return ScriptDirectory.from_config(config)
