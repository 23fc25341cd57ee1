"""Runs the demo: the estate in this process, the station as a process of its own, and an officer's hands if headless.

This process is none of the station's: it made the officers' passwords and knows them (decision 0005).
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shlex
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from launcher.demo import hand_over
from launcher.demo.content import OWN_ACCOUNTS, SYSTEMS, TERMINALS, WITH_CODE
from launcher.demo.estate import Estate
from launcher.demo.files import Appearance, write_station
from launcher.demo.people import DemoOfficer, make_officers
from launcher.demo.players import Players, listening, sitting
from launcher.demo.progress import Progress
from launcher.demo.report import Run
from launcher.demo.told import LINE_BYTES, Told, lines
from launcher.errors import LauncherError
from launcher.grants.certificates import kept_under
from launcher.grants.client_certificate import from_pkcs12
from launcher.grants.credential import Credential
from launcher.grants.store import CredentialStore
from launcher.identity.officer import OfficerId
from launcher.secret import Secret

HEADLESS_WITHIN_S = 300.0
JOURNEY_WITHIN_S = 900.0
STOP_WITHIN_S = 20.0
SAID = "station.stderr"


class DemoTookTooLongError(LauncherError):
    """The headless demo did not come to its end in time; ``detail`` says what it had reached."""

    reference = "demo-took-too-long"
    hint = "Run it again with nothing else running; if it stays so, look at the station's log named above."
    retryable = True


class DemoCannotStartError(LauncherError):
    """The embedded station's sessions end before anybody can log on; ``detail`` is the end of its log."""

    reference = "demo-cannot-start"
    hint = "Run station-launcher doctor; its findings say what this computer lacks."


class DemoStationEndedError(LauncherError):
    """The embedded station ended by itself."""

    reference = "demo-station-ended"
    hint = "Run station-launcher doctor; its findings say what this computer lacks."


@dataclass(frozen=True, slots=True)
class Options:
    """How the demo is run. ``start`` is the station's command without its options."""

    headless: bool
    report_to: Path | None
    delay_s: float
    looks: Appearance
    start: tuple[str, ...]
    journey: Literal["", "hand-over"] = ""


OpenStore = Callable[[Path], CredentialStore]


async def run(options: Options, open_store: OpenStore) -> int:
    """Run the demo and return its exit status: 0 when all was as it should be."""
    with tempfile.TemporaryDirectory(prefix="station-launcher-demo-") as untidy:
        folder = Path(untidy)
        officers = make_officers(OWN_ACCOUNTS, WITH_CODE)
        estate_folder, station_folder, state = (folder / name for name in ("estate", "station", "state"))
        for one in (estate_folder, station_folder, state):
            one.mkdir(mode=0o700)
        estate = Estate(estate_folder, officers, options.delay_s)
        stop, ready = asyncio.Event(), asyncio.Event()
        serving = asyncio.create_task(estate.run(stop, ready))
        taking = asyncio.create_task(ready.wait())
        await asyncio.wait({serving, taking}, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            taking.cancel()
            serving.result()  # a server that did not start says why; nobody waits for the others for ever
        if options.headless:
            _say(f"The provider and {len(SYSTEMS)} systems are up.")
        more = hand_over.STATION if options.journey else ""
        station = write_station(station_folder, estate.addresses, officers, options.looks, options.delay_s, more)
        await enrol(open_store(state), officers, estate)
        try:
            return await _play(options, station, state, officers, estate)
        finally:
            stop.set()
            await serving


async def enrol(store: CredentialStore, officers: tuple[DemoOfficer, ...], estate: Estate) -> None:
    """Put each officer's own names, passwords and certificate into the sealed store, as earlier sittings would have.

    An officer is an issuer's subject: who logs on with the force account is another one to the store than who logs on
    by name and password, so both are enrolled.
    """
    for officer in officers:
        kept = {
            system: Credential(
                account.user_name, Secret(account.password), Secret(account.otp_seed) if account.otp_seed else None
            )
            for system, account in officer.accounts.items()
        }
        password = Secret(secrets.token_urlsafe(16))
        certificate = from_pkcs12(estate.certificate_of(officer, password), password)
        kept[kept_under("officer")] = certificate.kept_as()
        for name, credential in kept.items():
            for known_to in ("local", estate.addresses.issuer):
                await store.put(OfficerId(known_to, officer.subject), name, credential)


async def _play(options: Options, station: Path, state: Path, officers: tuple[DemoOfficer, ...], estate: Estate) -> int:
    argv = [*options.start, "--station", str(station), "--state", str(state), "--events"]
    if not options.headless:
        _introduce(officers, station, state)
        async with _station(argv, dict(os.environ), state) as process:
            return await _watch(process, state)
    async with listening() as players:
        env = {**os.environ, **players.variables}
        env["QT_QPA_PLATFORM"] = "offscreen"
        # The offscreen platform says a lot, of what it has none of, between the lines a person reads.
        env.setdefault("QT_LOGGING_RULES", "*.debug=false;*.info=false;*.warning=false")
        env.pop("DISPLAY", None)
        env.pop("WAYLAND_DISPLAY", None)
        async with _station([*argv, "--residue-check"], env, state) as process:
            if options.journey:
                return await _journey(options, process, state, players, officers, estate)
            return await _headless(options, process, state, players, officers[0], estate)


@asynccontextmanager
async def _station(
    argv: Sequence[str], env: Mapping[str, str], state: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the station; whatever happens, it has ended when the block is left, and Ctrl C ends it.

    What it and the browser engine say of themselves goes to a file: between the lines a person reads it looks broken.
    """
    with (state / SAID).open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            *argv, stdout=asyncio.subprocess.PIPE, stderr=said, env=env, start_new_session=True, limit=LINE_BYTES
        )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _stop, process)
    try:
        yield process
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        await _end(process)


async def _watch(process: asyncio.subprocess.Process, state: Path) -> int:
    """Let the person play; the demo ends with its station."""
    async for event in lines(process.stdout):
        _must_be_able_to_start(event, state)
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
    playing.add_done_callback(lambda played: _stop(process) if _failed(played) else None)
    try:
        async with asyncio.timeout(HEADLESS_WITHIN_S):
            async for event in lines(process.stdout):
                _must_be_able_to_start(event, state)
                seen.take(event)
                for line in progress.take(event, len(seen.launches)):
                    _say(line)
                warm += event.get("event") == "SpareComplete"
                # An officer works for hours: the next screen has long been warm when they leave.
                if len(seen.launches) == len(SYSTEMS) and warm > 1:
                    leave.set()
                    if not progress.leaving:
                        progress.leaving = True
                        _say("Logging off.")
                if event.get("event") == "ResidueChecked" or _failed(playing):
                    break
            else:
                status = await process.wait()
                raise DemoStationEndedError(f"The embedded station ended with status {status}.", detail=_log_end(state))
    except TimeoutError:
        raise DemoTookTooLongError(
            f"The demo had not ended after {HEADLESS_WITHIN_S:.0f} s: {len(seen.launches)} systems were opened.",
            detail=_log_end(state),
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
    journey = hand_over.Journey(told, players, officers, _say, estate.left_signed_on)
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
        _must_be_able_to_start(event, state)
    print()
    print(played.as_table())
    if not played.ok:
        print(f"The end of the station's log:\n{_log_end(state)}")
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


def _must_be_able_to_start(event: Mapping[str, object], state: Path) -> None:
    if event.get("event") == "CannotStart":
        untrusted = event.get("error")
        said = untrusted if isinstance(untrusted, dict) else {}
        raise DemoCannotStartError(
            f"The embedded station does not come up: {said.get('message')} ({said.get('reference')})",
            detail=_log_end(state),
        )


def _say(line: str) -> None:
    print(line, flush=True)


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


def _log_end(state: Path) -> str:
    """Return the end of the station's log, and of what came to its standard error besides."""
    ends: list[str] = []
    for name, how_many in (("station.log", 15), (SAID, 10)):
        with suppress(OSError):
            ends += (state / name).read_text(encoding="utf-8", errors="replace").splitlines()[-how_many:]
    return "\n".join(dict.fromkeys(ends))


def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGINT)  # at once: what the demo's officer has not saved is nobody's


async def _end(process: asyncio.subprocess.Process) -> None:
    _stop(process)
    try:
        async with asyncio.timeout(STOP_WITHIN_S):
            await process.wait()
    except TimeoutError:
        print("The embedded station does not stop and is ended.", file=sys.stderr)
        process.kill()
        await process.wait()
