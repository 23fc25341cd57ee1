"""A newcomer's proof at a locked terminal to their launchpad, beside a plain log-on of the same officer."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from tests.bench.figures import Figure, middle, report
from tests.bench.two_officers import A, B, shared_terminal

ROUNDS = 7


def measure() -> dict[str, object]:
    """Let one officer lock and walk away and another take over, then log off and on, so often."""
    with tempfile.TemporaryDirectory(prefix="bench-hand-over-") as folder:
        over_ms, plain_ms = asyncio.run(_officers(Path(folder)))
    figure = Figure(
        "proved at a locked terminal → launchpad responds",
        middle(over_ms),
        "ms",
        middle(plain_ms),
        "the same officer at a plain log-on screen",
        n=ROUNDS,
    )
    return report([figure], over_ms=over_ms, plain_ms=plain_ms)


async def _officers(folder: Path) -> tuple[list[float], list[float]]:
    over_ms: list[float] = []
    plain_ms: list[float] = []
    async with shared_terminal(folder, lock="idle_s = 0\ngrace_s = 0") as terminal:
        for _ in range(ROUNDS):
            await terminal.station.spare()
            await terminal.log_on(A)
            await terminal.lock()
            over_ms.append(await terminal.taken_over(B))
            await terminal.station.spare()
            await terminal.log_off()
            await terminal.station.spare()
            plain_ms.append(await terminal.log_on(B))
            await terminal.log_off()
    return over_ms, plain_ms
