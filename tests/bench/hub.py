"""The hub on one core: what a connected station costs it, all calling again, and a reset on its way to a terminal."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import resource
import secrets
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp

from launcher.bootstrap.hub_place import HubPlace
from launcher.hub.officers import rows as officers
from launcher.hub.officers.sessions import Session, begin
from launcher.hub.settings import HelpdeskSettings
from launcher.wire.hub.commands import Acknowledged, Commands
from launcher.wire.hub.helpdesk import Act, OpenCase
from launcher.wire.hub.sittings import Person, Report, Sitting
from tests.bench.figures import Budget, Figure, report
from tests.bench.held import _memory
from tests.bench.many_stations import Station, called, came_back, enrolled, hung_up, kept_alive
from tests.servers import postgresql
from tests.servers.hub import HubProcess
from tests.servers.process import LOOPBACK, ServerProcess, accepts, server_folder
from tests.servers.server import running

STATIONS = int(os.environ.get("BENCH_STATIONS", "10000"))
RESETS = 200
BEAT_S = 20.0
_SPARE_FILES = 500
_ANALYST = Person(officer="bench#analyst", number="1", name="An analyst", groups=("helpdesk",))


def measure() -> dict[str, object]:
    """Connect as many stations as this machine lets, to the hub and to a bare server, one after the other."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most[1], most[1]))
    many = min(STATIONS, most[1] - _SPARE_FILES)
    with _store() as (store, database), _hub(database) as hub:
        ours = asyncio.run(_measured(hub, _stations(hub, many), _analyst(hub)))
    with _bare() as (origin, pid):
        bare = asyncio.run(_measured_bare(origin, pid, many))
    return report(_figures(ours, bare, many), stations=many, store=store, ours=ours, bare=bare)


def _figures(ours: dict[str, float], bare: dict[str, float], many: int) -> list[Figure]:
    alone = "a bare Starlette WebSocket echo under uvicorn with as many sockets"
    return [
        Figure("memory for a connected station", ours["kib"], "KiB", bare["kib"], alone, Budget(40.0), n=many),
        Figure("all call, 400 at a time, and are proved", ours["storm_s"], "s", bare["storm_s"], alone, n=many),
        Figure("they call again, 400 at a time", ours["again_s"], "s", bare["again_s"], alone, n=many),
        Figure("killed and started again: all are back, each in its own time", ours["back_s"], "s", n=many),
        Figure("stations proved in a second", round(many / ours["again_s"], 1), "/s", n=many),
        Figure("the hub's processor time for a proof", ours["proof_ms"], "ms", n=many),
        Figure("the hub's processor time for a reset, report to answer", ours["reset_ms"], "ms", n=RESETS),
        Figure("a reset, asked for → at the terminal, p50", ours["p50_ms"], "ms", bare["p50_ms"], alone, n=RESETS),
        Figure(
            "a reset, asked for → at the terminal, p99", ours["p99_ms"], "ms", bare["p99_ms"], alone, Budget(50.0),
            n=RESETS,
        ),
        Figure("a reset, asked for → noted there, p50", ours["noted_p50_ms"], "ms", n=RESETS),
        Figure("a reset, asked for → noted there, p99", ours["noted_p99_ms"], "ms", n=RESETS),
    ]  # fmt: skip


# --- the hub


async def _measured(hub: HubProcess, many: list[Station], analyst: str) -> dict[str, float]:
    origin = hub.origin
    async with _session() as session:
        before = _memory((hub.pid,))
        worked = _worked_ms(hub.pid)
        beating = asyncio.create_task(kept_alive(many, BEAT_S))  # the first must not be taken for gone before the last
        storm_s = await called(session, origin, many, proved=True)
        proof_ms = (_worked_ms(hub.pid) - worked) / len(many)
        await asyncio.sleep(2.0)  # what the storm has left to do
        kib = (_memory((hub.pid,)) - before) / len(many)
        gc.collect()
        gc.freeze()  # what this process looks through for garbage meanwhile, no terminal does
        worked = _worked_ms(hub.pid)
        delivered, noted = await _resets(session, f"{origin}/v1", many, analyst)
        reset_ms = (_worked_ms(hub.pid) - worked) / RESETS
        await hung_up(many)
        again_s = await called(session, origin, many, proved=True)
        called_again = sum(one.again for one in many)
        back_s = await _killed(session, hub, many, _analyst(hub))  # the first token may be over
        beating.cancel()
        await hung_up(many)
    return _numbers(kib, storm_s, again_s, delivered) | {
        "called_again": called_again, "proof_ms": round(proof_ms, 1), "reset_ms": round(reset_ms, 1),
        "noted_p50_ms": _share(noted, 0.5), "noted_p99_ms": _share(noted, 0.99), "back_s": round(back_s, 2),
        "called_again_after_kill": sum(one.again for one in many) - called_again,
    }  # fmt: skip


async def _killed(session: aiohttp.ClientSession, hub: HubProcess, many: list[Station], analyst: str) -> float:
    """Kill the hub while commands wait, start it and let all come back.

    None that was acknowledged is handed out again, and each that was not is, once, unless its time is over by then.
    """
    api, taken, step = f"{hub.origin}/v1", _targets(many), max(1, len(many) // RESETS)
    waiting = [one for one in many[1::step] if one not in taken][:RESETS]
    case, began = await _case(session, api, analyst), time.monotonic()
    for station in waiting:
        await _report(session, api, station)
        await _say(session, "POST", f"{api}/helpdesk/acts", analyst, _log_off(case, station).model_dump_json())
    await asyncio.to_thread(hub.kill9)
    await asyncio.to_thread(hub.start)
    back_s = await came_back(session, hub.origin, many)
    holds = time.monotonic() - began < HelpdeskSettings().command_s
    for stations, expected in ((taken, 0), (waiting, int(holds))):
        for station in stations:
            found = await _say(session, "GET", f"{api}/stations/commands?since=0", station.token)
            assert len(Commands.model_validate(found).commands) == expected, (station.name, found)
    return back_s


async def _resets(
    session: aiohttp.ClientSession, api: str, many: list[Station], analyst: str
) -> tuple[list[float], list[float]]:
    """Log officers off, one after the other; milliseconds until the command is at the station, and is noted there."""
    targets = _targets(many)
    for station in targets:
        await _report(session, api, station)
    case = await _case(session, api, analyst)
    delivered, noted = [], []
    for station in targets:
        act = _log_off(case, station)
        began = time.perf_counter()
        acting = asyncio.create_task(_say(session, "POST", f"{api}/helpdesk/acts", analyst, act.model_dump_json()))
        while not (await station.hear()).get("news", {}).get("command"):  # type: ignore[attr-defined]
            pass
        found = await _say(session, "GET", f"{api}/stations/commands?since=0", station.token)
        delivered.append((time.perf_counter() - began) * 1000)
        command = Commands.model_validate(found).commands[0].command.id
        said = Acknowledged(boot="bench", at=time.time()).model_dump_json()
        await _say(session, "POST", f"{api}/stations/commands/{command}/acknowledged", station.token, said)
        noted.append((time.perf_counter() - began) * 1000)
        await acting
    return delivered, noted


def _targets(many: list[Station]) -> list[Station]:
    return many[:: max(1, len(many) // RESETS)][:RESETS]


async def _case(session: aiohttp.ClientSession, api: str, analyst: str) -> str:
    asked = OpenCase(reason="a benchmark", key=secrets.token_hex(8))
    return str((await _say(session, "POST", f"{api}/helpdesk/cases", analyst, asked.model_dump_json()))["case"])


def _log_off(case: str, station: Station) -> Act:
    return Act(
        key=secrets.token_hex(8), case=case, kind="log-off", officer=f"bench#{station.name}",
        sitting=f"s-{station.name}", reason="a benchmark",
    )  # fmt: skip


async def _report(session: aiohttp.ClientSession, api: str, station: Station) -> None:
    now = time.time()
    person = Person(officer=f"bench#{station.name}", number=station.name[-5:], name="An officer")
    sitting = Sitting(sitting=f"s-{station.name}", person=person, since=now, state="signed-in", state_since=now)
    said = Report(boot="bench", number=1, at=now, sittings=(sitting,)).model_dump_json()
    await _say(session, "PUT", f"{api}/stations/report", station.token, said)


async def _say(session: aiohttp.ClientSession, method: str, url: str, token: str, said: str = "") -> dict[str, object]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    async with session.request(method, url, data=said or None, headers=headers) as response:
        body = await response.read()
        assert response.status < 300, (response.status, body[:500])
        return dict(await response.json()) if body else {}


@contextlib.contextmanager
def _store() -> Iterator[tuple[str, str]]:
    """The store of a large force where it is installed, else SQLite: which one, and its address."""
    if postgresql.missing():
        yield "SQLite", ""
        return
    with postgresql.running_postgresql() as server:
        yield "PostgreSQL", server.create("bench")


@contextlib.contextmanager
def _hub(database: str) -> Iterator[HubProcess]:
    def made(folder: Path) -> HubProcess:
        hub = HubProcess(folder, database=database, more='\n[roles]\nhelpdesk = ["helpdesk"]\n')
        text = hub.file.read_text(encoding="utf-8")
        hub.file.write_text(text.replace("beat_s = 5.0", f"beat_s = {BEAT_S}"), encoding="utf-8")
        return hub

    with running("hub", made) as hub:
        yield hub


def _stations(hub: HubProcess, many: int) -> list[Station]:
    place = HubPlace(hub.file, hub.state)
    store = place.store()
    made = enrolled(place.hub(store), many)
    store.close()
    return made


def _analyst(hub: HubProcess) -> str:
    """Return the token of an analyst, as if they had been proved."""
    place = HubPlace(hub.file, hub.state)
    store = place.store()
    served = place.hub(store)
    session = Session(_ANALYST.officer, "1", _ANALYST.name, "", "openid", proved=_ANALYST.groups)
    with store.writing() as connection:
        officers.note(connection, _ANALYST, "openid", served.clock())
        token = begin(connection, served, session)
    store.close()
    return token


# --- what it is held against


async def _measured_bare(origin: str, pid: int, count: int) -> dict[str, float]:
    from launcher.signing import SigningKey

    key = SigningKey.made()
    many = [Station(f"bare-{number}", key) for number in range(count)]
    async with _session() as session:
        before = _memory((pid,))
        storm_s = await called(session, origin, many, proved=False)
        await asyncio.sleep(2.0)
        kib = (_memory((pid,)) - before) / count
        echoed = []
        for station in many[:: max(1, count // RESETS)][:RESETS]:
            assert station.socket is not None
            began = time.perf_counter()
            await station.socket.send_str("reset")
            await station.socket.receive()
            echoed.append((time.perf_counter() - began) * 1000)
        await hung_up(many)
        again_s = await called(session, origin, many, proved=False)
        await hung_up(many)
    return _numbers(kib, storm_s, again_s, echoed)


@contextlib.contextmanager
def _bare() -> Iterator[tuple[str, int]]:
    import socket

    with socket.create_server((LOOPBACK, 0), backlog=4096) as listening, server_folder("bare") as folder:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        port = int(listening.getsockname()[1])
        descriptor = listening.fileno()
        os.set_inheritable(descriptor, True)
        argv = [sys.executable, "-m", "tests.bench.bare_sockets", str(descriptor)]
        environment = {"PYTHONPATH": str(Path(__file__).parents[2])}
        process = ServerProcess(
            "bare", argv, folder=folder, ready=lambda: accepts(port), env=environment, pass_fds=(descriptor,)
        )
        process.start()
        try:
            yield f"http://{LOOPBACK}:{port}", process.pid
        finally:
            process.stop()


@contextlib.asynccontextmanager
async def _session() -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=240)) as session:
        yield session


def _numbers(kib: float, storm_s: float, again_s: float, waited_ms: list[float]) -> dict[str, float]:
    return {
        "kib": round(kib, 1), "storm_s": round(storm_s, 2), "again_s": round(again_s, 2),
        "p50_ms": _share(waited_ms, 0.5), "p99_ms": _share(waited_ms, 0.99),
    }  # fmt: skip


def _worked_ms(pid: int) -> float:
    """Return the processor time of a process, in the kernel's ticks."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _share(values: list[float], share: float) -> float:
    return round(sorted(values)[min(len(values) - 1, int(len(values) * share))], 2)
