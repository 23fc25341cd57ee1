"""What a lock needs beside :mod:`tests.unit.session.bench`: a clock to turn, and programs' windows on paper."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session.parts import Parts
from launcher.session.snapshot import LockView
from launcher.wire import messages as m
from tests.unit.session.bench import NAME, Bench, PaperSurfaces, Running, Watched, program

PIN = "20491837"
LOCK = '\n[lock]\ngrace_s = 300\npin_digits = 8\nnever_groups = ["View-Only"]\n'
WAITS = program("-c", "print('READY', flush=True); input()")

GIVES = """
import asyncio, os, sys
from launcher.secret import Secret
from launcher.session.fresh_proof import FreshProof, hand_over
sys.stdin.readline()
name, password = os.environ["NAME"], sys.stdin.readline().rstrip()
proof = FreshProof(name, Secret(password) if password else None)
print(asyncio.run(hand_over(sys.argv[1], int(sys.argv[2]), proof)) is not None)
"""


@dataclass
class PaperOutside:
    """The windows of programs on paper: notes what is done, and what the screen showed then."""

    screen: Watched
    surfaces: PaperSurfaces
    breaks: bool = False
    held: asyncio.Event | None = None
    stages: list[str] = field(default_factory=list)
    on_hide: Callable[[], None] = lambda: None

    async def hide(self) -> None:
        self.stages.append(self.screen.now.stage)
        if self.held is not None:
            await self.held.wait()
        if self.breaks:
            raise OSError("no display")
        self.on_hide()
        self.surfaces.note("hide")

    async def show(self) -> None:
        self.stages.append(self.screen.now.stage)
        self.surfaces.note("show")

    async def come_forward(self) -> None:
        self.surfaces.note("launcher forward")

    async def bring_forward(self, pid: int) -> None:
        self.surfaces.note("forward")

    def let_be(self) -> None:
        """Nothing is brought forward on paper."""


@dataclass
class PaperLockKey:
    """The lock key of a display on paper: notes when it is taken and given back."""

    acts: list[str] = field(default_factory=list)

    def take(self) -> None:
        self.acts.append("take")

    def spare_f12(self, on: bool) -> None:
        self.acts.append("spare F12" if on else "take F12")

    def give_back(self) -> None:
        self.acts.append("give back")


class LockBench(Bench):
    """A station with a clock of its own and paper windows."""

    def __init__(
        self, folder: Path, entries: dict[str, str] | None = None, *, lock: str = LOCK, **more: object
    ) -> None:
        self.clock_s = 1000.0
        self.outside: PaperOutside | None = None
        self.lock_key = PaperLockKey()
        super().__init__(folder, entries or {}, limits=lock, change=self._parts, **more)  # type: ignore[arg-type]

    def _parts(self, parts: Parts) -> Parts:
        self.outside = PaperOutside(cast(Watched, parts.screen), cast(PaperSurfaces, parts.surfaces))
        return replace(parts, outside=self.outside, lock_key=self.lock_key, boot_clock_s=lambda: self.clock_s)

    @property
    def windows(self) -> PaperOutside:
        assert self.outside is not None
        return self.outside


async def locked(here: Running, message: c.Lock | m.Lock | None = None) -> m.Locked:
    """Lock, paint the face, and return what the station is told."""
    before = len(here.watched.of(m.Locked))
    here.send(message or c.Lock())
    await here.until(lambda now: now.stage == "locked")
    here.send(c.LockPainted())
    await here.heard(lambda: len(here.watched.of(m.Locked)) > before)
    return here.watched.of(m.Locked)[-1]


async def resumed_by_proof(here: Running, address: str, password: str, name: str = NAME) -> None:
    """Resume the session from a process of its own that hands a fresh proof over, as a spare does."""
    pipe = asyncio.subprocess.PIPE
    argv = (sys.executable, "-c", GIVES, address, str(os.getpid()))
    giver = await asyncio.create_subprocess_exec(*argv, stdin=pipe, stdout=pipe, env={**os.environ, "NAME": name})
    here.send(m.Resume(pid=giver.pid))
    await here.until(lambda now: now.stage == "signed-in")  # at once, whatever becomes of the proof
    said, _ = await giver.communicate(b"go\n" + password.encode() + b"\n")
    assert said.strip() == b"True"


def pin(clear: str = PIN) -> Secret:
    return Secret(clear)


def face(here: Running) -> LockView:
    """What the face of the locked session shows now."""
    assert here.now.lock is not None
    return here.now.lock
