"""Runs the demo: the estate in this process, the station as a process of its own, and an officer's hands if headless.

This process is none of the station's: it made the officers' passwords and knows them (decision 0005).
"""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import tempfile
from pathlib import Path

from launcher.demo import hand_over
from launcher.demo.content import OWN_ACCOUNTS, SYSTEMS, TERMINALS, WITH_CODE
from launcher.demo.estate import Estate
from launcher.demo.files import write_station
from launcher.demo.options import OpenStore, Options
from launcher.demo.people import DemoOfficer, make_officers
from launcher.demo.players import Players, listening, sitting
from launcher.demo.prepared import enrol, serving_estate
from launcher.demo.progress import Progress, say
from launcher.demo.report import Run
from launcher.demo.reset_run import play_reset
from launcher.demo.station import (
    log_end,
    must_be_able_to_start,
    played_environment,
    running_station,
    station_argv,
    stop,
)
from launcher.demo.told import Told, lines
from launcher.errors import LauncherError

HEADLESS_WITHIN_S = 300.0
JOURNEY_WITHIN_S = 900.0


class DemoTookTooLongError(LauncherError):
    """The headless demo did not come to its end in time; ``detail`` says what it had reached."""

    reference = "demo-took-too-long"
    hint = "Run it again with nothing else running; if it stays so, look at the station's log named above."
    retryable = True


class DemoStationEndedError(LauncherError):
    """The embedded station ended by itself."""

    reference = "demo-station-ended"
    hint = "Run station-launcher doctor; its findings say what this computer lacks."


async def run(options: Options, open_store: OpenStore) -> int:
    """Run the demo and return its exit status: 0 when all was as it should be."""
    with tempfile.TemporaryDirectory(prefix="station-launcher-demo-") as untidy:
        folder = Path(untidy)
        if options.journey == "reset":
            return await play_reset(options, open_store, folder)
        officers = make_officers(OWN_ACCOUNTS, WITH_CODE)
        estate_folder, station_folder, state = (folder / name for name in ("estate", "station", "state"))
        for one in (estate_folder, station_folder, state):
            one.mkdir(mode=0o700)
        async with serving_estate(estate_folder, officers, options.delay_s) as estate:
            if options.headless:
                say(f"The provider and {len(SYSTEMS)} systems are up.")
            more = hand_over.STATION if options.journey else ""
            station = write_station(station_folder, estate.addresses, officers, options.looks, options.delay_s, more)
            await enrol(open_store(state), officers, estate)
            return await _play(options, station, state, officers, estate)


async def _play(options: Options, station: Path, state: Path, officers: tuple[DemoOfficer, ...], estate: Estate) -> int:
    argv = station_argv(options.start, station, state)
    if not options.headless:
        _introduce(officers, station, state)
        async with running_station(argv, dict(os.environ), state) as process:
            return await _watch(process, state)
    async with listening() as players:
        env = played_environment(players)
        async with running_station([*argv, "--residue-check"], env, state) as process:
            if options.journey:
                return await _journey(options, process, state, players, officers, estate)
            return await _headless(options, process, state, players, officers[0], estate)


async def _watch(process: asyncio.subprocess.Process, state: Path) -> int:
    """Let the person play; the demo ends with its station."""
    async for event in lines(process.stdout):
        must_be_able_to_start(event, state)
    return 0 if await process.wait() == 0 else 1


async def _headless(
    options: Options,
    process: asyncio.subprocess.Process,
    state: Path,
    players: Players,
    officer: DemoOfficer,
    estate: Estate,
) -> int:
    seen, progress, warm = Run(), Progress(len(SYSTEMS)), 0
    leave = asyncio.Event()
    playing = asyncio.create_task(sitting(players, officer.user_name, officer.password, leave))
    playing.add_done_callback(lambda played: stop(process) if _failed(played) else None)
    try:
        async with asyncio.timeout(HEADLESS_WITHIN_S):
            async for event in lines(process.stdout):
                must_be_able_to_start(event, state)
                seen.take(event)
                for line in progress.take(event, len(seen.launches)):
                    say(line)
                warm += event.get("event") == "SpareComplete"
                # An officer works for hours: the next screen has long been warm when they leave.
                if len(seen.launches) == len(SYSTEMS) and warm > 1:
                    leave.set()
                    if not progress.leaving:
                        progress.leaving = True
                        say("Logging off.")
                if event.get("event") == "ResidueChecked" or _failed(playing):
                    break
            else:
                status = await process.wait()
                raise DemoStationEndedError(f"The embedded station ended with status {status}.", detail=log_end(state))
    except TimeoutError:
        raise DemoTookTooLongError(
            f"The demo had not ended after {HEADLESS_WITHIN_S:.0f} s: {len(seen.launches)} systems were opened.",
            detail=log_end(state),
        ) from None
    finally:
        playing.cancel()
        await asyncio.wait({playing})
    if _failed(playing):
        playing.result()
    seen.left_signed_on = estate.left_signed_on()
    faults = seen.faults(system.id for system in SYSTEMS)
    print()
    print(seen.as_table({system.id: system.name for system in SYSTEMS}))
    print(_sentence(seen, faults))
    if options.report_to is not None:
        options.report_to.write_text(json.dumps(seen.as_data(), indent=2) + "\n", encoding="utf-8")
    return 1 if faults else 0


async def _journey(
    options: Options,
    process: asyncio.subprocess.Process,
    state: Path,
    players: Players,
    officers: tuple[DemoOfficer, ...],
    estate: Estate,
) -> int:
    told = Told()
    journey = hand_over.Journey(told, players, officers, say, estate.left_signed_on)
    reading = asyncio.create_task(told.read(process.stdout))
    try:
        async with asyncio.timeout(JOURNEY_WITHIN_S):
            played = await journey.play()
    except TimeoutError:
        played = journey.played
    finally:
        reading.cancel()
        await asyncio.wait({reading})
    for event in told.all("CannotStart"):
        must_be_able_to_start(event, state)
    print()
    print(played.as_table())
    if not played.ok:
        print(f"The end of the station's log:\n{log_end(state)}")
    if options.report_to is not None:
        options.report_to.write_text(json.dumps(played.as_data(), indent=2) + "\n", encoding="utf-8")
    return 0 if played.ok else 1


def _sentence(seen: Run, faults: list[str]) -> str:
    if faults:
        return "Not as it should be:\n" + "\n".join(f"  {fault}" for fault in faults)
    residue = seen.residue or {}
    searched = residue.get("scanned")
    places = len(searched) if isinstance(searched, list) else 0
    everywhere = "" if os.getuid() else " As root a program may write elsewhere, too: the README says what is searched."
    hosts = ", ".join(system.name for system in TERMINALS)
    return (
        f"Nothing asked, nobody left signed on ({hosts}), and nothing left of the officer in {places} places searched."
        f"{everywhere}"
    )


def _failed(played: asyncio.Task[None]) -> bool:
    return played.done() and not played.cancelled() and played.exception() is not None


def _introduce(officers: tuple[DemoOfficer, ...], station: Path, state: Path) -> None:
    print("Log on in the window as one of:")
    for officer in officers:
        print(f"  {officer.user_name}   {officer.password}   ({officer.display_name})")
    if len(officers) > 1:
        print(f"{officers[1].display_name}'s password at National Records has expired: its tab asks for a new one.")
    print("The passwords were made for this run. Ctrl C here ends the demo.")
    options = shlex.join(["--station", str(station), "--state", str(state)])
    print(f"Until then the other commands work on it with:\n  {options}", flush=True)
