"""What an officer had open when their session ended by somebody else's doing: ids only, told once at their next logon.

A file an officer in ``reopen/`` of the state folder, named by a digest of who they are: the folder's names say nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from pathlib import Path
from typing import Final

MAX_SYSTEMS: Final = 100
MAX_BYTES: Final = 16 * 1024
MAX_NOTES: Final = 500
"""More officers than this do not share a terminal: the oldest notes go."""

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Reopening:
    """The notes of one station. Nothing here raises: a note is a courtesy, and no session's end waits for it."""

    def __init__(self, state_dir: Path) -> None:
        self._folder = state_dir / "reopen"

    def note(self, officer: str, systems: tuple[str, ...]) -> None:
        """Keep what is open, in its order; nothing open is no note."""
        kept = [one for one in dict.fromkeys(systems) if _ID.fullmatch(one)][:MAX_SYSTEMS]
        if not kept:
            self.forget(officer)
            return
        file = self._file(officer)
        half = file.with_name(f"{file.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._make_room(file)
            half.unlink(missing_ok=True)
            descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                with os.fdopen(descriptor, "w", encoding="ascii") as opened:
                    json.dump(kept, opened)
                half.replace(file)
            except OSError:
                half.unlink(missing_ok=True)

    def take(self, officer: str) -> tuple[str, ...]:
        """Return what was noted, and forget it."""
        untrusted = self._read(self._file(officer))
        self.forget(officer)
        if not isinstance(untrusted, list) or len(untrusted) > MAX_SYSTEMS:
            return ()
        ids = [one for one in untrusted if isinstance(one, str) and _ID.fullmatch(one)]
        return tuple(dict.fromkeys(ids)) if len(ids) == len(untrusted) else ()

    def forget(self, officer: str) -> None:
        """Remove the note, if there is one."""
        with contextlib.suppress(OSError):
            self._file(officer).unlink(missing_ok=True)

    def _file(self, officer: str) -> Path:
        return self._folder / f"{hashlib.sha256(officer.encode()).hexdigest()}.json"

    def _read(self, file: Path) -> object:
        try:
            descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(descriptor, "rb") as opened:
                untrusted = opened.read(MAX_BYTES + 1)
            return json.loads(untrusted) if len(untrusted) <= MAX_BYTES else None
        except (OSError, ValueError, RecursionError):
            return None

    def _make_room(self, new: Path) -> None:
        notes = [one for one in self._folder.iterdir() if one != new]
        if len(notes) >= MAX_NOTES:
            for one in sorted(notes, key=lambda each: each.lstat().st_mtime)[: len(notes) - MAX_NOTES + 1]:
                one.unlink(missing_ok=True)
