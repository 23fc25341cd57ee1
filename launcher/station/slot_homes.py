"""The private folders of sessions that run as slot accounts: each a file system of its own in memory, gone with them.

Where nothing may be mounted (a container without that right) they are folders of a file system in memory that is
there; ``mounted`` says which.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import stat
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

from launcher.station.environment import FOLDERS, KEPT
from launcher.station.errors import NoSlotFreeError, StationAlreadyRunsError
from launcher.station.homes import Cleared, memory_folder
from launcher.station.slot_cleaning import GONE_WITHIN_S, end_all, mount_points, open_places, remove_all, remove_at
from launcher.station.slots import Slot, SlotPool
from launcher.station.x_cookie import cookie

ROOT: Final = Path("/run/station-launcher")
_LOCK: Final = ".slots"
_QUEUES: Final = ".queues"
_AGAIN_WITHIN_S: Final = 1.0
_HOME_BYTES: Final = 1024**3
_OWN_BYTES: Final = 64 * 1024**2

_NOSUID, _NODEV, _NOEXEC = 2, 4, 8
_DETACH, _NOFOLLOW = 2, 8
_libc = ctypes.CDLL(None, use_errno=True)


class SlotHomes:
    """A folder that holds one folder for each session, and the slots the sessions run in.

    Made when the station starts: what a station before it left in the slots is ended and removed first. Raises
    :class:`StationAlreadyRunsError` where another station has them. ``open_to_all`` says where their accounts may have
    made files.
    """

    def __init__(
        self,
        slots: Iterable[Slot],
        root: Path = ROOT,
        *,
        environ: Mapping[str, str] | None = None,
        mounts: bool = True,
        open_to_all: Callable[[], tuple[Path, ...]] = open_places,
    ) -> None:
        self._slots = tuple(slots)
        self._open_to_all = open_to_all
        self._environ = os.environ if environ is None else environ
        self._root = root
        self._mutex = threading.Lock()  # homes are removed on other threads
        self._homes: dict[str, Slot] = {}
        _own_folder(root)
        self._lock = _locked(root / _LOCK)
        self._queues: Path | None = None
        try:
            self.mounted, self.folder, self.in_memory = self._own_place(mounts)
            if self.mounted:
                self._queues = self._mount_queues()
            self.left_over, self.remained = self._clear_leftovers()
        except BaseException:
            os.close(self._lock)
            raise
        # Where something could not be cleared nobody knows whose it is: each slot is looked at by itself.
        self._pool = SlotPool(() if self.remained else self._slots)
        # Slots that are kept back, each with its last session's folder and the further places to look in.
        self._unclean: dict[Slot, tuple[Path | None, Collection[Path]]] = {}
        if self.remained:
            self._unclean = dict.fromkeys(self._slots, (None, ()))
            self.clean_again()

    @property
    def _places(self) -> tuple[Path, ...]:
        """Where a slot's files may be; POSIX message queues are seen in a mount of our own."""
        return (*self._open_to_all(), *(() if self._queues is None else (self._queues,)))

    def make(self) -> Path:
        """Make a session's folder in a free slot, named by the random token its processes inherit.

        Raises :class:`NoSlotFreeError`, or ``OSError``.
        """
        with self._mutex:
            slot = self._pool.take()
        if slot is None:
            raise NoSlotFreeError("No slot account is free: every one of them is in use, or is not clean yet.")
        home = self.folder / os.urandom(8).hex()
        try:
            self._furnish(home, slot)
        except BaseException:
            left = self._take_down(home)
            with self._mutex:
                self._put(slot, home, (), clean=not left)
            raise
        with self._mutex:
            self._homes[home.name] = slot
        return home

    def slot_of(self, token: str) -> Slot:
        """Return the slot of a session by its folder's name."""
        with self._mutex:
            return self._homes[token]

    def own_environment(self, home: Path) -> Mapping[str, str]:
        """Return what the session's environment holds for its account alone."""
        name = self.slot_of(home.name).name
        own = {"USER": name, "LOGNAME": name, KEPT: str(self.kept_of(home))}
        key = home / FOLDERS["XDG_RUNTIME_DIR"] / "display-key"
        return {**own, "XAUTHORITY": str(key)} if key.exists() else own

    def kept_of(self, home: Path) -> Path:
        """Return where what is kept of the session's officer is laid: beside the home, out of its owner's reach."""
        return home.with_name(f"{home.name}-kept")

    def remove(self, home: Path, more_places: Collection[Path] = ()) -> Cleared:
        """Remove a session's folder and all else its account has; the slot is free again if nothing remains. Blocks."""
        with self._mutex:
            slot = self._homes.get(home.name)
        if slot is None:
            return Cleared((), ())  # it was removed before
        clean = False
        try:
            cleared = self._cleared(slot, home, more_places)
            clean = not cleared.remained
        finally:
            self._come_back(slot, home, more_places, clean=clean)
        return Cleared((f"account {slot.name} ({slot.uid}): processes", *cleared.searched), cleared.remained)

    def keep_back(self, home: Path, more_places: Collection[Path] = ()) -> None:
        """Have a session's slot be used by nobody until :meth:`clean_again` has found it clean."""
        with self._mutex:
            slot = self._homes.get(home.name)
        if slot is not None:
            self._come_back(slot, home, more_places, clean=False)

    def clean_again(self) -> None:
        """Try again to clear the slots that were kept back because something remained in them. Blocks."""
        with self._mutex:
            again, self._unclean = self._unclean, {}
        for slot, (home, more_places) in again.items():
            clean = False
            try:
                clean = not self._cleared(slot, home, more_places, within_s=_AGAIN_WITHIN_S).remained
            except Exception:
                # The others are looked at all the same, and this one again the next time.
                import logging  # late: the first session is started without it

                logging.getLogger("launcher.station").exception("slot-not-cleared")
            with self._mutex:
                self._put(slot, home, more_places, clean=clean)

    def _cleared(
        self, slot: Slot, home: Path | None, more_places: Collection[Path], within_s: float = GONE_WITHIN_S
    ) -> Cleared:
        _, alive = end_all((slot,), within_s=within_s)
        left = () if home is None else (*self._take_down(home), *self._take_down(self.kept_of(home)))
        cleared = remove_all((slot,), (*self._places, *more_places))
        return Cleared(cleared.searched, (*alive, *left, *cleared.remained))

    def _come_back(self, slot: Slot, home: Path, more_places: Collection[Path], *, clean: bool) -> None:
        with self._mutex:
            if self._homes.pop(home.name, None) is not None:
                self._put(slot, home, more_places, clean=clean)

    def _put(self, slot: Slot, home: Path | None, more_places: Collection[Path], *, clean: bool) -> None:
        if clean:
            self._pool.give_back(slot)
        else:
            self._unclean[slot] = home, tuple(more_places)

    def close(self) -> tuple[str, ...]:
        """Remove everything; return what could not be removed."""
        left: list[str] = []
        left += end_all(self._slots)[1]
        left += _unmount_below(self.folder)
        left += self._take_down(self.folder)
        os.close(self._lock)
        return tuple(left)

    # --- making

    def _own_place(self, mounts: bool) -> tuple[bool, Path, bool]:
        folder = self._root / os.urandom(8).hex()
        folder.mkdir(mode=0o711)
        folder.chmod(0o711)
        if mounts and _mount_memory(folder, f"size={_OWN_BYTES},mode=0711"):
            return True, folder, True
        folder.rmdir()
        where, in_memory = memory_folder()
        folder = where / f"station-launcher-slots-{os.urandom(8).hex()}"
        folder.mkdir(mode=0o711)
        folder.chmod(0o711)
        # Found again by the next station where it looks first.
        (self._root / folder.name).symlink_to(folder)
        return False, folder, in_memory

    def _mount_queues(self) -> Path | None:
        folder = self.folder / _QUEUES
        folder.mkdir(mode=0o700)
        flags = _NOSUID | _NODEV | _NOEXEC
        return folder if _libc.mount(b"mqueue", os.fsencode(folder), b"mqueue", flags, None) == 0 else None

    def _furnish(self, home: Path, slot: Slot) -> None:
        home.mkdir(mode=0o700)
        if self.mounted:
            options = f"size={_HOME_BYTES},mode=0700,uid={slot.uid},gid={slot.gid}"
            if not _mount_memory(home, options):
                raise OSError(ctypes.get_errno(), "a session's folder could not be mounted")
        # Nobody of the account lives yet: what is made here is what stands here.
        for folder in FOLDERS.values():
            (home / folder).mkdir(mode=0o700)
            os.chown(home / folder, slot.uid, slot.gid)
        if key := cookie(self._environ):
            file = home / FOLDERS["XDG_RUNTIME_DIR"] / "display-key"
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as opened:
                opened.write(key)
            os.chown(file, slot.uid, slot.gid)
        os.chown(home, slot.uid, slot.gid)

    # --- removing

    def _clear_leftovers(self) -> tuple[int, tuple[str, ...]]:
        """End and remove what is in the slots; return how many processes there were, and what remains."""
        ended, alive = end_all(self._slots)
        remained = list(alive)
        for old in self._root.iterdir():
            if old.name not in (_LOCK, self.folder.name):
                target = old.readlink() if old.is_symlink() else old
                remained += (*_unmount_below(target), *self._take_down(target))
                old.unlink(missing_ok=True)
        return ended, (*remained, *remove_all(self._slots, self._places).remained)

    def _take_down(self, folder: Path) -> tuple[str, ...]:
        """Unmount a folder and remove it with all below it; return what remains."""
        left = _unmounted(folder) if os.path.ismount(folder) else ()
        try:
            parent = os.open(folder.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as fault:
            return (*left, f"{folder}: {fault.strerror}")
        try:
            remove_at(parent, folder.name)
        except FileNotFoundError:
            pass
        except OSError as fault:
            left = (*left, f"{folder}: {fault.strerror}")
        finally:
            os.close(parent)
        if not self.mounted:
            with contextlib.suppress(OSError):
                (self._root / folder.name).unlink()
        return left


def open_to_slots(state_dir: Path, group: int) -> None:
    """Let the slots through the state folder to the timings, and see nothing else in it. Raises ``OSError``."""
    os.chown(state_dir, -1, group)
    state_dir.chmod(0o710)


def _own_folder(root: Path) -> None:
    """Make the folder all stations use one after the other. Raises ``OSError`` where it is not root's alone."""
    root.mkdir(mode=0o711, parents=True, exist_ok=True)
    found = root.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise PermissionError(f"{root} is not root's own folder")
    root.chmod(0o711)


def _locked(file: Path) -> int:
    lock = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise StationAlreadyRunsError("Another station uses the slot accounts of this computer.") from None
    return lock


def _mount_memory(folder: Path, options: str) -> bool:
    """Mount a file system in memory, kept from the swap where the kernel knows how."""
    return any(
        _libc.mount(b"station-launcher", os.fsencode(folder), b"tmpfs", _NOSUID | _NODEV, tried.encode()) == 0
        for tried in (f"{options},noswap", options)
    )


def _unmounted(folder: Path) -> tuple[str, ...]:
    """Unmount; what is still in use is detached, which takes it away from whoever comes later, and is said."""
    target = os.fsencode(folder)
    if _libc.umount2(target, _NOFOLLOW) == 0:
        return ()
    fault = os.strerror(ctypes.get_errno())
    if _libc.umount2(target, _NOFOLLOW | _DETACH) == 0:
        return (f"{folder}: detached, it was still in use",)
    return (f"{folder}: {fault}",)


def _unmount_below(folder: Path) -> tuple[str, ...]:
    below = [one for one in mount_points() if Path(one).is_relative_to(folder)]
    return tuple(left for one in reversed(below) for left in _unmounted(Path(one)))
