"""The Qt application of one session process: bridge, surfaces and window, and the order in which they come and go."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Literal, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from launcher.errors import LauncherError
from launcher.policy.settings import StationSettings
from launcher.session.browser_trust import BrowserTrustError, trust_authority
from launcher.session.hardening import forbid_reading
from launcher.session.snapshot import Snapshot
from launcher.shell.bridge import Bridge, Reply
from launcher.shell.look import Look, dress
from launcher.shell.surfaces.web_surfaces import WebSurfaces
from launcher.shell.window import Window

log = logging.getLogger(__name__)

WARM_AFTER_MS = 150
"""The browser is warmed once the first screen had the time to be painted; it holds this thread up for half a second."""

SHUT_WITHIN_S = 3.0


class Player(Protocol):
    """Somebody who plays the officer on the real screens."""

    def play(self, window: Window) -> None:
        """Begin to play once the window is there."""
        ...


class Shell(QObject):
    """One session's screen. Made on the main thread; :meth:`run` returns when the session has ended."""

    def __init__(self, station: StationSettings, first: Snapshot, private_ca_file: Path | None) -> None:
        self.app = QApplication(["station-launcher"])
        super().__init__()
        self.app.setApplicationName("Station Launcher")
        self.app.setQuitOnLastWindowClosed(False)
        dress(self.app, Look(_theme(self.app, station.theme), station.text_scale, station.reduced_motion))
        self.first = first
        self._private_ca_file = private_ca_file
        self.bridge = Bridge()
        self.surfaces = WebSurfaces(self.bridge)
        self.window = Window(self.bridge.send, self.surfaces, fullscreen=station.fullscreen)
        self.window.draw(first)
        self.bridge.drawn.connect(self.window.draw)
        self.bridge.ended.connect(self._ended, Qt.ConnectionType.QueuedConnection)
        self._status = 0
        self._warm_now = False
        self._when_warm: list[Callable[[], None]] = []

    def run(self, engine: Callable[[], Coroutine[object, object, None]], player: Player | None) -> int:
        """Start the engine, serve the screen, end both. Returns the process's exit status."""
        if player is not None:
            player.play(self.window)
        self.bridge.start(engine)
        QTimer.singleShot(WARM_AFTER_MS, self._warm)
        self.app.exec()
        self.bridge.shut(SHUT_WITHIN_S)
        self.surfaces.release_now()
        self.window.close_for_good()
        return self._status

    async def settled(self) -> None:
        """Wait, in the engine's loop, until the first screen is painted or a spare's browser is warm."""

        def begin(reply: Reply[None]) -> None:
            self.window.when_settled(lambda: reply.give(None))

        await self.bridge.ask(begin)

    async def warmed(self) -> None:
        """Wait, in the engine's loop, until the browser is warm too."""

        def begin(reply: Reply[None]) -> None:
            self._when_warm.append(lambda: reply.give(None))
            self._say_warm()

        await self.bridge.ask(begin)

    def _say_warm(self) -> None:
        if self._warm_now:
            waiting, self._when_warm = self._when_warm, []
            for act in waiting:
                act()

    def _warm(self) -> None:
        if self._private_ca_file is not None:
            try:
                trust_authority(self._private_ca_file)
            except BrowserTrustError as fault:
                log.warning("%s", fault.reference)  # pages will be refused by their certificates, and say so
        self.window.rehearse()
        self.surfaces.warm()
        # Only now: set before the first browser profile it would silently remove the browser's own sandbox.
        forbid_reading()
        self._warm_now = True
        self._say_warm()
        self.window.settle()

    @Slot(object)
    def _ended(self, failure: object) -> None:
        """Leave the event loop; a slot, so that the engine's thread does not do it for us."""
        if isinstance(failure, LauncherError):
            log.error("%s: %s", failure.reference, failure.message)
        self._status = 0 if failure is None else 1
        self.app.quit()


def _theme(app: QApplication, wanted: Literal["light", "dark", "auto"]) -> Literal["light", "dark"]:
    if wanted != "auto":
        return wanted
    return "dark" if app.styleHints().colorScheme() is Qt.ColorScheme.Dark else "light"
