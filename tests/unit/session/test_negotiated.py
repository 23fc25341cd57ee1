"""Signing on by ticket out of the browser, to a real Apache of a real realm: who is shown it, and what is kept."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from launcher.connectors.plan import WebTarget
from launcher.errors import LauncherError
from launcher.grants.credential import Credential
from launcher.grants.tickets import Tickets
from launcher.identity.http import Client, trusting
from launcher.identity.kerberos import TicketCache
from launcher.policy.kerberos_settings import KerberosSettings
from launcher.secret import Secret
from launcher.session.browser_cookie import BrowserCookie
from launcher.session.negotiated import asks_for_ticket, negotiated_cookies
from tests.servers.apache_gssapi import HOST, Rosters
from tests.servers.certificates import Certificates
from tests.servers.kdc import REALM, Kdc
from tests.servers.people import PASSWORD

WITHIN_S = 20.0


@pytest.fixture(autouse=True)
def in_the_realm(shared_realm: Kdc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRB5_CONFIG", str(shared_realm.config))
    monkeypatch.setenv("KRB5CCNAME", "FILE:/nowhere/tickets")


@pytest.fixture
def caches(tmp_path: Path) -> dict[str, TicketCache]:
    return {name: cache_of(name, tmp_path) for name in ("alice", "bob")}


def cache_of(name: str, folder: Path, hosts: tuple[str, ...] = (HOST,)) -> TicketCache:
    return TicketCache(KerberosSettings(realm=REALM, hosts=hosts), folder / name / "tickets")


async def signed_on(
    rosters: Rosters, ca: Path, name: str, cache: TicketCache, place: str = ""
) -> tuple[BrowserCookie, ...]:
    tickets = Tickets(cache, Credential(name, Secret(PASSWORD)))
    target = WebTarget(f"{rosters.url}{place}", (rosters.origin,), ca_file=ca)
    return await negotiated_cookies(target, await tickets.ticket(), WITHIN_S)


def refusal(rosters: Rosters, ca: Path, cache: TicketCache, place: str) -> str:
    with pytest.raises(LauncherError) as told:
        asyncio.run(signed_on(rosters, ca, "alice", cache, place))
    return told.value.reference


def page(rosters: Rosters, ca: Path, cookies: tuple[BrowserCookie, ...]) -> str:
    client = Client(trusting([ca]))
    try:
        sent = "; ".join(f"{one.name}={one.value.reveal()}" for one in cookies)
        return client.ask("GET", rosters.url, headers={"Cookie": sent}).text
    finally:
        client.close()


def test_two_officers_side_by_side_are_signed_on_each_as_themselves(
    rosters: Rosters, trusted_ca: Path, caches: dict[str, TicketCache]
) -> None:
    async def story() -> dict[str, tuple[BrowserCookie, ...]]:
        both = await asyncio.gather(*(signed_on(rosters, trusted_ca, name, cache) for name, cache in caches.items()))
        return dict(zip(caches, both, strict=True))

    for name, cookies in asyncio.run(story()).items():
        assert f"{name}@{REALM}" in page(rosters, trusted_ca, cookies)
        (cookie,) = cookies
        assert (cookie.name, cookie.domain, cookie.secure, cookie.http_only) == ("rosters", HOST, True, True)


def test_a_redirect_within_is_followed_and_the_ticket_shown_once_at_each_place_that_asks(
    rosters: Rosters, trusted_ca: Path, caches: dict[str, TicketCache]
) -> None:
    before = rosters.shown()
    cookies = asyncio.run(signed_on(rosters, trusted_ca, "alice", caches["alice"], "on/"))
    assert f"alice@{REALM}" in page(rosters, trusted_ca, cookies)
    assert rosters.shown() - before <= 2


def test_whether_a_browser_with_these_cookies_is_known_still_is_asked_without_a_ticket(
    rosters: Rosters, trusted_ca: Path, caches: dict[str, TicketCache]
) -> None:
    cookies = asyncio.run(signed_on(rosters, trusted_ca, "alice", caches["alice"]))
    shown = rosters.shown()

    def known(place: str, held: tuple[BrowserCookie, ...]) -> bool:
        target = WebTarget(f"{rosters.url}{place}", (rosters.origin,), ca_file=trusted_ca)
        return not asyncio.run(asks_for_ticket(target, held, WITHIN_S))

    assert known("", cookies)
    assert known("on/", cookies)  # led on, within
    assert known("out/", ())  # led out: not a question of theirs
    assert not known("", ())
    assert not known("bare/", cookies)
    with pytest.raises(LauncherError) as told:
        known("round/", cookies)
    assert told.value.reference == "system-unreachable"
    assert rosters.shown() == shown


def test_a_page_may_be_of_any_size(rosters: Rosters, trusted_ca: Path, caches: dict[str, TicketCache]) -> None:
    cookies = asyncio.run(signed_on(rosters, trusted_ca, "alice", caches["alice"], "large/"))
    assert f"alice@{REALM}" in page(rosters, trusted_ca, cookies)


@pytest.mark.parametrize(
    ("place", "reference"),
    [
        ("bare/", "kerberos-no-session"),
        ("open/", "kerberos-not-asked"),
        ("closed/", "kerberos-not-taken"),
        ("round/", "system-unreachable"),
        ("out/", "kerberos-not-asked"),
        ("silent/", "kerberos-server-unproved"),
        ("forged/", "kerberos-server-unproved"),
    ],
)
def test_what_cannot_be_signed_on_to_is_told_apart(
    rosters: Rosters, trusted_ca: Path, caches: dict[str, TicketCache], place: str, reference: str
) -> None:
    assert refusal(rosters, trusted_ca, caches["alice"], place) == reference


def test_when_a_busy_system_is_to_be_asked_again_is_said(
    rosters: Rosters, trusted_ca: Path, caches: dict[str, TicketCache]
) -> None:
    with pytest.raises(LauncherError) as told:
        asyncio.run(signed_on(rosters, trusted_ca, "alice", caches["alice"], "busy/"))
    assert told.value.reference == "system-unreachable"
    assert "tried again in 90 seconds" in told.value.message


def test_a_host_that_policy_does_not_name_is_shown_nothing(rosters: Rosters, trusted_ca: Path, tmp_path: Path) -> None:
    before = rosters.shown()
    for hosts in ((), ("other.localhost",), ("*.rosters.localhost",)):
        assert refusal(rosters, trusted_ca, cache_of("alice", tmp_path, hosts), "") == "kerberos-not-set-up"
    assert rosters.shown() == before


def test_a_host_that_the_realm_does_not_know_is_said(rosters: Rosters, trusted_ca: Path, tmp_path: Path) -> None:
    cache = cache_of("alice", tmp_path, ("*.localhost",))
    target = WebTarget(
        rosters.url.replace(HOST, "courts.localhost"),
        (rosters.origin.replace(HOST, "courts.localhost"),),
        ca_file=trusted_ca,
    )

    async def story() -> None:
        tickets = Tickets(cache, Credential("alice", Secret(PASSWORD)))
        with pytest.raises(LauncherError) as told:
            await negotiated_cookies(target, await tickets.ticket(), WITHIN_S)
        assert told.value.reference == "kerberos-host-unknown"

    asyncio.run(story())


def test_a_certificate_that_is_not_trusted_ends_it_before_anything_is_shown(
    rosters: Rosters, certificates: Certificates, caches: dict[str, TicketCache]
) -> None:
    before = rosters.shown()
    assert refusal(rosters, certificates.other_ca, caches["alice"], "") == "system-certificate-refused"
    assert rosters.shown() == before
