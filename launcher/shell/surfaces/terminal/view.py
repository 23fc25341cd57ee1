"""A terminal's view: its screen and what belongs to it, between the pictures that come and the feed for the keys."""

from __future__ import annotations

from functools import partial
from typing import cast

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtGui import QClipboard, QFocusEvent, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from launcher.shell.look import Ground, announce, current, look, word
from launcher.shell.look.scroll import ThinScrollBar
from launcher.shell.surfaces.terminal.colours import colours_for
from launcher.shell.surfaces.terminal.feed import TerminalFeed
from launcher.shell.surfaces.terminal.finding import Finding
from launcher.shell.surfaces.terminal.keyboard import LauncherKey, TypedText
from launcher.shell.surfaces.terminal.keys_panel import KeysPanel
from launcher.shell.surfaces.terminal.launcher_keys import run_shortcut
from launcher.shell.surfaces.terminal.menu import open_menu
from launcher.shell.surfaces.terminal.print_panel import PrintPanel
from launcher.shell.surfaces.terminal.printing import page_of
from launcher.shell.surfaces.terminal.screen import CellScreen
from launcher.shell.surfaces.terminal.search_bar import SearchBar
from launcher.shell.surfaces.terminal.shown import Shown
from launcher.shell.surfaces.terminal.status_line import TerminalStatusLine
from launcher.terminal.chords import Act
from launcher.terminal.engine import Typed
from launcher.terminal.grid import GridPicture, RowPicture
from launcher.terminal.keyboards import USUAL, KeyboardMap
from launcher.terminal.keys import Key
from launcher.terminal.mouse import MouseAct


class TerminalView(QWidget):
    """Draws any terminal from its pictures and sends what a person does to its feed."""

    help_wanted = Signal(str)
    """Carries the reference of why it could not be printed."""
    function_keys_wanted = Signal(bool)
    """Whether F1 to F12 are the host's from now on; who holds F12 on the whole display gives it back meanwhile."""
    begun = Signal()
    """The host shows something for the first time since the feed was attached."""

    def __init__(
        self,
        feed: TerminalFeed | None = None,
        keyboard: KeyboardMap = USUAL,
        host: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.shown = Shown()
        self._feed: TerminalFeed | None = None
        self._asked_size: tuple[int, int] | None = None
        self._asked_above: tuple[int, int] | None = None
        self.host = self.whose = ""
        """The host, and who is signed on there; stand below a screen that is printed."""
        self._wants = self._begun = False
        self._left_out = ""
        self.area = CellScreen(self.shown)
        self.bar = ThinScrollBar(Qt.Orientation.Vertical)
        self.bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Its room is kept: a bar that took it would make the screen smaller, which would need no bar.
        policy = self.bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(policy)
        self.bar.hide()
        self.search = SearchBar()
        self.search.hide()
        self.keys = KeysPanel()
        self.keys.hide()
        self.printing = PrintPanel()
        self.printing.hide()
        self.status = TerminalStatusLine()
        self._ground = Ground(lambda _: colours_for(look().theme).ground)
        inside = QHBoxLayout(self._ground)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.area, 1)
        inside.addWidget(self.bar)
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self._ground, 1)
        across.addWidget(self.keys)
        across.addWidget(self.printing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.search)
        column.addLayout(across, 1)
        column.addWidget(self.status)
        # No proxy: Qt passes over all that stands beside the proxy then when Tab is pressed.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.finding = Finding(self.search, self.area, lambda: self._feed, self._go_to)
        self._connect()
        self.area.keyboard = self.status.keyboard = keyboard
        self.attach(feed, host)

    # --- from the session

    def attach(self, feed: TerminalFeed | None, host: str = "") -> None:
        """Send keys to this feed from now on, None: to nobody; the next picture is a whole one."""
        self._feed, self.host = feed, host
        self._asked_size = self._asked_above = None
        self._begun = False
        if feed is not None:
            self.area.family = feed.family
            self.area.marking.clear()
            self.area.marking.shape = "block" if feed.family == "3270" else "lines"
            self.area.fit()
        name = word("terminal.screen", host=host) if host else word("terminal.screen_nameless")
        self.area.setAccessibleName(name)
        self._say_wants()

    def end(self) -> None:
        """Let go of the feed before this goes: answers that come later do nothing."""
        self._feed = None
        self._wants = False
        self.printing.leave()

    def take(self, picture: GridPicture) -> bool:
        """Draw what has changed; return whether it will be painted, which ``area.painted`` says then."""
        rang = picture.bell > self.shown.bell
        in_sight = self.area.take(picture)
        if rang and self.isVisible():
            QApplication.beep()
        self._show_bar()
        self._ask_above()
        self._tell_status()
        self._say_wants()
        if not self._begun and self._feed is not None and not self.shown.blank():
            self._begun = True
            self.begun.emit()
        return in_sight

    def tell_left_out(self, typed: Typed, pasted: bool) -> None:
        """Say below the screen, until the next key, that not all of a text went in; a lock says so itself."""
        if self.shown.status.lock or (not pasted and typed.refused != "not-in-code-page"):
            return
        if typed.lacks:
            seen = typed.lacks if typed.lacks.isprintable() and typed.lacks.strip() else f"U+{ord(typed.lacks):04X}"
            self._left_out = word("terminal.left_out.lacks", character=seen)
        elif pasted and typed.refused == "not-in-code-page":  # into a field that hides what it is given
            self._left_out = word("terminal.left_out.lacks_hidden")
        else:
            self._left_out = word(f"terminal.left_out.{typed.refused}")
        self._tell_status()
        announce(self.area, self._left_out)

    @property
    def wants_function_keys(self) -> bool:
        """Whether F1 to F12 belong to the host now: the screen has the focus, and there is a line."""
        return self._feed is not None and self.area.hasFocus() and self.area.connected

    # --- what a person does

    def copy(self) -> None:
        """Put what is marked into the clipboard; rows above the screen are asked for first where they are not here."""
        marking, feed = self.area.marking, self._feed
        if not marking.any:
            return
        missing = marking.missing()
        if missing is None or feed is None:
            self._put(marking.text())
            return

        def take(rows: tuple[RowPicture, ...]) -> None:
            if feed is self._feed:
                self.shown.take_above(rows)
                marking.keep()
                self._put(marking.text())

        feed.above(missing[0], missing[1] - missing[0], take)

    def paste(self, mode: QClipboard.Mode = QClipboard.Mode.Clipboard) -> None:
        """Paste the clipboard."""
        text = QGuiApplication.clipboard().text(mode)
        if text and self._feed is not None and self.area.connected:
            self._left_out = ""
            self._to_newest()
            self._feed.paste(text)

    def mark_all(self) -> None:
        """Mark the whole screen."""
        self.area.marking.mark_all()
        self.area.redraw()

    def open_search(self) -> None:
        """Open the search and go to it."""
        self.finding.open()

    def print_screen(self) -> None:
        """Ask on which printer what is in view now is to come out."""
        self._hide_beside()
        when = QLocale.system().toString(QDateTime.currentDateTime(), QLocale.FormatType.ShortFormat)
        footer = "   ".join(filter(None, (self.host, self.whose, when)))
        self.printing.open(page_of(self.shown, footer))
        self._ground.setVisible(not look().large)

    def show_keys(self) -> None:
        """List the keys beside the screen, in its place where text is large; or take the list away."""
        if self.keys.isVisible():
            self._hide_beside()
            return
        self._hide_beside()
        self.keys.show_for(self.area.family, self.area.keyboard)
        self._ground.setVisible(not look().large)

    def scroll_by(self, rows: int) -> None:
        """Go so many rows down, or up: above the screen, and in one that is larger than its room."""
        self._go_to(self.shown.first + self.area.panned_rows[0] + rows)

    # --- inside

    def _mean(self, meant: object) -> None:
        feed, self._left_out = self._feed, ""
        match meant:
            case Key():
                self._to_newest()
                if feed is not None:
                    feed.press(meant)
            case TypedText(text):
                self._to_newest()
                if feed is not None:
                    feed.type(text)
            case LauncherKey(chord):
                run_shortcut(self.window(), chord)
            case _:
                self._act(cast("Act", meant))

    def _act(self, act: Act) -> None:
        page = max(1, self.shown.rows - self.area.panned_rows[1] - 1)
        match act:
            case "copy":
                self.copy()
            case "paste":
                self.paste()
            case "mark-all":
                self.mark_all()
            case "find":
                self.open_search()
            case "print":
                self.print_screen()
            case "keys":
                self.show_keys()
            case "larger" | "smaller" | "usual-size":
                self.area.zoom_by({"larger": 1, "smaller": -1, "usual-size": 0}[act])
            case "page-up" | "page-down":
                self.scroll_by(-page if act == "page-up" else page)
            case "row-up" | "row-down":
                self.scroll_by(-1 if act == "row-up" else 1)
            case "to-top":
                self._go_to(0)
            case "to-end":
                self._to_newest()
            case _ if self.area.marking.step(act):
                self.area.redraw()

    def _connect(self) -> None:
        self.area.meant.connect(self._mean)
        self.area.pointed.connect(self._point)
        self.area.rolled.connect(self.scroll_by)
        self.area.pasted_middle.connect(self._paste_middle)
        self.area.room_changed.connect(self._ask_for_size)
        self.area.focus_changed.connect(self._say_wants)
        self.area.menu_wanted.connect(partial(open_menu, self))
        self.bar.valueChanged.connect(self._follow_bar)
        self.area.view_panned.connect(self._show_bar)
        self.area.moused.connect(self._tell_mouse)
        self.keys.closed.connect(self._hide_beside)
        self.printing.closed.connect(self._hide_beside)
        self.printing.help_wanted.connect(self.help_wanted)
        self.status.keys_wanted.connect(self.show_keys)
        current().changed.connect(self._look_changed)

    def _ask_for_size(self) -> None:
        feed, size = self._feed, self.area.size_wanted()
        if feed is not None and feed.family == "vt" and self.isVisible() and size != self._asked_size:
            self._asked_size = size
            feed.resize(*size)
        self._show_bar()
        self._tell_status()

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason, /) -> None:
        """Give the screen the keys at once: by way of this it would have none for a moment."""
        self.area.setFocus(reason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.area.setFocus(event.reason())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_for_size()

    def _point(self, row: int, column: int) -> None:
        if self._feed is not None and self.area.connected:
            self._feed.point(row, column)

    def _tell_mouse(self, act: MouseAct) -> None:
        if self._feed is not None:
            self._feed.mouse(act)

    def _paste_middle(self) -> None:
        if QGuiApplication.clipboard().supportsSelection() and self.area.family == "vt":
            self.paste(QClipboard.Mode.Selection)

    def _put(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        announce(self.area, word("look.copied"))

    def _hide_beside(self) -> None:
        self.keys.hide()
        self.printing.leave()
        self._ground.show()
        self.area.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- rows above the screen

    def _go_to(self, row: int) -> None:
        """Bring this row to the top of what is in sight, of all that are kept and of those of the screen."""
        self.area.pan_to(row - self.shown.scroll_back)
        self._scroll_to(row)

    def _scroll_to(self, row: int) -> None:
        if self.shown.scroll_to(row):
            self.area.view_changed()
            self._ask_above()
            self._show_bar()
            self._tell_status()

    def _to_newest(self) -> None:
        if self.area.marking.clear():
            self.area.redraw()
        self._scroll_to(self.shown.scroll_back)
        self.area.follow_cursor()

    def _ask_above(self) -> None:
        """Ask for the rows in view that are not here; one question at a time."""
        missing = self.shown.missing(self.shown.first, self.shown.first + self.shown.rows)
        if missing is None or self._feed is None or self._asked_above is not None:
            return
        self._asked_above = missing
        # A screenful on either side too: the next turn of the wheel finds it here.
        first = max(0, missing[0] - self.shown.rows)
        stop = min(self.shown.scroll_back, missing[1] + self.shown.rows)
        feed = self._feed

        def take(rows: tuple[RowPicture, ...]) -> None:
            if feed is not self._feed:
                return
            asked, self._asked_above = self._asked_above, None
            self.shown.take_above(rows)
            self.area.view_changed()
            if rows and asked != self.shown.missing(self.shown.first, self.shown.first + self.shown.rows):
                self._ask_above()

        feed.above(first, stop - first, take)

    def _follow_bar(self, row: int) -> None:
        self._go_to(row)

    def _show_bar(self) -> None:
        shown = self.shown
        panned, over = self.area.panned_rows
        most = shown.scroll_back + over
        self.bar.setVisible(self.area.family == "vt" or most > 0)
        blocked = self.bar.blockSignals(True)
        self.bar.setRange(0, most)
        self.bar.setPageStep(max(1, shown.rows - over))
        self.bar.setValue(shown.first + panned)
        self.bar.blockSignals(blocked)
        self.bar.update()

    # --- what follows

    def _tell_status(self) -> None:
        shown = self.shown
        self.status.draw(
            self.area.family,
            shown.status,
            shown.cursor,
            title=self._left_out or shown.title,
            above=shown.scroll_back - shown.first,
            percent=self.area.percent,
        )

    def _say_wants(self, _focus: bool = False) -> None:
        if self._wants != self.wants_function_keys:
            self._wants = not self._wants
            self.function_keys_wanted.emit(self._wants)

    def _look_changed(self) -> None:
        if self.keys.isVisible() or self.printing.isVisible():
            self._ground.setVisible(not look().large)
