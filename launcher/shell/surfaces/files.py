"""The files that pages gave the officer: in a folder of this session, which ends with it; never anywhere else unasked.

A page may choose from them to send one on. Out of the folder a file comes only into those that the policy names.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final, Literal, Protocol

from PySide6.QtCore import QObject, Qt, Signal

from launcher.connectors.plan import WebFiles

MOST_FILES: Final = 200
_LONGEST_NAME: Final = 120
_MOST_BYTES: Final = 200
_MB: Final = 1_000_000

FileState = Literal["coming", "here", "failed", "no-room"]
SHOWN: Final = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".gif", ".txt"})
"""What a page's own process can show; anything else can be saved or sent on only."""


class Offered(Protocol):
    """A file that a page wants to save, while nothing of it is on the disk."""

    name: str
    total: int
    """Bytes, or less than 1 where the server does not say."""

    def accept(self, folder: Path, name: str, progress: Callable[[int], None], ended: Callable[[bool], None]) -> None:
        """Write it; ``progress`` hears how many bytes there are, ``ended`` whether all came."""
        ...

    def cancel(self) -> None:
        """Stop, and leave nothing."""
        ...


@dataclass(frozen=True, slots=True)
class FileView:
    """One file as the panel lists it."""

    key: int
    name: str
    system: str
    size: int
    total: int
    state: FileState

    @property
    def can_be_shown(self) -> bool:
        """Whether a page can show it."""
        return self.state == "here" and Path(self.name).suffix.lower() in SHOWN


class SessionFiles(QObject):
    """One session's; on the main thread."""

    changed = Signal()
    came = Signal(str)
    """A file begins to come, from this surface."""
    saved = Signal(str, str)
    """A file was saved in a folder of the policy's; the second is why not, or nothing."""

    _copied = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rules: dict[str, WebFiles] = {}
        self._folder: Path | None = None
        self._numbers = count(1)
        self._files: dict[int, FileView] = {}
        self._coming: dict[int, Offered] = {}
        self._ended = False
        self._copied.connect(self.saved, Qt.ConnectionType.QueuedConnection)

    def allow(self, surface: str, rules: WebFiles | None) -> None:
        """Say what the policy lets the pages of a surface do with files."""
        if rules is None:
            self._rules.pop(surface, None)
        else:
            self._rules[surface] = rules

    def views(self) -> tuple[FileView, ...]:
        """Return all files, the newest first."""
        return tuple(reversed(self._files.values()))

    @property
    def save_to(self) -> tuple[Path, ...]:
        """The folders that files may be saved in."""
        return tuple(dict.fromkeys(folder for rules in self._rules.values() for folder in rules.save_to))

    def take(self, surface: str, offered: Offered) -> str:
        """Let a file come; return why it may not: ``policy``, ``room``, or nothing."""
        rules = self._rules.get(surface)
        if rules is None or not rules.most_mb or self._ended:
            return "policy"
        room = rules.most_mb * _MB - self._bytes()
        if len(self._files) >= MOST_FILES or room <= 0 or offered.total > room:
            return "room"
        key = next(self._numbers)
        try:
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix="files-"))
            name = _free_name(self._folder, offered.name, {one.name for one in self._files.values()})
        except OSError:  # a disk that is full, or takes no such name
            return "room"
        self._files[key] = FileView(key, name, surface, 0, max(0, offered.total), "coming")
        self._coming[key] = offered
        offered.accept(self._folder, name, partial(self._progress, key, rules.most_mb * _MB), partial(self._done, key))
        self.changed.emit()
        self.came.emit(surface)
        return ""

    def path(self, key: int) -> Path | None:
        """Return where a file is, once it is whole."""
        view = self._files.get(key)
        return self._folder / view.name if view is not None and view.state == "here" and self._folder else None

    def remove(self, key: int) -> None:
        """Take a file away, also while it comes."""
        view = self._files.pop(key, None)
        if view is None:
            return
        if (offered := self._coming.pop(key, None)) is not None:
            offered.cancel()
        if self._folder is not None:
            (self._folder / view.name).unlink(missing_ok=True)
        self.changed.emit()

    def to_choose(self, surface: str) -> dict[str, tuple[Path, ...]] | None:
        """Return the files that a page may be given, by folder, "" for the session's own; None: the policy has none."""
        rules = self._rules.get(surface)
        if rules is None or not (rules.most_mb or rules.save_to):
            return None
        own = tuple(path for view in self.views() if (path := self.path(view.key)) is not None)
        found = {"": own} | {str(folder): _files_in(folder) for folder in rules.save_to}
        return {folder: files for folder, files in found.items() if files}

    def save(self, key: int, folder: Path) -> None:
        """Copy a file into a folder of the policy's, under a name that is free there; said by ``saved``."""
        path = self.path(key)
        if path is None or folder not in self.save_to:
            return

        def copy() -> None:
            try:
                target = folder / _free_name(folder, path.name, set())
                with path.open("rb") as source, target.open("xb") as copied:
                    shutil.copyfileobj(source, copied)
            except OSError as fault:
                self._copied.emit(path.name, os.strerror(fault.errno) if fault.errno else "it could not be written")
            else:
                self._copied.emit(path.name, "")

        threading.Thread(target=copy, name="save", daemon=True).start()  # a folder of the network may be slow

    def end(self) -> None:
        """Stop what comes and remove the folder: the session ends."""
        self._ended = True
        for offered in self._coming.values():
            offered.cancel()
        self._coming.clear()
        self._files.clear()
        folder, self._folder = self._folder, None
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _bytes(self) -> int:
        return sum(max(one.size, one.total if one.state == "coming" else 0) for one in self._files.values())

    def _progress(self, key: int, most: int, received: int) -> None:
        view = self._files.get(key)
        if view is None or view.state != "coming":
            return
        self._files[key] = replace(view, size=received)
        if self._bytes() > most:
            self._stop(key, "no-room")
        self.changed.emit()

    def _done(self, key: int, whole: bool) -> None:
        view = self._files.get(key)
        if view is None or view.state != "coming":
            return
        if whole and self._folder is not None:
            self._coming.pop(key, None)
            path = self._folder / view.name
            self._files[key] = replace(view, state="here", size=path.stat().st_size if path.exists() else view.size)
        else:
            self._stop(key, "failed")
        self.changed.emit()

    def _stop(self, key: int, state: FileState) -> None:
        view = self._files[key]
        self._files[key] = replace(view, state=state, size=0, total=0)
        if (offered := self._coming.pop(key, None)) is not None:
            offered.cancel()
        if self._folder is not None:
            (self._folder / view.name).unlink(missing_ok=True)


def safe_name(untrusted_name: str) -> str:
    """Return a file's name that is one in any folder: no path, nothing that hides it or cannot be printed."""
    last = untrusted_name.replace("\\", "/").rpartition("/")[2]
    name = "".join(mark for mark in last if mark.isprintable() and mark not in '<>:"|?*').strip(" .")
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{_cut(stem, len(ending) + 1)}.{ending}" if stem else ending or "file"
    return _cut(name, 0) or "file"


def _cut(name: str, less: int) -> str:
    """Cut a name to what a folder takes, which counts bytes, with room for the number of a second one."""
    return name[: _LONGEST_NAME - less].encode()[:_MOST_BYTES].decode("utf-8", "ignore")


def _free_name(folder: Path, untrusted_name: str, taken: set[str]) -> str:
    name = safe_name(untrusted_name)
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    names = (name, *(f"{stem} ({number}){dot}{ending}" for number in range(2, 10_000)))
    return next(one for one in names if one not in taken and not (folder / one).exists())


def _files_in(folder: Path) -> tuple[Path, ...]:
    try:
        found = [one for one in folder.iterdir() if one.is_file() and not one.is_symlink() and one.name[0] != "."]
    except OSError:
        return ()
    return tuple(sorted(found, key=lambda one: one.name.lower()))[:MOST_FILES]
