"""A PostgreSQL that is connected and says nothing holds nobody for ever, and nothing is done for who has given up."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, select, text

from launcher.hub import database, lateness, silence
from launcher.hub.acts.tables import acts
from launcher.hub.database import Database
from launcher.hub.errors import StoreAwayError
from launcher.hub.service import Hub
from launcher.hub.silence import Watch
from launcher.wire.hub.helpdesk import Act
from tests.servers.hub_in_process import Asking
from tests.servers.postgresql import PostgreSql

_LONG_S = 600.0


class _Watched:
    """A store whose connections are watched, and has one."""

    def __init__(self, url: str) -> None:
        self.store = Database(url)
        self._watch = Watch(self.store.engine, _LONG_S)

    @contextmanager
    def silent(self, connection: Connection | None = None) -> Iterator[None]:
        """Stop the server's process behind a connection: the line is there, and nobody answers."""
        if connection is None:
            with self.store.reading() as connection:
                pid = _backend(connection)
        else:
            pid = _backend(connection)
        os.kill(pid, signal.SIGSTOP)
        self._watch.silent_s = 0.1
        try:
            yield
        finally:
            self._watch.silent_s = _LONG_S
            os.kill(pid, signal.SIGCONT)

    def end(self) -> None:
        self._watch.end()
        self.store.close()


@pytest.fixture
def watched(postgresql: PostgreSql, monkeypatch: pytest.MonkeyPatch) -> Iterator[_Watched]:
    monkeypatch.setattr(silence, "LOOKS_EVERY_S", 0.05)
    watched = _Watched(postgresql.url())
    yield watched
    watched.end()


@pytest.mark.needs("postgresql")
@pytest.mark.parametrize("how", ["reading", "glancing", "writing"])
def test_a_server_that_is_stopped_is_not_waited_for(
    watched: _Watched, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(database, "_SURELY_THERE_S", 600.0)
    asked = getattr(watched.store, how)
    with watched.silent(), pytest.raises(StoreAwayError), asked() as connection:
        connection.execute(text("SELECT 1"))
    with asked() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


@pytest.mark.needs("postgresql")
def test_one_that_does_not_say_whether_it_is_there_is_replaced(
    watched: _Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_SURELY_THERE_S", -1.0)  # all are asked
    with watched.silent(), watched.store.reading() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


@pytest.mark.needs("postgresql")
def test_what_was_not_committed_then_is_not_done(watched: _Watched) -> None:
    store = watched.store
    with store.writing() as connection:
        connection.execute(text("CREATE TABLE silence (said text)"))

    def half() -> None:
        with store.writing() as connection:
            connection.execute(text("INSERT INTO silence VALUES ('half')"))
            with watched.silent(connection):
                connection.execute(text("SELECT 1"))

    with pytest.raises(StoreAwayError):
        half()
    with store.writing() as connection:
        assert connection.execute(text("SELECT count(*) FROM silence")).scalar_one() == 0
        connection.execute(text("DROP TABLE silence"))


def test_a_request_that_came_too_long_ago_changes_nothing(
    hub: Hub, officer: Callable[..., Asking], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lateness, "LATE_S", -1.0)
    act = Act(key="late", case="case", kind="lock", officer="ldap#1", sitting="s", reason="asked")
    said = officer(None, "Helpdesk").post("/helpdesk/acts", json=act.model_dump(mode="json"))
    assert (said.status_code, said.json()["reference"]) == (503, "hub-store-away")
    with hub.store.writing() as connection:  # what the hub does by itself is never late
        assert connection.execute(select(acts)).all() == []


def _backend(connection: Connection) -> int:
    return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
