"""Thousands of stations' sockets in one process: each proves itself to a hub, or speaks to a bare server."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import random
import time
from dataclasses import dataclass

import aiohttp

from launcher.hub.service import Hub
from launcher.hub.stations.tables import stations as rows
from launcher.hub_client.jitter import wait_s
from launcher.hub_client.road import ANSWER_S
from launcher.signing import SigningKey
from launcher.wire.hub.stations import Hello, Proof, Proved, Welcome

TOGETHER = 400
"""Being made at a time: more than the listening queue holds would wait for the kernel's own second. A station's time
runs from there on: this one process is ten thousand computers, and must not be what they wait for."""
SOCKET = "/v1/stations/socket"
_IN_STEP = 5
"""Stations whose signs of life come at the same moment: nobody sets ten thousand clocks."""


@dataclass
class Station:
    """One station's key, and what it has of the hub."""

    name: str
    key: SigningKey
    link: str = ""
    token: str = ""
    socket: aiohttp.ClientWebSocketResponse | None = None
    welcome: bool = False
    """Whether it was let in: from then on it says that it lives."""
    again: int = 0
    """How often it had to call again."""

    async def hear(self) -> dict[str, object]:
        """Return the next word."""
        assert self.socket is not None
        message = await self.socket.receive()
        assert message.type is aiohttp.WSMsgType.TEXT, message
        said: dict[str, object] = json.loads(message.data)
        return said


def enrolled(hub: Hub, many: int) -> list[Station]:
    """Write stations into the hub's store as if each had been enrolled."""
    made = [Station(f"st-bench-{number:05}", SigningKey.made()) for number in range(many)]
    now = hub.clock()
    with hub.store.writing() as connection:
        connection.execute(
            rows.insert(),
            [
                {"station": one.name, "public_key": one.key.public, "terminal": f"T-{number}", "place": "Bench",
                 "version": "", "enrolled": now, "heard": now}
                for number, one in enumerate(made)
            ],
        )  # fmt: skip
    return made


async def called(session: aiohttp.ClientSession, origin: str, many: list[Station], *, proved: bool) -> float:
    """Let all call at once; return the seconds until the last one was let in."""
    gate = asyncio.Semaphore(TOGETHER)

    async def call(station: Station) -> None:
        for tries in itertools.count():
            asked_s = 0.0
            async with gate:
                try:
                    station.socket = await session.ws_connect(f"{origin}{SOCKET}", max_msg_size=65536)
                    if not proved:
                        await station.socket.send_str("here")
                        await station.socket.receive()
                        return
                    if await _prove(station):
                        return
                    await station.socket.close()
                except aiohttp.WSServerHandshakeError as turned_away:
                    asked_s = _asked_s(turned_away)
                station.again += 1
            await asyncio.sleep(wait_s(tries, random.random(), at_least_s=asked_s))  # noqa: S311 - a wait

    began = time.perf_counter()
    await asyncio.gather(*map(call, many))
    return time.perf_counter() - began


async def came_back(session: aiohttp.ClientSession, origin: str, many: list[Station]) -> float:
    """Let all come back each in its own time, as links that have lost their hub; return the seconds it took."""
    gate = asyncio.Semaphore(TOGETHER)
    began = time.perf_counter()
    await asyncio.gather(*(_come_back(session, origin, station, gate) for station in many))
    return time.perf_counter() - began


async def _come_back(session: aiohttp.ClientSession, origin: str, station: Station, gate: asyncio.Semaphore) -> None:
    await _let_go(station)
    asked_s = 0.0
    for tries in itertools.count():
        await asyncio.sleep(wait_s(tries, random.random(), at_least_s=asked_s))  # noqa: S311 - a wait
        asked_s = 0.0
        try:
            async with gate, asyncio.timeout(ANSWER_S):
                station.socket = await session.ws_connect(f"{origin}{SOCKET}", max_msg_size=65536)
                if await _prove(station):
                    return
        except (aiohttp.ClientError, OSError, TimeoutError) as away:
            asked_s = _asked_s(away)
        await _let_go(station)
        station.again += 1


def _asked_s(away: Exception) -> float:
    """Return when the hub has asked one that it turned away to come again."""
    if not isinstance(away, aiohttp.WSServerHandshakeError) or away.headers is None:
        return 0.0
    return float(away.headers.get("Retry-After", 0))


async def _let_go(station: Station) -> None:
    socket, station.socket, station.welcome = station.socket, None, False
    if socket is not None:
        await socket.close()


async def _prove(station: Station) -> bool:
    """Prove the station as the link does; False where the hub refuses or hangs up, as when it is too busy."""
    assert station.socket is not None
    heard = await station.socket.receive()
    if heard.type is not aiohttp.WSMsgType.TEXT:
        return False
    hello = Hello.model_validate_json(heard.data)
    proof = Proof(
        station=station.name, hub=hello.challenge.hub, nonce=hello.challenge.nonce, boot="bench", link=station.link
    )
    said = Proved(proof=proof, signature=station.key.sign("challenge", proof))
    await station.socket.send_str(said.model_dump_json())
    heard = await station.socket.receive()
    if heard.type is not aiohttp.WSMsgType.TEXT or json.loads(heard.data)["kind"] != "welcome":
        return False
    known = Welcome.model_validate_json(heard.data).known
    station.link, station.token, station.welcome = known.link, known.token, True
    return True


async def kept_alive(many: list[Station], each_s: float) -> None:
    """Say for each station that it lives, spread over the time between two signs of life; until cancelled.

    Whoever is due is caught up with: this process may be busy, and none of the terminals it stands for is.
    """
    said = '{"kind": "beat"}'
    clock = asyncio.get_running_loop().time
    began, done = clock(), 0
    while True:
        due = int((clock() - began) / each_s * len(many))
        for nth in range(done, due):
            station = many[nth % len(many)]
            if station.welcome and station.socket is not None and not station.socket.closed:
                with contextlib.suppress(aiohttp.ClientConnectionError):
                    await station.socket.send_str(said)
        done = due
        await asyncio.sleep(each_s * _IN_STEP / len(many))


async def hung_up(many: list[Station]) -> None:
    """Close all sockets, as many at a time as are made."""
    gate = asyncio.Semaphore(TOGETHER)

    async def hang_up(station: Station) -> None:
        async with gate:
            await _let_go(station)

    await asyncio.gather(*map(hang_up, many))
