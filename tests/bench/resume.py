"""Proof to work painted again, by PIN and by name and password, beside a log-on of the same officer."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.figures import Budget, Figure, middle, report
from tests.bench.two_officers import A, shared_terminal

ROUNDS = 7


@dataclass(slots=True)
class _Times:
    pin_ms: list[float] = field(default_factory=list)
    proof_ms: list[float] = field(default_factory=list)
    log_on_ms: list[float] = field(default_factory=list)


def measure() -> dict[str, object]:
    """Let one officer lock and come back, in both ways in turn."""
    with tempfile.TemporaryDirectory(prefix="bench-resume-") as folder:
        times = asyncio.run(_officer(Path(folder)))
    beside, against = middle(times.log_on_ms), "a log-on of the same officer, proved → launchpad responds"
    return report(
        [
            Figure("PIN → work painted", middle(times.pin_ms), "ms", beside, against, Budget(150.0), n=ROUNDS),
            Figure("proved → work painted", middle(times.proof_ms), "ms", beside, against, Budget(150.0), n=ROUNDS),
        ],
        pin_ms=times.pin_ms,
        proof_ms=times.proof_ms,
        log_on_ms=times.log_on_ms,
    )


async def _officer(folder: Path) -> _Times:
    times = _Times()
    async with shared_terminal(folder, lock="idle_s = 0\ngrace_s = 600") as terminal:
        for _ in range(ROUNDS):
            await terminal.station.spare()
            times.log_on_ms.append(await terminal.log_on(A))
            await terminal.set_pin()
            await terminal.lock()
            times.pin_ms.append(await terminal.back_by_pin())
            await terminal.lock()
            times.proof_ms.append(await terminal.back_by_proof(A))
            await terminal.station.spare()
            await terminal.log_off()
    return times
