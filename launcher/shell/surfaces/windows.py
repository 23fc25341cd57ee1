"""The windows of one system: the page that was opened for it, and those that this page opened itself.

They share the system's bounds and its tab. To the engine they are one driver: what it looks for is sought in all of
them, and it fills and presses where it saw something last, or has filled something that it has not sent yet. So a
logon in a window of its own is signed on to like any.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import ClassVar, Literal

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QWidget

from launcher.grants.client_certificate import AnyCertificate
from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.session.snapshot import ErrorView
from launcher.shell.bridge import Reply
from launcher.shell.surfaces.around import Onlooker, OpenIn
from launcher.shell.surfaces.files import Offered, SessionFiles
from launcher.shell.surfaces.kept_page import KeptPage
from launcher.shell.surfaces.origins import Bounds
from launcher.shell.surfaces.page import OpenPage
from launcher.shell.surfaces.page_facts import PageFacts
from launcher.shell.surfaces.web_engine import Browser, WebPage, WebView
from launcher.shell.surfaces.window_view import WindowView
from launcher.shell.surfaces.writing import Given
from launcher.sign_on.driver import DocumentNow, DriverGoneError, FieldFault, Seen

MOST_WINDOWS = 8
"""A system has no more windows than this beside its first: a page that opens them in a loop is stopped."""


@dataclass(frozen=True, slots=True)
class _Open:
    """What is open; replaced as a whole on the main thread, for the engine reads it at any time."""

    pages: tuple[OpenPage, ...]
    front: OpenPage
    acts: int = 0  # of windows that are closed
    typed_hidden: bool = False


@dataclass(frozen=True, slots=True)
class _Look:
    """A question that windows which open meanwhile are asked too."""

    places: tuple[Place, ...]
    until: float
    reply: Reply[Seen | None]
    or_fault: bool


class SystemWindows:
    """One system's. Not a QObject: the engine may hold it past its end."""

    kind: ClassVar[Literal["own"]] = "own"

    def __init__(
        self,
        surface: str,
        browser: Browser,
        bounds: Bounds,
        size: QSize,
        zoom: float,
        on: Onlooker,
        files: SessionFiles,
    ) -> None:
        self._surface, self._browser, self._bounds, self._on = surface, browser, bounds, on
        self._size, self._zoom, self._files = size, zoom, files
        view, raw = browser.take(size, apart=bounds.apart)
        self._first = raw
        self._numbers = count(1)
        self._keys: dict[KeptPage, int] = {}
        self._faults: dict[KeptPage, ErrorView] = {}
        self._main = self._made(raw, view)
        self._open = _Open((self._main,), self._main)
        self._at = self._main  # where something was seen last
        self._acts_before: int | None = None  # the officer's, where it shows what the recipe is at until their next
        self._looks: list[_Look] = []
        self._acting: tuple[OpenPage, Reply[None], bool] | None = None  # True: a press
        self._asked: list[Reply[None]] = []  # who waits until no page asks the officer anything

    # --- for the screens

    @property
    def widget(self) -> QWidget | None:
        """The widget of the window in front, until its end."""
        return self._open.front.widget

    @property
    def front(self) -> OpenPage:
        """The page in front."""
        return self._open.front

    @property
    def bounds(self) -> Bounds:
        """What its pages may do."""
        return self._bounds

    @property
    def host(self) -> str:
        """The host of the page in front."""
        return self._open.front.host

    @property
    def fault(self) -> ErrorView | None:
        """The fault that the page in front is in."""
        return self._faults.get(self._open.front)

    @property
    def is_watched(self) -> bool:
        """Whether one of them plays a video in sight."""
        return any(page.is_watched for page in self._open.pages)

    def views(self) -> tuple[WindowView, ...]:
        """Return what the row of windows shows, the first window first."""
        front = self._open.front
        return tuple(
            WindowView(self._keys[page], page.title or page.host, page is front, page is self._main)
            for page in self._open.pages
        )

    def is_edited(self, key: int) -> bool:
        """Say whether a window holds something typed and not sent."""
        page = self._of(key)
        return page is not None and page.facts.edited

    def show(self, key: int) -> None:
        """Bring a window to the front, by the officer's choice."""
        self._acts_before = None
        if (page := self._of(key)) is not None:
            self._bring(page)

    def close(self, key: int) -> None:
        """Close a second window; the first is the system's own, and closed with it."""
        page = self._of(key)
        if page is not None and page is not self._main:
            self._close(page)

    def zoom(self, factor: float) -> None:
        """Draw all of them larger or smaller, those to come too."""
        self._zoom = factor
        for page in self._open.pages:
            page.zoom(factor)

    def follow(self, url: str) -> None:
        """Go to an address of the system's own that a link led to: in a window of its own where something is typed."""
        if not self._bounds.may_visit(url):
            return
        self._acts_before = None
        page: OpenPage | None = self._main
        if self._main.facts.edited:
            page = self._another(lambda raw: raw.go(url))
        if page is self._main:
            self._main.go(url)
        if page is not None:
            self._bring(page)

    def show_file(self, path: Path) -> None:
        """Show a file of the session's in a window of its own."""
        self._acts_before = None
        page = self._another(lambda raw: None)
        if page is not None:
            page.show_file(path.as_uri())
            self._bring(page)

    # --- for the engine, through the bridge

    @property
    def facts(self) -> PageFacts:
        """What the engine may read at any time, of all windows together."""
        now = self._open
        facts = [page.facts for page in now.pages]
        return replace(
            facts[0],
            last_seen=now.front.facts.last_seen,
            acts=now.acts + sum(one.acts for one in facts),
            edited=any(one.edited for one in facts),
            typed_hidden=now.typed_hidden or any(one.typed_hidden for one in facts),
            playing=any(one.playing for one in facts),
            asks=any(one.asks for one in facts),
        )

    def load(self, url: str, reply: Reply[None]) -> None:
        """Begin anew in the first window: the others were of what was there before."""
        for page in self._open.pages[1:]:
            self._close(page)
        self._at = self._main
        self._acts_before = self.facts.acts
        self._main.load(url, reply)

    def first_of(
        self, places: Sequence[Place], within_s: float, reply: Reply[Seen | None], *, or_fault: bool = False
    ) -> None:
        """Look in every window until one of the places holds, or one has met a fault."""
        look = _Look(tuple(places), time.monotonic() + within_s, reply, or_fault)
        self._looks = [one for one in self._looks if not one.reply.settled]
        self._looks.append(look)
        self._main.first_of(places, within_s, reply, partial(self._saw, self._main), or_fault=or_fault)
        for page in self._open.pages[1:]:
            self._look_in(page, look)

    def fill(self, given: Given, by_keys: bool, reply: Reply[None]) -> None:
        """Fill a field of the window in which something was seen last."""
        self._acting = self._at, reply, False
        self._at.fill(given, by_keys, reply)

    def press(self, control: str, key: str, reply: Reply[None]) -> None:
        """Press in the window in which something was seen last."""
        self._acting = self._at, reply, True
        self._at.press(control, key, reply)

    def document_now(self, words_at: str, reply: Reply[DocumentNow]) -> None:
        """Say which document is in the window in which something was seen last."""
        self._at.document_now(words_at, reply)

    def answered(self, reply: Reply[None]) -> None:
        """Say when no window waits for the officer's answer to what it asks."""
        self._asked.append(reply)
        self.page_answered()

    def callback(self, prefix: str, within_s: float, reply: Reply[str | None]) -> None:
        """Catch the first window's navigation that starts with ``prefix``."""
        self._main.callback(prefix, within_s, reply)

    def answer_basic(self, user_name: str, password: Secret) -> None:
        """Have an answer ready for one challenge of the first window."""
        self._main.answer_basic(user_name, password)

    def present_certificate(self, certificate: AnyCertificate) -> None:
        """Present it to the page's own origins."""
        self._main.present_certificate(certificate)

    def carry_token(self, token: Secret) -> None:
        """Put the token on the fetches of the first window."""
        self._main.carry_token(token)

    def end(self) -> None:
        """End all windows; who shows them has let go of the one in front."""
        pages = self._open.pages
        self._looks.clear()
        for reply in self._asked:
            reply.fail(DriverGoneError("The page was closed."))
        for page in reversed(pages):
            self._end(page)

    # --- what the pages tell

    def page_faulted(self, page: KeptPage, fault: ErrorView | None) -> None:
        """Note it; told on where the page is in front."""
        if fault is None:
            self._faults.pop(page, None)
        else:
            self._faults[page] = fault
        if page is self._open.front:
            self._on.surface_faulted(self._surface, fault)

    def page_moved(self, page: KeptPage) -> None:
        """Have it said anew."""
        if page in self._keys:
            self._on.surface_moved(self._surface)

    def page_asks(self, page: KeptPage) -> None:
        """Bring it to the front, where a recipe is at it: the officer is to see what it asks."""
        acting = self._acting is not None and not self._acting[1].settled
        if isinstance(page, OpenPage) and page in self._keys and (acting or page.run_looks.wait):
            self._bring(page)

    def page_answered(self) -> None:
        """Say so to those who wait, unless another one asks."""
        if not self.facts.asks:
            waiting, self._asked = self._asked, []
            for reply in waiting:
                reply.give(None)

    def page_plays(self) -> None:
        """Have it asked anew."""
        self._on.surface_plays()

    def window_wanted(self, open_in: OpenIn) -> bool:
        """Open a second window, in front."""
        page = self._another(open_in)
        if page is not None:
            self._bring(page)
        return page is not None

    def download_wanted(self, offered: Offered) -> str:
        """Hand it on."""
        return self._files.take(self._surface, offered)

    def files_to_choose(self) -> Mapping[str, Sequence[Path]] | None:
        """Hand it on."""
        return self._files.to_choose(self._surface)

    def print_wanted(self, page: KeptPage) -> None:
        """Hand it on, for the window in front."""
        if page is self._open.front:
            self._on.print_wanted(self._surface)

    def window_ends(self, page: KeptPage) -> None:
        """Close a second window that has closed itself; not out of the middle of the engine's work."""
        if page is not self._main and isinstance(page, OpenPage) and page.widget is not None:
            QTimer.singleShot(0, page.widget, lambda: self._close(page))

    def link_followed(self, untrusted_url: str) -> bool:
        """Hand it on."""
        return self._on.link_followed(self._surface, untrusted_url)

    # --- inside

    def _of(self, key: int) -> OpenPage | None:
        return next((page for page in self._open.pages if self._keys[page] == key), None)

    def _made(self, raw: WebPage, view: WebView) -> OpenPage:
        page = OpenPage(raw, view, self._bounds, self)
        page.zoom(self._zoom)
        self._keys[page] = next(self._numbers)
        return page

    def _another(self, open_in: Callable[[WebPage], None]) -> OpenPage | None:
        if len(self._open.pages) > MOST_WINDOWS:
            return None
        view, raw = self._browser.another(self._size, self._first)
        page = self._made(raw, view)
        self._open = replace(self._open, pages=(*self._open.pages, page))
        open_in(raw)
        self._looks = [one for one in self._looks if not one.reply.settled]
        for look in self._looks:
            self._look_in(page, look)
        return page

    def _look_in(self, page: OpenPage, look: _Look) -> None:
        within_s = max(0.0, look.until - time.monotonic())
        if not page.facts.gone:
            saw = partial(self._saw, page)
            # The fault of a window in which nothing was seen yet (its news, its help) is none of the system's logon.
            fault = look.or_fault and page is self._at
            asks = look.or_fault
            page.first_of(look.places, within_s, look.reply, saw, aside=True, or_fault=fault, or_asks=asks)

    def _saw(self, page: OpenPage) -> None:
        if page in self._keys and not self._at.is_filled:  # what is filled there is pressed there
            self._at = page
            if self.facts.acts == self._acts_before:
                self._bring(page)  # also where a logon's window stays: what is ready lies behind it

    def _bring(self, page: OpenPage) -> None:
        if page is self._open.front:
            return
        before = self.fault
        self._open = replace(self._open, front=page)
        self._front_is_other(before)

    def _close(self, page: OpenPage) -> None:
        now = self._open
        if page not in now.pages:
            return  # closed since
        if self._acting is not None and self._acting[0] is page:
            _, reply, pressed = self._acting
            if pressed:
                reply.give(None)  # the press has closed it
            else:
                reply.fail(FieldFault("The window was closed while it was filled.", detail=page.facts.last_seen))
        at = now.pages.index(page)
        left = tuple(one for one in now.pages if one is not page)
        front = left[at - 1] if now.front is page else now.front
        before = self.fault
        self._open = _Open(left, front, now.acts + page.facts.acts, now.typed_hidden or page.facts.typed_hidden)
        if self._at is page:
            self._at = self._main
        self._front_is_other(before)  # who shows it lets go of it first
        self._end(page)
        self.page_answered()
        self._on.surface_plays()

    def _front_is_other(self, fault_before: ErrorView | None) -> None:
        if self.fault != fault_before:
            self._on.surface_faulted(self._surface, self.fault)
        self._on.surface_moved(self._surface)

    def _end(self, page: OpenPage) -> None:
        self._keys.pop(page, None)
        self._faults.pop(page, None)
        view = page.end()
        if view is not None:
            self._browser.end(view)
