"""The help (F1): every page of ``resources/help``, with a search, opened at the page of the error that is shown.

A list and a page beside each other; from 150 % on, or in a narrow window, one at a time.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QUrl, Signal
from PySide6.QtGui import (
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from launcher.session.commands import AskForHelp
from launcher.session.snapshot import Snapshot
from launcher.shell.help_pages import HELPDESK, OFFICER, START, Page, pages
from launcher.shell.help_reader import Reader
from launcher.shell.hub.call_card import CallCard
from launcher.shell.look import (
    Button,
    Card,
    FieldBox,
    Ground,
    Text,
    TextList,
    Type,
    current,
    look,
    text2,
    word,
)

LIST_WIDTH = 340
NARROW = 900
"""Below this width of the page, at 100 %, list and page are shown one at a time."""
LOW = 300
"""Below this height of the page, at 100 %, large text takes the room between the parts."""

_MEASURE = 860

_REFERENCE = Qt.ItemDataRole.UserRole


class HelpPage(Ground):
    """The help as a page. ``closed`` is emitted when the person is done with it."""

    closed = Signal()
    command = Signal(object)
    """Carries a launcher.session.commands.Command: letters for the helpdesk are wanted while it is looked at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setAccessibleName(word("help.heading"))
        self.heading = Text(word("help.heading"), Type.TITLE)
        self.helpdesk = Text("", Type.STRONG, text2)
        self.search = FieldBox(icon="magnifying-glass", height=44)
        self.search.edit.setPlaceholderText(word("help.find"))
        self.search.edit.setAccessibleName(word("help.find"))
        self.search.add_clear(word("help.clear"))
        self.back = Button(word("help.back"), icon="arrow-left", height=44)
        self.close_button = Button(word("help.close"), icon="x", key=word("key.escape"), height=44)
        self.list = _PageList(word("help.pages"))
        self.none = Text("", Type.BODY, text2, wrap=True)
        self.reader = Reader()
        self.call = CallCard()
        self._narrow: bool | None = None
        self._reading = False
        self._readers = frozenset({OFFICER})
        self._top = QHBoxLayout()
        for widget in (self.back, self.heading, self.helpdesk, self.close_button):
            self._top.addWidget(widget)
        self._top.insertStretch(2, 1)
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.addWidget(self.search)
        left.addWidget(self.none)
        left.addWidget(self.list, 1)
        self._left_column = left
        self._card = Card()
        inside = QVBoxLayout(self._card)
        inside.addWidget(self.reader)
        self._inside = inside
        self._row = QHBoxLayout()
        self._row.addWidget(self._left)
        self._row.addWidget(self._card, 1)
        self._row.addStretch(0)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._top)
        self._column.addWidget(self.call)
        self._column.addLayout(self._row, 1)
        self.search.edit.textChanged.connect(self._find)
        self.search.edit.installEventFilter(self)
        self.list.currentItemChanged.connect(self._chosen)
        self.list.itemActivated.connect(self._read)
        self.list.itemClicked.connect(self._read)
        self.reader.anchorClicked.connect(self._follow)
        self.back.clicked.connect(self._show_list)
        self.close_button.clicked.connect(self.closed)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self._escape)
        current().changed.connect(self._look_changed)
        self._look_changed()
        self._find("")

    @property
    def reference(self) -> str:
        """The page that is shown."""
        item = self.list.currentItem()
        return str(item.data(_REFERENCE)) if item is not None else ""

    def show_helpdesk(self, number: str) -> None:
        """Say whom to call."""
        self.helpdesk.setText(word("help.helpdesk", number=number) if number else "")
        self.helpdesk.setVisible(bool(number))

    def draw(self, snapshot: Snapshot) -> None:
        """Show whom to call, and what there is for a call."""
        self.show_helpdesk(snapshot.station.helpdesk)
        self.call.draw(snapshot)
        self._readers = frozenset({OFFICER} if snapshot.helpdesk is None else {OFFICER, HELPDESK})

    def open_at(self, reference: str, system: str = "", *, page: str = "") -> None:
        """Open at the page of ``reference``; the start page where there is none. ``system``: whose error it is.

        ``page``: that one, where there is no error.
        """
        self.call.show_about(reference, system)
        self._turn_to(reference or page)

    def _turn_to(self, reference: str) -> None:
        self.search.edit.clear()
        self._list("", asked_for=reference)
        known = self.list.choose(reference)
        if not known and not self.list.choose(START):
            self.list.setCurrentRow(0)
        self._reading = known
        self._fold()
        self.focus_first()

    def focus_first(self) -> None:
        """Put the focus on the page of an error, else into the search."""
        target: QWidget = self.reader if self._reading else self.search.edit
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # While searching, the arrows move through the list and Enter reads.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            row = self.list.currentRow()
            if event.key() == Qt.Key.Key_Down:
                self.list.setCurrentRow(min(row + 1, self.list.count() - 1))
                return True
            if event.key() == Qt.Key.Key_Up:
                self.list.setCurrentRow(max(row - 1, 0))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._read()
                return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fold()
        if not event.spontaneous():
            self.command.emit(AskForHelp())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.command.emit(AskForHelp(on=False))

    def _find(self, words: str) -> None:
        self._list(words)

    def _list(self, words: str, asked_for: str = "") -> None:
        """List what has the words; without any, what is written for whoever is here, and the page asked for."""
        found = [page for page in pages() if page.contains(words)]
        if not words.strip():
            found = [page for page in found if page.reader in self._readers or page.reference == asked_for]
        # A page about the words comes before one that mentions them.
        found.sort(key=lambda page: page.far_from(words))
        self.list.fill(found)
        self.none.setText(word("help.none", words=words) if not found else "")
        self.none.setVisible(not found)

    def _chosen(self, item: QListWidgetItem | None) -> None:
        page = next((page for page in pages() if item is not None and page.reference == item.data(_REFERENCE)), None)
        self.reader.show_page(page)

    def _read(self) -> None:
        if self.list.currentItem() is not None:
            self._reading = True
            self._fold()
            self.reader.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow(self, url: QUrl) -> None:
        # Pages lead to pages; nothing else is opened from here.
        if not url.scheme():
            self._turn_to(url.path().removesuffix(".md"))

    def _show_list(self) -> None:
        self._reading = False
        self._fold()
        self.search.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _escape(self) -> None:
        if self.search.edit.text():
            self.search.edit.clear()
        else:
            self.closed.emit()

    def _fold(self) -> None:
        here = look()
        self._set_apart()
        self._narrow = here.large or self.width() < here.space(NARROW)
        self._left.setVisible(not self._narrow or not self._reading)
        self._card.setVisible(not self._narrow or self._reading)
        self.back.setVisible(self._narrow and self._reading)
        self.back.set_icon_only(here.large)
        self.close_button.set_icon_only(here.large)
        self._row.setStretch(0, 1 if self._narrow else 0)
        if self._narrow:
            self._left.setMaximumWidth(1 << 20)
            self._left.setMinimumWidth(0)
        else:
            self._left.setFixedWidth(here.grow(LIST_WIDTH))

    def _look_changed(self) -> None:
        # A line much longer than this is hard to read.
        self._card.setMaximumWidth(look().grow(_MEASURE))
        self._top.setSpacing(look().space(16))
        self._row.setSpacing(look().space(16))
        self._left_column.setSpacing(look().space(12))
        self._fold()

    def _set_apart(self) -> None:
        """Leave room between the parts; in large text on a small screen the page needs it."""
        here = look()
        low = here.large and self.height() < here.grow(LOW)
        side, around = here.space(24), here.space(6 if low else 20)
        self._column.setContentsMargins(side, here.space(6 if low else 12), side, here.space(8 if low else 16))
        self._column.setSpacing(here.space(6 if low else 12))
        self._inside.setContentsMargins(here.space(24), around, here.space(8), around)
        self.call.be_low(low)


class _PageList(TextList):
    """The list of titles."""

    def fill(self, found: list[Page]) -> None:
        """Show these; the first is current."""
        self.clear()
        for page in found:
            item = QListWidgetItem(page.title)
            item.setData(_REFERENCE, page.reference)
            self.addItem(item)
        if found:
            self.setCurrentRow(0)

    def choose(self, reference: str) -> bool:
        """Make the page of ``reference`` current; return whether there is one."""
        for row in range(self.count()):
            if self.item(row).data(_REFERENCE) == reference:
                self.setCurrentRow(row)
                return True
        return False
