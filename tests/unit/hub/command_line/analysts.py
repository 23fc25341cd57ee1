"""Who sits where, and a station that answers what it is told."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor

from launcher.wire.hub.commands import Outcome
from launcher.wire.hub.sittings import OpenSystem
from tests.unit.hub.hands import StationHand, person

HOST = "analysts-hub.localhost"  # a service of its own in the realm that all tests share
LETTERS = "BKDMRT"
CAROL = person("4471", name="Carol Moss")
SYSTEMS = (
    OpenSystem(
        system="warrants", name="Warrants", state="failed", since=0, reference="sign-on-refused", words="Lock\x1b[2J ed"
    ),
)


def answering(station: StationHand, outcome: Outcome = "done", **more: object) -> Future[str]:
    """Have the station take the next command and answer it; its kind comes back."""
    stop = threading.Event()

    def serve() -> str:
        for _ in range(400):
            if commands := station.commands():
                command = commands[0].command
                station.take(command.id)
                assert station.answer(command.id, outcome, **more).ok
                return command.kind
            stop.wait(0.02)
        raise AssertionError("no command came")

    pool = ThreadPoolExecutor(1)
    try:
        return pool.submit(serve)
    finally:
        pool.shutdown(wait=False)
