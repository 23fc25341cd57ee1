"""A card that asks for secrets of one system, in the place of what it shows; what is typed leaves it with a command."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from launcher.session.snapshot import ErrorView
from launcher.shell.look import (
    Button,
    Card,
    ErrorPanel,
    Kind,
    LineField,
    Text,
    Type,
    current,
    look,
    reveal,
    text2,
    word,
)


class AskingCard(QWidget):
    """Heading, words, what was wrong, fields, and the act; ``words`` is the table of its strings.

    Whoever makes one connects ``act`` and sends the command.
    """

    given = Signal(object)
    """Carries the command."""

    help_wanted = Signal(str)

    _asked = Signal(object)

    def __init__(self, words: str, fields: tuple[LineField, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._system = ""
        self._error: ErrorView | None = None
        self._words = words
        self.heading = Text("", Type.TITLE, wrap=True)
        self.lead = Text(word(f"{words}.lead"), Type.BODY, text2, wrap=True)
        self.error = ErrorPanel()
        self.error.hide()
        self.error_help = Button(word("workspace.get_help"), icon="headset", height=44, role=Type.STRONG)
        self.error.add_action(self.error_help)
        self.act = Button(word(f"{words}.act"), Kind.PRIMARY)
        self.card = Card()
        self._inside = QVBoxLayout(self.card)
        for widget in (self.heading, self.lead, self.error, *fields, self.act):
            self._inside.addWidget(widget)
        self._row = QHBoxLayout()
        self._row.addStretch(1)
        self._row.addWidget(self.card, 100)
        self._row.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._row)
        self._column.addStretch(1)
        self.error_help.clicked.connect(lambda: self.help_wanted.emit(self.error.reference_text))
        self._asked.connect(self._reveal, Qt.ConnectionType.QueuedConnection)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def ask_for(self, system: str, name: str) -> None:
        """Ask for this system's, which is called so."""
        self._system = system
        self.heading.setText(word(f"{self._words}.heading", name=name))
        self.act.set_busy("")

    def say_fault(self, error: ErrorView | None, field: LineField, *, says: str = "") -> bool:
        """Say what was wrong, at the field that is at fault; False where that is said already."""
        if error == self._error:
            return False
        self._error = error
        self.error.setVisible(error is not None)
        if error is not None:
            its_words = word("workspace.it_says", says=says) if says else ""
            self.error.tell(f"{error.what} {its_words}".strip(), error.next_step, error.reference)
        field.set_at_fault(error is not None, error.what if error is not None else "")
        return True

    def ask_in(self, field: LineField, what: str) -> None:
        """Say at a field what is to be typed there, and go to it."""
        field.ask(what)
        field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        # What is said has its place only once the card is laid out: where text is large that may be out of sight.
        self._asked.emit(field)

    def _reveal(self, field: LineField) -> None:
        reveal(field)

    def send(self, command: object) -> None:
        """Give the command, and be busy until the next picture."""
        self.act.set_busy(word(f"{self._words}.busy"))
        self.given.emit(command)

    def _look_changed(self) -> None:
        here = look()
        edge = here.space(24)
        self._column.setContentsMargins(edge, edge, edge, edge)
        self.card.setMaximumWidth(here.grow(560))
        inset = here.space(28)
        self._inside.setContentsMargins(inset, here.space(24), inset, here.space(24))
        self._inside.setSpacing(here.space(14))
