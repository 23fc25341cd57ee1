"""What of the words between station and hub must outlive the process: a SQLite file, each step on the disk.

A command goes through three steps, each committed before the next thing is done: *taken* (before the hub is told so),
*begun* (before it is carried out), *answered* (kept until the hub has the answer). A station that was killed between
them knows what it has not begun, and what it may have.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

from pydantic import ValidationError

from launcher.station.log import say
from launcher.wire.hub.commands import Answer, Command
from launcher.wire.hub.sittings import Began, Ended, Happened

Kept = TypeVar("Kept", Command, Answer, Happened)

_log = logging.getLogger("launcher.station.hub")

MAX_HAPPENED: Final = 20_000
"""Things that happened and the hub has not received; beyond it the oldest go."""
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS commands (
    id INTEGER PRIMARY KEY, said TEXT NOT NULL, begun INTEGER NOT NULL DEFAULT 0,
    answer TEXT, last INTEGER NOT NULL DEFAULT 0, delivered INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS happened (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sittings (sitting TEXT PRIMARY KEY, officer TEXT NOT NULL);
"""
_KEPT_ANSWERS: Final = 200
"""Delivered answers that are remembered: a command that comes again is known by them."""


class Journal:
    """The journal of one station at one hub. Used on one thread; each method is on the disk when it returns."""

    def __init__(self, file: Path, station: str) -> None:
        """Open or make it; one that was another station's begins anew. Raises ``OSError`` or ``sqlite3.Error``."""
        file.parent.mkdir(mode=0o700, exist_ok=True)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0), 0o600))
        self._store = sqlite3.connect(file, isolation_level=None, timeout=10.0)
        self._store.execute("PRAGMA journal_mode = WAL")
        self._store.execute("PRAGMA synchronous = FULL")
        self._store.executescript(_SCHEMA)
        if self._kept("station") != station:
            self._begin_anew(station)

    def close(self) -> None:
        """Close it."""
        self._store.close()

    # --- small things, by name

    def link(self) -> str:
        """Return the hub's last link; empty: none was given yet."""
        return self._kept("link")

    def keep_link(self, link: str) -> None:
        """Keep it."""
        self._keep("link", link)

    def told(self, name: str) -> str:
        """Return a list that the hub keeps here (``barred``, ``notices``), in JSON; empty: none was kept yet."""
        return self._kept(f"told-{name}")

    def keep_told(self, name: str, body: str) -> None:
        """Keep such a list."""
        self._keep(f"told-{name}", body)

    # --- commands

    @property
    def last(self) -> int:
        """The highest id of a command that was taken."""
        return int(self._kept("last") or 0)

    def take(self, command: Command) -> None:
        """Note a command that is about to be acknowledged."""
        with self._writing():
            self._store.execute(
                "INSERT INTO commands (id, said) VALUES (?, ?)", (command.id, command.model_dump_json())
            )
            self._store.execute("INSERT OR REPLACE INTO kept VALUES ('last', ?)", (str(command.id),))

    def begin(self, command: int) -> None:
        """Note that a command is about to be carried out."""
        with self._writing():
            self._store.execute("UPDATE commands SET begun = 1 WHERE id = ?", (command,))

    def forget(self, command: int) -> None:
        """Note that a taken command is not to be carried out, nor answered: the hub has said so."""
        self._answered(command, None)

    def answer(self, command: int, answer: Answer) -> None:
        """Keep an answer until it is delivered; the last one is not followed by another."""
        with self._writing():
            self._store.execute(
                "UPDATE commands SET answer = ?, last = ?, delivered = 0 WHERE id = ? AND last = 0",
                (answer.model_dump_json(), int(not answer.more), command),
            )

    def undelivered(self) -> tuple[tuple[int, Answer], ...]:
        """Return the answers that the hub does not have, in the order of their commands."""
        return self._read(
            Answer,
            "SELECT id, answer FROM commands WHERE answer IS NOT NULL AND delivered = 0 ORDER BY id",
            unreadable="UPDATE commands SET answer = NULL, last = 0 WHERE id = ?",  # the next start says so
        )

    def delivered(self, command: int, answer: Answer) -> None:
        """Note that the hub has this answer, unless another has taken its place meanwhile."""
        self._answered(command, answer)

    def knows(self, command: int) -> Answer | None:
        """Return the answer to a command of before, if it is remembered."""
        found = self._read(
            Answer,
            "SELECT id, answer FROM commands WHERE answer IS NOT NULL AND id = ?",
            command,
            unreadable="UPDATE commands SET answer = NULL WHERE id = ?",
        )
        return found[0][1] if found else None

    def taken_only(self) -> tuple[Command, ...]:
        """Return the commands that were taken and not begun."""
        found = self._read(
            Command,
            "SELECT id, said FROM commands WHERE begun = 0 AND last = 0 ORDER BY id",
            unreadable="UPDATE commands SET last = 1 WHERE id = ?",
        )
        return tuple(command for _, command in found)

    def left_over(self) -> tuple[tuple[int, bool], ...]:
        """Return the commands that have no last answer, each with whether it was begun."""
        rows = self._store.execute("SELECT id, begun FROM commands WHERE last = 0 ORDER BY id")
        return tuple((number, bool(begun)) for number, begun in rows)

    # --- what happened

    def happened(self, things: Iterable[Happened]) -> int:
        """Keep what happened, numbered on from the last (their own ``seq`` is not looked at); return what had to go."""
        with self._writing():
            seq = int(self._kept("seq") or 0)
            for thing in things:
                seq += 1
                body = thing.model_copy(update={"seq": seq}).model_dump_json()
                self._store.execute("INSERT INTO happened VALUES (?, ?)", (seq, body))
                self._follow(thing)
            self._store.execute("INSERT OR REPLACE INTO kept VALUES ('seq', ?)", (str(seq),))
            return self._store.execute("DELETE FROM happened WHERE seq <= ?", (seq - MAX_HAPPENED,)).rowcount

    def unreceived(self, many: int = 500) -> tuple[Happened, ...]:
        """Return the next things that the hub has not received, in their order."""
        found = self._read(
            Happened,
            "SELECT seq, body FROM happened ORDER BY seq LIMIT ?",
            many,
            unreadable="DELETE FROM happened WHERE seq = ?",
        )
        return tuple(thing for _, thing in found)

    def received(self, up_to: int) -> None:
        """Note up to which number the hub has all.

        It may have more than this journal has ever counted, where the journal was lost: what waits is counted on.
        """
        with self._writing():
            seq = int(self._kept("seq") or 0)
            if up_to <= seq:
                self._store.execute("DELETE FROM happened WHERE seq <= ?", (up_to,))
                return
            waiting = self.unreceived(MAX_HAPPENED)
            self._store.execute("DELETE FROM happened")
            for number, thing in enumerate(waiting, start=up_to + 1):
                again = thing.model_copy(update={"seq": number})
                self._store.execute("INSERT INTO happened VALUES (?, ?)", (number, again.model_dump_json()))
            self._store.execute("INSERT OR REPLACE INTO kept VALUES ('seq', ?)", (str(up_to + len(waiting)),))

    def open_sittings(self) -> tuple[tuple[str, str], ...]:
        """Return the sittings that have begun and not ended, each with its officer."""
        return tuple(self._store.execute("SELECT sitting, officer FROM sittings ORDER BY rowid"))

    def _follow(self, thing: Happened) -> None:
        if isinstance(thing.what, Began) and thing.sitting:
            row = (thing.sitting, thing.what.person.officer)
            self._store.execute("INSERT OR REPLACE INTO sittings VALUES (?, ?)", row)
        elif isinstance(thing.what, Ended) and thing.sitting:
            self._store.execute("DELETE FROM sittings WHERE sitting = ?", (thing.sitting,))

    # --- the file

    def _answered(self, command: int, answer: Answer | None) -> None:
        with self._writing():
            if answer is None:
                self._store.execute("UPDATE commands SET last = 1, delivered = 1 WHERE id = ?", (command,))
            else:
                self._store.execute(
                    "UPDATE commands SET delivered = 1 WHERE id = ? AND answer = ?", (command, answer.model_dump_json())
                )
            self._store.execute(
                "DELETE FROM commands WHERE last = 1 AND delivered = 1 AND id NOT IN"
                " (SELECT id FROM commands ORDER BY id DESC LIMIT ?)",
                (_KEPT_ANSWERS,),
            )

    def _read(self, kind: type[Kept], asked: str, *given: object, unreadable: str) -> tuple[tuple[int, Kept], ...]:
        """Return numbered records; one that another version of the station has written otherwise is let go."""
        found = []
        for number, body in self._store.execute(asked, given).fetchall():
            try:
                found.append((number, kind.model_validate_json(body)))
            except ValidationError as fault:
                say(_log, "hub-journal-not-read", level=logging.ERROR, kind=kind.__name__, fault=str(fault.title))
                self._store.execute(unreadable, (number,))
        return tuple(found)

    def _begin_anew(self, station: str) -> None:
        with self._writing():
            for table in ("kept", "commands", "happened", "sittings"):
                self._store.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
            self._store.execute("INSERT INTO kept VALUES ('station', ?)", (station,))

    def _kept(self, name: str) -> str:
        row = self._store.execute("SELECT value FROM kept WHERE name = ?", (name,)).fetchone()
        return "" if row is None else str(row[0])

    def _keep(self, name: str, value: str) -> None:
        with self._writing():
            self._store.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (name, value))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._store.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._store.execute("ROLLBACK")
            raise
        self._store.execute("COMMIT")
