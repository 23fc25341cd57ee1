"""A supervisor gives the officer who is shown a role for some hours; it ends by itself."""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from launcher.session.helpdesk.commands import HelpdeskGrant
from launcher.session.helpdesk.looking import is_reason
from launcher.session.helpdesk.view import HelpdeskView
from launcher.shell.helpdesk.look_up import tell
from launcher.shell.helpdesk.rows import bring_into_sight, stack
from launcher.shell.look import Button, Card, ErrorPanel, Kind, LineField, Segmented, Text, Type, current, look, word
from launcher.wire.hub.helpdesk import OfficerPage
from launcher.wire.hub.kinds import Role
from launcher.wire.hub.officers import NamedOfficer

ROLES: Final[tuple[Role, ...]] = ("helpdesk", "it")
HOURS: Final = (4, 8, 12)


class RoleCard(QWidget):
    """The button for it, and the card behind the button; not there for whoever is no supervisor."""

    command = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._officer = ""
        self._key = ""
        self._done = ""
        self.open_button = Button(word("helpdesk.roles.open"), icon="user-switch", height=44, role=Type.STRONG)
        self.open_button.setObjectName("helpdesk-role-open")
        self.card = Card()
        self.heading = Text(word("helpdesk.roles.open"), Type.SECTION, wrap=True)
        self.lead = Text(word("helpdesk.roles.lead"), Type.BODY, wrap=True)
        self.error = ErrorPanel()
        self.role_label = Text(word("helpdesk.roles.which"), Type.STRONG)
        self.role = Segmented(word("helpdesk.roles.which"), [word(f"helpdesk.roles.role.{one}") for one in ROLES])
        self.hours_label = Text(word("helpdesk.roles.how_long"), Type.STRONG)
        self.hours = Segmented(word("helpdesk.roles.how_long"), [word(f"helpdesk.roles.hours.{one}") for one in HOURS])
        self.reason = LineField(word("helpdesk.roles.reason"))
        self.reason.edit.setMaxLength(300)
        self.reason.edit.setObjectName("helpdesk-role-reason")
        self.act = Button(word("helpdesk.roles.act"), Kind.PRIMARY, key=word("key.enter"))
        self.act.setObjectName("helpdesk-role")
        self._inside = QVBoxLayout(self.card)
        stack(self._inside, self.heading, self.lead, self.error, self.role_label, self.role)
        stack(self._inside, self.hours_label, self.hours, self.reason, self.act)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self.card)
        self.card.hide()
        self.hide()
        self.open_button.clicked.connect(self._open)
        self.reason.edit.returnPressed.connect(self._send)
        self.act.clicked.connect(self._send)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def draw(self, view: HelpdeskView, officer: OfficerPage | NamedOfficer) -> None:
        """Draw it for the officer who is shown."""
        self._officer = officer.officer
        self.setVisible(view.supervisor)
        self.heading.setText(f"{word('helpdesk.roles.open')}: {officer.name or officer.number}")
        mine = bool(self._key) and view.grants.key == self._key
        self.act.set_busy(word("helpdesk.roles.busy") if mine and view.grants.busy else "")
        tell(self.error, view.grants.error if mine else None)
        if mine and view.grants.done and self._done != self._key:
            self._done = self._key
            self.close()

    def close(self) -> bool:
        """Take the card away; say whether it stood there."""
        was = not self.card.isHidden()
        if was:
            self.card.hide()
            self.open_button.show()
            if self.isVisible():
                self.open_button.setFocus(Qt.FocusReason.OtherFocusReason)
        return was

    def _open(self) -> None:
        self._key = uuid4().hex
        self.reason.forget()
        self.reason.set_at_fault(False)
        self.open_button.hide()
        self.card.show()
        self.role.setFocus(Qt.FocusReason.OtherFocusReason)
        bring_into_sight(self.card)

    def _send(self) -> None:
        reason = self.reason.text().strip()
        self.reason.set_at_fault(not is_reason(reason), word("helpdesk.roles.reason"))
        if not is_reason(reason):
            self.reason.edit.setFocus()
            return
        if self.error.isVisible():  # once more, after a refusal: another wish
            self._key = uuid4().hex
        role, hours = ROLES[self.role.index], float(HOURS[self.hours.index])
        self.command.emit(HelpdeskGrant(self._key, self._officer, role, hours, reason))

    def resizeEvent(self, event: object) -> None:
        room = self.width() - 2 * look().space(16)
        for choice in (self.role, self.hours):
            choice.fit(room)

    def _look_changed(self) -> None:
        here = look()
        side = here.space(16)
        self._inside.setContentsMargins(side, side, side, side)
        self._inside.setSpacing(here.space(8))
