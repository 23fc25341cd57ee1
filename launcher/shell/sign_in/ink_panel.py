"""The ink panel: it means *between people*. Clock, date, place; below, what works and whom to call.

In a small window or from 150 % on it folds into a band at the top.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from launcher.session.snapshot import Health, ServiceView, StationView
from launcher.shell.frame import Clock, Mark, service_name
from launcher.shell.look import (
    STATES,
    Chrome,
    Role,
    State,
    Text,
    Type,
    chrome_text1,
    chrome_text2,
    current,
    draw_line,
    look,
    paint_icon,
    state_word,
    word,
)
from launcher.shell.look.paint import Align, filled

if TYPE_CHECKING:
    from launcher.session.hub.views import HubNoticeView, LettersView
    from launcher.shell.hub.letters import LettersBlock
    from launcher.shell.hub.notice_rows import NoticeRows

WIDTH = 480
LEAST_WIDTH = 320
BAND_HEIGHT = 72

_STATE: dict[Health, State] = {
    "ready": State.READY,
    "degraded": State.DEGRADED,
    "offline": State.OFFLINE,
    "unknown": State.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Held:
    """Whose session stands behind this screen, and how it is with it, in words."""

    name: str
    detail: str
    state: State = State.LOCKED


class FactRow(QLabel):
    """One line: icon, name, and at the right how it is. The label's text is what a screen reader says."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._detail = ""
        self._state: State | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        current().changed.connect(self._look_changed)

    def show_fact(self, name: str, detail: str, state: State | None) -> None:
        """Say that ``name`` is in ``state``; without a state it is the helpdesk's number."""
        self._name, self._detail, self._state = name, detail, state
        self.setText(f"{name}: {detail}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().space(240), look().line(Type.STRONG) + look().space(12))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().space(160), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        here = look()
        colours = here.colours
        painter = QPainter(self)
        px = here.grow(20)
        place = QRectF(0, round((self.height() - px) / 2), px, px)
        if self._state is None:
            paint_icon(painter, place, "phone", colours.chrome_text2, "fill")
        else:
            style = STATES[self._state]
            paint_icon(painter, place, style.icon, colours.on_chrome[self._state], style.weight)
        left = px + here.space(12)
        rect = QRectF(left, 0, self.width() - left, self.height())
        detail = min(here.width(Type.META, self._detail), round(rect.width() * 0.6))
        draw_line(
            painter, rect.adjusted(0, 0, -detail - here.space(12), 0), self._name, Type.STRONG, colours.chrome_text
        )
        draw_line(
            painter,
            QRectF(rect.right() - detail, 0, detail, rect.height()),
            self._detail,
            Type.META,
            colours.chrome_text2,
            Align.AlignRight,
        )

    def _look_changed(self) -> None:
        self.updateGeometry()
        self.update()


class _Facts(QWidget):
    """The service rows beneath a hairline."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[FactRow] = []
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def show_facts(self, facts: list[tuple[str, str, State | None]]) -> None:
        """Show one row for each."""
        while len(self._rows) < len(facts):
            row = FactRow()
            self._column.addWidget(row)
            self._rows.append(row)
        for at, row in enumerate(self._rows):
            row.setVisible(at < len(facts))
            if at < len(facts):
                row.show_fact(*facts[at])

    def paintEvent(self, event: QPaintEvent) -> None:
        filled(QPainter(self), QRect(0, 0, self.width(), 1), look().colours.chrome_line)

    def _look_changed(self) -> None:
        self._column.setContentsMargins(0, look().space(10), 0, 0)


class InkPanel(Chrome):
    """The tall panel at the left."""

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self.setAccessibleName(word("sign_in.panel"))
        self._mark = Mark()
        self._time = Text("", Type.CLOCK, chrome_text1)
        self._date = Text("", Type.LEAD, chrome_text2)
        self._place = Text("", Type.LEAD, chrome_text2)
        self.terminal = Text("", Type.DISPLAY, chrome_text1)
        """This terminal's name, large enough to read out on the telephone; where a session stands behind."""
        self.terminal.hide()
        self._facts = _Facts()
        self._notices: NoticeRows | None = None
        self._letters: LettersBlock | None = None
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._column.addWidget(self._mark)
        self._column.addStretch(1)
        self._column.addWidget(self._time)
        self._column.addSpacing(4)
        self._column.addWidget(self._date)
        self._column.addWidget(self._place)
        self._column.addWidget(self.terminal)
        self._column.addStretch(2)
        self._column.addWidget(self._facts)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        clock.minute_changed.connect(self._show_time)
        current().changed.connect(self._look_changed)
        self._look_changed()
        self._show_time()

    def show_station(self, station: StationView, services: tuple[ServiceView, ...], held: Held | None = None) -> None:
        """Say where this is, what works, and whom to call; ``held``: whose session stands behind this screen."""
        self._mark.setText(station.force or word("app.name"))
        self.terminal.setVisible(held is not None)
        terminal = word("lock.terminal", terminal=station.terminal)
        if held is not None:
            self._place.setText(station.place)
            self.terminal.setText(terminal)
        elif station.place:
            self._place.setText(word("sign_in.place", place=station.place, terminal=station.terminal))
        else:
            self._place.setText(terminal)
        facts: list[tuple[str, str, State | None]] = [
            (service_name(service), _how(service), _STATE[service.health]) for service in services
        ]
        if held is not None:
            facts.insert(0, (held.name, held.detail, held.state))
        if station.helpdesk:
            facts.append((word("sign_in.helpdesk"), station.helpdesk, None))
        self._facts.show_facts(facts)
        self._fit_notices()

    def show_notices(self, notices: tuple[HubNoticeView, ...]) -> None:
        """Say what the force says here now, above what works."""
        if self._notices is None:
            if not notices:
                return
            from launcher.shell.hub.notice_rows import NoticeRows  # late: no first screen has any

            self._notices = NoticeRows()
            self._column.insertWidget(self._column.indexOf(self._facts), self._notices)
        self._notices.show_notices(notices)
        self._fit_notices()

    def show_letters(self, letters: LettersView | None, helpdesk: str) -> None:
        """Show letters to read to the helpdesk, beneath its number."""
        if self._letters is None:
            if letters is None:
                return
            from launcher.shell.hub.letters import LettersBlock  # late, as above

            self._letters = LettersBlock(on_chrome=True)
            self._column.addWidget(self._letters)
        self._letters.show_letters(letters, helpdesk)
        self._fit_notices()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_notices()

    def _fit_notices(self) -> None:
        """Leave notices the room that is over: what works and whom to call is not cut for them."""
        if self._notices is None:
            return
        margins = self._column.contentsMargins()
        width = self.width() - margins.left() - margins.right()
        rest: list[QWidget | None] = [self._mark, self._time, self._date, self._place, self._facts, self._letters]
        if not self.terminal.isHidden():
            rest.append(self.terminal)
        taken = sum(_height(one, width) for one in rest if one is not None and not one.isHidden())
        self._notices.fit(self.height() - margins.top() - margins.bottom() - taken - 4, width)

    def _show_time(self) -> None:
        self._time.setText(self._clock.time())
        self._date.setText(self._clock.date())

    def _look_changed(self) -> None:
        here = look()
        side = here.space(48)
        self._column.setContentsMargins(side, here.space(44), side, here.space(44))


def _height(widget: QWidget, width: int) -> int:
    return widget.heightForWidth(width) if widget.hasHeightForWidth() else widget.sizeHint().height()


def _how(service: ServiceView) -> str:
    how = state_word(_STATE[service.health])
    if not service.since or service.health == "ready":
        return how
    return word("service.since", state=how, time=f"{datetime.fromtimestamp(service.since).astimezone():%H:%M}")


class InkBand(Chrome):
    """The panel folded into a band: mark, place, clock."""

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._mark = Mark(role=Type.SECTION)
        self._time = Text("", _BAND_CLOCK, chrome_text1)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._mark)
        self._row.addStretch(1)
        self._row.addWidget(self._time)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        clock.minute_changed.connect(self._show_time)
        current().changed.connect(self._look_changed)
        self._look_changed()
        self._show_time()

    def show_station(self, station: StationView) -> None:
        """Say where this is."""
        self._mark.setText(word("sign_in.band_place", place=station.place, terminal=station.terminal).strip())

    def sizeHint(self) -> QSize:
        return QSize(look().space(640), look().touch(BAND_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().space(240), look().touch(BAND_HEIGHT))

    def _show_time(self) -> None:
        self._time.setText(self._clock.time())

    def _look_changed(self) -> None:
        here = look()
        self._row.setContentsMargins(here.space(28), 0, here.space(28), 0)
        self.updateGeometry()


_BAND_CLOCK = Role(52, 600, 60, growth=0.5)
