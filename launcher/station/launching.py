"""Starting a session's process, and nothing else: light enough to be done before the rest of a station is loaded."""

from __future__ import annotations

import ctypes
import resource
import socket
import subprocess
from collections.abc import Mapping, Sequence
from typing import Final

_PR_SET_CHILD_SUBREAPER: Final = 36
_libc = ctypes.CDLL(None, use_errno=True)


def become_subreaper() -> None:
    """Have orphans below this process come back to it."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def forbid_cores() -> None:
    """Forbid core files here and below."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def launch(argv: Sequence[str], env: Mapping[str, str], fds: Sequence[int]) -> subprocess.Popen[bytes]:
    """Start the program in a process session of its own, its standard output on our standard error.

    It is a subreaper before its program begins, and has ``fds`` and nothing else of ours. Raises ``OSError``.
    """
    return subprocess.Popen(
        list(argv),
        env=dict(env),
        pass_fds=tuple(fds),
        stdin=subprocess.DEVNULL,
        stdout=2,
        start_new_session=True,
        preexec_fn=become_subreaper,  # one system call: nothing is locked or imported
    )


def pair() -> tuple[socket.socket, socket.socket]:
    """Return our end and the session's; neither is inherited by anything that is not handed it by name."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    ours.setblocking(False)
    return ours, theirs
