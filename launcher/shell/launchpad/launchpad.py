"""The launchpad: the card, the filters, the tiles, and the keys that move among them."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QStackedWidget, QVBoxLayout, QWidget

from launcher.session.commands import (
    CloseSystem,
    LaunchpadResponds,
    OpenMySystems,
    OpenSystem,
    RetrySystem,
    SetFavourite,
)
from launcher.session.snapshot import Snapshot, SystemView
from launcher.shell.launchpad.card import FoldedCard, ShiftCard, needs_button
from launcher.shell.launchpad.choice import Column, Filter, counts, in_order
from launcher.shell.launchpad.choices import VIEWS, Choices, column_name
from launcher.shell.launchpad.empty import Empty
from launcher.shell.launchpad.forms import GAP
from launcher.shell.launchpad.menu import Acts, menu_of
from launcher.shell.launchpad.model import TileModel
from launcher.shell.launchpad.retries import Retries
from launcher.shell.launchpad.round import CardText, card_text, shown_until
from launcher.shell.launchpad.table import TileTable
from launcher.shell.launchpad.tile import Tile, spoken, tile_of, why
from launcher.shell.launchpad.tile_view import TileView
from launcher.shell.look import (
    Ground,
    State,
    Text,
    Type,
    announce,
    current,
    look,
    pulse,
    scrolling,
    text2,
    word,
)

MARGIN = 24
SAY_AFTER_MS = 500
"""How long after the last key the number of results is said, so that it does not talk over the keys."""

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PLAIN = Qt.KeyboardModifier.NoModifier
_CTRL = Qt.KeyboardModifier.ControlModifier


class Launchpad(Ground):
    """The page of all systems. ``search`` is the frame's search field: it keeps the focus while tiles are chosen."""

    command = Signal(object)
    """What the officer wants done: a value of launcher.session.commands."""

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
        self._leads_to_needs = True
        self._failed: tuple[str, ...] = ()
        self._loud: frozenset[State] = frozenset()
        self.retries = Retries(self)
        self.model = TileModel(self)
        self._build()
        self._connect()
        self._look_changed()

    def _build(self) -> None:
        self.card = ShiftCard()
        self.choices = Choices()
        self.filters = self.choices.filters
        self.found = Text("", Type.SECTION)
        self.contain = Text("", Type.LEAD, text2)
        self.folded = FoldedCard()
        self.needs = needs_button()
        self.tiles = TileView(self.model)
        self.table = TileTable(self.model)
        self.empty = Empty()
        self.stack = QStackedWidget()
        self._tiles_page, self._table_page, self._empty_page = (
            self._add_page(view) for view in (self.tiles, self.table, scrolling(self.empty))
        )
        self._results = QHBoxLayout()
        self._results.addWidget(self.found)
        self._results.addWidget(self.contain)
        self._results.addStretch(1)
        self._results.addWidget(self.folded)
        self._results.addWidget(self.needs)
        self.results = QWidget()
        self.results.setLayout(self._results)
        self._top = QVBoxLayout()
        self._top.addWidget(self.card)
        self._top.addWidget(self.choices)
        self._top.addWidget(self.results)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._top)
        self._column.addWidget(self.stack, 1)
        self.card.hide()
        self.results.hide()

    def _add_page(self, view: QWidget) -> QVBoxLayout:
        page = QWidget()
        column = QVBoxLayout(page)
        column.addWidget(view)
        self.stack.addWidget(page)
        return column

    def _connect(self) -> None:
        self.search.textChanged.connect(self._typed)
        self.search.installEventFilter(self)
        self.card.open_mine.connect(self.open_mine)
        for button in (self.needs, self.card.needs):
            button.clicked.connect(self._go_to_needs)
        self.choices.filter_chosen.connect(self._filtered)
        self.choices.view_chosen.connect(self._view_chosen)
        self.choices.sort_chosen.connect(lambda column: self._sort(Column(column)))
        self.table.sort_wanted.connect(lambda column: self._sort(Column(column)))
        for view in (self.tiles, self.table):
            view.opened.connect(self._open_row)
            view.starred.connect(self._star_row)
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
    def view(self) -> TileView | TileTable:
        """The view of the systems that is chosen: tiles, compact tiles or the list."""
        return self.table if self.choices.in_list else self.tiles

    def draw(self, snapshot: Snapshot) -> None:
        """Draw ``snapshot``."""
        before, self._snapshot = self._snapshot, snapshot
        if before is None or _looks_other(before, snapshot):
            self._draw_tiles(snapshot)
        if before is None or before.systems != snapshot.systems or before.stage != snapshot.stage:
            self._show_page()
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
        launches = {launch.system: self.retries.shown(launch) for launch in snapshot.launches}
        mine = frozenset(snapshot.my_systems)
        tiles = [
            tile_of(
                system,
                launches.get(system.id),
                favourite=system.id in snapshot.favourites,
                mine=system.id in mine,
            )
            for system in self._order
        ]
        self._tiles = {tile.id: tile for tile in tiles}
        current_id = self._current_id()
        if self.model.set_tiles(tiles):
            self._rows_changed(keep=current_id)
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
        had_focus = self.card.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        if text.shows != self._card_text.shows and text.shows == "finished":
            announce(self, f"{text.heading}. {text.line}")
        self._card_text = text
        self.card.say(text, [self._tiles[system] for system in text.systems if system in self._tiles], need)
        self.folded.say(text)
        self.needs.setVisible(need > 0)
        if need:
            self.needs.setText(word("launchpad.need", count=need))
        self._show_top()
        if had_focus and text.shows != "start" and not self.needs.hasFocus():
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        until = shown_until(snapshot)
        if text.shows == "finished" and until is not None:
            self._card_over.start(max(1, round((until - time.monotonic()) * 1000) + 50))

    def _show_top(self) -> None:
        searching = self._searching()
        has_systems = bool(self._tiles)
        self.card.setVisible(not searching and has_systems and (self._card_text.shows != "nothing" or self._need > 0))
        self.choices.setVisible(not searching and has_systems)
        self.results.setVisible(searching and has_systems)
        self.folded.setVisible(self._card_text.shows in ("running", "finished"))
        self._fit_results()
        # Now, not at the next turn of the loop: the tiles would be painted twice.
        self._column.activate()

    def _show_page(self) -> None:
        empty = self.model.rowCount() == 0
        page: TileView | TileTable | Empty = self.empty if empty and self._snapshot is not None else self.view
        if empty:
            self._say_empty()
        had_focus = self.view.hasFocus()
        self.stack.setCurrentIndex((self.tiles, self.table, self.empty).index(page))
        if had_focus and page is self.empty:
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say_empty(self) -> None:
        if not self._tiles:
            self.empty.say(word("launchpad.no_systems"), word("launchpad.no_systems_hint"))
        elif self._searching():
            self.empty.say(
                word("launchpad.none_found", text=self.search.text().strip()),
                word("launchpad.none_found_hint"),
                word("launchpad.clear"),
            )
        else:
            key = {Filter.MINE: "none_mine", Filter.OPEN: "none_open", Filter.NEEDS: "none_needs"}
            name = key.get(Filter(self.filters.index), "no_systems")
            self.empty.say(word(f"launchpad.{name}"), word(f"launchpad.{name}_hint"), word("launchpad.show_all"))

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
        self._rows_changed(first=self._searching())
        if self._searching():
            self.contain.setText(word("launchpad.contain", text=text.strip()))
        self._show_top()
        self._say.start()

    def _filtered(self, index: int) -> None:
        self.model.filter(Filter(index))
        self._rows_changed()
        self._say.start()

    def _view_chosen(self, index: int) -> None:
        keep = self._current_id()
        self.tiles.set_compact(index == VIEWS.index("compact"))
        if self.choices.in_list:
            column, descending = self.table.header.sorted
            self.model.sort_by(column, descending=descending)
        else:
            self.model.sort_by(None)
        self._rows_changed(keep=keep)

    def _sort(self, column: Column) -> None:
        before, descending = self.table.header.sorted
        keep = self._current_id()
        self.table.show_sorted(column, descending=column is before and not descending)
        self.model.sort_by(column, descending=self.table.header.sorted[1])
        self.choices.show_sorted(column)
        self._rows_changed(keep=keep)
        way = word("launchpad.down" if self.table.header.sorted[1] else "launchpad.up")
        announce(self.table, f"{word('launchpad.sorted', column=column_name(column))}, {way}")

    def _rows_changed(self, *, keep: str = "", first: bool = False) -> None:
        self.tiles.forget_current()
        self.table.forget_current()
        self._show_page()
        row = self.model.row_of(keep) if keep else None
        if row is None and (first or self.view.hasFocus()) and self.model.rowCount():
            row = 0
        if row is not None:
            self.view.set_current(row)
        elif self.model.rowCount():
            self.view.scrollToTop()
        self.view.lay_out()
        self._see_loudness()

    def _current_id(self) -> str:
        # Of the view that is chosen, or of the one that was until now.
        row = max(self.tiles.current_row, self.table.current_row)
        return self.model.tile(row).id if 0 <= row < self.model.rowCount() else ""

    def _say_results(self) -> None:
        if not self.isVisible():
            return
        count = word("launchpad.count", count=self.model.rowCount())
        said = word("launchpad.none_found", text=self.search.text().strip()) if not self.model.rowCount() else count
        if (row := self.view.current_row) >= 0:
            said = f"{said}. {spoken(self.model.tile(row))}"
        announce(self.search, said)

    def _clear(self) -> None:
        if self._searching():
            self.search.clear()
        else:
            self.filters.choose(Filter.ALL)
            self._filtered(Filter.ALL)
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    # What the officer does with a tile

    def _open_row(self, row: int) -> None:
        self._open(self.model.tile(row))

    def _open(self, tile: Tile) -> None:
        if tile.state is not State.FAILED:
            self.command.emit(OpenSystem(tile.id))
            return
        self.retries.begin(tile.id)
        self._redraw_tiles()
        self.command.emit(RetrySystem(tile.id))

    def _show_why(self, row: int) -> None:
        tile = self.model.tile(row)
        if tile.state is State.FAILED:
            self._show(tile)

    def _show(self, tile: Tile) -> None:
        # Its tab holds the error, the ways on and the page.
        self.command.emit(OpenSystem(tile.id))

    def _retried(self, system: str) -> None:
        self._redraw_tiles()
        tile = self._tiles.get(system)
        if tile is not None and tile.state is State.FAILED and self.isVisible():
            announce(self.view, f"{spoken(tile)}. {why(tile)}")

    def _star_row(self, row: int) -> None:
        self._star(self.model.tile(row))

    def _star(self, tile: Tile) -> None:
        self.command.emit(SetFavourite(tile.id, not tile.favourite))

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
        acts = Acts(
            open=self._open,
            show=self._show,
            close=lambda each: self.command.emit(CloseSystem(each.id)),
            star=self._star,
            help=self.help_wanted.emit,
        )
        return menu_of(tile, acts, self)

    # Keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.search or not self.isVisible():
            return super().eventFilter(watched, event)
        kind = event.type()
        if kind in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            focused = kind is QEvent.Type.FocusIn
            self.tiles.mark_current(focused)
            self.table.mark_current(focused)
        elif kind is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._overrides(event):
            event.accept()
            return True
        elif kind is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._key(event, in_search=True):
            return True
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._overrides(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._key(event, in_search=False):
            return
        text = event.text()
        if text and text.isprintable() and not event.modifiers() & (_CTRL | Qt.KeyboardModifier.AltModifier):
            # Whatever has the focus on this page: letters search.
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)
            self.search.insert(text)
            return
        super().keyPressEvent(event)

    def _overrides(self, event: QKeyEvent) -> bool:
        """Say whether the key means something here that a shortcut of the frame must not take."""
        return event.key() == Qt.Key.Key_F8 and self._leads_to_needs

    def _key(self, event: QKeyEvent, *, in_search: bool) -> bool:
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_F8 and self._leads_to_needs:
            self._go_to_needs()
            return True
        if key == Qt.Key.Key_D and modifiers == _CTRL:
            if self.view.current_row >= 0:
                self._star_row(self.view.current_row)
            return True
        if key == Qt.Key.Key_I and modifiers == _CTRL:
            if self.view.current_row >= 0:
                self._show_why(self.view.current_row)
            return True
        if modifiers != _PLAIN:
            return False
        if key in _ENTER and (in_search or self.view.hasFocus()):
            if self.view.current_row >= 0 and self.view.isVisible():
                self._open_row(self.view.current_row)
            return True
        if key == Qt.Key.Key_Escape:
            if self.search.text():
                self.search.clear()
            else:
                self.went_back.emit()
            return True
        if self.view.isVisible() and self.view.step(key):
            if in_search:
                self._say.start()
            return True
        return self._home_or_end(key) if not in_search else False

    def _home_or_end(self, key: int) -> bool:
        count = self.model.rowCount()
        if not self.view.hasFocus() or not count or key not in (Qt.Key.Key_Home, Qt.Key.Key_End):
            return False
        self.view.set_current(0 if key == Qt.Key.Key_Home else count - 1)
        return True

    # Being seen

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous() and self.search.text():
            self.search.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
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
        rows = [self.model.row_of(system) for system in self._failed]
        if rows and all(row is not None and self.view.in_sight(row) for row in rows):
            seen.add(State.FAILED)
        # F8 is the strip's key for the worst thing it shows; the amber button has it when the strip does not.
        leads = bool(self._need) and (not rows or State.FAILED in seen)
        if leads is not self._leads_to_needs:
            self._leads_to_needs = leads
            self.card.show_key(leads)
            self.needs.set_key(word("launchpad.key_needs") if leads else "")
        loud = frozenset(seen)
        if loud != self._loud:
            self._loud = loud
            self.loudness_changed.emit()

    def _fit_results(self) -> None:
        """Say how many were found as fully as there is room for."""
        here = look()
        found, count = self.model.rowCount(), len(self._tiles)
        room = self.width() - 2 * MARGIN - 3 * self._results.spacing()
        room -= self.needs.sizeHint().width() if not self.needs.isHidden() else 0
        short = word("launchpad.found_short", found=found, count=count)
        said = word("launchpad.found", found=found, systems=word("launchpad.count", count=count))
        if not self.folded.isHidden():
            room -= self.folded.fit(room - here.width(Type.SECTION, short) - 1)
        if here.large or here.width(Type.SECTION, said) >= room:
            said = short
        self.found.setText(said)
        room -= here.width(Type.SECTION, said)
        self.contain.setVisible(not here.large and room > here.width(Type.LEAD, self.contain.text()))

    def _look_changed(self) -> None:
        here = look()
        self._column.setContentsMargins(0, here.space(10), 0, 0)
        self._column.setSpacing(here.space(11) - here.space(10) // 2)
        self._top.setContentsMargins(MARGIN, 0, MARGIN, 0)
        self._top.setSpacing(here.space(12))
        # The cells reach half a gap beyond their tiles; the scroll bar stands in the page's margin.
        half = here.space(GAP) // 2
        bar = self.tiles.verticalScrollBar().sizeHint().width()
        right = max(0, MARGIN - half - bar - 1)
        self._tiles_page.setContentsMargins(MARGIN - half, 0, right, 0)
        self._table_page.setContentsMargins(MARGIN, 0, right, 0)
        self._empty_page.setContentsMargins(MARGIN, 0, MARGIN, 0)
        self.table.set_spare(max(0, MARGIN - right - bar))
        self._results.setContentsMargins(0, 0, 0, 0)
        self._results.setSpacing(here.space(12))
        self.results.setMinimumHeight(here.touch(48))
        self._fit_results()


def _looks_other(before: Snapshot, now: Snapshot) -> bool:
    return (
        before.systems is not now.systems
        or before.launches is not now.launches
        or before.favourites is not now.favourites
        or before.my_systems is not now.my_systems
    )
