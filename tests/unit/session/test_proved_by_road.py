"""A proxy that takes the officer's ticket, of a real realm: shown with each connection, and never another officer's."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.errors import LauncherError
from launcher.grants.credential import Credential
from launcher.grants.tickets import Tickets
from launcher.identity.kerberos import TicketCache
from launcher.policy.kerberos_settings import KerberosSettings
from launcher.relay.proof import TicketProof
from launcher.relay.relay import Relay
from launcher.relay.road import Road, leave_road, take_road
from launcher.relay.ways import Rules, proxy_of
from launcher.secret import Secret
from launcher.session.proved_by_road import prove_by_road
from tests.servers.basic_apache import Records
from tests.servers.certificates import Certificates
from tests.servers.kdc import REALM, Kdc
from tests.servers.people import ALICE, PASSWORD
from tests.servers.squid import BEHIND, Squid, running_squid


@pytest.fixture
def ticket_proxy(shared_realm: Kdc, certificates: Certificates) -> Iterator[Squid]:
    with running_squid(certificates, shared_realm) as proxy:
        yield proxy


@pytest.mark.needs("squid")
def test_a_proxy_is_shown_the_officer_s_ticket_once_they_have_logged_on(
    ticket_proxy: Squid, shared_realm: Kdc, behind_proxy: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KRB5_CONFIG", str(shared_realm.config))
    monkeypatch.setenv("KRB5CCNAME", "FILE:/nowhere/tickets")
    tickets = Tickets(
        TicketCache(KerberosSettings(realm=REALM), tmp_path / "tickets"), Credential(ALICE.uid, Secret(PASSWORD))
    )
    road, proof = Road(), TicketProof()
    road.ticketed = proof.give
    relay = Relay(road, Rules("fixed", proxy_of(ticket_proxy.url), auth="kerberos"), proof)
    relay.start()
    take_road(road)

    async def go() -> None:
        with pytest.raises(LauncherError) as refused:
            await road.connect(BEHIND, behind_proxy.port)
        assert refused.value.reference == "proxy-refused"
        prove_by_road(ALICE.uid, None, tickets)
        for _ in range(2):
            (await road.connect(BEHIND, behind_proxy.port)).close()
        tickets.end()
        with pytest.raises(LauncherError) as ended:
            await road.connect(BEHIND, behind_proxy.port)
        assert ended.value.reference == "kerberos-no-password"

    try:
        asyncio.run(go())
    finally:
        relay.close()
        leave_road()
    told = ticket_proxy.told(f"{BEHIND}:{behind_proxy.port}", 2)
    assert [(one.status, one.who) for one in told] == [(200, f"{ALICE.uid}@{REALM}")] * 2
