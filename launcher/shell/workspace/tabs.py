"""The row of tabs on ink: the current one is paper, what needs a person is never out of sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from launcher.shell.look import (
    Button,
    Chrome,
    IconButton,
    Kind,
    Menu,
    Radius,
    State,
    Type,
    current,
    draw_line,
    look,
    paint_icon,
    paint_state,
    paint_state_icon,
    pulse,
    rounded,
    state_width,
    state_word,
    word,
)
from launcher.shell.look.states import STATES
from launcher.shell.workspace.fit import Wish, fit

_HEIGHT, _ICON, _LEAST_NAME, _LEAST_NAME_NEEDS, _CLOSE = 44, 18, 84, 28, 28


@dataclass(frozen=True, slots=True)
class TabView:
    """One tab as it is drawn."""

    system: str
    name: str
    state: State


class Tab(QPushButton):
    """One tab: icon and name, the amber badge when it needs a person, and a cross when it is the current one."""

    close_wanted = Signal(str)
    menu_wanted = Signal(str, QPoint)
    step_wanted = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.view = TabView("", "", State.READY)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_tab(self, view: TabView, number: int, count: int, *, is_current: bool) -> None:
        """Draw ``view``, the tab ``number`` (from 1) of ``count``."""
        self.view = view
        self.setChecked(is_current)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_current else Qt.FocusPolicy.ClickFocus)
        self.setToolTip(view.name)
        said = word("workspace.tab", name=view.name, state=state_word(view.state), number=number, count=count)
        if said != self.accessibleName():
            self.setAccessibleName(said)
        (pulse().watch if STATES[view.state].turns else pulse().unwatch)(self)
        self.update()

    def wish(self) -> Wish:
        """Return the widths it asks for."""
        here = look()
        name = here.width(Type.STRONG, self.view.name) + 1
        rest = 2 * here.space(14) + self._state_width()
        if self.isChecked():
            return Wish(self.view.system, rest + here.grow(_CLOSE), name, name, must=True)
        least = _LEAST_NAME_NEEDS if self._needs() else _LEAST_NAME
        return Wish(self.view.system, rest, name, min(name, here.grow(least)), must=self._needs())

    def ring_shape(self) -> None:
        """The tab paints its focus itself, inside."""

    def paintEvent(self, event: QPaintEvent) -> None:
        here = look()
        colours = here.colours
        painter = QPainter(self)
        is_current = self.isChecked()
        if is_current:
            painter.setClipRect(self.rect())
            paper = QRectF(self.rect()).adjusted(0, 0, 0, here.space(Radius.CONTROL))
            rounded(painter, paper, here.space(Radius.CONTROL), colours.surface)
            ink = colours.text
        else:
            ink = colours.chrome_text if self.underMouse() or self._needs() else colours.chrome_text2
        left = float(here.space(14))
        middle = self.height() / 2
        px = here.grow(_ICON)
        if not self._needs():
            place = QRectF(left, round(middle - px / 2), px, px)
            tone = colours.states[self.view.state].fg if is_current else colours.on_chrome[self.view.state]
            paint_state_icon(painter, place, self.view.state, tone)
            left += px + here.space(8)
        room = self.width() - left - here.space(14)
        if self._needs():
            room -= self._state_width()
        if is_current:
            room -= here.grow(_CLOSE)
        name = QRectF(left, 0, room, self.height())
        width = draw_line(painter, name, self.view.name, Type.STRONG, ink, elide=not is_current)
        if self._needs():
            paint_state(painter, left + width + here.space(10), middle, State.NEEDS, on_chrome=not is_current)
        if is_current:
            cross = self._cross()
            paint_icon(painter, cross, "x", colours.text2)
        if self.hasFocus():
            inset = here.space(4)
            place = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
            ring = colours.ring if is_current else colours.chrome_ring
            rounded(painter, place, here.space(Radius.BADGE), None, ring, 3.0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        over_cross = self.isChecked() and event.position().x() >= self._cross().left() - look().space(8)
        if event.button() is Qt.MouseButton.MiddleButton or over_cross:
            self.close_wanted.emit(self.view.system)
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() == Qt.Key.Key_Delete:
            self.close_wanted.emit(self.view.system)
        elif step is not None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step_wanted.emit(step)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(self.view.system, event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def nextCheckState(self) -> None:
        """A click never switches the current tab off."""
        self.setChecked(True)

    def _needs(self) -> bool:
        return self.view.state is State.NEEDS

    def _state_width(self) -> int:
        here = look()
        return state_width(State.NEEDS) + here.space(10) if self._needs() else here.grow(_ICON) + here.space(8)

    def _cross(self) -> QRectF:
        px = look().grow(_ICON)
        return QRectF(self.width() - look().space(12) - px, round((self.height() - px) / 2), px, px)


class TabRow(Chrome):
    """All tabs, the button for those that do not fit, and the way to the timings."""

    chosen = Signal(str)
    entered = Signal(str)
    """A tab was pressed, and not only come by with the arrow keys."""
    close_wanted = Signal(str)
    moved = Signal(str, int)
    """A tab is to move by so many places."""
    timings_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(word("workspace.tabs"))
        self._views: tuple[TabView, ...] = ()
        self._current = ""
        self._tabs: dict[str, Tab] = {}
        self._hidden: tuple[str, ...] = ()
        self.more = Button("", Kind.CHROME_QUIET, icon="caret-down", parent=self)
        self.more.clicked.connect(self._open_more)
        self.timings = IconButton("clock-countdown", word("workspace.timings"), on_chrome=True, parent=self)
        self.timings.clicked.connect(self.timings_wanted)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        current().changed.connect(self._look_changed)

    def draw(self, views: Sequence[TabView], current_system: str) -> None:
        """Draw these tabs."""
        changed = tuple(views) != self._views or current_system != self._current
        self._views, self._current = tuple(views), current_system
        if not changed:
            return
        for gone in set(self._tabs) - {view.system for view in views}:
            self._tabs.pop(gone).deleteLater()
        for number, view in enumerate(views, start=1):
            tab = self._tabs.get(view.system) or self._make(view.system)
            tab.show_tab(view, number, len(views), is_current=view.system == current_system)
        self._place()

    def tab(self, system: str) -> Tab | None:
        """Return the tab of a system."""
        return self._tabs.get(system)

    @property
    def hidden_systems(self) -> tuple[str, ...]:
        """The systems whose tab is behind the button."""
        return self._hidden

    def sizeHint(self) -> QSize:
        return QSize(look().grow(400), self._tab_height() + look().space(6))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().grow(120), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        here = look()
        painter = QPainter(self)
        shown = [self._tabs[view.system] for view in self._views if view.system not in self._hidden]
        for one, other in pairwise(shown):
            if not one.isChecked() and not other.isChecked():
                height = here.grow(18)
                top = round(one.geometry().center().y() - height / 2)
                painter.fillRect(QRectF(other.x(), top, 1, height), here.colours.chrome_line)

    # --- inside

    def _make(self, system: str) -> Tab:
        tab = Tab(self)
        tab.clicked.connect(lambda: self._enter(system))
        tab.close_wanted.connect(self.close_wanted)
        tab.menu_wanted.connect(self._open_menu)
        tab.step_wanted.connect(lambda step: self._step(system, step))
        self._tabs[system] = tab
        return tab

    def _place(self) -> None:
        here = look()
        edge = here.space(16)
        height = self._tab_height()
        side = self.timings.sizeHint().width()
        self.timings.setGeometry(self.width() - side - here.space(8), self.height() - height, side, height)
        room = self.timings.x() - edge - here.space(8)
        fitted = fit([self._tabs[view.system].wish() for view in self._views], room, self._more_width)
        self._hidden = fitted.hidden
        left = edge
        before: QWidget | None = None
        for system, width in fitted.shown:
            tab = self._tabs[system]
            tab.setGeometry(left, self.height() - height, width, height)
            tab.show()
            left += width
            if before is not None:
                QWidget.setTabOrder(before, tab)
            before = tab
        for system in fitted.hidden:
            self._tabs[system].hide()
        self.more.setVisible(bool(fitted.hidden))
        if fitted.hidden:
            needy = self._hidden_needy()
            self.more.set_kind(Kind.NEEDS if needy else Kind.CHROME_QUIET)
            self.more.set_icon("hand-palm" if needy else "caret-down", "fill" if needy else "bold")
            text = self._more_text(len(fitted.hidden), needy)
            if text != self.more.text():
                self.more.setText(text)
            wide = self._more_width(len(fitted.hidden), needy)
            inset = here.space(5) if needy else 0
            self.more.setGeometry(self.timings.x() - wide, self.height() - height + inset, wide, height - 2 * inset)
            if before is not None:
                QWidget.setTabOrder(before, self.more)
            QWidget.setTabOrder(self.more, self.timings)
        self.update()

    def _hidden_needy(self) -> int:
        return sum(view.state is State.NEEDS for view in self._views if view.system in self._hidden)

    def _more_text(self, count: int, needy: int) -> str:
        return word("workspace.more_needs", count=count, needy=needy) if needy else word("workspace.more", count=count)

    def _more_width(self, count: int, needy: int = 0) -> int:
        here = look()
        return here.width(Type.STRONG, self._more_text(count, needy)) + here.grow(20) + here.space(44)

    def _open_more(self) -> None:
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for view in self._views:
            if view.system in self._hidden:
                text = word("workspace.more_entry", name=view.name, state=state_word(view.state))
                menu.addAction(text).triggered.connect(lambda _=False, system=view.system: self._enter(system))
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _open_menu(self, system: str, place: QPoint) -> None:
        at = [view.system for view in self._views].index(system)
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        left = menu.addAction(word("workspace.menu.move_left"))
        left.setEnabled(at > 0)
        left.triggered.connect(lambda: self.moved.emit(system, -1))
        right = menu.addAction(word("workspace.menu.move_right"))
        right.setEnabled(at < len(self._views) - 1)
        right.triggered.connect(lambda: self.moved.emit(system, 1))
        menu.addSeparator()
        menu.addAction(word("workspace.menu.close")).triggered.connect(lambda: self.close_wanted.emit(system))
        menu.popup(place)

    def _enter(self, system: str) -> None:
        self.chosen.emit(system)
        self.entered.emit(system)

    def _step(self, system: str, step: int) -> None:
        order = [view.system for view in self._views]
        goal = order[(order.index(system) + step) % len(order)]
        self.chosen.emit(goal)
        tab = self._tabs.get(goal)
        if tab is not None:
            tab.setFocus(Qt.FocusReason.TabFocusReason)

    def _tab_height(self) -> int:
        return look().touch(_HEIGHT)

    def _look_changed(self) -> None:
        self.updateGeometry()
        self._place()
