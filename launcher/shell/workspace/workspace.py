"""The workspace: tabs on ink, the origin bar, and the page of the current tab."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from launcher.session.commands import BringForward, CloseSystem, FunctionKeys, OpenSystem, RetrySystem
from launcher.session.snapshot import LaunchView, Snapshot, SystemView
from launcher.shell.look import LAUNCH_STATES, State, current, look, word
from launcher.shell.surfaces.terminals import signed_on_as
from launcher.shell.surfaces.web_surfaces import WebSurfaces
from launcher.shell.workspace.opening import ready_in
from launcher.shell.workspace.origin_bar import Origin, OriginBar
from launcher.shell.workspace.page_acts import PageActs
from launcher.shell.workspace.page_place import PagePlace
from launcher.shell.workspace.tab_page import TabPage
from launcher.shell.workspace.tabs import TabRow, TabView

_NUMBERED = 9


class Workspace(QWidget):
    """Draws the open systems of a snapshot. Which tab is current and their order are the screen's own."""

    command = Signal(object)
    """Carries a launcher.session.commands.Command; OpenSystem asks to show a tab from another page."""

    help_wanted = Signal(str)
    """Carries an error's reference, or nothing."""

    timings_wanted = Signal()
    faults_changed = Signal()
    """A page that was ready has met a fault, or is past it."""
    host_has_keys = Signal(str)
    """The family of the terminal that has the keys from now on; empty: none has."""
    looked = Signal(str)
    """The officer has turned to the tab of this system, while this page is in front."""

    def __init__(self, surfaces: WebSurfaces, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("workspace")
        self.setAccessibleName(word("workspace.name"))
        self._surfaces = surfaces
        self._snapshot: Snapshot | None = None
        self._order: list[str] = []
        self._current = ""
        self._wanted = ""  # shown as soon as its tab is there
        self._left = ""  # closed by the officer from here, until its tab is gone
        self._pages: dict[str, TabPage] = {}
        self._lent: dict[str, str] = {}  # which system's page holds the widget of a surface
        self.tabs = TabRow()
        self.bar = OriginBar()
        self.bar.hide()
        self.pages = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self.bar)
        column.addWidget(self.pages, 1)
        self.acts = PageActs(surfaces, self, self._page_in_front, self._reload, self.help_wanted.emit)
        self._window_keys: QWidget | None = None
        self._connect()
        self._give_room()

    def draw(self, snapshot: Snapshot) -> None:
        """Draw the tabs of ``snapshot`` and the current one's page."""
        before_it, self._snapshot = self._snapshot, snapshot
        self._install_keys()
        self._surfaces.know_links({place: one.id for one in snapshot.systems for place in one.places})
        before, had_keys = self._order, self._has_keys()
        self._order = [one for one in before if one in snapshot.tabs]
        self._order += [one for one in snapshot.tabs if one not in self._order]
        for gone in [one for one in self._pages if one not in snapshot.tabs]:
            page = self._pages.pop(gone)
            page.give_back()
            self.pages.removeWidget(page)
            page.deleteLater()
        came = self._wanted in self._order
        if came:
            self._current, self._wanted = self._wanted, ""
        elif self._current not in self._order:
            had_keys = had_keys or self._current == self._left
            self._current, self._left = self._neighbour(before), ""
            self._refresh()
            forward = self._pages.get(self._current)
            if forward is not None and had_keys and self.isVisible():
                # The keys went with the tab: they belong to the one that came forward, not to the frame.
                forward.focus_content()
            self._say_looked_at()
            return
        self._refresh()
        if came and self.isVisible() and (wanted := self._pages.get(self._current)) is not None:
            wanted.focus_content()  # it was asked for, from wherever the keys were
            self._say_looked_at()
        if self.isVisible() and not _runs(before_it, self._current):
            self._bring_forward(self._current)

    def show_system(self, system: str) -> None:
        """Make a system's tab the current one, at once or as soon as it is there, and give it the keys."""
        if system in self._order:
            self._choose(system)
            self._bring_forward(system)
        else:
            self._wanted = system

    @property
    def current_system(self) -> str:
        """The system whose tab is current, or "" when none is open."""
        return self._current

    @property
    def looked_at(self) -> str:
        """The system the officer has chosen to see, open already or not."""
        return self._wanted or self._current

    @property
    def tab_keys(self) -> Mapping[str, str]:
        """The shortcut of each tab that has one."""
        return {one: word("workspace.key_tab", number=n) for n, one in enumerate(self._order[:_NUMBERED], start=1)}

    def page_of(self, system: str) -> TabPage | None:
        """Return a system's page."""
        return self._pages.get(system)

    def close_current(self) -> None:
        """Close the current tab, after asking when something would be lost."""
        self._close(self._current)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_room()

    def showEvent(self, event: object) -> None:
        """Draw what came while another page was in front."""
        self._refresh()
        page = self._pages.get(self._current)
        if self._wanted:
            self._focus_tab()  # what is typed before the wanted one is there is not meant for the one that is
        elif page is not None:
            page.focus_content()

    # --- drawing

    def _refresh(self) -> None:
        if self._snapshot is None:
            return
        self.tabs.draw([view for one in self._order if (view := self._tab_view(one)) is not None], self._current)
        launch, system = self._snapshot.launch(self._current), self._snapshot.system(self._current)
        self.bar.setVisible(launch is not None and system is not None)
        if launch is None or system is None:
            return
        self.bar.draw(self._origin(launch, system))
        page = self._pages.get(self._current) or self._make(self._current)
        widget = self._surfaces.widget(launch.surface) if launch.surface else None
        if widget is not None:
            self._lent[launch.surface] = self._current
            self._surfaces.terminals.tell(launch)
        row = self._surfaces.row(launch.surface) if launch.surface else None
        page.place.windows.draw(row.views() if row is not None else ())
        page.draw(launch, system, widget, self._surfaces.fault(launch.surface) if launch.surface else None)
        self.pages.setCurrentWidget(page)
        self.acts.follow()

    def with_faults(self, snapshot: Snapshot) -> Snapshot:
        """Return the picture with a page that has met a fault, which only the screen knows of, as failed."""
        launches = tuple(
            replace(launch, state="failed") if self._is_at_fault(launch) else launch for launch in snapshot.launches
        )
        return replace(snapshot, launches=launches)

    def _is_at_fault(self, launch: LaunchView) -> bool:
        return launch.state == "ready" and bool(launch.surface) and self._surfaces.fault(launch.surface) is not None

    def _fault_changed(self) -> None:
        self._refresh()
        self.faults_changed.emit()

    def _tab_view(self, system: str) -> TabView | None:
        entry = self._snapshot.system(system) if self._snapshot is not None else None
        launch = self._snapshot.launch(system) if self._snapshot is not None else None
        if entry is None or launch is None:
            return None
        state = State.FAILED if self._is_at_fault(launch) else LAUNCH_STATES[launch.state]
        return TabView(system, entry.name, state)

    def _origin(self, launch: LaunchView, system: SystemView) -> Origin:
        host = self._surfaces.host(launch.surface) if launch.surface else ""
        windows = self._surfaces.windows(launch.surface) if launch.surface else None
        as_whom = signed_on_as(launch)
        return Origin(
            name=system.name,
            hue=system.hue,
            icon=system.icon,
            kind=system.kind,
            host=host or system.host,
            signed_on=word("workspace.signed_on_as", name=as_whom) if as_whom else "",
            ready=ready_in(launch, system),
            can_go=windows.front.can_go if windows is not None else None if launch.surface else (False, False),
            is_page=system.kind == "web",
            can_reload=bool(launch.surface) or launch.state == "failed",
            reload=word("terminal.face.again" if system.kind == "terminal" else "workspace.reload"),
        )

    # --- acts

    def _make(self, system: str) -> TabPage:
        page = TabPage(system, self.bar)
        page.command.connect(self.command)
        page.help_wanted.connect(self.help_wanted)
        page.reload_wanted.connect(self._reload)
        page.dismissed.connect(self._dismiss)
        page.nothing_to_do.connect(self._focus_tab)
        self.acts.take(system, page)
        page.window_wanted.connect(lambda: self._bring_forward(system))
        self._pages[system] = page
        self.pages.addWidget(page)
        return page

    def _choose(self, system: str) -> None:
        self._current = system
        self._refresh()
        page = self._pages.get(system)
        if page is not None and self.isVisible():
            page.focus_content()
        self._say_looked_at()

    def _bring_forward(self, system: str) -> None:
        """Have the windows of a system's own program in front: a full screen has no other way to them."""
        if _runs(self._snapshot, system):
            self.command.emit(BringForward(system))

    def _say_looked_at(self) -> None:
        """Say it while this page is in front; whoever brings it to the front says it then."""
        if self.isVisible():
            self.looked.emit(self._current)

    def _choose_by_tab(self, system: str) -> None:
        self._current = system
        self._refresh()
        page, tab = self._pages.get(system), self.tabs.tab(system)
        if page is not None and not (tab is not None and tab.hasFocus()):
            page.focus_content()
        self._say_looked_at()

    def _choose_number(self, number: int) -> None:
        if number <= len(self._order):
            self._go_to(self._order[number - 1])

    def _go_to(self, system: str) -> None:
        if self.isVisible():
            self._choose(system)
            self._bring_forward(system)
        else:
            self.command.emit(OpenSystem(system))

    def _step(self, step: int) -> None:
        if self._current in self._order:
            self._go_to(self._order[(self._order.index(self._current) + step) % len(self._order)])

    def _move(self, system: str, step: int) -> None:
        at = self._order.index(system)
        to = min(max(0, at + step), len(self._order) - 1)
        self._order.insert(to, self._order.pop(at))
        self._refresh()

    def _close(self, system: str) -> None:
        launch = self._snapshot.launch(system) if self._snapshot is not None else None
        if launch is None:
            return
        edited = launch.unsent or (bool(launch.surface) and self._surfaces.is_edited(launch.surface))
        if not edited and not launch.running:
            self._left = system
            self.command.emit(CloseSystem(system))
            return
        self._choose(system)
        page = self._pages.get(system)
        if page is not None:
            page.ask_to_close(running=launch.running)

    def _page_in_front(self) -> tuple[str, PagePlace] | None:
        """Return the surface of the page that is looked at, and where it stands."""
        launch = self._snapshot.launch(self._current) if self._snapshot is not None else None
        page = self._pages.get(self._current)
        if launch is None or page is None or not page.shows_page or launch.surface in self._surfaces.terminals:
            return None
        return launch.surface, page.place

    def _has_keys(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def _focus_tab(self) -> None:
        tab = self.tabs.tab(self._current)
        if tab is not None:
            tab.setFocus(Qt.FocusReason.OtherFocusReason)

    def _reload(self) -> None:
        launch = self._snapshot.launch(self._current) if self._snapshot is not None else None
        if launch is None:
            return
        page = self._pages.get(self._current)
        if launch.unsent and page is not None:
            page.ask_to_connect_again()
        elif launch.state == "failed" or not launch.surface or launch.surface in self._surfaces.terminals:
            self.command.emit(RetrySystem(self._current))
        else:
            self._surfaces.reload(launch.surface)

    def _dismiss(self) -> None:
        launch = self._snapshot.launch(self._current) if self._snapshot is not None else None
        if launch is not None and launch.surface:
            self._surfaces.dismiss(launch.surface)
        self._refresh()

    def ask_help(self) -> None:
        """Ask for the help page of the fault the current tab is in, or for the help's beginning."""
        launch = self._snapshot.launch(self._current) if self._snapshot is not None else None
        fault = self._surfaces.fault(launch.surface) if launch is not None and launch.surface else None
        error = fault or (launch.error if launch is not None else None)
        self.help_wanted.emit(error.reference if error is not None else "")

    def _neighbour(self, before: list[str]) -> str:
        """Return the tab beside the one that went, as it stood before."""
        if not self._order:
            return ""
        if self._current not in before:
            return self._order[0]
        at = before.index(self._current)
        after = [one for one in before[at:] if one in self._order]
        return after[0] if after else self._order[-1]

    def _surface_closed(self, surface: str) -> None:
        page = self._pages.get(self._lent.pop(surface, ""))
        if page is not None:
            page.give_back()

    def _give_room(self) -> None:
        size = self.size()
        size.setHeight(max(200, size.height() - self.tabs.sizeHint().height() - self.bar.height()))
        self._surfaces.give_room(size, look().scale)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._choose_by_tab)
        self.tabs.entered.connect(self._bring_forward)
        self.tabs.close_wanted.connect(self._close)
        self.tabs.moved.connect(self._move)
        self.tabs.timings_wanted.connect(self.timings_wanted)
        self.bar.reload_wanted.connect(self._reload)
        self.bar.report_wanted.connect(self.ask_help)
        self._surfaces.opened.connect(lambda _: self._refresh())
        self._surfaces.closed.connect(self._surface_closed)
        self._surfaces.faulted.connect(lambda *_: self._fault_changed())
        self._surfaces.moved.connect(lambda *_: self._refresh())
        self._surfaces.link_wanted.connect(lambda system, url: self.command.emit(OpenSystem(system, url)))
        self.bar.step_wanted.connect(lambda step: self.acts.do("back" if step < 0 else "forward"))
        self.bar.menu_wanted.connect(self.acts.show_menu)
        self._surfaces.terminals.connect_wanted.connect(lambda system: self.command.emit(RetrySystem(system)))
        self._surfaces.terminals.help_wanted.connect(self.help_wanted)
        self._surfaces.terminals.function_keys_wanted.connect(lambda wanted: self.command.emit(FunctionKeys(wanted)))
        self._surfaces.terminals.host_has_keys.connect(self.host_has_keys)
        current().changed.connect(self._give_room)
        for keys, step in (("Ctrl+Tab", 1), ("Ctrl+Shift+Tab", -1)):
            QShortcut(QKeySequence(keys), self).activated.connect(lambda step=step: self._step(step))
        QShortcut(QKeySequence("Ctrl+W"), self).activated.connect(self.close_current)

    def _install_keys(self) -> None:
        """Put the keys that work on every page onto the window: a shortcut of a page that is hidden is dead."""
        window = self.window()
        if self._window_keys is window:
            return
        self._window_keys = window
        for number in range(1, _NUMBERED + 1):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), window)
            shortcut.activated.connect(lambda number=number: self._choose_number(number))
        QShortcut(QKeySequence("Ctrl+T"), window).activated.connect(self._timings_by_key)

    def _timings_by_key(self) -> None:
        if self._snapshot is not None and self._snapshot.stage == "signed-in":
            self.timings_wanted.emit()


def _runs(snapshot: Snapshot | None, system: str) -> bool:
    """Say whether a system's program runs."""
    launch = snapshot.launch(system) if snapshot is not None else None
    return launch is not None and launch.running
