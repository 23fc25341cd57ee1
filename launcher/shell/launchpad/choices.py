"""The row above the tiles: which systems, in what order, and how they are shown."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Signal
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from launcher.shell.launchpad.choice import Column
from launcher.shell.look import Button, Kind, Menu, Segmented, Text, Type, current, look, text2, word

FILTERS = ("all", "mine", "open", "needs_you")
VIEWS = ("tiles", "compact", "list")
LIST = VIEWS.index("list")


def column_name(column: Column) -> str:
    """Return what a column of the list is called."""
    return word(f"launchpad.column.{column.name.lower()}")


class Choices(QWidget):
    """The row. What there is no room for goes: first the order in words, then the views move into a menu."""

    filter_chosen = Signal(int)
    view_chosen = Signal(int)
    sort_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filters = Segmented(word("launchpad.filter"), [word(f"launchpad.{each}") for each in FILTERS], self)
        self.order_text = Text(word("launchpad.order"), Type.BODY, text2, parent=self)
        self.order_button = Button("", Kind.QUIET, icon="caret-up-down", role=Type.STRONG, height=44, parent=self)
        self.views = Segmented(word("launchpad.view"), [word(f"launchpad.{each}") for each in VIEWS], self)
        self.menu_button = Button(
            word("launchpad.view"), Kind.SECONDARY, icon="sliders-horizontal", height=44, parent=self
        )
        self.menu_button.set_icon_only(True)
        self._counts: tuple[int, ...] = (0,) * len(FILTERS)
        self._sorted = Column.NAME
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.filters.chosen.connect(self.filter_chosen)
        self.views.chosen.connect(self._choose_view)
        self.order_button.clicked.connect(lambda: self._popup(self.order_menu(), self.order_button))
        self.menu_button.clicked.connect(lambda: self._popup(self.whole_menu(), self.menu_button))
        current().changed.connect(self._look_changed)
        self.show_sorted(self._sorted)

    @property
    def in_list(self) -> bool:
        """Whether the list is chosen."""
        return self.views.index == LIST

    def show_counts(self, counts: tuple[int, ...]) -> None:
        """Show how many systems each filter lets through."""
        if counts != self._counts:
            self._counts = counts
            self._fit()

    def show_sorted(self, column: Column) -> None:
        """Say which column the list is sorted by."""
        self._sorted = column
        self.order_button.setText(word("launchpad.sorted", column=column_name(column)))
        self._fit()

    def choose_view(self, index: int) -> None:
        """Choose how the systems are shown, as the officer would."""
        self.views.choose(index)
        self._choose_view(index)

    def order_menu(self) -> QMenu:
        """Return the menu of the columns to sort by."""
        menu = Menu(self)
        self._add_sorting(menu)
        return menu

    def whole_menu(self) -> QMenu:
        """Return the menu that stands for the views, and for the sorting of the list, where there is no room."""
        menu = Menu(self)
        group = QActionGroup(menu)
        for at, each in enumerate(VIEWS):
            action = menu.addAction(word(f"launchpad.{each}"))
            action.setCheckable(True)
            action.setChecked(at == self.views.index)
            group.addAction(action)
            action.triggered.connect(lambda _=False, at=at: self.choose_view(at))
        if self.in_list:
            menu.addSeparator()
            self._add_sorting(menu)
        return menu

    def sizeHint(self) -> QSize:
        return QSize(look().grow(480), self.filters.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _add_sorting(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for column in Column:
            action = menu.addAction(word("launchpad.sort_by", column=column_name(column)))
            action.setCheckable(True)
            action.setChecked(column is self._sorted)
            group.addAction(action)
            action.triggered.connect(lambda _=False, column=column: self.sort_chosen.emit(int(column)))

    def _popup(self, menu: QMenu, under: QWidget) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(under.mapToGlobal(QPoint(0, under.height())))

    def _choose_view(self, index: int) -> None:
        self._fit()
        self.view_chosen.emit(index)

    def _fit(self) -> None:
        gap = look().space(12)
        self._show_counts(shown=True)
        filters, views = self.filters.sizeHint(), self.views.sizeHint()
        room = self.width() - filters.width() - gap
        folded = views.width() > room
        if folded and self.menu_button.sizeHint().width() > room:
            self._show_counts(shown=False)
            filters = self.filters.sizeHint()
        self.filters.setGeometry(0, 0, min(filters.width(), self.width()), filters.height())
        last: QWidget = self.menu_button if folded else self.views
        self.views.setVisible(not folded)
        self.menu_button.setVisible(folded)
        right = self.width()
        right = self._place(last, right)
        order: QWidget = self.order_button if self.in_list else self.order_text
        self.order_button.set_icon_only(False)
        room = right - filters.width() - 2 * gap
        fits = order.sizeHint().width() <= room
        if not fits and self.in_list and not folded:
            self.order_button.set_icon_only(True)
            fits = order.sizeHint().width() <= room
        self.order_text.setVisible(fits and not self.in_list)
        self.order_button.setVisible(fits and self.in_list)
        if fits:
            self._place(order, right - gap)

    def _place(self, widget: QWidget, right: int) -> int:
        """Put ``widget`` with its right edge at ``right``; return its left edge."""
        size = widget.sizeHint()
        top = (self.filters.sizeHint().height() - size.height()) // 2
        widget.setGeometry(QRect(right - size.width(), top, size.width(), size.height()))
        return right - size.width()

    def _show_counts(self, *, shown: bool) -> None:
        for at, count in enumerate(self._counts):
            self.filters.set_count(at, count if shown else None)

    def _look_changed(self) -> None:
        self._fit()
        self.updateGeometry()
