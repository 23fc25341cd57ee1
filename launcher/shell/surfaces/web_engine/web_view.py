"""The widget of a page, with the menu that it offers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QWidget

from launcher.shell.surfaces.acts import show_menu
from launcher.shell.surfaces.sight import Sight
from launcher.shell.surfaces.web_engine.qt import QWebEnginePage, QWebEngineView

_ACT = QWebEnginePage.WebAction

MOST_WORDS = 5
"""How many words are offered in place of one that is misspelt."""

_MENU = (
    ("workspace.menu.cut", _ACT.Cut),
    ("workspace.menu.copy", _ACT.Copy),
    ("workspace.menu.paste", _ACT.Paste),
    ("", None),
    ("workspace.menu.back", _ACT.Back),
    ("workspace.menu.forward", _ACT.Forward),
    ("workspace.menu.reload", _ACT.Reload),
)


class WebView(QWebEngineView):
    """The widget of a page; its ``sight`` tells what the officer does on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sight = Sight(self)
        self.setAcceptDrops(False)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)

    def work_out_of_sight(self, size: QSize) -> None:
        """Lay the page out and let it run as if it were shown; a view that never was has a page of 0 by 0 pixels."""
        if self.parentWidget() is None:
            self.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
            self.resize(size)
            self.show()

    def rest_out_of_sight(self) -> None:
        """Let a page that nobody sees stand still; its layout stays."""
        if self.parentWidget() is None:
            self.hide()

    def changeEvent(self, event: QEvent) -> None:
        """Come into sight with the first parent."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ParentChange and self.parentWidget() is not None:
            self.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen, False)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what an officer needs of a page, and no way to its source."""
        page = self.page()
        entries = {name: page.action(action) if action is not None else None for name, action in _MENU}
        words = self.lastContextMenuRequest().spellCheckerSuggestions()[:MOST_WORDS]
        show_menu(self, event.globalPos(), entries, words, page.replaceMisspelledWord)
