"""Builds everything: the only place that knows all parts and which of them is used.

Each command's libraries are loaded when it runs. A session is the reason: its sign-in screen must be painted before
the clients of directory and provider are loaded.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from launcher.errors import SettingsError

if TYPE_CHECKING:
    from launcher.policy.settings import Settings
    from launcher.station.events import StationEvent

APPLICATION = "station-launcher"


@dataclass(frozen=True, slots=True)
class Where:
    """The station file and the state folder of this run."""

    station: Path
    state: Path

    @classmethod
    def of(cls, station: Path | None, state: Path | None) -> Where:
        """Return what was named on the command line, else the machine's, else the user's own."""
        machine = Path("/etc") / APPLICATION / "station.toml"
        own = Path(platformdirs.user_config_dir(APPLICATION)) / "station.toml"
        found = station or (machine if machine.exists() else own)
        return cls(found.absolute(), (state or Path(platformdirs.user_state_dir(APPLICATION))).absolute())

    @property
    def spool(self) -> Path:
        """Where the timings are kept."""
        return self.state / "timings.db"

    def settings(self) -> Settings:
        """Read the station file. Raises :class:`SettingsError`."""
        from launcher.policy.station_file import load

        if not self.station.exists():
            raise SettingsError(
                f"There is no station file at {self.station}.",
                hint="Write one (the help page station-file says how), or try: station-launcher demo",
            )
        return load(self.station)


# --- the station


def run_station(where: Where, events: bool, residue_check: bool) -> int:
    """Run this computer as a station until it is told to stop (SIGTERM, SIGINT)."""
    from launcher.station.environment import EXTRA
    from launcher.station.supervisor import Supervisor

    settings = where.settings()
    argv = [sys.executable, "-m", "launcher", "session", "--station", str(where.station), "--state", str(where.state)]
    if residue_check:
        argv.append("--residue-check")
    hands = tuple(int(number) for number in os.environ.pop(EXTRA, "").split(",") if number)
    supervisor = Supervisor(
        argv,
        settings.limits,
        where.state,
        _print_event if events else lambda _: None,
        extra_fds=hands,
        pass_env=("DBUS_SESSION_BUS_ADDRESS",) if settings.credentials.keep == "os" else (),
    )

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        stopping: set[asyncio.Task[None]] = set()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, lambda: stopping.add(loop.create_task(supervisor.stop())))
        await supervisor.run()

    asyncio.run(serve())
    return 0


def _print_event(event: StationEvent) -> None:
    content = asdict(event) if is_dataclass(event) else {}
    line = json.dumps({"event": type(event).__name__, **content}, default=_plain)
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _plain(value: object) -> object:
    dump = getattr(value, "model_dump", None)
    if callable(dump):
        return dump(mode="json")
    return str(value)


# --- one session


def run_session(where: Where, residue_check: bool) -> int:
    """Run one officer's session: its screen on this thread, everything else on the engine's."""
    from launcher.shell.surfaces.environment import UNWANTED, browser_environment
    from launcher.station.environment import EXTRA, LINK

    for name in UNWANTED:
        os.environ.pop(name, None)
    os.environ.update(browser_environment(root=os.geteuid() == 0, gpu=has_gpu()))
    descriptor = int(os.environ.pop(LINK))
    hands = [int(number) for number in os.environ.pop(EXTRA, "").split(",") if number]

    from launcher.session.first import first_snapshot
    from launcher.shell.application import Shell
    from launcher.shell.hands import Hands

    settings = where.settings()
    shell = Shell(settings.station, first_snapshot(settings))

    async def engine() -> None:
        await _serve_session(shell, where, settings, descriptor, residue_check)

    return shell.run(engine, Hands(hands[0]) if hands else None)


async def _serve_session(shell: Shell, where: Where, settings: Settings, descriptor: int, residue_check: bool) -> None:
    """Answer the station at once, show the screen when it says so, and only then load what signing in needs."""
    from launcher.session.link import StationLink
    from launcher.wire.messages import Beat, Show, Warm

    link = await StationLink.on(descriptor)
    inbox: Inbox = asyncio.Queue()
    link.tell(Warm(pid=os.getpid()))

    def take(message: ToSession) -> None:
        if isinstance(message, Show):
            shell.bridge.draw(shown(shell.first, message))
        inbox.put_nowait(message)

    async def beat() -> None:
        while True:
            link.tell(Beat(screen_age_ms=shell.bridge.screen_age_ms()))
            await asyncio.sleep(settings.limits.heartbeat_s)

    async def commands() -> None:
        while True:
            inbox.put_nowait(await shell.bridge.next_command())

    pumps = [asyncio.create_task(pump) for pump in (link.receive(take), beat(), commands())]
    await shell.settled()
    from launcher.parts import session_parts

    parts = await asyncio.to_thread(session_parts, where, settings, shell, link, residue_check)
    await Session(parts).run(inbox)
    for pump in pumps:
        pump.cancel()
    await link.close()


def has_gpu() -> bool:
    """Say whether there is a graphics device to draw with."""
    return any(Path("/dev/dri").glob("renderD*")) and os.environ.get("QT_QPA_PLATFORM") != "offscreen"
