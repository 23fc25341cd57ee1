"""What keeps other processes of this account out of this one's memory; no boundary by itself (DESIGN §2)."""

from __future__ import annotations

import ctypes
import sys

_PR_SET_DUMPABLE = 4


def forbid_reading() -> None:
    """Make this process not dumpable (prctl(2)): no core file, no debugger, no /proc/self/mem for others of this uid.

    To be called after the first browser profile exists: set earlier, Chromium loses its namespace sandbox.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
