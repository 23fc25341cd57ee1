"""How an officer proves themselves to the hub: the best way there is first, and what hinders one is no end."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from launcher.bootstrap.tickets import officer_tickets
from launcher.grants.credential import Credential
from launcher.grants.held import Grants
from launcher.grants.store import MemoryStore
from launcher.identity.federated import AccessToken
from launcher.identity.federated.errors import ProviderUnreachableError
from launcher.identity.officer import OfficerId
from launcher.policy.hub_settings import HubSettings
from launcher.secret import Secret
from launcher.session.hub.errors import NotVouchedFor
from launcher.session.hub.proving import Proving
from launcher.wire.hub.officers import KerberosProof, Nonce, OpenIdProof
from launcher.wire.hub_messages import VouchedHere, WantsVouch
from launcher.wire.records import Record
from tests.servers.kdc import REALM, Kdc
from tests.unit.session.bench import Bench

SCOPES = ("https://hub.force.example/officer",)
ADDRESS = "https://hub.force.example"
OFFICER = OfficerId("ldap:dc=station", "1")


class Source:
    """A session at the provider that gives tokens, or says what hinders it."""

    def __init__(self, *, away: bool = False) -> None:
        self.away = away

    async def token(self, scopes: tuple[str, ...]) -> AccessToken:
        assert scopes == SCOPES
        if self.away:
            raise ProviderUnreachableError("The force account cannot be reached.")
        return AccessToken(Secret("a-token-for-the-hub-alone"), time.time() + 600, scopes, time.time())

    async def end(self) -> bool:
        return True

    def secrets(self) -> tuple[Secret, ...]:
        return ()


class Station:
    """A station that vouches for nobody, at once."""

    def __init__(self) -> None:
        self.proving: Proving | None = None
        self.asked: list[WantsVouch] = []

    def tell(self, message: Record) -> None:
        assert isinstance(message, WantsVouch)
        self.asked.append(message)
        assert self.proving is not None
        asyncio.get_running_loop().call_soon(self.proving.vouched, VouchedHere(nonce=message.nonce, vouched=None))

    def painted(self) -> None:
        raise AssertionError("no screen is here")


async def nonce() -> Nonce:
    return Nonce(nonce="bm9uY2U=", hub="h-1", until=time.time() + 60)


def proving(settings: HubSettings, grants: Grants, *, federated: bool = True) -> tuple[Proving, Station]:
    station = Station()
    station.proving = Proving(settings, grants, station, nonce, federated=federated)
    return station.proving, station


def grants(source: Source | None = None) -> Grants:
    async def obtain() -> Source:
        assert source is not None
        return source

    return Grants(OFFICER, MemoryStore(), provider=obtain if source is not None else None)


def test_a_token_for_the_hub_comes_first() -> None:
    async def play() -> None:
        one, station = proving(HubSettings(addresses=(ADDRESS,), scopes=SCOPES), grants(Source()))
        proof = await one.proof()
        assert isinstance(proof.proof, OpenIdProof)
        assert proof.proof.token == "a-token-for-the-hub-alone"
        assert station.asked == []

    asyncio.run(play())


@pytest.mark.parametrize("source", [Source(away=True), None], ids=["provider away", "no provider"])
def test_without_a_token_the_station_is_asked_and_what_it_does_not_say_is_an_error(source: Source | None) -> None:
    async def play() -> None:
        one, station = proving(HubSettings(addresses=(ADDRESS,), scopes=SCOPES), grants(source))
        with pytest.raises(NotVouchedFor):
            await one.proof()
        assert [asked.nonce for asked in station.asked] == ["bm9uY2U="]

    asyncio.run(play())


def test_after_another_logon_the_provider_s_token_is_not_shown_it_would_be_somebody_else_to_the_hub() -> None:
    async def play() -> None:
        one, station = proving(HubSettings(addresses=(ADDRESS,), scopes=SCOPES), grants(Source()), federated=False)
        with pytest.raises(NotVouchedFor):
            await one.proof()
        assert len(station.asked) == 1

    asyncio.run(play())


def test_what_the_hub_does_not_take_is_followed_by_the_station_s_word_once() -> None:
    async def play() -> None:
        one, station = proving(HubSettings(addresses=(ADDRESS,), scopes=SCOPES), grants(Source()))
        assert isinstance((await one.proof()).proof, OpenIdProof)
        assert not one.refused("hub-not-allowed"), "another proof would change nothing"
        assert one.refused("officer-token-refused")
        with pytest.raises(NotVouchedFor):
            await one.proof()
        assert len(station.asked) == 1
        assert not one.refused("officer-token-refused"), "there is no further proof"

    asyncio.run(play())


def test_where_there_is_a_realm_the_ticket_is_shown(
    shared_realm: Kdc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared_realm.keytab("HTTP/hub.localhost")
    monkeypatch.setenv("KRB5_CONFIG", str(shared_realm.config))
    monkeypatch.setenv("KRB5CCNAME", f"FILE:{tmp_path / 'tickets'}")
    shared_realm.add("henry", password="heron-of-the-Quay-7")
    bench = Bench(tmp_path / "station")
    file = bench.where.station
    file.write_text(file.read_text() + f'\n[kerberos]\nrealm = "{REALM}"\n')
    settings = bench.where.settings()

    async def play() -> None:
        tickets = officer_tickets(settings, Credential("henry", Secret("heron-of-the-Quay-7")))
        held = Grants(OFFICER, MemoryStore(), tickets=tickets)
        one, station = proving(HubSettings(addresses=(ADDRESS,), kerberos_host="hub.localhost"), held)
        proof = await one.proof()
        assert isinstance(proof.proof, KerberosProof)
        assert station.asked == []
        assert tickets is not None
        tickets.end()

    asyncio.run(play())
