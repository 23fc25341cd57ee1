"""What the mouse does on a terminal's cells: marks, points and rolls, or is told to the program that has asked for it.

With Shift it always marks. A button that was pressed for a program is let go for it, wherever that is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from launcher.shell.surfaces.terminal.selection import Place
from launcher.terminal.keys import Key
from launcher.terminal.mouse import MouseAct, MouseButton

if TYPE_CHECKING:
    from launcher.shell.surfaces.terminal.screen import CellScreen

_BUTTONS: Final[dict[Qt.MouseButton, MouseButton]] = {
    Qt.MouseButton.LeftButton: "left",
    Qt.MouseButton.MiddleButton: "middle",
    Qt.MouseButton.RightButton: "right",
}
_NOTCH: Final = 120
"""What a wheel turns by at a time (QWheelEvent.angleDelta)."""


class Pointer:
    """The mouse over one :class:`CellScreen`, whose signals it gives."""

    def __init__(self, area: CellScreen) -> None:
        self._area = area
        self._pressed: Place | None = None
        self._double_ms = -10_000
        self._told: list[MouseButton] = []
        """The buttons that a program knows to be pressed."""
        self._last: tuple[int, int] | None = None
        self._turned = 0

    def is_told(self, event: QInputEvent) -> bool:
        """Say whether the program is told of it: it has asked, its screen is in view, and Shift is not held."""
        area = self._area
        return (
            not _shifted(event)
            and area.shown.mouse
            and area.shown.top is None
            and area.connected
            and area.family == "vt"
        )

    def press(self, event: QMouseEvent) -> None:
        """A button goes down."""
        area, position = self._area, event.position().toPoint()
        button = _BUTTONS.get(event.button())
        if button is not None and self.is_told(event):
            area.marking.clear()
            self._told.append(button)
            self._tell("press", button, position, event)
        elif event.button() == Qt.MouseButton.MiddleButton:
            area.pasted_middle.emit()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._mark(event, position)
        area.redraw()

    def _mark(self, event: QMouseEvent, position: QPoint) -> None:
        area = self._area
        if event.timestamp() - self._double_ms < QApplication.doubleClickInterval():
            area.marking.mark_line(area.place_at(position, edge=False))
            self._pressed = None
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not area.shown.mouse:
            area.marking.extend(area.place_at(position, edge=True))
        else:
            self._pressed = area.place_at(position, edge=False)
            area.marking.begin(area.place_at(position, edge=True))

    def double_press(self, event: QMouseEvent) -> None:
        """A button goes down for the second time."""
        area = self._area
        if self.is_told(event):
            self.press(event)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._double_ms = event.timestamp()
            self._pressed = None
            area.marking.mark_word(area.place_at(event.position().toPoint(), edge=False))
            area.redraw()

    def move(self, event: QMouseEvent) -> None:
        """It is moved, with a button or without."""
        area, position = self._area, event.position().toPoint()
        for button, name in _BUTTONS.items():
            if name in self._told and not event.buttons() & button:
                self._told.remove(name)  # let go where nobody was told of it
                self._tell("release", name, position, event)
        if self._told or (not event.buttons() and self.is_told(event)):
            self._tell("move", self._told[-1] if self._told else "", position, event)
        elif event.buttons() & Qt.MouseButton.LeftButton and area.marking.selection is not None:
            if not 0 <= position.y() < area.viewport().height():
                area.rolled.emit(-1 if position.y() < 0 else 1)
            area.marking.extend(area.place_at(position, edge=True))
            area.redraw()

    def release(self, event: QMouseEvent) -> None:
        """A button is let go."""
        area, position = self._area, event.position().toPoint()
        button = _BUTTONS.get(event.button())
        if button in self._told:
            self._told.remove(button)
            self._tell("release", button, position, event)
            return
        pressed, self._pressed = self._pressed, None
        if event.button() == Qt.MouseButton.LeftButton and not area.marking.any:
            area.marking.clear()
            if pressed is not None:
                area.pointed.emit(pressed.row - area.shown.scroll_back, pressed.column)

    def roll(self, event: QWheelEvent) -> None:
        """The wheel is turned; with Ctrl it makes the text larger or smaller."""
        area, turned = self._area, event.angleDelta().y()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            area.zoom_by(1 if turned > 0 else -1)
        elif self.is_told(event):
            self._turned += turned
            for _ in range(abs(self._turned) // _NOTCH):
                self._tell("press", "wheel-up" if self._turned > 0 else "wheel-down", event.position().toPoint(), event)
            self._turned -= _NOTCH * int(self._turned / _NOTCH)
        elif turned and area.shown.alternate and area.connected and not _shifted(event):
            # A program that fills the screen and knows no mouse, as a pager, goes by its arrow keys.
            for _ in range(abs(round(turned / 40))):
                area.meant.emit(Key("Up" if turned > 0 else "Down"))
        elif turned:
            area.rolled.emit(round(-turned / 40))
        event.accept()

    def _tell(self, kind: str, button: MouseButton | None, position: QPoint, event: QInputEvent) -> None:
        area = self._area
        place = area.place_at(position, edge=False)
        cell = (max(0, place.row - area.shown.scroll_back), place.column)
        if kind == "move" and cell == self._last:
            return  # a program counts in cells
        self._last = cell
        held = event.modifiers()
        area.moused.emit(
            MouseAct(
                "press" if kind == "press" else "release" if kind == "release" else "move",
                button or "",
                *cell,
                shift=bool(held & Qt.KeyboardModifier.ShiftModifier),
                ctrl=bool(held & Qt.KeyboardModifier.ControlModifier),
                alt=bool(held & Qt.KeyboardModifier.AltModifier),
            )
        )


def _shifted(event: QInputEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
