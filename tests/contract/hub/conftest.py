"""The hub of the hub's own tests, on SQLite: what a station's link meets is the same on either store."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.hub.database import Database
from tests.servers.hub import HubProcess, running_hub
from tests.servers.postgresql import PostgreSql
from tests.unit.hub.conftest import clock, empty_sqlite, hub, hub_server, settings

__all__ = ["clock", "empty_sqlite", "hub", "hub_server", "settings", "store"]


@pytest.fixture
def store(empty_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """The hub's store, empty."""
    file = tmp_path / "hub-store.db"
    shutil.copy(empty_sqlite, file)
    store = Database(f"sqlite:///{file}")
    yield store
    store.close()


@pytest.fixture(scope="package")
def hubs(postgresql: PostgreSql) -> Iterator[tuple[HubProcess, HubProcess]]:
    """Two processes that serve one database, which each test leaves running."""
    database, roles = postgresql.create("hub_of_two"), '[roles]\nhelpdesk = ["helpdesk"]\n'
    with (
        running_hub(database=database, more=roles) as one,
        running_hub(database=database, more=roles, key_of=one) as two,
    ):
        yield one, two
