"""All surfaces of a session, pages and terminals: the engine opens and closes them, the screens show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, QTimer, Signal
from PySide6.QtWidgets import QWidget

from launcher.connectors.plan import WebTarget
from launcher.session.links import whose
from launcher.session.snapshot import ErrorView
from launcher.shell.bridge import Bridge, Reply
from launcher.shell.surfaces.clipboard import GivenUpClipboard, clear_clipboard
from launcher.shell.surfaces.files import SessionFiles
from launcher.shell.surfaces.managed.systems import ManagedSystems
from launcher.shell.surfaces.origins import Bounds
from launcher.shell.surfaces.page_notices import PageNotices
from launcher.shell.surfaces.terminals import CrossingFeed, TerminalFaces
from launcher.shell.surfaces.zoom import stepped
from launcher.sign_on.driver import DriverGoneError, WebDriver
from launcher.terminal.feed import TerminalFeed
from launcher.terminal.keyboards import KeyboardMap

if TYPE_CHECKING:
    from launcher.session.browser_cookie import BrowserCookie
    from launcher.shell.surfaces.managed.system import ManagedSystem
    from launcher.shell.surfaces.web_engine import Browser
    from launcher.shell.surfaces.windows import SystemWindows

LEAST_SECRET_BYTES = 8
"""Shorter cookie values are counters and flags: no secret, and found in any memory."""

WARM_AGAIN_MS = 1500
"""The next spare is made this long after the last page was opened: ten that open together need the processor more."""


class WebSurfaces(QObject):
    """The port ``launcher.session.ports.Surfaces``, and the registry the screens read; made on the main thread.

    The browser engine is loaded by :meth:`warm` or with the first page, never by importing this module.
    """

    opened = Signal(str)
    """A surface has a widget now (only surfaces that are to be shown)."""

    closed = Signal(str)
    """A surface has ended; its widget is gone after this signal."""

    faulted = Signal(str, object)
    """A page met a fault (:class:`ErrorView`) after it was loaded, or is past it (None)."""

    moved = Signal(str, str)
    """A system's page is at another host now (host and port), has another title, or another window is in front."""

    printing_wanted = Signal(str)
    """The page in front of this surface is to be printed."""

    link_wanted = Signal(str, str)
    """The officer has followed a link to another system (its id), at this address."""

    playing = Signal(bool)
    """A video plays on the page that is looked at, or none does any more."""

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._browser: Browser | None = None
        self._systems: dict[str, SystemWindows | ManagedSystem] = {}
        self._links: Mapping[str, str] = {}
        self._size = QSize(1280, 640)
        self._zoom = 1.0
        self._zooms: dict[str, float] = {}
        self._ended = False
        self._resting = False
        self._watched = False
        self._clipboard = GivenUpClipboard()
        self.files = SessionFiles(self)
        self.notices = PageNotices(self._systems, self)
        self._managed = ManagedSystems(bridge, self, self.cookies_of, self.files)
        self.terminals = TerminalFaces(self)
        self._warm_later = QTimer(self, singleShot=True, interval=WARM_AGAIN_MS)
        self._warm_later.timeout.connect(self.warm)

    # --- on the main thread

    def warm(self) -> None:
        """Load the browser engine and have a spare page; blocks for half a second the first time."""
        if not self._ended:
            self._started().warm(self._size)

    def widget(self, surface: str) -> QWidget | None:
        """Return the widget of a surface, of its window in front, while it is open."""
        system = self._systems.get(surface)
        return system.widget if system is not None else self.terminals.widget(surface)

    def windows(self, surface: str) -> SystemWindows | None:
        """Return the windows of a system of the web, while it is open."""
        system = self._systems.get(surface)
        return None if system is None or system.kind == "managed" else system

    def row(self, surface: str) -> SystemWindows | ManagedSystem | None:
        """Return what has the windows of a system of the web, in whichever browser, while it is open."""
        return self._systems.get(surface)

    def fault(self, surface: str) -> ErrorView | None:
        """Return the fault the page in front is in now."""
        system = self._systems.get(surface)
        return system.fault if system is not None else None

    def host(self, surface: str) -> str:
        """Return the host and port a page is at, or "" before its first document."""
        system = self._systems.get(surface)
        return system.host if system is not None else ""

    def reload(self, surface: str) -> None:
        """Load the page again, also after its process has ended."""
        if (system := self._systems.get(surface)) is not None:
            system.front.reload()

    def step(self, surface: str, step: int) -> None:
        """Go back (-1) or forward (+1) in the window in front."""
        if (windows := self.windows(surface)) is not None:
            windows.front.step(step)

    def zoom_by(self, surface: str, step: int) -> None:
        """Draw a system's pages one step larger (+1) or smaller (-1), or in their usual size (0), for this sitting."""
        self._zooms[surface] = stepped(self._zooms.get(surface, 1.0), step)
        if (system := self._systems.get(surface)) is not None:
            system.zoom(self._zoom_of(surface))

    def _zoom_of(self, surface: str) -> float:
        return self._zoom * self._zooms.get(surface, 1.0)

    def dismiss(self, surface: str) -> None:
        """Go back from a fault to the page."""
        if (system := self._systems.get(surface)) is not None:
            system.front.dismiss()

    def is_edited(self, surface: str) -> bool:
        """Say whether a window of it holds something typed and not sent."""
        system = self._systems.get(surface)
        return system is not None and system.facts.edited

    def know_links(self, systems: Mapping[str, str]) -> None:
        """Say to which system the addresses of a place belong, of those that this officer may open."""
        self._links = systems

    def give_room(self, size: QSize, zoom: float) -> None:
        """Say how large pages are shown, so that they are laid out for it before they are."""
        self._size = size
        if zoom != self._zoom:
            self._zoom = self._managed.scale = zoom
            for name, system in self._systems.items():
                system.zoom(self._zoom_of(name))

    # --- in the engine's loop

    async def open_web(self, surface: str, target: WebTarget, *, shown: bool) -> WebDriver:
        """Make a page for ``target``; an open surface of that name is closed first."""
        if target.managed is not None:
            await self.close(surface)
            return await self._managed.open(surface, target, target.managed, partial(self._show_managed, shown))

        def begin(reply: Reply[WebDriver]) -> None:
            reply.give(self._open(surface, target, shown))

        return await self._bridge.ask(begin)

    async def open_terminal(self, surface: str, feed: TerminalFeed, *, keyboard: KeyboardMap) -> None:
        """Show a terminal; an open surface of that name is closed first."""
        crossing = CrossingFeed(self._bridge, feed)

        def begin(reply: Reply[None]) -> None:
            if self._ended:
                raise DriverGoneError("The session has ended.")
            self._close(surface)
            self.terminals.open(surface, crossing, keyboard)
            self.opened.emit(surface)
            reply.give(None)

        await self._bridge.ask(begin)
        crossing.start()

    async def load_terminals(self, quiet: Callable[[], bool]) -> None:
        """Load what a terminal's view is made of, one piece in each turn of the main thread."""
        await self.terminals.load(self._bridge, quiet)

    async def follow(self, surface: str, url: str) -> None:
        """Go to an address of the system's own; in a window of its own where the page holds something typed."""

        def begin(reply: Reply[None]) -> None:
            if (system := self._systems.get(surface)) is not None:
                system.follow(url)
            reply.give(None)

        await self._bridge.ask(begin)

    def address(self, surface: str) -> str:
        """Return the address that the system's first window is at, as it stands."""
        system = self._systems.get(surface)
        return system.facts.address if system is not None else ""

    async def close(self, surface: str) -> None:
        """End the page or the terminal's face; a surface that is gone already is no fault."""

        def begin(reply: Reply[None]) -> None:
            self._close(surface)
            reply.give(None)

        await self._managed.remember(surface)
        await self._bridge.ask(begin)
        await self._managed.ended(lambda system: system in self._systems.values())

    async def edited(self) -> tuple[str, ...]:
        """Name the surfaces whose page holds something the officer typed and has not sent."""

        def begin(reply: Reply[tuple[str, ...]]) -> None:
            reply.give(tuple(name for name, one in self._systems.items() if one.facts.edited))

        return await self._bridge.ask(begin)

    async def mute(self, on: bool) -> None:
        """Let every page rest, those opened meanwhile too: silent, playing nothing, asking nothing; or go on."""

        def begin(reply: Reply[None]) -> None:
            self._resting = on
            if self._browser is not None:
                self._browser.rest(on)
            reply.give(None)

        await self._bridge.ask(begin)
        self._managed.rest(on=on)

    async def give_up_clipboard(self) -> None:
        """Empty the clipboard and the selection; what was our own is remembered in this process."""

        def begin(reply: Reply[None]) -> None:
            self._clipboard.give_up()
            reply.give(None)

        await self._bridge.ask(begin)

    async def take_back_clipboard(self) -> None:
        """Put back what was our own, where the clipboard is empty still; never once the session ends."""

        def begin(reply: Reply[None]) -> None:
            if not self._ended:
                self._clipboard.take_back()
            reply.give(None)

        await self._bridge.ask(begin)

    async def release(self) -> None:
        """End all pages, then the profile, and empty the clipboard."""

        def begin(reply: Reply[None]) -> None:
            def end() -> None:
                self.release_now()
                reply.give(None)

            self._close_all()
            if self._browser is None:
                end()
            else:
                self._browser.closing.when_ended(end)

        await self._bridge.ask(begin)
        await self._managed.ended(lambda system: system in self._systems.values())

    async def cookies_of(self, origins: tuple[str, ...]) -> tuple[BrowserCookie, ...]:
        """Return the profile's cookies that these origins are given."""

        def begin(reply: Reply[tuple[BrowserCookie, ...]]) -> None:
            reply.give(self._browser.cookies.of(origins) if self._browser is not None else ())

        return await self._bridge.ask(begin)

    async def take_cookies(self, cookies: tuple[BrowserCookie, ...], origins: tuple[str, ...], only: str = "") -> None:
        """Put cookies in as they are, those that an origin is given; ``only`` into the browser of one surface."""

        def begin(reply: Reply[None]) -> None:
            if self._ended:
                reply.give(None)
            else:
                self._started().cookies.take(cookies, origins, partial(reply.give, None))

        if not await self._managed.take_cookies(cookies, origins, only):
            await self._bridge.ask(begin)

    async def derived_secrets(self) -> tuple[bytes, ...]:
        """Return the values of all cookies the profile ever held, for a residue check."""

        managed = await self._managed.secrets()

        def begin(reply: Reply[tuple[bytes, ...]]) -> None:
            cookies = managed | (self._browser.cookies.values if self._browser is not None else set())
            reply.give(tuple(sorted(value for value in cookies if len(value) >= LEAST_SECRET_BYTES)))

        return await self._bridge.ask(begin)

    # --- inside

    def release_now(self) -> None:
        """End all pages, then the profile, and empty the clipboard; on the main thread."""
        self._close_all()
        browser, self._browser = self._browser, None
        if browser is not None:
            browser.release()

    def _close_all(self) -> None:
        self._ended = True
        self._warm_later.stop()
        for surface in (*self._systems, *self.terminals.names()):
            self._close(surface)
        self._clipboard.forget()
        self.files.end()
        clear_clipboard()

    def _started(self) -> Browser:
        if self._browser is None:
            from launcher.shell.surfaces import web_surface, windows  # noqa: F401 - so that the first page finds them there
            from launcher.shell.surfaces.web_engine import Browser  # late: it costs 0.3 s, and a spare warms first

            self._browser = Browser(self.notices.take)
            if self._resting:
                self._browser.rest(True)
        return self._browser

    def _open(self, surface: str, target: WebTarget, shown: bool) -> WebDriver:
        if self._ended:
            raise DriverGoneError("The session has ended.")
        browser = self._started()
        from launcher.shell.surfaces.web_surface import WebSurface  # late, as above
        from launcher.shell.surfaces.windows import SystemWindows

        self._close(surface)
        self.files.allow(surface, target.files)
        system = SystemWindows(
            surface, browser, Bounds.of(target), self._size, self._zoom_of(surface), self, self.files
        )
        self._systems[surface] = system
        self._warm_later.start()
        if shown:
            self.opened.emit(surface)
        return WebSurface(self._bridge, system)

    def _show_managed(self, shown: bool, system: ManagedSystem) -> None:
        if self._ended:
            raise DriverGoneError("The session has ended.")
        self._systems[system.surface] = system
        if shown:
            self.opened.emit(system.surface)

    def _close(self, surface: str) -> None:
        if surface in self.terminals:
            self.closed.emit(surface)  # whoever shows the face lets go of it first
            self.terminals.close(surface)
        system = self._systems.pop(surface, None)
        if system is None:
            return
        self.closed.emit(surface)
        system.end()
        self.surface_plays()

    # --- what the systems tell

    def surface_plays(self) -> None:
        """Say whether anything is watched, where that has changed."""
        watched = any(system.is_watched for system in self._systems.values())
        if watched != self._watched:
            self._watched = watched
            self.playing.emit(watched)

    def surface_faulted(self, surface: str, fault: ErrorView | None) -> None:
        """Say so."""
        self.faulted.emit(surface, fault)

    def surface_moved(self, surface: str) -> None:
        """Say so."""
        self.moved.emit(surface, self.host(surface))

    def print_wanted(self, surface: str) -> None:
        """Say so."""
        self.printing_wanted.emit(surface)

    def link_followed(self, surface: str, untrusted_url: str) -> bool:
        """Say so, where the address is of another system of this officer's."""
        system = whose(self._links, untrusted_url)
        if system in ("", surface):
            return False
        self.link_wanted.emit(system, untrusted_url)
        return True
