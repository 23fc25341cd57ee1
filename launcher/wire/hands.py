"""The road of an officer's hands: by what name a session learns of it, and who may stand at its two ends.

A demo or a test plays officers on the real screens. It listens on a Unix socket in a folder of its own; each session of
its station connects and is told what to do, as lines of JSON (`launcher.shell.hands`). No other station has that road:
`start` hands the path on only where it was given it and tells its events to whoever started it.
"""

from __future__ import annotations

import os
import socket
import stat
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HANDS: Final = "STATION_LAUNCHER_HANDS"
"""A variable of the environment: the path of the socket, kept from the programs an officer starts."""

SLOTS: Final = "STATION_LAUNCHER_SLOTS"
"""A variable for a station that is played: ``off`` has its sessions run as its own account, whatever slot accounts the
computer has; their files are the demo's, which no other account can read."""

MAX_LINE_BYTES: Final = 1024 * 1024
_CREDENTIALS = struct.Struct("3i")


@dataclass(frozen=True, slots=True)
class Peer:
    """The process at the other end, as the kernel knows it."""

    pid: int
    uid: int


def peer_of(end: socket.socket) -> Peer:
    """Ask the kernel who is at the other end of a Unix socket."""
    pid, uid, _ = _CREDENTIALS.unpack(end.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size))
    return Peer(pid, uid)


def connect(path: Path) -> socket.socket:
    """Connect to who plays the officer.

    Raises ``OSError``: nobody listens, or the socket does not lie in a folder of this account that is nobody else's,
    or in one of root's in which nobody else can put anything (the sessions of one station may have accounts of their
    own), or another account than this one, or root, listens there.
    """
    folder = path.parent.stat()
    others = stat.S_IMODE(folder.st_mode) & (0o022 if folder.st_uid == 0 else 0o077)
    if folder.st_uid not in (0, os.geteuid()) or others:
        raise PermissionError(f"the folder of {path} is not this account's alone")
    end = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        end.connect(str(path))
        if peer_of(end).uid not in (0, os.geteuid()):
            raise PermissionError(f"{path} is another account's")
    except OSError:
        end.close()
        raise
    return end
