"""The loud line once more, above a program's window: whoever works in one does not see the strip."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from launcher.shell.frame.loud import Loud, LoudLine
from launcher.shell.frame.strip_lines import strip_height
from launcher.shell.look import word
from launcher.timings.boot_clock import boot_time_s


class LoudAbove(QWidget):
    """A window of one line along the screen's lower edge; it stays in front and never takes the keys.

    Shown only while no window of this process has the focus, and not past the moment that it tells of: a session that
    does not answer then has another's screen in front of it. A press on it emits ``wanted``.
    """

    wanted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(
            window,
            Qt.WindowType.ToolTip
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.WindowDoesNotAcceptFocus,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._window = window
        self.line = LoudLine(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.line)
        self.line.clicked.connect(self.wanted)

    def show_loud(self, loud: Loud | None, clock: str) -> None:
        """Say it where it is not seen otherwise; None: nothing is loud."""
        if loud is None or loud.at <= boot_time_s() or QApplication.focusWindow() is not None:
            self.hide()
            return
        # The strip's keys do not reach from there; a press does.
        self.line.show_loud(replace(loud, key=word("loud.show") if loud.key else ""), clock)
        self.line.setEnabled(True)  # whatever it says, a press on it leads back to the launcher
        self.line.show()
        height = strip_height()
        screen = self._window.screen().geometry()
        self.setGeometry(QRect(screen.left(), screen.bottom() + 1 - height, screen.width(), height))
        self.show()
        self.raise_()  # a program that came meanwhile lies above it
