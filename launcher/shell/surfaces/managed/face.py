"""What a managed browser's tab shows: where its window is."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from launcher.shell.look import Text, Type, current, look, text2, word


class ManagedFace(QWidget):
    """The tab of one browser, by the id of its process."""

    def __init__(self, pid: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pid = pid
        self.state = Text(word("workspace.managed.apart"), Type.SECTION)
        self.hint = Text(word("workspace.managed.hint"), Type.BODY, text2, wrap=True)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.state)
        self._column.addWidget(self.hint)
        self._column.addStretch(1)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def end(self) -> None:
        """Let go of the browser's window: it is about to end."""
        self.deleteLater()

    def _look_changed(self) -> None:
        here = look()
        edge = here.space(24)
        self._column.setContentsMargins(edge, here.space(16), edge, here.space(20))
        self._column.setSpacing(here.space(8))
