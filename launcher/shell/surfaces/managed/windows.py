"""The windows of one system in an installed browser: to the engine they are one driver, as those of an embedded one.

In the engine's loop; the screens read what is open at any time. The rules are those of
:class:`launcher.shell.surfaces.windows.SystemWindows`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import ClassVar

from launcher.errors import LauncherError
from launcher.grants.client_certificate import AnyCertificate
from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.shell.surfaces.managed.devtools import AskRefusedError, Line, LineEndedError, WindowLine
from launcher.shell.surfaces.managed.facts import ManagedFacts
from launcher.shell.surfaces.managed.gate import Gate
from launcher.shell.surfaces.managed.page import ManagedPage
from launcher.shell.surfaces.origins import Bounds
from launcher.shell.surfaces.window_view import WindowView
from launcher.sign_on.driver import DocumentNow, DriverGoneError, FieldFault, Followed, PageAsksError, Seen

Made = Callable[[Line, Gate, Callable[[LauncherError | None], None]], ManagedPage]
"""Makes the page of a window; it says its faults to the last."""


@dataclass(frozen=True, slots=True)
class _Open:
    """What is open; replaced as a whole, for the screens read it at any time."""

    pages: tuple[ManagedPage, ...]
    front: ManagedPage
    acts: int = 0  # of windows that are closed
    typed_hidden: bool = False


class ManagedWindows:
    """A :class:`launcher.sign_on.driver.WebDriver` over all windows of one browser.

    ``faulted`` is told of the faults of the window in front, ``changed`` that there are others, or another in front.
    ``came`` is waited for with the id of each further window, once it is one of the system's.
    """

    kind: ClassVar[str] = "web"

    def __init__(
        self,
        line: Line,
        bounds: Bounds,
        make: Made,
        *,
        way_out: tuple[str, Secret] | None,
        faulted: Callable[[LauncherError | None], None],
        changed: Callable[[], None],
        came: Callable[[str], Coroutine[object, object, None]],
    ) -> None:
        self._line, self._make, self._faulted, self._changed, self._came = line, make, faulted, changed, came
        self._gate = Gate(line, bounds, way_out=way_out, windows=self)
        self._numbers = count(1)
        self._keys: dict[ManagedPage, int] = {}
        self._idents: dict[ManagedPage, str] = {}
        self._lines: dict[str, WindowLine] = {}
        self._faults: dict[ManagedPage, LauncherError] = {}
        self.main = self._made(line)
        self._open = _Open((self.main,), self.main)
        self._at = self.main  # where something was seen last
        self._acts_before: int | None = 0  # the officer's, where it shows what the recipe is at until their next
        self._others = asyncio.Event()  # set whenever one has come or gone
        self._beginning: dict[str, asyncio.Task[None]] = {}

    async def begin(self) -> None:
        """Hold the browser to the bounds. Raises what :meth:`ManagedPage.begin` raises."""
        await self.main.begin()

    # --- for the screens

    @property
    def front(self) -> ManagedPage:
        """The page in front."""
        return self._open.front

    @property
    def front_ident(self) -> str:
        """The id of the window in front."""
        return self._idents.get(self._open.front, "")

    @property
    def idents(self) -> frozenset[str]:
        """The ids of all windows."""
        return frozenset(self._idents.values())

    def views(self) -> tuple[WindowView, ...]:
        """Return what the row of windows shows, the first window first."""
        now = self._open
        return tuple(
            WindowView(key, page.facts.title or page.facts.host, page is now.front, page is self.main)
            for page in now.pages
            if (key := self._keys.get(page)) is not None
        )

    def is_edited(self, key: int) -> bool:
        """Say whether a window holds something typed and not sent."""
        page = self._of(key)
        return page is not None and page.facts.edited

    def show(self, key: int) -> None:
        """Bring a window to the front."""
        self._acts_before = None
        if (page := self._of(key)) is not None:
            self._bring(page)

    def close(self, key: int) -> None:
        """Close a second window; the first is the system's own, and closed with it."""
        self._acts_before = None
        page = self._of(key)
        if page is not None and page is not self.main:
            self._gate.close(self._idents[page])

    def follow(self, url: str) -> None:
        """Go to an address of the system's own, unless something is typed in its first window."""
        self._acts_before = None
        if not self.main.facts.edited:
            self.main.go_on(url)
            self._bring(self.main)

    def rest(self, *, on: bool) -> None:
        """Have all of them rest, or go on."""
        for page in self._open.pages:
            page.rest(on=on)

    @property
    def facts(self) -> ManagedFacts:
        """What may be read of all windows together."""
        now = self._open
        facts = [page.facts for page in now.pages]
        return replace(
            facts[0],
            last_seen=now.front.facts.last_seen,
            acts=now.acts + sum(one.acts for one in facts),
            edited=any(one.edited for one in facts),
            typed_hidden=now.typed_hidden or any(one.typed_hidden for one in facts),
            playing=any(one.playing for one in facts),
        )

    # --- the driver

    async def load(self, url: str) -> None:
        """Begin anew in the first window: the others were of what was there before."""
        for page in self._open.pages[1:]:
            self._gate.close(self._idents[page])
        self._at = self.main
        self._acts_before = self.facts.acts
        self._bring(self.main)
        await self.main.load(url)

    async def first_of(self, places: Sequence[Place], within_s: float, *, or_fault: bool = False) -> Seen | None:
        """Look in every window until one of the places holds, those that come meanwhile too."""
        clock = asyncio.get_running_loop().time
        until, looks = clock() + within_s, dict[ManagedPage, asyncio.Task[Seen | None]]()
        try:
            while True:
                self._others.clear()
                for page in self._open.pages:
                    if page not in looks and (page is self.main or not (page.facts.ended or page.facts.crashed)):
                        # The fault of a window in which nothing was seen yet is none of the system's logon.
                        fault = or_fault and page in (self.main, self._at)
                        left_s = max(0.0, until - clock())
                        look = page.first_of(places, left_s, or_fault=fault, or_asks=or_fault)
                        looks[page] = asyncio.create_task(look)
                others = asyncio.create_task(self._others.wait())
                under_way = {task for task in looks.values() if not task.done()}
                await asyncio.wait({*under_way, others}, return_when=asyncio.FIRST_COMPLETED)
                others.cancel()
                for page, task in looks.items():
                    if not task.done() or (page is not self.main and isinstance(task.exception(), DriverGoneError)):
                        continue
                    if isinstance(task.exception(), PageAsksError):
                        self._bring(page)
                    if (seen := task.result()) is not None:
                        self._saw(page)
                        return seen
                if looks[self.main].done():
                    return None
        finally:
            for task in looks.values():
                task.cancel()
            await asyncio.gather(*looks.values(), return_exceptions=True)

    async def fill(
        self, field: str, value: Secret, *, hides: bool = False, by_keys: bool = False, sends: bool = False
    ) -> None:
        """Fill a field of the window in which something was seen last."""
        page = self._at
        try:
            await page.fill(field, value, hides=hides, by_keys=by_keys, sends=sends)
        except DriverGoneError:
            if page is self.main:
                raise
            raise FieldFault("The window was closed while it was filled.", detail=page.facts.last_seen) from None

    async def press(self, control: str, key: str) -> None:
        """Press in the window in which something was seen last; one that closes by it was pressed."""
        page = self._at
        try:
            await page.press(control, key)
        except DriverGoneError:
            if page is self.main:
                raise

    async def document_now(self, words_at: str = "") -> DocumentNow:
        """Say which document is in the window in which something was seen last."""
        try:
            return await self._at.document_now(words_at)
        except DriverGoneError:
            if self._at is self.main:
                raise
            return DocumentNow("")

    async def answered(self) -> None:
        """Return once no window waits for an answer in a window of its own."""
        await asyncio.gather(*(page.answered() for page in self._open.pages))

    def followed(self) -> Followed:
        """Return the link that the officer has followed last in the first window, within the system."""
        return self.main.followed()

    def last_seen(self) -> str:
        """Say what is in front now: host, path and title."""
        return self.facts.last_seen

    def answer_basic(self, user_name: str, password: Secret) -> None:
        """Have an answer ready for one challenge of the first window."""
        self.main.answer_basic(user_name, password)

    def basic_refused(self) -> bool:
        """Say whether the server challenged again after our answer."""
        return self.main.basic_refused()

    def present_certificate(self, certificate: AnyCertificate) -> None:
        """Present none: the check of the catalogue lets no entry come here with one."""

    def certificate_refused(self) -> bool:
        """Say that nobody refused what was not presented."""
        return False

    def carry_token(self, token: Secret) -> None:
        """Put the token on the pages' fetches to the token origin until replaced."""
        self.main.carry_token(token)

    async def callback(self, prefix: str, within_s: float) -> str | None:
        """Return the first window's first navigation that starts with ``prefix``, or None."""
        return await self.main.callback(prefix, within_s)

    def officer_typed_hidden(self) -> bool:
        """Say whether the officer typed where it may have been a password, in any window."""
        return self.facts.typed_hidden

    def officer_acts(self) -> int:
        """Count the officer's own key presses, clicks and touches so far."""
        return self.facts.acts

    async def end(self) -> None:
        """Fail what is under way: the browser is about to end."""
        for task in self._beginning.values():
            task.cancel()
        for page in reversed(self._open.pages):
            await page.end()

    # --- what the gate tells

    def window_came(self, ident: str) -> None:
        """Have a page that a page has opened, in front."""
        task = self._beginning[ident] = asyncio.create_task(self._begin_window(ident))
        task.add_done_callback(lambda _: self._beginning.pop(ident, None))

    def window_went(self, ident: str) -> None:
        """Let go of one that is closed."""
        if (task := self._beginning.get(ident)) is not None:
            task.cancel()
        if (line := self._lines.pop(ident, None)) is not None:
            line.end()
        now = self._open
        page = next((one for one in now.pages if self._idents[one] == ident and one is not self.main), None)
        if page is None:
            return
        at = now.pages.index(page)
        left = tuple(one for one in now.pages if one is not page)
        front = left[at - 1] if now.front is page else now.front
        facts, before = page.facts, self._faults.get(now.front)
        self._open = _Open(left, front, now.acts + facts.acts, now.typed_hidden or facts.typed_hidden)
        if self._at is page:
            self._at = self.main
        for told in (self._keys, self._idents, self._faults):
            told.pop(page, None)
        ending = asyncio.create_task(page.end())
        self._beginning[f"end of {ident}"] = ending
        ending.add_done_callback(lambda _: self._beginning.pop(f"end of {ident}", None))
        self._others.set()
        self._front_is_other(before)

    # --- inside

    async def _begin_window(self, ident: str) -> None:
        try:
            line = self._lines[ident] = await self._line.window(ident)
            page = self._made(line)
            await page.begin()
            self._open = replace(self._open, pages=(*self._open.pages, page))
            self._others.set()
            self._bring(page)
            await self._came(ident)
        except (AskRefusedError, LineEndedError):
            self._gate.close(ident)

    def _made(self, line: Line) -> ManagedPage:
        def faulted(fault: LauncherError | None) -> None:
            if page not in self._keys:
                return
            if fault is None:
                self._faults.pop(page, None)
            else:
                self._faults[page] = fault
            if page is self._open.front:
                self._faulted(fault)

        page = self._make(line, self._gate, faulted)
        self._keys[page], self._idents[page] = next(self._numbers), line.page_id
        return page

    def _of(self, key: int) -> ManagedPage | None:
        return next((page for page in self._open.pages if self._keys.get(page) == key), None)

    def _saw(self, page: ManagedPage) -> None:
        if page in self._keys and not self._at.is_filled:  # what is filled there is pressed there
            self._at = page
            if self.facts.acts == self._acts_before:
                self._bring(page)  # also where a logon's window stays: what is ready lies behind it

    def _bring(self, page: ManagedPage) -> None:
        if page is not self._open.front:
            before = self._faults.get(self._open.front)
            self._open = replace(self._open, front=page)
            self._front_is_other(before)

    def _front_is_other(self, before: LauncherError | None) -> None:
        if (fault := self._faults.get(self._open.front)) is not before:
            self._faulted(fault)
        self._changed()
