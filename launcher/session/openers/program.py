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
from launcher.secret import Secret
from launcher.sign_on.driver import DriverGoneError, FieldFault, Seen

KEPT_LINES = 200
LINE_CHARACTERS = 4096
CHUNK_BYTES = 16 * 1024
PASSED_ON = ("PATH", "LANG", "LC_ALL", "HOME", "TMPDIR", "DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR")


class ProgramNotStartedError(LauncherError):
    """The program could not be started: missing, not executable, or refused by the system."""

    reference = "program-not-started"
    hint = "Tell the helpdesk the reference: the program is missing on this computer or may not be run."


class ProgramDriver:
    """One running program, driven by the step language. ``on_output`` is called when a line came or it ended."""

    kind: ClassVar[str] = "program"

    def __init__(self, process: asyncio.subprocess.Process, pipe: int | None, on_output: Callable[[], None]) -> None:
        self._process = process
        self._pipe = pipe
        self._on_output = on_output
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._rest = ""
        self._given: list[Secret] = []
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
        try:
            process = await asyncio.create_subprocess_exec(
                *argv,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                env=env,
                cwd=target.cwd or None,
                pass_fds=pass_fds,
                start_new_session=True,
            )
        except OSError as fault:
            if pipe is not None:
                os.close(pipe)
            raise ProgramNotStartedError(f"{argv[0]} could not be started: {fault.strerror}.") from fault
        finally:
            if theirs is not None:
                os.close(theirs)
        return cls(process, pipe, on_output)

    @property
    def output(self) -> tuple[str, ...]:
        """The last lines, without what was given to the program."""
        return (*self._lines, self._rest) if self._rest else tuple(self._lines)

    @property
    def running(self) -> bool:
        """Say whether the program's process lives."""
        return self._process.returncode is None

    async def first_of(self, places: Sequence[Place], within_s: float) -> Seen | None:
        """Return the first place whose text stands in the output so far or comes within the deadline."""
        try:
            async with asyncio.timeout(within_s), self._changed:
                while True:
                    for index, place in enumerate(places):
                        if place.text and any(place.text in line for line in self.output):
                            return Seen(index, self.last_seen())
                    if self._ended:
                        raise DriverGoneError(f"The program ended with status {self._process.returncode}.")
                    await self._changed.wait()
        except TimeoutError:
            return None

    async def fill(self, field: str, value: Secret, *, hides: bool = False) -> None:
        """Write the value as one line; a value with a line break would answer the next question too."""
        if "\n" in value.reveal() or "\r" in value.reveal():
            raise FieldFault("A value with a line break cannot be given to the program.")
        self._given.append(value)
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
        self._process.stdin.write(b"\n")
        await self._process.stdin.drain()

    def last_seen(self) -> str:
        """Return the last line of output."""
        return self.output[-1] if self.output else "no output yet"

    async def end(self, within_s: float) -> None:
        """Close its input, ask it to end, and kill it at the deadline."""
        if self._pipe is not None:
            with suppress(OSError):
                os.close(self._pipe)
            self._pipe = None
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(within_s):
                with suppress(ProcessLookupError):
                    self._process.terminate()
                await self._process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()
        self._reader.cancel()
        with suppress(asyncio.CancelledError):
            await self._reader

    async def _read(self) -> None:
        stream, decoder = self._process.stdout, codecs.getincrementaldecoder("utf-8")(errors="replace")
        while stream is not None and (raw := await stream.read(CHUNK_BYTES)):
            await self._took(decoder.decode(raw))
        await self._process.wait()
        async with self._changed:
            self._ended = True
            self._changed.notify_all()
        self._on_output()

    async def _took(self, text: str) -> None:
        # A prompt has no line end: the last, unfinished line is looked at too.
        *whole, rest = (self._rest + text).replace("\r\n", "\n").split("\n")
        async with self._changed:
            self._lines.extend(self._without_given(line) for line in whole)
            self._rest = self._without_given(rest[-LINE_CHARACTERS:])
            self._changed.notify_all()
        self._on_output()

    def _without_given(self, line: str) -> str:
        for secret in self._given:
            if secret:
                line = line.replace(secret.reveal(), "•" * 6)
        return line
