"""The private folders of sessions: in memory where the machine has room there, made and removed by the station."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from launcher.station.environment import FOLDERS
from launcher.station.errors import StationAlreadyRunsError

_PREFIX: Final = "station-launcher-"
_LOCK: Final = ".station"
_NEEDED_BYTES: Final = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Cleared:
    """``searched``: where more of the session was looked for than its folder; ``remained``: what is still there."""

    searched: tuple[str, ...]
    remained: tuple[str, ...]


class SessionHomes(Protocol):
    """Makes and removes the folders of sessions."""

    @property
    def folder(self) -> Path:
        """Where they lie."""
        ...

    @property
    def in_memory(self) -> bool:
        """Whether nothing in them reaches a disk."""
        ...

    def make(self) -> Path:
        """Make a session's folder, named by the random token its processes inherit."""
        ...

    def own_environment(self, home: Path) -> Mapping[str, str]:
        """Return what the session's environment holds for this session alone."""
        ...

    def remove(self, home: Path, more_places: Collection[Path] = ()) -> Cleared:
        """Remove a session's folder, and all of its account's where it has one; ``more_places`` are searched too."""
        ...

    def close(self) -> tuple[str, ...]:
        """Remove everything; return what could not be removed."""
        ...


class Homes:
    """A folder (0700) that holds one folder for each session; locked while the station runs.

    ``in_memory`` says whether it lies on a tmpfs: nothing of an officer reaches a disk.
    """

    def __init__(self, root: Path | None = None) -> None:
        where, self.in_memory = (root, _is_memory(root)) if root is not None else memory_folder()
        self.folder = where / f"{_PREFIX}{os.getuid()}-{_random_name()}"
        self.folder.mkdir(mode=0o700)
        self._lock = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def make(self) -> Path:
        """Make a session's folder, named by the random token its processes inherit."""
        home = self.folder / _random_name()
        home.mkdir(mode=0o700)
        for folder in FOLDERS.values():
            (home / folder).mkdir(mode=0o700)
        return home

    def own_environment(self, home: Path) -> Mapping[str, str]:
        """Return what the session's environment holds for this session alone."""
        return {}

    def remove(self, home: Path, more_places: Collection[Path] = ()) -> Cleared:
        """Remove a session's folder."""
        return Cleared((), remove(home))

    def close(self) -> tuple[str, ...]:
        """Remove everything; return what could not be removed."""
        left = remove(self.folder)
        os.close(self._lock)
        return left


def lock_state(state_dir: Path) -> int:
    """Hold the state folder until the descriptor is closed. Raises :class:`StationAlreadyRunsError`."""
    lock = os.open(state_dir / "station.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise StationAlreadyRunsError(f"Another station uses the folder {state_dir}.") from None
    return lock


def stale(root: Path | None = None) -> tuple[Path, ...]:
    """Return the folders of stations of ours that ended without removing them (power cut, kill)."""
    where = root if root is not None else memory_folder()[0]
    return tuple(folder for folder in where.glob(f"{_PREFIX}{os.getuid()}-*") if _abandoned(folder))


def sessions_of(folder: Path) -> tuple[str, ...]:
    """Return the tokens of the sessions whose folders lie in a station's folder."""
    return tuple(entry.name for entry in folder.iterdir() if entry.is_dir())


def remove(folder: Path) -> tuple[str, ...]:
    """Remove a folder and all below it, also where a program took the permissions away; return what remains."""
    import shutil  # late: a session is started before anything is removed

    left: list[str] = []

    def again(remove_one: Callable[..., object], path: str, _: object) -> None:
        try:
            if Path(path) != folder:
                # The folder that it lies in is everybody's: /dev/shm was shut to all others by a home that was busy.
                Path(path).parent.chmod(stat.S_IRWXU)
            if Path(path).is_dir() and not Path(path).is_symlink():
                Path(path).chmod(stat.S_IRWXU)
                shutil.rmtree(path)
            else:
                remove_one(path)
        except FileNotFoundError:
            return
        except OSError:
            left.append(str(path))

    shutil.rmtree(folder, onerror=again)
    if folder.exists() and str(folder) not in left:
        # What stood in the way may be gone now: the folder itself is tried once more.
        shutil.rmtree(folder, ignore_errors=True)
    return tuple(left) if folder.exists() else ()


def _abandoned(folder: Path) -> bool:
    try:
        if folder.lstat().st_uid != os.getuid() or not folder.is_dir():
            return False
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(lock)
    return True


def memory_folder() -> tuple[Path, bool]:
    """Return where folders that shall reach no disk can be made, and whether it is such a place."""
    for candidate in (Path("/dev/shm"), Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent"))):  # noqa: S108 - mkdtemp
        if _is_memory(candidate) and os.access(candidate, os.W_OK | os.X_OK):
            return candidate, True
    import tempfile  # late: rarely needed, and this module is loaded before the first screen

    return Path(tempfile.gettempdir()), False


def _random_name() -> str:
    """Return 16 digits nobody can guess; a name that is taken is refused by whoever makes the folder."""
    return os.urandom(8).hex()


def _is_memory(folder: Path) -> bool:
    """Whether the folder is on a tmpfs with room; a container's 64 MiB are filled by one browser cache."""
    try:
        mounts = Path("/proc/self/mounts").read_text(errors="replace").splitlines()
        space = os.statvfs(folder)
        real = str(folder.resolve())
    except OSError:
        return False
    best, kind = "", ""
    for line in mounts:
        _, point, filesystem, *_ = line.split(" ")
        inside = real == point or real.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, filesystem
    return kind in ("tmpfs", "ramfs") and space.f_bavail * space.f_frsize >= _NEEDED_BYTES
