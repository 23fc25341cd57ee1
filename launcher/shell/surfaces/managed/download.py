"""A file that a page of a managed browser gives: written into the browser's own folder, and moved once it is whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path


class ManagedDownload:
    """What :class:`launcher.shell.surfaces.files.SessionFiles` is offered; on the main thread.

    ``written`` is where the browser writes it, ``stop`` has it write no more.
    """

    def __init__(self, untrusted_name: str, written: Path, stop: Callable[[], None]) -> None:
        self.name = untrusted_name
        self.total = 0  # the browser says so only while it comes
        self._written = written
        self._stop = stop
        self._told: list[tuple[int, str]] = []
        self._target: Path | None = None
        self._progress: Callable[[int], None] = lambda received: None
        self._ended: Callable[[bool], None] = lambda whole: None

    def accept(self, folder: Path, name: str, progress: Callable[[int], None], ended: Callable[[bool], None]) -> None:
        """Take it; what has come of it already is told at once."""
        self._target, self._progress, self._ended = folder / name, progress, ended
        told, self._told = self._told, []
        for one in told:
            self.tell(*one)

    def cancel(self) -> None:
        """Stop, and leave nothing."""
        self._target = None
        self._stop()
        self._written.unlink(missing_ok=True)

    def tell(self, received: int, state: str) -> None:
        """Hear from the browser how far it is: inProgress, completed or canceled."""
        if self._target is None:
            self._told.append((received, state))
        elif state == "inProgress":
            self._progress(received)
        else:
            self._ended(state == "completed" and self._moved(self._target))

    def _moved(self, target: Path) -> bool:
        try:
            shutil.move(self._written, target)
        except OSError:
            return False
        return True
