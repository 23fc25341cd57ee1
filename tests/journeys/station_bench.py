"""A station under test: the real supervisor, stand-in sessions, and a test's hands on each of them."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from launcher.display.ports import IdleClock
from launcher.station import ScreenShown, SpareWarm, StationEvent, StationLimits, Supervisor
from launcher.station.hub.ports import HubLink
from launcher.station.slot_keeping import SlotAccounts
from tests.servers import root

_E = TypeVar("_E", bound=object)

LIMITS = StationLimits(heartbeat_s=0.1, unresponsive_s=10.0, end_within_s=30.0, cover_s=30.0)
"""A busy computer may keep a stand-in from its beats for a second, and that is no silence."""

NOTICING = replace(LIMITS, unresponsive_s=1.0)
"""Of a journey in which one is silent."""

STAND_IN = Path(__file__).with_name("stand_in_session.py")
WITHIN_S = 30.0


class Hands:
    """A test's hold on one session: orders in, answers out."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, hello: dict[str, object]) -> None:
        self.pid = int(str(hello["pid"]))
        self._reader = reader
        self._writer = writer

    async def do(self, what: str, **more: object) -> dict[str, object]:
        """Give an order and return the next answer that is one."""
        self._writer.write(json.dumps({"do": what, **more}).encode() + b"\n")
        return await self.said("did", "program", "sockets", "environment")

    async def said(self, *keys: str) -> dict[str, object]:
        """Return the next thing the session says that has one of the keys."""
        async with asyncio.timeout(WITHIN_S):
            while line := await self._reader.readline():
                said = json.loads(line)
                if any(key in said for key in keys):
                    assert isinstance(said, dict)
                    return said
        raise AssertionError(f"the session ended before it said any of {keys}")

    def order(self, what: str, **more: object) -> None:
        """Give an order and wait for nothing."""
        self._writer.write(json.dumps({"do": what, **more}).encode() + b"\n")

    def close(self) -> None:
        self._writer.transport.abort()


class Clock:
    """The clock of a station's limits, which a test lets run on."""

    def __init__(self) -> None:
        self._ahead_s = 0.0

    def pass_s(self, seconds: float) -> None:
        """Let so much time pass at once."""
        self._ahead_s += seconds

    def __call__(self) -> float:
        """Return the time since some moment, in seconds."""
        return time.monotonic() + self._ahead_s


class Station:
    """The supervisor with everything it said so far."""

    def __init__(
        self,
        folder: Path,
        options: tuple[str, ...],
        limits: StationLimits,
        slots: SlotAccounts | None = None,
        idle_clock: IdleClock | None = None,
        hub: HubLink | None = None,
    ) -> None:
        self.state_dir = folder / "state"
        self.homes = folder / "homes"
        self.homes.mkdir(exist_ok=True)
        self.temp = folder / "temp"
        self.temp.mkdir(exist_ok=True)
        # A Unix socket's path is limited to some 100 bytes: not under pytest's folder.
        self._sockets = tempfile.TemporaryDirectory(prefix="hands-")
        self.hands_path = Path(self._sockets.name) / "hands"
        self.events: list[StationEvent] = []
        self._news = asyncio.Condition()
        self._taken: set[int] = set()
        self._hands: dict[int, Hands] = {}
        # What an account of a session's own needs: an interpreter it may run, the packages, a way to the test's socket.
        python, path = sys.executable, str(STAND_IN.parents[2])
        if slots is not None:
            python, path = root.session_python() or "", root.session_path()
            Path(self._sockets.name).chmod(0o711)
        self._open_to_all = slots is not None
        self.clock = Clock()
        self.supervisor = Supervisor(
            (python, str(STAND_IN), str(self.hands_path), str(limits.heartbeat_s), *options),
            limits,
            self.state_dir,
            self._on_event,
            homes_root=self.homes,
            written_to=(self.temp,),
            stderr_level=60,
            environ={**os.environ, "PYTHONPATH": path},
            slots=slots,
            boot_clock_s=self.clock,
            idle_clock=idle_clock,
            hub=hub,
        )

    def _on_event(self, event: StationEvent) -> None:
        self.events.append(event)
        task = asyncio.get_running_loop().create_task(self._say())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _say(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hands = Hands(reader, writer, json.loads(await reader.readline()))
        self._hands[hands.pid] = hands
        await self._say()

    async def next(self, kind: type[_E]) -> _E:
        """Return the first event of the kind that was not returned before, waiting for it."""
        async with asyncio.timeout(WITHIN_S), self._news:
            while True:
                for place, event in enumerate(self.events):
                    if isinstance(event, kind) and place not in self._taken:
                        self._taken.add(place)
                        return event
                await self._news.wait()

    async def hands_on(self, pid: int) -> Hands:
        """Return the hands on the session with this pid."""
        async with asyncio.timeout(WITHIN_S), self._news:
            await self._news.wait_for(lambda: pid in self._hands)
            return self._hands[pid]

    async def shown_session(self) -> tuple[ScreenShown, Hands]:
        """Wait for the next sign-in screen on the display; return the event and hands on its session."""
        shown = await self.next(ScreenShown)
        pid = next(e.pid for e in self.events if isinstance(e, SpareWarm) and e.session == shown.session)
        return shown, await self.hands_on(pid)

    def looks(self) -> None:
        """Have the station look what is below its sessions, as at each heartbeat.

        Else a session that ends at once takes that knowledge with it. A station that is alone in its process knows
        whose orphans come to it all the same; this one is within a program with children of its own.
        """
        supervisor = self.supervisor
        supervisor._lodging.processes.look([seat.process for seat in supervisor._seats.values()])

    async def spare(self) -> SpareWarm:
        """Wait for the next warm spare."""
        return await self.next(SpareWarm)

    async def __aenter__(self) -> Self:
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_unix_server(self._connected, self.hands_path)
        if self._open_to_all:
            self.hands_path.chmod(0o777)
        self._running = asyncio.get_running_loop().create_task(self.supervisor.run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None
    ) -> None:
        try:
            if not self._running.done():
                await self.supervisor.stop()
            await self._running
        finally:
            self._server.close()
            for hands in self._hands.values():
                hands.close()
            await asyncio.gather(*self._tasks)
            self._sockets.cleanup()


@asynccontextmanager
async def station(
    folder: Path,
    *options: str,
    limits: StationLimits | None = None,
    slots: SlotAccounts | None = None,
    idle_clock: IdleClock | None = None,
    hub: HubLink | None = None,
) -> AsyncIterator[Station]:
    """Run a station of stand-ins; beats are quick so that tests are."""
    async with Station(folder, options, limits or LIMITS, slots, idle_clock, hub) as running:
        yield running
