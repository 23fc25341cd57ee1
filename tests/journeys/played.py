"""The product's own station command against the demo's servers: what it says is read, its officer's hands are its own.

The station is a process apart, as the command a terminal runs: the test knows the passwords, and a residue check looks
into the station's own memory.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from launcher.demo.content import OWN_ACCOUNTS, SYSTEMS, WITH_CODE
from launcher.demo.estate import Addresses, Estate
from launcher.demo.files import Appearance, write_station
from launcher.demo.people import DemoOfficer, make_officers
from launcher.demo.players import Players, listening, sitting
from launcher.demo.prepared import enrol
from launcher.demo.told import LINE_BYTES, Told
from launcher.demo.told import Event as Event
from launcher.grants.keeping import credential_store
from launcher.residue.tree import ProcessRow, descendants, environment_of, processes
from launcher.wire.mark import TOKEN

ROOT = Path(__file__).resolve().parents[2]
WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """The demo's running servers and the files of a station for them."""

    estate: Estate
    addresses: Addresses
    officers: tuple[DemoOfficer, ...]
    station: Path
    state: Path

    @property
    def officer(self) -> DemoOfficer:
        """The officer of the journeys."""
        return self.officers[0]

    @property
    def catalogue(self) -> Path:
        """The folder of entries: what is written there before the officer logs on is read."""
        return self.station.parent / "catalogue"

    def add(self, system: str, entry: str) -> None:
        """Add an entry to the catalogue."""
        (self.catalogue / f"{system}.toml").write_text(entry, encoding="utf-8")

    def change(self, old: str, new: str) -> None:
        """Change the station file, once."""
        text = self.station.read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        self.station.write_text(text.replace(old, new), encoding="utf-8")

    def secrets(self) -> tuple[str, ...]:
        """Everything of the officer that nobody else may learn."""
        accounts = self.officer.accounts.values()
        seeds = tuple(account.otp_seed for account in accounts if account.otp_seed)
        return (self.officer.password, *(account.password for account in accounts), *seeds)


@asynccontextmanager
async def demo_place(folder: Path, *, only: tuple[str, ...] = ()) -> AsyncIterator[DemoPlace]:
    """Serve the demo's systems on loopback; ``only`` keeps the entries of these systems and no others."""
    officers = make_officers(OWN_ACCOUNTS, WITH_CODE)
    for name in ("estate", "station", "state"):
        (folder / name).mkdir(mode=0o700)
    estate = Estate(folder / "estate", officers)
    stop, ready = asyncio.Event(), asyncio.Event()
    serving = asyncio.create_task(estate.run(stop, ready))
    try:
        async with asyncio.timeout(WITHIN_S):
            await ready.wait()
        station = write_station(folder / "station", estate.addresses, officers, Appearance())
        place = DemoPlace(estate, estate.addresses, officers, station, folder / "state")
        for system in SYSTEMS:
            if only and system.id not in only:
                (place.catalogue / f"{system.id}.toml").unlink()
        await enrol(credential_store("file", place.state), (place.officer,), estate)
        yield place
    finally:
        stop.set()
        await serving


class StartedStation(Told):
    """``start --events`` with everything it has said."""

    def __init__(self, process: asyncio.subprocess.Process, players: Players) -> None:
        super().__init__()
        self.process = process
        self.players = players
        self.leave = asyncio.Event()

    @property
    def pid(self) -> int:
        """The process that was started: it keeps the station's own, which is another (``StationStarted``)."""
        return self.process.pid

    def log_off(self) -> None:
        """Tell the officer at the first screen to log off once nothing of theirs moves."""
        self.leave.set()

    def forget(self) -> None:
        """Forget what was said of sessions that have ended: a long run is to hold no more than a short one."""
        ended = {one["session"] for one in self.all("SessionEnded")}
        kept = [place for place, one in enumerate(self.events) if "session" in one and one["session"] not in ended]
        self._taken = {new for new, place in enumerate(kept) if place in self._taken}
        self.events = [self.events[place] for place in kept]
        self.players.forget_closed()

    async def opened(self, *systems: str) -> None:
        """Wait until each of the systems has ended its opening one way or another."""
        what = f"that {', '.join(systems)} were opened"
        await self.until(lambda: set(systems) <= set(self.outcomes()) or None, what)

    def outcomes(self) -> dict[str, tuple[object, object]]:
        """Return outcome and reference of every opening so far."""
        records = [event["record"] for event in self.events if event["event"] == "RecordKept"]
        launches = [one for one in records if isinstance(one, dict) and one.get("kind") == "launch"]
        return {str(one["system"]): (one["outcome"], one["reference"]) for one in launches}


@asynccontextmanager
async def started_station(
    place: DemoPlace,
    python: Sequence[str] = (sys.executable,),
    env: Mapping[str, str] | None = None,
    account: int | None = None,
    slots: Collection[int] = (),
    *,
    searched: bool = True,
) -> AsyncIterator[StartedStation]:
    """Run the station's own command; at its first screen the officer's hands log on and open what is theirs.

    ``python`` and ``env`` are the interpreter, with what starts it, and its environment, where they are not ours;
    ``account`` is the one it runs as then, ``slots`` are those that its sessions do.
    """
    options = ("--station", str(place.station), "--state", str(place.state))
    async with station_command(options, python, env, account, slots, searched=searched) as station:
        officer = place.officer
        work = sitting(station.players, officer.user_name, officer.password, station.leave)
        playing = asyncio.create_task(work)
        try:
            yield station
        finally:
            playing.cancel()
            await asyncio.wait([playing])


@asynccontextmanager
async def station_command(
    options: Sequence[str],
    python: Sequence[str] = (sys.executable,),
    env: Mapping[str, str] | None = None,
    account: int | None = None,
    slots: Collection[int] = (),
    *,
    searched: bool = True,
) -> AsyncIterator[StartedStation]:
    """Run the station's own command with these options; the test itself tells each session's officer what to do.

    ``searched``: whether it searches for what each session left, which takes its time at the end, too.
    """
    search = ["--residue-check"] if searched else []
    argv = [*python, "-m", "launcher", "start", "--events", *search, *options]
    async with listening(account, slots) as players:
        process = await asyncio.create_subprocess_exec(
            *argv,
            cwd=ROOT,
            env={**(os.environ if env is None else env), **players.variables},
            stdout=asyncio.subprocess.PIPE,
            limit=LINE_BYTES,
        )
        station = StartedStation(process, players)
        said = asyncio.create_task(station.read(process.stdout))
        try:
            yield station
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGINT)  # at once, whatever an officer would lose by it
            await process.wait()
            await said


@dataclass(frozen=True, slots=True)
class Traces:
    """What is known of a session while it lives, to be looked for when it has ended."""

    pid: int
    home: Path
    token: bytes
    processes: frozenset[tuple[int, int]]

    @classmethod
    def of(cls, pid: int) -> Traces:
        """Look at a living session."""
        below = list(descendants(pid))
        # A session at work forbids others of its account to read it; what it starts has the same folder and token.
        seen = (environment_of(one) for one in (pid, *(row.pid for row in below)))
        environment = next(each for each in seen if each.get(TOKEN.encode()))
        # ``HOME`` is one of several folders in the session's own.
        home = Path(os.fsdecode(environment[b"HOME"])).parent
        return cls(pid, home, environment[TOKEN.encode()], frozenset((row.pid, row.start) for row in below))

    def left(self) -> list[ProcessRow]:
        """Return every living process that was below the session, or carries its token."""
        rows = [row for row in processes().values() if not row.zombie]
        return [
            row
            for row in rows
            if row.pid == self.pid
            or (row.pid, row.start) in self.processes
            or environment_of(row.pid).get(TOKEN.encode()) == self.token
        ]
