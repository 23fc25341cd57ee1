"""Starts a program, gives it name and password on a pipe, and reads its output for markers.

An argv array, never a shell. The credentials go down standard input or a descriptor of their own; nothing secret is
in argv or environment, where any process of this account could read it (proc(5)).
"""

from __future__ import annotations

import asyncio
import codecs
import os
import signal
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import ClassVar

from launcher.connectors.plan import ProgramTarget
from launcher.errors import LauncherError
from launcher.recipes.steps import Place
from launcher.residue.tree import descendants, process, processes
from launcher.secret import Secret
from launcher.sign_on.driver import DriverGoneError, FieldFault, Seen
from launcher.wire.mark import TOKEN

KEPT_LINES = 200
LINE_CHARACTERS = 4096
CHUNK_BYTES = 16 * 1024
HIDDEN = "•" * 6
HIDDEN_FROM = 4
"""A code of fewer characters is not looked for: it would hide half of what a program says and keep nothing secret."""
PASSED_ON = (
    "PATH",
    "LANG",
    "LC_ALL",
    "HOME",
    "TMPDIR",
    "DISPLAY",
    "XAUTHORITY",
    "WAYLAND_DISPLAY",
    "XDG_RUNTIME_DIR",
    TOKEN,
)


class ProgramNotStartedError(LauncherError):
    """The program could not be started: missing, not executable, or refused by the system."""

    reference = "program-not-started"
    hint = "Tell the helpdesk the reference: the program is missing on this computer or may not be run."


class _Streams(asyncio.subprocess.SubprocessStreamProtocol):
    """Tells the end of the process itself; ``Process.wait`` waits for whoever else holds its pipes, too."""

    def __init__(self, limit: int, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(limit, loop)
        self.exited = asyncio.Event()

    def process_exited(self) -> None:
        """Note it."""
        super().process_exited()
        self.exited.set()


class ProgramDriver:
    """One running program, driven by the step language. ``on_output`` is called when a line came or it ended."""

    kind: ClassVar[str] = "program"

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        transport: asyncio.SubprocessTransport,
        exited: asyncio.Event,
        pipe: int | None,
        on_output: Callable[[], None],
    ) -> None:
        self._process = process
        self._transport = transport
        self._exited = exited
        self._pipe = pipe
        self._on_output = on_output
        # As they came, and as they may be shown. Markers are looked for in the former: a short name that was given
        # would be hidden in the middle of their words.
        self._lines: deque[tuple[str, str]] = deque(maxlen=KEPT_LINES)
        self._rest = ""
        self._given: dict[Secret, None] = {}
        self._changed = asyncio.Condition()
        self._ended = False
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, target: ProgramTarget, on_output: Callable[[], None]) -> ProgramDriver:
        """Start the program. Raises :class:`ProgramNotStartedError`."""
        argv = list(target.argv)
        pass_fds: tuple[int, ...] = ()
        pipe: int | None = None
        theirs: int | None = None
        if target.give == "descriptor":
            theirs, pipe = os.pipe()
            argv = [part.replace("{descriptor}", str(theirs)) for part in argv]
            pass_fds = (theirs,)
        env = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | dict(target.env)
        loop = asyncio.get_running_loop()
        try:
            # As asyncio.create_subprocess_exec does it; that hides the transport, whose pipes have to be closed.
            transport, protocol = await loop.subprocess_exec(
                lambda: _Streams(limit=4 * CHUNK_BYTES, loop=loop),
                *argv,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                env=env,
                cwd=target.cwd or None,
                pass_fds=pass_fds,
                start_new_session=True,
            )
        except BaseException as fault:
            if pipe is not None:
                os.close(pipe)
            if isinstance(fault, OSError):
                raise ProgramNotStartedError(f"{argv[0]} could not be started: {fault.strerror}.") from fault
            raise
        finally:
            if theirs is not None:
                os.close(theirs)
        return cls(asyncio.subprocess.Process(transport, protocol, loop), transport, protocol.exited, pipe, on_output)

    @property
    def output(self) -> tuple[str, ...]:
        """The last lines, without what was given to the program."""
        shown = tuple(shown for _, shown in self._lines)
        return (*shown, self._without_given(self._rest, unfinished=True)) if self._rest else shown

    @property
    def pid(self) -> int:
        """The id of the program's process."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Say whether the program's process lives."""
        return self._process.returncode is None

    async def first_of(self, places: Sequence[Place], within_s: float, *, or_fault: bool = False) -> Seen | None:
        """Return the first place whose text stands in the output so far or comes within the deadline."""
        try:
            async with asyncio.timeout(within_s), self._changed:
                while True:
                    for index, place in enumerate(places):
                        if place.text and any(place.text in line for line in self._as_it_came()):
                            return Seen(index, self.last_seen())
                    if self._ended:
                        raise DriverGoneError(f"The program ended with status {self._process.returncode}.")
                    await self._changed.wait()
        except TimeoutError:
            return None

    def hide(self, secret: Secret) -> None:
        """Never show the secret in what the program says from now on, wherever it stands in the lines given to it."""
        if len(secret.reveal()) >= HIDDEN_FROM:
            self._given[secret] = None

    async def fill(
        self, field: str, value: Secret, *, hides: bool = False, by_keys: bool = False, sends: bool = False
    ) -> None:
        """Write the value as one line; a value with a line break would answer the next question too.

        A value that hides is not repeated in the output a person sees; a name may be.
        """
        if "\n" in value.reveal() or "\r" in value.reveal():
            raise FieldFault("A value with a line break cannot be given to the program.")
        if hides:
            self._given[value] = None
        line = value.reveal().encode() + b"\n"
        try:
            if self._pipe is not None:
                await asyncio.to_thread(os.write, self._pipe, line)
            elif self._process.stdin is not None:
                self._process.stdin.write(line)
                await self._process.stdin.drain()
        except OSError as fault:
            raise DriverGoneError("The program ended before it took name and password.") from fault

    async def press(self, control: str, key: str) -> None:
        """Send an empty line for Enter; a program has no other control."""
        if key != "Enter" or self._process.stdin is None:
            raise FieldFault("A program has no control to press.")
        try:
            self._process.stdin.write(b"\n")
            await self._process.stdin.drain()
        except OSError as fault:
            raise DriverGoneError("The program ended before it took a line.") from fault

    def last_seen(self) -> str:
        """Return the last line of output."""
        return self.output[-1] if self.output else "no output yet"

    async def end(self, within_s: float) -> None:
        """Close its input, ask it and what it started to end, and kill what is left of them at the deadline.

        A stopped one is killed at once, as without any time: it must not be woken to hear the question.
        """
        row = process(self._process.pid) if self.running else None
        if row is not None and (within_s <= 0 or row.stopped):
            self._kill(all_below=True)
        if self._pipe is not None:
            with suppress(OSError):
                os.close(self._pipe)
            self._pipe = None
        if self._process.stdin is not None:
            self._process.stdin.close()
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGTERM)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(within_s):
                    await self._exited.wait()
            self._kill()
            await self._exited.wait()
        except asyncio.CancelledError:
            # A log-off cuts the waiting short, and nobody comes back for what is left.
            self._kill()
            self._transport.close()
            raise
        finally:
            self._reader.cancel()  # nobody reads after it
            await asyncio.wait({self._reader})
        # A process that left the group may hold the other ends of the pipes; it ends with the session.
        self._transport.close()

    def _kill(self, *, all_below: bool = False) -> None:
        """Kill what is of its session; ``all_below``: also what it started that has left it."""
        rows = processes()
        below = {row.pid for row in descendants(self._process.pid, rows)} if all_below else set()
        # By descent and not by the group's number alone: the system may have given that to somebody else since.
        # Children first: the kernel wakes what is stopped where its parent or its terminal ends before it.
        for row in reversed(descendants(os.getpid(), rows)):
            if (row.session == self._process.pid or row.pid in below) and not row.zombie:
                with suppress(ProcessLookupError):
                    os.kill(row.pid, signal.SIGKILL)

    async def _read(self) -> None:
        stream, decoder = self._process.stdout, codecs.getincrementaldecoder("utf-8")(errors="replace")
        while stream is not None and (raw := await stream.read(CHUNK_BYTES)):
            await self._took(decoder.decode(raw))
        await self._exited.wait()
        async with self._changed:
            self._ended = True
            self._changed.notify_all()
        self._on_output()

    async def _took(self, text: str) -> None:
        # A prompt has no line end: the last, unfinished line is looked at too.
        *whole, rest = (self._rest + text).replace("\r\n", "\n").split("\n")
        async with self._changed:
            # Hidden first and cut then: a cut through the middle of a secret would show its other half.
            shown = (self._without_given(line)[:LINE_CHARACTERS] for line in whole)
            self._lines.extend(zip((line[:LINE_CHARACTERS] for line in whole), shown, strict=True))
            self._rest = rest if len(rest) <= LINE_CHARACTERS else self._without_given(rest)[-LINE_CHARACTERS:]
            self._changed.notify_all()
        self._on_output()

    def _as_it_came(self) -> tuple[str, ...]:
        return (*(line for line, _ in self._lines), self._rest)

    def _without_given(self, line: str, *, unfinished: bool = False) -> str:
        """Hide what was given, in an unfinished line also the beginning of it that stands at the end."""
        given = sorted({secret.reveal() for secret in self._given if secret}, key=len, reverse=True)
        for clear in given:
            line = line.replace(clear, HIDDEN)
        if unfinished:
            # One character says nothing, and would be hidden wherever a prompt ends with it.
            begun = max((n for clear in given for n in range(2, len(clear)) if line.endswith(clear[:n])), default=0)
            line = line[: len(line) - begun] + HIDDEN if begun else line
        return line
