"""What the journeys share: a hub of one process on its own file, and one of two on PostgreSQL.

Each journey leaves running what it stopped or killed.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from launcher.hub_client import jitter
from launcher.station.hub import whenever
from tests.journeys.hub.hub_bench import ROLES
from tests.servers.hub import HubProcess, running_hub
from tests.servers.postgresql import PostgreSql, running_postgresql


@pytest.fixture(scope="package")
def hub_of_one() -> Iterator[HubProcess]:
    """A hub of one process."""
    with running_hub(more=ROLES) as running:
        yield running


@pytest.fixture(scope="package")
def store() -> Iterator[PostgreSql]:
    """The PostgreSQL of the hub of two."""
    with running_postgresql() as server:
        yield server


@pytest.fixture(scope="package")
def hub_of_two(store: PostgreSql) -> Iterator[HubProcess]:
    """A hub of two processes."""
    with running_hub(database=store.create("hub"), processes=2, more=ROLES) as running:
        yield running


@pytest.fixture(autouse=True)
def _called_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let terminals of the tests' own process call a hub that is away at least once a second."""
    monkeypatch.setattr(jitter, "LONGEST_S", 1.0)
    monkeypatch.setattr(whenever, "AGAIN_S", 1.0)
