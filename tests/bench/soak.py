"""Three hundred hand-overs in one run: what the station holds in its last tenth, beside its first."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median

from launcher.residue import descendants
from launcher.station import SessionEnded
from tests.bench.figures import Figure, report
from tests.bench.two_officers import A, B, Terminal, shared_terminal

HAND_OVERS = int(os.environ.get("STATION_LAUNCHER_HAND_OVERS", "300"))
"""Eight hours of shift changes at a busy front desk, condensed."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is there with one officer at work and the next screen warm."""

    memory_kib: int  # of the station's own process, shared pages by share (PSS)
    descriptors: int
    threads: int
    processes: int
    files: int  # in the station's folders: state, and the sessions' own
    mounts: int
    ms: float = 0.0  # what the hand-over took, proof to launchpad


def measure() -> dict[str, object]:
    """Let two officers take the terminal over from each other, again and again."""
    with tempfile.TemporaryDirectory(prefix="bench-soak-") as folder:
        held = asyncio.run(take_turns(Path(folder), HAND_OVERS))
    return report(_figures(held), rounds={one.name: [getattr(each, one.name) for each in held] for one in fields(Held)})


async def take_turns(folder: Path, times: int) -> list[Held]:
    """Hand the terminal over so often; return what was held after each time."""
    held = []
    async with shared_terminal(folder, lock="idle_s = 0\ngrace_s = 0") as terminal:
        await terminal.station.spare()
        await terminal.log_on(A)
        for turn in range(times):
            gone = terminal.session
            await terminal.lock()
            ms = await terminal.taken_over(B if turn % 2 == 0 else A)
            while (await terminal.station.next(SessionEnded)).session != gone:
                pass
            await terminal.station.spare()
            terminal.station.forget()
            held.append(_held(terminal, folder, ms))
            if (turn + 1) % 30 == 0:
                print(f"  {turn + 1} of {times}: {held[-1]}", flush=True)
    return held


def _held(terminal: Terminal, folder: Path, ms: float) -> Held:
    own = Path("/proc/self")
    rollup = (own / "smaps_rollup").read_text()
    pss = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    threads = next(
        int(line.split()[1]) for line in (own / "status").read_text().splitlines() if line.startswith("Threads:")
    )
    return Held(
        memory_kib=pss,
        descriptors=len(os.listdir(own / "fd")),  # noqa: PTH208 - a count, not paths
        threads=threads,
        processes=len([row for row in descendants(os.getpid()) if not row.zombie]),
        files=sum(1 for _ in folder.rglob("*")),
        mounts=len((own / "mountinfo").read_text().splitlines()),
        ms=round(ms, 1),
    )


def _figures(held: Sequence[Held]) -> list[Figure]:
    tenth = max(1, len(held) // 10)
    # The first of all has what every run has once: modules that are loaded, pages that are mapped.
    first, last = held[:tenth], held[-tenth:]
    against = f"the first {tenth} of {len(held)}"
    found = []
    for name, unit in (
        ("memory_kib", "KiB"), ("descriptors", "open"), ("threads", ""), ("processes", ""), ("files", ""),
        ("mounts", ""), ("ms", "ms"),
    ):  # fmt: skip
        value, reference = (median(getattr(one, name) for one in some) for some in (last, first))
        found.append(Figure(f"{name}, the last {tenth}", value, unit, reference, against, n=tenth))
    return found
