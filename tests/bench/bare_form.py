"""A bare Qt form of two fields and a button, which says "painted" once it is: what a start is held against.

Run as a program of its own, so that it is as cold as a station is.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget


class BareForm(QWidget):
    """Name, password, a button."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        password = QLineEdit()
        password.setEchoMode(QLineEdit.EchoMode.Password)
        for part in (QLineEdit(), password, QPushButton("Log on")):
            column.addWidget(part)
        self._painted = False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._say)

    def _say(self) -> None:
        print("painted", flush=True)
        QApplication.quit()


def main() -> int:
    """Show the form and end once it is painted."""
    app = QApplication(sys.argv)
    form = BareForm()
    form.resize(1280, 800)
    form.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
