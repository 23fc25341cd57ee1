"""What the three forms of the card share: heading, what happens next, the error above the fields, the buttons."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from launcher.secret import Secret
from launcher.session.snapshot import ErrorView
from launcher.shell.look import (
    Button,
    ErrorPanel,
    Kind,
    LineField,
    State,
    Text,
    Type,
    about,
    current,
    look,
    text2,
    word,
)

LATE = 2.0
"""After so many times the usual duration the button says that it takes longer."""


def secret_of(field: LineField) -> Secret:
    """Take what stands in a password field: the screen keeps none of it, only dots while the answer is awaited."""
    secret = Secret(field.text())
    field.forget()
    field.show_kept(True)
    return secret


class Form(QWidget):
    """A form: ``submitted``, ``cancelled`` and ``help_wanted`` (with the reference shown) are what a person can do.

    A form calls ``lay_out()`` when its fields are there.
    """

    submitted = Signal()
    cancelled = Signal()
    help_wanted = Signal(str)
    typed = Signal()

    def __init__(self, heading: str, act: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reference = ""
        self.lead_stays = False
        """Whether what stands beneath the heading is shown even where the height is short."""
        self.tight = False
        """Whether it stands closer together, as from 150 % on: there is more on the card than usual."""
        self.spreads = False
        """Whether, in large text, what is beneath the primary button may stand beside it: nobody scrolls for it."""
        self.fields_aside = False
        """Whether, where it spreads, the fields stand beside what is said: the primary button before all others."""
        self._spread = False
        self._shared = False
        self.heading = Text(heading, Type.DISPLAY)
        self.lead = Text("", Type.LEAD, text2, wrap=True)
        self.error = ErrorPanel()
        self.error.hide()
        self.fields: list[LineField] = []
        self._below: list[QWidget] = []
        self.primary = Button(act, Kind.PRIMARY, key=word("key.enter"))
        self.primary.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.cancel = Button(word("sign_in.cancel"), Kind.SECONDARY, icon="x", key=word("key.escape"))
        self.cancel.hide()
        self.help = Button(word("sign_in.get_help"), Kind.QUIET, icon="headset", key="F1")
        self._halves = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self.column, self._aside = QVBoxLayout(), QVBoxLayout()
        for half in (self.column, self._aside):
            self._halves.addLayout(half)
        self.column.addWidget(self.heading)
        self.column.addWidget(self.lead)
        self._error_place = QVBoxLayout()
        self._error_place.addWidget(self.error)
        self.column.addLayout(self._error_place)
        self.body = QVBoxLayout()
        self.column.addLayout(self.body)
        self.column.addWidget(self.primary)
        self.column.addStretch()
        self.row = QHBoxLayout()
        self.row.addWidget(self.cancel)
        self.row.addStretch(1)
        self.row.addWidget(self.help)
        self._aside.addLayout(self.row)
        self._blocks = QVBoxLayout()
        self._aside.addLayout(self._blocks)
        self._aside.addStretch()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self._say_late)
        self.primary.clicked.connect(self.submitted)
        self.cancel.clicked.connect(self.cancelled)
        self.help.clicked.connect(lambda: self.help_wanted.emit(self.reference))
        current().changed.connect(self.lay_out)

    @property
    def reference(self) -> str:
        """The reference of the error shown, empty without one."""
        return self._reference

    def add_field(self, label: str, *, secret: bool = False) -> LineField:
        """Add a field at the end of the form; Enter goes on to the next empty one, then submits."""
        field = LineField(label, secret=secret)
        self.fields.append(field)
        self.body.addWidget(field)
        field.edit.textEdited.connect(self.typed)
        field.edit.installEventFilter(self)
        return field

    def add_below(self, block: QWidget, stops: Sequence[QWidget]) -> None:
        """Add a block beneath everything else; ``stops`` are where Tab stops in it."""
        self._blocks.addWidget(block)
        self._below += stops
        self.order_stops()

    def tell(self, error: ErrorView | None, *, at_fault: LineField | None = None, state: State = State.FAILED) -> None:
        """Show ``error`` above the fields, with the field at fault outlined; None takes it away."""
        for field in self.fields:
            field.set_at_fault(field is at_fault, error.what if error else "")
        self._reference = error.reference if error else ""
        self.error.setVisible(error is not None)
        if error is not None:
            self.error.set_state(state)
            # What is not a failure has nothing to read to the helpdesk; the help knows it all the same.
            self.error.tell(error.what, error.next_step, error.reference if state is State.FAILED else "")
        self.lay_out()

    def set_busy(self, on: bool, usual_ms: float = 0.0) -> None:
        """Say on the button that the answer is awaited; fields stay readable, Cancel comes, nothing else stops."""
        for field in self.fields:
            field.edit.setReadOnly(on)
        self.show_cancel(on)
        if not on:
            self._late.stop()
            self.primary.set_busy("")
            for field in self.fields:
                field.show_kept(False)
            return
        self.primary.set_busy(self.busy_words(usual_ms))
        if usual_ms and not self._late.isActive():
            self._late.start(max(1000, round(usual_ms * LATE)))

    def show_cancel(self, on: bool) -> None:
        """Offer Cancel, in the place of other ways on."""
        self.cancel.setVisible(on)

    def busy_words(self, usual_ms: float) -> str:
        """Return what the button says while the answer is awaited."""
        return word("sign_in.busy_about", seconds=about(usual_ms)) if usual_ms else word("sign_in.busy")

    def first(self) -> QWidget:
        """Return where the person goes on: the first empty field, else the last."""
        return next((field.edit for field in self.fields if not field.text()), self.fields[-1].edit)

    def focus_first(self) -> None:
        """Put the focus where the person goes on."""
        self.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """Empty every password field."""
        for field in self.fields:
            if field.eye is not None:
                field.forget()

    def empty(self) -> bool:
        """Say whether nothing stands in any field."""
        return not any(field.text() for field in self.fields)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        enter = (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        )
        if enter:
            self._enter(watched)
        return enter or super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Put the lower buttons beside each other, or one beneath the other where they would be cut."""
        shown = [button for button in self.row_buttons() if not button.isHidden()]
        need = sum(button.natural_width(key=False) for button in shown) + self.row.spacing() * len(shown)
        beside = need <= self.room or len(shown) < 2
        self.row.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    @property
    def room(self) -> int:
        """How wide its buttons may be, in pixels."""
        return (self.width() - self._halves.spacing()) // 2 if self._spread else self.width()

    def spread(self, on: bool) -> None:
        """Stand in two halves beside each other, or in one column."""
        if on != self._spread:
            self._spread = on
            self.lay_out()
            self.arrange()

    def _share(self, *, aside: bool) -> None:
        """Put the fields into one half or the other, and what is beneath everything into the other one's end."""
        if aside == self._shared:
            return
        self._shared = aside
        fields, texts = (self._aside, self.column) if aside else (self.column, self._aside)
        texts.removeItem(self.body)
        texts.removeWidget(self.primary)
        fields.removeItem(self._blocks)
        at = 0 if aside else fields.count() - 1  # each half ends with what stretches
        fields.insertLayout(at, self.body)
        fields.insertWidget(at + 1, self.primary)
        texts.insertLayout(texts.count() - 1, self._blocks)

    def order_stops(self) -> None:
        """Make Tab follow the reading order."""
        stops: list[QWidget] = [self.error.copy_button]
        if self.error.tell_row is not None:
            stops.append(self.error.tell_row.button)
        for field in self.fields:
            stops += [field.edit, *([field.eye] if field.eye is not None else [])]
        stops += [self.primary, *self.row_buttons(), *self._below]
        for one, other in itertools.pairwise(stops):
            QWidget.setTabOrder(one, other)

    def row_buttons(self) -> list[Button]:
        """Return the buttons beneath the primary one."""
        return [self.cancel, self.help]

    def _enter(self, at: QObject) -> None:
        if self.primary.busy:
            return
        order = [field.edit for field in self.fields if not field.isHidden()]
        later = order[[edit is at for edit in order].index(True) + 1 :]
        for edit in later:
            if not edit.text():
                edit.setFocus(Qt.FocusReason.TabFocusReason)
                return
        self.submitted.emit()

    def _say_late(self) -> None:
        if self.primary.busy:
            self.primary.set_busy(word("sign_in.busy_late"))

    def lay_out(self) -> None:
        """Place everything for the current look."""
        self.order_stops()
        self._share(aside=self._spread and self.fields_aside)
        here = look()
        self.error.may_tell = not (here.large or self.tight)  # the help, one step away, offers it too
        self.error.offer_telling()
        self.column.setSpacing(0)
        for part in (self._aside, self._blocks):
            part.setSpacing(here.space(8 if self.tight else 0))
        self._blocks.setContentsMargins(0, here.space(12) if self._shared else 0, 0, 0)
        directions = QBoxLayout.Direction
        self._halves.setDirection(directions.LeftToRight if self._spread else directions.TopToBottom)
        self._halves.setContentsMargins(0, 0, 0, 0)
        self._halves.setSpacing(here.space(28) if self._spread else 0)
        for nth in range(2):
            self._halves.setStretch(nth, 1 if self._spread else 0)
        tight = here.large or self.tight
        above = here.space(12 if tight else 24)
        # An empty layout still takes its margins: they go with what they stand above.
        self._error_place.setContentsMargins(0, 0 if self.error.isHidden() else above, 0, 0)
        fields = any(not field.isHidden() for field in self.fields)
        self.body.setContentsMargins(0, above if fields and not self._shared else 0, 0, here.space(16 if tight else 28))
        self.body.setSpacing(here.space(12 if tight else 20))
        self.row.setContentsMargins(0, here.space(8 if tight else 14), 0, 0)
        self.row.setSpacing(here.space(12))
        self.updateGeometry()
