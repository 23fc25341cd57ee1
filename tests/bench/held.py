"""What a running station holds: its memory, files and processes, and what its display keeps for all of them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from Xlib.display import Display

from launcher.residue import descendants

SELECTIONS: Final = ("PRIMARY", "SECONDARY", "CLIPBOARD")


@dataclass(frozen=True, slots=True)
class Held:
    """What is there with one officer at work, their systems open, and the next screen warm behind it."""

    station_kib: int  # the station and its guard, without the pages of programs and libraries that any neighbour shares
    all_kib: int  # these and every session, page and program below them
    station_descriptors: int
    all_descriptors: int
    station_threads: int
    processes: int
    state_files: int
    state_kib: int
    home_files: int  # in the sessions' own folders
    mounts: int
    display_kib: int  # the X server's own memory
    display_clients: int
    display_windows: int
    display_resources: int  # windows, pixmaps, contexts and all else that the X server keeps for its clients
    display_selections: int  # owned by anybody
    ms: float = 0.0  # what the hand-over took, proof to launchpad


@dataclass(frozen=True, slots=True)
class Folders:
    """Where a station's files are."""

    state: Path
    homes: Path


class DisplayHolds:
    """A client that asks the X server what it keeps; its own part is left out."""

    def __init__(self, display: Display, pid: int) -> None:
        self._display = display
        self._pid = pid
        self._window = display.intern_atom("WINDOW")

    def counts(self) -> tuple[int, int, int, int, int]:
        """Return KiB, clients, windows, resources, selections."""
        own = self._display.display.info.resource_id_base
        clients = [one.resource_base for one in self._display.res_query_clients().clients if one.resource_base != own]
        windows = resources = 0
        for client in clients:
            for kind in self._display.res_query_client_resources(client).types:
                resources += kind.count
                windows += kind.count if kind.resource_type == self._window else 0
        owned = sum(1 for name in SELECTIONS if self._display.get_selection_owner(self._display.intern_atom(name)))
        return _kib(self._pid, "VmRSS:", "status"), len(clients), windows, resources, owned


def held(guard: int, station: int, folders: Folders, display: DisplayHolds, ms: float) -> Held:
    """Look at the station, whose process ``station`` is a child of ``guard``."""
    below = [row.pid for row in descendants(guard) if not row.zombie]
    display_kib, clients, windows, resources, selections = display.counts()
    state = [one for one in folders.state.rglob("*") if one.is_file()]
    return Held(
        station_kib=_memory((guard, station)),
        all_kib=_memory((guard, *below)),
        station_descriptors=_descriptors((guard, station)),
        all_descriptors=_descriptors((guard, *below)),
        station_threads=_number(station, "Threads:", "status"),
        processes=len(below),
        state_files=len(state),
        state_kib=sum(_size(one) for one in state) // 1024,
        home_files=sum(1 for _ in folders.homes.rglob("*")),
        mounts=len(Path(f"/proc/{station}/mountinfo").read_text(encoding="utf-8").splitlines()),
        display_kib=display_kib,
        display_clients=clients,
        display_windows=windows,
        display_resources=resources,
        display_selections=selections,
        ms=round(ms, 1),
    )


def _memory(pids: Iterable[int]) -> int:
    # What processes share counts once, in parts.
    return sum(_kib(pid, kind, "smaps_rollup") for pid in pids for kind in ("Pss_Anon:", "Pss_Shmem:"))


def _kib(pid: int, name: str, file: str) -> int:
    return _number(pid, name, file)


def _number(pid: int, name: str, file: str) -> int:
    """Return a number that the kernel says of a process; 0 where it has just ended."""
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)


def _descriptors(pids: Iterable[int]) -> int:
    found = 0
    for pid in pids:
        try:
            found += len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208 - a count, not paths
        except OSError:
            continue
    return found


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
