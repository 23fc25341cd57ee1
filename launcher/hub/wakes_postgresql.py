"""How a change made in one process of the hub reaches the others: PostgreSQL's NOTIFY carries a topic, and no content.

Two threads, each with a connection of its own. One that is lost is made again; what was said meanwhile is not known, so
that everybody looks anew. Behind both stands a poll (:mod:`launcher.hub.polling`).
"""

from __future__ import annotations

import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import psycopg
from sqlalchemy import URL

from launcher.hub.store_address import driver_options
from launcher.hub.wakes import Wakes

_log = logging.getLogger("launcher.hub")

CHANNEL: Final = "station_launcher_hub"
EVERYTHING: Final = "*"
"""Said in place of topics that could not be said."""
ENDS: Final = "ends"
LOOKS_EVERY_S: Final = 5.0
FIRST_PAUSE_S: Final = 0.2
LONGEST_PAUSE_S: Final = 10.0
MANY: Final = 200
_NOTICED_SOON: Final[Mapping[str, Any]] = {
    "connect_timeout": 3, "application_name": "station-launcher-hub wakes",
    "keepalives_idle": 5, "keepalives_interval": 3, "keepalives_count": 3, "tcp_user_timeout": 15_000,
}  # fmt: skip
"""A server that is cut off is noticed within a quarter of a minute."""


class WakesOverPostgreSql:
    """Hands topics to the other processes and hears theirs, from :meth:`begin` to :meth:`end`."""

    def __init__(self, wakes: Wakes, url: URL, process: str) -> None:
        self._wakes = wakes
        self._server = driver_options(url)
        self._process = process
        self._to_say: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._ending = threading.Event()
        self.hears = threading.Event()
        """Set while it hears the others."""
        self._threads = (
            threading.Thread(target=self._again_and_again, args=(self._hear,), name="hub hears", daemon=True),
            threading.Thread(target=self._again_and_again, args=(self._say,), name="hub says", daemon=True),
        )

    def begin(self) -> None:
        """Say and hear from now on."""
        self._wakes.hand_on = self._to_say.put
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Say what is left to be said, then end."""
        self._wakes.hand_on = None
        self._ending.set()
        self._to_say.put(None)
        for thread in self._threads:
            thread.join(2 * LOOKS_EVERY_S)

    def _again_and_again(self, work: Callable[[psycopg.Connection[tuple[object, ...]]], None]) -> None:
        pause_s = FIRST_PAUSE_S
        while not self._ending.is_set():
            began = time.monotonic()
            try:
                with self._connected() as connection:
                    work(connection)
            except psycopg.Error as fault:
                _log.warning("hub-wakes-interrupted: %s", type(fault).__name__)
                if time.monotonic() - began > LONGEST_PAUSE_S:  # it went well for a while: to connect alone is nothing
                    pause_s = FIRST_PAUSE_S
                self._ending.wait(random.uniform(0.5, 1.0) * pause_s)  # noqa: S311 - nothing depends on it
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    def _connected(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(autocommit=True, **{**self._server, **_NOTICED_SOON})

    def _hear(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        connection.execute(f"LISTEN {CHANNEL}")
        self._wakes.all_again()
        self.hears.set()
        try:
            while not self._ending.is_set():
                for said in connection.notifies(timeout=LOOKS_EVERY_S, stop_after=1):
                    process, _, topic = said.payload.partition(" ")
                    if process == self._process:
                        continue
                    if topic == EVERYTHING:
                        self._wakes.all_again()
                    else:
                        self._wakes.heard(topic)
        finally:
            self.hears.clear()

    def _say(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        # What could not be said before this connection was made may have been anything.
        self._notify(connection, [EVERYTHING])
        while True:
            topics = self._waiting()
            if topics:
                self._notify(connection, topics)
            if self._ending.is_set() and self._to_say.empty():
                self._notify(connection, [ENDS])  # which the thread that hears waits for
                return

    def _waiting(self) -> list[str]:
        first = self._to_say.get()
        topics = {} if first is None else {first: None}
        while len(topics) < MANY:
            try:
                topic = self._to_say.get_nowait()
            except queue.Empty:
                break
            if topic is not None:
                topics[topic] = None
        return list(topics)

    def _notify(self, connection: psycopg.Connection[tuple[object, ...]], topics: list[str]) -> None:
        said = [f"{self._process} {topic}" for topic in topics]
        connection.execute("SELECT pg_notify(%s, one) FROM unnest(%s::text[]) AS one", (CHANNEL, said))
