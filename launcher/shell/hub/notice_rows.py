"""The force's notices on a screen between people: an icon, the text and since when; the newest first."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from launcher.session.hub.views import HubNoticeView
from launcher.shell.hub.words import notice_text
from launcher.shell.look import STATES, State, Text, Type, chrome_text1, chrome_text2, current, look, paint_icon, word
from launcher.shell.look.paint import filled

MOST = 3


class _Row(QWidget):
    """One notice, in as many lines as it needs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = Text("", Type.STRONG, chrome_text1, wrap=True)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.text)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def paintEvent(self, event: QPaintEvent) -> None:
        here = look()
        px = here.grow(20)
        top = here.space(6) + (here.line(Type.STRONG) - px) / 2
        style = STATES[State.DEGRADED]
        painter = QPainter(self)
        paint_icon(
            painter, QRectF(0, round(top), px, px), "megaphone", here.colours.on_chrome[State.DEGRADED], style.weight
        )

    def _look_changed(self) -> None:
        here = look()
        self._column.setContentsMargins(here.grow(20) + here.space(12), here.space(6), 0, here.space(6))
        self.update()


class NoticeRows(QWidget):
    """As many as there is room for; the others are counted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(word("hub.notices"))
        self._shown: tuple[HubNoticeView, ...] = ()
        self._room = 1 << 20
        self._rows: list[_Row] = []
        self._more = Text("", Type.META, chrome_text2)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        current().changed.connect(self._look_changed)
        self._look_changed()
        self.hide()

    @property
    def texts(self) -> tuple[str, ...]:
        """What is said, as it stands there."""
        return tuple(row.text.text() for row in self._rows if not row.isHidden())

    def show_notices(self, notices: tuple[HubNoticeView, ...]) -> None:
        """Show these, and nothing at all where there are none."""
        if notices == self._shown:
            return
        self._shown = notices
        while len(self._rows) < min(MOST, len(notices)):
            row = _Row()
            self._column.insertWidget(len(self._rows), row)
            self._rows.append(row)
        for row, notice in zip(self._rows, notices, strict=False):
            row.text.setText(notice_text(notice))
        self.fit(self._room, self.width())

    def fit(self, room: int, width: int) -> None:
        """Take no more than ``room`` pixels of the height, at this width; nothing where not even one has room."""
        self._room = room
        sides = self._column.contentsMargins()
        left = room - sides.top() - sides.bottom()
        shown = 0
        for row in self._rows[: len(self._shown)]:
            left -= row.heightForWidth(max(1, width))
            more = len(self._shown) - shown - 1
            if left < (self._more.sizeHint().height() if more else 0):
                break
            shown += 1
        for at, row in enumerate(self._rows):
            row.setVisible(at < shown)
        more = len(self._shown) - shown
        self._more.setText(word("hub.more", count=more) if more else "")
        self._more.setVisible(more > 0)
        high = self._more.sizeHint().height() + sides.top() + sides.bottom()
        self.setVisible(shown > 0 or (more > 0 and room >= high))

    def paintEvent(self, event: QPaintEvent) -> None:
        filled(QPainter(self), QRect(0, 0, self.width(), 1), look().colours.chrome_line)

    def _look_changed(self) -> None:
        self._column.setContentsMargins(0, look().space(8), 0, look().space(8))
