"""The search of a process's memory, its own included (Linux).

A process that is not dumpable cannot open its own ``/proc/self/mem`` as an ordinary user, but ``process_vm_readv`` on
itself works: that comes first, the file is the second way.
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from launcher.residue.patterns import Patterns
from launcher.residue.result import Residue

CHUNK_BYTES: Final = 1024 * 1024
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
# An entry of pagemap: bit 63 for a page that is present, bit 62 for one that is swapped out.
_ENTRY: Final = 8
_PRESENT_OR_SWAPPED: Final = 3 << 62
_GAP_PAGES: Final = 16
_BLOCK_PAGES: Final = 256 * 1024
# The kernel's own pages in every process: clocks, no memory of the process.
_KERNEL: Final = ("[vvar]", "[vvar_vclock]", "[vsyscall]", "[vdso]", "[uprobes]")

ReadAt = Callable[[int, int], bytes]


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a process's memory that can be read; ``what`` is its file or name.

    ``own``: behind it is no file and nobody else's memory, so that a page nobody touched is no page at all.
    """

    start: int
    stop: int
    what: str
    own: bool = False


class _Vector(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


_libc = ctypes.CDLL(None, use_errno=True)


def scan_memory(pid: int, patterns: Patterns, who: str) -> Residue:
    """Search one process for the patterns; ``who`` names it in the result. A process that ended holds nothing."""
    place = f"memory of {who} ({pid})"
    try:
        regions = _regions(pid)
    except FileNotFoundError:
        return Residue(scanned=(f"{place}: ended",))
    except ProcessLookupError:
        return Residue(scanned=(f"{place}: ended",))
    except OSError as fault:
        return Residue(unscanned=(f"{place}: {errno.errorcode.get(fault.errno or 0, 'unreadable')}",))
    found: dict[tuple[int, str], None] = {}
    unread: list[Region] = []
    with _Reader(pid) as read_at, _Pages(pid) as pages:
        for region in regions:
            parts = pages.touched(region)
            seen = not parts
            try:
                for chunk in (one for part in parts for one in _chunks(part, read_at, patterns.overlap)):
                    seen = True
                    found.update(((index, region.what), None) for index in patterns.found_in(chunk))
            except ProcessLookupError:
                return Residue(scanned=(f"{place}: ended",), found=_said(found, place))
            except PermissionError:
                return Residue(unscanned=(f"{place}: not permitted",), found=_said(found, place))
            if not seen:
                unread.append(region)
    still_there = _still_there(pid, unread)
    return Residue(
        scanned=(place,),
        unscanned=tuple(f"{place}: {region.what or 'unnamed memory'}" for region in still_there),
        found=_said(found, place),
    )


def read_memory(pid: int, address: int, length: int) -> bytes:
    """Read bytes of a process's memory; fewer where an unreadable page comes. Raises ``OSError`` where none can be."""
    buffer = ctypes.create_string_buffer(length)
    here = _Vector(ctypes.cast(buffer, ctypes.c_void_p), length)
    there = _Vector(ctypes.c_void_p(address), length)
    got = _libc.process_vm_readv(
        ctypes.c_int(pid),
        ctypes.byref(here),
        ctypes.c_ulong(1),
        ctypes.byref(there),
        ctypes.c_ulong(1),
        ctypes.c_ulong(0),
    )
    if got < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return buffer.raw[:got]


class _Reader:
    """Reads one process, by the call or, where the kernel has not got it or a policy forbids it, by the file."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._file: int | None = None

    def __enter__(self) -> ReadAt:
        return self._read

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            os.close(self._file)

    def _read(self, address: int, length: int) -> bytes:
        if self._file is None:
            try:
                return read_memory(self._pid, address, length)
            except OSError as fault:
                if fault.errno not in (errno.ENOSYS, errno.EPERM, errno.EACCES):
                    raise
            self._file = os.open(f"/proc/{self._pid}/mem", os.O_RDONLY | os.O_CLOEXEC)
        return os.pread(self._file, length, address)


class _Pages:
    """Tells which pages of a region there are (pagemap, proc(5)); where the kernel does not say, all of them.

    A browser sets hundreds of megabytes aside that it never touches. Reading them would take longer than all the rest,
    and would make the pages.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._file: int | None = None

    def __enter__(self) -> _Pages:
        with suppress(OSError):
            self._file = os.open(f"/proc/{self._pid}/pagemap", os.O_RDONLY | os.O_CLOEXEC)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            os.close(self._file)

    def touched(self, region: Region) -> list[Region]:
        """Return the parts of the region that hold something; gaps that are not worth a call are read too."""
        if not region.own or self._file is None:
            return [region]
        pages = (region.stop - region.start) // _PAGE
        spans: list[list[int]] = []
        # By the block: a language's runtime may set a terabyte aside, whose table alone would fill the memory.
        for block in range(0, pages, _BLOCK_PAGES):
            wanted = min(_BLOCK_PAGES, pages - block) * _ENTRY
            try:
                raw = os.pread(self._file, wanted, (region.start // _PAGE + block) * _ENTRY)
            except OSError:
                return [region]
            if len(raw) != wanted:
                return [region]
            if raw.count(0) == wanted:
                continue
            for page, entry in enumerate(memoryview(raw).cast("Q"), block):
                if not entry & _PRESENT_OR_SWAPPED:
                    continue
                if spans and page - spans[-1][1] <= _GAP_PAGES:
                    spans[-1][1] = page + 1
                else:
                    spans.append([page, page + 1])
        at = region.start
        return [replace(region, start=at + first * _PAGE, stop=at + stop * _PAGE) for first, stop in spans]


def _regions(pid: int) -> list[Region]:
    regions: list[Region] = []
    for line in Path(f"/proc/{pid}/maps").read_bytes().splitlines():
        span, permissions, _, device, inode, *name = line.split(None, 5)
        what = os.fsdecode(name[0]) if name else ""
        if permissions[:1] != b"r" or what in _KERNEL:
            continue
        # A private file mapping that cannot be written is the file's own bytes (programs and libraries).
        if device != b"00:00" and permissions[1:2] != b"w" and permissions[3:4] == b"p" and not _may_be_ours(what):
            continue
        start, _, stop = span.partition(b"-")
        own = permissions[3:4] == b"p" and device == b"00:00" and inode == b"0" and not what.startswith("/")
        regions.append(Region(int(start, 16), int(stop, 16), what, own))
    return regions


def _may_be_ours(what: str) -> bool:
    return what.startswith(("/dev/shm/", "/tmp/", "/var/tmp/", "/run/", "/memfd:"))  # noqa: S108 - read, never made


def _chunks(region: Region, read_at: ReadAt, overlap: int) -> Iterator[bytes]:
    """Yield the region's bytes in chunks that overlap, so that nothing hides across an edge; skip unreadable pages."""
    at = region.start
    tail = b""
    while at < region.stop:
        try:
            got = read_at(at, min(CHUNK_BYTES, region.stop - at))
        except OSError as fault:
            if fault.errno not in (errno.EFAULT, errno.EIO):
                raise
            got = b""
        if not got:
            at += _PAGE
            tail = b""
            continue
        yield tail + got
        at += len(got)
        tail = got[-overlap:] if overlap else b""


def _still_there(pid: int, unread: list[Region]) -> list[Region]:
    """Return the regions nothing could be read of, without those unmapped meanwhile and file mappings past the end."""
    if not unread:
        return []
    try:
        now = set(_regions(pid))
    except OSError:
        return []
    return [region for region in unread if region in now and not _past_the_end(region)]


def _past_the_end(region: Region) -> bool:
    return region.what.startswith("/") and not region.what.startswith("/dev/")


def _said(found: dict[tuple[int, str], None], place: str) -> tuple[str, ...]:
    return tuple(f"pattern {index} in {place}, {what or 'unnamed memory'}" for index, what in found)
