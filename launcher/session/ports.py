"""What a session asks of its screens and of the station, so that it runs without either."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from launcher.connectors.plan import WebTarget
from launcher.session.browser_cookie import BrowserCookie
from launcher.session.snapshot import Snapshot
from launcher.sign_on.driver import WebDriver
from launcher.terminal.feed import TerminalFeed
from launcher.terminal.keyboards import KeyboardMap
from launcher.wire.records import Record


class Surfaces(Protocol):
    """The browser surfaces of the shell; called from the engine's loop."""

    async def open_web(self, surface: str, target: WebTarget, *, shown: bool) -> WebDriver:
        """Make a page in the session's profile; ``shown`` gives it a tab's place, else it stays out of sight."""
        ...

    async def open_terminal(self, surface: str, feed: TerminalFeed, *, keyboard: KeyboardMap) -> None:
        """Show a terminal in a tab's place, with this keyboard map.

        The feed is called in the engine's loop only.
        """
        ...

    async def load_terminals(self, quiet: Callable[[], bool]) -> None:
        """Load what a terminal's view is made of, a little at a time, as long as it is quiet; ahead of the first."""
        ...

    async def close(self, surface: str) -> None:
        """End the page, or the terminal's view; a surface that is gone already is no fault."""
        ...

    async def follow(self, surface: str, url: str) -> None:
        """Go to an address of the system's own, beside what the officer has typed there; others are not gone to."""
        ...

    def address(self, surface: str) -> str:
        """Return the address at which a system's page is now, or nothing; it may hold what is confidential."""
        ...

    async def edited(self) -> tuple[str, ...]:
        """Name the surfaces whose page holds something the officer typed and has not sent."""
        ...

    async def release(self) -> None:
        """End all pages, then the profile, and empty the clipboard: the session ends."""
        ...

    async def mute(self, on: bool) -> None:
        """Silence every page, those that are opened while it is silent too; or let them be heard again."""
        ...

    async def give_up_clipboard(self) -> None:
        """Empty the clipboard, and the selection, of what this session put there; kept in this process meanwhile."""
        ...

    async def take_back_clipboard(self) -> None:
        """Put back what was in the clipboard when it was given up; nothing where it was not ours."""
        ...

    async def cookies_of(self, origins: tuple[str, ...]) -> tuple[BrowserCookie, ...]:
        """Return the profile's cookies that these origins are given."""
        ...

    async def take_cookies(self, cookies: tuple[BrowserCookie, ...], origins: tuple[str, ...], only: str = "") -> None:
        """Put cookies into the profile as they are, those that one of the origins is given; return once they hold.

        ``only``: into nothing but the browser that has the pages of this surface.
        """
        ...

    async def derived_secrets(self) -> tuple[bytes, ...]:
        """Return the values of the profile's cookies, for a residue check."""
        ...


class Outside(Protocol):
    """The windows and processes of the programs the officer started; as ``launcher.session.outside`` has them."""

    async def hide(self) -> None:
        """Hide every window that is not this process's own, and stop what shows it where the station file says so."""
        ...

    async def show(self) -> None:
        """Let them go on, and show what was hidden, in front where it was in front."""
        ...

    async def bring_forward(self, pid: int) -> None:
        """Put the windows of the program of this process id in front, with the keys, also those that come."""
        ...

    async def come_forward(self) -> None:
        """Put this process's own window in front of the programs', with the keys."""
        ...

    def let_be(self) -> None:
        """Put no windows in front any more; those that are stay."""
        ...


class NothingOutside:
    """A session that starts no programs with windows: on a station without a display, and in tests."""

    async def hide(self) -> None:
        """Nothing to hide."""

    async def show(self) -> None:
        """Nothing to show."""

    async def bring_forward(self, pid: int) -> None:
        """Nothing to bring."""

    async def come_forward(self) -> None:
        """Nothing is in front of it."""

    def let_be(self) -> None:
        """Nothing is brought."""


class Screen(Protocol):
    """Where snapshots go; may be called from the engine's loop at any rate."""

    def draw(self, snapshot: Snapshot) -> None:
        """Take the newest snapshot; older ones may be dropped."""
        ...


class Station(Protocol):
    """The road to the supervisor; never blocks and never raises."""

    def tell(self, message: Record) -> None:
        """Send one message of ``launcher.wire.messages``."""
        ...

    def painted(self) -> None:
        """Say that the sign-in screen is painted, and how long after the station's word."""
        ...
