"""The change from the work to the lock face and back: nothing of the work is seen from one picture to the next."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from launcher.session.commands import Command, LockPainted, WorkResponds
from launcher.session.snapshot import Snapshot
from launcher.shell.frame import Frame
from launcher.shell.lock.hiding import OthersHidden
from launcher.shell.lock.painted import OncePainted
from launcher.shell.lock.screen import LockScreen

ALONE_MS = 300
"""So long after a lock the face waits for the windows of programs to go, before it takes the keys by itself."""


class Keeping:
    """Keeps the work out of sight while its session is locked, with its page, tab, focus and scroll.

    ``appear`` shows the window with the focus on a face of it; ``resumed`` is called once the work is painted again.
    """

    def __init__(
        self,
        faces: QStackedWidget,
        frame: Frame,
        face: LockScreen,
        appear: Callable[[QWidget], None],
        send: Callable[[Command], None],
        resumed: Callable[[], None],
    ) -> None:
        self._faces = faces
        self._frame = frame
        self._face = face
        self._appear = appear
        self._send = send
        self._resumed = resumed
        self._window = faces.window()
        self._others = OthersHidden(self._window)
        face.clock.ticked.connect(self._others.sweep)
        self._focus: QWidget | None = None
        self._told: OncePainted | None = None
        self.locked = False

    def lock(self, snapshot: Snapshot) -> None:
        """Show the lock face of ``snapshot``, or no window at all while another process's screen is in front."""
        first, self.locked = not self.locked, True
        had_keys = QApplication.activeWindow() is not None
        if first:
            focused = QApplication.focusWidget()
            self._focus = focused if focused is not None and self._frame.isAncestorOf(focused) else None
            self._others.hide()
            # Hidden before anything else is painted: covering it would show it for a frame.
            self._frame.hide()
        self._face.draw(snapshot)
        if first:
            self._faces.setCurrentWidget(self._face)
            self._tell(self._face, lambda: self._send(LockPainted()))
        if snapshot.lock is not None and snapshot.lock.behind:
            self._window.hide()
            if self._told is not None:
                # No window: there is nothing to wait for.
                self._told.drop()
                self._told = None
                self._send(LockPainted())
            return
        if not self._window.isVisible():
            self._appear(self._face)
            self._tell(self._face, lambda: self._send(LockPainted()))
        elif first:
            self._face.setFocus(Qt.FocusReason.OtherFocusReason)
            if had_keys:
                # The window of ours that had the keys may just have gone.
                self._window.activateWindow()
            else:
                # A program's window has them: it comes in front as they are hidden (display.windows), for what lies
                # upon what is noted first. Here only where nobody does that.
                QTimer.singleShot(ALONE_MS, self._window, self._take_keys)
            self._window.repaint()

    def resume(self) -> None:
        """Show the work as it was left."""
        self.locked = False
        self._faces.setCurrentWidget(self._frame)
        self._face.forget()
        self._tell(self._frame.top_bar, self._say_work)
        if not self._window.isVisible():
            self._appear(self._frame)
        if self._others.bring_back():
            self._window.activateWindow()
        focus, self._focus = self._focus, None
        if focus is not None and shiboken6.isValid(focus) and focus.isVisible():
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def end(self) -> None:
        """Leave the other windows alone: the process ends."""
        self._others.let_be()

    def _take_keys(self) -> None:
        if self.locked and self._window.isVisible() and QApplication.activeWindow() is None:
            self._window.activateWindow()

    def _say_work(self) -> None:
        self._send(WorkResponds())
        self._resumed()

    def _tell(self, widget: QWidget, act: Callable[[], None]) -> None:
        if self._told is not None and shiboken6.isValid(self._told):
            self._told.drop()

        def once() -> None:
            self._told = None
            act()

        self._told = OncePainted(widget, once)
