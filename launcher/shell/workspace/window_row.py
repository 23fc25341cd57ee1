"""The windows of one system, in a row below the origin bar, where there is more than one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from launcher.shell.look import Button, Ground, IconButton, Kind, Menu, Type, current, look, word
from launcher.shell.surfaces.window_view import WindowView
from launcher.shell.workspace.fit import Wish, fit

_LONGEST = 40
_LEAST = 96
"""A title is cut to this many pixels at 100 %, and no further: rather a window stands behind the button at the end."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """One window's part of the row; ``said`` is what a screen reader hears of it."""

    view: WindowView
    button: Button
    said: str
    end: IconButton | None


class WindowRow(Ground):
    """A button for each window, the one in front pressed; those that the system's page has opened can be closed."""

    chosen = Signal(int)
    close_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(lambda colours: colours.surface, parent)
        self.setAccessibleName(word("workspace.windows.name"))
        self._views: tuple[WindowView, ...] = ()
        self._pieces: list[_Piece] = []
        self._hidden: tuple[WindowView, ...] = ()
        self.more = Button("", Kind.QUIET, icon="caret-down", height=44, role=Type.STRONG)
        self.more.clicked.connect(self._open_more)
        self.more.hide()
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.more)
        self._row.addStretch(1)
        current().changed.connect(self._look_changed)
        self._look_changed()

    @property
    def buttons(self) -> list[Button]:
        """The windows' buttons, in order."""
        return [piece.button for piece in self._pieces]

    @property
    def ends(self) -> list[IconButton]:
        """What closes a window, for those that can be closed."""
        return [piece.end for piece in self._pieces if piece.end is not None]

    def draw(self, views: Sequence[WindowView]) -> None:
        """Show the windows; one alone needs no row."""
        self.setVisible(len(views) > 1)
        if tuple(views) == self._views:
            return
        self._views = tuple(views)
        had_keys = self.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        for widget in (*self.buttons, *self.ends):
            self._row.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._pieces = [self._made(view, place + 1, len(views)) for place, view in enumerate(views)]
        self._fit()
        front = next((piece.button for piece in self._pieces if piece.view.front), None)
        if had_keys and front is not None:
            front.setFocus(Qt.FocusReason.OtherFocusReason)

    def minimumSizeHint(self) -> QSize:
        """What does not fit goes behind a button: the row keeps no window wide."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QPainter(self).fillRect(QRectF(0, self.height() - 1, self.width(), 1), look().colours.line)

    def _made(self, view: WindowView, number: int, count: int) -> _Piece:
        title = _title(view)
        button = Button(_shown(view), Kind.SECONDARY if view.front else Kind.QUIET, height=44, role=Type.STRONG)
        button.setToolTip(title)
        button.clicked.connect(lambda _=False, key=view.key: self.chosen.emit(key))
        self._row.insertWidget(self._row.count() - 2, button)
        end = None
        if not view.first:
            end = IconButton("x", word("workspace.windows.close", title=title))
            end.clicked.connect(lambda _=False, key=view.key: self.close_wanted.emit(key))
            self._row.insertWidget(self._row.count() - 2, end)
        state = "front" if view.front else "behind"
        return _Piece(view, button, word(f"workspace.windows.{state}", title=title, number=number, count=count), end)

    def _fit(self) -> None:
        """Cut the longest titles first; where they would say nothing any more, the last windows go behind a button."""
        edges = self._row.contentsMargins()
        wishes = [self._wish(piece) for piece in self._pieces]
        fitted = fit(wishes, self.width() - edges.left() - edges.right(), self._more_width)
        widths = dict(fitted.shown)
        metrics = look().metrics(Type.STRONG)
        for piece, wish in zip(self._pieces, wishes, strict=True):
            width = widths.get(wish.system)
            if width is not None:
                room = width - wish.fixed + 1
                piece.button.setText(metrics.elidedText(_shown(piece.view), Qt.TextElideMode.ElideRight, room))
                piece.button.setAccessibleName(piece.said)
            piece.button.setVisible(width is not None)
            if piece.end is not None:
                piece.end.setVisible(width is not None)
        self._hidden = tuple(piece.view for piece in self._pieces if str(piece.view.key) in fitted.hidden)
        self.more.setText(word("workspace.more", count=len(self._hidden)))
        self.more.setVisible(bool(self._hidden))

    def _wish(self, piece: _Piece) -> Wish:
        here, gap = look(), self._row.spacing()
        fixed = piece.button.natural_width() - here.width(Type.STRONG, piece.button.text()) + gap
        fixed += piece.end.sizeHint().width() + gap if piece.end is not None else 0
        name = here.width(Type.STRONG, _shown(piece.view))
        return Wish(str(piece.view.key), fixed, name, min(name, here.grow(_LEAST)), must=piece.view.front)

    def _more_width(self, count: int) -> int:
        self.more.setText(word("workspace.more", count=count))
        return self.more.natural_width() + self._row.spacing()

    def _open_more(self) -> None:
        menu = Menu(self)
        for view in self._hidden:
            entry = menu.addAction(_shown(view).replace("&", "&&"))
            entry.triggered.connect(lambda _=False, key=view.key: self.chosen.emit(key))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _look_changed(self) -> None:
        here = look()
        self._row.setContentsMargins(here.space(16), here.space(4), here.space(12), here.space(4))
        self._row.setSpacing(here.space(4))
        self._fit()


def _title(view: WindowView) -> str:
    return view.title or word("workspace.windows.untitled")


def _shown(view: WindowView) -> str:
    title = _title(view)
    return title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1]}…"
