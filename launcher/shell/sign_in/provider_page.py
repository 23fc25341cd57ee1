"""The place where the provider's own page is shown: a bar of ours above it, with the way back."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from launcher.shell.look import Button, Ground, Kind, Text, Type, current, look, paint_icon, text2, word


class _OriginBar(Ground):
    """Whose page it is: painted by the shell, so that the page cannot pretend."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(lambda colours: colours.surface, parent)
        self.name = Text("", Type.STRONG)
        self.host = Text("", Type.MONO, text2)
        self.cancel = Button(word("sign_in.cancel"), Kind.QUIET, icon="x", key=word("key.escape"), height=44)
        self.row = QHBoxLayout(self)
        self.row.addWidget(self.name)
        self.row.addWidget(self.host, 1)
        self.row.addWidget(self.cancel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        here = look()
        painter = QPainter(self)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), here.colours.line)
        px = here.grow(20)
        place = QRectF(here.space(20), round((self.height() - px) / 2), px, px)
        paint_icon(painter, place, "identification-badge", here.colours.text2)

    def _look_changed(self) -> None:
        here = look()
        self.row.setContentsMargins(
            here.space(20) + here.grow(20) + here.space(10), here.space(5), here.space(12), here.space(6)
        )
        self.row.setSpacing(here.space(12))
        self.updateGeometry()


class ProviderPage(Ground):
    """The slot. The page itself belongs to the shell's browser and is only lent."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.bar = _OriginBar()
        self._page: QWidget | None = None
        self._waiting = Text(
            word("sign_in.provider_waiting"), Type.LEAD, text2, wrap=True, align=Qt.AlignmentFlag.AlignHCenter
        )
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.bar)
        self._column.addStretch(1)
        self._column.addWidget(self._waiting)
        self._column.addStretch(1)
        self.bar.cancel.clicked.connect(self.cancelled)

    @property
    def page(self) -> QWidget | None:
        """The page that is shown."""
        return self._page

    def show_provider(self, label: str) -> None:
        """Name the provider."""
        self.bar.name.setText(word("sign_in.with", provider=label))

    def show_host(self, host: str) -> None:
        """Say which host the page is from; call it at every navigation."""
        self.bar.host.setText(host)

    def set_page(self, page: QWidget | None) -> None:
        """Show ``page``, or take the one that is there away (it is not deleted)."""
        if page is self._page:
            return
        if self._page is not None and shiboken6.isValid(self._page) and self._page.parent() is self:
            self._column.removeWidget(self._page)
            self._page.setParent(None)
        self._page = page
        self._waiting.setVisible(page is None)
        if page is not None:
            self._column.insertWidget(1, page, 1000)
            page.show()
            self.focus_page()

    def focus_page(self) -> None:
        """Give the focus to the page, or to Cancel while there is none."""
        if self.isVisible():
            (self._page or self.bar.cancel).setFocus(Qt.FocusReason.OtherFocusReason)
