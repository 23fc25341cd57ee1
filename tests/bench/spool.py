"""Timings stored in a second, from the first record handed over to the last one committed."""

from __future__ import annotations

import sqlite3
import tempfile
import time
import uuid
from contextlib import closing
from pathlib import Path

from launcher.timings.throughput import throughput
from tests.bench.figures import Budget, Figure, middle, report

RECORDS = 50_000
ROUNDS = 3
BATCH = 1_000


def measure() -> dict[str, object]:
    """Store records through the spool and, in turn, bare rows by ``executemany``."""
    ours: list[float] = []
    bare: list[float] = []
    with tempfile.TemporaryDirectory(prefix="bench-spool-") as folder:
        for turn in range(ROUNDS):
            ours.append(throughput(Path(folder) / f"spool-{turn}.db", RECORDS))
            bare.append(_executemany(Path(folder) / f"bare-{turn}.db"))
    stored = Figure(
        "records stored in a second",
        middle(ours),
        "/s",
        middle(bare),
        "the same rows, made beforehand, by executemany into the same table",
        Budget(15_000, rule="at least"),
        n=ROUNDS,
    )
    return report([stored], rounds={"spool": ours, "executemany": bare})


def _executemany(file: Path) -> float:
    throughput(file, 1)  # makes the same table and indexes
    body = "x" * 160
    rows = [(uuid.uuid4().hex, time.time(), "launch", "custody", "ready", 1234.5, 164, body) for _ in range(RECORDS)]
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA synchronous = NORMAL")
        began = time.perf_counter()
        for start in range(0, RECORDS, BATCH):
            with connection:
                connection.executemany(
                    "INSERT INTO records (key, at, kind, system, outcome, total_ms, bucket, body)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    rows[start : start + BATCH],
                )
        return RECORDS / (time.perf_counter() - began)
