"""The search of files and folders, their names included."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Final

from launcher.residue.patterns import Patterns
from launcher.residue.result import Residue, together

CHUNK_BYTES: Final = 1024 * 1024

_MOUNTS: Final = Path("/proc/self/mountinfo")
_VIEWS: Final = frozenset(
    {"proc", "sysfs", "devtmpfs", "devpts", "cgroup", "cgroup2", "debugfs", "tracefs", "securityfs"}
    # A desktop's doors to documents and servers, which answer nobody but their own user.
    | {"autofs", "fuse.gvfsd-fuse", "fuse.portal"}
)


def scan_paths(
    paths: Iterable[Path],
    patterns: Patterns,
    *,
    changed_since: float = 0.0,
    uid: int | None = None,
    leave_out: Collection[Path] = (),
) -> Residue:
    """Search files and folders, down to the bottom; symbolic links are read, not followed.

    ``changed_since`` (seconds since the epoch) and ``uid`` leave out files that were neither made nor changed since, or
    are another user's: a file untouched since before the officer came holds nothing of theirs. A path that is not there
    counts as searched: there is nothing in it. Nothing below a folder of ``leave_out`` is looked at.
    """
    passed_over = kernel_views() | {str(folder) for folder in leave_out}
    tops = (path for path in paths if not any(path.is_relative_to(folder) for folder in leave_out))
    return together(_scan(path, patterns, changed_since, uid, passed_over) for path in tops)


def kernel_views() -> frozenset[str]:
    """Return where the kernel's own views are mounted, as in a chroot below a temporary folder: no file lies there."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return frozenset()
    # mount point is the fifth field; the type follows a lone dash (proc(5))
    rows = (line.split(" ") for line in lines)
    return frozenset(row[4] for row in rows if "-" in row and row[row.index("-") + 1] in _VIEWS)


def _scan(top: Path, patterns: Patterns, changed_since: float, uid: int | None, passed_over: frozenset[str]) -> Residue:
    found: list[str] = []
    unscanned: list[str] = []
    for path, state in _below(top, unscanned, uid, passed_over):
        if uid is not None and state.st_uid != uid:
            continue
        if max(state.st_mtime, state.st_ctime) < changed_since:
            continue
        folder, name = os.path.split(path)
        in_name = patterns.found_in(os.fsencode(name))
        # The name that holds a secret is not repeated in the finding.
        said = f"{folder}/…" if in_name else path
        found.extend(f"pattern {index} in a name, {said}" for index in in_name)
        try:
            found.extend(f"pattern {index} in file {said}" for index in _in_content(path, state.st_mode, patterns))
        except FileNotFoundError:
            continue
        except OSError:
            unscanned.append(said)
    return Residue((f"files under {top}",), tuple(unscanned), tuple(found))


def _below(
    top: Path, unscanned: list[str], uid: int | None, passed_over: frozenset[str]
) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the folder itself and all below it; plain strings, for a home may hold 100,000s of files."""
    try:
        state = top.lstat()
    except FileNotFoundError:
        return
    except OSError:
        unscanned.append(str(top))
        return
    yield str(top), state
    waiting = [str(top)] if stat.S_ISDIR(state.st_mode) else []
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    try:
                        state = entry.stat(follow_symlinks=False)
                    except FileNotFoundError:
                        continue
                    except OSError as fault:
                        if not _denied_to_root(fault, uid):
                            unscanned.append(entry.path)
                        continue
                    if entry.path in passed_over:
                        continue
                    yield entry.path, state
                    if stat.S_ISDIR(state.st_mode):
                        waiting.append(entry.path)
        except FileNotFoundError:
            continue
        except OSError as fault:
            if not _denied_to_root(fault, uid) and not _is_of_another(folder, uid):
                unscanned.append(folder)


def _denied_to_root(fault: OSError, uid: int | None) -> bool:
    """Whether even root was refused, as by a user's own mount: it cannot have written there either."""
    return uid == 0 and isinstance(fault, PermissionError)


def _is_of_another(folder: str, uid: int | None) -> bool:
    """Whether a folder that cannot be opened is another user's: a session of ours cannot have written there either."""
    try:
        return uid is not None and os.lstat(folder).st_uid != uid
    except OSError:
        return False


def _in_content(path: str, mode: int, patterns: Patterns) -> tuple[int, ...]:
    if stat.S_ISLNK(mode):
        return patterns.found_in(os.fsencode(Path(path).readlink()))
    if not stat.S_ISREG(mode):
        return ()
    overlap = patterns.overlap
    found: set[int] = set()
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(descriptor, "rb", buffering=0) as file:  # noqa: PTH123 - a descriptor, opened without following links
        tail = b""
        while chunk := file.read(CHUNK_BYTES):
            found.update(patterns.found_in(tail + chunk))
            tail = (tail + chunk)[-overlap:] if overlap else b""
    return tuple(sorted(found))
