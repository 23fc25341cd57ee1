"""What the keys do on the launchpad, whether the search field or the systems have the focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from launcher.shell.launchpad.acts import Acts
from launcher.shell.launchpad.views import Views

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PLAIN = Qt.KeyboardModifier.NoModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_WATCHED = (QEvent.Type.FocusIn, QEvent.Type.FocusOut, QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)


class Keys(QObject):
    """Watches the search field while the page is seen, and is asked by the page about its own keys.

    ``lead_to_needs``: F8 leads to what needs the officer. It is the strip's key while the strip shows worse.
    """

    needs_wanted = Signal()
    went_back = Signal()

    walked = Signal()
    """Another system was made the current one while the search field has the focus."""

    def __init__(self, search: QLineEdit, views: Views, acts: Acts, page: QWidget) -> None:
        super().__init__(page)
        self._search = search
        self._views = views
        self._acts = acts
        self._page = page
        self.lead_to_needs = True
        search.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in _WATCHED or not self._page.isVisible():
            return False
        if kind in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._views.mark_current(kind is QEvent.Type.FocusIn)
            return False
        if not isinstance(event, QKeyEvent):
            return False
        if kind is QEvent.Type.ShortcutOverride:
            return self.override(event)
        return self.press(event, in_search=True)

    def override(self, event: QKeyEvent) -> bool:
        """Take a key that means something here from the frame's shortcuts; say whether it did."""
        if event.key() == Qt.Key.Key_F8 and self.lead_to_needs:
            event.accept()
            return True
        return False

    def press(self, event: QKeyEvent, *, in_search: bool) -> bool:
        """Do what the key means; say whether it meant anything."""
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_F8 and self.lead_to_needs:
            self.needs_wanted.emit()
            return True
        if modifiers == _CTRL and key in (Qt.Key.Key_D, Qt.Key.Key_I):
            if (tile := self._views.current_tile) is not None:
                (self._acts.star if key == Qt.Key.Key_D else self._acts.show_why)(tile)
            return True
        if modifiers != _PLAIN:
            return False
        view = self._views.view
        if key in _ENTER and (in_search or view.hasFocus()):
            if (tile := self._views.current_tile) is not None and view.isVisible():
                self._acts.open(tile)
            return True
        if key == Qt.Key.Key_Escape:
            if self._search.text():
                self._search.clear()
            else:
                self.went_back.emit()
            return True
        if view.isVisible() and view.step(key):
            if in_search:
                self.walked.emit()
            return True
        return not in_search and self._home_or_end(key)

    def letter(self, event: QKeyEvent) -> bool:
        """Search for a letter, whatever on the page has the focus; say whether it was one."""
        text = event.text()
        if not text or not text.isprintable() or event.modifiers() & (_CTRL | Qt.KeyboardModifier.AltModifier):
            return False
        self._search.setFocus(Qt.FocusReason.OtherFocusReason)
        self._search.insert(text)
        return True

    def _home_or_end(self, key: int) -> bool:
        view, count = self._views.view, self._views.model.rowCount()
        if not view.hasFocus() or not count or key not in (Qt.Key.Key_Home, Qt.Key.Key_End):
            return False
        view.set_current(0 if key == Qt.Key.Key_Home else count - 1)
        return True
