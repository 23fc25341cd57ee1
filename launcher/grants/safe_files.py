"""Files that are nobody's but ours: checked before they are read, replaced in one step. Every call blocks."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from launcher.grants.errors import StoreUnavailableError, StoreUnsafeError

LARGEST = 1 << 16
_NEW = ".new-"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_NOT_THROUGH_LINKS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def own_folder(folder: Path) -> None:
    """Make the folder, for us alone, if it is not there; refuse one that others can reach."""
    with _said(folder):
        new = not folder.exists()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if new:
            _settle(folder.parent)
        _check(folder.lstat(), folder, stat.S_ISDIR)


def read_own(path: Path) -> bytes | None:
    """Return the file's content, None if there is no such file; refuse one that others can reach or that is a link."""
    with _said(path):
        try:
            descriptor = os.open(path, os.O_RDONLY | _NOT_THROUGH_LINKS)
        except FileNotFoundError:
            return None
        except OSError:
            if path.is_symlink():
                raise StoreUnsafeError(f"{path.name} is a link to somewhere else.") from None
            raise
        with os.fdopen(descriptor, "rb") as file:
            _check(os.fstat(descriptor), path, stat.S_ISREG)
            return file.read(LARGEST + 1)


def write_own(path: Path, content: bytes) -> None:
    """Put the content in the file's place: whoever reads sees the old or the new one, also after a power cut."""
    with _said(path), _written(path, content) as new:
        new.replace(path)
        _settle(path.parent)


def add_own(path: Path, content: bytes) -> bool:
    """Write the file if there is none; False if there was one, which stays as it is."""
    with _said(path), _written(path, content) as new:
        try:
            os.link(new, path)
        except FileExistsError:
            return False
        _settle(path.parent)
        return True


def remove_own(path: Path) -> bool:
    """Delete the file; return whether there was one."""
    with _said(path):
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        _settle(path.parent)
        return True


def sweep(folder: Path) -> None:
    """Delete what writers that were killed left behind; nobody may be writing."""
    with _said(folder):
        for left in folder.glob(f"{_NEW}*"):
            left.unlink(missing_ok=True)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes' writers out meanwhile."""
    with _said(folder):
        descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | _NOT_THROUGH_LINKS, 0o600)
    try:
        if os.name == "posix":
            import fcntl  # not on Windows, where one session runs at a time

            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _written(path: Path, content: bytes) -> Iterator[Path]:
    new = path.with_name(f"{_NEW}{secrets.token_hex(8)}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOT_THROUGH_LINKS, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        yield new
    finally:
        new.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    if os.name != "posix":
        return  # a folder cannot be opened there
    descriptor = os.open(folder, os.O_RDONLY | _NOT_THROUGH_LINKS)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check(found: os.stat_result, path: Path, kind: object) -> None:
    if callable(kind) and not kind(found.st_mode):
        raise StoreUnsafeError(f"{path.name} is not what it must be.")
    if os.name == "posix" and (found.st_uid != os.geteuid() or found.st_mode & _OTHERS):
        raise StoreUnsafeError(f"{path.name} can be reached by other accounts.", detail=oct(found.st_mode & 0o777))


@contextlib.contextmanager
def _said(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise StoreUnavailableError(
            "What is kept cannot be reached.", detail=f"{path.name}: {fault.strerror}"
        ) from None
