"""The spool: records in a SQLite file that outlives a restart, written by a thread that nobody waits for.

:meth:`Spool.record` puts a record into a bounded queue and returns; a full queue drops the record and counts it. The
file is capped: beyond the cap the oldest go, counted. Records have sequence numbers, so that the hub can ask "since N"
and a batch sent twice is stored once (:meth:`Spool.record` with the same key).
"""

from __future__ import annotations

import logging
import os
import queue
import sqlite3
import threading
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, TypeAdapter, ValidationError

from launcher.errors import LauncherError
from launcher.timings.buckets import bucket
from launcher.timings.clock import own_ms
from launcher.wire.records import LaunchRecord, NoticeRecord, SignInRecord, SwitchRecord

TimingRecord = SignInRecord | LaunchRecord | SwitchRecord
SpoolRecord = TimingRecord | NoticeRecord
"""Beside the timings, what an officer has acknowledged: it waits here for the hub, and is in no figure."""

MAX_RECORDS: Final = 200_000
MAX_NOTICES: Final = 100_000
MAX_QUEUED: Final = 20_000
_BATCH: Final = 1_000
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS records (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    at REAL NOT NULL,
    kind TEXT NOT NULL,
    system TEXT NOT NULL,
    outcome TEXT NOT NULL,
    total_ms REAL NOT NULL,
    bucket INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS records_of_system ON records (kind, system, seq);
CREATE INDEX IF NOT EXISTS records_by_time ON records (at);
"""

_log = logging.getLogger("launcher.timings.spool")
_records: TypeAdapter[SpoolRecord] = TypeAdapter(Annotated[SpoolRecord, Field(discriminator="kind")])


class TimingsNotReadError(LauncherError):
    """The file the timings are kept in is there and could not be read."""

    reference = "timings-not-read"
    hint = "Nothing of your work is lost by it. Tell the helpdesk the reference if it happens again."
    retryable = True


@dataclass(frozen=True, slots=True)
class Kept:
    """A record as it lies in the spool."""

    seq: int
    record: SpoolRecord


class _Flush:
    """A mark in the queue: everything before it is written."""

    __slots__ = ("done", "last")

    def __init__(self, *, last: bool) -> None:
        self.done = threading.Event()
        self.last = last


class Spool:
    """Writes records to ``path`` (mode 0600). ``dropped`` counts what a full queue or a failing disk cost.

    ``readers``: a group that may read it (mode 0640). They cannot open a file that nobody writes (SQLite's write-ahead
    log is the writer's to make): see :meth:`open`.
    """

    def __init__(
        self,
        path: Path,
        *,
        max_records: int = MAX_RECORDS,
        max_notices: int = MAX_NOTICES,
        max_queued: int = MAX_QUEUED,
        readers: int | None = None,
    ) -> None:
        self.path = path
        self._readers = readers
        self._max_records = max_records
        self._max_notices = max_notices
        self._queue: queue.Queue[tuple[str, SpoolRecord] | _Flush] = queue.Queue(max_queued)
        self._dropped = 0
        self._count_lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="spool", daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """How many records were lost since this spool was opened."""
        return self._dropped

    def record(self, record: SpoolRecord, *, key: str = "") -> None:
        """Keep a record. Never raises and never waits; the same non-empty ``key`` is kept once."""
        if self._closed:
            self._drop(1)
            return
        try:
            self._queue.put_nowait((key or uuid.uuid4().hex, record))
        except queue.Full:
            self._drop(1)

    def open(self) -> None:
        """Open the file before there is anything to write, for others to read it; never waits."""
        with suppress(queue.Full):  # then it is about to be opened
            self._queue.put_nowait(_Flush(last=False))

    def flush(self, within_s: float = 10.0) -> bool:
        """Wait until everything recorded before is in the file; say whether it was within the time."""
        return self._mark(last=False, within_s=within_s)

    def close(self, within_s: float = 10.0) -> None:
        """Write what is queued and end the thread; records that come later are counted as dropped."""
        if not self._closed:
            self._closed = True
            self._mark(last=True, within_s=within_s)
            self._thread.join(within_s)

    def _mark(self, *, last: bool, within_s: float) -> bool:
        mark = _Flush(last=last)
        try:
            self._queue.put(mark, timeout=within_s)
        except queue.Full:
            return False
        return mark.done.wait(within_s)

    def _drop(self, count: int) -> None:
        with self._count_lock:
            self._dropped += count

    # --- the thread

    def _work(self) -> None:
        connection: sqlite3.Connection | None = None
        last = False
        while not last:
            batch, marks = self._next_batch()
            if batch or (self._readers is not None and not any(mark.last for mark in marks)):
                try:
                    if connection is None:
                        connection = _open(self.path, self._readers)
                    self._write(connection, batch)
                except (sqlite3.Error, OSError) as fault:
                    self._drop(len(batch))
                    _log.warning("spool-not-written", extra={"fields": {"fault": type(fault).__name__}})
                    if connection is not None:
                        connection.close()
                    connection = None
            for mark in marks:
                mark.done.set()
                last = last or mark.last
        if connection is not None:
            connection.close()

    def _next_batch(self) -> tuple[list[tuple[str, SpoolRecord]], list[_Flush]]:
        batch: list[tuple[str, SpoolRecord]] = []
        marks: list[_Flush] = []
        item = self._queue.get()
        while True:
            if isinstance(item, _Flush):
                marks.append(item)
            else:
                batch.append(item)
            if len(batch) >= _BATCH:
                return batch, marks
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                return batch, marks

    def _write(self, connection: sqlite3.Connection, batch: list[tuple[str, SpoolRecord]]) -> None:
        with connection:
            connection.executemany(
                "INSERT OR IGNORE INTO records (key, at, kind, system, outcome, total_ms, bucket, body)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(key, *_columns(record)) for key, record in batch],
            )
            self._cap(connection)

    def _cap(self, connection: sqlite3.Connection) -> None:
        """Drop the oldest timings beyond the cap, counted; what was acknowledged has a cap of its own."""
        # Counting rows is slow, the span of sequence numbers is not: count only when it reaches the cap.
        low, high = connection.execute(
            "SELECT (SELECT seq FROM records WHERE kind != 'notice' ORDER BY seq LIMIT 1),"
            " (SELECT seq FROM records ORDER BY seq DESC LIMIT 1)"
        ).fetchone()
        if low is not None and int(high) - int(low) >= self._max_records:
            (timings,) = connection.execute("SELECT count(*) FROM records WHERE kind != 'notice'").fetchone()
            self._drop_oldest(connection, "kind != 'notice'", int(timings) - self._max_records, "capped")
        (notices,) = connection.execute("SELECT count(*) FROM records WHERE kind = 'notice'").fetchone()
        self._drop_oldest(connection, "kind = 'notice'", int(notices) - self._max_notices, "capped-notices")

    def _drop_oldest(self, connection: sqlite3.Connection, which: str, over: int, counted: str) -> None:
        if over <= 0:
            return
        connection.execute(
            f"DELETE FROM records WHERE seq IN (SELECT seq FROM records WHERE {which} ORDER BY seq LIMIT ?)",  # noqa: S608 - ours
            (over,),
        )
        connection.execute(
            "INSERT INTO meta (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + excluded.value",
            (counted, str(over)),
        )


class SpoolReader:
    """Reads a spool while it is being written, also from another process. An absent file holds nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def since(self, seq: int = 0, *, limit: int = 1_000_000) -> Iterator[Kept]:
        """Return records after ``seq`` in order; a row of a later release that cannot be read is passed over."""
        yield from self._rows("SELECT seq, body FROM records WHERE seq > ? ORDER BY seq LIMIT ?", (seq, limit))

    def timings(self) -> Iterator[TimingRecord]:
        """Yield all that is a timing, in order."""
        return (kept.record for kept in self.since() if not isinstance(kept.record, NoticeRecord))

    def newest(self, *, after: float, limit: int) -> tuple[TimingRecord, ...]:
        """Return the newest records since ``after`` (seconds since the epoch), newest first by when they were taken.

        Raises :class:`TimingsNotReadError` where the file is there and cannot be read: nothing is said of figures that
        nobody could see. A row of a later release is passed over.
        """
        try:
            if not self.path.exists():
                return ()
            with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=5.0)) as connection:
                bodies = connection.execute(
                    # Read off the index, no further than the limit, however much older the file's other records are.
                    "SELECT body FROM records WHERE at >= ? AND kind != 'notice' ORDER BY at DESC, seq DESC LIMIT ?",
                    (after, limit),
                ).fetchall()
        except (sqlite3.Error, OSError) as fault:
            raise TimingsNotReadError(
                "The times kept on this computer could not be read.", detail=type(fault).__name__
            ) from fault
        found = (_read(untrusted_body) for (untrusted_body,) in bodies)
        return tuple(record for record in found if record is not None and not isinstance(record, NoticeRecord))

    def recent_launches(self, system: str, *, limit: int = 20) -> tuple[LaunchRecord, ...]:
        """Return the newest ready launches of a system, newest first."""
        rows = self._rows(
            "SELECT seq, body FROM records WHERE kind = 'launch' AND system = ? AND outcome = 'ready'"
            " ORDER BY seq DESC LIMIT ?",
            (system, limit),
        )
        return tuple(kept.record for kept in rows if isinstance(kept.record, LaunchRecord))

    def ready_times_ms(self, *, launches: int = 5_000) -> Mapping[str, tuple[float, ...]]:
        """Return what the newest ready launches took of themselves, by system, newest first; of ``launches`` in all."""
        found: defaultdict[str, list[float]] = defaultdict(list)
        with self._connection() as connection:
            if connection is not None:
                for system, total_ms in connection.execute(
                    "SELECT system, total_ms FROM records WHERE kind = 'launch' AND outcome = 'ready'"
                    " ORDER BY seq DESC LIMIT ?",
                    (launches,),
                ):
                    found[str(system)].append(float(total_ms))
        return {system: tuple(times) for system, times in found.items()}

    def recent_sign_ins(self, *, limit: int = 20) -> tuple[SignInRecord, ...]:
        """Return the newest sign-ins that succeeded, newest first."""
        rows = self._rows(
            "SELECT seq, body FROM records WHERE kind = 'sign-in' AND outcome = 'signed-in' ORDER BY seq DESC LIMIT ?",
            (limit,),
        )
        return tuple(kept.record for kept in rows if isinstance(kept.record, SignInRecord))

    def notices(self, *, limit: int = 1_000) -> tuple[NoticeRecord, ...]:
        """Return the newest acknowledgements of notices, newest first."""
        rows = self._rows("SELECT seq, body FROM records WHERE kind = 'notice' ORDER BY seq DESC LIMIT ?", (limit,))
        return tuple(kept.record for kept in rows if isinstance(kept.record, NoticeRecord))

    def capped(self) -> int:
        """Return how many records the cap has cost so far."""
        with self._connection() as connection:
            if connection is None:
                return 0
            row = connection.execute("SELECT value FROM meta WHERE name = 'capped'").fetchone()
            return int(row[0]) if row else 0

    def _rows(self, query: str, parameters: tuple[int | str, ...]) -> Iterator[Kept]:
        with self._connection() as connection:
            if connection is None:
                return
            for seq, untrusted_body in connection.execute(query, parameters):
                if (record := _read(untrusted_body)) is not None:
                    yield Kept(int(seq), record)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection | None]:
        if not self.path.exists():
            yield None
            return
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=5.0)) as connection:
            try:
                connection.execute("SELECT 1 FROM records LIMIT 1")
            except sqlite3.DatabaseError:
                yield None
                return
            yield connection


def _read(untrusted_body: str) -> SpoolRecord | None:
    try:
        return _records.validate_json(untrusted_body)
    except ValidationError:
        return None


def _columns(record: SpoolRecord) -> tuple[float, str, str, str, float, int, str]:
    if isinstance(record, NoticeRecord):
        return (record.at, record.kind, record.system, record.page, 0.0, bucket(0.0), record.model_dump_json())
    system = record.system if isinstance(record, LaunchRecord) else record.kind
    # What an open page takes to be signed on again is no measure of what opening the system takes.
    kind = "launch-again" if isinstance(record, LaunchRecord) and record.again else record.kind
    outcome = record.reason if isinstance(record, SwitchRecord) else record.outcome
    took_ms = own_ms(record) if isinstance(record, LaunchRecord) else record.total_ms
    return (
        record.at,
        kind,
        system,
        outcome,
        took_ms,
        bucket(took_ms),
        record.model_dump_json(),
    )


def _open(path: Path, readers: int | None) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _make(path, readers)
    try:
        return _prepared(path)
    except sqlite3.DatabaseError as fault:
        if isinstance(fault, sqlite3.OperationalError):
            raise
        # Not a database any more: figures are worth less than a station that keeps going. The file is kept for IT.
        path.replace(path.with_name(f"{path.name}.damaged"))
        _log.warning("spool-damaged", extra={"fields": {"fault": type(fault).__name__}})
        _make(path, readers)
        return _prepared(path)


def _make(path: Path, readers: int | None) -> None:
    # SQLite gives its -wal and -shm files the mode and group of the file it finds.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if readers is not None:
            os.fchown(descriptor, -1, readers)
            os.fchmod(descriptor, 0o640)
            for left in (path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
                if left.exists():  # of a writer that was killed
                    os.chown(left, -1, readers)
                    left.chmod(0o640)
    finally:
        os.close(descriptor)


def _prepared(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=5.0)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection
