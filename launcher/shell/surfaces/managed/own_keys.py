"""Who has the keys in a managed browser's tab: the browser's window or the launcher's, whose own keys work in both."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from launcher.display.inner_keys import InnerKeys


class OwnKeys(QObject):
    """Of the browser's window of this ``number``, which stands in ``face``; from its first :meth:`follow` on."""

    def __init__(self, number: int, face: QWidget) -> None:
        super().__init__(face)
        self._number, self._face = number, face
        self._keys: InnerKeys | None = None
        self._told: QSocketNotifier | None = None

    def follow(self) -> None:
        """Have the keys of the shortcuts that work now work in the browser, too."""
        names = {name for shortcut in _shortcuts(self._face.window()) for name in _names_of(shortcut)}
        self._asking(lambda keys: keys.want(names))

    def give(self, *, inside: bool) -> None:
        """Give the keys to the browser, or to the launcher's window."""
        self._asking(lambda keys: keys.give(inside=inside))

    def leave(self) -> None:
        """Leave the keys to whoever has them."""
        told, self._told = self._told, None
        if told is not None:
            told.setEnabled(False)
            told.deleteLater()
        keys, self._keys = self._keys, None
        if keys is not None:
            keys.close()

    def _asking(self, ask: Callable[[InnerKeys], object]) -> None:
        from launcher.display.inner_keys import InnerKeys  # late: loads Xlib
        from launcher.display.x_server import DisplayGoneError

        try:
            if self._keys is None:
                self._keys = InnerKeys(os.environ["DISPLAY"], self._number, int(self._face.window().winId()))
                self._told = QSocketNotifier(self._keys.fileno(), QSocketNotifier.Type.Read, self)
                self._told.activated.connect(self._hear)
            ask(self._keys)
        except DisplayGoneError:
            self.leave()
            return
        self._hear()  # what came along with an answer makes no socket readable

    def _hear(self) -> None:
        from launcher.display.x_server import DisplayGoneError  # late, as above

        while self._keys is not None:
            was_inside = self._keys.inside
            try:
                names = self._keys.heard()
            except DisplayGoneError:
                self.leave()
                return
            if self._keys.inside and not was_inside and self._face.isVisible():
                self._face.setFocus(Qt.FocusReason.MouseFocusReason)  # by a click, which the launcher does not see
            for name in names:
                self._do(name)
            if not names:
                return

    def _do(self, name: str) -> None:
        if QApplication.activeModalWidget() is not None or QApplication.activePopupWidget() is not None:
            return  # no key of the window would pass it either
        window = self._face.window()
        shortcut = next((one for one in _shortcuts(window) if name in _names_of(one)), None)
        if shortcut is None:
            return
        shortcut.activated.emit()
        if window.focusWidget() is not self._face and self._keys is not None:
            self.give(inside=False)


def _shortcuts(window: QWidget) -> list[QShortcut]:
    """Return those that would work, had the window the keys."""
    found = []
    for one in window.findChildren(QShortcut):
        of = one.parent()
        if one.isEnabled() and isinstance(of, QWidget) and of.isVisible() and of.window() is window:
            found.append(one)
    return found


def _names_of(shortcut: QShortcut) -> list[str]:
    """Return the names of its keys, but those that work within a page is done with: Escape, the arrows."""
    every = shortcut.keys()
    names = (keys.toString(QKeySequence.SequenceFormat.PortableText) for keys in every)
    return [name for name in names if name.startswith(("Ctrl+", "Alt+", "Shift+F", "F"))]
