"""A terminal's link in a test: the real thread, its folder, and a desk that writes down what it is told."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from launcher.hub_client.road import HubRoad
from launcher.signing import SigningKey
from launcher.station.hub.enrolment import ENROLLED, hub_folder
from launcher.station.hub.place import HubFacts
from launcher.station.hub.ports import NoAnswer
from launcher.station.hub.questions import Question
from launcher.station.hub.thread import HubThread
from launcher.wire.hub.commands import Answer, Command
from launcher.wire.hub.sittings import Elsewhere, NoticeLine
from launcher.wire.hub.stations import Enrol, Enrolled, SignedEnrol

if TYPE_CHECKING:
    from launcher.hub.service import Hub

Said = TypeVar("Said")

WITHIN_S = 60.0
FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass
class Place:
    """Where a link finds what it needs: a folder, a key, and addresses."""

    state: Path
    addresses: tuple[str, ...]
    kept_key: SigningKey | None
    enrolled: Enrolled
    sockets: bool = True
    poll_s: float = 0.1

    def facts(self) -> HubFacts | None:
        return HubFacts(self.addresses, None, self.sockets, self.poll_s, "FD-02", "Front desk", "test")

    def key(self, station: str) -> SigningKey | None:
        assert station == self.enrolled.station
        return self.kept_key


@dataclass
class PaperDesk:
    """Writes down what the link says, on the loop; ``answers`` what is said to each command."""

    link: HubThread
    outcome: Callable[[Command], Answer | None] = lambda _: Answer(outcome="done", at=time.time())
    states: list[tuple[bool, bool]] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    told_notices: list[tuple[NoticeLine, ...]] = field(default_factory=list)
    told_barred: list[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)
    told_elsewhere: list[tuple[Elsewhere, ...]] = field(default_factory=list)
    told_letters: list[tuple[str, ...]] = field(default_factory=list)
    roles: int = 0
    times_anew: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def state(self, *, enrolled: bool, reachable: bool) -> None:
        self.states.append((enrolled, reachable))
        self._news.set()

    def enrolled_anew(self) -> None:
        self.times_anew += 1
        self._news.set()

    def carry_out(self, command: Command) -> None:
        self.commands.append(command)
        self._news.set()
        answer = self.outcome(command)
        if answer is not None:
            self.link.answer(command.id, answer)

    def notices(self, notices: tuple[NoticeLine, ...]) -> None:
        self.told_notices.append(notices)
        self._news.set()

    def barred(self, officers: tuple[str, ...], names: tuple[str, ...], forces: tuple[str, ...]) -> None:
        self.told_barred.append((officers, names))
        self._news.set()

    def elsewhere(self, sittings: tuple[Elsewhere, ...]) -> None:
        self.told_elsewhere.append(sittings)
        self._news.set()

    def letters_known(self, letters: tuple[str, ...]) -> None:
        self.told_letters.append(letters)
        self._news.set()

    def roles_changed(self) -> None:
        self.roles += 1
        self._news.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds that the link tells of."""
        async with asyncio.timeout(WITHIN_S):
            while not holds():
                self._news.clear()
                await self._news.wait()

    async def asked(self, question: Question[Said]) -> Said | NoAnswer:
        """Ask something of the hub, and wait for the answer."""
        answered: asyncio.Future[Said | NoAnswer] = asyncio.get_running_loop().create_future()
        self.link.ask(question, answered.set_result)
        return await answered

    async def is_reachable(self) -> None:
        """Wait until the hub is there."""
        await self.until(lambda: bool(self.states) and self.states[-1] == (True, True))


async def enrolled_place(hub: Hub, origin: str, state: Path, **changed: object) -> Place:
    """Enrol a terminal whose folder is ``state``."""
    from launcher.hub.stations import rows  # a process that is to be killed has no hub in it

    now = hub.clock()
    with hub.store.writing() as connection:
        code = rows.make_code(connection, "a test", now, now + 60)
    key, road = SigningKey.made(), HubRoad([origin])
    asked = Enrol(code=code, public_key=key.public, terminal="FD-02", place="Front desk")
    said = SignedEnrol(enrol=asked, signature=key.sign("enrol", asked))
    enrolled = await road.ask("POST", "/stations/enrol", Enrolled, said)
    await road.close()
    hub_folder(state).mkdir(mode=0o700, parents=True)
    (hub_folder(state) / ENROLLED).write_text(enrolled.model_dump_json(), encoding="utf-8")
    return Place(state, (origin,), key, enrolled, **changed)  # type: ignore[arg-type]


@contextlib.asynccontextmanager
async def linked(place: Place) -> AsyncIterator[PaperDesk]:
    """Run a terminal's link for the block."""
    link = HubThread(place, place.state)
    desk = PaperDesk(link)
    link.begin(asyncio.get_running_loop(), desk)
    try:
        yield desk
    finally:
        await asyncio.to_thread(link.close)


async def seen(holds: Callable[[], bool]) -> None:
    """Wait until the hub's store shows something: it tells nobody in a test."""
    async with asyncio.timeout(WITHIN_S):
        while not holds():  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def no_sockets(
    port: int, *, says: bytes = FORBIDDEN, tried: Callable[[], None] = lambda: None
) -> AsyncIterator[int]:
    """Stand before a server and let no WebSocket pass, as some proxies do; return the port.

    ``says``: to whoever tries one; ``tried`` is told of each.
    """

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind_reader, behind = await asyncio.open_connection("127.0.0.1", port)
        back = asyncio.create_task(_pump(behind_reader, writer))
        try:
            while part := await reader.read(65536):  # small requests: the head of one is in one part
                if b"upgrade: websocket" in part.lower():
                    tried()
                    writer.write(says)
                    break
                behind.write(part)
        finally:
            writer.close()
            behind.close()
            await asyncio.wait([back])

    serving: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.create_task(serve(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while part := await reader.read(65536):
            writer.write(part)
    finally:
        writer.close()
