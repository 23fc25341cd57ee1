"""The card "Still logged on at …": one press ends that session and opens its systems here."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from launcher.session.commands import BringHere, LeaveElsewhere
from launcher.session.hub.views import BringView, ElsewhereView
from launcher.session.snapshot import Snapshot
from launcher.shell.hub.words import bring_words, elsewhere_words, where
from launcher.shell.look import Button, Card, ErrorPanel, Kind, Text, Type, announce, current, look, text2, word


class ElsewhereCard(Card):
    """One terminal at a time; what became of a press stays until it is closed."""

    command = Signal(object)
    """Carries a launcher.session.commands.Command."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setAccessibleName(word("elsewhere.card"))
        self._sitting = ""
        self._there: ElsewhereView | None = None
        self._said = ""
        self.heading = Text("", Type.SECTION, wrap=True)
        self.line = Text("", Type.BODY, text2, wrap=True)
        self.ends = Text("", Type.BODY, wrap=True)
        self.error = ErrorPanel()
        self.error.hide()
        self.bring = Button(word("elsewhere.bring"), Kind.PRIMARY, icon="arrow-square-out", height=48)
        self.bring.setObjectName("elsewhere-bring")
        self.leave = Button(word("elsewhere.leave"), Kind.SECONDARY, icon="x")
        self.leave.setObjectName("elsewhere-leave")
        self.bring.clicked.connect(lambda: self.command.emit(BringHere(self._sitting)))
        self.leave.clicked.connect(lambda: self.command.emit(LeaveElsewhere(self._sitting)))
        texts = QVBoxLayout()
        for part in (self.heading, self.line, self.ends, self.error):
            texts.addWidget(part)
        self._texts = texts
        self._buttons = QHBoxLayout()
        self._buttons.addWidget(self.bring)
        self._buttons.addWidget(self.leave)
        self._row = QHBoxLayout(self)
        self._row.addLayout(texts, 1)
        self._row.addLayout(self._buttons)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        current().changed.connect(self._look_changed)
        self._look_changed()

    @staticmethod
    def has_something(snapshot: Snapshot) -> bool:
        """Say whether there is anything to show."""
        return snapshot.bring is not None or bool(snapshot.elsewhere)

    def draw(self, snapshot: Snapshot) -> None:
        """Draw the terminal that is being ended, or was, or the first there is."""
        bring = snapshot.bring
        there = next((one for one in snapshot.elsewhere if bring is None or one.sitting == bring.sitting), None)
        if bring is not None and (bring.state == "done" or there is None):
            self._draw_done(bring)
        elif there is not None:
            self._draw_there(there, bring)
        self._fit()
        said = f"{self.heading.text()}. {self.line.text()} {self.ends.text()}".strip()
        if said != self._said and self.isVisible():
            announce(self, said)
        self._said = said

    def _draw_there(self, there: ElsewhereView, bring: BringView | None) -> None:
        self._sitting = there.sitting
        self.heading.setText(word("elsewhere.heading", where=where(there)))
        self.line.setText(elsewhere_words(there))
        failed = bring.error if bring is not None else None
        self._there = there
        self.ends.setVisible(failed is None)
        self._show_error(bring if failed is not None else None)
        self.bring.setVisible(there.reachable)
        self.bring.set_busy(word("elsewhere.busy", terminal=there.terminal) if bring and bring.state == "asked" else "")
        self.bring.setAccessibleDescription(bring_words(there))
        self.leave.setText(word("elsewhere.leave"))
        self.leave.setEnabled(bring is None or bring.state != "asked")

    def _draw_done(self, bring: BringView) -> None:
        self._sitting = bring.sitting
        if bring.state == "done":
            key = "elsewhere.done" if bring.systems else "elsewhere.done_nothing"
            self.heading.setText(word(key, terminal=bring.terminal, count=bring.systems))
        else:
            self.heading.setText(word("elsewhere.heading", where=bring.terminal))
        self.line.setText("\n".join(word("elsewhere.left", where=one) for one in bring.left_signed_on))
        self.ends.hide()
        self._show_error(bring if bring.error is not None else None)
        self.bring.hide()
        self.leave.setText(word("elsewhere.close"))
        self.leave.setEnabled(True)

    def _show_error(self, bring: BringView | None) -> None:
        error = bring.error if bring is not None else None
        self.error.setVisible(error is not None)
        if error is not None and self.error.what.text() != error.what:
            self.error.may_tell = not look().large  # the help, one step away, offers it too
            self.error.names_reference = not look().large
            self.error.tell(error.what, "" if look().large else error.next_step, error.reference)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Buttons at the right of the text, or beneath it; what is in large text not needed to decide goes first."""
        here = look()
        if self._there is not None:
            self.ends.setText(bring_words(self._there, short=here.large))
        self.heading.setVisible(self.error.isHidden() or not here.large)  # the error names the terminal, too
        says_more = not self.ends.isHidden() or not self.error.isHidden()
        self.line.setVisible(bool(self.line.text()) and not (here.large and says_more))
        shown = [button for button in (self.bring, self.leave) if not button.isHidden()]
        need = sum(button.natural_width(key=False) for button in shown) + here.space(12) * len(shown)
        beside = self.width() - need >= here.grow(420)
        directions = QBoxLayout.Direction
        self._row.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        room = self.width() - 2 * here.space(23)
        self._buttons.setDirection(directions.LeftToRight if need <= room else directions.TopToBottom)

    def _look_changed(self) -> None:
        here = look()
        side, above = here.space(23), here.space(12 if here.large else 16)
        self._row.setContentsMargins(side, above, here.space(17), above)
        self._row.setSpacing(here.space(16))
        self._buttons.setSpacing(here.space(12))
        self._texts.setSpacing(here.space(2))
        for button, icon in ((self.bring, "arrow-square-out"), (self.leave, "x")):
            button.set_icon("" if here.large else icon)  # both beside each other: beneath, neither had its height
        self._fit()
        self.updateGeometry()
