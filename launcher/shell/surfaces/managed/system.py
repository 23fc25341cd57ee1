"""One system that is open in an installed browser, as the screens see it: with what ``SystemWindows`` has for others.

It is opened in the engine's loop, where its page lives; the screens read it, and end it, on the main thread.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final, Literal, Protocol

from PySide6.QtWidgets import QWidget

from launcher.connectors.plan import InstalledBrowser, WebTarget
from launcher.errors import LauncherError
from launcher.relay.road import way_out
from launcher.session.browser_cookie import BrowserCookie
from launcher.session.faults import error_view
from launcher.session.snapshot import ErrorView
from launcher.shell.bridge import Bridge, Reply
from launcher.shell.surfaces.acts import stop_asking
from launcher.shell.surfaces.files import SessionFiles
from launcher.shell.surfaces.managed import cookies as jar
from launcher.shell.surfaces.managed.browser import ManagedBrowser, Start
from launcher.shell.surfaces.managed.face import ManagedFace, takes_in
from launcher.shell.surfaces.managed.facts import ManagedFacts
from launcher.shell.surfaces.managed.files import ManagedFiles
from launcher.shell.surfaces.managed.net_errors import BETWEEN_S
from launcher.shell.surfaces.managed.page import ManagedPage
from launcher.shell.surfaces.managed.windows import ManagedWindows
from launcher.shell.surfaces.origins import Bounds
from launcher.shell.surfaces.window_view import WindowView
from launcher.sign_on.driver import DriverGoneError

if TYPE_CHECKING:
    from launcher.shell.surfaces.managed.devtools import Line, Values
    from launcher.shell.surfaces.managed.gate import Gate

WINDOW_WITHIN_S: Final = 5.0
"""A browser whose window does not come is shown beside, where its window comes at last."""


class Onlooker(Protocol):
    """Who shows the systems, by the name of their surface; called on the main thread."""

    def surface_faulted(self, surface: str, fault: ErrorView | None) -> None:
        """Hear what fault it is in."""
        ...

    def surface_moved(self, surface: str) -> None:
        """Hear that it is at another host, or has another title."""
        ...

    def surface_plays(self) -> None:
        """Hear that it may play something to watch now."""
        ...

    def link_followed(self, surface: str, untrusted_url: str) -> bool:
        """Return whether another system takes the address."""
        ...


class ManagedSystem:
    """A system and its browser; made by :meth:`opened`. ``cookies_of`` gives those of the session's own browser."""

    kind: ClassVar[Literal["managed"]] = "managed"

    def __init__(
        self,
        surface: str,
        bounds: Bounds,
        browser: ManagedBrowser,
        bridge: Bridge,
        on: Onlooker,
        cookies_of: jar.CookiesOf,
        files: SessionFiles,
        *,
        may_save: bool,
    ) -> None:
        self.surface, self._bridge, self._on, self._cookies_of = surface, bridge, on, cookies_of
        self._browser = browser
        self._loop = asyncio.get_running_loop()
        self._visits = tuple(sorted(bounds.visits - bounds.fills))
        self._handed: dict[tuple[str, str, str], str] = {}  # what it was given last
        self._values: set[bytes] = set()
        self._face: ManagedFace | None = None
        self._numbers: list[int] = []  # of its windows on the display, the first first
        self._ending: asyncio.Task[None] | None = None
        self._files = ManagedFiles(surface, browser.downloads, files, bridge, self)
        self.fault: ErrorView | None = None
        self._taking_in = asyncio.Lock()
        files_of_page = self._files.for_page(may_save=may_save)

        def page_of(line: Line, gate: Gate, faulted: Callable[[LauncherError | None], None]) -> ManagedPage:
            return ManagedPage(
                line,
                bounds,
                gate=gate,
                faulted=faulted,
                changed=partial(bridge.post, self._changed),
                before_load=self._hand_over,
                followed=self._link_followed,
                files=files_of_page,
            )

        self.windows = ManagedWindows(
            browser.line,
            bounds,
            page_of,
            way_out=(road.user_name, road.password) if (road := way_out()) is not None else None,
            faulted=self._faulted,
            changed=partial(bridge.post, self._changed),
            came=self._window_came,
        )

    @classmethod
    async def opened(
        cls,
        surface: str,
        target: WebTarget,
        installed: InstalledBrowser,
        bridge: Bridge,
        on: Onlooker,
        cookies_of: jar.CookiesOf,
        files: SessionFiles,
        scale: float,
    ) -> ManagedSystem:
        """Start a browser for a system, drawn at a scale.

        Raises BrowserMissingError, BrowserNotStartedError and DriverGoneError.
        """
        from launcher.shell.surfaces.managed.devtools import AskRefusedError, LineEndedError  # late: see browser.py

        tickets = {"KRB5CCNAME": f"FILE:{installed.tickets}"} if installed.tickets is not None else {}
        proxy = road.server if (road := way_out()) is not None else ""
        browser = await ManagedBrowser.start(
            Start(installed.names, installed.negotiates, proxy=proxy, scale=scale, environment=tickets)
        )
        may_save = target.files is not None and target.files.most_mb > 0
        system = cls(surface, Bounds.of(target), browser, bridge, on, cookies_of, files, may_save=may_save)
        try:
            await asyncio.gather(system.windows.begin(), system._find_window())
        except BaseException as fault:
            await system.ended()
            if isinstance(fault, AskRefusedError | LineEndedError):
                raise DriverGoneError("The browser of this system has ended.") from fault
            raise
        return system

    # --- for the screens, on the main thread

    def appear(self) -> None:
        """Have a face from now on."""
        self._face = ManagedFace(self._numbers[0] if self._numbers else 0)

    @property
    def bounds(self) -> Bounds:
        """What its pages may do."""
        return self.windows.main.bounds

    @property
    def widget(self) -> QWidget | None:
        """Its face, until its end."""
        return self._face

    @property
    def pid(self) -> int:
        """The id of its browser's first process."""
        return self._browser.pid

    @property
    def front(self) -> ManagedSystem:
        """What is loaded again, or gone back to, is this."""
        return self

    @property
    def facts(self) -> ManagedFacts:
        """What is known of its windows, as they stand."""
        return self.windows.facts

    @property
    def host(self) -> str:
        """The host that the window in front is at."""
        return self.windows.front.facts.host

    @property
    def is_watched(self) -> bool:
        """Whether it plays a video in sight."""
        return self.facts.playing and self._face is not None and self._face.isVisible()

    def views(self) -> tuple[WindowView, ...]:
        """Return what the row of windows shows, where they stand in the tab."""
        return self.windows.views() if self._numbers else ()

    def is_edited(self, key: int) -> bool:
        """Say whether a window holds something typed and not sent."""
        return self.windows.is_edited(key)

    def show(self, key: int) -> None:
        """Bring a window to the front."""
        self.in_loop(partial(self.windows.show, key))

    def close(self, key: int) -> None:
        """Close a second window."""
        self.in_loop(partial(self.windows.close, key))

    def zoom(self, factor: float) -> None:
        """Leave the browser's own zoom as it is."""

    def reload(self) -> None:
        """Load the page in front again."""
        self.in_loop(lambda: self.windows.front.reload())

    def dismiss(self) -> None:
        """Go back from a fault to the page."""
        self.in_loop(lambda: self.windows.front.dismiss())

    def follow(self, url: str) -> None:
        """Go to an address of the system's own, unless its first page holds something typed."""
        self.in_loop(partial(self.windows.follow, url))

    def end(self) -> None:
        """Kill the browser, and let go of its window; what is left of it goes with :meth:`ended`."""
        if self._face is not None:
            stop_asking(self._face)
            self._face.end()
            self._face = None
        self._browser.kill()
        self.in_loop(self._begin_end)

    # --- in the engine's loop

    def rest(self, *, on: bool) -> None:
        """Let it rest, and ask nothing over its page; or go on."""
        self.windows.rest(on=on)
        if on:
            self._bridge.post(lambda: stop_asking(self._face) if self._face is not None else None)

    async def ended(self) -> None:
        """Return when nothing of it is left."""
        self._begin_end()
        assert self._ending is not None  # noqa: S101 - begun just now
        await asyncio.shield(self._ending)

    async def take_cookies(self, cookies: tuple[BrowserCookie, ...], origins: tuple[str, ...]) -> None:
        """Take cookies for origins of the system's own; those for others are not for it."""
        if own := tuple(sorted(self.bounds.fills & frozenset(origins))):
            await jar.put(self._browser.line, cookies, own)

    async def secrets(self) -> frozenset[bytes]:
        """Return the values of the cookies that it has and had."""
        self._values |= await jar.values(self._browser.line)
        return frozenset(self._values)

    async def _hand_over(self) -> None:
        """Give it what the session's own browser has of the provider, where that has changed since."""
        if not self._visits:
            return
        held = await self._cookies_of(self._visits)
        new = tuple(one for one in held if self._handed.get(_key(one)) != one.value.reveal())
        for cookie in await jar.put(self._browser.line, new, self._visits):
            self._handed[_key(cookie)] = cookie.value.reveal()
            self._values.add(cookie.value.reveal().encode())

    async def _find_window(self) -> int:
        """Find a window of the browser that was not found before, where it can be shown in the tab; 0 for none."""
        if not takes_in():
            return 0
        from launcher.display.another import window_of  # late: loads Xlib

        known = tuple(self._numbers)
        number = await asyncio.to_thread(window_of, os.environ["DISPLAY"], self.pid, WINDOW_WITHIN_S, known)
        if number:
            self._numbers.append(number)
        return number

    async def _window_came(self, ident: str) -> None:
        """Show a window that a page has opened in the tab, without what stands around a page in it."""
        async with self._taking_in:
            if not self._numbers:
                return  # it stands beside, as its first window does
            line = self._browser.line
            about = await line.ask("Browser.getWindowForTarget", {"targetId": ident}, page=False)
            whole = {"windowId": about.get("windowId"), "bounds": {"windowState": "fullscreen"}}
            await line.ask("Browser.setWindowBounds", whole, page=False)
            until = self._loop.time() + WINDOW_WITHIN_S
            while not _is_whole(about) and self._loop.time() < until:  # its manager does it, once it has shown it
                await asyncio.sleep(BETWEEN_S)
                about = await line.ask("Browser.getWindowForTarget", {"targetId": ident}, page=False)
            if found := await self._find_window():
                from launcher.display.another import leave_manager  # late: loads Xlib

                await asyncio.to_thread(leave_manager, os.environ["DISPLAY"], found, WINDOW_WITHIN_S)
                self._bridge.post(lambda: self._take_in(ident, found))

    def _take_in(self, ident: str, number: int) -> None:
        if self._face is not None:
            self._face.take_in(ident, number)
            self._changed()

    def _begin_end(self) -> None:
        if self._ending is None:
            self._ending = asyncio.create_task(self._end())

    async def _end(self) -> None:
        await self.windows.end()
        await self._browser.end()

    # --- inside

    def in_loop(self, act: Callable[[], None]) -> None:
        """Do something in the engine's loop, from the main thread."""
        with suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(act)

    def _faulted(self, fault: LauncherError | None) -> None:
        view = error_view(fault) if fault is not None else None

        def tell() -> None:
            if self._face is not None:
                self.fault = view
                self._on.surface_faulted(self.surface, view)

        self._bridge.post(tell)

    async def _link_followed(self, untrusted_url: str) -> bool:
        def begin(reply: Reply[bool]) -> None:
            reply.give(self._face is not None and self._on.link_followed(self.surface, untrusted_url))

        return await self._bridge.ask(begin)

    def _changed(self) -> None:
        if self._face is not None:
            self._face.show_one(self.windows.front_ident, self.windows.idents)
            self._on.surface_moved(self.surface)
            self._on.surface_plays()


def _is_whole(untrusted: Values) -> bool:
    bounds = untrusted.get("bounds")
    return isinstance(bounds, dict) and bounds.get("windowState") == "fullscreen"


def _key(cookie: BrowserCookie) -> tuple[str, str, str]:
    return cookie.name, cookie.domain, cookie.path
