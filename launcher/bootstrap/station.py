"""``start``: runs this computer as a station until it is told to stop."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from dataclasses import fields, is_dataclass

from launcher.bootstrap.where import Where
from launcher.station.environment import EXTRA
from launcher.station.events import StationEvent
from launcher.station.supervisor import Supervisor


def run_station(where: Where, events: bool, residue_check: bool) -> int:
    """Run until SIGTERM or SIGINT; descriptors named in the environment go to the first session, unread."""
    settings = where.settings()
    argv = [sys.executable, "-m", "launcher", "session", "--station", str(where.station), "--state", str(where.state)]
    if residue_check:
        argv.append("--residue-check")
    supervisor = Supervisor(
        argv,
        settings.limits,
        where.state,
        _print_event if events else _nothing,
        extra_fds=tuple(int(number) for number in os.environ.pop(EXTRA, "").split(",") if number),
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


def _nothing(_: StationEvent) -> None:
    """Tell nobody."""


def _print_event(event: StationEvent) -> None:
    line = json.dumps({"event": type(event).__name__, **_plain_fields(event)}, default=_plain)
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _plain_fields(value: object) -> dict[str, object]:
    if not is_dataclass(value):
        return {}
    return {one.name: getattr(value, one.name) for one in fields(value)}


def _plain(value: object) -> object:
    """Return a value of ours as JSON's kinds: records by pydantic, dataclasses by field, errors by reference."""
    dump = getattr(value, "model_dump", None)
    if callable(dump):
        return dump(mode="json")
    return _plain_fields(value) or str(value)
