"""The search of one terminal's view: a text asked for in its bar, the places where it stands, and the one in view."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from launcher.shell.surfaces.terminal.feed import Found, TerminalFeed
from launcher.shell.surfaces.terminal.screen import CellScreen
from launcher.shell.surfaces.terminal.search_bar import SearchBar


class Finding:
    """Between the bar, the cells and the feed that is asked; ``scroll_to`` brings a row to the top of the view."""

    def __init__(
        self,
        bar: SearchBar,
        area: CellScreen,
        feed: Callable[[], TerminalFeed | None],
        scroll_to: Callable[[int], None],
    ) -> None:
        self._bar = bar
        self._area = area
        self._feed = feed
        self._scroll_to = scroll_to
        self._found: Found = ()
        self._at = -1
        bar.asked.connect(self._ask)
        bar.stepped.connect(self._step)
        bar.closed.connect(self._end)

    def open(self) -> None:
        """Open the bar and go to it."""
        self._bar.show()
        self._bar.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._bar.edit.selectAll()
        if self._bar.edit.text():
            self._ask(self._bar.edit.text())

    def _ask(self, text: str) -> None:
        feed = self._feed()
        if feed is None or not text:
            self._take(text, ())
            return

        def take(found: Found) -> None:
            if feed is self._feed():
                self._take(text, found)

        feed.find(text, take)

    def _take(self, text: str, found: Found) -> None:
        if text != self._bar.edit.text():
            return  # it has been typed on
        self._found = found
        shown = self._area.shown
        before = [at for at, (row, _) in enumerate(found) if row < shown.first + shown.rows]
        self._show(before[-1] if before else len(found) - 1)

    def _step(self, step: int) -> None:
        if self._found:
            self._show((self._at + step) % len(self._found))

    def _show(self, at: int) -> None:
        self._at, shown = at, self._area.shown
        self._bar.tell(at, len(self._found))
        if 0 <= at < len(self._found):
            row, (panned, over) = self._found[at][0], self._area.panned_rows
            first, in_sight = shown.first + panned, shown.rows - over
            if not first <= row < first + in_sight:
                self._scroll_to(row - in_sight // 2)
        self._area.show_found(self._found, len(self._bar.edit.text()), at)

    def _end(self) -> None:
        self._bar.hide()
        self._found = ()
        self._area.show_found((), 0, -1)
        self._area.setFocus(Qt.FocusReason.OtherFocusReason)
