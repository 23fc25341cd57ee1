"""The face of a tab whose system, or its page, met a fault: what happened, and the way on."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from launcher.session.snapshot import ErrorView, LaunchView
from launcher.shell.look import Button, ErrorPanel, Type, current, look, word

STAYS: Final = frozenset({"page-not-expected", "download-refused", "upload-refused", "permission-refused"})
"""Faults after which the page is still there: the way on is back to it. After the others it is loaded again."""

ENDED: Final = frozenset({"managed-browser-ended"})
"""Faults after which nothing is left to load again: the system is opened anew."""


class FaultFace(QWidget):
    """The inline error in the page's place, with the way on."""

    def __init__(self) -> None:
        super().__init__()
        self.panel = ErrorPanel()
        self.retry = action("", "arrow-clockwise")
        self.help = action(word("workspace.get_help"), "headset")
        self.show_page = action(word("workspace.show_page"), "globe-simple")
        for button in (self.retry, self.help, self.show_page):
            self.panel.add_action(button)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.panel)
        self._column.addStretch(1)
        self._told: tuple[ErrorView, str] | None = None
        current().changed.connect(self._look_changed)
        self._look_changed()

    def tell(self, error: ErrorView, launch: LaunchView, *, page_there: bool) -> None:
        """Say what happened and offer the way on."""
        failed = launch.state == "failed"
        anew = failed or error.reference in ENDED
        way = "retry" if anew else "back_to_page" if error.reference in STAYS else "load_again"
        self.retry.setText(word(f"workspace.{way}"))
        self.retry.set_icon("arrow-left" if way == "back_to_page" else "arrow-clockwise")
        self.show_page.setVisible(page_there)
        if self._told != (error, launch.says):
            self.panel.about = launch.system
            self._told = (error, launch.says)
            says = word("workspace.it_says", says=launch.says) if failed and launch.says else ""
            self.panel.tell(error.what, " ".join(filter(None, (says, error.next_step))), error.reference)

    def focus_first(self) -> None:
        """Go to the way on."""
        self.retry.setFocus(Qt.FocusReason.OtherFocusReason)

    def _look_changed(self) -> None:
        edge = look().space(24)
        self._column.setContentsMargins(edge, edge, edge, edge)


def action(text: str, icon: str) -> Button:
    """Return a button for a way on."""
    return Button(text, icon=icon, height=44, role=Type.STRONG)
