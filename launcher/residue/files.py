"""The search of files and folders, their names included."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from launcher.residue.patterns import Patterns
from launcher.residue.result import Residue, together

CHUNK_BYTES: Final = 1024 * 1024

_MOUNTS: Final = Path("/proc/self/mountinfo")
_VIEWS: Final = frozenset(
    {"proc", "sysfs", "devtmpfs", "devpts", "cgroup", "cgroup2", "debugfs", "tracefs", "securityfs"}
)


def scan_paths(
    paths: Iterable[Path], patterns: Patterns, *, changed_since: float = 0.0, uid: int | None = None
) -> Residue:
    """Search files and folders, down to the bottom; symbolic links are read, not followed.

    ``changed_since`` (seconds since the epoch) and ``uid`` leave out files that were neither made nor changed since, or
    are another user's: a file untouched since before the officer came holds nothing of theirs. A path that is not there
    counts as searched: there is nothing in it.
    """
    return together(_scan(path, patterns, changed_since, uid) for path in paths)


def _scan(top: Path, patterns: Patterns, changed_since: float, uid: int | None) -> Residue:
    found: list[str] = []
    unscanned: list[str] = []
    for path in _below(top, unscanned, uid):
        try:
            state = path.lstat()
        except FileNotFoundError:
            continue
        except OSError:
            unscanned.append(str(path))
            continue
        if uid is not None and state.st_uid != uid:
            continue
        if max(state.st_mtime, state.st_ctime) < changed_since:
            continue
        in_name = patterns.found_in(os.fsencode(path.name))
        # The name that holds a secret is not repeated in the finding.
        said = str(path.parent / "…") if in_name else str(path)
        found.extend(f"pattern {index} in a name, {said}" for index in in_name)
        try:
            found.extend(f"pattern {index} in file {said}" for index in _in_content(path, state.st_mode, patterns))
        except FileNotFoundError:
            continue
        except OSError:
            unscanned.append(said)
    return Residue((f"files under {top}",), tuple(unscanned), tuple(found))


def _below(top: Path, unscanned: list[str], uid: int | None) -> Iterator[Path]:
    yield top
    if top.is_symlink() or not top.is_dir():
        return

    def refused(fault: OSError) -> None:
        if isinstance(fault, FileNotFoundError) or _is_of_another(Path(str(fault.filename)), uid):
            return
        unscanned.append(str(fault.filename))

    views = _kernel_views()
    for folder, folders, files in os.walk(top, onerror=refused):
        folders[:] = [name for name in folders if os.path.join(folder, name) not in views]  # noqa: PTH118 - at every file
        for name in (*folders, *files):
            yield Path(folder) / name


def _kernel_views() -> frozenset[str]:
    """Return where the kernel's own views are mounted, as in a chroot below a temporary folder: no file lies there."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8").splitlines()
    except OSError:
        return frozenset()
    # mount point is the fifth field; the type follows a lone dash (proc(5))
    rows = (line.split(" ") for line in lines)
    return frozenset(row[4] for row in rows if "-" in row and row[row.index("-") + 1] in _VIEWS)


def _is_of_another(folder: Path, uid: int | None) -> bool:
    """Whether a folder that cannot be opened is another user's: a session of ours cannot have written there either."""
    try:
        return uid is not None and folder.lstat().st_uid != uid
    except OSError:
        return False


def _in_content(path: Path, mode: int, patterns: Patterns) -> tuple[int, ...]:
    if stat.S_ISLNK(mode):
        return patterns.found_in(os.fsencode(path.readlink()))
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
