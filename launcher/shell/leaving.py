"""The questions before an end that would lose something: what, by name, and two ways out."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from launcher.session.snapshot import EndSoonView, Snapshot
from launcher.shell.lock.spans import left
from launcher.shell.look import Button, ButtonRow, Kind, Text, Type, alert, text2, word
from launcher.shell.middle_card import MiddleCard
from launcher.timings.boot_clock import boot_time_s


class LossQuestion(MiddleCard):
    """Names running programs and edited pages. The way back has the focus: Enter loses nothing."""

    log_off = Signal()
    stay = Signal()

    def __init__(self, go: str, back: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = Text("", Type.DISPLAY, wrap=True)
        self.lead = Text("", Type.LEAD, text2, wrap=True)
        self.running = _Named()
        self.edited = _Named()
        self.go = Button(go, Kind.SECONDARY, icon="sign-out")
        self.back = Button(back, Kind.PRIMARY, key=word("key.escape"))
        self.go.clicked.connect(self.log_off)
        self.back.clicked.connect(self.stay)
        self.escaped.connect(self.stay)
        for part in (self.heading, self.lead, self.running, self.edited):
            self.inside.addWidget(part)
        self._row = ButtonRow(self.back, self.go, gap=12, first_grows=True)
        self.inside.addLayout(self._row)
        self.lay_out()

    def show_losses(self, snapshot: Snapshot, running: tuple[str, ...], edited: tuple[str, ...]) -> None:
        """Name what would be lost."""
        self.running.show_names("leaving.running", _names(snapshot, running))
        self.edited.show_names("leaving.edited", _names(snapshot, edited))

    def focus_first(self) -> None:
        """Put the focus on the way back, and have a screen reader say what is asked."""
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)
        alert(self, f"{self.heading.text()} {self.lead.text()}")

    def _fit(self) -> None:
        super()._fit()
        sides = self.inside.contentsMargins()
        self._row.fit(self.card_width() - sides.left() - sides.right())


class LeavingQuestion(LossQuestion):
    """The question before a log-off."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(word("leaving.log_off"), word("leaving.stay"), parent)
        self.heading.setText(word("leaving.heading"))
        self.lead.setText(word("leaving.lead"))

    def draw(self, snapshot: Snapshot) -> None:
        """Name what logging off would end."""
        leaving = snapshot.leaving
        if leaving is not None:
            self.show_losses(snapshot, leaving.running, leaving.edited)
            self.focus_first()


class EndSoonQuestion(LossQuestion):
    """What an end that is not the officer's doing would lose, when it comes and why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(word("ending.log_off"), word("ending.stay"), parent)
        self._ends: EndSoonView | None = None
        self.nothing = Text(word("ending.nothing"), Type.STRONG)
        self.inside.insertWidget(2, self.nothing)

    def draw(self, snapshot: Snapshot, now: datetime) -> None:
        """Draw what is known now."""
        ends = self._ends = snapshot.ends
        if ends is None:
            return
        self.show_losses(snapshot, ends.running, ends.edited)
        self.nothing.setVisible(not (ends.running or ends.edited))
        at = now + timedelta(seconds=ends.at - boot_time_s())
        self.heading.setText(word("ending.heading", time=f"{at:%H:%M}"))
        self.look_again()

    def look_again(self) -> None:
        """Say the time left anew."""
        if self._ends is not None:
            self.lead.setText(word(f"ending.{self._ends.why}", left=left(self._ends.at)))


class _Named(QWidget):
    """A sentence and the names it speaks of, a line each; not there when there are none."""

    def __init__(self) -> None:
        super().__init__()
        self._sentence = Text("", Type.BODY, wrap=True)
        self._lines: list[Text] = []
        self._names: tuple[str, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._sentence)

    def show_names(self, key: str, names: tuple[str, ...]) -> None:
        """Name these; none hides the whole."""
        self.setVisible(bool(names))
        if names == self._names:
            return
        self._names = names
        for line in self._lines:
            line.hide()
            line.deleteLater()
        self._lines = [Text(name, Type.STRONG) for name in names]
        for line in self._lines:
            self._column.addWidget(line)
            line.show()
        if names:
            self._sentence.setText(word(key, count=len(names)))


def _names(snapshot: Snapshot, systems: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(entry.name if (entry := snapshot.system(one)) else one for one in systems)
