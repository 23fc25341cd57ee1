"""The Qt application of one session process: bridge, surfaces and window, and the order in which they come and go.

A process that was just started shows its sign-in screen first. The engine, the browser and every page that only an
officer at work sees are loaded behind it, or behind a hidden one.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Literal, Protocol

from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from launcher.errors import LauncherError
from launcher.late import LateModule
from launcher.session.first import shown_plainly
from launcher.shell import plain_imports  # noqa: F401 - before what is long to load
from launcher.shell.look.look import STYLE, Look, current
from launcher.shell.window import Window

if TYPE_CHECKING:
    from pathlib import Path

    from launcher.policy.first_facts import FirstFacts, Theme
    from launcher.session import commands
    from launcher.session.first_words import FirstWords
    from launcher.session.snapshot import Snapshot
    from launcher.shell.bridge import Bridge, Reply
    from launcher.shell.surfaces.web_surfaces import WebSurfaces
else:
    commands = LateModule("launcher.session.commands")  # the first screen is painted without a command

log = logging.getLogger(__name__)

ASKED_WITHIN_MS = 150
"""A station that wants the screen says so at once; by then this is a spare, and nobody waits for its screen."""

FIRST_ASKED_WITHIN_MS = 10_000
"""A station that was just started may still be checking its file: the screen it will ask for comes before all else."""

WARM_AFTER_MS = 150
"""The browser is warmed once the first screen had the time to be painted; it holds this thread up for half a second."""

ASKED_PAINTED_WITHIN_MS = 3_000
"""A screen that was asked for by more than the plain word is painted by then: it comes before the browser, too."""

SHUT_WITHIN_S = 3.0


class Player(Protocol):
    """Somebody who plays the officer on the real screens."""

    def play(self, window: Window) -> None:
        """Begin to play once the window is there."""
        ...


class Shell(QObject):
    """One session's screen. Made on the main thread; :meth:`run` returns when the session has ended.

    ``bridge`` and ``surfaces`` are there once the engine runs.
    """

    bridge: Bridge
    surfaces: WebSurfaces

    def __init__(self, facts: FirstFacts, first: Snapshot) -> None:
        self.app = QApplication(["station-launcher", "-style", STYLE])
        super().__init__()
        self.app.setApplicationName("Station Launcher")
        self.app.setQuitOnLastWindowClosed(False)
        current().wear(Look(_theme(self.app, facts.theme), facts.text_scale, facts.reduced_motion))
        self.first = first
        self._ca_files = tuple(dict.fromkeys(filter(None, (facts.private_ca_file, facts.proxy_ca_file))))
        self._status = 0
        self._warming = False
        self._warm_now = False
        self._when_warm: list[Callable[[], None]] = []
        self._early: list[commands.Command] = []
        self._send: Callable[[commands.Command], None] = self._early.append
        self._words: FirstWords | None = None
        self._notifier: QSocketNotifier | None = None
        self.window = Window(self._from_window, fullscreen=facts.fullscreen)
        self.window.sign_in.painted.connect(self._painted)
        self.window.draw(first)

    def run(
        self,
        engine: Callable[[], Coroutine[object, object, None]],
        player: Player | None,
        words: FirstWords | None = None,
        *,
        first: bool = False,
    ) -> int:
        """Serve the screen, start the engine behind it, end both. Returns the process's exit status.

        ``words``: say that the screen is built, and show it before all else where the station asks for it at once; the
        ``first`` session of a station waits longer for that.
        """
        if player is not None:
            player.play(self.window)
        self._engine = engine
        self._go_on_later = QTimer(self)
        self._go_on_later.setSingleShot(True)
        self._go_on_later.timeout.connect(self._go_on)
        if words is not None:
            self._words = words
            words.say_warm()
            self._notifier = QSocketNotifier(words.descriptor, QSocketNotifier.Type.Read, self)
            self._notifier.activated.connect(self._spoken)
        within_ms = FIRST_ASKED_WITHIN_MS if first else ASKED_WITHIN_MS
        self._go_on_later.start(0 if words is None else within_ms)
        self.app.exec()
        if hasattr(self, "bridge"):
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

    # --- the first screen

    @Slot()
    def _spoken(self) -> None:
        """Show the screen if that is what the station says; anything else is the engine's to hear."""
        self._hear_no_more()
        if self._words is not None and self._words.take_show():
            self._go_on_later.stop()
            self.window.draw(shown_plainly(self.first))
        else:
            self._go_on()

    def _hear_no_more(self) -> None:
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier = None

    @Slot()
    def _painted(self) -> None:
        """Say so at once where the station is told here, then go on."""
        if self._words is not None and self._words.asked:
            self._words.say_shown()
            self._go_on_later.start(0)

    def _from_window(self, command: commands.Command) -> None:
        told = self._words is not None and self._words.asked and isinstance(command, commands.SignInPainted)
        if not told:
            self._send(command)

    @Slot()
    def _go_on(self) -> None:
        """Go on, or end: a screen without an engine behind it must not stand there and take what is typed."""
        try:
            self._start_engine()
        except Exception:
            log.exception("the session cannot go on")
            self._status = 1
            self.app.exit(1)

    def _start_engine(self) -> None:
        """Start the engine, then all that the first screen did without; once in a life."""
        self._go_on_later.stop()
        self._hear_no_more()
        if self._words is not None:
            self._words.say_alive()
        from launcher.shell.bridge import Bridge  # late, as the next lines: no screen waits for them
        from launcher.shell.surfaces.web_surfaces import WebSurfaces

        self.bridge = Bridge()
        self.surfaces = WebSurfaces(self.bridge)
        self.window.lend(self.surfaces)
        self.bridge.drawn.connect(self.window.draw)
        self.bridge.ended.connect(self._ended, Qt.ConnectionType.QueuedConnection)
        self._send = self.bridge.send
        for command in self._early:
            self._send(command)
        self._early.clear()
        self.bridge.start(self._engine)
        # What a start makes stays: it need not be looked through for garbage ever again.
        gc.freeze()
        if self._words is not None and self._words.heard:
            # A screen over a locked session, or with a name in it: the engine draws it in a moment.
            self.window.when_settled(lambda: QTimer.singleShot(WARM_AFTER_MS, self._warm))
            QTimer.singleShot(ASKED_PAINTED_WITHIN_MS, self._warm)
        else:
            QTimer.singleShot(WARM_AFTER_MS, self._warm)

    # --- the rest

    def _say_warm(self) -> None:
        if self._warm_now:
            waiting, self._when_warm = self._when_warm, []
            for act in waiting:
                act()

    def _warm(self) -> None:
        """Make what the first screen did without; once in a life."""
        if self._warming:
            return
        self._warming = True
        for nth, ca_file in enumerate(self._ca_files):
            self._trust(ca_file, f"station {nth}")
        self.window.furnish()
        self.window.rehearse()
        self.surfaces.warm()
        from launcher.session.hardening import forbid_reading

        # Only now: set before the first browser profile it would silently remove the browser's own sandbox.
        forbid_reading()
        self._warm_now = True
        self._say_warm()
        self.window.settle()

    def _trust(self, ca_file: Path, name: str) -> None:
        from launcher.session.browser_trust import BrowserTrustError, trust_authority

        try:
            trust_authority(ca_file, name=name)
        except BrowserTrustError as fault:
            log.warning("%s", fault.reference)  # pages will be refused by their certificates, and say so

    @Slot(object)
    def _ended(self, failure: object) -> None:
        """Leave the event loop; a slot, so that the engine's thread does not do it for us."""
        if isinstance(failure, LauncherError):
            log.error("%s: %s", failure.reference, failure.message)
        self._status = 0 if failure is None else 1
        self.app.exit(self._status)  # a window that is still there would veto quit()


def _theme(app: QApplication, wanted: Theme) -> Literal["light", "dark"]:
    if wanted != "auto":
        return wanted
    return "dark" if app.styleHints().colorScheme() is Qt.ColorScheme.Dark else "light"
