"""The hub's store: SQLite for one process, PostgreSQL for several, through SQLAlchemy Core and nothing else.

What was committed is on the disk: ``synchronous=FULL`` on SQLite, the server's own default on PostgreSQL. A store that
does not answer is :class:`StoreAwayError`, and the next request tries anew.
"""

from __future__ import annotations

import functools
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Executable,
    MetaData,
    Select,
    Table,
    column,
    create_engine,
    event,
    func,
    select,
    table,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    InvalidatePoolError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry

from launcher.hub.errors import HubSettingsError, MalformedError, StoreAwayError
from launcher.hub.lateness import must_be_in_time
from launcher.hub.store_address import not_read, store_address

_log = logging.getLogger("launcher.hub")

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""All tables of all features; :mod:`launcher.hub.all_tables` loads them."""

CONNECT_WITHIN_S: Final = 3
BUSY_WITHIN_S: Final = 10
POOL: Final = 12
"""Connections of one process; as many requests touch the store at once."""
_ALONE: Final = 8470_4471
"""The advisory lock of who changes the store's form."""
_ONE_MOMENT: Final = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""What SQLite's readers have by themselves: else a list and its version, read one after the other, may not match."""
_NO_MOMENT: Final = {"isolation_level": "AUTOCOMMIT"}
_TAKES_NOTHING: Final = "25006"
"""PostgreSQL's word that nothing can be written there, as when it stands by for another one after a failover."""
_SURELY_THERE_S: Final = 1.0
"""A connection that was used so lately is not asked whether it still is one, which costs as much as a question does."""


class Database:
    """One store. Threads may share it; a connection lives for one ``reading`` or ``writing``.

    ``url``: ``sqlite:////absolute/file.db`` or ``postgresql://…`` (which is psycopg 3's). Raises
    :class:`HubSettingsError` where it is neither, or is faulty.
    """

    def __init__(self, url: str) -> None:
        self.url = store_address(url)
        self.several = self.url.get_backend_name() == "postgresql"
        self.timed: Callable[[str, float], None] = _nothing
        """Hears how long each transaction took, ``reading`` or ``writing``, in seconds."""
        self._writes = threading.Lock()
        try:
            self.engine = self._postgresql() if self.several else self._sqlite()
        except (ArgumentError, ValueError):  # as for a time after the question mark that is none
            raise not_read() from None
        self._readers = self.engine.execution_options(**(_ONE_MOMENT if self.several else {}))
        self._glances = self.engine.execution_options(**(_NO_MOMENT if self.several else {}))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads, all of it as it was at one moment. Raises :class:`StoreAwayError`."""
        with self._asked("reading"), self._readers.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def glancing(self) -> Iterator[Connection]:
        """Read by statements that need not be of one moment, as one alone, without what a transaction costs besides.

        Raises :class:`StoreAwayError`.
        """
        with self._asked("reading"), self._glances.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed at its end, and whole or not at all; for a late request it is not.

        Raises :class:`StoreAwayError`.
        """
        with self._asked("writing"), self._turn(), self.engine.connect() as connection:
            if not self.several:
                connection.info["immediate"] = True
            try:
                with connection.begin():
                    must_be_in_time()
                    yield connection
                    must_be_in_time()
            finally:
                connection.info.pop("immediate", None)

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """As :meth:`writing`, and no other process is in such a block meanwhile: to change the store's form."""
        with self.writing() as connection:
            if self.several:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ALONE})")
            yield connection

    def count_from(self, connection: Connection, number: Column[Any], last: int) -> None:
        """Let a column that counts itself go on after ``last``."""
        table = number.table.name
        if self.several:
            connection.execute(select(func.setval(func.pg_get_serial_sequence(table, number.name), last)))
        elif number.table.dialect_options["sqlite"]["autoincrement"]:
            connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
            connection.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for one's turn to write on SQLite.

        It would let one at a time write, too, but those who wait sleep and look again: of many some never come to it.
        """
        if self.several:
            yield
        elif self._writes.acquire(timeout=BUSY_WITHIN_S):
            try:
                yield
            finally:
                self._writes.release()
        else:
            raise StoreAwayError("The hub's store is too busy.", retry_after_s=BUSY_WITHIN_S)

    @contextmanager
    def _asked(self, what: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        except (DataError, UnicodeError) as fault:
            # SQLite takes what PostgreSQL does not: NUL characters, halves of UTF-16 pairs.
            raise MalformedError("Something that was sent cannot be stored.", detail=type(fault).__name__) from None
        except (OperationalError, PoolTimeoutError) as fault:
            raise _away(fault) from fault
        except DBAPIError as fault:
            if fault.connection_invalidated:
                raise _away(fault) from fault
            if what == "writing" and getattr(fault.orig, "sqlstate", "") == _TAKES_NOTHING:
                self.engine.dispose()  # another server may have taken this one's place
                raise _away(fault) from fault
            if isinstance(fault, ProgrammingError) and fault.statement is None:
                raise HubSettingsError(
                    "The database's driver does not take the address of the hub's database.",
                    hint="Look in the hub's file, [store] url, at what stands after the question mark.",
                ) from None  # the driver's words may repeat a part of the address
            raise
        finally:
            self.timed(what, time.perf_counter() - began)

    def _postgresql(self) -> Engine:
        options = {"connect_timeout": CONNECT_WITHIN_S, "application_name": "station-launcher-hub"}
        engine = create_engine(
            self.url, pool_size=POOL, max_overflow=0, pool_timeout=BUSY_WITHIN_S, pool_use_lifo=True,
            connect_args=options, hide_parameters=True,
        )  # fmt: skip

        @event.listens_for(engine, "checkin")
        def _on_checkin(_: object, record: ConnectionPoolEntry) -> None:
            record.info["used"] = time.monotonic()

        @event.listens_for(engine, "checkout")
        def _on_checkout(driver: DBAPIConnection, record: ConnectionPoolEntry, _: object) -> None:
            used = record.info.get("used")
            if used is not None and time.monotonic() - used > _SURELY_THERE_S:
                _must_be_there(engine, driver)

        return engine

    def _sqlite(self) -> Engine:
        engine = create_engine(
            self.url, pool_size=POOL, max_overflow=0, pool_timeout=BUSY_WITHIN_S, hide_parameters=True,
            connect_args={"timeout": BUSY_WITHIN_S, "check_same_thread": False, "isolation_level": None},
        )  # fmt: skip

        @event.listens_for(engine, "connect")
        def _on_connect(connection: object, _: object) -> None:
            cursor = connection.cursor()  # type: ignore[attr-defined]
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

        @event.listens_for(engine, "begin")
        def _on_begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.info.get("immediate") else "BEGIN")

        return engine


def _must_be_there(engine: Engine, driver: DBAPIConnection) -> None:
    """Have the pool make all its connections anew where one of them is gone: the server was started again."""
    try:
        engine.dialect.do_ping(driver)
    except engine.dialect.loaded_dbapi.Error:
        raise InvalidatePoolError from None


def next_number(number: Column[Any], *, several: bool) -> ColumnElement[int]:
    """Return the next number of a column that counts itself, which is taken by this: as part of a statement.

    ``several``: on PostgreSQL. On SQLite it is taken when it is written, and nobody else writes meanwhile.
    """
    if several:
        return func.nextval(func.pg_get_serial_sequence(number.table.name, number.name))
    last: Select[tuple[int]] = (
        select(column("seq")).select_from(table("sqlite_sequence")).where(column("name") == number.table.name)
    )
    return func.coalesce(last.scalar_subquery(), 0) + 1


def insert_unless_there(connection: Connection, table: Table, *rows: Mapping[str, object]) -> bool:
    """Insert rows, each unless one with the same key is there, also by another process at this moment; False: none was.

    A row of another transaction that has not ended is waited for.
    """
    return connection.execute(_new_in(table, connection.dialect.name), rows).rowcount > 0


@functools.cache
def _new_in(table: Table, dialect: str) -> Executable:
    new = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return new(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def _nothing(_: str, __: float) -> None:
    return


def _away(fault: Exception) -> StoreAwayError:
    # The driver's own words, without the statement and what was in it.
    _log.warning("hub-store-away: %s", getattr(fault, "orig", None) or type(fault).__name__)
    return StoreAwayError("The hub's store does not answer.", detail=type(fault).__name__)


def now() -> float:
    """Return the hub's clock: seconds since the epoch."""
    return time.time()
