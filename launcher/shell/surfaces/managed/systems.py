"""All systems of a session that are open in an installed browser, and those whose end is not whole; free of Qt.

In the engine's loop, apart from what is said.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from launcher.connectors.plan import InstalledBrowser, WebTarget
from launcher.session.browser_cookie import BrowserCookie
from launcher.shell.surfaces.managed.cookies import CookiesOf
from launcher.sign_on.driver import WebDriver

if TYPE_CHECKING:
    from launcher.shell.bridge import Bridge, Reply
    from launcher.shell.surfaces.files import SessionFiles
    from launcher.shell.surfaces.managed.system import ManagedSystem, Onlooker


class ManagedSystems:
    """One session's; what drives a browser is loaded with the first."""

    def __init__(self, bridge: Bridge, on: Onlooker, cookies_of: CookiesOf, files: SessionFiles) -> None:
        self._bridge, self._on, self._cookies_of, self._files = bridge, on, cookies_of, files
        self._all: list[ManagedSystem] = []
        self._resting = False
        self.scale = 1.0
        """How large those that are opened from now on are drawn: one that is open keeps its own."""
        self._values: frozenset[bytes] = frozenset()  # the cookies of those that have ended

    async def open(
        self, surface: str, target: WebTarget, installed: InstalledBrowser, show: Callable[[ManagedSystem], None]
    ) -> WebDriver:
        """Start a browser; ``show`` is called with it on the main thread.

        Raises BrowserMissingError, BrowserNotStartedError, DriverGoneError and what ``show`` raises.
        """
        from launcher.shell.surfaces.managed.system import ManagedSystem  # late: few stations have such systems

        system = await ManagedSystem.opened(
            surface, target, installed, self._bridge, self._on, self._cookies_of, self._files, self.scale
        )
        self._all.append(system)
        system.rest(on=self._resting)

        def begin(reply: Reply[None]) -> None:
            self._files.allow(surface, target.files)
            system.appear()
            show(system)
            reply.give(None)

        try:
            await self._bridge.ask(begin)
        except BaseException:
            await self._end(system)
            raise
        return system.windows

    async def remember(self, surface: str) -> None:
        """Note the cookies of a system that is about to be closed."""
        for system in tuple(self._all):
            if system.surface == surface:
                self._values |= await system.secrets()

    async def ended(self, shown: Callable[[ManagedSystem], bool]) -> None:
        """Return when nothing is left of those that are not shown any more."""
        for system in tuple(self._all):
            if not shown(system):
                await self._end(system)

    def rest(self, *, on: bool) -> None:
        """Let them rest, those too that are opened meanwhile, or go on."""
        self._resting = on
        for system in self._all:
            system.rest(on=on)

    async def take_cookies(self, cookies: tuple[BrowserCookie, ...], origins: tuple[str, ...], surface: str) -> bool:
        """Put cookies into the browsers whose system is of these origins, or into that of one ``surface`` alone.

        Say whether they were for that one.
        """
        theirs = [system for system in self._all if surface in ("", system.surface)]
        for system in theirs:
            await system.take_cookies(cookies, origins)
        return bool(surface and theirs)

    async def secrets(self) -> frozenset[bytes]:
        """Return the values of all cookies that they have and had."""
        found = await asyncio.gather(*(system.secrets() for system in self._all))
        self._values = self._values.union(*found)
        return self._values

    async def _end(self, system: ManagedSystem) -> None:
        await system.ended()
        if system in self._all:
            self._all.remove(system)
