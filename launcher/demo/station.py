"""A station of the demo: the product's own command as a process, its sessions played or shown."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from launcher.demo.players import Players
from launcher.demo.told import LINE_BYTES
from launcher.errors import LauncherError

STOP_WITHIN_S = 20.0
SAID = "station.stderr"
_ENDS = (signal.SIGINT, signal.SIGTERM)


class DemoCannotStartError(LauncherError):
    """The embedded station's sessions end before anybody can log on; ``detail`` is the end of its log."""

    reference = "demo-cannot-start"
    hint = "Run station-launcher doctor; its findings say what this computer lacks."


def station_argv(start: Sequence[str], station: Path, state: Path) -> list[str]:
    """Return the command of a station that tells what happens."""
    return [*start, "--station", str(station), "--state", str(state), "--events"]


def played_environment(players: Players) -> dict[str, str]:
    """Return the environment of a station without a screen whose officers are played."""
    env = {**os.environ, **players.variables}
    env["QT_QPA_PLATFORM"] = "offscreen"
    # The offscreen platform says a lot, of what it has none of, between the lines a person reads.
    env.setdefault("QT_LOGGING_RULES", "*.debug=false;*.info=false;*.warning=false")
    env.pop("DISPLAY", None)
    env.pop("WAYLAND_DISPLAY", None)
    return env


@asynccontextmanager
async def running_station(
    argv: Sequence[str], env: Mapping[str, str], state: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the station; whatever happens, it has ended when the block is left, and Ctrl C ends it.

    What it and the browser engine say of themselves goes to a file: between the lines a person reads it looks broken.
    """
    with (state / SAID).open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            *argv, stdout=asyncio.subprocess.PIPE, stderr=said, env=env, start_new_session=True, limit=LINE_BYTES
        )
    _running.append(process)
    _hear_signals()
    try:
        yield process
    finally:
        _running.remove(process)
        _hear_signals()
        await _end(process)


_running: list[asyncio.subprocess.Process] = []


def _hear_signals() -> None:
    """Let SIGINT and SIGTERM end all stations that run; with none they do what they did before."""
    loop = asyncio.get_running_loop()
    for number in _ENDS:
        if _running:
            loop.add_signal_handler(number, _stop_all)
        else:
            loop.remove_signal_handler(number)


def _stop_all() -> None:
    for process in _running:
        stop(process)


def stop(process: asyncio.subprocess.Process) -> None:
    """Tell a station to end at once: what the demo's officer has not saved is nobody's."""
    if process.returncode is None:
        process.send_signal(signal.SIGINT)


def must_be_able_to_start(event: Mapping[str, object], state: Path) -> None:
    """Raise :class:`DemoCannotStartError` where the event says that nobody can log on."""
    if event.get("event") == "CannotStart":
        untrusted = event.get("error")
        said = untrusted if isinstance(untrusted, dict) else {}
        raise DemoCannotStartError(
            f"The embedded station does not come up: {said.get('message')} ({said.get('reference')})",
            detail=log_end(state),
        )


def log_end(state: Path) -> str:
    """Return the end of the station's log, and of what came to its standard error besides."""
    ends: list[str] = []
    for name, how_many in (("station.log", 15), (SAID, 10)):
        with suppress(OSError):
            ends += (state / name).read_text(encoding="utf-8", errors="replace").splitlines()[-how_many:]
    return "\n".join(dict.fromkeys(ends))


async def _end(process: asyncio.subprocess.Process) -> None:
    stop(process)
    try:
        async with asyncio.timeout(STOP_WITHIN_S):
            await process.wait()
    except TimeoutError:
        print("The embedded station does not stop and is ended.", file=sys.stderr)  # noqa: T201 - of a command
        process.kill()
        await process.wait()
