"""How the structures of user32 and kernel32 lie in memory, in types that have one size on every 64-bit system.

From the headers winuser.h, winnt.h and tlhelp32.h of the Windows SDK. Types of fixed size, not ``ctypes.wintypes``:
so what a compiler for 64-bit Windows makes of them can be checked on any system.
"""

from __future__ import annotations

import ctypes
from typing import ClassVar


class LastInputInfo(ctypes.Structure):
    """LASTINPUTINFO."""

    _fields_: ClassVar = [("size", ctypes.c_uint32), ("time_ms", ctypes.c_uint32)]


class Message(ctypes.Structure):
    """MSG."""

    _fields_: ClassVar = [
        ("window", ctypes.c_void_p),
        ("message", ctypes.c_uint32),
        ("word", ctypes.c_size_t),
        ("long", ctypes.c_ssize_t),
        ("time_ms", ctypes.c_uint32),
        ("x", ctypes.c_int32),
        ("y", ctypes.c_int32),
    ]


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_: ClassVar = [
        ("process_user_time", ctypes.c_int64),
        ("job_user_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("least_working_set", ctypes.c_size_t),
        ("most_working_set", ctypes.c_size_t),
        ("active_processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32),
        ("scheduling", ctypes.c_uint32),
    ]


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_: ClassVar = [
        ("basic", BasicLimits),
        ("counters", ctypes.c_uint64 * 6),  # IO_COUNTERS
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    ]


class ProcessIds(ctypes.Structure):
    """JOBOBJECT_BASIC_PROCESS_ID_LIST with room for as many as a session may have."""

    ROOM: ClassVar = 4096
    _fields_: ClassVar = [
        ("assigned", ctypes.c_uint32),
        ("listed", ctypes.c_uint32),
        ("ids", ctypes.c_size_t * ROOM),
    ]


class ThreadEntry(ctypes.Structure):
    """THREADENTRY32."""

    _fields_: ClassVar = [
        ("size", ctypes.c_uint32),
        ("usage", ctypes.c_uint32),
        ("thread", ctypes.c_uint32),
        ("process", ctypes.c_uint32),
        ("base_priority", ctypes.c_int32),
        ("delta_priority", ctypes.c_int32),
        ("flags", ctypes.c_uint32),
    ]
