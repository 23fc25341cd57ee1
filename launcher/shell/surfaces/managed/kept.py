"""A managed browser's page to those who look on: what it may do, what became of it, and the faults it meets.

What recipes ask of it is :class:`launcher.shell.surfaces.managed.page.ManagedPage`.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from typing import Final

from launcher.addresses import begins, host_of, origin_of, path_of
from launcher.errors import LauncherError
from launcher.secret import Secret
from launcher.shell.surfaces import faults, scripts
from launcher.shell.surfaces.managed import net_errors
from launcher.shell.surfaces.managed.devtools import AskRefusedError, Line, LineEndedError, Values
from launcher.shell.surfaces.managed.errors import BrowserEndedError
from launcher.shell.surfaces.managed.facts import BLANK, ManagedFacts
from launcher.shell.surfaces.managed.gate import Gate
from launcher.shell.surfaces.managed.isolated import LOST_S, World
from launcher.shell.surfaces.managed.messages import Messages
from launcher.shell.surfaces.managed.page_files import NO_FILES, Files, PageFiles
from launcher.shell.surfaces.managed.permissions import permit
from launcher.shell.surfaces.origins import GESTURE_S, Bounds
from launcher.shell.surfaces.writing import Given
from launcher.sign_on.driver import DriverGoneError

_log = logging.getLogger(__name__)

BETWEEN_S: Final = 0.015
POLL_S: Final = 0.25


async def _nobody(untrusted_url: str) -> bool:
    return False


class KeptManagedPage:
    """A page and its bounds, in the engine's loop. ``gate``: of a browser whose windows somebody looks after.

    ``faulted`` is told of each fault that no load under way ends with, or None where the page is past it; ``changed``
    that the facts have changed. ``before_load`` is waited for before an address is gone to. ``followed`` is asked
    whether another system takes the address of a link that leads out of this one.
    """

    def __init__(
        self,
        line: Line,
        bounds: Bounds,
        *,
        gate: Gate | None = None,
        faulted: Callable[[LauncherError | None], None] = lambda fault: None,
        changed: Callable[[], None] = lambda: None,
        before_load: Callable[[], Awaitable[None]] | None = None,
        followed: Callable[[str], Awaitable[bool]] = _nobody,
        files: Files = NO_FILES,
    ) -> None:
        self.facts = ManagedFacts()
        self.bounds = bounds
        self._line = line
        self._faulted = faulted
        self._changed = changed
        self._before_load = before_load
        self._link_followed = followed
        self.files = PageFiles(line, self, files)
        self.messages = Messages(line)
        self._world = World(line, self, self._acted)
        self._first = gate is None or gate.is_of(line)  # the page that the browser was started with
        self._gate = gate or Gate(line, bounds)
        self.by_form, self.retry_after = False, ""  # as the gate has seen it
        self._woken = asyncio.Event()
        self._load: asyncio.Future[None] | None = None
        self._callback: tuple[str, asyncio.Future[str]] | None = None
        self._refused = ""  # the last navigation refused; a callback asked for too late is found here
        self._wanted = ""
        self._basic: tuple[str, Secret] | None = None
        self._answered = False
        self._given: tuple[Given, ...] = ()  # what no press has sent yet, whatever document it was filled in
        self._never_whole = "none"  # the id of the document that a press has waited for in vain
        self._acted_s = -math.inf  # when the officer pressed something last
        self._faulty = False
        self._met: tuple[LauncherError, float] | None = None  # the fault that its way ended in, and when
        self._tasks: set[asyncio.Task[None]] = set()

    async def begin(self) -> None:
        """Hold the browser to the bounds and listen to it. Raises :class:`LineEndedError` and AskRefusedError."""
        line = self._line
        line.on("Page.frameNavigated", self._navigated)
        line.on("Page.domContentEventFired", lambda _: self._start(self._read_title()))
        line.on("Page.loadEventFired", lambda _: self._start(self._read_title()))
        line.on("Inspector.targetCrashed", self._crashed)
        self.messages.begin()
        asked = (("Page.enable", {}), ("Inspector.enable", {}), *self.files.listen(), *self._world.listen())
        if self._first:
            await self._gate.begin()
            await permit(line, self.bounds)
            await self.files.begin_all()
            for method, values in asked:
                self._world.stand(await line.ask(method, values))
        else:
            for method, values in asked:
                line.tell(method, values)  # a window answers nothing before its document comes, which waits for this
            self._start(self._read_address())
        self._gate.add(line.page_id, self)
        self._start(self._watch())

    # --- for the screens

    def reload(self) -> None:
        """Load the page again, also after its process has ended."""
        self._clear_fault()
        if self.facts.ended:
            return
        if self.facts.crashed or self.facts.address in ("", BLANK):
            self.facts = replace(self.facts, crashed=False)
            self._line.tell("Page.navigate", {"url": self._wanted})
        elif self.by_form:
            self._line.tell("Page.navigate", {"url": self.facts.address.partition("#")[0]})
        else:
            self._line.tell("Page.reload")

    def go_on(self, url: str) -> None:
        """Go to an address of the system's own, without waiting for it."""
        if self.bounds.may_visit(url):
            self._clear_fault()
            self._line.tell("Page.navigate", {"url": url})

    def dismiss(self) -> None:
        """Go back from a fault to the page."""
        self._clear_fault()

    def rest(self, *, on: bool) -> None:
        """Pause what plays, or play on."""

        async def run() -> None:
            with suppress(LineEndedError):
                await self._world.run(scripts.rest(on=on))

        self._start(run())

    async def end(self) -> None:
        """Fail what is under way: the browser is about to end."""
        self.facts = replace(self.facts, ended=True, edited=False)
        self._basic = None
        self._world.end()
        self.messages.over()
        self._fail_all(DriverGoneError("The page was closed."))
        await self.files.end()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    # --- what the page's words mean

    def woken(self) -> None:
        """Look again."""
        self._woken.set()

    def typed(self, unsent: bool) -> None:
        """Note what the officer would lose."""
        self.facts = replace(self.facts, edited=unsent)

    def typed_hidden(self) -> None:
        """Note that the officer may have given a password of their own."""
        self.facts = replace(self.facts, typed_hidden=True)

    def posts(self) -> None:
        """Let it be: the browser says of each navigation whether it sends a form, or follows a link."""

    follows = posts

    def playing(self, on: bool) -> None:
        """Note whether there is something to watch."""
        self.facts = replace(self.facts, playing=on)
        self._changed()

    @property
    def loads(self) -> bool:
        """Whether somebody waits for a page to come."""
        return self._load is not None and not self._load.done()

    @property
    def acted_lately(self) -> bool:
        """Whether what the page does may follow from an act of the officer's."""
        return time.monotonic() - self._acted_s <= GESTURE_S

    def refused(self, fault: LauncherError, *, instead: bool = False) -> None:
        """Say why the page does not get what it wants; ``instead``: this came instead of the page."""
        (self._fault if instead else self._later)(fault)

    def _acted(self) -> None:
        self._acted_s = time.monotonic()
        self.facts = replace(self.facts, acts=self.facts.acts + 1)

    # --- what the browser tells

    def may_go(self, untrusted_url: str, sends: bool) -> bool:
        """Decide a navigation of the page's own; ``sends``: it takes a form there."""
        if self._callback is not None and begins(untrusted_url, self._callback[0]):
            _, taken = self._callback
            self._callback = None
            if not taken.done():
                taken.set_result(untrusted_url)
            self._give_load()
            return False
        if self.bounds.may_visit(untrusted_url):
            self._clear_fault()
            return True
        self._refused = untrusted_url
        if self.acted_lately and not self.loads and not sends:  # what a form sends would be lost on the way
            self._start(self._follow(untrusted_url))
        else:
            self._fault(faults.wrong_origin(untrusted_url))
        return False

    async def _follow(self, untrusted_url: str) -> None:
        """Hand on a link out of the system that the officer has followed, as the embedded browser does."""
        if not await self._link_followed(untrusted_url):
            self._fault(faults.wrong_origin(untrusted_url))

    def challenge(self, untrusted_url: str) -> tuple[str, Secret] | None:
        """Answer a basic challenge once, on an origin that may be filled."""
        if self._basic is not None and self.bounds.may_fill(untrusted_url):
            answer, self._basic, self._answered = self._basic, None, True
            return answer
        if self._answered:
            self.facts = replace(self.facts, basic_refused=True)
            self._give_load()
        else:
            host = host_of(untrusted_url)
            self._fault(faults.SignOnNotExpectedError(f"{host} asked for a name and password of its own."))
        return None

    async def _read_address(self) -> None:
        # Of the first document of a window the browser need not tell.
        tree = (await self._line.ask("Page.getFrameTree")).get("frameTree")
        if self.facts.address == BLANK and isinstance(tree, dict):
            self._navigated(tree)
            await self._read_title()

    async def _read_title(self) -> None:
        # The browser tells of a target's title as it was when the document came, which is its address.
        untrusted = await self._world.run("document.title")
        if isinstance(untrusted, str):
            self._note(untrusted)

    def _note(self, untrusted_title: str) -> None:
        title = " ".join(untrusted_title.split())[:60]
        seen = f"{path_of(self.facts.address)}, title '{title}'" if self.facts.address != BLANK else ""
        self.facts = replace(self.facts, title=title, last_seen=seen)
        self._changed()

    def _navigated(self, untrusted: Values) -> None:
        frame = untrusted.get("frame")
        if not isinstance(frame, dict) or "parentId" in frame:
            return
        if unreachable := frame.get("unreachableUrl"):
            # The browser's own page for a fault, with ways round it that nobody is to be offered.
            if self._load is None:
                self._start(self._leave_error_page(str(unreachable)))
            return
        address = frame.get("url")
        if isinstance(address, str):
            host = host_of(address) if origin_of(address) else ""
            self.facts = replace(self.facts, address=address, host=host, edited=False)
            self._note("")

    async def _leave_error_page(self, untrusted_url: str) -> None:
        kind = await net_errors.error_kind(self._line)
        await self._line.ask("Page.navigate", {"url": BLANK})
        host = host_of(untrusted_url)
        self._fault(faults.certificate(host, "") if "ssl" in kind else faults.unreachable(host, -2))

    def _crashed(self, untrusted: Values) -> None:
        fault = faults.PageCrashedError(f"The page of {host_of(self._wanted)} has stopped.")
        self._world.clear()
        self.messages.over()
        self.facts = replace(self.facts, crashed=True, edited=False, playing=False)
        self._fail_all(fault)
        self._later(fault)

    async def _watch(self) -> None:
        await self._line.ended.wait()
        if not self.facts.ended:
            fault = BrowserEndedError("The browser of this system has ended, or its window was closed.")
            self.facts = replace(self.facts, ended=True, edited=False, playing=False)
            self.messages.over()
            self._fail_all(fault)
            self._later(fault)

    # --- inside

    async def _until(
        self,
        ask: Callable[[], Awaitable[object]],
        judge: Callable[[object], bool],
        within_s: float,
        *,
        act: bool = True,
    ) -> bool:
        """Ask until it is judged to be the end, again whenever the page has changed; False at the deadline.

        Even a question of no time is asked once, and its answer waited for. ``act``: what the page asks the officer
        meanwhile ends it, by its error.
        """
        clock = asyncio.get_running_loop().time
        ends, answered = clock() + within_s, False
        while True:
            self._alive()
            self._raise_asked(act=act)
            self._woken.clear()
            untrusted = await self._not_ended(ask())
            answered = answered or untrusted is not None
            if judge(untrusted):
                return True
            self._raise_asked(act=act)
            left_s = ends - clock() if answered else max(ends, clock() + LOST_S) - clock()
            if (answered and left_s <= 0) or clock() > ends + LOST_S:
                return False
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, min(POLL_S, left_s))):
                    await self._woken.wait()
            await asyncio.sleep(BETWEEN_S)

    def _raise_asked(self, *, act: bool) -> None:
        if act and self.messages.asked is not None:
            raise self.messages.asked

    async def _not_ended(self, asked: Awaitable[object]) -> object:
        try:
            return await asked
        except LineEndedError:
            raise BrowserEndedError("The browser of this system has ended, or its window was closed.") from None

    def _open(self) -> None:
        if self.facts.ended:
            raise BrowserEndedError("The browser of this system has ended, or its window was closed.")

    def _alive(self) -> None:
        self._open()
        if self.facts.crashed:
            raise faults.PageCrashedError(f"The page of {host_of(self._wanted)} has stopped.")

    def _give_load(self) -> None:
        if self._load is not None and not self._load.done():
            self._load.set_result(None)

    def _end_load(self) -> None:
        if self._load is not None and not self._load.done():
            self._load.set_exception(DriverGoneError("Another page was asked for."))

    def _fault(self, fault: LauncherError) -> None:
        """Fail the load that is under way; without one, tell the fault."""
        if self._load is not None and not self._load.done():
            self._load.set_exception(fault)
        else:
            self._met = fault, asyncio.get_running_loop().time()
            self._later(fault)

    def _later(self, fault: LauncherError) -> None:
        self._faulty = True
        self._faulted(fault)

    def _clear_fault(self) -> None:
        self._met = None
        if self._faulty:
            self._faulty = False
            self._faulted(None)

    def _fail_all(self, fault: LauncherError) -> None:
        if self._load is not None and not self._load.done():
            self._load.set_exception(fault)
        if self._callback is not None and not self._callback[1].done():
            self._callback[1].set_exception(fault)
        self._callback = None
        self._woken.set()

    def _start(self, doing: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        fault = None if task.cancelled() else task.exception()
        if fault is not None and not isinstance(fault, LineEndedError | AskRefusedError):
            _log.error("managed-browser-fault", exc_info=fault)
