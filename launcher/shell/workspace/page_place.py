"""Where the page's own widget stands while it is shown, with what is opened above it and beside it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from launcher.shell.look import current, look, ring_margin
from launcher.shell.look.focus_ring import RingShape
from launcher.shell.surfaces.terminal.beside import BesidePanel
from launcher.shell.surfaces.terminal.print_panel import PrintPanel
from launcher.shell.surfaces.terminal.search_bar import SearchBar
from launcher.shell.workspace.window_row import WindowRow


class PagePlace(QWidget):
    """The page, the row of its system's windows, the bar that finds in it, and one panel beside it.

    The ring of its focus goes around the origin bar.
    """

    def __init__(self, bar: QWidget) -> None:
        super().__init__()
        self._bar = bar
        self._page: QWidget | None = None
        self.windows = WindowRow()
        self.windows.hide()
        self.finder = SearchBar(words="workspace.find")
        self.finder.hide()
        self.finder.closed.connect(self.end_finding)
        self.panel: BesidePanel | None = None
        self._row = QHBoxLayout()
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.windows)
        column.addWidget(self.finder)
        column.addLayout(self._row, 1)
        self._find: Callable[[str, int, Callable[[int, int], None]], None] | None = None
        self.finder.asked.connect(lambda _: self._seek(1))
        self.finder.stepped.connect(self._seek)
        current().changed.connect(self._look_changed)

    def borrow(self, page: QWidget | None) -> None:
        """Show ``page``; the one before goes back to nobody."""
        if page is self._page:
            return
        if self._page is not None:
            self._row.removeWidget(self._page)
            if self._page.parent() is self:
                self._page.setParent(None)
        self._page = page
        if page is not None:
            self._row.insertWidget(0, page, 1)
            page.setVisible(not self._covered())

    def page_kept(self, page: QWidget | None) -> QWidget | None:
        """Return the page that may stay here out of sight: the one that is here, while it lives."""
        return self._page if self._page is page else None

    def focus_page(self) -> None:
        """Give the page the keys, or what stands in its place."""
        if self._page is not None and not self._page.isHidden():
            self._page.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.panel is not None:
            self.panel.end.setFocus(Qt.FocusReason.OtherFocusReason)

    def ring_shape(self) -> RingShape:
        """The ring goes around the origin bar, inside it: a ring over the page could be painted by the page."""
        inset = ring_margin()
        return RingShape(self._bar, self._bar.rect().adjusted(inset, inset, -inset, -inset), look().space(6), False)

    def open_finder(self, find: Callable[[str, int, Callable[[int, int], None]], None]) -> None:
        """Open the bar that finds in the page in front; ``find`` does it, with what hears how many there are."""
        self._find = find
        self.finder.show()
        self.finder.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.finder.edit.selectAll()
        self._seek(1)

    def end_finding(self) -> None:
        """Close the bar and take the marks away; the keys go back to the page."""
        if self.finder.isHidden():
            return
        self.finder.hide()
        if self._find is not None:
            self._find("", 1, lambda at, count: None)
        self._find = None
        self.focus_page()

    def open_beside(self, panel: BesidePanel) -> None:
        """Show a panel beside the page, in place of an earlier one; where text is large, in the page's place."""
        self.close_beside()
        self.panel = panel
        panel.closed.connect(self.close_beside)
        self._row.addWidget(panel)
        panel.show()
        self._look_changed()

    def close_beside(self) -> None:
        """Close the panel; the keys go back to the page."""
        panel, self.panel = self.panel, None
        if panel is None:
            return
        had_keys = panel.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        if isinstance(panel, PrintPanel):
            panel.leave()  # what is said of it later has nobody to hear it
        panel.hide()
        self._row.removeWidget(panel)
        panel.deleteLater()
        self._look_changed()
        if had_keys:
            self.focus_page()

    def _covered(self) -> bool:
        return self.panel is not None and look().large

    def _seek(self, step: int) -> None:
        if self._find is not None:
            self._find(self.finder.edit.text(), step, self.finder.tell)

    def _look_changed(self) -> None:
        if self._page is not None:
            self._page.setVisible(not self._covered())
        if self.panel is not None:
            self._row.setStretchFactor(self.panel, 1 if look().large else 0)
