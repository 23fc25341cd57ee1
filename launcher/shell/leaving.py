"""The question before a log-off that would lose something: what, by name, and two ways out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from launcher.session.snapshot import Snapshot
from launcher.shell.look import (
    Button,
    Card,
    Ground,
    Kind,
    Radius,
    Text,
    Type,
    alert,
    current,
    look,
    scrolling,
    text2,
    word,
)

WIDTH = 680


class LeavingQuestion(Ground):
    """Names running programs and edited pages. *Go back* has the focus: Enter loses nothing."""

    log_off = Signal()
    stay = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.heading = Text(word("leaving.heading"), Type.DISPLAY, wrap=True)
        self.lead = Text(word("leaving.lead"), Type.LEAD, text2, wrap=True)
        self.running = _Named()
        self.edited = _Named()
        self.go = Button(word("leaving.log_off"), Kind.SECONDARY, icon="sign-out")
        self.back = Button(word("leaving.stay"), Kind.PRIMARY, key=word("key.escape"))
        self.go.clicked.connect(self.log_off)
        self.back.clicked.connect(self.stay)
        self._card = Card(Radius.SIGN_IN_CARD)
        self._inside = QVBoxLayout(self._card)
        for part in (self.heading, self.lead, self.running, self.edited):
            self._inside.addWidget(part)
        self._row = QHBoxLayout()
        self._row.addWidget(self.back, 1)
        self._row.addWidget(self.go)
        self._inside.addLayout(self._row)
        middle = QWidget()
        self._middle = QVBoxLayout(middle)
        self._middle.addStretch(1)
        self._middle.addWidget(self._card, 0, Qt.AlignmentFlag.AlignHCenter)
        self._middle.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolling(middle))
        QShortcut(
            QKeySequence(Qt.Key.Key_Escape), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
        ).activated.connect(self.stay)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def draw(self, snapshot: Snapshot) -> None:
        """Name what logging off would end."""
        leaving = snapshot.leaving
        if leaving is None:
            return
        self.running.show_names("leaving.running", _names(snapshot, leaving.running))
        self.edited.show_names("leaving.edited", _names(snapshot, leaving.edited))
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)
        alert(self, f"{self.heading.text()} {self.lead.text()}")

    def _look_changed(self) -> None:
        here = look()
        side = here.space(44)
        self._inside.setContentsMargins(side, side, side, side)
        self._inside.setSpacing(here.space(16))
        self._row.setSpacing(here.space(12))
        margin = here.space(16)
        self._middle.setContentsMargins(margin, margin, margin, margin)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        here = look()
        # A width of its own: wrapped texts in it then know theirs, and get the height they need.
        self._card.setFixedWidth(max(320, min(here.grow(WIDTH), self.width() - 2 * here.space(16))))


class _Named(QWidget):
    """A sentence and the names it speaks of, a line each; not there when there are none."""

    def __init__(self) -> None:
        super().__init__()
        self._sentence = Text("", Type.BODY, wrap=True)
        self._lines: list[Text] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._sentence)

    def show_names(self, key: str, names: tuple[str, ...]) -> None:
        """Name these; none hides the whole."""
        self.setVisible(bool(names))
        for line in self._lines:
            line.hide()
            line.deleteLater()
        self._lines = [Text(name, Type.STRONG) for name in names]
        for line in self._lines:
            self._column.addWidget(line)
            line.show()
        if names:
            self._sentence.setText(word(key, count=len(names)))


def _names(snapshot: Snapshot, systems: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(entry.name if (entry := snapshot.system(one)) else one for one in systems)
