"""The status strip: left the single worst thing, right this terminal and the clock, between them good news.

Nothing floats over embedded programs, so a notice appears inside the strip. It stays six seconds, is held while it is
pointed at or focused, and is then kept in a list. One with a next step stays until it was pressed or the list was
opened; what is said meanwhile goes into the list. Errors are never notices.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from launcher.shell.frame.facts import Facts
from launcher.shell.frame.strip_lines import (
    LEAST_WORDS,
    Notice,
    NoticeBox,
    PastNotices,
    StripOfficer,
    WorstLine,
    strip_height,
)
from launcher.shell.frame.worst import Worst
from launcher.shell.look import STATES, Chrome, State, Type, alert, announce, current, look, word

if TYPE_CHECKING:
    from launcher.shell.frame.loud import Loud, LoudLine

NOTICE_MS = 6000
MOST_PAST = 200
"""The list holds no more: pages tell of things too. What asks something of its reader goes last."""


class StatusStrip(Chrome):
    """The strip. ``system_wanted`` is emitted with the id of the system whose notice or trouble was pressed."""

    system_wanted = Signal(str)
    past_wanted = Signal()
    """The notices that were shown are to be listed."""
    you_wanted = Signal()
    loud_wanted = Signal()
    """More of what makes the strip loud is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(word("frame.strip"))
        self.worst_line = WorstLine()
        self.worst_line.hide()
        self.notice_box = NoticeBox()
        self.notice_box.hide()
        self.past_button = PastNotices()
        self.past_button.hide()
        self.past_button.clicked.connect(self.past_wanted)
        self.officer = StripOfficer()
        self.officer.hide()
        self.officer.clicked.connect(self.you_wanted)
        self.facts = Facts()
        self._loud: LoudLine | None = None
        self.past: list[Notice] = []
        self._worst: Worst | None = None
        self._way = ""
        self._notice: Notice | None = None
        self._waiting: list[Notice] = []
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.worst_line)
        self._row.addStretch(1)
        self._row.addWidget(self.notice_box)
        self._row.addWidget(self.past_button)
        self._row.addWidget(self.officer)
        self._row.addWidget(self.facts)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(NOTICE_MS)
        self._timer.timeout.connect(self.next_notice)
        self.notice_box.held.connect(self._hold)
        self.notice_box.clicked.connect(self._notice_pressed)
        self.worst_line.clicked.connect(self.press_worst)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        current().changed.connect(self._look_changed)
        self._look_changed()

    @property
    def worst(self) -> Worst | None:
        """What the strip says is worst."""
        return self._worst

    @property
    def notice(self) -> Notice | None:
        """The notice shown now."""
        return self._notice

    @property
    def running(self) -> bool:
        """Whether the notice's six seconds are running: not while it is held."""
        return self._timer.isActive()

    def show_worst(self, worst: Worst | None) -> None:
        """Say the worst thing, or nothing where nothing is known; a worse one than before is announced."""
        if worst == self._worst:
            return
        before, self._worst = self._worst, worst
        self.worst_line.setVisible(worst is not None)
        if worst is not None:
            self.worst_line.show_worst(worst)
        self._show_ways()
        if before is not None and worst is not None and STATES[worst.state].loud:
            announce(self.worst_line, worst.text)
        self._fit()

    def show_worst_key(self, key: str) -> None:
        """Say which key leads to the worst thing."""
        self.worst_line.show_key(key)
        self._fit()

    def show_way(self, key: str) -> None:
        """Say which key leads to all of what is cut here, "": none does. What it is pressed for is ``past_wanted``."""
        if key != self._way:
            self._way = key
            self._show_ways()

    @property
    def loud_line(self) -> LoudLine | None:
        """The loud line, while the strip is loud."""
        return self._loud if self._loud is not None and not self._loud.isHidden() else None

    def show_loud(self, loud: Loud | None, clock: str = "") -> None:
        """Turn the whole strip loud, or quiet again."""
        if loud is None:
            if self._loud is not None:
                self._loud.hide()
            return
        if self._loud is None:
            from launcher.shell.frame.loud import LoudLine  # late: no first screen is loud

            self._loud = LoudLine(self)
            self._loud.clicked.connect(self.loud_wanted)
            self._loud.setGeometry(self.rect())
        said = self._loud.loud if not self._loud.isHidden() else None
        self._loud.show_loud(loud, clock)
        self._loud.show()
        self._loud.raise_()
        if said is None or said.what != loud.what:
            alert(self._loud, self._loud.accessibleName())

    def show_officer(self, number: str) -> None:
        """Name the officer here, or not."""
        self.officer.show_officer(number)
        self._fit()

    def show_facts(self, facts: Sequence[str]) -> None:
        """Show short facts at the right, the most important (the clock) last."""
        self.facts.show_facts(facts)
        self._fit()

    def add_notice(self, notice: Notice) -> None:
        """Show good news or a fact for six seconds, after those already waiting; one with a next step at once."""
        if notice.next_step:
            last = next((at for at, one in enumerate(self._waiting) if not one.next_step), len(self._waiting))
            self._waiting.insert(last, notice)
        elif self._notice is not None and self._notice.next_step:
            self._list(notice)
            announce(self.past_button, notice.text)
            self._fit()
            return
        else:
            self._waiting.append(notice)
        if self._notice is None or (notice.next_step and not self._notice.next_step):
            self.next_notice()

    def all_seen(self) -> None:
        """Put what is shown, and what stays until it was seen, into the list of past notices, which is shown now."""
        if self._notice is not None:
            self.next_notice()
        while any(one is not None and one.next_step for one in (self._notice, *self._waiting)):
            self.next_notice()

    def next_notice(self) -> None:
        """Put the notice that is shown into the list of past ones and show the next."""
        if self._notice is not None:
            self._list(self._notice)
        if not self._waiting:
            self._notice = None
            self.notice_box.hide()
            self._fit()
            return
        self._notice = self._waiting.pop(0)
        self.notice_box.show_notice(self._notice)
        self.notice_box.show()
        announce(self.notice_box, self._notice.words)
        self._timer.stop()
        if not self._notice.next_step:
            self._timer.start()
        self._fit()

    def press_worst(self) -> None:
        """Go where the worst thing is, as F8 does."""
        if self.loud_line is not None and self.loud_line.isEnabled():
            self.loud_wanted.emit()
        elif self._worst is not None and self._worst.system:
            self.system_wanted.emit(self._worst.system)
        elif self._way and (self.notice_box.is_cut or self.worst_line.is_cut):
            self.past_wanted.emit()

    def sizeHint(self) -> QSize:
        return QSize(look().space(640), strip_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(look().space(240), strip_height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._loud is not None:
            self._loud.setGeometry(self.rect())
        self._fit()

    def _hold(self, on: bool) -> None:
        if on:
            self._timer.stop()
        elif self._notice is not None and not self._notice.next_step:
            self._timer.start()

    def _list(self, notice: Notice) -> None:
        self.past.append(notice)
        if len(self.past) > MOST_PAST:
            self.past.remove(next((one for one in self.past if not one.next_step), self.past[0]))
        self.past_button.show_count(len(self.past))

    def _notice_pressed(self) -> None:
        notice = self._notice
        if notice is not None and (notice.next_step or (self.notice_box.is_cut and not notice.good)):
            self.past_wanted.emit()  # all of it stands there, however narrow the strip is
            return
        self.next_notice()
        if notice is not None and notice.system:
            self.system_wanted.emit(notice.system)

    def _show_ways(self) -> None:
        """The key that leads to the worst thing's system leads to nothing else: a word stands there then."""
        elsewhere = self._worst is not None and bool(self._worst.system)
        self.notice_box.show_way(word("strip.more") if elsewhere or not self._way else self._way)
        self.worst_line.show_way("" if elsewhere else self._way)

    def _fit(self) -> None:
        """Facts give way to the worst thing and the notice, from the left; then the secondary texts do."""
        least = look().width(Type.META, "00:00")
        room = self._room()
        lacks = self._notice is not None and room < least
        if lacks:
            room = self._room(worst=False)
        officer = not (lacks and room < least and self._officer_can_wait())
        if not officer:
            room = self._room(worst=False, officer=False)
        self.officer.setVisible(officer and bool(self.officer.text()))
        self.facts.fit(least if lacks else room)
        # What is left decides how much of the worst thing is seen, and whether secondary texts are.
        room -= self.facts.used_width()
        if self._worst is not None:
            self._fit_worst(self._worst, room, lacks=lacks)
        for line in (self.notice_box, self.worst_line):
            detail = line.natural_width() - line.natural_width(detail=False)
            line.show_detail(room >= detail)
            room -= detail if room >= detail else 0

    def _fit_worst(self, worst: Worst, room: int, *, lacks: bool) -> None:
        """Show it whole, or as far as there is room; where a notice ``lacks`` some, a few words or the icon alone."""
        gives_way = lacks and not STATES[worst.state].loud
        self.worst_line.setVisible(not (gives_way and worst.state is State.READY))
        if gives_way:
            more = room if room >= look().grow(LEAST_WORDS) else 0
            self.worst_line.keep_to(self.worst_line.small_width() + more)
        elif room < 0 and not lacks:
            self.worst_line.keep_to(max(self.worst_line.small_width(), self._worst_width(worst, whole=True) + room))
        else:
            self.worst_line.keep_to(None)

    def _room(self, *, worst: bool = True, officer: bool = True) -> int:
        """Return what is left for facts. Not ``worst``: it is as small as it can be for a notice; no ``officer``."""
        margins, gap = self._row.contentsMargins(), self._row.spacing()
        room = self.width() - margins.left() - margins.right() - 2 * gap
        if self._worst is not None:
            room -= self._worst_width(self._worst, whole=worst)
        if self._notice is not None:
            room -= self.notice_box.natural_width(detail=False) + gap
        if self.past:
            room -= self.past_button.natural_width() + gap
        if officer and self.officer.text():
            room -= self.officer.natural_width() + gap
        return room

    def _worst_width(self, worst: Worst, *, whole: bool) -> int:
        """Return what it takes at least: that all is well can wait for a notice, what is not loud is its icon then."""
        if whole or STATES[worst.state].loud:
            return self.worst_line.natural_width(detail=False)
        return 0 if worst.state is State.READY else self.worst_line.small_width()

    def _officer_can_wait(self) -> bool:
        """Say whether the officer may be left out until a notice has gone: it goes by itself."""
        return self._notice is not None and not self._notice.next_step and not self.officer.hasFocus()

    def _look_changed(self) -> None:
        here = look()
        self._row.setContentsMargins(here.space(10), 0, here.space(20), 0)
        self._row.setSpacing(here.space(16))
        self._fit()
        self.updateGeometry()
