"""The panel's first part: the reason, then the letters on the caller's screen, and the search as somebody types."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QListWidgetItem, QVBoxLayout, QWidget

from launcher.session.helpdesk.commands import HelpdeskFind, HelpdeskLetters, HelpdeskOpenCase, HelpdeskShow
from launcher.session.helpdesk.looking import LEAST, is_reason, letters_of
from launcher.session.helpdesk.view import LookingView
from launcher.session.snapshot import ErrorView
from launcher.shell.help_pages import pages
from launcher.shell.helpdesk.rows import stack
from launcher.shell.hub.words import when
from launcher.shell.look import (
    Button,
    Card,
    ErrorPanel,
    Kind,
    LineField,
    Text,
    TextList,
    Type,
    announce,
    current,
    look,
    text2,
    word,
)
from launcher.wire.hub.helpdesk import Found, FoundOfficer, FoundTerminal

_OFFICER = Qt.ItemDataRole.UserRole


class CaseCard(Card):
    """The question why somebody is looked up; nothing is shown before it is answered."""

    command = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.heading = Text(word("helpdesk.open_case.heading"), Type.SECTION, wrap=True)
        self.why = Text(word("helpdesk.open_case.why"), Type.BODY, text2, wrap=True)
        self.error = ErrorPanel()
        self.error.hide()
        self.reason = LineField(word("helpdesk.open_case.reason"))
        self.reason.edit.setPlaceholderText(word("helpdesk.open_case.example"))
        self.reason.edit.setObjectName("helpdesk-reason")
        self.reason.edit.setMaxLength(300)
        self.act = Button(word("helpdesk.open_case.act"), Kind.PRIMARY, key=word("key.enter"))
        self.act.setObjectName("helpdesk-open-case")
        self._column = QVBoxLayout(self)
        stack(self._column, self.heading, self.why, self.error, self.reason, self.act)
        self.reason.edit.returnPressed.connect(self._open)
        self.act.clicked.connect(self._open)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def draw(self, view: LookingView) -> None:
        """Say whether the case is being opened, or why it was not."""
        self.act.set_busy(word("helpdesk.open_case.busy") if view.opening else "")
        tell(self.error, view.case_error, narrow=True)

    def _open(self) -> None:
        reason = self.reason.text().strip()
        self.reason.set_at_fault(not is_reason(reason))
        self.command.emit(HelpdeskOpenCase(reason))

    def _look_changed(self) -> None:
        here = look()
        side = here.space(16)
        self._column.setContentsMargins(side, side, side, side)
        self._column.setSpacing(here.space(12))


class LookUp(QWidget):
    """The pane. ``showed``: an officer was chosen."""

    command = Signal(object)
    showed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = LookingView()
        self._listed: Found | None = None
        self.case_card = CaseCard()
        self.letters = LineField(word("helpdesk.letters.label"))
        self.letters.edit.setObjectName("helpdesk-letters")
        self.letters.edit.setMaxLength(20)
        self.verify = Button(word("helpdesk.letters.act"), icon="headset", height=44, role=Type.STRONG)
        self.verify.setObjectName("helpdesk-verify")
        self.read = Text("", Type.BODY, wrap=True)
        self.letters_error = ErrorPanel()
        self.search = LineField(word("helpdesk.find.label"))
        self.search.edit.setObjectName("helpdesk-find")
        self.search.box.add_clear(word("frame.clear_search"))
        self.found = Text("", Type.BODY, text2, wrap=True)
        self.find_error = ErrorPanel()
        self.list = TextList(word("helpdesk.find.list"))
        self.list.setObjectName("helpdesk-found")
        self._letters_row = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._letters_row.addWidget(self.letters, 1)
        self._letters_row.addWidget(self.verify, 0, Qt.AlignmentFlag.AlignBottom)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.case_card)
        self._column.addLayout(self._letters_row)  # above what grows: always at the same place, and in sight
        stack(self._column, self.letters_error, self.read)
        self._column.addSpacing(8)
        stack(self._column, self.search, self.found, self.find_error)
        self._column.addWidget(self.list, 1)
        self._column.addStretch(0)
        self.case_card.command.connect(self.command)
        self.search.edit.textChanged.connect(self._type)
        self.search.edit.installEventFilter(self)
        self.search.edit.returnPressed.connect(self._first)
        self.list.itemActivated.connect(self._chosen)
        self.list.itemClicked.connect(self._chosen)
        self.letters.edit.returnPressed.connect(self._verify)
        self.verify.clicked.connect(self._verify)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def draw(self, view: LookingView) -> None:
        """Draw the case, or the question for one, and what was found in it."""
        before, self._view = self._view, view
        here = view.case is not None
        if (view.case.case if view.case else "") != (before.case.case if before.case else ""):
            self._begin(here)
        self.case_card.setVisible(not here)
        for part in (self.search, self.letters, self.verify, self.list):
            part.setVisible(here)
        self.case_card.draw(view)
        self._draw_found(view, before)
        self._draw_letters(view, before)

    def focus_first(self) -> None:
        """Put the focus where the analyst goes on."""
        (self.case_card.reason if self._view.case is None else self.search).edit.setFocus()

    def focus_letters(self) -> None:
        """Go to the letters."""
        self.letters.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.letters.edit.selectAll()

    def escape(self) -> bool:
        """Empty the field that has the keys; say whether something stood there."""
        typed = next((field for field in (self.letters, self.search) if field.edit.hasFocus() and field.text()), None)
        if typed is not None:
            typed.edit.clear()
        return typed is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow down lead from the search to what it found."""
        down = isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down
        if down and self.list.count():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # --- inside

    def _begin(self, here: bool) -> None:
        for field in (self.search, self.letters, self.case_card.reason):
            field.edit.blockSignals(True)
            field.forget()
            field.set_at_fault(False)
            field.edit.blockSignals(False)
        if self.isVisible() and here:
            self.case_card.hide()
            self.search.show()
            self.search.edit.setFocus()

    def _draw_found(self, view: LookingView, before: LookingView) -> None:
        tell(self.find_error, view.find_error, narrow=True)
        self.found.setText(_found_words(view))
        self.found.setVisible(view.case is not None and bool(self.found.text()))
        if view.found is not self._listed:
            self._listed = view.found
            self._list(view.found)
            if view.found is not None and view.found is not before.found and self.isVisible():
                announce(self.search.edit, self.found.text())

    def _list(self, found: Found | None) -> None:
        current = self.list.currentItem()
        kept = current.data(_OFFICER) if current is not None else None
        self.list.clear()
        if found is None:
            return
        for officer in found.officers:
            self._add(_officer_words(officer), officer.officer)
        for terminal in found.terminals:
            for words, officer_key in _terminal_lines(terminal):
                self._add(words, officer_key)
            for line in refused_words(terminal).splitlines():
                self._add(line, "")  # each by itself: the arrow keys reach whatever is taller than the list
        rows = [self.list.item(row).data(_OFFICER) for row in range(self.list.count())]
        if rows:
            self.list.setCurrentRow(rows.index(kept) if kept in rows else 0)

    def _add(self, words: str, officer: str) -> None:
        item = QListWidgetItem(words)
        item.setData(_OFFICER, officer)
        self.list.addItem(item)

    def _draw_letters(self, view: LookingView, before: LookingView) -> None:
        self.verify.set_busy(word("helpdesk.letters.busy") if view.reading else "")
        tell(self.letters_error, view.letters_error, narrow=True)
        self.letters.set_at_fault(view.letters_error is not None)
        read = view.by_letters
        self.read.setVisible(read is not None and view.letters_error is None)
        if read is not None:
            which = "helpdesk.letters.of" if read.officer is not None else "helpdesk.letters.nobody"
            said = word(which, terminal=read.terminal.terminal, place=read.terminal.place)
            refused = refused_words(read.terminal) if read.officer is None else ""
            self.read.setText(f"{said}\n{refused}" if refused else said)
        if view.attempt != before.attempt and view.letters_error is None:
            self.letters.forget()
            if read is not None and self.isVisible():
                announce(self.letters.edit, self.read.text())
                self.showed.emit()

    def _type(self, text: str) -> None:
        self.command.emit(HelpdeskFind(text))

    def _verify(self) -> None:
        self.command.emit(HelpdeskLetters(letters_of(self.letters.text())))

    def _first(self) -> None:
        if (item := self.list.currentItem()) is not None:
            self._chosen(item)

    def _chosen(self, item: QListWidgetItem) -> None:
        if officer := str(item.data(_OFFICER) or ""):
            self.command.emit(HelpdeskShow(officer))
            self.showed.emit()

    def _fit(self) -> None:
        """Put the button beside its field where both have room."""
        beside = self.width() >= look().grow(280) + self.verify.natural_width()
        directions = QBoxLayout.Direction
        self._letters_row.setDirection(directions.LeftToRight if beside else directions.TopToBottom)

    def _look_changed(self) -> None:
        here = look()
        self._column.setSpacing(here.space(8))
        self._letters_row.setSpacing(here.space(8))
        self._fit()
        self.list.setMinimumHeight(here.touch(44) * 3)


def tell(panel: ErrorPanel, error: ErrorView | None, *, narrow: bool = False) -> None:
    """Show an error, said once; none hides the panel. ``narrow``: there is room for the reference alone."""
    if error is None:
        panel.hide()
        panel.setProperty("said", None)
        return
    panel.show()
    if panel.property("said") != (said := f"{error.reference} {error.what}"):
        panel.setProperty("said", said)
        panel.may_tell = False  # whoever reads it is the helpdesk
        panel.names_reference = not narrow
        panel.tell(error.what, error.next_step, error.reference)


def refused_words(terminal: FoundTerminal) -> str:
    """Return the log-ons that a terminal refused lately, a line each; what the service said, else what stood there."""
    titles = {page.reference: page.title for page in pages()} if terminal.refused else {}
    lines = [
        word(
            "helpdesk.find.refused_at",
            time=when(one.at),
            words=one.words or titles.get(one.reference, one.reference),
            reference=one.reference,
        )
        for one in terminal.refused
    ]
    heading = word("helpdesk.find.refused", terminal=terminal.terminal)
    return "\n".join((heading, *lines)) if lines else ""


def _found_words(view: LookingView) -> str:
    if view.find_error is not None or view.case is None:
        return ""
    found = view.found
    if found is None:
        if view.finding:
            return word("helpdesk.find.asking")
        return word("helpdesk.find.least") if 0 < len(view.query) < LEAST else ""
    count = len(found.officers) + len(found.terminals)
    if not count:
        return word("helpdesk.find.nobody", text=view.query)
    said = word("helpdesk.find.found", count=count)
    return f"{said}. {word('helpdesk.find.more')}" if found.more else said


def _who(officer: FoundOfficer) -> str:
    return f"{officer.number} {officer.name}".strip()


def _officer_words(officer: FoundOfficer) -> str:
    return word("helpdesk.find.officer_on" if officer.logged_on else "helpdesk.find.officer_off", who=_who(officer))


def _terminal_lines(terminal: FoundTerminal) -> tuple[tuple[str, str], ...]:
    names = {"terminal": terminal.terminal, "place": terminal.place}
    if terminal.officers:
        return tuple((word("helpdesk.find.terminal", who=_who(one), **names), one.officer) for one in terminal.officers)
    which = "terminal_free" if terminal.reachable else "terminal_away"
    return ((word(f"helpdesk.find.{which}", **names), ""),)
