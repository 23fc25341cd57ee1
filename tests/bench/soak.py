"""Three hundred hand-overs in one run: what a station and its display hold stays as it was.

Two officers of a real directory, in different groups, take the terminal over from each other, on a real display with a
window manager: each logs on, finds what they had open again (a wiki, a notice board of their own, Alice an X11 program
too), writes on a page, copies what they wrote, locks by the real key and walks away. Every tenth comes back first.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import traceback
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path
from statistics import mean
from typing import Final

from launcher.demo.hand_over import after_proof_ms
from launcher.demo.players import Player, SessionGoneError
from tests.bench.flat import Course, course
from tests.bench.held import DisplayHolds, Folders, Held, held
from tests.journeys.played import StartedStation, Traces, station_command
from tests.journeys.shared_terminal import ALICES, OfficerHere, SharedTerminal, shared_terminal
from tests.servers import browser_engine, certificates, dokuwiki, slapd, windows, x_programs, xvfb
from tests.servers.x_programs import Eyes, running_openbox, type_keys
from tests.servers.xvfb import Screen, running_xvfb

HAND_OVERS = int(os.environ.get("STATION_LAUNCHER_HAND_OVERS", "300"))
"""Eight hours of shift changes at a busy front desk, condensed."""

LOOKED_AT_EVERY = 10
"""So often a pair of hand-overs is looked at, one by each officer, once the next screen is warm behind them."""

COMES_BACK_EVERY = 10

UNITS: Final = {"station_kib": "KiB", "all_kib": "KiB", "state_kib": "KiB", "display_kib": "KiB", "ms": "ms"}
NOT_JUDGED: Final = ("ms", "state_kib")
"""A time says how busy the computer was; the state folder gains the records of each sign-in and opening by design."""

ALLOWED: Final = {
    # Its database keeps pages of the records' file in memory, 2,000 KiB at most: that fills by 7 KiB a hand-over, once.
    "station_kib": 0.06,
    "all_kib": 0.05,
    "display_kib": 0.05,
    "all_descriptors": 0.02,
    "home_files": 0.02,
    "display_resources": 0.02,
}
"""How much a measurement that is never twice the same may differ over the run; every other count may not at all."""


@dataclass(slots=True)
class Desk:
    """The terminal with its station, and who sits there."""

    station: StartedStation
    screen: Screen
    eyes: Eyes
    folders: Folders
    display: DisplayHolds
    pid: int  # the station's own process
    session: int
    player: Player

    async def next_over(self) -> tuple[int, Player]:
        """Wait for the screen over the locked session."""
        shown = await self.station.next("ScreenShown", over=self.session)
        session = int(str(shown["session"]))
        return session, await self.station.players.player(await self.station.pid_of(session))

    async def work(self, officer: OfficerHere, *, again: bool) -> None:
        """Open what is theirs, or wait until it has opened by itself, and leave a trace on a page and the clipboard."""
        board = f"board-{officer.person.uid}"
        if again:
            await self.player.do("await", what="notice:reopened")
        else:
            await self.player.do("open-my-systems")
        await self.player.do("await", what="opened:", systems=_reopens(officer))
        await self.player.do("open", system=board)
        await self.in_front()  # a program's window came with the keys
        note = {"system": board, "field": "#note", "text": f"note{officer.cookie}"}
        while (await self.player.ask("type-into", within_s=1.0, **note))["done"] is not True:
            pass  # a page that has just come lets keys fall; an officer sees that and types again
        await self.player.do("copy", text=f"note{officer.cookie}")

    async def in_front(self) -> None:
        """Give the session's window the keys, as a click on it does."""
        number = int(str((await self.player.do("look"))["window"]))
        self.eyes.ask_manager(number, "_NET_ACTIVE_WINDOW", 2)
        await asyncio.to_thread(self.eyes.until, lambda: self.eyes.focus() == number)

    async def lock(self) -> None:
        """Press the real key."""
        await asyncio.to_thread(type_keys, self.screen, "F12")
        await self.station.next("SessionLocked", session=self.session, said=True)

    async def comes_back(self, officer: OfficerHere) -> None:
        """Prove oneself at the screen over one's own locked session."""
        _, over = await self.next_over()
        await over.go("unlock", secret=officer.password)
        await self.station.next("SessionResumed", session=self.session, by="proof")

    async def taken_over(self, officer: OfficerHere) -> float:
        """Let another officer take the terminal over; return ms from their proof to their launchpad."""
        while True:
            session, newcomer = await self.next_over()
            # A screen that does not answer for some seconds, on a busy computer, is replaced by the next.
            with suppress(SessionGoneError):
                await newcomer.do("take-over")
                await newcomer.do("log-on", user_name=officer.person.uid, secret=officer.password)
                break
        await self.station.next("HandedOver", session=self.session)
        gone, self.session, self.player = self.session, session, newcomer
        ms = after_proof_ms(await self.station.record("sign-in", outcome="signed-in"))
        ended = await self.station.next("SessionEnded", session=gone)
        if ended["remained"]:
            raise RuntimeError(f"left behind: {ended['remained']}")
        return ms

    def held(self, ms: float) -> Held:
        """Look at what is there now."""
        return held(self.station.pid, self.pid, self.folders, self.display, ms)


def measure() -> dict[str, object]:
    """Let two officers take the terminal over from each other, again and again."""
    for missing in (certificates, slapd, dokuwiki, xvfb, browser_engine, windows):
        if why := missing.missing():
            raise RuntimeError(f"the soak needs {missing.__name__.rpartition('.')[2]}: {why}")
    for why in (x_programs.openbox_missing(), x_programs.xterm_missing(), x_programs.xdotool_missing()):
        if why:
            raise RuntimeError(f"the soak needs {why}")
    with tempfile.TemporaryDirectory(prefix="bench-soak-") as folder:
        rounds: list[Held] = []
        stopped = ""
        try:
            take_turns(Path(folder), HAND_OVERS, rounds)
        except (Exception, KeyboardInterrupt) as fault:  # what was held until then is told all the same
            traceback.print_exc()
            stopped = f", and then stopped: {type(fault).__name__}"
    found = courses(rounds) if len(rounds) > 1 else []
    for one in found:
        print(f"  {one}", flush=True)
    grown = [one.name for one in found if not one.flat and one.name not in NOT_JUDGED]
    how_many = f"{len(rounds) * LOOKED_AT_EVERY // 2} of {HAND_OVERS}" if stopped else f"{HAND_OVERS}"
    verdict = f"{how_many} hand-overs: " + (f"NOT FLAT: {', '.join(grown)}" if grown else "flat") + stopped
    print(f"  {verdict}", flush=True)
    return {
        "verdict": verdict,
        "failed": bool(grown or stopped),
        "courses": [asdict(one) for one in found],
        "rounds": {one.name: [getattr(each, one.name) for each in rounds] for one in fields(Held)},
    }


def courses(rounds: Sequence[Held]) -> list[Course]:
    """Judge each measurement; the two officers have not the same open, so each pair of hand-overs counts as one."""
    pairs = [_pair(one, other) for one, other in zip(rounds[::2], rounds[1::2], strict=False)]
    return [
        course(name, UNITS.get(name, ""), values, allowed_part=ALLOWED.get(name, 0.0), each=LOOKED_AT_EVERY)
        for name, values in ((one.name, [pair[place] for pair in pairs]) for place, one in enumerate(fields(Held)))
    ]


def _pair(one: Held, other: Held) -> tuple[float, ...]:
    return tuple(mean(both) for both in zip(astuple(one), astuple(other), strict=True))


def take_turns(folder: Path, times: int, rounds: list[Held]) -> None:
    """Hand the terminal over so often; add what was held after those that were looked at."""
    with (
        running_xvfb() as screen,
        running_openbox(screen),
        Eyes(screen) as eyes,
        shared_terminal(folder, "idle_s = 0\ngrace_s = 0") as here,
    ):
        asyncio.run(_take_turns(screen, eyes, here, times, rounds))


async def _take_turns(screen: Screen, eyes: Eyes, here: SharedTerminal, times: int, rounds: list[Held]) -> None:
    async with _desk(screen, eyes, here) as desk:
        officer, other = here.alice, here.bob
        await desk.player.do("log-on", user_name=officer.person.uid, secret=officer.password)
        await desk.station.record("sign-in", outcome="signed-in")
        await desk.work(officer, again=False)
        for turn in range(times):
            if turn % COMES_BACK_EVERY == COMES_BACK_EVERY - 1:
                await desk.lock()
                await desk.comes_back(officer)
            await desk.lock()
            officer, other = other, officer
            ms = await desk.taken_over(officer)
            await desk.work(officer, again=turn > 0)
            if turn % LOOKED_AT_EVERY >= LOOKED_AT_EVERY - 2 or times < LOOKED_AT_EVERY:
                await desk.station.spare()
                desk.station.forget()
                rounds.append(desk.held(ms))
                print(f"  {turn + 1} of {times}: {rounds[-1]}", flush=True)


def _reopens(officer: OfficerHere) -> tuple[str, ...]:
    return ALICES if "custody" in officer.person.groups else ("station-wiki",)


@asynccontextmanager
async def _desk(screen: Screen, eyes: Eyes, here: SharedTerminal) -> AsyncIterator[Desk]:
    """Run the station and sit down at its first screen."""
    options = ["--station", str(here.station), "--state", str(here.state)]
    env = {**os.environ, **screen.environment, "QT_QPA_PLATFORM": "xcb"}
    async with station_command(options, env=env, searched=False) as station:
        pid = int(str((await station.next("StationStarted"))["pid"]))
        session = int(str((await station.next("ScreenShown", over=0))["session"]))
        player = await station.players.player(await station.pid_of(session))
        await station.spare()
        folders = Folders(here.state, Traces.of(player.pid).home.parent)
        yield Desk(station, screen, eyes, folders, DisplayHolds(eyes.display, screen.pid), pid, session, player)
