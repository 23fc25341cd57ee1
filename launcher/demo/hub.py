"""The demo's hub: the product's own command as a process of its own, and stations that enrol at it with its codes."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from launcher.errors import LauncherError

WITHIN_S: Final = 60.0
STOP_WITHIN_S: Final = 20.0


class DemoHubError(LauncherError):
    """The demo's hub, or a command at it, did not do what it was started for; ``detail`` is what it said."""

    reference = "demo-hub-failed"
    hint = "Run it again with nothing else running; if it stays so, look at what it said."


@dataclass(frozen=True, slots=True)
class HubCommands:
    """How the product's own commands are called, without their options."""

    hub: tuple[str, ...]  # hub WHAT
    enrol: tuple[str, ...]  # station enrol


@dataclass(eq=False)
class DemoHub:
    """A hub in ``folder``. Enter it with :func:`serving`; it keeps its port over :meth:`kill` and :meth:`start`."""

    commands: HubCommands
    folder: Path
    more: str
    origin: str = ""
    _process: asyncio.subprocess.Process | None = field(default=None, repr=False)

    async def start(self) -> None:
        """Start it, and wait until it listens. Raises :class:`DemoHubError`."""
        port = self.origin.rsplit(":", 1)[-1] if self.origin else "0"
        (self.folder / "hub.toml").write_text(f"[serve]\nport = {port}\n{self.more}", encoding="utf-8")
        with (self.folder / "hub.stderr").open("ab") as said:
            self._process = await asyncio.create_subprocess_exec(
                *self.commands.hub, "serve", *self._place(), stdout=asyncio.subprocess.PIPE, stderr=said,
                start_new_session=True,
            )  # fmt: skip
        try:
            async with asyncio.timeout(WITHIN_S):
                assert self._process.stdout is not None  # noqa: S101 - it is a pipe
                line = await self._process.stdout.readline()
            self.origin = str(json.loads(line)["listening"])
        except (TimeoutError, ValueError, KeyError):
            raise DemoHubError("The demo's hub does not come up.", detail=self.said()) from None

    async def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None  # noqa: S101 - it was started
        self._process.kill()
        await self._process.wait()

    async def stop(self) -> None:
        """End it."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(STOP_WITHIN_S):
                await self._process.wait()
        except TimeoutError:
            await self.kill()

    async def enrol(self, terminal: str, place: str, station: Path, state: Path) -> None:
        """Make a code for a station and enrol it. Raises :class:`DemoHubError`."""
        said = await self.run("enrol-code", "--terminal", terminal, "--place", place, "--json")
        reading, writing = os.pipe()
        try:
            os.write(writing, str(json.loads(said)["code"]).encode())
            os.close(writing)
            argv = (*self.commands.enrol, "--station", str(station), "--state", str(state), "--code-fd", str(reading))
            await _output(argv, pass_fds=(reading,))
        finally:
            os.close(reading)

    async def run(self, what: str, *options: str) -> str:
        """Run one of the hub's commands and return what it prints. Raises :class:`DemoHubError`."""
        return await _output((*self.commands.hub, *what.split(), *self._place(), *options))

    def said(self) -> str:
        """Return the end of the hub's log."""
        return "\n".join((self.folder / "hub.stderr").read_text(errors="replace").splitlines()[-10:])

    def _place(self) -> tuple[str, ...]:
        return ("--hub", str(self.folder / "hub.toml"), "--state", str(self.folder / "state"))


@asynccontextmanager
async def serving(commands: HubCommands, folder: Path, more: str = "") -> AsyncIterator[DemoHub]:
    """Serve a hub in this folder while the block runs; ``more`` is added to its file."""
    hub = DemoHub(commands, folder, more)
    try:
        await hub.start()
        yield hub
    finally:
        await hub.stop()


async def _output(argv: Sequence[str], pass_fds: tuple[int, ...] = ()) -> str:
    process = await asyncio.create_subprocess_exec(
        *argv, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, pass_fds=pass_fds
    )
    try:
        async with asyncio.timeout(WITHIN_S):
            out, said = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise DemoHubError(f"{' '.join(argv[3:6])} takes too long.") from None
    if process.returncode != 0:
        raise DemoHubError(f"{' '.join(argv[3:6])} was refused.", detail=said.decode(errors="replace"))
    return out.decode()
