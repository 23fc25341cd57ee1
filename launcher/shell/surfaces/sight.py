"""What the widget of a page is told: whether it can be looked at, and what the officer does on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from launcher.shell.surfaces.acts import is_act

_SEEN = (QEvent.Type.Show, QEvent.Type.Hide)
_CHILD = (QEvent.Type.ChildAdded, QEvent.Type.ChildPolished, QEvent.Type.ChildRemoved)
_STEPS = {Qt.MouseButton.BackButton: -1, Qt.MouseButton.ForwardButton: 1}


class Sight(QObject):
    """Watches one view and the widget inside that takes its keys; lets every event pass."""

    acted = Signal()
    """The officer pressed a key, clicked or touched."""

    stepped = Signal(int)
    """The officer pressed the mouse's own button for back (-1) or forward (+1)."""

    changed = Signal()
    """The page came into sight or went out of it."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._unheard = False
        view.installEventFilter(self)

    @property
    def is_clear(self) -> bool:
        """Whether the officer can look at the page now."""
        return self._view.isVisible() and self._view.parentWidget() is not None

    @contextmanager
    def unheard(self) -> Iterator[None]:
        """Take what is typed in the block for ours, not for the officer's."""
        self._unheard = True
        try:
            yield
        finally:
            self._unheard = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count key presses, clicks and touches; note show and hide; follow the widget that takes the keys."""
        if watched is not self._view:
            if is_act(event) and not self._unheard:
                self.acted.emit()
                if isinstance(event, QMouseEvent) and (step := _STEPS.get(event.button(), 0)):
                    self.stepped.emit(step)
        elif event.type() in _CHILD:
            # After a crash another widget takes the page's keys.
            proxy = self._view.focusProxy()
            if proxy is not None:
                proxy.removeEventFilter(self)
                proxy.installEventFilter(self)
                proxy.setAcceptDrops(False)  # the engine's own widget takes dropped files, whatever its view says
        elif event.type() in _SEEN:
            self.changed.emit()
        return super().eventFilter(watched, event)
