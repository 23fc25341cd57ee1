"""A relay for a test, and none left after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from launcher.relay.proof import BasicProof, UpstreamProof
from launcher.relay.relay import Relay
from launcher.relay.road import Road, leave_road, take_road
from launcher.relay.ways import Rules, proxy_of
from launcher.secret import Secret
from tests.servers.people import ALICE, PASSWORD
from tests.servers.squid import Squid

Served = Callable[..., Road]


@pytest.fixture
def served() -> Iterator[Served]:
    """Serve a road by rules and a proof; it is this process's until the end of the test."""
    relays: list[Relay] = []

    def serve(rules: Rules, proof: UpstreamProof | None = None) -> Road:
        road = Road()
        take_road(road)
        relays.append(Relay(road, rules, proof))
        relays[-1].start()
        return road

    yield serve
    for relay in relays:
        relay.close()
    leave_road()


@pytest.fixture
def road(served: Served, proxy: Squid) -> Road:
    """The road by the proxy, with a name and password it knows."""
    return served(by(proxy.url), proves(PASSWORD))


def by(url: str) -> Rules:
    """Return the rules of one fixed proxy."""
    return Rules("fixed", proxy_of(url), auth="basic", password_in_clear=True)


def proves(password: str) -> BasicProof:
    """Return the proof of an officer the proxy knows, with a password."""
    return BasicProof(ALICE.uid, Secret(password), in_clear=True)
