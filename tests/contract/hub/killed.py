"""A terminal in a process of its own that ends itself, as a power cut would, at one step of a command.

Arguments: the state folder, the hub's address, the file each carrying out is noted in, and the step ("" for none).
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from launcher.signing import SigningKey
from launcher.station.hub.enrolment import read_enrolled
from launcher.station.hub.journal import Journal
from launcher.station.hub.ports import Happening
from launcher.wire.hub.commands import Answer, Command
from launcher.wire.hub.sittings import Began, Person
from tests.contract.hub.terminal import PaperDesk, Place, linked

STEPS = (
    "before take", "after take", "before begin", "after begin", "after carrying out", "after answer",
    "after delivered",
)  # fmt: skip


def main(state: Path, origin: str, done: Path, step: str) -> None:
    """Run until the command was answered, or until the step."""
    when, _, method = step.partition(" ")
    if method not in {"", "carrying out"}:
        _die_at(method, before=when == "before")
    enrolled = read_enrolled(state)
    assert enrolled is not None
    key = SigningKey.kept((state / "key").read_text(encoding="ascii"))
    place = Place(state, (origin,), key, enrolled)

    def carried_out(command: Command) -> Answer:
        with done.open("a", encoding="ascii") as file:
            file.write(f"{command.id}\n")
            file.flush()
            os.fsync(file.fileno())
        if method == "carrying out":
            _die()
        return Answer(outcome="done", at=time.time())

    async def play() -> None:
        async with linked(place) as desk:
            desk.outcome = carried_out
            person = Person(officer="ldap:x#1", number="1", name="A")
            desk.link.happened(Happening(Began(at=1.0, person=person), sitting=f"s-{os.getpid()}", officer="ldap:x#1"))
            await desk.is_reachable()
            await _for_good(desk)

    asyncio.run(play())


async def _for_good(desk: PaperDesk) -> None:
    await desk.until(lambda: False)


def _die_at(method: str, *, before: bool) -> None:
    names = {"take": "take", "begin": "begin", "answer": "answer", "delivered": "delivered"}
    real: Callable[..., None] = getattr(Journal, names[method])

    def dying(self: Journal, *given: object) -> None:
        if not before:
            real(self, *given)
        _die()

    setattr(Journal, names[method], dying)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), sys.argv[4])
