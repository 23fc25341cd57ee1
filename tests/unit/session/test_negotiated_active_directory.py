"""The same with a real Active Directory: its tickets shown to the same Apache, and each of its refusals."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.connectors.plan import WebTarget
from launcher.errors import LauncherError
from launcher.grants.credential import Credential
from launcher.grants.tickets import Tickets
from launcher.identity.http import Client, trusting
from launcher.identity.kerberos import TicketCache
from launcher.identity.kerberos import errors as e
from launcher.policy.kerberos_settings import KerberosSettings
from launcher.secret import Secret
from launcher.session.browser_cookie import BrowserCookie
from launcher.session.negotiated import negotiated_cookies
from tests.servers.apache_gssapi import HOST, Rosters, running_rosters
from tests.servers.certificates import Certificates
from tests.servers.people import PASSWORD, WRONG_PASSWORD
from tests.servers.samba import REALM, Samba

pytestmark = pytest.mark.timeout(300)  # a domain is made first, which takes its time where much else runs

SETTINGS = KerberosSettings(realm=REALM, hosts=(HOST,))


@pytest.fixture(autouse=True)
def in_the_domain(active_directory: Samba, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRB5_CONFIG", str(active_directory.config))


@pytest.fixture(scope="module")
def domain_rosters(active_directory: Samba, certificates: Certificates) -> Iterator[Rosters]:
    with running_rosters(certificates, active_directory) as server:
        yield server


@pytest.mark.needs("apache-gssapi")
def test_two_officers_of_the_domain_are_signed_on_each_as_themselves(
    domain_rosters: Rosters, trusted_ca: Path, tmp_path: Path
) -> None:
    async def signed_on(name: str) -> tuple[BrowserCookie, ...]:
        cache = TicketCache(SETTINGS, tmp_path / name / "tickets")
        tickets = Tickets(cache, Credential(name, Secret(PASSWORD)))
        target = WebTarget(domain_rosters.url, (domain_rosters.origin,), ca_file=trusted_ca)
        return await negotiated_cookies(target, await tickets.ticket(), 20)

    async def story() -> list[tuple[BrowserCookie, ...]]:
        return await asyncio.gather(signed_on("alice"), signed_on("bob@station.test"))

    client = Client(trusting([trusted_ca]))
    try:
        for name, (cookie,) in zip(("alice", "bob"), asyncio.run(story()), strict=True):
            answer = client.ask("GET", domain_rosters.url, headers={"Cookie": f"{cookie.name}={cookie.value.reveal()}"})
            assert f"{name}@{REALM}" in answer.text
    finally:
        client.close()


@pytest.mark.parametrize(
    ("account", "password", "kind"),
    [
        ("nobody-here", PASSWORD, e.KerberosPasswordRefusedError),
        ("grace", WRONG_PASSWORD, e.KerberosPasswordRefusedError),
        ("must-change", PASSWORD, e.KerberosPasswordExpiredError),
        ("expired", PASSWORD, e.KerberosPasswordExpiredError),
        ("switched-off", PASSWORD, e.KerberosAccountRefusedError),
        ("ended", PASSWORD, e.KerberosAccountRefusedError),
        ("night-only", PASSWORD, e.KerberosAccountRefusedError),
        ("card-only", PASSWORD, e.KerberosPasswordRefusedError),  # it says no more
    ],
)
def test_the_domain_s_refusals_are_told_apart(
    tmp_path: Path, account: str, password: str, kind: type[LauncherError]
) -> None:
    with pytest.raises(LauncherError) as told:
        asyncio.run(TicketCache(SETTINGS, tmp_path / "tickets").obtain(account, Secret(password)))
    assert type(told.value) is kind, told.value.detail
