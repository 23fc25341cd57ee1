"""How fast the spool stores, for a benchmark."""

from __future__ import annotations

import time
from pathlib import Path

from launcher.timings.spool import Spool
from launcher.wire.records import LaunchRecord


def throughput(path: Path, records: int = 50_000) -> float:
    """Return records stored per second, from the first :meth:`Spool.record` to the last commit (a benchmark)."""
    template = LaunchRecord(
        at=time.time(),
        system="custody",
        system_kind="web",
        sign_on="form",
        outcome="ready",
        prompts=0,
        total_ms=1234.5,
        phases=(),
    )
    spool = Spool(path, max_records=records * 2, max_queued=records)
    began = time.perf_counter()
    for _ in range(records):
        spool.record(template)
    spool.close(within_s=120.0)
    took_s = time.perf_counter() - began
    return (records - spool.dropped) / took_s
