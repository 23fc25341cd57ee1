"""A works, locks, walks away; B takes over; A logs on again and finds the same systems reopening.

On a real X display with a window manager, by real keys, against a real directory, a real wiki and a real X11 program;
the station is the command a terminal runs. What each officer has is looked for where the other one is: in memory, on
the clipboard, and by eyes of its own on the screen.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from launcher.demo.players import Player
from launcher.demo.told import NotToldError
from launcher.residue import Patterns, descendants, processes, scan_memory
from launcher.residue.patterns import masked_patterns
from tests.journeys.played import Event, StartedStation, station_command
from tests.journeys.real_estate import ROOT
from tests.journeys.shared_terminal import (
    ALICE_COLOUR,
    ALICES,
    BOB_COLOUR,
    XTERM_COLOUR,
    OfficerHere,
    SharedTerminal,
    shared_terminal,
)
from tests.servers.x_programs import Eyes, running_openbox, type_keys
from tests.servers.xvfb import Screen, running_xvfb

pytestmark = [
    pytest.mark.needs(
        "certificates", "slapd", "dokuwiki", "xvfb", "openbox", "xterm", "xdotool", "browser-engine", "windows"
    ),
    pytest.mark.timeout(240),
]

# No grace that could be over too early, or too late, on a slow computer: one is never over, the other always is.
LOCK = "idle_s = 0\ngrace_s = {grace_s}\npin_digits = 12"
SHOWN = {"QT_QPA_PLATFORM": "xcb"}


@pytest.fixture
def screen() -> Iterator[Screen]:
    """A display of this test's own, with a window manager."""
    with running_xvfb() as display, running_openbox(display):
        yield display


class Terminal:
    """The station on its display, and whoever sits there: real keys for the officer, hands to look."""

    def __init__(self, screen: Screen, station: StartedStation, eyes: Eyes) -> None:
        self.screen = screen
        self.station = station
        self.eyes = eyes

    async def shown(self, over: int = 0) -> tuple[int, Player]:
        """Wait for the next sign-in screen on the display; return its session, and who looks at it."""
        shown = await self.station.next("ScreenShown", over=over)
        session = int(str(shown["session"]))
        player = await self.player(session)
        await self.in_front(player)
        return session, player

    async def player(self, session: int) -> Player:
        """Return who looks at a session's screens."""
        started = next(one for one in self.station.events if _is(one, "SessionStarted", session))
        return await self.station.players.player(int(str(started["pid"])))

    async def in_front(self, player: Player) -> None:
        """Give the session's window the keys, as a click on it does."""
        number = int(str((await player.do("look"))["window"]))
        self.eyes.ask_manager(number, "_NET_ACTIVE_WINDOW", 2)
        await self.look_until(lambda: self.eyes.focus() == number)

    async def keys(self, *keys: str) -> None:
        """Press real keys; they go where the display's focus is."""
        await asyncio.to_thread(type_keys, self.screen, *keys)

    async def log_on(self, officer: OfficerHere, player: Player) -> None:
        """Type name and password into the sign-in screen; the name only where it does not stand there."""
        seen = await player.do("look")
        if seen["name"] != officer.person.uid:
            await self.keys(*(() if seen["focus"] == "name" else ("shift+Tab",)), *officer.person.uid, "Tab")
        await player.do("await", what="focus:password")
        await self.keys(*officer.password, "Return")

    async def sees(self, colour: int) -> None:
        """Wait until the colour is on the screen."""
        await self.look_until(lambda: self.eyes.sees(colour))

    async def look_until(self, holds: Callable[[], object]) -> None:
        """Look at the display until something holds."""
        await asyncio.to_thread(self.eyes.until, holds)

    async def spare(self) -> None:
        """Wait until a session that was never shown is warm, browser and all."""
        await self.station.spare()


@contextlib.asynccontextmanager
async def _terminal(screen: Screen, here: SharedTerminal, *, searched: bool = True) -> AsyncIterator[Terminal]:
    options = ["--station", str(here.station), "--state", str(here.state)]
    for folder in (here.servers, ROOT):  # where the tests and their servers keep what officers type
        options += ["--leave-out", str(folder)]
    env = {**os.environ, **screen.environment, **SHOWN}
    async with station_command(options, env=env, searched=searched) as station:
        try:
            with Eyes(screen) as eyes:
                yield Terminal(screen, station, eyes)
        except BaseException as fault:
            fault.add_note(_said(station, here))
            raise


def test_a_locks_and_comes_back_to_the_same_pages_and_b_is_kept_out_of_the_locked_ones(
    tmp_path: Path, screen: Screen
) -> None:
    async def journey(here: SharedTerminal) -> None:
        alice, bob = here.alice, here.bob
        async with _terminal(screen, here, searched=False) as at:
            a, officer = await at.shown()
            await _works(at, alice, officer)
            note = f"note{alice.cookie}"
            await officer.do("type-into", system="board-alice", field="#note", text=note)
            await officer.do("copy", text=note)
            xterm = next(row for row in descendants(officer.pid) if row.name == "xterm")

            # A locks: of the work nothing is on the screen, no program of it runs, and the clipboard is nobody's.
            await at.in_front(officer)  # the program's window came with the keys
            pin = _random_pin()
            await officer.do("set-pin", secret=pin)
            await _locks(at, a, officer)
            assert processes()[xterm.pid].stopped
            assert at.eyes.display.get_selection_owner(at.eyes.display.intern_atom("CLIPBOARD")) in (0, None)

            # A comes back by PIN to the same pages, and the program goes on.
            await at.in_front(officer)
            await officer.do("await", what="focus:lock-pin")
            await at.keys(*pin, "Return")
            await at.station.next("SessionResumed", session=a, by="pin")
            await at.sees(XTERM_COLOUR)
            seen = await officer.do("open", system="board-alice")
            await at.sees(ALICE_COLOUR)
            assert seen["edited"] == ["board-alice"]
            assert not processes()[xterm.pid].stopped

            # A walks away; B is kept out during the grace, by a process that never held anything of A's.
            await _locks(at, a, officer)
            await officer.do("want-proof")
            b, newcomer = await at.shown(over=a)
            assert _seen_of_work(at) == []
            await at.log_on(bob, newcomer)
            kept = await at.station.next("TakeOverKept", session=b)
            assert float(str(kept["wait_s"])) > 0
            await newcomer.do("await", what="error:terminal-kept")
            _holds_nothing(officer.pid, (bob.password, bob.cookie))
            _holds_nothing(newcomer.pid, (alice.password, alice.cookie, pin, note))

    with shared_terminal(tmp_path, LOCK.format(grace_s=3600)) as here:
        asyncio.run(journey(here))


def test_b_takes_over_what_a_left_and_a_finds_the_same_systems_again(tmp_path: Path, screen: Screen) -> None:
    async def journey(here: SharedTerminal) -> None:
        alice, bob = here.alice, here.bob
        async with _terminal(screen, here) as at:
            a, officer = await at.shown()
            await _works(at, alice, officer)
            note = f"note{alice.cookie}"
            await officer.do("copy", text=note)
            xterm = next(row for row in descendants(officer.pid) if row.name == "xterm")

            # A locks and walks away; B takes over.
            await _locks(at, a, officer)
            b, newcomer = await at.shown(over=a)
            await at.log_on(bob, newcomer)
            await newcomer.do("confirm")
            assert (await at.station.next("HandedOver", session=a))["to"] == b
            seen = await newcomer.do("await", what="stage:signed-in")
            at_once = (seen["officer"], seen["tabs"], seen["launches"], seen["clipboard"])
            assert at_once == (bob.person.number, [], {}, "")
            assert _seen_of_work(at) == []
            await _nothing_left(at, a)
            assert xterm.pid not in processes()
            _holds_nothing(newcomer.pid, (alice.password, alice.cookie, note))

            # B works and logs off.
            await at.in_front(newcomer)
            await newcomer.do("open", system="board-bob")
            await at.sees(BOB_COLOUR)
            assert _seen_of_work(at) == []
            await newcomer.do("copy", text=f"note{bob.cookie}")
            await at.keys("shift+F12")
            _, officer = await at.shown()
            assert not at.eyes.sees(BOB_COLOUR)
            await _nothing_left(at, b)

            # A logs on again: what was open reopens by itself, and of B's there is nothing.
            await at.log_on(alice, officer)
            await officer.do("await", what="notice:reopened")
            seen = await officer.do("await", what="opened:", systems=ALICES)
            launches = seen["launches"]
            assert isinstance(launches, dict)
            assert set(launches) == set(ALICES)
            assert seen["clipboard"] == ""
            await at.sees(XTERM_COLOUR)
            await officer.do("open", system="board-alice")
            await at.sees(ALICE_COLOUR)
            assert not at.eyes.sees(BOB_COLOUR)
            _holds_nothing(officer.pid, (bob.password, bob.cookie))

    with shared_terminal(tmp_path, LOCK.format(grace_s=0)) as here:
        asyncio.run(journey(here))


async def _works(at: Terminal, officer: OfficerHere, player: Player) -> None:
    """Log on by the keyboard and open everything, once the next screen is warm behind it."""
    await at.log_on(officer, player)
    await player.do("await", what="stage:signed-in")
    await at.keys("ctrl+Return")
    opened = await player.do("await", what="opened:", systems=ALICES)
    tabs = opened["tabs"]
    assert isinstance(tabs, list)
    assert {"board-alice", "station-wiki"} <= set(tabs)
    await player.do("open", system="board-alice")
    await at.sees(ALICE_COLOUR)
    await at.sees(XTERM_COLOUR)
    await at.spare()


def _random_pin() -> str:
    """Return a PIN of this run: one that stood here would be found where a checkout lies."""
    return "".join(secrets.choice("0123456789") for _ in range(12))


async def _locks(at: Terminal, session: int, officer: Player) -> None:
    """Press the key; when the session says that it is locked nothing of its work is on the screen any more."""
    await at.in_front(officer)
    await at.keys("F12")
    try:
        await at.station.next("SessionLocked", session=session, said=True)
    except NotToldError as fault:
        fault.add_note(f"The keys are {at.eyes.focus()}'s, and the session shows {await officer.do('look')}")
        raise
    assert _seen_of_work(at) == []


def _seen_of_work(at: Terminal) -> list[int]:
    return [colour for colour in (ALICE_COLOUR, XTERM_COLOUR) if at.eyes.sees(colour)]


async def _nothing_left(at: Terminal, session: int) -> None:
    """Wait for a session's end, and for the search after it: everything was searched and nothing found."""
    assert (await at.station.next("SessionEnded", session=session))["remained"] == []
    residue = (await at.station.next("ResidueChecked", session=session))["residue"]
    assert isinstance(residue, Mapping)
    assert (residue["found"], residue["unscanned"]) == ([], []), residue
    assert residue["scanned"]


def _holds_nothing(pid: int, others: Sequence[str]) -> None:
    """Nothing of this is in the memory of a session or of what it started, in whatever form."""
    if os.geteuid() != 0:
        return  # a session at work forbids others of its account to read it: what the station finds has to do
    patterns: Patterns = masked_patterns(list(others))
    for one in (pid, *(row.pid for row in descendants(pid) if not row.zombie)):
        assert scan_memory(one, patterns, "the other's").found == ()


def _said(station: StartedStation, here: SharedTerminal) -> str:
    """Return the end of what the station told and logged, for a test that failed."""
    told = [json.dumps(event)[:300] for event in station.events if event["event"] != "RecordKept"]
    log = here.state / "station.log"
    logged = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    return "\n".join(("The station told:", *told[-40:], "and logged:", *logged[-40:]))


def _is(event: Event, kind: str, session: int) -> bool:
    return event["event"] == kind and event.get("session") == session
