"""A notice to sign-in screens and tiles is written here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from launcher.session.helpdesk.commands import HelpdeskNotice
from launcher.session.helpdesk.view import NoticeGiven
from launcher.shell.helpdesk.look_up import tell
from launcher.shell.helpdesk.rows import bring_into_sight, stack
from launcher.shell.look import (
    Button,
    ButtonRow,
    Card,
    ErrorPanel,
    Kind,
    LineField,
    Segmented,
    Text,
    Type,
    current,
    look,
    word,
)

HOURS: Final = (1.0, 8.0, None)
_CHOICES: Final = ("1", "8", "until")


def named(text: str, names: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return what is named with commas between; a name of ``names`` (by id) stands for its id."""
    ids = {name.casefold(): one for one, name in (names or {}).items()}
    parts = (one.strip() for one in text.split(","))
    return tuple(ids.get(part.casefold(), part) for part in parts if part)


class NoticeCard(Card):
    """The card; ``left``: it was given, or given up."""

    command = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._key = ""
        self.names: Mapping[str, str] = {}
        """Of systems, by id: either can be typed."""
        self.heading = Text(word("helpdesk.notice.heading"), Type.SECTION, wrap=True)
        self.lead = Text(word("helpdesk.notice.lead"), Type.BODY, wrap=True)
        self.error = ErrorPanel()
        self.text = LineField(word("helpdesk.notice.text"))
        self.text.edit.setMaxLength(300)
        self.text.edit.setObjectName("helpdesk-notice-text")
        self.systems_label = Text(word("helpdesk.notice.systems"), Type.BODY, wrap=True)
        self.systems = LineField(word("helpdesk.notice.systems"))
        self.places_label = Text(word("helpdesk.notice.places"), Type.BODY, wrap=True)
        self.places = LineField(word("helpdesk.notice.places"))
        for label, field in ((self.systems_label, self.systems), (self.places_label, self.places)):
            field.label.hide()  # long ones are wrapped, in a text of their own
            label.setBuddy(field.edit)
        self.hours_label = Text(word("helpdesk.notice.how_long"), Type.STRONG)
        self.hours = Segmented(
            word("helpdesk.notice.how_long"), [word(f"helpdesk.notice.hours.{one}") for one in _CHOICES]
        )
        self.act = Button(word("helpdesk.notice.act"), Kind.PRIMARY, key=word("key.enter"))
        self.act.setObjectName("helpdesk-notice")
        self.cancel = Button(word("helpdesk.asks.cancel"), Kind.SECONDARY)
        self._row = ButtonRow(self.act, self.cancel, gap=8, first_grows=True)
        self._column = QVBoxLayout(self)
        stack(self._column, self.heading, self.lead, self.error, self.text, self.systems_label, self.systems)
        stack(self._column, self.places_label, self.places, self.hours_label, self.hours)
        self._column.addLayout(self._row)
        for field in (self.text, self.systems, self.places):
            field.edit.returnPressed.connect(self._send)
        self.act.clicked.connect(self._send)
        self.cancel.clicked.connect(self.give_up)
        current().changed.connect(self._look_changed)
        self.hide()
        self._look_changed()

    def open(self) -> None:
        """Show the card, empty."""
        self._key = uuid4().hex
        for field in (self.text, self.systems, self.places):
            field.forget()
        self.text.ask("")
        self.hours.choose(0)
        self.show()
        self.text.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        bring_into_sight(self)

    def give_up(self) -> None:
        """Take the card away."""
        self.hide()
        self.left.emit()

    def draw(self, given: NoticeGiven) -> None:
        """Say how far it is; once it is given the card goes."""
        mine = not self.isHidden() and given.key == self._key
        self.act.set_busy(word("helpdesk.notice.busy") if mine and given.busy else "")
        tell(self.error, given.error if mine else None, narrow=True)
        if mine and given.done:
            self.give_up()

    def _send(self) -> None:
        text = self.text.text().strip()
        self.text.ask("" if len(text) >= 3 else word("helpdesk.notice.short"))
        if len(text) < 3:
            self.text.edit.setFocus()
            return
        if self.error.isVisible():  # once more, after a refusal: another wish
            self._key = uuid4().hex
        hours = HOURS[self.hours.index]
        self.command.emit(
            HelpdeskNotice(self._key, text, named(self.systems.text(), self.names), named(self.places.text()), hours)
        )

    def fit(self, width: int) -> None:
        """Fold what is too wide for ``width`` pixels. The page says it: what is not folded yet keeps its own width."""
        room = width - 2 * look().space(12)
        self.hours.fit(room)
        self._row.fit(room)

    def _look_changed(self) -> None:
        here = look()
        side = here.space(12)
        self._column.setContentsMargins(side, side, side, side)
        self._column.setSpacing(here.space(8))
