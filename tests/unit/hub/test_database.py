"""The hub's store: what one transaction reads, and what it may do."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from launcher.hub.commands import rows as commands
from launcher.hub.database import Database, insert_unless_there
from launcher.hub.errors import HubSettingsError, StoreAwayError
from launcher.hub.service import Hub
from launcher.hub.sittings.elsewhere import elsewhere
from launcher.hub.stations import rows
from launcher.hub.stations.tables import stations, versions
from launcher.hub.suspended import rows as suspended
from tests.servers.postgresql import PostgreSql

STATION = {"station": "st-1", "public_key": "k", "terminal": "FD-1", "place": "P", "enrolled": 0.0}


def test_all_that_is_read_is_as_it_was_at_one_moment(hub: Hub) -> None:
    with hub.store.writing() as connection:
        connection.execute(insert(stations).values(STATION))
        rows.raise_version(connection, "barred")
    with hub.store.reading() as connection:
        before = connection.execute(select(versions.c.version)).scalars().all()
        with hub.store.writing() as other:  # of another process, while the first one reads
            suspended.suspend(other, hub, "i#4471", "i#ann", "Ann", "a stolen card")
            commands.add(other, hub, "st-1", "lock", sitting="sit-1", officer="i#4471", reason="asked for")
            rows.raise_for(other, "st-1", "elsewhere")
        barred = suspended.barred(connection, hub)
        assert ([barred.version], barred.officers) == (before, ())  # else the old list is kept as the new one
        assert commands.since(connection, "st-1", 0, hub.clock(), 0).commands == ()
        assert elsewhere(connection, hub, "st-1").version == 0
    with hub.store.reading() as connection:
        assert len(suspended.barred(connection, hub).officers) == 1


@pytest.mark.needs("postgresql")
def test_who_only_reads_cannot_write(shared_postgresql: Database) -> None:
    with pytest.raises(DBAPIError, match="read-only"), shared_postgresql.reading() as connection:
        rows.raise_version(connection, "barred")
    with shared_postgresql.writing() as connection:  # over the same connection
        assert rows.raise_version(connection, "barred") == 1
        connection.rollback()


@pytest.mark.needs("postgresql")
def test_a_server_that_takes_nothing_is_away_and_so_is_the_one_that_it_becomes(postgresql: PostgreSql) -> None:
    """As one that stands by for another after a failover: to read from it would be to say that all is well."""
    store = Database(postgresql.create("stands_by"))
    try:
        with store.writing() as connection:
            connection.execute(text("CREATE TABLE said (it text)"))
        with pytest.raises(StoreAwayError), store.writing() as connection:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY; INSERT INTO said VALUES ('a')")
        postgresql.query("ALTER DATABASE stands_by SET default_transaction_read_only = on")
        with pytest.raises(StoreAwayError), store.glancing() as connection:
            connection.execute(text("SELECT * FROM said"))
    finally:
        store.close()
        postgresql.drop("stands_by")


def test_a_row_is_inserted_unless_one_with_its_key_is_there(hub: Hub) -> None:
    with hub.store.writing() as connection:
        assert insert_unless_there(connection, versions, {"what": "notices", "version": 1})
        assert not insert_unless_there(connection, versions, {"what": "notices", "version": 7})
        assert insert_unless_there(
            connection, versions, {"what": "notices", "version": 7}, {"what": "barred", "version": 2}
        )
    with hub.store.glancing() as connection:
        kept = connection.execute(select(versions.c.what, versions.c.version)).all()
    assert {one.what: one.version for one in kept} == {"notices": 1, "barred": 2}


def test_what_was_glanced_at_holds_nobody_up(hub: Hub) -> None:
    with hub.store.glancing() as connection:
        connection.execute(select(stations)).all()
    with hub.store.writing() as connection:
        assert insert_unless_there(connection, stations, STATION)
    with hub.store.glancing() as connection:
        assert connection.execute(select(stations.c.station)).scalars().all() == ["st-1"]


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://hub:s3cret@host:notaport/db",
        "postgresql://hub:s3cret@127.0.0.1:1/db?foo=bar",
        "postgresql://hub:s3cret@127.0.0.1/db?port=s3cret",
        "sqlite:////nowhere/hub.db?timeout=s3cret",
    ],
)
def test_an_address_that_is_none_is_said_to_be_so_without_what_is_in_it(address: str) -> None:
    with pytest.raises(HubSettingsError) as refused, Database(address).glancing():
        pass
    said = refused.value
    assert "address of the hub's database" in said.message
    assert "s3cret" not in f"{said.message}{said.hint}{said.detail}"
    assert said.__suppress_context__


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("postgresql+psycopg://hub@h/db?sslmode=s3cret", "sslmode is none of disable, allow"),
        ("postgresql://hub@h/db?sslmode=require&sslmode=s3cret", "sslmode"),
        ("postgresql://hub@h:70000/db", "port is none from 1 to 65535"),
        ("postgresql://hub@h:0/db", "port"),
        ("postgresql://hub@/db?host=a:5432&host=b:99999", "port"),
        ("postgresql://hub@h/db?target_session_attrs=s3cret", "target_session_attrs"),
        (
            "postgresql://hub@h/db?keepalives_idle=s3cret&connect_timeout=soon",
            "connect_timeout is no whole number; keep",
        ),
    ],
)
def test_a_part_that_the_driver_would_not_take_is_named_before_anything_is_opened(address: str, names: str) -> None:
    """It would tell it as it tells that the server is away."""
    with pytest.raises(HubSettingsError) as refused:
        Database(address)
    said = refused.value
    assert names in said.message
    assert "[store] url" in said.next_step
    assert "s3cret" not in f"{said.message}{said.next_step}{said.detail}"


@pytest.mark.parametrize(
    "more",
    [
        ":5432/db?sslmode=verify-full&sslrootcert=/etc/ca.pem&target_session_attrs=read-write",
        "/db?port=5433&connect_timeout=-1&tcp_user_timeout=15000",
        "/db?host=a,b&port=5432,",
        "/db?host=/run/postgresql",
    ],
)
def test_an_address_that_the_driver_takes_is_taken(more: str) -> None:
    host = "" if "host=" in more else "h"
    Database(f"postgresql://hub@{host}{more}").close()
