"""A supervisor who looks nobody up gives a role to whom a whole number is of: a name is shown, and nothing else."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from launcher.session.helpdesk.commands import HelpdeskNamed
from launcher.session.helpdesk.view import HelpdeskView, NamedView
from launcher.shell.helpdesk.look_up import tell
from launcher.shell.helpdesk.role_card import RoleCard
from launcher.shell.helpdesk.rows import bring_into_sight, stack
from launcher.shell.look import Button, ErrorPanel, LineField, Text, Type, announce, current, look, word

WIDTH: Final = 560
"""A number and a reason need no more, however wide the page is."""


class RoleByNumber(QWidget):
    """The field for the number, who that is, and the card of the role."""

    command = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._named = NamedView()
        self.number = LineField(word("helpdesk.roles.number"))
        self.number.edit.setObjectName("helpdesk-role-number")
        self.number.edit.setMaxLength(120)
        self.ask = Button(word("helpdesk.roles.find"), icon="magnifying-glass", height=44, role=Type.STRONG)
        self.ask.setObjectName("helpdesk-role-find")
        self.error = ErrorPanel()
        self.found = Text("", Type.STRONG, wrap=True)
        self.card = RoleCard()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.number)
        self._column.addWidget(self.ask, 0, Qt.AlignmentFlag.AlignLeft)
        stack(self._column, self.error, self.found, self.card)
        self.number.edit.returnPressed.connect(self._ask)
        self.ask.clicked.connect(self._ask)
        self.card.command.connect(self.command)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def draw(self, view: HelpdeskView) -> None:
        """Draw whom the number is of; it is not there for whoever looks officers up, nor for who gives no role."""
        self.setVisible(view.supervisor and not view.helpdesk)
        before, named = self._named, view.named
        self._named = named
        if before.number and not named.number:
            self.number.forget()  # the panel is left: whoever comes next does not see it
        self.ask.set_busy(word("helpdesk.roles.finding") if named.busy else "")
        tell(self.error, named.error, narrow=True)
        if named.officer != before.officer:
            self._put_away()
        self.found.setVisible(named.officer is not None)
        if named.officer is None:
            self.card.hide()
        else:
            self.card.draw(view, named.officer)
        if named != before and not named.busy:
            self._tell_new(named)

    def escape(self) -> bool:
        """Take the card of the role away; say whether it stood there."""
        return self.card.close()

    def _put_away(self) -> None:
        """Take the card of whom was found before away; the focus goes on here, and not to a role that can be ended."""
        focused = QApplication.focusWidget()
        if focused is not None and self.card.isAncestorOf(focused):
            self.number.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.card.hide()
        self.card.close()

    def _tell_new(self, named: NamedView) -> None:
        if (officer := named.officer) is not None:
            said = word("helpdesk.roles.found", name=officer.name or officer.number, number=officer.number)
            self.found.setText(said)
            announce(self.number.edit, said)
            bring_into_sight(self.card)
        elif named.error is not None:
            bring_into_sight(self.error)

    def _ask(self) -> None:
        number = self.number.text().strip()
        self.number.set_at_fault(not number)
        if number:
            self.command.emit(HelpdeskNamed(number))

    def _look_changed(self) -> None:
        self.setMaximumWidth(look().space(WIDTH))
        self._column.setSpacing(look().space(8))
