"""A list of texts to choose from: wrapped lines, the current one in the soft fill with the accent outline."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import QListWidget, QSizePolicy, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from launcher.shell.look.look import current, look
from launcher.shell.look.paint import broken, draw_line, rounded
from launcher.shell.look.scroll import thin_bars
from launcher.shell.look.tokens import Radius, Type


class TextList(QListWidget):
    """The list; ``name`` is what a screen reader calls it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        thin_bars(self)
        self.setItemDelegate(_TextDelegate(self))
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def _look_changed(self) -> None:
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(palette)
        self.scheduleDelayedItemsLayout()


class _TextDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        here = look()
        view = self.parent()
        width = view.viewport().width() if isinstance(view, QListWidget) else here.grow(320)
        lines = broken(str(index.data()), Type.STRONG, width - 2 * here.space(12))
        height = len(lines) * here.line(Type.STRONG) + here.space(20)
        return QSize(width - 1, max(here.touch(44), height))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        here = look()
        colours = here.colours
        state: QStyle.StateFlag = option.state
        place = QRectF(option.rect)
        inner = place.adjusted(0, 1, 0, -1)
        if state & QStyle.StateFlag.State_Selected:
            rounded(painter, inner, here.space(Radius.SEGMENT), colours.accent_soft, colours.accent, 2.0)
        elif state & QStyle.StateFlag.State_MouseOver:
            rounded(painter, inner, here.space(Radius.SEGMENT), colours.hover)
        side = here.space(12)
        line = here.line(Type.STRONG)
        lines = broken(str(index.data()), Type.STRONG, round(place.width()) - 2 * side)
        top = place.top() + (place.height() - len(lines) * line) / 2
        for row, text in enumerate(lines):
            rect = QRectF(place.left() + side, top + row * line, place.width() - 2 * side, line)
            draw_line(painter, rect, text, Type.STRONG, colours.text, elide=False)
