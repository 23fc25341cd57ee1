"""Starting a session's process, and nothing else: light enough to be done before the rest of a station is loaded."""

from __future__ import annotations

import ctypes
import resource
import socket
import subprocess
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from launcher.station.slots import Slot

_PR_SET_CHILD_SUBREAPER: Final = 36
_PR_SET_NO_NEW_PRIVS: Final = 38
_MOST_TASKS: Final = 4096
"""Of one slot account: a browser and its programs need some hundred; the computer stays usable for everybody else."""

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


def launch_in(slot: Slot, argv: Sequence[str], env: Mapping[str, str], fds: Sequence[int]) -> subprocess.Popen[bytes]:
    """Start the program as :func:`launch` does, as the slot's account and with no way back. Raises ``OSError``."""
    from launcher.station.key_rings import join_empty_ring  # late: loaded here, for the child may import nothing

    _, allowed = resource.getrlimit(resource.RLIMIT_NPROC)
    # An account without rights can only lower it.
    most = _MOST_TASKS if allowed == resource.RLIM_INFINITY else min(_MOST_TASKS, allowed)

    def begin() -> None:
        _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        become_subreaper()
        join_empty_ring()
        resource.setrlimit(resource.RLIMIT_NPROC, (most, most))

    try:
        return subprocess.Popen(
            list(argv),
            env=dict(env),
            pass_fds=tuple(fds),
            stdin=subprocess.DEVNULL,
            stdout=2,
            start_new_session=True,
            user=slot.uid,
            group=slot.gid,
            extra_groups=slot.groups,
            umask=0o077,
            preexec_fn=begin,  # system calls only; the account is changed before it
            cwd="/",
        )
    except subprocess.SubprocessError as fault:
        raise OSError(f"a session could not be begun as the account {slot.name}") from fault


def pair() -> tuple[socket.socket, socket.socket]:
    """Return our end and the session's; neither is inherited by anything that is not handed it by name."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    ours.setblocking(False)
    return ours, theirs
