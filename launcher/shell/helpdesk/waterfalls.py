"""The officer's last sign-ins and openings as the waterfalls everybody knows, with what the failing systems said."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from launcher.session.snapshot import LaunchState, LaunchView, PhaseView, SystemView
from launcher.shell.hub.words import when
from launcher.shell.look import Text, Type, current, look, text2, word
from launcher.shell.timings.bars import Row, row_of
from launcher.shell.timings.chart import Axis, Chart
from launcher.wire.hub.helpdesk import Waterfall
from launcher.wire.records import SignInRecord

AT_MOST = 12
_STATES: dict[str, LaunchState] = {"ready": "ready", "signed-in": "ready", "unknown": "unknown", "cancelled": "unknown"}
"""What an outcome is drawn as; any other has failed."""


def row_of_record(waterfall: Waterfall, number: int) -> Row:
    """Return a record as a row of the chart; ``number`` tells it from others of the same system."""
    record = waterfall.record
    phases = tuple(PhaseView(one.phase, one.start_ms, one.duration_ms, one.human) for one in record.phases)
    launch = LaunchView(
        f"{number}",
        _STATES.get(record.outcome, "failed"),
        started=0.0,
        took_ms=record.total_ms,
        phases=phases,
    )
    return row_of(launch, SystemView(launch.system, _row_name(waterfall), "", "web", "slate"))


def name_of(waterfall: Waterfall) -> str:
    """Return what was opened, or that it was a sign-in."""
    record = waterfall.record
    if isinstance(record, SignInRecord):
        return word("helpdesk.waterfall.sign_in")
    return waterfall.name or record.system


def _row_name(waterfall: Waterfall) -> str:
    return f"{when(waterfall.record.at)} {name_of(waterfall)}"


class Waterfalls(QWidget):
    """The chart, and the words of the row that is chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Sequence[Waterfall] = ()
        self.axis = Axis()
        self.chart = Chart(names_above=True)
        self.chart.setAccessibleName(word("helpdesk.officer.recent"))
        self.axis.stand_over(self.chart)
        self.what = Text("", Type.STRONG, wrap=True)
        self.says = Text("", Type.BODY, wrap=True)
        self.reference = Text("", Type.MONO, text2, wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for part in (self.axis, self.chart, self.what, self.says, self.reference):
            self._column.addWidget(part)
        self.chart.chosen.connect(self._tell)
        self.chart.scaled.connect(self.axis.update)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def show_recent(self, recent: Sequence[Waterfall]) -> None:
        """Draw the newest of these."""
        recent = recent[:AT_MOST]
        if recent == self._shown:
            return
        self._shown = recent
        self.chart.show_rows(tuple(row_of_record(one, number) for number, one in enumerate(recent)))
        self._tell()

    def resizeEvent(self, event: object) -> None:
        self.axis.updateGeometry()  # its legend takes more lines or fewer

    def _tell(self) -> None:
        row = self.chart.row
        if row is None:
            return
        chosen = self._shown[int(row.launch.system)]
        record = chosen.record
        self.what.setText(
            word("helpdesk.waterfall.at", name=name_of(chosen), time=when(record.at), terminal=chosen.terminal)
        )
        self.says.setText(word("helpdesk.sitting.says", words=chosen.words) if chosen.words else "")
        self.says.setVisible(bool(chosen.words))
        self.reference.setText(record.reference or "")
        self.reference.setVisible(bool(record.reference))

    def _look_changed(self) -> None:
        self._column.setSpacing(look().space(4))
