"""The kernel's key rings, as far as they outlive a process: a session begins with an empty one and leaves none."""

from __future__ import annotations

import ctypes
import os
from typing import Final

_NUMBERS: Final = {"x86_64": 250, "aarch64": 219, "riscv64": 219}
_NUMBER: Final = _NUMBERS.get(os.uname().machine)
_JOIN, _CLEAR, _GET_PERSISTENT = 1, 7, 22
_USER, _USER_SESSION = -4, -5
_syscall = ctypes.CDLL(None, use_errno=True).syscall  # looked up here: a forked child may not


def join_empty_ring() -> None:
    """Leave the key ring of whoever started this process for an empty one."""
    _keyctl(_JOIN, 0, 0)


def clear_account_keys() -> None:
    """Drop what the account of this process keeps in the kernel: its own ring, and the one meant to outlive logons."""
    persistent = _keyctl(_GET_PERSISTENT, -1, _USER)
    if persistent > 0:
        _keyctl(_CLEAR, persistent, 0)
    _keyctl(_CLEAR, _USER, 0)
    _keyctl(_CLEAR, _USER_SESSION, 0)


def _keyctl(what: int, first: int, second: int) -> int:
    """Call the kernel; where it has no key rings there is nothing to drop."""
    if _NUMBER is None:
        return -1
    return int(_syscall(_NUMBER, what, ctypes.c_long(first), ctypes.c_long(second), 0, 0))
