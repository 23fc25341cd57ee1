"""The debugging line to one browser process: commands, events and its end; the only module that imports choreographer.

The line is a pair of pipes that nobody else inherits, never a port. What goes over it may be a secret: the library's
own channel, which writes each message into its log and waits two seconds at an end, is replaced by one that does not.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

_LOGGER_CLASS = logging.getLoggerClass()

from choreographer import Browser, Tab  # noqa: E402 - it sets the class of every later logger, which is set back
from choreographer.channels import ChannelClosedError  # noqa: E402
from choreographer.errors import BrowserClosedError, BrowserFailedError  # noqa: E402
from choreographer.protocol import BrowserResponse  # noqa: E402
from choreographer.protocol.devtools_async import Session  # noqa: E402

logging.setLoggerClass(_LOGGER_CLASS)
for _name in ("choreographer", "browser_proc"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)  # it would log parameters, and what the browser says

_log = logging.getLogger(__name__)

Values = Mapping[str, object]
Heard = Callable[[Values], None]

CHUNK_BYTES: Final = 1 << 16
MOST_BYTES: Final = 32_000_000
"""No message is larger: a page may write into its console what it likes, and that comes too."""
_NO_SUCH_WINDOW: Final = -32001
ANSWER_S: Final = 30.0
"""A command that no answer comes to is given up after it: a stopped browser answers nothing."""
ENDS_S: Final = 5.0
"""So long a browser that was killed may take to be gone."""

# The browser reads on 3 and writes on 4, and nothing of ours goes into its other three.
_ON_ITS_PIPES: Final = 'exec 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null; exec "$@"'


class LineEndedError(Exception):
    """The browser has ended, or does not answer."""


class AskRefusedError(Exception):
    """The browser refused a command, e.g. because the document it was meant for is gone."""


class _Wire:
    """The channel of the library's interface: one JSON message, one NUL."""

    def __init__(self) -> None:
        self._in, self.theirs_out = os.pipe()
        self.theirs_in, self._out = os.pipe()
        self._rest = bytearray()
        self._looked = 0  # so much of it holds no end of a message
        self.when_ended: Callable[[], None] = lambda: None
        self._open = False
        self._closed = False

    def open(self) -> None:
        """Give up the browser's ends: only so is its end the end of the line."""
        self._open = True
        self._close_theirs()

    def is_ready(self) -> bool:
        return self._open and not self._closed

    def write_json(self, obj: Mapping[str, object]) -> tuple[float, float]:
        left = json.dumps(obj).encode() + b"\0"
        try:
            while left:
                left = left[os.write(self._out, left) :]
        except OSError as fault:
            raise ChannelClosedError from fault
        return 0.0, 0.0

    def read_jsons(self, *, blocking: bool = True) -> tuple[Sequence[BrowserResponse], float]:
        """Return the messages that have come; what is none, or too large, is the end of the line."""
        while (end := self._rest.rfind(0, self._looked)) < 0:
            self._looked = len(self._rest)
            try:
                chunk = os.read(self._in, CHUNK_BYTES) if self._looked <= MOST_BYTES else b""
            except OSError:
                chunk = b""
            if not chunk:
                self._is_over()
            self._rest += chunk
        whole = bytes(self._rest[:end]).split(b"\0")
        del self._rest[: end + 1]
        self._looked = 0
        try:
            untrusted = [json.loads(raw) for raw in whole]
        except ValueError:
            self._is_over()
        messages = [message for message in untrusted if isinstance(message, dict) and not _is_late(message)]
        return [BrowserResponse(message) for message in messages], 0.0

    def _is_over(self) -> NoReturn:
        self.when_ended()
        raise ChannelClosedError

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._close_theirs()
            os.close(self._out)
            os.close(self._in)

    def _close_theirs(self) -> None:
        for end in (self.theirs_in, self.theirs_out):
            if end >= 0:
                os.close(end)
        self.theirs_in = self.theirs_out = -1


def _is_late(untrusted: Mapping[str, object]) -> bool:
    """Say whether it answers what was asked of a window that is closed: the library would end the line over it."""
    match untrusted.get("error"):
        case {"code": code}:
            return bool(code == _NO_SUCH_WINDOW)
    return False


@dataclass(frozen=True, slots=True)
class _Start:
    """What is started, and who is told from a thread of the library's that it has ended."""

    argv: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    when_ended: Callable[[], None]


class _Installed:
    """What the library starts: our command line and environment, nothing of its own."""

    path: str | Path | None = None

    def __init__(self, channel: object, path: Path | str | None = None, **given: object) -> None:
        assert isinstance(channel, _Wire)  # noqa: S101 - it is ours
        self._wire = channel
        start = given["start"]
        assert isinstance(start, _Start)  # noqa: S101 - see Line.open
        self._start = start
        channel.when_ended = start.when_ended

    @classmethod
    def find_browser(cls, *, skip_local: bool, skip_typical: bool = False) -> str | None:
        return None

    @classmethod
    def logger_parser(cls, record: logging.LogRecord, _old: MutableMapping[str, object]) -> bool:
        return False

    def pre_open(self) -> None:
        return

    def get_popen_args(self) -> Mapping[str, object]:
        return {
            "stdin": self._wire.theirs_in,
            "stdout": self._wire.theirs_out,
            "close_fds": True,
            "cwd": self._start.folder,
            "start_new_session": True,
        }

    def get_cli(self) -> Sequence[str]:
        return ["/bin/sh", "-c", _ON_ITS_PIPES, "sh", *self._start.argv]

    def get_env(self) -> MutableMapping[str, str]:
        return dict(self._start.environment)

    def clean(self) -> None:
        return

    def is_isolated(self) -> bool:
        return False


class Line:
    """The line to one browser that runs; made by :meth:`open`, used in one loop."""

    def __init__(self, argv: tuple[str, ...], environment: Mapping[str, str], folder: Path) -> None:
        self._loop = asyncio.get_running_loop()
        self._asked: set[asyncio.Task[BrowserResponse]] = set()
        self._hears: dict[str, Heard] = {}
        self._windows: list[WindowLine] = []
        self.ended = asyncio.Event()
        self._over: asyncio.Future[None] = self._loop.create_future()
        start = _Start(argv, environment, folder, self._has_ended)
        self._browser = Browser(None, browser_cls=_Installed, channel_cls=_Wire, start=start)

    @classmethod
    async def open(cls, argv: tuple[str, ...], environment: Mapping[str, str], folder: Path) -> Line:
        """Start the browser in a folder and return when it has a page. Raises :class:`LineEndedError`."""
        line = cls(argv, environment, folder)
        browser = line._browser
        try:
            await browser.open()
        except (BrowserFailedError, BrowserClosedError, ChannelClosedError, OSError, RuntimeError) as fault:
            line.kill()
            await line.close()
            raise LineEndedError from fault
        except BaseException:
            line.kill()
            await line.close()
            raise
        if browser.get_tab() is None:
            line.kill()
            await line.close()
            raise LineEndedError
        return line

    @property
    def pid(self) -> int:
        """The id of the browser's first process."""
        return self._browser.subprocess.pid

    @property
    def page_id(self) -> str:
        """The id of the page's target, which is that of its main frame."""
        page = self._page
        if page is None:
            raise LineEndedError
        return page.target_id

    @property
    def _page(self) -> Tab | None:
        page: Tab | None = self._browser.get_tab()
        return page

    async def window(self, ident: str) -> WindowLine:
        """Return the line to a window that a page of this browser has opened. Raises what :meth:`ask` raises."""
        broker = self._browser._broker  # the library has no way of its own to a window that it did not open
        tab = Tab(ident, broker)
        answer = await self.ask("Target.attachToTarget", {"targetId": ident, "flatten": True}, page=False)
        session = Session(str(answer.get("sessionId", "")), broker)
        tab._add_session(session)
        self._browser._add_tab(tab)
        line = WindowLine(self, tab, session.session_id)
        self._windows.append(line)
        return line

    async def ask(self, method: str, values: Values | None = None, *, page: bool = True) -> Values:
        """Send a command to the page, or to the browser itself, and return what it gave back.

        Raises :class:`AskRefusedError` and :class:`LineEndedError`.
        """
        target = self._page if page else self._browser
        if target is None or self.ended.is_set():
            raise LineEndedError
        # Not cancelled with whoever waits: the library would take that for the end of the line.
        asked = asyncio.create_task(target.send_command(method, dict(values or {})))
        self._asked.add(asked)
        asked.add_done_callback(self._forget)
        either: set[asyncio.Future[BrowserResponse] | asyncio.Future[None]] = {asked, self._over}
        await asyncio.wait(either, timeout=ANSWER_S, return_when=asyncio.FIRST_COMPLETED)
        if not asked.done() or asked.cancelled() or asked.exception() is not None:
            raise LineEndedError
        answer = asked.result()
        if "error" in answer:
            raise AskRefusedError(str(answer["error"].get("message", "")))
        untrusted: object = answer.get("result")
        return untrusted if isinstance(untrusted, dict) else {}

    def tell(self, method: str, values: Values | None = None, *, page: bool = True) -> None:
        """Send a command whose answer nobody needs."""
        target = self._page if page else self._browser
        if target is not None and not self.ended.is_set():
            asked = asyncio.create_task(target.send_command(method, dict(values or {})))
            self._asked.add(asked)
            asked.add_done_callback(self._forget)

    def on(self, event: str, heard: Heard, *, page: bool = True) -> None:
        """Call ``heard`` with what each event of this name says, in their order; nobody else from now on."""

        async def take(untrusted: BrowserResponse) -> None:
            values = untrusted.get("params")
            try:
                self._hears[event](values if isinstance(values, dict) else {})
            except Exception:
                _log.exception("managed-browser-fault")

        target = self._page if page else self._browser
        if target is not None and event not in self._hears:
            target.subscribe(event, take)
        self._hears[event] = heard

    def kill(self) -> None:
        """Kill the process that was started; what it started ends with it or is killed by whoever knows the tree."""
        if (process := self._process()) is not None:
            process.kill()

    async def close(self) -> None:
        """Let go of the line, once the process has ended or was killed; of one that does not end, nothing is asked."""
        self.end()
        if (process := self._process()) is not None:
            # Of one that is about to end the library would ask something, and wait for the answer for ever.
            try:
                await asyncio.to_thread(process.wait, ENDS_S)
            except subprocess.TimeoutExpired:
                _log.error("managed-browser-fault: it does not end")
                return
        await self._browser.close()
        if self._asked:
            await asyncio.wait(self._asked, timeout=1.0)

    def end(self) -> None:
        """Tell whoever waits that it has ended."""
        self.ended.set()
        if not self._over.done():
            self._over.set_result(None)
        for window in self._windows:
            window.end()

    def _process(self) -> subprocess.Popen[bytes] | None:
        process = getattr(self._browser, "subprocess", None)
        return process if isinstance(process, subprocess.Popen) else None

    def _has_ended(self) -> None:
        self.kill()  # whose line is over without it, or says what cannot be read
        with suppress(RuntimeError):  # the loop is closed: nobody waits
            self._loop.call_soon_threadsafe(self.end)

    def _forget(self, asked: asyncio.Task[BrowserResponse]) -> None:
        self._asked.discard(asked)
        if not asked.cancelled():
            asked.exception()  # looked at: a line that has ended says so to whoever asks next


class WindowLine(Line):
    """The line to one window that a page of the same browser has opened; ended by :meth:`end` once it is closed."""

    def __init__(self, main: Line, tab: Tab, session: str) -> None:
        self._loop, self._browser, self._asked = main._loop, main._browser, main._asked
        self._hears: dict[str, Heard] = {}
        self._windows: list[WindowLine] = []
        self.ended = asyncio.Event()
        self._over: asyncio.Future[None] = self._loop.create_future()
        self._tab, self._session = tab, session

    @property
    def _page(self) -> Tab | None:
        return self._tab

    def end(self) -> None:
        """Tell whoever waits that it has ended."""
        super().end()
        self._browser.tabs.pop(self._tab.target_id, None)
        for (session, _), answer in self._browser._broker.futures.items():
            if session == self._session:
                answer.cancel()  # it may never come; where it does, the library looks for whom it is
