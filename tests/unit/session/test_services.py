"""What the log-on screen says of the servers a log-on needs: over real sockets, by connecting alone."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.policy import station_file
from launcher.policy.settings import Settings
from launcher.session.services import Service, seen, services_of, watch
from launcher.session.snapshot import Health, ServiceView

DIRECTORY = ServiceView("directory")
PROVIDER = ServiceView("federated", "Force account")


def first_seen(*services: Service) -> tuple[ServiceView, ...]:
    """What is said first of the services."""

    async def look() -> tuple[ServiceView, ...]:
        said: asyncio.Queue[tuple[ServiceView, ...]] = asyncio.Queue()
        watching = asyncio.create_task(watch(services, said.put_nowait))
        try:
            async with asyncio.timeout(30):
                return await said.get()
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    return asyncio.run(look())


@pytest.fixture
def answering() -> Iterator[Callable[[], str]]:
    """Servers that take connections, and no more."""
    kept: list[socket.socket] = []

    def make() -> str:
        server = socket.create_server(("127.0.0.1", 0))
        kept.append(server)
        return f"ldaps://127.0.0.1:{server.getsockname()[1]}"

    yield make
    for server in kept:
        server.close()


@pytest.fixture
def closed() -> Iterator[str]:
    """An address at which nothing listens: the port is bound, so that nobody else gets it."""
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    yield f"ldap://127.0.0.1:{server.getsockname()[1]}"
    server.close()


def test_ready_slow_and_offline(answering: Callable[[], str], closed: str) -> None:
    said = first_seen(
        Service(DIRECTORY, (answering(), closed)),
        Service(DIRECTORY, (closed, answering())),
        Service(PROVIDER, (closed,)),
    )
    assert [(view.what, view.health, view.since) for view in said] == [
        ("directory", "ready", 0.0),
        ("directory", "degraded", 0.0),  # each log-on waits for the first to fail
        ("federated", "offline", 0.0),
    ]


def test_nothing_is_watched_where_everything_is_on_this_computer() -> None:
    async def look() -> None:
        await watch((), lambda _: pytest.fail("nothing to say"))

    asyncio.run(look())


@pytest.mark.parametrize(
    ("before", "health", "since"),
    [
        ("unknown", "offline", 0.0),  # since when is not known
        ("ready", "offline", 7.0),
        ("offline", "ready", 7.0),
        ("offline", "offline", 3.0),
    ],
)
def test_since_when_is_said_where_it_was_seen(before: Health, health: Health, since: float) -> None:
    kept = 0.0 if before == "unknown" else 3.0
    assert seen(replace(DIRECTORY, health=before, since=kept), health, 7.0) == ServiceView(
        "directory", health=health, since=since
    )


STATION = """
[station]
terminal = "FD-02"
place = "Front desk"

[sign_in]
methods = ["federated", "directory"]

[directory]
servers = ["ldaps://one.force.example", "ldap://two.force.example"]
base = "dc=force,dc=example"

[federated]
label = "Force account"
client_id = "station"
tenant = "force.example"
"""


def settings(folder: Path) -> Settings:
    station = folder / "station.toml"
    station.write_text(STATION)
    return station_file.load(station)


def test_the_methods_say_what_is_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("https_proxy", raising=False)
    monkeypatch.delenv("HTTPS_PROXY", raising=False)
    provider, directory = services_of(settings(tmp_path))
    assert directory == Service(DIRECTORY, ("ldaps://one.force.example", "ldap://two.force.example"))
    assert provider.view == PROVIDER
    assert provider.servers[0].startswith("https://")


def test_a_provider_behind_a_proxy_is_not_asked_directly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.force.example:3128")
    assert [service.view.what for service in services_of(settings(tmp_path))] == ["directory"]
