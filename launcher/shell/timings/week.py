"""The last seven days: what opening each system took here, over all who opened it, as figures and a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from launcher.session.snapshot import PartView, SystemView, WeekView
from launcher.shell.look import Phase, Text, Type, current, look, seconds, text2, word
from launcher.shell.timings.bars import ORDER, TOKEN
from launcher.shell.timings.figure_table import FigureTable

_OWN: Final = {"sign-in": "timings.week.sign_in", "switch": "timings.week.switch"}
"""The rows of the computer itself, which are no system's."""


class Week(QWidget):
    """The table of the week, and what its figures are of."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[WeekView, tuple[SystemView, ...]] | None = None
        columns = ("system", "part", "times", "p50", "p95", "asked", "failed")
        heads = [word(f"timings.week.column.{name}") for name in columns]
        self.table = FigureTable(word("timings.week.table"), heads)
        self.table.setAccessibleDescription(word("timings.week.note"))
        self.note = Text(word("timings.week.note"), Type.META, text2, wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.table, 1)
        self._column.addWidget(self.note)
        self.setFocusProxy(self.table)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def show_week(self, week: WeekView, systems: tuple[SystemView, ...]) -> None:
        """Write the week's figures; the current cell stays."""
        if self._shown is not None and self._shown[0] is week and self._shown[1] is systems:
            return
        self._shown = (week, systems)
        lines = tuple(lines_of(week, systems))
        self.table.write(line for _, line in lines)
        for at, (name, _) in enumerate(lines):
            first = self.table.item(at, 0)
            if first is not None:  # the name stands once for the eye, and at each of its lines for the ear
                first.setData(Qt.ItemDataRole.AccessibleTextRole, name)

    def _look_changed(self) -> None:
        self._column.setSpacing(look().space(8))
        self.note.setVisible(not look().large)


def lines_of(week: WeekView, systems: Sequence[SystemView]) -> Iterator[tuple[str, list[str]]]:
    """Yield each line of the table with the name it belongs to: logging on first, systems by name, logging off last."""
    names = _names_of(systems)
    blocks: dict[str, list[PartView]] = {}
    for part in week.parts:
        blocks.setdefault(part.system, []).append(part)
    titled = [(names.get(system, ""), system) for system in blocks]
    place = {"sign-in": 0, "switch": 2}
    for name, system in sorted(titled, key=lambda one: (place.get(one[1], 1), one[0].casefold())):
        if not name:
            continue
        for at, (part, label) in enumerate(_shown_of(blocks[system])):
            times = [seconds(ms) if part.p95_ms else word("timings.figure.none") for ms in (part.p50_ms, part.p95_ms)]
            of_system = part.part == "total" and part.system not in _OWN
            asked = str(part.asked) if of_system else word("timings.figure.none")
            yield name, [name if at == 0 else "", label, str(part.n), *times, asked, str(part.failures)]


def _shown_of(parts: Sequence[PartView]) -> Iterator[tuple[PartView, str]]:
    by_part = {part.part: part for part in parts}
    total, machine = by_part.get("total"), by_part.get("machine")
    if total is not None:
        yield total, word("timings.week.total")
    if total is not None and machine is not None and (machine.p50_ms, machine.p95_ms) != (total.p50_ms, total.p95_ms):
        yield machine, word("timings.week.machine")
    groups = {TOKEN[part.part]: part for part in parts if part.part in TOKEN}
    for phase in ORDER:
        if (part := groups.get(phase)) is not None and (part.p95_ms >= 1 or part.failures):
            yield part, word("timings.week.you" if phase is Phase.YOU else f"timings.phase.{phase.value}_long")


def _names_of(systems: Sequence[SystemView]) -> dict[str, str]:
    """Return what the table calls each id; what has no name here is left out of it."""
    return {system.id: system.name for system in systems} | {own: word(name) for own, name in _OWN.items()}


def figures_of_week(week: WeekView, systems: Sequence[SystemView]) -> list[tuple[str, str]]:
    """Return the four figures of the table with their labels; a system's usual time is without what people took."""
    names = _names_of(systems)
    shown = [part for part in week.parts if part.system not in _OWN and names.get(part.system)]
    totals = [part for part in shown if part.part == "total"]
    usual = [part.p50_ms for part in shown if part.part == "machine" and part.p95_ms]
    none = word("timings.figure.none")
    return [
        (str(sum(part.n for part in totals)), word("timings.week.figure.openings")),
        (seconds(min(usual)) if usual else none, word("timings.week.figure.quickest")),
        (seconds(max(usual)) if usual else none, word("timings.week.figure.slowest")),
        (str(sum(part.failures for part in totals)), word("timings.week.figure.failed")),
    ]
