"""All surfaces of a session, pages and terminals: the engine opens and closes them, the screens show them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, QTimer, Signal
from PySide6.QtWidgets import QWidget

from launcher.connectors.plan import WebTarget
from launcher.session.snapshot import ErrorView
from launcher.shell.bridge import Bridge, Reply
from launcher.shell.surfaces.clipboard import GivenUpClipboard, clear_clipboard
from launcher.shell.surfaces.origins import Bounds
from launcher.shell.surfaces.terminals import CrossingFeed, TerminalFaces
from launcher.sign_on.driver import DriverGoneError, WebDriver
from launcher.terminal.feed import TerminalFeed
from launcher.terminal.keyboards import KeyboardMap

if TYPE_CHECKING:
    from launcher.session.browser_cookie import BrowserCookie
    from launcher.shell.surfaces.page import OpenPage
    from launcher.shell.surfaces.web_engine import Browser

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
    """A page is at another host now (host and port)."""

    playing = Signal(bool)
    """A video plays on the page that is looked at, or none does any more."""

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._browser: Browser | None = None
        self._pages: dict[str, OpenPage] = {}
        self._faults: dict[str, ErrorView] = {}
        self._size = QSize(1280, 640)
        self._zoom = 1.0
        self._ended = False
        self._resting = False
        self._watched = False
        self._clipboard = GivenUpClipboard()
        self.terminals = TerminalFaces(self)
        self._warm_later = QTimer(self)
        self._warm_later.setSingleShot(True)
        self._warm_later.setInterval(WARM_AGAIN_MS)
        self._warm_later.timeout.connect(self.warm)

    # --- on the main thread

    def warm(self) -> None:
        """Load the browser engine and have a spare page; blocks for half a second the first time."""
        if not self._ended:
            self._started().warm(self._size)

    def widget(self, surface: str) -> QWidget | None:
        """Return the widget of a surface, while it is open."""
        page = self._pages.get(surface)
        return page.widget if page is not None else self.terminals.widget(surface)

    def fault(self, surface: str) -> ErrorView | None:
        """Return the fault a page is in now."""
        return self._faults.get(surface)

    def host(self, surface: str) -> str:
        """Return the host and port a page is at, or "" before its first document."""
        page = self._pages.get(surface)
        return page.host if page is not None else ""

    def reload(self, surface: str) -> None:
        """Load the page again, also after its process has ended."""
        if (page := self._pages.get(surface)) is not None:
            page.reload()

    def dismiss(self, surface: str) -> None:
        """Go back from a fault to the page."""
        if (page := self._pages.get(surface)) is not None:
            page.dismiss()

    def is_edited(self, surface: str) -> bool:
        """Say whether the page holds something typed and not sent."""
        page = self._pages.get(surface)
        return page is not None and page.facts.edited

    def give_room(self, size: QSize, zoom: float) -> None:
        """Say how large pages are shown, so that they are laid out for it before they are."""
        self._size = size
        if zoom != self._zoom:
            self._zoom = zoom
            for page in self._pages.values():
                page.zoom(zoom)

    # --- in the engine's loop

    async def open_web(self, surface: str, target: WebTarget, *, shown: bool) -> WebDriver:
        """Make a page for ``target``; an open surface of that name is closed first."""

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
        from launcher.shell.surfaces import terminal

        def load(piece: str, reply: Reply[None]) -> None:
            import_module(f"{terminal.__name__}.{piece}")
            reply.give(None)

        for piece in terminal.PIECES:
            if not quiet():
                return
            await self._bridge.ask(partial(load, piece))

    async def close(self, surface: str) -> None:
        """End the page or the terminal's face; a surface that is gone already is no fault."""

        def begin(reply: Reply[None]) -> None:
            self._close(surface)
            reply.give(None)

        await self._bridge.ask(begin)

    async def edited(self) -> tuple[str, ...]:
        """Name the surfaces whose page holds something the officer typed and has not sent."""

        def begin(reply: Reply[tuple[str, ...]]) -> None:
            reply.give(tuple(name for name, page in self._pages.items() if page.facts.edited))

        return await self._bridge.ask(begin)

    async def mute(self, on: bool) -> None:
        """Let every page rest, those opened meanwhile too: silent, playing nothing, asking nothing; or go on."""

        def begin(reply: Reply[None]) -> None:
            self._resting = on
            if self._browser is not None:
                self._browser.rest(on)
            reply.give(None)

        await self._bridge.ask(begin)

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

    async def cookies_of(self, origins: tuple[str, ...]) -> tuple[BrowserCookie, ...]:
        """Return the profile's cookies that these origins are given."""

        def begin(reply: Reply[tuple[BrowserCookie, ...]]) -> None:
            reply.give(self._browser.cookies.of(origins) if self._browser is not None else ())

        return await self._bridge.ask(begin)

    async def take_cookies(self, cookies: tuple[BrowserCookie, ...], origins: tuple[str, ...]) -> None:
        """Put cookies into the profile as they are, those that one of the origins is given; return once they hold."""

        def begin(reply: Reply[None]) -> None:
            if self._ended:
                reply.give(None)
            else:
                self._started().cookies.take(cookies, origins, partial(reply.give, None))

        await self._bridge.ask(begin)

    async def derived_secrets(self) -> tuple[bytes, ...]:
        """Return the values of all cookies the profile ever held, for a residue check."""

        def begin(reply: Reply[tuple[bytes, ...]]) -> None:
            cookies = self._browser.cookies.values if self._browser is not None else set()
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
        for surface in (*self._pages, *self.terminals.names()):
            self._close(surface)
        self._clipboard.forget()
        clear_clipboard()

    def _started(self) -> Browser:
        if self._browser is None:
            from launcher.shell.surfaces import page, web_surface  # noqa: F401 - so that the first page finds them there
            from launcher.shell.surfaces.web_engine import Browser  # late: it costs 0.3 s, and a spare warms first

            self._browser = Browser()
            if self._resting:
                self._browser.rest(True)
        return self._browser

    def _open(self, surface: str, target: WebTarget, shown: bool) -> WebDriver:
        if self._ended:
            raise DriverGoneError("The session has ended.")
        browser = self._started()
        from launcher.shell.surfaces.page import OpenPage  # late, as above
        from launcher.shell.surfaces.web_surface import WebSurface

        self._close(surface)
        view, raw = browser.take(self._size)
        page = OpenPage(
            raw,
            view,
            Bounds.of(target),
            partial(self._note_fault, surface),
            partial(self.moved.emit, surface),
            self._note_playing,
        )
        page.zoom(self._zoom)
        self._pages[surface] = page
        self._warm_later.start()
        if shown:
            self.opened.emit(surface)
        return WebSurface(self._bridge, page)

    def _close(self, surface: str) -> None:
        if surface in self.terminals:
            self.closed.emit(surface)  # whoever shows the face lets go of it first
            self.terminals.close(surface)
        page = self._pages.pop(surface, None)
        if page is None:
            return
        self._faults.pop(surface, None)
        view = page.end()
        self._note_playing()
        self.closed.emit(surface)
        if view is not None and self._browser is not None:
            self._browser.end(view)

    def _note_playing(self) -> None:
        watched = any(page.is_watched for page in self._pages.values())
        if watched != self._watched:
            self._watched = watched
            self.playing.emit(watched)

    def _note_fault(self, surface: str, fault: ErrorView | None) -> None:
        if fault is None:
            self._faults.pop(surface, None)
        else:
            self._faults[surface] = fault
        self.faulted.emit(surface, fault)
