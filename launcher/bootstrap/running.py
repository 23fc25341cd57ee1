"""A station that runs: the supervisor on its loop, and what it tells as lines of JSON."""

from __future__ import annotations

import asyncio
import gc
import json
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from launcher.bootstrap.hub_link import hub_link
from launcher.bootstrap.where import Where
from launcher.errors import LauncherError
from launcher.station.ahead import Ahead
from launcher.station.events import StationEvent
from launcher.station.limits import Limits
from launcher.station.supervisor import Supervisor

if TYPE_CHECKING:
    from launcher.station.slot_keeping import SlotAccounts
    from launcher.station.slots import Slot


SAME_S: Final = 1.0
"""What tells a whole group of processes to end tells the station twice: its guard hands on what it is told itself."""


def run(
    argv: Sequence[str],
    limits: Limits,
    where: Where,
    ahead: Ahead,
    pass_env: Sequence[str],
    *,
    events: bool,
    leave_out: Sequence[Path],
    slots: Sequence[Slot] = (),
) -> int:
    """Run until SIGTERM or SIGINT, with the session that was started ahead as the first one."""
    # What a start makes stays: it need not be looked through for garbage ever again.
    gc.freeze()
    gc.enable()

    async def serve() -> None:
        supervisor = Supervisor(
            argv,
            limits,
            where.state,
            _print_event if events else _nothing,
            pass_env=pass_env,
            ahead=ahead,
            alone=True,
            leave_out=leave_out,
            slots=_accounts(where, slots),
            hub=hub_link(where),
        )
        stop_when_told(lambda in_time: supervisor.stop(in_time=in_time))
        await supervisor.run()

    asyncio.run(serve())
    return 0


def stop_when_told(stop: Callable[[bool], Coroutine[None, None, None]]) -> None:
    """Stop at each SIGTERM and SIGINT; ``stop`` is told whether there is time.

    A service that stops gives time; to be told once more after that, or by somebody's Ctrl C, ends at once.
    """
    loop = asyncio.get_running_loop()
    stopping: set[asyncio.Task[None]] = set()
    first_at: list[float] = []

    def told(number: signal.Signals) -> None:
        if number == signal.SIGTERM and first_at and loop.time() - first_at[0] < SAME_S:
            return
        in_time = number == signal.SIGTERM and not first_at
        first_at.append(loop.time())
        stopping.add(loop.create_task(stop(in_time)))

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told, number)


def _accounts(where: Where, slots: Sequence[Slot]) -> SlotAccounts | None:
    if not slots:
        return None
    from launcher.bootstrap.slots import slot_accounts  # late: a demo has none

    return slot_accounts(where, slots)


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
    if isinstance(value, LauncherError):
        return {"reference": value.reference, "message": value.message}
    dump = getattr(value, "model_dump", None)
    if callable(dump):
        return dump(mode="json")
    return _plain_fields(value) or str(value)
