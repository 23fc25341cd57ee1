"""What is kept of one officer, laid out for a session that may not read the station's folder, and taken back after it.

Laid out: the officer's sealed credentials, the key for these alone, the favourites. The session's account may then do
with it what it likes, so what comes back is looked at as anybody's: names, kinds, owners, sizes and forms. What a
session could spoil at worst is its own officer's. Every call blocks.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from launcher.errors import LauncherError
from launcher.grants.errors import StoreUnavailableError
from launcher.grants.keeping import CREDENTIALS, KEYS, Keep, key_store_for_slots
from launcher.grants.key_files import FileKeyStore
from launcher.grants.officer_keys import as_kept, key_of, keys_from
from launcher.grants.safe_files import LARGEST, locked, own_folder, read_own, write_own
from launcher.grants.sealed_store import KEY_NAME, open_key, well_formed
from launcher.identity.officer import OfficerId

FAVOURITES: Final = "favourites"
MOST_SYSTEMS: Final = 1000

_SEALED: Final = re.compile(r"[0-9a-f]{32}")
_SYSTEM: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_HALF_WRITTEN: Final = "."
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class _Laid:
    """What was laid out, by name, to tell what has changed."""

    officer: OfficerId
    owner: int
    credentials: str  # the officer's folder; empty where none are kept
    sealed: Mapping[str, bytes]
    favourites: bytes | None


class LaidOut:
    """The station's side. ``keep`` is the station file's; the system's key store is no use to another account."""

    def __init__(self, state: Path, keep: Keep) -> None:
        self._state = state
        self._keep = keep
        self._laid: dict[Path, _Laid] = {}

    def lay(self, issuer: str, subject: str, folder: Path, owner: int, group: int) -> None:
        """Lay the officer's out in a folder that is made for it and then given to the session's account.

        It is given away whole and last: while it is filled nobody else can reach it. Raises an error of the store, or
        ``OSError``.
        """
        officer = OfficerId(issuer, subject)
        folder.mkdir(mode=0o700)
        laid = self._fill(officer, folder, owner)
        for inner, folders, files in os.walk(folder, topdown=False):
            for name in (*folders, *files):
                os.chown(Path(inner) / name, owner, group, follow_symlinks=False)
        os.chown(folder, owner, group)
        self._laid[folder] = laid

    def take_back(self, folder: Path) -> tuple[str, ...]:
        """Keep what the session changed, once nothing of it lives; return what was not taken, and why."""
        laid = self._laid.pop(folder, None)
        if laid is None:
            return ()
        refused: list[str] = []
        try:
            if laid.credentials:
                refused += self._take_sealed(folder, laid)
            refused += self._take_favourites(folder, laid)
        except (OSError, LauncherError) as fault:
            refused.append(f"what was kept could not be taken back: {type(fault).__name__}")
        return tuple(refused)

    def _fill(self, officer: OfficerId, folder: Path, owner: int) -> _Laid:
        keys = key_store_for_slots(self._keep, self._state)
        sealed: dict[str, bytes] = {}
        name = ""
        if keys is not None:
            station_key = open_key(self._state / CREDENTIALS, keys, make=True)
            if station_key is None:
                raise StoreUnavailableError("The station's key could not be made.")
            own_key = key_of(station_key, officer)
            name = keys_from(own_key).folder(officer)
            FileKeyStore(folder / KEYS).put(KEY_NAME, as_kept(own_key))
            own_folder(folder / CREDENTIALS)
            own_folder(folder / CREDENTIALS / name)
            for path in sorted((self._state / CREDENTIALS / name).glob("[0-9a-f]*")):
                content = read_own(path)
                if content is not None:
                    sealed[path.name] = content
                    write_own(folder / CREDENTIALS / name / path.name, content)
        own_folder(folder / FAVOURITES)
        favourites = _favourites(self._state / FAVOURITES / f"{officer.file_name}.json")
        if favourites is not None:
            write_own(folder / FAVOURITES / f"{officer.file_name}.json", favourites)
        return _Laid(officer, owner, name, sealed, favourites)

    def _take_sealed(self, folder: Path, laid: _Laid) -> Iterator[str]:
        with _opened(folder, CREDENTIALS, laid.credentials) as inner:
            names = [name for name in _names(inner) if not name.startswith(_HALF_WRITTEN)]
            if len(names) > MOST_SYSTEMS:
                yield f"credentials: {len(names)} files"
                return
            kept = self._state / CREDENTIALS / laid.credentials
            with locked(self._state / CREDENTIALS):
                own_folder(kept)
                for name in names:
                    content = _untrusted(inner, name, laid.owner) if _SEALED.fullmatch(name) else None
                    if content is None or not well_formed(content):
                        yield "credentials: a file that is none"
                    elif content != laid.sealed.get(name):
                        write_own(kept / name, content)
                for name in laid.sealed.keys() - set(names):
                    (kept / name).unlink(missing_ok=True)

    def _take_favourites(self, folder: Path, laid: _Laid) -> Iterator[str]:
        name = f"{laid.officer.file_name}.json"
        with _opened(folder, FAVOURITES) as inner:
            if name not in _names(inner):
                return
            untrusted = _untrusted(inner, name, laid.owner)
        if untrusted == laid.favourites:
            return
        systems = _systems(untrusted or b"")
        if systems is None:
            yield "favourites: no list of systems"
            return
        own_folder(self._state / FAVOURITES)
        write_own(self._state / FAVOURITES / name, json.dumps(sorted(systems)).encode())


def _favourites(file: Path) -> bytes | None:
    """Read the station's own: no secret, and not written as one."""
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST)
    except OSError:
        return None


def _systems(untrusted: bytes) -> frozenset[str] | None:
    try:
        listed = json.loads(untrusted)
    except (ValueError, RecursionError):
        return None
    if not isinstance(listed, list) or len(listed) > MOST_SYSTEMS:
        return None
    return frozenset(one for one in listed if isinstance(one, str) and _SYSTEM.fullmatch(one))


@contextlib.contextmanager
def _opened(folder: Path, *inner: str) -> Iterator[int]:
    """Open a folder step by step, through no link."""
    descriptor = os.open(folder, _FOLDER)
    try:
        for name in inner:
            deeper = os.open(name, _FOLDER, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = deeper
        yield descriptor
    finally:
        os.close(descriptor)


def _names(folder: int) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries]


def _untrusted(folder: int, name: str, owner: int) -> bytes | None:
    """Read a file of the session's account; None where it is anything else than a plain file of its own."""
    try:
        descriptor = os.open(name, _FILE, dir_fd=folder)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        plain = stat.S_ISREG(found.st_mode) and found.st_uid == owner and found.st_nlink == 1
        if not plain or found.st_size > LARGEST:
            return None
        content = file.read(LARGEST + 1)
    return content if len(content) <= LARGEST else None
