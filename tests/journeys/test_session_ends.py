"""A session's end, politely and by ``kill -9``: nothing of the officer is left, and the next screen is there.

The station is the product's own command, its sessions are the real ones, and each secret is of one run.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from launcher.demo.content import SYSTEMS
from launcher.residue.patterns import encodings
from launcher.residue.tree import descendants, processes
from launcher.session.openers.program import PASSED_ON
from launcher.station.environment import LINK
from launcher.wire.mark import TOKEN
from tests.journeys.played import DemoPlace, Event, StartedStation, Traces, demo_place, started_station

pytestmark = [pytest.mark.needs("browser-engine"), pytest.mark.timeout(180)]

TEN = tuple(system.id for system in SYSTEMS)

WANDERING = Path(__file__).with_name("wandering_program.py")


def _wandering_program(place: DemoPlace) -> Path:
    says = place.state.parent / "wanderer.pid"
    argv = [sys.executable, str(WANDERING), str(says)]
    place.add(
        "wanderer",
        f"""\
name = "Wanderer"
kind = "program"
groups = ["all-staff"]

[program]
argv = {json.dumps(argv)}
give = "none"

[[marker]]
means = "ready"
text = "READY:"
""",
    )
    return says


def test_after_a_log_off_nothing_is_left(tmp_path: Path) -> None:
    async def journey() -> None:
        async with demo_place(tmp_path) as place, started_station(place) as station:
            session = await _first_session(station)
            await station.opened(*TEN)
            assert station.outcomes() == dict.fromkeys(TEN, ("ready", None))
            await station.next("SpareComplete")
            await station.next("SpareComplete")

            # What an officer's secrets may be read in by anybody, and what programs could take with them.
            _holds_no_secret(place, (station.pid, *_below(station.pid)))
            _programs_hold_their_own_only(session.pid)

            traces = Traces.of(session.pid)
            station.log_off()
            await _nothing_left(station, session, traces)

    asyncio.run(journey())


def test_after_a_kill_nothing_is_left(tmp_path: Path) -> None:
    async def journey() -> None:
        systems = ("custody-record", "missing-persons", "case-file")
        async with demo_place(tmp_path, only=systems) as place:
            wandering = _wandering_program(place)
            # A station that looks so rarely has never seen the wanderer below the session when that is killed.
            place.change("[credentials]", "[limits]\nheartbeat_s = 240\nunresponsive_s = 480\n\n[credentials]")
            async with started_station(place) as station:
                session = await _first_session(station)
                await station.opened("wanderer", *systems)
                assert set(station.outcomes().values()) == {("ready", None)}
                await station.next("SpareComplete")
                await station.next("SpareComplete")
                traces = Traces.of(session.pid)
                wanderer = int(wandering.read_text())
                assert wanderer in processes()
                os.kill(session.pid, signal.SIGKILL)
                ended = await _nothing_left(station, session, traces)
                assert ended["how"] == "crashed"
                assert wanderer not in processes()

    asyncio.run(journey())


class _Session:
    def __init__(self, number: int, pid: int) -> None:
        self.number = number
        self.pid = pid


async def _first_session(station: StartedStation) -> _Session:
    """Wait for the first sign-in screen; the officer's hands are there."""
    shown = await station.next("ScreenShown")
    started = await station.next("SessionStarted", session=shown["session"])
    return _Session(int(str(shown["session"])), int(str(started["pid"])))


async def _nothing_left(station: StartedStation, session: _Session, traces: Traces) -> Event:
    """The next sign-in screen is shown, by another process, and of this session there is nothing any more."""
    shown = await station.next("ScreenShown")
    assert shown["session"] != session.number
    ended = await station.next("SessionEnded", session=session.number)
    assert ended["remained"] == []
    assert traces.left() == []
    assert not traces.home.exists()
    checked = await station.next("ResidueChecked", session=session.number)
    residue = checked["residue"]
    assert isinstance(residue, dict)
    assert residue["scanned"]
    assert (residue["unscanned"], residue["found"]) == ([], [])
    assert [event for event in station.events if event["event"] == "CannotStart"] == []
    return ended


def _below(pid: int) -> list[int]:
    return [row.pid for row in descendants(pid) if not row.zombie]


def _holds_no_secret(place: DemoPlace, pids: Iterable[int]) -> None:
    """No process's command line or environment holds a secret in any form: any process of the account reads both."""
    forms = {form for secret in place.secrets() for form in encodings(secret)}
    for pid in pids:
        for file in ("cmdline", "environ"):
            held = _read(pid, file)
            assert not any(form in held for form in forms), (pid, file)


def _programs_hold_their_own_only(session: int) -> None:
    """A program has its three pipes and an environment of allowed names; no process below has the session's link."""
    below = _below(session)
    programs = [pid for pid in below if b"records_console.py" in _read(pid, "cmdline")]
    assert len(programs) == 2
    for pid in programs:
        assert set(_descriptors(pid)) == {0, 1, 2}
        assert set(_environment(pid)) <= set(PASSED_ON)
    whole = _environment(session)
    if os.geteuid() != 0:
        assert whole == {}, "a session at work lets nobody of its account read it"
        return
    link = _descriptors(session)[int(whole[LINK])]
    assert link.startswith("socket:")
    assert {_environment(pid)[TOKEN] for pid in programs} == {whole[TOKEN]}
    for pid in below:
        assert link not in _descriptors(pid).values()


def _read(pid: int, file: str) -> bytes:
    """What is to be read of a process; nothing where that one forbids it, or has just ended."""
    with contextlib.suppress(FileNotFoundError, PermissionError, ProcessLookupError):
        return Path(f"/proc/{pid}/{file}").read_bytes()
    return b""


def _descriptors(pid: int) -> dict[int, str]:
    held: dict[int, str] = {}
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
        for one in list(Path(f"/proc/{pid}/fd").iterdir()):
            with contextlib.suppress(FileNotFoundError):  # it has just closed this one
                held[int(one.name)] = str(one.readlink())
    return held


def _environment(pid: int) -> dict[str, str]:
    pairs = _read(pid, "environ").decode(errors="replace").split("\0")
    return dict(pair.partition("=")[::2] for pair in pairs if pair)
