"""The notices of this sitting, newest first: what was said in the strip and is gone from there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QListWidgetItem, QVBoxLayout, QWidget

from launcher.shell.frame.strip_lines import Notice
from launcher.shell.look import Button, Ground, Text, TextList, Type, current, look, text2, word

_SYSTEM = Qt.ItemDataRole.UserRole


class NoticesPage(Ground):
    """The list. ``system_wanted`` carries the id of the system whose notice was chosen."""

    closed = Signal()
    system_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setAccessibleName(word("notices.heading"))
        self.heading = Text(word("notices.heading"), Type.TITLE)
        self.close_button = Button(word("notices.close"), icon="x", key=word("key.escape"), height=44)
        self.none = Text(word("notices.none"), Type.BODY, text2)
        self.list = TextList(word("notices.list"))
        self._top = QHBoxLayout()
        self._top.addWidget(self.heading)
        self._top.addStretch(1)
        self._top.addWidget(self.close_button)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._top)
        self._column.addWidget(self.none)
        self._column.addWidget(self.list, 1)
        self.list.itemActivated.connect(self._chosen)
        self.list.itemClicked.connect(self._chosen)
        self.close_button.clicked.connect(self.closed)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.closed)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def show_notices(self, notices: Sequence[Notice]) -> None:
        """List these, the newest first, and take the focus."""
        self.list.clear()
        for notice in reversed(notices):
            item = QListWidgetItem(notice.words)
            item.setData(_SYSTEM, notice.system)
            self.list.addItem(item)
        self.none.setVisible(not notices)
        self.list.setVisible(bool(notices))
        if notices:
            self.list.setCurrentRow(0)
        (self.list if notices else self.close_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def _chosen(self, item: QListWidgetItem) -> None:
        if system := str(item.data(_SYSTEM)):
            self.system_wanted.emit(system)

    def _look_changed(self) -> None:
        here = look()
        side = here.space(24)
        self._column.setContentsMargins(side, here.space(12), side, here.space(16))
        self._column.setSpacing(here.space(12))
