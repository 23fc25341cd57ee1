"""The search of a VT: a text in its screen and the rows above it, one place after the other."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from launcher.shell.look import FieldBox, Ground, IconButton, Text, Type, announce, current, look, text2, word


class SearchBar(Ground):
    """A field, how many places there are, and the way from one to the next."""

    asked = Signal(str)
    stepped = Signal(int)
    """+1 further down, -1 further up."""
    closed = Signal()

    def __init__(self, parent: QWidget | None = None, *, words: str = "terminal.find") -> None:
        super().__init__(lambda colours: colours.surface, parent)
        self._words = words
        self.box = FieldBox(icon="magnifying-glass", height=44)
        self.edit = self.box.edit
        self.edit.setPlaceholderText(word(f"{self._words}.label"))
        self.edit.setAccessibleName(word(f"{self._words}.label"))
        self.edit.textChanged.connect(self.asked)
        self.edit.installEventFilter(self)
        self.count = Text("", Type.META, text2)
        self.previous = IconButton("caret-up", word(f"{self._words}.previous"))
        self.next = IconButton("caret-down", word(f"{self._words}.next"))
        self.end = IconButton("x", word(f"{self._words}.close"))
        self.previous.clicked.connect(lambda: self.stepped.emit(-1))
        self.next.clicked.connect(lambda: self.stepped.emit(1))
        self.end.clicked.connect(self.closed)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.box, 1)
        for widget in (self.count, self.previous, self.next, self.end):
            self._row.addWidget(widget)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def tell(self, at: int, count: int) -> None:
        """Say which place of how many is shown; ``at`` counts from 0."""
        said = word(f"{self._words}.place", at=at + 1, count=count) if count else ""
        if not count and self.edit.text():
            said = word(f"{self._words}.none")
        if said != self.count.text():
            self.count.setText(said)
            if said:
                announce(self.edit, said)
        for button in (self.previous, self.next):
            button.setEnabled(count > 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            match event.key():
                case Qt.Key.Key_Escape:
                    self.closed.emit()
                    return True
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    up = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                    self.stepped.emit(-1 if up else 1)
                    return True
        return False

    def _look_changed(self) -> None:
        here = look()
        self._row.setContentsMargins(here.space(12), here.space(8), here.space(8), here.space(8))
        self._row.setSpacing(here.space(12))  # beside the field's ring
