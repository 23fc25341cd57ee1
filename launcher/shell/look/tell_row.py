""" "Tell the helpdesk", beside an error: the button, and then the number to quote, or whom to call."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from launcher.shell.look.announce import alert, announce
from launcher.shell.look.buttons import Button, Kind
from launcher.shell.look.look import current, look
from launcher.shell.look.telling import telling
from launcher.shell.look.text import Text, text2
from launcher.shell.look.tokens import Type
from launcher.shell.look.words import word


class TellRow(QWidget):
    """For one error at a time. It is there only where this terminal has a helpdesk that can be told."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._about = ("", "")
        self._said = ""
        self.number_stands_near = False
        """Whether the helpdesk's number stands on the same page: it is not said again then."""
        self.button = Button(word("tell.act"), Kind.SECONDARY, icon="headset", height=44, role=Type.STRONG)
        self.button.setObjectName("tell-helpdesk")
        self.button.setAccessibleDescription(word("tell.what"))
        self.button.setToolTip(word("tell.what"))
        self.button.clicked.connect(lambda: telling().ask(*self._about))
        self.says = Text("", Type.BODY, text2, wrap=True)
        self.number = Text("", Type.REF)
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._column = QVBoxLayout(self)
        for part in (self.says, self.number):
            self._column.addWidget(part)
        self._column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        telling().changed.connect(self._draw)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def show_about(self, reference: str, system: str) -> None:
        """Be about this error; without a reference there is nothing to tell."""
        if (reference, system) != self._about:
            self._about, self._said = (reference, system), ""
        self._draw()

    def _draw(self) -> None:
        reference, system = self._about
        self.setVisible(telling().on and bool(reference))
        told = telling().of(reference, system)
        busy, error = told is not None and told.busy, told.error if told is not None else None
        number = told.number if told is not None else ""
        told_words = word("tell.told_short" if look().large else "tell.told")
        not_told = self._call() if look().large else f"{error.what} {self._call()}" if error is not None else ""
        said = told_words if number else not_told if error is not None else ""
        self.says.setText(said)
        self.says.setVisible(bool(said))
        self.number.setText(number)
        self.number.setVisible(bool(number))
        self.button.setVisible(not number)
        self.button.setText(word("tell.again" if error is not None else "tell.act"))
        self.button.set_busy(word("tell.busy") if busy else "")
        if said != self._said and self.isVisible():
            (announce if number else alert)(self, f"{said} {number}".strip())
        self._said = said
        self.updateGeometry()

    def _call(self) -> str:
        number = "" if look().large and self.number_stands_near else telling().helpdesk
        return word("tell.call", helpdesk=number) if number else word("tell.call_plain")

    def _look_changed(self) -> None:
        here = look()
        self._column.setContentsMargins(0, here.space(8), 0, 0)
        self._column.setSpacing(here.space(4))
        self._draw()
