"""What was tried again a moment ago: its tile says so, even where the answer is there before an eye could see it."""

from __future__ import annotations

import time
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from launcher.session.snapshot import LaunchView

SHOWN_MS = 700
"""How long a retry is shown at least: a server that refuses at once would leave the tile as if nothing was pressed."""


class Retries(QObject):
    """The systems that were tried again within ``shown_ms``; ``over`` is emitted with each that no longer is."""

    over = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown_ms = SHOWN_MS
        self._since: dict[str, float] = {}

    def begin(self, system: str) -> None:
        """Note that a system is tried again now."""
        since = self._since[system] = time.monotonic()
        QTimer.singleShot(self.shown_ms, self, lambda: self._end(system, since))

    def end(self, system: str) -> None:
        """Show the system as it is from now on."""
        if self._since.pop(system, None) is not None:
            self.over.emit(system)

    def shown(self, launch: LaunchView) -> LaunchView:
        """Return the launch as it is drawn: a failure that was just tried again is on its way."""
        since = self._since.get(launch.system)
        if since is None or launch.state != "failed":
            return launch
        return replace(launch, state="queued", started=since, took_ms=None, error=None, says="")

    def _end(self, system: str, since: float) -> None:
        if self._since.get(system) == since:  # not tried once more since
            self.end(system)
