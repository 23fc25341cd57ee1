"""Every address of the hub by every kind of asker: allowed exactly where the hub's own description says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import pytest

from launcher.hub.errors import NotAllowedError, NotProvedError
from launcher.hub.officers.asking import X_ROLES
from tests.servers.hub_in_process import Asking, HubServer
from tests.unit.hub.hands import StationHand, person

NO_TOKEN: Final = {
    "post /v1/stations/enrol", "post /v1/stations/challenge", "post /v1/stations/proof", "post /v1/officers/nonce",
    "post /v1/officers/session", "get /v1/health", "get /v1/ready", "get /v1/metrics",
}  # fmt: skip
"""What whoever comes may ask: all else names a station or roles, and an address that forgets to is found here."""

ASKERS: Final[dict[str, tuple[str, ...]]] = {
    "nobody": (), "station": (), "officer": (), "helpdesk": ("helpdesk",), "it": ("it",), "auditor": ("auditor",),
    "administrator": ("administrator",), "supervisor": ("sergeants",),
}  # fmt: skip
"""Kinds of askers and their groups."""

REFUSED: Final = {NotAllowedError.reference, NotProvedError.reference}


ONE_STORE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
"""Who may do what is decided before the store is asked for anything else."""


@pytest.fixture(scope="module")
def addresses(hub_server: HubServer) -> dict[str, set[str]]:
    """Who may use each address, by the description that the hub gives of itself."""
    paths = hub_server.app.openapi()["paths"]
    return {
        f"{method} {path}": set(said[X_ROLES]) for path, methods in paths.items() for method, said in methods.items()
    }


def test_only_these_addresses_are_everybodys(addresses: dict[str, set[str]]) -> None:
    assert {address for address, roles in addresses.items() if roles == {"nobody"}} <= NO_TOKEN
    assert all("nobody" not in roles for roles in addresses.values() if len(roles) > 1)
    assert set().union(*addresses.values()) <= set(ASKERS)
    assert len(addresses) > 40


@ONE_STORE
@pytest.mark.parametrize("asker", ASKERS)
def test_each_asker_may_use_what_the_description_says_and_nothing_else(
    client: Asking,
    officer: Callable[..., Asking],
    enrolled: Callable[..., StationHand],
    addresses: dict[str, set[str]],
    asker: str,
) -> None:
    def proved() -> Asking:
        if asker in ("nobody", "station"):
            return client if asker == "nobody" else enrolled().ask
        return officer(person("7001"), *ASKERS[asker])

    asking, wrong = proved(), []
    held = {asker} if asker in ("nobody", "station") else {asker, "officer"}
    for address, roles in addresses.items():
        method, path = address.split(" ")
        answer = asking.request(method, asking.origin + re.sub(r"\{\w+\}", "1", path), json={})
        refused = answer.status_code in (401, 403) and answer.json().get("reference") in REFUSED
        if refused == bool(roles & (held | {"nobody"})):
            wrong.append(f"{address}: {answer.status_code} {answer.text[:200]}")
        if answer.status_code == 500:
            wrong.append(f"{address}: {answer.status_code}")
        if path.endswith("/session/end"):
            asking = proved()

    assert wrong == []


@ONE_STORE
@pytest.mark.parametrize("token", ["", "x", "Bearer x", "é", "x" * 5000])
def test_a_token_that_is_none_proves_nobody(client: Asking, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}".encode()}

    for address in ("/officers/me", "/helpdesk/requests", "/stations/news"):
        answer = client.get(address, headers=headers)
        assert (answer.status_code, answer.json()["reference"]) == (401, NotProvedError.reference)


def test_a_stations_token_is_none_of_an_officer_and_the_other_way_round(
    client: Asking, officer: Callable[..., Asking], enrolled: Callable[..., StationHand]
) -> None:
    station, theirs = enrolled().ask.headers["Authorization"], officer().headers["Authorization"]

    assert client.get("/officers/me", headers={"Authorization": station}).status_code == 401
    assert client.get("/stations/news", headers={"Authorization": theirs}).status_code == 401
    assert client.get("/officers/me", headers={"Authorization": theirs}).status_code == 200
