"""The inline error: beside its cause, what happened, what to do, and the reference to read to the helpdesk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from launcher.shell.look.announce import alert, announce
from launcher.shell.look.fields import IconButton
from launcher.shell.look.icons import paint_icon
from launcher.shell.look.look import current, look
from launcher.shell.look.paint import rounded
from launcher.shell.look.telling import telling
from launcher.shell.look.text import Text, text2
from launcher.shell.look.tokens import Radius, State, Type
from launcher.shell.look.words import word

if TYPE_CHECKING:
    from launcher.shell.look.tell_row import TellRow

_ICON = 26
_ICONS = {State.FAILED: "warning-octagon", State.NEEDS: "hand-palm", State.UNKNOWN: "info"}


class ErrorPanel(QFrame):
    """An outlined soft panel. ``state`` is FAILED (octagon, red), NEEDS (hand, amber) or UNKNOWN: a fact (i, grey)."""

    def __init__(self, state: State = State.FAILED, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._reference_text = ""
        self._tell_row: TellRow | None = None
        self.may_tell = True
        """Whether the helpdesk can be told of it here; where there is no room, the help offers it."""
        self.names_reference = True
        """Whether "Reference" stands before it; set before :meth:`tell`. Where that has no room, it does not."""
        self.about = ""
        """The system that it is an error of; set before :meth:`tell`."""
        self.what = Text("", Type.STRONG, wrap=True)
        self.next_step = Text("", Type.BODY, wrap=True)
        self.reference_label = Text(word("look.reference"), Type.BODY, text2)
        self.reference = Text("", Type.REF, wrap=True)
        self.copy_button = IconButton("copy", word("look.copy_reference"))
        self.copy_button.clicked.connect(self._copy)
        self._actions = QHBoxLayout()
        self._actions.addStretch(1)
        self._line = QHBoxLayout()
        self._line.addWidget(self.reference_label)
        self._line.addWidget(self.reference, 1, Qt.AlignmentFlag.AlignVCenter)
        self._line.addWidget(self.copy_button)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.what)
        self._column.addWidget(self.next_step)
        self._column.addLayout(self._line)
        self._column.addLayout(self._actions)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        telling().changed.connect(self.offer_telling)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def set_state(self, state: State) -> None:
        """Be red with an octagon (FAILED), amber with a hand (NEEDS), or grey with an i (UNKNOWN)."""
        self._state = state
        self.update()

    def tell(self, what: str, next_step: str = "", reference: str = "") -> None:
        """Say what happened, what to do, and the reference (none: no such line), and tell a screen reader."""
        self._reference_text = reference
        self.what.setText(what)
        self.next_step.setText(next_step)
        self.next_step.setVisible(bool(next_step))
        self.reference.setText(reference)
        for widget in (self.reference, self.copy_button):
            widget.setVisible(bool(reference))
        self._fit()
        self.setAccessibleName(f"{what} {next_step}".strip())
        self.offer_telling()
        self.updateGeometry()
        if self.isVisible():
            alert(self, self.accessibleName())

    def offer_telling(self) -> None:
        """Offer to tell the helpdesk of it, where there is one that can be told."""
        offered = self.may_tell and telling().on and bool(self._reference_text)
        if offered and self._tell_row is None:
            from launcher.shell.look.tell_row import TellRow  # late: no first screen has an error

            self._tell_row = TellRow()
            self._column.insertWidget(self._column.count() - 1, self._tell_row)
        if self._tell_row is not None:
            self._tell_row.show_about(self._reference_text if offered else "", self.about)

    @property
    def tell_row(self) -> TellRow | None:
        """The offer to tell the helpdesk, once it was made."""
        return self._tell_row

    @property
    def reference_text(self) -> str:
        """The reference shown."""
        return self._reference_text

    def add_action(self, button: QPushButton) -> None:
        """Add a button beneath the text, at the left."""
        self._actions.insertWidget(self._actions.count() - 1, button)
        self._look_changed()

    def paintEvent(self, event: QPaintEvent) -> None:
        here = look()
        colours = here.colours
        pair = colours.states[self._state]
        painter = QPainter(self)
        loud = colours.loud.get(self._state)
        edge, width = (loud.edge, 2.0) if loud is not None else (colours.edge, 1.0)
        rounded(painter, QRectF(self.rect()), here.space(Radius.CONTROL), pair.bg, edge, width)
        px = here.grow(_ICON)
        top = here.space(14)
        paint_icon(painter, QRectF(here.space(16), top, px, px), _ICONS[self._state], pair.fg, "fill")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        parts = (self.reference_label, self.reference, self.copy_button)
        sides = self._column.contentsMargins()
        room = self.width() - sides.left() - sides.right() - 2 * self._line.spacing()
        need = self.reference_label.sizeHint().width() + sum(part.minimumSizeHint().width() for part in parts[1:])
        self.reference_label.setVisible(self.names_reference and bool(self._reference_text) and need <= room)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._reference_text)
        announce(self, word("look.copied"))

    def _look_changed(self) -> None:
        here = look()
        left = here.space(16) + here.grow(_ICON) + here.space(16)
        self._column.setContentsMargins(left, here.space(14), here.space(12), here.space(14))
        self._column.setSpacing(0)
        self._line.setSpacing(here.space(10))
        self._actions.setSpacing(here.space(8))
        self._actions.setContentsMargins(0, here.space(12) if self._actions.count() > 1 else 0, 0, 0)
        self._fit()
        self.updateGeometry()
        self.update()
