"""A whole session without a screen: real files, programs and methods; paper pages, and a station that only listens."""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from launcher.bootstrap.parts import session_parts
from launcher.bootstrap.where import Where
from launcher.connectors.plan import WebTarget
from launcher.demo.files import PROGRAM
from launcher.identity.local import hash_password
from launcher.residue.tree import descendants
from launcher.secret import Secret
from launcher.session.browser_cookie import BrowserCookie
from launcher.session.commands import SubmitPassword
from launcher.session.end import end_descendants
from launcher.session.parts import Parts
from launcher.session.session import Inbox, Message, Session
from launcher.session.snapshot import LaunchView, Snapshot
from launcher.terminal.feed import TerminalFeed
from launcher.terminal.grid import GridPicture
from launcher.terminal.keyboards import KeyboardMap
from launcher.wire import messages as m
from launcher.wire.records import LaunchRecord, Record, SignInRecord
from tests.contract.drivers.paper import PaperDriver
from tests.contract.drivers.site import Site

NAME, PASSWORD = "4471", "heron-of-the-Quay-7"
WITHIN_S = 30.0  # a broken session fails the test; nothing waits so long

_PR_SET_CHILD_SUBREAPER = 36
_T = TypeVar("_T", bound=Record)


@contextmanager
def subreaper() -> Iterator[frozenset[int]]:
    """Make this process what a session is, and give the processes below it that are none of the session's."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    others = frozenset(row.pid for row in descendants(os.getpid()))
    try:
        yield others
    finally:
        libc.prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
        for row in descendants(os.getpid()):
            if row.pid not in others and row.zombie:
                # It may be another's below us, or be taken off the list meanwhile by whoever started it.
                with suppress(ChildProcessError):
                    os.waitpid(row.pid, os.WNOHANG)


class PaperTerminal:
    """A terminal's view on paper: the rows as the pictures that came have left them."""

    def __init__(self, feed: TerminalFeed, acted: Callable[[], None]) -> None:
        self.feed = feed
        self.rows: dict[int, str] = {}
        self.pictures = 0
        self.cursor = (0, 0)
        self._acted = acted
        self.end = feed.subscribe(self._draw)

    def _draw(self, picture: GridPicture) -> None:
        if picture.whole:
            self.rows.clear()
        self.pictures += 1
        self.cursor = picture.cursor.row, picture.cursor.column
        self.rows |= {row.row: "".join(run.text for run in row.runs) for row in picture.changed}
        self._acted()

    def shows(self, text: str) -> bool:
        return any(text in row for row in self.rows.values())


class PaperSurfaces:
    """The surfaces port over paper pages; ``held`` stops pages from being made until it is set."""

    def __init__(self, sites: Mapping[str, Site]) -> None:
        self._sites = sites
        self.open: dict[str, PaperDriver] = {}
        self.terminals: dict[str, PaperTerminal] = {}
        self.terminals_loaded = False
        self.typed_in: tuple[str, ...] = ()
        self.cookies: tuple[bytes, ...] = ()
        self.held: asyncio.Event | None = None
        self.making = asyncio.Event()
        self.released = False
        self.muted = False
        self.addresses: dict[str, str] = {}
        self.acts: list[str] = []
        self.acted: Callable[[], None] = lambda: None

    def note(self, act: str) -> None:
        """Note what was done, and wake who waits for it."""
        self.acts.append(act)
        self.acted()

    async def open_web(self, surface: str, target: WebTarget, *, shown: bool) -> PaperDriver:
        self.making.set()
        page = PaperDriver(self._sites, target.origins, visits=target.visits, token_origin=target.token_origin)
        self.open[surface] = page
        if self.held is not None:
            await self.held.wait()
        return page

    async def open_terminal(self, surface: str, feed: TerminalFeed, *, keyboard: KeyboardMap) -> None:
        self.terminals[surface] = PaperTerminal(feed, self.acted)

    async def load_terminals(self, quiet: Callable[[], bool]) -> None:
        assert quiet()
        self.terminals_loaded = True
        self.acted()

    async def close(self, surface: str) -> None:
        await asyncio.sleep(0)
        self.open.pop(surface, None)
        if (terminal := self.terminals.pop(surface, None)) is not None:
            terminal.end()
            self.acted()

    async def follow(self, surface: str, url: str) -> None:
        self.note(f"follow {surface} {url}")

    def address(self, surface: str) -> str:
        return self.addresses.get(surface, "")

    async def edited(self) -> tuple[str, ...]:
        return self.typed_in

    async def release(self) -> None:
        self.open.clear()
        for surface in tuple(self.terminals):
            await self.close(surface)
        self.released = True

    async def mute(self, on: bool) -> None:
        self.muted = on
        self.note("mute" if on else "unmute")

    async def give_up_clipboard(self) -> None:
        self.note("give up clipboard")

    async def take_back_clipboard(self) -> None:
        self.note("take back clipboard")

    async def cookies_of(self, origins: tuple[str, ...]) -> tuple[BrowserCookie, ...]:
        return ()

    async def take_cookies(self, cookies: tuple[BrowserCookie, ...], origins: tuple[str, ...], only: str = "") -> None:
        self.note("take cookies")

    async def derived_secrets(self) -> tuple[bytes, ...]:
        return self.cookies


class Watched:
    """A screen and a station that keep everything, and wake who waits for some of it."""

    def __init__(self) -> None:
        self.snapshots: list[Snapshot] = []
        self.told: list[Record] = []
        self.changed = asyncio.Event()
        self.inbox: asyncio.Queue[Message] | None = None

    def draw(self, snapshot: Snapshot) -> None:
        self.snapshots.append(snapshot)
        self.changed.set()

    def tell(self, message: Record) -> None:
        self.told.append(message)
        self.changed.set()
        if isinstance(message, m.ReplaceMe) and self.inbox is not None:
            # As a station does that has a screen to do it with.
            self.inbox.put_nowait(m.End(reason="replaced", deadline_ms=5000))

    def painted(self) -> None:
        self.tell(m.Shown(took_ms=1.0))

    @property
    def now(self) -> Snapshot:
        return self.snapshots[-1]

    def of(self, kind: type[_T]) -> list[_T]:
        """What the station was told, of one kind."""
        return [one for one in self.told if isinstance(one, kind)]

    def records(self) -> list[Record]:
        return [one.record for one in self.of(m.Recorded)]

    def launch_records(self) -> list[LaunchRecord]:
        return [one for one in self.records() if isinstance(one, LaunchRecord)]

    def sign_in_records(self) -> list[SignInRecord]:
        return [one for one in self.records() if isinstance(one, SignInRecord)]

    def everything(self) -> str:
        """All that could be logged: every picture and every word."""
        return "\n".join(map(repr, [*self.snapshots, *self.told]))


@dataclass
class Running:
    """A session under way."""

    inbox: Inbox
    watched: Watched
    surfaces: PaperSurfaces
    task: asyncio.Task[None]

    def send(self, *messages: Message) -> None:
        for message in messages:
            self.inbox.put_nowait(message)

    @property
    def now(self) -> Snapshot:
        return self.watched.now

    async def until(self, holds: Callable[[Snapshot], object]) -> Snapshot:
        """Wait until the newest picture is so."""
        await self.heard(lambda: holds(self.watched.now) if self.watched.snapshots else False)
        return self.now

    async def heard(self, holds: Callable[[], object]) -> None:
        """Wait until something is so, looking whenever something was drawn or told."""
        async with asyncio.timeout(WITHIN_S):
            while not holds():
                assert not self.task.done(), "the session has ended"
                self.watched.changed.clear()
                await self.watched.changed.wait()

    async def launch(self, system: str, *states: str) -> LaunchView:
        """Wait until a system is in one of these states."""
        snapshot = await self.until(lambda now: (one := now.launch(system)) is not None and one.state in states)
        found = snapshot.launch(system)
        assert found is not None
        return found

    async def ended(self) -> None:
        async with asyncio.timeout(WITHIN_S):
            await self.task

    async def log_on(self, name: str = NAME, password: str = PASSWORD, method: str = "local") -> None:
        self.send(m.Show(), SubmitPassword(method, name, Secret(password)))
        await self.until(lambda now: now.stage == "signed-in")


@dataclass
class Bench:
    """A station's files, from which sessions are begun. ``entries`` are catalogue files by id."""

    folder: Path
    entries: Mapping[str, str] = field(default_factory=dict)
    sites: Mapping[str, Site] = field(default_factory=dict)
    limits: str = ""
    residue_check: bool = False
    change: Callable[[Parts], Parts] = lambda parts: parts

    def __post_init__(self) -> None:
        catalogue = self.folder / "catalogue"
        catalogue.mkdir(parents=True)
        for name, text in self.entries.items():
            (catalogue / f"{name}.toml").write_text(text)
        (self.folder / "officers.toml").write_text(officers_file())
        (self.folder / "station.toml").write_text(STATION.format(python=json.dumps(sys.executable), limits=self.limits))
        self.where = Where(self.folder / "station.toml", self.folder / "state")
        self.where.state.mkdir(mode=0o700)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Running]:
        """Begin a session; what is left of it at the end of the block is ended by the station's word."""
        watched, surfaces, inbox = Watched(), PaperSurfaces(self.sites), asyncio.Queue[Message]()
        watched.inbox = inbox
        surfaces.acted = watched.changed.set
        with subreaper() as others:
            parts = session_parts(
                self.where,
                self.where.settings(),
                surfaces=surfaces,
                screen=watched,
                station=watched,
                residue_check=self.residue_check,
            )
            parts = self.change(replace(parts, end_below=partial(end_descendants, spared=others)))
            running = Running(inbox, watched, surfaces, asyncio.create_task(Session(parts).run(inbox)))
            try:
                yield running
            finally:
                running.send(m.End(reason="station-stopping", deadline_ms=1000))
                await running.ended()
            assert [row.name for row in descendants(os.getpid()) if row.pid not in others and not row.zombie] == []
            assert surfaces.released
            left = asyncio.all_tasks() - {asyncio.current_task()}
            assert not left, f"tasks left running: {left}"


@cache
def officers_file() -> str:
    """Two officers of one password; hashing costs 0.15 s, so once."""
    digest = hash_password(Secret(PASSWORD))
    return "\n".join(
        f'[[officer]]\nid = "id-{number}"\nuser_name = "{number}"\nnumber = "{number}"\n'
        f'display_name = "{name}"\ngroups = ["all-staff"]\npassword = "{digest}"\n'
        for number, name in ((NAME, "A. Okafor"), ("2210", "B. Marsh"))
    )


STATION = """\
[station]
terminal = "FD-02"
[sign_in]
methods = ["local"]
[local]
[programs]
executables = [{python}]
[credentials]
keep = "file"
[limits]
{limits}
"""


def program(*argv: str, give: str = "none", more: str = "", markers: Sequence[str] = ("ready = READY",)) -> str:
    """An entry of a program; a marker is written ``means = text``."""
    text = 'name = "A program"\nkind = "program"\nwithin_s = 20\n' + more
    text += f"[program]\nargv = {json.dumps([sys.executable, *argv])}\ngive = {json.dumps(give)}\n"
    if give != "none":
        text += 'lines = ["{username}", "{password}"]\n'
    for marker in markers:
        means, _, shown = marker.partition(" = ")
        text += f"[[marker]]\nmeans = {json.dumps(means)}\ntext = {json.dumps(shown)}\n"
    return text


def console(accounts: Path, *, give: str = "stdin", more: str = "") -> str:
    """The demo's records console as an entry."""
    argv = [str(PROGRAM), "--title", "Case File", "--accounts", str(accounts)]
    if give == "descriptor":
        argv += ["--credentials-fd", "{descriptor}"]
    return program(*argv, give=give, more=more, markers=("ready = READY:", "failed = REFUSED:"))


def page(origin: str, path: str = "/logon", *, sign_on: str = "form", markers: str = "", more: str = "") -> str:
    """An entry of a page of :class:`Site`."""
    steps = (
        '[[step]]\ndo = "fill"\nfield = "#name"\nvalue = "{username}"\n'
        '[[step]]\ndo = "fill"\nfield = "#password"\nvalue = "{password}"\n'
        '[[step]]\ndo = "press"\ncontrol = "#go"\n'
    )
    return (
        f'name = "A page"\nkind = "web"\nwithin_s = 20\n{more}[web]\nurl = "{origin}{path}"\nsign_on = "{sign_on}"\n'
        + (steps if sign_on == "form" else "")
        + (markers or READY_OR_REFUSED)
    )


READY_OR_REFUSED = (
    '[[marker]]\nmeans = "ready"\nselector = "#main"\n[[marker]]\nmeans = "failed"\nselector = ".refused"\n'
)
