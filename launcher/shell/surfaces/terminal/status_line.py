"""The operator information line beneath a terminal, in words: why the keyboard waits, the line, where the cursor is."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from launcher.shell.look import (
    Button,
    Ground,
    Kind,
    Text,
    Type,
    announce,
    current,
    look,
    text1,
    text2,
    word,
)
from launcher.shell.surfaces.terminal.keyboard import chords_of
from launcher.terminal.engine import Family
from launcher.terminal.grid import Cursor, KeyboardLock, StatusLine
from launcher.terminal.keyboards import USUAL

_TELLING: frozenset[KeyboardLock] = frozenset({"not-here", "numeric", "overflow", "program", "not-connected"})
"""What is said to a screen reader at once; that the host works is said too often."""


class TerminalStatusLine(Ground):
    """One line; what is least needed goes first when there is no room."""

    keys_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(lambda colours: colours.sunken, parent)
        self._family: Family = "3270"
        self._lock: KeyboardLock = ""
        self.keyboard = USUAL
        self.lock = Text("", Type.STATE)
        self.insert = Text("", Type.META, text1)
        self.message = Text("", Type.META, text2)
        self.zoom = Text("", Type.META, text2)
        self.lu_name = Text("", Type.META, text2)
        self.place = Text("", Type.META, text2)
        self.keys = Button(word("terminal.status.keys"), Kind.QUIET, icon="keyboard", height=44, role=Type.STRONG)
        self.keys.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Ctrl+Shift+K does it: the keys are the host's here
        self.keys.clicked.connect(self.keys_wanted)
        self._row = QHBoxLayout(self)
        for label in (self.lock, self.insert):
            self._row.addWidget(label)
        self._row.addWidget(self.message, 1)
        for label in (self.zoom, self.lu_name, self.place):
            self._row.addWidget(label)
        self._row.addWidget(self.keys)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def draw(
        self, family: Family, status: StatusLine, cursor: Cursor, *, title: str = "", above: int = 0, percent: int = 100
    ) -> None:
        """Say how it stands; ``above``: so many rows the view is above the screen, ``percent`` the size of the text."""
        self._family = family
        resets = chords_of("Reset", family, self.keyboard) if status.lock else ()
        self.lock.setText(
            word(f"terminal.lock.{status.lock}", press=resets[0] if resets else "") if status.lock else ""
        )
        self.lock.setVisible(bool(status.lock))
        self.insert.setText(word("terminal.status.insert") if status.insert else "")
        self.insert.setVisible(status.insert)
        said = status.message or title
        if above:
            said = word("terminal.status.above", count=above)
        self.message.setText(said)
        self.zoom.setText(word("terminal.status.zoom", percent=percent) if percent != 100 else "")
        self.zoom.setVisible(percent != 100)
        self.lu_name.setText(word("terminal.status.lu", lu=status.lu_name) if status.lu_name else "")
        self.lu_name.setVisible(bool(status.lu_name))
        self.place.setText(word("terminal.status.place", row=cursor.row + 1, column=cursor.column + 1))
        if status.lock != self._lock:
            self._lock = status.lock
            if status.lock in _TELLING and self.isVisible():
                announce(self.lock, self.lock.text())

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), look().touch(44))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().grow(160), look().touch(44))

    def _look_changed(self) -> None:
        here = look()
        self._row.setContentsMargins(here.space(16), 0, here.space(8), 0)
        self._row.setSpacing(here.space(16))
        self.keys.set_icon_only(here.large)
        self.updateGeometry()
        self.update()
