"""The launchpad: the card, the filters, the tiles, and the keys that move among them."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QVBoxLayout, QWidget

from launcher.session.commands import LaunchpadResponds, OpenMySystems, OpenSystem
from launcher.session.snapshot import Snapshot, SystemView
from launcher.shell.hub.elsewhere_card import ElsewhereCard
from launcher.shell.launchpad.acts import Acts
from launcher.shell.launchpad.choice import Column, Filter, counts, in_order
from launcher.shell.launchpad.choices import VIEWS, column_name
from launcher.shell.launchpad.keys import Keys
from launcher.shell.launchpad.menu import menu_of
from launcher.shell.launchpad.model import TileModel
from launcher.shell.launchpad.round import CardText, card_text, shown_until
from launcher.shell.launchpad.table import TileTable
from launcher.shell.launchpad.tile import Tile, spoken, tiles_differ, tiles_of, why
from launcher.shell.launchpad.tile_view import TileView
from launcher.shell.launchpad.top import Top
from launcher.shell.launchpad.views import Views, none_found
from launcher.shell.look import Ground, State, announce, current, look, pulse, word

MARGIN = 24
SAY_AFTER_MS = 500
"""How long after the last key the number of results is said, so that it does not talk over the keys."""


class Launchpad(Ground):
    """The page of all systems. ``search`` is the frame's search field: it keeps the focus while tiles are chosen."""

    command = Signal(object)
    """What the officer wants done: a value of launcher.session.commands."""

    notice_wanted = Signal(str)
    """What the force says of a system is to be shown: its id."""

    help_wanted = Signal(str)
    """Help is asked for: the reference of an error, or empty for the helpdesk."""

    went_back = Signal()
    """Esc was pressed with nothing typed: back to where the officer was."""

    loudness_changed = Signal()
    """``shown_loudly`` is another than it was, because tiles were scrolled, filtered or searched."""

    def __init__(self, search: QLineEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.search = search
        self.setAccessibleName(word("launchpad.page"))
        self._snapshot: Snapshot | None = None
        self._order: tuple[SystemView, ...] = ()
        self._ordered_of: tuple[object, object] = ((), ())
        self._tiles: dict[str, Tile] = {}
        self._card_text = CardText("nothing")
        self._responded = False
        self._beating = False
        self._need = 0
        self._failed: tuple[str, ...] = ()
        self._loud: frozenset[State] = frozenset()
        self.model = TileModel(self)
        self.acts = Acts(self)
        self.retries = self.acts.retries
        self._build()
        self._connect()
        self._look_changed()

    def _build(self) -> None:
        self.top = Top()
        self.card, self.choices, self.results = self.top.card, self.top.choices, self.top.results
        self.filters = self.choices.filters
        self.found, self.contain = self.results.found, self.results.contain
        self.folded, self.needs = self.results.folded, self.results.needs
        self.views = Views(self.model)
        self.tiles, self.table, self.empty = self.views.tiles, self.views.table, self.views.empty
        self.keys = Keys(self.search, self.views, self.acts, self)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self.top)
        self._column.addWidget(self.views, 1)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._typed)
        self.keys.went_back.connect(self.went_back)
        self.keys.needs_wanted.connect(self._go_to_needs)
        self.acts.command.connect(self.command)
        self.top.command.connect(self.command)
        self.acts.help_wanted.connect(self.help_wanted)
        self.acts.notice_wanted.connect(self.notice_wanted)
        self.acts.retrying.connect(self._redraw_tiles)
        self.card.open_mine.connect(self.open_mine)
        for button in (self.needs, self.card.needs):
            button.clicked.connect(self._go_to_needs)
        self.choices.filter_chosen.connect(self._filtered)
        self.choices.view_chosen.connect(self._view_chosen)
        self.choices.sort_chosen.connect(lambda column: self._sort(Column(column)))
        self.table.sort_wanted.connect(lambda column: self._sort(Column(column)))
        for view in (self.tiles, self.table):
            view.opened.connect(lambda row: self.acts.open(self.model.tile(row)))
            view.starred.connect(lambda row: self.acts.star(self.model.tile(row)))
            view.menu_wanted.connect(self._show_menu)
            view.painted.connect(self._painted)
            view.verticalScrollBar().valueChanged.connect(self._see_loudness)
        self.empty.cleared.connect(self._clear)
        self.empty.asked.connect(lambda: self.help_wanted.emit(""))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.open_mine)
        self.retries.over.connect(self._retried)
        self._say = QTimer(self)
        self._say.setSingleShot(True)
        self._say.setInterval(SAY_AFTER_MS)
        self._say.timeout.connect(self._say_results)
        self.keys.walked.connect(self._say.start)
        self._card_over = QTimer(self)
        self._card_over.setSingleShot(True)
        self._card_over.timeout.connect(self._draw_card)
        current().changed.connect(self._look_changed)

    # What others ask of it

    @property
    def shown_loudly(self) -> frozenset[State]:
        """The states that can be seen on this page in their loud form at this moment."""
        return self._loud

    @property
    def elsewhere(self) -> ElsewhereCard | None:
        """The card of another terminal, where there ever was something to say of one."""
        return self.top.elsewhere

    @property
    def view(self) -> TileView | TileTable:
        """The view of the systems that is chosen: tiles, compact tiles or the list."""
        return self.views.view

    def draw(self, snapshot: Snapshot) -> None:
        """Draw ``snapshot``."""
        before, self._snapshot = self._snapshot, snapshot
        if before is None or tiles_differ(before, snapshot):
            self._draw_tiles(snapshot)
        if before is None or before.systems != snapshot.systems or before.stage != snapshot.stage:
            self._show_page()
        self.top.draw_elsewhere(snapshot)
        self._draw_card()
        self._see_loudness()
        self.update()

    def focus_first(self) -> None:
        """Put the focus where a shift starts: on "Open my systems", or in the search field when there is no such."""
        if self.card.isVisibleTo(self) and self.card.button.isVisibleTo(self.card):
            self.card.button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_mine(self) -> None:
        """Open my systems, if some of them are not open."""
        if self._card_text.shows == "start":
            self.command.emit(OpenMySystems())

    # Drawing

    def _draw_tiles(self, snapshot: Snapshot) -> None:
        if self._ordered_of != (snapshot.systems, snapshot.my_systems):
            # Not at every change of a favourite: a tile must not jump away from under a finger.
            self._ordered_of = (snapshot.systems, snapshot.my_systems)
            self._order = in_order(snapshot)
        tiles = tiles_of(snapshot, self._order, self.retries.shown)
        self._tiles = {tile.id: tile for tile in tiles}
        current_id = self.views.current_id
        if self.model.set_tiles(tiles):
            self._rows_changed(keep=current_id)
        self.tiles.make_ahead()
        self._failed = tuple(tile.id for tile in tiles if tile.state is State.FAILED)
        self.choices.show_counts(counts(tiles))
        self._beat_while(any(tile.moving for tile in tiles))

    def _redraw_tiles(self) -> None:
        if self._snapshot is not None:
            self._draw_tiles(self._snapshot)
            self._draw_card()
            self._see_loudness()

    def _draw_card(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        text = card_text(snapshot, self._tiles)
        need = self._need = sum(tile.state is State.NEEDS for tile in self._tiles.values())
        # The application's: its own is what last had the focus here, also while another page has the keys.
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.card.isAncestorOf(focused)
        if text.shows != self._card_text.shows and text.shows == "finished":
            announce(self, f"{text.heading}. {text.line}")
        self._card_text = text
        self.card.say(text, [self._tiles[system] for system in text.systems if system in self._tiles], need)
        self.folded.say(text)
        self.results.say_needs(need)
        self._show_top()
        if had_focus and text.shows != "start" and not self.needs.hasFocus():
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        until = shown_until(snapshot)
        if text.shows == "finished" and until is not None:
            self._card_over.start(max(1, round((until - time.monotonic()) * 1000) + 50))

    def _show_top(self) -> None:
        self.top.show_parts(
            self._card_text,
            searching=self._searching(),
            has_systems=bool(self._tiles),
            need=self._need,
            height=self.height(),
        )
        self._fit_results()
        # Now, not at the next turn of the loop: the tiles would be painted twice.
        self._column.activate()

    def _show_page(self) -> None:
        if self.model.rowCount() or self._snapshot is None:
            self.views.show_chosen()
            return
        had_focus = self.view.hasFocus()
        searched = self.search.text().strip()
        self.views.show_empty(searched=searched, chosen=Filter(self.filters.index), any_at_all=bool(self._tiles))
        if had_focus:
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _beat_while(self, moving: bool) -> None:
        if moving == self._beating:
            return
        self._beating = moving
        if moving:
            # The segments are small: the pulse repaints them, we the tiles in motion.
            pulse().watch(self.card.segments)
            pulse().ticked.connect(self._beat)
        else:
            pulse().unwatch(self.card.segments)
            pulse().ticked.disconnect(self._beat)

    def _beat(self) -> None:
        if not self.isVisible() or self._snapshot is None:
            return
        for tile in self._tiles.values():
            if tile.moving and (row := self.model.row_of(tile.id)) is not None:
                self.view.repaint_row(row)
        if self._card_text.shows == "running":
            text = card_text(self._snapshot, self._tiles)
            self.card.beat(text)
            self.folded.say(text)
            # "9 s left" is shorter than "1 min 10 s so far": what stands beside it must not pay for that.
            self._fit_results()

    # Searching and choosing

    def _searching(self) -> bool:
        return bool(self.search.text().strip())

    def _typed(self, text: str) -> None:
        self.model.search(text)
        self.views.forget_current()
        if self._searching():
            self.results.say_typed(text.strip())
        self._show_top()
        self._rows_changed(first=self._searching())
        self._say.start()

    def _filtered(self, index: int) -> None:
        self.model.filter(Filter(index))
        self._rows_changed()
        self._say.start()

    def _view_chosen(self, index: int) -> None:
        keep = self.views.current_id
        self.views.choose(in_list=self.choices.in_list, compact=index == VIEWS.index("compact"))
        self._rows_changed(keep=keep)

    def _sort(self, column: Column) -> None:
        keep = self.views.current_id
        way = word("launchpad.down" if self.views.sort(column) else "launchpad.up")
        self.choices.show_sorted(column)
        self._rows_changed(keep=keep)
        announce(self.table, f"{word('launchpad.sorted', column=column_name(column))}, {way}")

    def _rows_changed(self, *, keep: str = "", first: bool = False) -> None:
        self.views.forget_current()
        self._show_page()
        self.views.rows_changed(keep=keep, first=first)
        self._see_loudness()

    def _say_results(self) -> None:
        if not self.isVisible():
            return
        count = self.model.rowCount()
        said = word("launchpad.count", count=count) if count else none_found(self.search.text())
        if (tile := self.views.current_tile) is not None:
            said = f"{said}. {spoken(tile)}"
        announce(self.search, said)

    def _clear(self) -> None:
        if self._searching():
            self.search.clear()
        else:
            self.filters.choose(Filter.ALL)
            self._filtered(Filter.ALL)
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    # What the officer does with a tile

    def _retried(self, system: str) -> None:
        self._redraw_tiles()
        tile = self._tiles.get(system)
        if tile is not None and tile.state is State.FAILED and self.isVisible():
            announce(self.view, f"{spoken(tile)}. {why(tile)}")

    def _go_to_needs(self) -> None:
        for tile in self._tiles.values():
            if tile.state is State.NEEDS:
                self.command.emit(OpenSystem(tile.id))
                return

    def _show_menu(self, row: int, at: QPoint) -> None:
        self.view.set_current(row)
        self.menu_of(self.model.tile(row)).popup(at)

    def menu_of(self, tile: Tile) -> QMenu:
        """Return the menu of a tile."""
        return menu_of(tile, self.acts, self)

    # Keys

    def event(self, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.keys.override(event):
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.keys.press(event, in_search=False) and not self.keys.letter(event):
            super().keyPressEvent(event)

    # Being seen

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous() and self.search.text():
            self.search.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.elsewhere is not None:
            self._show_top()
        self._fit_results()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._painted()

    def _painted(self) -> None:
        snapshot = self._snapshot
        if self._responded or snapshot is None or snapshot.stage != "signed-in" or not self.isVisible():
            return
        self._responded = True
        # Once this paint is over and the loop takes events again.
        QTimer.singleShot(0, self, lambda: self.command.emit(LaunchpadResponds()))

    def _see_loudness(self) -> None:
        seen: set[State] = set()
        if self._need:
            seen.add(State.NEEDS)
        if self._failed and set(self._failed) <= set(self.model.shown(self.view.rows_in_sight())):
            seen.add(State.FAILED)
        # F8 is the strip's key for the worst thing it shows; the amber button has it when the strip does not.
        leads = self.keys.lead_to_needs = bool(self._need) and (not self._failed or State.FAILED in seen)
        if self._searching():
            if self.results.show_key(leads):
                self._fit_results()
        else:
            self.card.show_key(leads)
        loud = frozenset(seen)
        if loud != self._loud:
            self._loud = loud
            self.loudness_changed.emit()

    def _fit_results(self) -> None:
        self.results.fit(self.model.rowCount(), len(self._tiles), self.width() - 2 * MARGIN)

    def _look_changed(self) -> None:
        here = look()
        self._column.setContentsMargins(0, here.space(10), 0, 0)
        self._column.setSpacing(here.space(11) - here.space(10) // 2)
        self.top.setContentsMargins(MARGIN, 0, MARGIN, 0)
        self.top.setSpacing(here.space(12))
        self.views.keep_margins(MARGIN)
        self._fit_results()
