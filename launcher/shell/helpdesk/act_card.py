"""The card before an act: what it does, its reason, and what is missing; one press sends it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from launcher.session.helpdesk.commands import HelpdeskAct
from launcher.session.helpdesk.looking import is_reason
from launcher.shell.helpdesk.asked import Asked
from launcher.shell.helpdesk.rows import stack
from launcher.shell.helpdesk.words import act_word
from launcher.shell.look import (
    Button,
    ButtonRow,
    Card,
    ErrorPanel,
    Kind,
    LineField,
    State,
    Text,
    Type,
    alert,
    current,
    look,
    reveal,
    ring_margin,
    word,
)


class ActCard(Card):
    """The card. ``command``: it was sent; ``left``: it goes, and the focus is in it; ``letters_wanted``: verify."""

    command = Signal(object)
    left = Signal()
    letters_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.asked: Asked | None = None
        self.heading = Text("", Type.SECTION, wrap=True)
        self.says = Text("", Type.BODY, wrap=True)
        self.says.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.missing = ErrorPanel(State.NEEDS)
        self.go_verify = Button(word("helpdesk.asks.go_verify"), icon="headset", height=44, role=Type.STRONG)
        self.missing.add_action(self.go_verify)
        self.text = LineField(word("helpdesk.asks.text"))
        self.text.edit.setObjectName("helpdesk-act-text")
        self.text.edit.setMaxLength(500)
        self.reason = LineField(word("helpdesk.asks.reason"))
        self.reason.edit.setObjectName("helpdesk-act-reason")
        self.reason.edit.setMaxLength(300)
        self.act = Button("", Kind.PRIMARY, key=word("key.enter"))
        self.act.setObjectName("helpdesk-act")
        self.cancel = Button(word("helpdesk.asks.cancel"), Kind.SECONDARY, key=word("helpdesk.asks.key_cancel"))
        self.cancel.setObjectName("helpdesk-act-cancel")
        self._row = ButtonRow(self.act, self.cancel, gap=12, first_grows=True)
        self._column = QVBoxLayout(self)
        stack(self._column, self.heading, self.says, self.missing, self.text, self.reason)
        self._column.addLayout(self._row)
        for field in (self.text, self.reason):
            field.edit.returnPressed.connect(self._send)
        self.act.clicked.connect(self._send)
        self.cancel.clicked.connect(self.give_up)
        self.go_verify.clicked.connect(self.letters_wanted)
        current().changed.connect(self._look_changed)
        self.hide()
        self._look_changed()

    def ask(self, asked: Asked, reason: str, verified: bool) -> None:
        """Ask; the reason is the case's until another is written."""
        self.asked = asked
        self.heading.setText(asked.heading())
        self.says.setText("\n".join(asked.sentences()))
        self.act.setText(act_word(asked.kind))
        self.text.forget()
        self.text.setVisible(asked.kind == "message")
        self.reason.set_text(reason)
        for field in (self.text, self.reason):
            field.set_at_fault(False)
        self.show_verified(verified)
        self.show()
        self.updateGeometry()
        first = self.text if asked.kind == "message" else self.reason
        # Where both have no room, what it does and what is lost is read first, and nothing is typed out of sight.
        begins = first.edit if self._has_room_to(first) else self.says
        begins.setFocus(Qt.FocusReason.OtherFocusReason)
        reveal(self)
        alert(self, f"{asked.heading()} {self.says.text()}")

    def show_verified(self, verified: bool) -> None:
        """Say whether the caller must be verified first."""
        missing = self.asked is not None and self.asked.act.needs_verified and not verified
        if missing and self.missing.isHidden():
            self.missing.tell(word("helpdesk.asks.needs_verified"))
        self.missing.setVisible(missing)
        self.act.setEnabled(not missing)
        self.act.setAccessibleDescription(word("helpdesk.asks.needs_verified") if missing else self.says.text())

    def _has_room_to(self, field: QWidget) -> bool:
        """Say whether the card is in sight from its heading to this field, wherever it is scrolled."""
        above = self.parentWidget()
        if above is None:
            return True
        width = above.width()  # as wide as the pane: before it was laid out for the first time its own says nothing
        parts = [part for part in (self.heading, self.says, self.missing, field) if not part.isHidden()]
        sides = self._column.contentsMargins()
        inside = width - sides.left() - sides.right()
        high = [part.heightForWidth(inside) if part.hasHeightForWidth() else part.sizeHint().height() for part in parts]
        need = sides.top() + sum(high) + self._column.spacing() * len(parts) + ring_margin()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        return above is None or need <= above.viewport().height()

    def give_up(self) -> None:
        """Take the card away; nothing was sent."""
        self.asked = None
        self.missing.hide()
        self._go()

    def _go(self) -> None:
        if not self.isHidden():
            self.left.emit()  # while it stands: the focus of what is hidden would go on to whatever comes next
        self.hide()

    def _send(self) -> None:
        asked = self.asked
        if asked is None or not self.act.isEnabled():
            return
        reason, text = self.reason.text().strip(), self.text.text().strip()
        self.reason.set_at_fault(not is_reason(reason), word("helpdesk.asks.reason"))
        wants_text = asked.kind == "message" and not text
        self.text.set_at_fault(wants_text, word("helpdesk.asks.text"))
        if wants_text or not is_reason(reason):
            (self.text if wants_text else self.reason).edit.setFocus()
            return
        self.command.emit(
            HelpdeskAct(
                key=asked.key,
                kind=asked.kind,
                officer=asked.page.officer,
                reason=reason,
                sitting=asked.sitting.sitting.sitting if asked.sitting is not None else None,
                system=asked.system.system if asked.system is not None else None,
                text=text,
            )
        )
        self.give_up()

    def resizeEvent(self, event: object) -> None:
        self._row.fit(self.width() - 2 * look().space(16))

    def _look_changed(self) -> None:
        here = look()
        side = here.space(16)
        self._column.setContentsMargins(side, side, side, side)
        self._column.setSpacing(here.space(10))
        self._row.fit(self.width() - 2 * side)
