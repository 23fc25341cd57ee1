"""Ends connections to a store that is connected and says nothing: PostgreSQL's own client would wait for ever.

Its server may be stopped, or its computer suspended: the line is there, and no limit of TCP's ends it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
import time
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Engine, event

if TYPE_CHECKING:
    import psycopg
    from sqlalchemy import Connection
    from sqlalchemy.pool import ConnectionPoolEntry

_log = logging.getLogger("launcher.hub")

SILENT_S: Final = 15.0
"""So long may one statement take in a process that serves. Chores take what may be many in portions."""
LOOKS_EVERY_S: Final = 1.0


class Watch:
    """Watches the connections of an engine that are in use, each from its last statement."""

    def __init__(self, engine: Engine, silent_s: float = SILENT_S) -> None:
        self.silent_s = silent_s
        self._fault = engine.dialect.loaded_dbapi.Error
        self._lock = threading.Lock()
        self._since: dict[psycopg.Connection[Any], float] = {}
        self._ended = threading.Event()
        # Before the engine's own listener, which asks a connection whether it is still there.
        event.listen(engine, "checkout", self._taken, insert=True)
        event.listen(engine, "checkin", self._given_back)
        event.listen(engine, "close", self._given_back)
        event.listen(engine, "before_cursor_execute", self._asked)
        event.listen(engine, "commit", self._goes_on)
        threading.Thread(target=self._look, name="hub store watch", daemon=True).start()

    def end(self) -> None:
        """Watch no more."""
        self._ended.set()

    def _taken(self, driver: psycopg.Connection[Any], _: ConnectionPoolEntry, __: object) -> None:
        with self._lock:
            self._since[driver] = time.monotonic()

    def _given_back(self, driver: psycopg.Connection[Any] | None, _: ConnectionPoolEntry) -> None:
        with self._lock:
            if driver is not None:  # None: it was lost
                self._since.pop(driver, None)

    def _asked(self, connection: Connection, *_: object) -> None:
        self._goes_on(connection)

    def _goes_on(self, connection: Connection) -> None:
        driver = connection.connection.driver_connection
        with self._lock:
            if driver in self._since:
                self._since[driver] = time.monotonic()

    def _look(self) -> None:
        while not self._ended.wait(LOOKS_EVERY_S):
            late = time.monotonic() - self.silent_s
            with self._lock:
                silent = [driver for driver, since in self._since.items() if since < late]
                for driver in silent:
                    del self._since[driver]
                    self._cut_off(driver)
            if silent:
                _log.warning("hub-store-silent: %d connections were cut off", len(silent))

    def _cut_off(self, driver: psycopg.Connection[Any]) -> None:
        """Shut a connection's line down: who waits on it is told that it is lost."""
        with (
            contextlib.suppress(OSError, self._fault),  # it was closed
            socket.socket(fileno=os.dup(driver.fileno())) as line,
        ):
            line.shutdown(socket.SHUT_RDWR)
