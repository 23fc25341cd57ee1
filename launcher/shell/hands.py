"""An officer's hands: plays the sign-in, the opening of all systems and the log-off on the real screens.

Used by the headless demo and by journeys. Keys go through Qt's own event road into the real fields, so that what a
password leaves behind in a process is what an officer's typing leaves behind.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from launcher.secret import Secret
from launcher.session.snapshot import Snapshot
from launcher.shell.window import Window

LOOK_MS = 20
MOVING = ("queued", "opening", "signing")


@dataclass(frozen=True, slots=True)
class Part:
    """What this officer types."""

    user_name: str
    password: Secret


class Hands(QObject):
    """Plays one officer once: log on, open my systems, wait until nothing moves and it is told to, log off."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        os.set_inheritable(descriptor, False)
        self._pipe = os.fdopen(descriptor, "rb", buffering=0)
        untrusted = json.loads(self._pipe.readline())
        self._part = Part(str(untrusted["user_name"]), Secret(str(untrusted["password"])))
        self._told_to_leave = False
        # Whoever gave the hands their part says when to log off, or closes the pipe.
        self._notifier = QSocketNotifier(descriptor, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._told)
        self._window: Window | None = None
        self._typed = False
        self._asked = False
        self._left = False

    def play(self, window: Window) -> None:
        """Begin to play once the window is there; each look does the one thing that is due."""
        self._window = window
        timer = QTimer(self)
        timer.setInterval(LOOK_MS)
        timer.timeout.connect(self._look)
        timer.start()

    def _look(self) -> None:
        window = self._window
        snapshot = window.snapshot if window is not None else None
        if window is None or snapshot is None:
            return
        match snapshot.stage:
            case "signing-in" if not self._typed and window.sign_in.isVisible():
                self._typed = True
                self._log_on(window)
            case "signed-in" if window.launchpad.isVisible() and not self._asked:
                self._asked = True
                QTest.keyClick(_focused(window), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            case "signed-in" if self._told_to_leave and not self._left and _all_settled(snapshot):
                self._left = True
                QTest.keyClick(_focused(window), Qt.Key.Key_F12)
            case "signed-in" if self._left and snapshot.leaving is not None:
                window.confirm_log_off()
            case _:
                pass

    def _told(self) -> None:
        self._notifier.setEnabled(False)
        self._told_to_leave = True

    def _log_on(self, window: Window) -> None:
        form = window.sign_in.password_form
        QTest.keyClicks(form.name.edit, self._part.user_name)
        QTest.keyClicks(form.password.edit, self._part.password.reveal())
        QTest.keyClick(form.password.edit, Qt.Key.Key_Return)


def _focused(window: Window) -> QWidget:
    return QApplication.focusWidget() or window


def _all_settled(snapshot: Snapshot) -> bool:
    states = {launch.system: launch.state for launch in snapshot.launches}
    return bool(snapshot.round) and all(states.get(one, "queued") not in MOVING for one in snapshot.my_systems)
