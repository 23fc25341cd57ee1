"""What a station left that was itself killed: its sessions and their folders, ended before an officer sits down."""

from __future__ import annotations

import logging
from pathlib import Path

from launcher.station import homes
from launcher.station.log import say
from launcher.station.processes import SessionProcesses

_log = logging.getLogger("launcher.station")


async def clear(root: Path | None, processes: SessionProcesses) -> bool:
    """End and remove what no running station holds the lock of; say whether there was anything."""
    folders = homes.stale(root)
    for folder in folders:
        for token in homes.sessions_of(folder):
            swept = await processes.sweep(token)
            say(_log, "left-over-ended", level=logging.WARNING, ended_processes=swept.ended, remained=swept.remained)
        homes.remove(folder)
    return bool(folders)
