"""The surfaces port over a plain browser and real sockets: pages as a person without scripts would see them.

What a script would do is said here: the records page of the demo fetches with the token that it carries.
"""

from __future__ import annotations

import asyncio
import http.cookiejar
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

from launcher.connectors.plan import WebTarget
from launcher.grants.client_certificate import AnyCertificate, ClientCertificate
from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.session.browser_cookie import BrowserCookie, given_to
from launcher.sign_on.driver import (
    DocumentNow,
    FieldFault,
    Followed,
    Seen,
    SystemUnreachableError,
    WrongOriginError,
    plain_words,
)
from launcher.terminal.feed import TerminalFeed
from launcher.terminal.keyboards import KeyboardMap
from tests.servers.visitor import Page, Visitor

CALLBACK = "https://localhost/station-launcher/callback"
LOGGED_OFF = "https://localhost/station-launcher/logged-off"
EMPTY = Page("about:blank", 200, "")


class VisitorDriver:
    """One tab of a plain browser. Fields are known by their id, which is their name too, but for #user and the like."""

    kind: ClassVar[str] = "web"

    def __init__(self, ca_file: Path, cookies: http.cookiejar.CookieJar, target: WebTarget) -> None:
        self._ca_file = ca_file
        self._cookies = cookies
        self._target = target
        self._visitor = self._browser()
        self._page = EMPTY
        self._typed: dict[str, str] = {}
        self._token: Secret | None = None
        self._basic = False
        self._came = asyncio.Event()
        self._document = 0
        self.loads: list[str] = []

    def _browser(self, basic: tuple[str, str] | None = None, certificate: Path | None = None) -> Visitor:
        stop_at = (CALLBACK, LOGGED_OFF)
        return Visitor(self._ca_file, basic=basic, stop_at=stop_at, cookies=self._cookies, certificate=certificate)

    async def load(self, url: str) -> None:
        self.loads.append(url)
        await self._go(lambda: self._visitor.open(url))
        if self._token is not None:
            headers = {"Authorization": f"Bearer {self._token.reveal()}"}
            data = await asyncio.to_thread(
                self._visitor.open, self._target.token_origin + "/api/records", headers=headers
            )
            ids = frozenset({"work"} if data.status == 200 else {"refused"})
            self._page = Page(self._page.url, self._page.status, data.text, (), ids)

    async def _go(self, visit: object) -> None:
        assert callable(visit)
        try:
            self._page = await asyncio.to_thread(visit)
        except OSError as fault:
            raise SystemUnreachableError("The host took no connection.") from fault
        self._document += 1
        self._typed.clear()
        self._came.set()

    async def first_of(self, places: Sequence[Place], within_s: float, *, or_fault: bool = False) -> Seen | None:
        try:
            async with asyncio.timeout(within_s):
                while True:
                    for index, place in enumerate(places):
                        if self._holds(place):
                            return Seen(index, self.last_seen())
                    self._came.clear()
                    await self._came.wait()
        except TimeoutError:
            return None

    def _holds(self, place: Place) -> bool:
        if place.url and not self._page.url.startswith(place.url):
            return False
        wanted = (place.selector or "").split(", ")
        if place.selector and not any(_name(one) in self._page.ids for one in wanted):
            return False
        return not place.text or place.text in self._page.text

    async def fill(
        self, field: str, value: Secret, *, hides: bool = False, by_keys: bool = False, sends: bool = False
    ) -> None:
        parts = urlsplit(self._page.url)
        if f"{parts.scheme}://{parts.netloc}" not in self._target.origins:
            raise WrongOriginError(f"{parts.netloc} is not where this system is signed on to.")
        name = _name(field)
        if name not in self._page.ids:
            raise FieldFault("The field is not there.")
        if hides and f"name={name} type=password" not in self._page.text:
            raise FieldFault("The field would show what is filled in.")
        self._typed[name] = value.reveal()

    async def prove(self, **fields: str) -> None:
        """Fill and send the form by the officer's own hands, without a recipe."""
        self._typed = dict(fields)
        await self.press("#go", "")

    async def asks(self) -> None:
        """Wait until the page asks for a password."""
        assert await self.first_of([Place(selector="#password")], 20.0) is not None

    async def press(self, control: str, key: str) -> None:
        form = next((one for one in self._page.forms if set(self._typed) <= {*one.fields, *one.choices}), None)
        if form is None or _name(control) not in self._page.ids:
            raise FieldFault("The control is not there.")
        page, fields = self._page, dict(self._typed)
        await self._go(lambda: self._visitor.submit(page, form, fields))

    def last_seen(self) -> str:
        parts = urlsplit(urljoin(self._page.url, "."))
        return f"{parts.netloc}{parts.path}"

    async def document_now(self, words_at: str = "") -> DocumentNow:
        await asyncio.sleep(0)
        shown = words_at.removeprefix("#") in self._page.ids
        return DocumentNow(str(self._document), plain_words(self._page.text) if words_at and shown else "")

    def answer_basic(self, user_name: str, password: Secret) -> None:
        self._visitor, self._basic = self._browser((user_name, password.reveal())), True

    def basic_refused(self) -> bool:
        return self._basic and self._page.status == 401

    def present_certificate(self, certificate: AnyCertificate) -> None:
        assert isinstance(certificate, ClientCertificate)
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:  # a context reads files only
            file.write(certificate.certificate + certificate.key.reveal())
            file.flush()
            self._visitor = self._browser(certificate=Path(file.name))

    def certificate_refused(self) -> bool:
        return False

    def carry_token(self, token: Secret) -> None:
        self._token = token

    async def callback(self, prefix: str, within_s: float) -> str | None:
        seen = await self.first_of([Place(url=prefix)], within_s)
        return self._page.url if seen else None

    def officer_typed_hidden(self) -> bool:
        return False

    def officer_acts(self) -> int:
        return 0

    def followed(self) -> Followed:
        return Followed()


def _name(selector: str) -> str:
    """The id that a selector ends at, wherever that lies: all of a page is one document here."""
    return selector.rpartition(" >>> ")[2].removeprefix("#")


class VisitorSurfaces:
    """All tabs of a session: one jar of cookies, as a browser's profile has."""

    def __init__(self, ca_file: Path, driver: type[VisitorDriver] = VisitorDriver) -> None:
        self._ca_file = ca_file
        self._driver = driver
        self.cookies = http.cookiejar.CookieJar()
        self.open: dict[str, VisitorDriver] = {}
        self.ever: list[str] = []
        self.shown: list[str] = []
        self.released = False
        self._new: asyncio.Queue[VisitorDriver] = asyncio.Queue()

    async def open_web(self, surface: str, target: WebTarget, *, shown: bool) -> VisitorDriver:
        await asyncio.sleep(0)
        self.ever.append(surface)
        self.shown += [surface] if shown else []
        page = self.open[surface] = self._driver(self._ca_file, self.cookies, target)
        self._new.put_nowait(page)
        return page

    async def open_terminal(self, surface: str, feed: TerminalFeed, *, keyboard: KeyboardMap) -> None:
        """Nobody looks at it."""
        self.ever.append(surface)

    async def load_terminals(self, quiet: Callable[[], bool]) -> None:
        """Nobody looks at them."""

    async def next_page(self) -> VisitorDriver:
        """Wait for the next page that is opened, one after another."""
        return await self._new.get()

    async def close(self, surface: str) -> None:
        await asyncio.sleep(0)
        self.open.pop(surface, None)

    async def follow(self, surface: str, url: str) -> None:
        """Nobody follows links."""

    def address(self, surface: str) -> str:
        return ""

    async def edited(self) -> tuple[str, ...]:
        return ()

    async def release(self) -> None:
        self.open.clear()
        self.released = True

    async def mute(self, on: bool) -> None:
        """Nothing is heard of these pages."""

    async def give_up_clipboard(self) -> None:
        """There is none."""

    async def take_back_clipboard(self) -> None:
        """There is none."""

    async def cookies_of(self, origins: tuple[str, ...]) -> tuple[BrowserCookie, ...]:
        return tuple(_ours(one) for one in self.cookies if given_to(_domain(one), origins) is not None)

    async def take_cookies(self, cookies: tuple[BrowserCookie, ...], origins: tuple[str, ...], only: str = "") -> None:
        for one in cookies:
            if given_to(one.domain, origins) is not None:
                self.cookies.set_cookie(_theirs(one))

    async def derived_secrets(self) -> tuple[bytes, ...]:
        return tuple((cookie.value or "").encode() for cookie in self.cookies)


def _domain(cookie: http.cookiejar.Cookie) -> str:
    # This jar adds .local to a host without a dot.
    return cookie.domain.removesuffix(".local")


def _ours(cookie: http.cookiejar.Cookie) -> BrowserCookie:
    return BrowserCookie(
        cookie.name,
        Secret(cookie.value or ""),
        _domain(cookie),
        cookie.path,
        cookie.secure,
        cookie.has_nonstandard_attr("HttpOnly"),
        cookie.expires,
    )


def _theirs(cookie: BrowserCookie) -> http.cookiejar.Cookie:
    domain = cookie.domain if "." in cookie.domain else f"{cookie.domain}.local"
    return http.cookiejar.Cookie(
        version=0,
        name=cookie.name,
        value=cookie.value.reveal(),
        port=None,
        port_specified=False,
        domain=domain,
        domain_specified=not cookie.host_only,
        domain_initial_dot=not cookie.host_only,
        path=cookie.path,
        path_specified=True,
        secure=cookie.secure,
        expires=cookie.expires_at,
        discard=cookie.expires_at is None,
        comment=None,
        comment_url=None,
        rest={"HttpOnly": ""} if cookie.http_only else {},
    )
