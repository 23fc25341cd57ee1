"""An officer's favourite systems on this station: no secret, and no name in clear.

Written at once and atomically; a file that cannot be read is an empty list, never a fault at sign-in.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from launcher.identity.officer import OfficerId

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class Favourites:
    """The favourites of every officer who used this station, one small file each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, officer: OfficerId) -> frozenset[str]:
        """Return the officer's favourites."""
        try:
            untrusted = json.loads(self._file(officer).read_text())
        except (OSError, ValueError):
            return frozenset()
        if not isinstance(untrusted, list):
            return frozenset()
        return frozenset(one for one in untrusted if isinstance(one, str) and _ID.fullmatch(one))

    def keep(self, officer: OfficerId, systems: frozenset[str]) -> None:
        """Keep the officer's favourites. Raises ``OSError`` where the folder cannot be written."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._file(officer)
        new = file.with_suffix(".new")
        new.write_text(json.dumps(sorted(systems)))
        new.replace(file)

    def _file(self, officer: OfficerId) -> Path:
        return self._folder / f"{officer.file_name}.json"


class Choosing:
    """One officer's choice while they work; ``chosen`` says what it is now."""

    def __init__(
        self, favourites: Favourites, officer: OfficerId, kept: frozenset[str], chosen: Callable[[], frozenset[str]]
    ) -> None:
        self._favourites = favourites
        self._officer = officer
        self._kept = kept
        self._chosen = chosen
        self._writing = threading.Lock()

    async def keep(self) -> None:
        """Keep the choice as it is when it is written."""
        await asyncio.to_thread(self._write)

    def _write(self) -> None:
        """Write it; whoever was asked earlier never writes an older one last."""
        with self._writing, suppress(OSError):  # a full disk costs the choice, not the work
            chosen = self._chosen()
            if chosen != self._kept:
                self._favourites.keep(self._officer, chosen)
                self._kept = chosen
