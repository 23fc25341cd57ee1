"""What a hub counts of itself, for Prometheus. Labels are kinds, outcomes and the addresses' templates: never a name.

Each process counts for itself. Where there are several, they count into files of a folder that their parent has made
(prometheus_client's multi-process mode), and whichever is asked tells the sums of all.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from launcher.hub.commands.tables import commands
from launcher.hub.stations.reach import reachable_clause
from launcher.hub.stations.tables import stations

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from launcher.hub.service import Hub

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable that names the folder of several processes."""
TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0)


class Metrics:
    """What one process counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "station_launcher_hub_requests", "Requests that were answered.", ("method", "address", "status"),
            registry=self.registry,
        )  # fmt: skip
        self._request_seconds = Histogram(
            "station_launcher_hub_request_seconds", "How long they took; those that wait, too.", ("address",),
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self._store_seconds = Histogram(
            "station_launcher_hub_store_seconds", "How long transactions took.", ("what",),
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self.sockets = Gauge(
            "station_launcher_hub_sockets", "Stations' sockets.", registry=self.registry, multiprocess_mode="livesum"
        )
        self.turned_away = Counter(
            "station_launcher_hub_turned_away", "Stations that were told to call again later.", registry=self.registry
        )
        self._wakes = Counter(
            "station_launcher_hub_wakes", "Wakes by what was woken.", ("kind",), registry=self.registry
        )
        self._commands = Counter(
            "station_launcher_hub_commands", "Commands by kind and what came of them.", ("kind", "outcome"),
            registry=self.registry,
        )  # fmt: skip
        self._let_go = Counter(
            "station_launcher_hub_happenings_let_go", "What stations told beyond a terminal's bounds, by kind.",
            ("kind",), registry=self.registry,
        )  # fmt: skip

    def store_took(self, what: str, seconds: float) -> None:
        """Count a transaction."""
        self._store_seconds.labels(what).observe(seconds)

    def woke(self, topic: str) -> None:
        """Count a wake, by the kind of its topic."""
        self._wakes.labels(topic.partition(":")[0]).inc()

    def command(self, kind: str, outcome: str) -> None:
        """Count a command that was made (``made``) or answered."""
        self._commands.labels(kind, outcome).inc()

    def let_go(self, kinds: Iterable[str]) -> None:
        """Count things that stations told and that are not kept."""
        for kind in kinds:
            self._let_go.labels(kind).inc()

    def answered(self, method: str, address: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method, address, str(status)).inc()
        self._request_seconds.labels(address).observe(seconds)

    def told(self, hub: Hub) -> bytes:
        """Return all figures in Prometheus' text. Raises :class:`StoreAwayError`."""
        if not os.environ.get(FOLDER):
            return generate_latest(self.registry) + generate_latest(_only(_OfStore(hub)))
        asked = CollectorRegistry()
        MultiProcessCollector(asked)  # type: ignore[no-untyped-call]
        return generate_latest(asked) + generate_latest(_only(_OfStore(hub)))


class Counted:
    """Counts the requests that pass to an application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            address = getattr(scope.get("route"), "path", "none")
            hub: Hub = scope["app"].state.hub
            method = scope["method"] if scope["method"] in _METHODS else "other"
            hub.metrics.answered(method, address, status, time.perf_counter() - began)


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})


def forget_process(pid: int, folder: str) -> None:
    """Let go of what a process that has ended counted as being so now."""
    mark_process_dead(pid, folder)  # type: ignore[no-untyped-call]


class _OfStore(Collector):
    """What the store knows, the same in all processes."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def collect(self) -> Iterable[Metric]:
        hub = self._hub
        with hub.store.reading() as connection:
            many = dict(_counted(connection.execute(select(
                func.count(), func.count(stations.c.quarantined),
            ).select_from(stations)).one()))  # fmt: skip
            many["reachable"] = connection.execute(
                select(func.count()).select_from(stations).where(reachable_clause(hub))
            ).scalar_one()
            # One that waits for its officer, as a message does to be read, was answered by its terminal.
            unanswered = commands.c.answer.is_(None) & (commands.c.expires > hub.clock())
            open_now = connection.execute(select(func.count()).select_from(commands).where(unanswered)).scalar_one()
            there = select(func.min(commands.c.made)).join(stations, stations.c.station == commands.c.station)
            made = connection.execute(there.where(unanswered, reachable_clause(hub))).scalar_one()
        family = GaugeMetricFamily("station_launcher_hub_stations", "Stations by state.", labels=("state",))
        for state, number in many.items():
            family.add_metric((state,), number)
        yield family
        yield GaugeMetricFamily("station_launcher_hub_commands_open", "Commands without an answer.", value=open_now)
        oldest = 0.0 if made is None else max(0.0, hub.clock() - made)
        yield GaugeMetricFamily(
            "station_launcher_hub_command_oldest_seconds", "Age of the oldest at a terminal that can be reached.",
            value=oldest,
        )  # fmt: skip


def _counted(row: Iterable[int]) -> Iterator[tuple[str, int]]:
    return iter(zip(("enrolled", "quarantined"), row, strict=True))


def _only(collector: Collector) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(collector)
    return registry
