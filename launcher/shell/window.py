"""The one window of a session: the sign-in screen between people, the frame with its pages for an officer at work."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeGuard

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from launcher.late import LateModule
from launcher.shell.frame import Clock
from launcher.shell.look import Ground, telling, word
from launcher.shell.on_screen import OnScreen
from launcher.shell.sign_in import SignInScreen

if TYPE_CHECKING:
    from launcher.session import commands
    from launcher.session.snapshot import Snapshot
    from launcher.shell.frame import Frame
    from launcher.shell.help_page import HelpPage
    from launcher.shell.hub.pages import HubPages
    from launcher.shell.launchpad import Launchpad
    from launcher.shell.leaving import EndSoonQuestion, LeavingQuestion
    from launcher.shell.lock.cover import CoverScreen
    from launcher.shell.lock.keeping import Keeping
    from launcher.shell.lock.screen import LockScreen
    from launcher.shell.lock.touches import Touches
    from launcher.shell.surfaces.web_surfaces import WebSurfaces
    from launcher.shell.timings import TimingsPage
    from launcher.shell.workspace import Workspace
    from launcher.shell.you import YouPage
else:
    commands = LateModule("launcher.session.commands")  # the first screen is painted without a command

PROVIDER = "provider"
"""The surface on which an officer proves themselves at the provider (session.provider.SURFACE)."""


class Window(Ground):
    """Draws snapshots and sends commands; decides only which page is in front.

    It begins with the sign-in screen alone. :meth:`furnish` makes what only an officer at work sees, behind a screen
    that is painted or hidden: from then on ``frame`` with its pages (``launchpad``, ``workspace``, ``timings``,
    ``help``, ``leaving``, ``ending``, ``you``) and ``lock`` are there.
    """

    frame: Frame
    launchpad: Launchpad
    workspace: Workspace
    timings: TimingsPage
    help: HelpPage
    leaving: LeavingQuestion
    ending: EndSoonQuestion
    you: YouPage
    lock: LockScreen
    hub_pages: HubPages
    _behind: QWidget
    _keeping: Keeping

    def __init__(self, send: Callable[[commands.Command], None], *, fullscreen: bool) -> None:
        super().__init__()
        self.snapshot: Snapshot | None = None
        self._send = send
        self._surfaces: WebSurfaces | None = None
        self._furnished = False
        self._on_screen = OnScreen(self, fullscreen=fullscreen)
        self._settled = False
        self._when_settled: list[Callable[[], None]] = []
        self._closing = False
        self._cover: CoverScreen | None = None
        self._touches: Touches | None = None
        self.setWindowTitle(word("app.name"))
        self.clock = Clock(parent=self)
        self.sign_in = SignInScreen(self.clock)
        self._faces = QStackedWidget()
        self._faces.addWidget(self.sign_in)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._faces)
        self.sign_in.command.connect(self._from_sign_in)
        self.sign_in.help_wanted.connect(self.sign_in.show_help)
        telling().asked.connect(self._tell_helpdesk)

    def lend(self, surfaces: WebSurfaces) -> None:
        """Show the pages of ``surfaces`` from now on, the provider's on the sign-in screen."""
        self._surfaces = surfaces
        surfaces.opened.connect(self._surface_opened)
        surfaces.closed.connect(self._surface_closed)
        surfaces.moved.connect(self._surface_moved)
        surfaces.playing.connect(lambda on: self._send(commands.Playing(on)))

    def furnish(self) -> None:
        """Make the frame and its pages, once; the surfaces were lent before."""
        from launcher.shell.frame import Frame
        from launcher.shell.frame.lock_key import LockKey
        from launcher.shell.help_page import HelpPage
        from launcher.shell.hub.pages import HubPages
        from launcher.shell.launchpad import Launchpad
        from launcher.shell.leaving import EndSoonQuestion, LeavingQuestion
        from launcher.shell.lock.keeping import Keeping
        from launcher.shell.lock.screen import LockScreen
        from launcher.shell.timings import TimingsPage
        from launcher.shell.workspace import Workspace
        from launcher.shell.you import YouPage

        if self._furnished or self._surfaces is None:
            return
        self._furnished = True
        self.sign_in.furnish()
        LockKey(self.sign_in, self._ask_lock)  # pressed while it is logging on, it locks once that is done
        self.frame = Frame(self.clock)
        self.launchpad = Launchpad(self.frame.top_bar.search.edit)
        self.workspace = Workspace(self._surfaces)
        self._surfaces.notices.told.connect(self.frame.page_tells)
        self.timings = TimingsPage()
        self.help = HelpPage()
        self.leaving = LeavingQuestion()
        self.ending = EndSoonQuestion()
        self.you = YouPage()
        self._behind = self.launchpad
        for page in (self.launchpad, self.workspace, self.timings, self.help, self.leaving, self.ending, self.you):
            self.frame.pages.addWidget(page)
        self.lock = LockScreen(self.clock)
        for face in (self.frame, self.lock):
            self._faces.addWidget(face)
        self._keeping = Keeping(
            self._faces, self.frame, self.lock, self._on_screen.show, self._send, self._look_at_current
        )
        self.hub_pages = HubPages(self, self._send, self._go_back)
        if self.snapshot is not None:
            self.help.draw(self.snapshot)
        self._connect()

    def draw(self, snapshot: Snapshot) -> None:
        """Draw the newest picture."""
        before, self.snapshot = self.snapshot, snapshot
        telling().draw(snapshot)
        match snapshot.stage:
            case "spare" | "signing-in":
                self._draw_between(snapshot)
            case "locked":
                self.furnish()
                # Nothing else: what the work looks like is drawn when it is seen again.
                self._keeping.lock(snapshot)
            case "signed-in":
                self.furnish()
                self._draw_work(snapshot, before)
                self._listen(snapshot.tells_touches)
                if self._keeping.locked:
                    self._keeping.resume()
                elif self._faces.currentWidget() is not self.frame:
                    self._faces.setCurrentWidget(self.frame)
                    self.show_page(self.launchpad)
                    self.launchpad.focus_first()
            case "ending":
                if self._furnished and not self._keeping.locked:
                    self._draw_work(snapshot, before)
                # The next screen is up before this one goes: the desktop is never seen between two officers.
                self.hide()
                self._let_others_be()

    def confirm_log_off(self) -> None:
        """Log off although something is lost by it, as the question's own button does."""
        self._send(commands.LogOff(confirmed=True))

    def when_settled(self, act: Callable[[], None]) -> None:
        """Call ``act`` once the first screen is painted, or a spare has nothing left to warm."""
        if self._settled:
            act()
        else:
            self._when_settled.append(act)

    def rehearse(self) -> None:
        """Lay the hidden screens out and paint them once, so that showing them later only shows them."""
        if not self.isVisible():
            self.resize(self._on_screen.size())
            self.grab()
        if self._furnished:
            self.lock.resize(self.size())
            self.lock.grab()

    def settle(self) -> None:
        """Note that what had to come first has come."""
        self._settled = True
        waiting, self._when_settled = self._when_settled, []
        for act in waiting:
            act()

    def close_for_good(self) -> None:
        """Close without asking: the session has ended."""
        self._closing = True
        self._let_others_be()
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Take the window's close button for a log-off: a session never ends unasked."""
        if self._closing:
            super().closeEvent(event)
            return
        event.ignore()
        self._send(commands.LogOff())

    # --- pages

    def show_page(self, page: QWidget) -> None:
        """Bring a page to the front; a message that was not read yet stays before it."""
        wanted, page = page, self.hub_pages.in_front_of(page)
        if wanted is not page and self._come_back_to(wanted):
            self._behind = wanted
        shown = self.frame.pages.currentWidget()
        if shown is not page:
            if self._come_back_to(shown):
                self._behind = shown
            self.frame.pages.setCurrentWidget(page)
            if self.workspace in (shown, page):
                looked_at = self.workspace.looked_at if page is self.workspace else ""
                self._send(commands.LookedAt(looked_at))
        self.frame.top_bar.show_all_systems(page is not self.launchpad)
        self._draw_frame()

    def _come_back_to(self, page: QWidget | None) -> TypeGuard[QWidget]:
        """Say whether it is a page of work, to which one goes back from all others."""
        return page in (self.launchpad, self.workspace, self.timings) or self.hub_pages.helpdesk.is_page(page)

    def _draw_frame(self) -> None:
        """Draw the frame for the page in front: what that page shows loudly the strip does not repeat."""
        if self.snapshot is not None and self.snapshot.stage not in ("spare", "signing-in"):
            in_front = self.frame.pages.currentWidget() is self.launchpad
            loud = self.launchpad.shown_loudly if in_front else frozenset()
            self.frame.draw(self.workspace.with_faults(self.snapshot), loud, self.workspace.tab_keys)

    def _draw_between(self, snapshot: Snapshot) -> None:
        if snapshot.cover is not None:
            self._draw_cover(snapshot)
            return
        self.sign_in.draw(snapshot)
        if self._cover is not None and self._faces.currentWidget() is self._cover:
            if snapshot.stage == "spare":
                self.hide()
            self._faces.setCurrentWidget(self.sign_in)
        if snapshot.stage == "signing-in" and not self.isVisible():
            self._on_screen.show(self.sign_in)

    def _draw_cover(self, snapshot: Snapshot) -> None:
        from launcher.shell.lock.cover import CoverScreen
        from launcher.shell.lock.painted import OncePainted

        if self._cover is None:
            self._cover = CoverScreen(self.clock)
            self._cover.command.connect(self._send)
            self._faces.addWidget(self._cover)
        self._cover.draw(snapshot)
        if self._faces.currentWidget() is self._cover and self.isVisible():
            return
        self._faces.setCurrentWidget(self._cover)
        OncePainted(self._cover, lambda: self._from_sign_in(commands.SignInPainted()))
        if not self.isVisible():
            self._on_screen.show(self._cover)

    def _draw_work(self, snapshot: Snapshot, before: Snapshot | None) -> None:
        self.launchpad.draw(snapshot)
        self.workspace.draw(snapshot)
        self.timings.draw(snapshot)
        self.you.draw(snapshot)
        self.ending.draw(snapshot, self.clock.now())
        page = self.frame.pages.currentWidget()
        self._draw_frame()
        if snapshot.leaving is not None and (before is None or before.leaving is None):
            self.leaving.draw(snapshot)
            self.show_page(self.leaving)
        elif snapshot.leaving is None and page is self.leaving:
            self._go_back()
        if snapshot.ends is None and page is self.ending:
            self._go_back()
        elif snapshot.ends is not None and (before is None or before.ends is None) and page is not self.workspace:
            # Over a page that somebody types into it waits to be asked for: the strip says it loudly.
            self._show_ending()
        if page is self.workspace and not snapshot.tabs:
            self.show_page(self.launchpad)
        self.hub_pages.draw(snapshot)

    def _connect(self) -> None:
        bar, strip = self.frame.top_bar, self.frame.strip
        for page in (self.launchpad, self.workspace):
            page.command.connect(self._from_page)
            page.help_wanted.connect(self._help)
        self.workspace.looked.connect(lambda system: self._send(commands.LookedAt(system)))
        self.workspace.timings_wanted.connect(lambda: self.show_page(self.timings))
        self.timings.closed.connect(self._go_back)
        self.help.closed.connect(self._go_back)
        self.leaving.log_off.connect(self.confirm_log_off)
        self.leaving.stay.connect(lambda: self._send(commands.StayLoggedOn()))
        self.ending.log_off.connect(lambda: self._send(commands.LogOff()))
        self.ending.stay.connect(self._go_back)
        self.clock.ticked.connect(self.ending.look_again)
        strip.loud_wanted.connect(self._show_ending)
        for sender in (self.timings, self.you, self.lock, self.help):
            sender.command.connect(self._send)
        self.you.closed.connect(self._go_back)
        self.you.log_off.connect(lambda: self._send(commands.LogOff()))
        bar.you_wanted.connect(self._show_you)
        bar.help_wanted.connect(self._help_here)
        self.launchpad.loudness_changed.connect(self._draw_frame)
        self.workspace.faults_changed.connect(self._draw_frame)
        self.workspace.host_has_keys.connect(self.frame.show_host_keys)
        self.launchpad.went_back.connect(self._go_back)
        bar.log_off.connect(lambda: self._send(commands.LogOff()))
        bar.lock_wanted.connect(self._ask_lock)
        bar.all_systems.connect(lambda: self.show_page(self.launchpad))
        bar.search.edit.textEdited.connect(lambda _: self.show_page(self.launchpad))
        self.frame.front_wanted.connect(lambda: self._send(commands.ComeForward()))
        self.frame.search_wanted.connect(lambda: self.show_page(self.launchpad))
        strip.system_wanted.connect(self._go_to)

    def _show_ending(self) -> None:
        if self.snapshot is not None and self.snapshot.ends is not None:
            self.show_page(self.ending)
            self.ending.focus_first()

    def _show_you(self) -> None:
        self.show_page(self.you)
        self.you.focus_first()

    def _ask_lock(self) -> None:
        now = self.snapshot
        if now is not None and (now.stage == "signed-in" or (now.stage == "signing-in" and now.sign_in.busy)):
            self._send(commands.Lock())

    def _from_sign_in(self, command: commands.Command) -> None:
        self._send(command)
        if isinstance(command, commands.SignInPainted):
            self.settle()

    def _from_page(self, command: commands.Command) -> None:
        self._send(command)
        if isinstance(command, commands.OpenSystem):
            self._go_to(command.system)

    def _go_to(self, system: str) -> None:
        """Show a system's tab; one that is not open yet is shown as soon as it is."""
        self.workspace.show_system(system)
        self.show_page(self.workspace)

    def _go_back(self) -> None:
        empty = self._behind is self.workspace and (self.snapshot is None or not self.snapshot.tabs)
        left = self._behind is self.frame.pages.currentWidget() or not self._come_back_to(self._behind)
        self.show_page(self.launchpad if empty or left else self._behind)

    def _help_here(self) -> None:
        """Open the help where the page in front needs it: at the fault it shows, else at its beginning."""
        if self.frame.pages.currentWidget() is self.workspace:
            self.workspace.ask_help()
        elif self.hub_pages.helpdesk.is_page(self.frame.pages.currentWidget()):
            self._help("", "helpdesk")
        else:
            self._help("")

    def _help(self, reference: str, page: str = "") -> None:
        at_work = self.frame.pages.currentWidget() is self.workspace
        self.help.open_at(reference, self.workspace.looked_at if at_work and reference else "", page=page)
        self.show_page(self.help)

    def _tell_helpdesk(self, reference: str, system: str) -> None:
        self._send(commands.TellHelpdesk(reference, system))

    def _surface_opened(self, surface: str) -> None:
        if surface == PROVIDER and self._surfaces is not None:
            self.sign_in.lend_provider_page(self._surfaces.widget(surface))

    def _surface_moved(self, surface: str, host: str) -> None:
        if surface == PROVIDER:
            self.sign_in.provider_page.show_host(host)

    def _surface_closed(self, surface: str) -> None:
        if surface == PROVIDER:
            self.sign_in.lend_provider_page(None)

    def _listen(self, on: bool) -> None:
        if on and self._touches is None:
            from launcher.shell.lock.touches import Touches

            self._touches = Touches(self, self._send)
        if self._touches is not None:
            self._touches.listen(on)

    def _let_others_be(self) -> None:
        if self._furnished:
            self._keeping.end()

    def _look_at_current(self) -> None:
        """Say that the tab in front is looked at: whoever unlocked did so to see it."""
        if self.frame.pages.currentWidget() is self.workspace and self.workspace.looked_at:
            self._send(commands.LookedAt(self.workspace.looked_at))
