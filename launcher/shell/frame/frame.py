"""The launcher's own frame around every page: top bar, pages, status strip, focus ring and the keys of the frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from launcher.session.snapshot import Snapshot
from launcher.shell.frame.areas import Areas
from launcher.shell.frame.clock import Clock
from launcher.shell.frame.lock_key import LockKey
from launcher.shell.frame.loud import loud_of, time_to_lock
from launcher.shell.frame.notices import notice_next_step, notice_words
from launcher.shell.frame.notices_page import NoticesPage
from launcher.shell.frame.strip import StatusStrip
from launcher.shell.frame.strip_lines import WORST_KEY, Notice
from launcher.shell.frame.top_bar import TopBar, pressed
from launcher.shell.frame.worst import worst_of
from launcher.shell.hub.words import notice_text
from launcher.shell.look import FocusRing, Ground, State, current, look, word

if TYPE_CHECKING:
    from launcher.shell.frame.above import LoudAbove


class Frame(Ground):
    """The frame. Put pages into ``pages``; connect ``search_wanted`` and the signals of ``top_bar`` and ``strip``."""

    front_wanted = Signal()
    """The launcher is wanted in front of its programs."""
    search_wanted = Signal()
    """Ctrl K was pressed; the search field has the focus already."""

    def __init__(self, clock: Clock | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.top_bar = TopBar()
        self.pages = _Pages()
        self.strip = StatusStrip()
        self.clock = clock or Clock(parent=self)
        self._snapshot: Snapshot | None = None
        self._seen_notice = 0
        self._shown_loudly: frozenset[State] = frozenset()
        self._host_keys = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        column.addWidget(self.pages, 1)
        column.addWidget(self.strip)
        self.areas = Areas(self, (self.top_bar, self.pages.currentWidget, self.strip))
        self.ring = FocusRing(self)
        for keys, act in (
            ("F1", self.top_bar.help_wanted.emit),
            ("Shift+F12", self.top_bar.log_off.emit),
            ("F9", self.top_bar.you_wanted.emit),
            (WORST_KEY, self.strip.press_worst),
            ("Ctrl+K", self.go_to_search),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)
        self._helpdesk_key = QShortcut(QKeySequence(word("helpdesk.key")), self)
        self._helpdesk_key.activated.connect(self.top_bar.helpdesk_wanted)
        self._helpdesk_key.setEnabled(False)  # a page has the key where there is no panel
        QShortcut(QKeySequence("Alt+Home"), self).activated.connect(self._go_to_all_systems)
        self.lock_key = LockKey(self, self.top_bar.lock_wanted.emit)
        self._above: LoudAbove | None = None
        self._notices: NoticesPage | None = None
        self._left_for_notices: tuple[QWidget, bool] | None = None
        self.strip.past_wanted.connect(self.show_notices)
        self.strip.you_wanted.connect(self.top_bar.you_wanted)
        self.clock.minute_changed.connect(self._show_facts)
        self.clock.ticked.connect(self._show_loud)
        current().changed.connect(self._show_facts)

    def go_to_search(self) -> None:
        """Go to the search field and mark what stands there."""
        self.top_bar.search.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.top_bar.search.edit.selectAll()
        self.search_wanted.emit()

    def show_helpdesk(self, on: bool) -> None:
        """Offer the helpdesk's panel, and its key, to whoever has the role."""
        self._helpdesk_key.setEnabled(on)
        self.top_bar.show_helpdesk(on)

    def show_host_keys(self, family: str) -> None:
        """Say which keys lead to the frame while a host's terminal of this family has the plain ones; empty: none."""
        self._host_keys = family
        self.top_bar.show_host_keys(family)
        self.strip.show_worst_key(pressed(WORST_KEY, family))
        if self._snapshot is not None:
            self.draw(self._snapshot, self._shown_loudly)

    def draw(
        self,
        snapshot: Snapshot,
        shown_loudly: frozenset[State] = frozenset(),
        tab_keys: Mapping[str, str] | None = None,
    ) -> None:
        """Draw the frame's part of ``snapshot``.

        ``shown_loudly`` are the states the page itself shows loudly; ``tab_keys`` the shortcuts of systems' tabs.
        """
        before, self._snapshot = self._snapshot, snapshot
        self._shown_loudly = shown_loudly
        if before is None or before.officer != snapshot.officer:
            officer = snapshot.officer
            self.top_bar.show_officer(officer.number if officer else "", officer.name if officer else "")
        worst = worst_of(snapshot, shown_loudly)
        if worst.state is State.READY and snapshot.pin_digits and not snapshot.pin_set:
            worst = replace(worst, detail=word("you.offer_pin", press=pressed("F9", self._host_keys)))
        self.strip.show_worst(worst)
        # The page has the key where it shows loudly what needs its officer.
        own_key = State.NEEDS not in shown_loudly
        self.strip.show_way(pressed(WORST_KEY, self._host_keys) if own_key else word("strip.more"))
        for notice in snapshot.notices:
            if notice.id > self._seen_notice:
                self._seen_notice = notice.id
                key = (tab_keys or {}).get(notice.system, "")
                good = notice.what == "ready"
                step = notice_next_step(notice, snapshot)
                self.strip.add_notice(Notice(notice_words(notice, snapshot), notice.system, key, good, step))
        self._show_facts()

    def page_tells(self, system: str, host: str, title: str) -> None:
        """Show what a page tells of, as a notice that says whose it is."""
        said = word("notice.page", host=host, title=title) if title else word("notice.page-untitled", host=host)
        self.strip.add_notice(Notice(said, system, good=False))

    def show_notices(self) -> None:
        """Show the page of past notices; leaving it goes back to the page before."""
        if self._notices is None:
            self._notices = NoticesPage()
            self._notices.closed.connect(self._leave_notices)
            self._notices.system_wanted.connect(self.strip.system_wanted)
            self.pages.addWidget(self._notices)
        page = self.pages.currentWidget()
        if page is not None and page is not self._notices:
            self._left_for_notices = page, not self.top_bar.all_systems_button.isHidden()
        self.pages.setCurrentWidget(self._notices)
        self.top_bar.show_all_systems(True)
        standing = self._standing()
        self.strip.all_seen()
        self._notices.show_notices((*self.strip.past, *reversed(standing)))

    def _standing(self) -> tuple[Notice, ...]:
        """Return what the strip has no room for and what the force says now: they stand above what was told."""
        worst = self.strip.worst if self.strip.worst_line.is_cut else None
        told = map(notice_text, self._snapshot.hub_notices if self._snapshot is not None else ())
        said = dict.fromkeys((*([f"{worst.text} {worst.detail}".strip()] if worst is not None else []), *told))
        return tuple(Notice(one, good=False) for one in said)

    def _leave_notices(self) -> None:
        if self._left_for_notices is not None:
            page, way_back = self._left_for_notices
            self.pages.setCurrentWidget(page)
            self.top_bar.show_all_systems(way_back)
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_to_all_systems(self) -> None:
        if self.top_bar.all_systems_button.isVisible():
            self.top_bar.all_systems.emit()

    def _show_facts(self) -> None:
        if self._snapshot is None:
            return
        station = self._snapshot.station
        officer = self._snapshot.officer
        place = word("frame.terminal_place", terminal=station.terminal, place=station.place).strip()
        facts = [time_to_lock(self._snapshot), place, self.clock.time()]
        self.strip.show_officer(officer.number if look().large and officer is not None else "")
        self.strip.show_facts([fact for fact in facts if fact])
        self._show_loud()

    def hideEvent(self, event: QHideEvent) -> None:
        if self._above is not None:
            self._above.hide()
        super().hideEvent(event)

    def _show_loud(self) -> None:
        if self._snapshot is None or self._snapshot.stage != "signed-in":
            return
        loud = loud_of(self._snapshot, pressed(WORST_KEY, self._host_keys))
        self.strip.show_loud(loud, self.clock.time())
        if loud is not None and self._above is None:
            from launcher.shell.frame.above import LoudAbove  # late: no first screen is loud

            self._above = LoudAbove(self.window())
            self._above.wanted.connect(self._come_to_front)
        if self._above is not None:
            self._above.show_loud(loud if self.isVisible() else None, self.clock.time())

    def _come_to_front(self) -> None:
        # Not by this window itself: where the session does not answer, another's screen may stand in front of it.
        self.front_wanted.emit()
        if self._snapshot is not None and self._snapshot.locks_at is None:
            self.strip.loud_wanted.emit()


class _Pages(QStackedWidget):
    """The pages in their place. None of them makes the window larger than the screen: a page that is short scrolls."""

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 240)
