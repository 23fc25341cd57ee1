"""PostgreSQL starts, is killed, starts again with what was committed, and leaves no process."""

from __future__ import annotations

import psycopg
import pytest

from tests.servers.postgresql import PostgreSql
from tests.servers.process import session_members


def test_what_was_committed_outlives_a_kill(fresh_postgresql: PostgreSql) -> None:
    url = fresh_postgresql.create("kept")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE words (word text)")
        connection.execute("INSERT INTO words VALUES ('kept')")
        connection.commit()
        fresh_postgresql.kill9()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT word FROM words")
    fresh_postgresql.start()
    pid = fresh_postgresql.pid
    with psycopg.connect(url, autocommit=True) as connection:
        assert connection.execute("SELECT word FROM words").fetchall() == [("kept",)]
        fresh_postgresql.stop()
    assert not session_members(pid)
