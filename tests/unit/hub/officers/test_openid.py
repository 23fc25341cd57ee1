"""Tokens of a real provider at the hub: taken when all is right, refused for each thing that is not."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from launcher.hub.errors import HubError
from launcher.hub.officers import openid as openid_module
from launcher.hub.officers.openid import OpenIdTokens
from launcher.hub.service import Hub
from launcher.hub.settings import HelpdeskSettings, HubSettings, OpenIdSettings, RoleSettings
from launcher.hub.stations import listed
from launcher.identity.http import Client, trusting
from launcher.wire.hub.officers import OfficerProof, OfficerSession, OpenIdProof
from launcher.wire.hub.sittings import AllElsewhere, BringHere
from tests.servers.certificates import Certificates
from tests.servers.hub_in_process import Asking
from tests.servers.oidc import CLIENT_ID, REDIRECT_URI, IdTokenFault, OidcProvider, running_oidc_provider
from tests.servers.people import ALICE, BOB, PASSWORD, Person
from tests.servers.visitor import Visitor
from tests.unit.hub.hands import StationHand, person, sitting

Enrolled = Callable[..., StationHand]
HUB = "https://warrants.station.test"
"""The resource of the test provider that stands for the hub here."""


@pytest.fixture(scope="module")
def provider(certificates: Certificates) -> Iterator[OidcProvider]:
    with running_oidc_provider(certificates) as server:
        yield server


@pytest.fixture(scope="module")
def openid(provider: OidcProvider, certificates: Certificates) -> OpenIdSettings:
    return OpenIdSettings(
        issuer=provider.issuer, audience=(HUB, CLIENT_ID), accepts=("access-token", "id-token"),
        number_claim="number", ca_file=certificates.ca,
    )  # fmt: skip


@pytest.fixture
def settings(openid: OpenIdSettings) -> HubSettings:
    return HubSettings.model_validate(
        {"openid": openid, "roles": {"helpdesk": ["Response"], "auditor": ["CUSTODY"], "vouched": ["helpdesk"]}}
    )


@dataclass(frozen=True)
class Tokens:
    access: str
    identity: str


def tokens(provider: OidcProvider, ca: Certificates, who: Person = ALICE, resource: str = HUB) -> Tokens:
    """Sign in at the provider as a person would, and take both tokens."""
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "client_id": CLIENT_ID, "response_type": "code", "redirect_uri": REDIRECT_URI, "nonce": "n-1", "state": "s",
        "scope": f"openid profile {resource}/read", "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    visitor = Visitor(ca.ca, stop_at=(REDIRECT_URI,))
    page = visitor.open(f"{provider.issuer}/auth?{urlencode(asked)}")
    page = visitor.submit(page, page.form(containing="password"), {"username": who.uid, "password": PASSWORD})
    code = parse_qs(urlsplit(page.url).query)["code"][0]
    client = Client(trusting([ca.ca]))
    spent = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI, "client_id": CLIENT_ID,
        "code_verifier": verifier,
    }  # fmt: skip
    answer = json.loads(client.ask("POST", f"{provider.issuer}/token", data=spent).text)
    client.close()
    return Tokens(answer["access_token"], answer["id_token"])


def prove(client: Asking, token: str, at: str | None = None) -> requests.Response:
    proof = OfficerProof(proof=OpenIdProof(token=token), sitting=at)
    return client.post("/officers/session", json=proof.model_dump(mode="json"))


def roles(begun: OfficerSession) -> set[str]:
    return {held.role for held in begun.roles}


def test_an_id_token_proves_the_officer_with_all_roles_of_their_groups(
    client: Asking, provider: OidcProvider, certificates: Certificates
) -> None:
    begun = OfficerSession.model_validate(prove(client, tokens(provider, certificates).identity).json())

    assert begun.person.officer == f"{provider.issuer}#{ALICE.sub}"
    assert (begun.person.number, begun.person.name) == (ALICE.number, ALICE.name)
    assert (roles(begun), begun.proved_by) == ({"officer", "helpdesk", "auditor"}, "openid")


def test_an_access_token_names_no_groups_here_so_those_count_that_stations_told(
    hub: Hub, client: Asking, provider: OidcProvider, certificates: Certificates, enrolled: Enrolled
) -> None:
    access = tokens(provider, certificates, BOB).access
    assert roles(OfficerSession.model_validate(prove(client, access).json())) == {"officer"}

    seen = person(BOB.number, "response", "custody", issuer=provider.issuer).model_copy(
        update={"officer": f"{provider.issuer}#{BOB.sub}", "name": BOB.name}
    )
    station = enrolled()
    assert station.report(sitting(seen, "sit-1")).ok
    begun = OfficerSession.model_validate(prove(client, access, "sit-1").json())

    assert begun.person.name == BOB.name
    assert roles(begun) == {"officer", "helpdesk"}  # "auditor" is not given on a station's word
    with hub.store.writing() as connection:
        listed.begin_quarantine(connection, hub, station.id, by="console:it", by_name="", reason="stolen")
    assert roles(OfficerSession.model_validate(prove(client, access).json())) == {"officer"}


class TestRestricted:
    """An officer who does not show."""

    @pytest.fixture
    def settings(self, openid: OpenIdSettings) -> HubSettings:
        hidden = HelpdeskSettings(restricted_groups=("Response",))
        return HubSettings(openid=openid, helpdesk=hidden, roles=RoleSettings(vouched=("helpdesk",)))

    def test_where_else_they_are_is_told_where_they_have_proved_themselves(
        self, client: Asking, provider: OidcProvider, certificates: Certificates, enrolled: Enrolled
    ) -> None:
        alice = person(ALICE.number, "response").model_copy(update={"officer": f"{provider.issuer}#{ALICE.sub}"})
        there, here, stolen = enrolled("FD-01"), enrolled("FD-02"), enrolled("MOBILE-1")
        for number, station in enumerate((there, here, stolen)):
            assert station.report(sitting(alice, f"sit-{number}")).ok
        before = here.news().elsewhere
        bring = BringHere(from_sitting="sit-0", to_sitting="sit-1", key="key-1")
        assert _elsewhere(here) == set()
        assert here.say("POST", "/stations/bring", bring).json()["reference"] == "sitting-over"

        token = tokens(provider, certificates).identity
        assert [prove(client, token, "sit-1").ok for _ in range(2)] == [True, True]

        assert here.news().elsewhere == before + 1  # said once
        assert _elsewhere(here) == {"sit-0", "sit-2"}
        assert here.say("POST", "/stations/bring", bring).ok
        assert _elsewhere(stolen) == set()  # whose word it was alone


def _elsewhere(station: StationHand) -> set[str]:
    answer = station.ask.get("/stations/elsewhere")
    return {one.sitting for one in AllElsewhere.model_validate(answer.json()).sittings}


def test_a_token_of_somebody_else_than_who_sits_there_is_refused(
    client: Asking, provider: OidcProvider, certificates: Certificates, enrolled: Enrolled
) -> None:
    station = enrolled()
    assert station.report(sitting(person("9"), "sit-1")).ok
    token = tokens(provider, certificates).identity

    refused = prove(client, token, "sit-1")

    assert (refused.status_code, refused.json()["reference"]) == (403, "officer-other-identity")
    assert prove(client, token, "sit-2").ok  # the station has not reported it yet


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (IdTokenFault(signature="other key"), "id-token-wrong-signature"),
        (IdTokenFault(signature="none"), "id-token-wrong-algorithm"),
        (IdTokenFault(signature="hmac"), "id-token-wrong-algorithm"),
        (IdTokenFault(header={"kid": "another"}), "id-token-unknown-key"),
        (IdTokenFault(header={"typ": "logout+jwt"}), "id-token-wrong-type"),
        (IdTokenFault(claims={"iss": "https://elsewhere.test"}), "id-token-wrong-issuer"),
        (IdTokenFault(claims={"aud": "another"}), "id-token-wrong-audience"),
        (IdTokenFault(claims={"aud": [CLIENT_ID, "another"]}), "id-token-wrong-audience"),
        (IdTokenFault(claims={"exp": 1}), "id-token-expired"),
        (IdTokenFault(claims={"nbf": 99_999_999_999}), "id-token-not-yet-valid"),
        (IdTokenFault(claims={"sub": ""}), "id-token-incomplete"),
    ],
)
def test_each_thing_that_is_wrong_with_a_token_is_found(
    openid: OpenIdSettings, provider: OidcProvider, certificates: Certificates, fault: IdTokenFault, why: str
) -> None:
    provider.set_id_token_fault(fault)
    try:
        wrong = tokens(provider, certificates).identity
    finally:
        provider.set_id_token_fault(None)

    with pytest.raises(HubError) as refused:
        OpenIdTokens(openid).check(wrong, _now())

    assert (refused.value.reference, refused.value.detail) == ("officer-token-refused", why)


def test_a_refused_token_is_said_with_401_and_not_said_again(
    client: Asking, provider: OidcProvider, certificates: Certificates
) -> None:
    other = tokens(provider, certificates, resource="https://custody.station.test").access

    refused = prove(client, other)

    assert (refused.status_code, refused.json()["reference"]) == (401, "officer-token-refused")
    assert refused.json()["detail"] == "id-token-wrong-audience"
    assert other[:20] not in refused.text
    assert prove(client, "x" * 30).json()["detail"] == "id-token-unreadable"


def test_an_access_token_is_not_taken_where_only_id_tokens_are(
    openid: OpenIdSettings, provider: OidcProvider, certificates: Certificates
) -> None:
    both = tokens(provider, certificates)
    for accepts, taken, refused in (
        ("id-token", both.identity, both.access),
        ("access-token", both.access, both.identity),
    ):
        only = OpenIdTokens(openid.model_copy(update={"accepts": (accepts,)}))
        assert only.check(taken, _now()).sub == ALICE.sub
        with pytest.raises(HubError) as said:
            only.check(refused, _now())
        assert said.value.detail == "id-token-wrong-type"


def test_unknown_keys_have_the_provider_asked_once_a_minute_at_most(
    openid: OpenIdSettings, provider: OidcProvider, certificates: Certificates
) -> None:
    right = tokens(provider, certificates).identity
    provider.set_id_token_fault(IdTokenFault(header={"kid": "another"}))
    unknown = tokens(provider, certificates).identity
    provider.set_id_token_fault(None)
    clock = [1000.0]
    kept = _Counting(openid, lambda: clock[0])

    assert kept.check(right, _now())
    for _ in range(5):
        with pytest.raises(HubError):
            kept.check(unknown, _now())
    assert kept.fetched == 1
    clock[0] += 61
    with pytest.raises(HubError):
        kept.check(unknown, _now())
    assert kept.fetched == 2
    assert kept.check(right, _now())


def test_a_provider_that_is_away_is_said_and_left_alone_for_a_while(
    openid: OpenIdSettings, provider: OidcProvider, certificates: Certificates
) -> None:
    right = tokens(provider, certificates).identity
    clock = [1000.0]
    nowhere = "https://localhost:1/station"
    kept = _Counting(openid.model_copy(update={"issuer": nowhere}), lambda: clock[0])

    for _ in range(3):
        with pytest.raises(HubError) as away:
            kept.check(right, _now())
        assert (away.value.reference, away.value.status) == ("officer-provider-away", 503)
    assert kept.fetched == 1
    clock[0] += 6
    with pytest.raises(HubError):
        kept.check(right, _now())
    assert kept.fetched == 2


def test_a_provider_that_says_nothing_holds_nobody_but_who_asked_first(
    openid: OpenIdSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []

    def check() -> None:
        with pytest.raises(HubError) as away:
            kept.check(_any_token(), _now())
        refused.append(away.value.reference)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        nowhere = f"https://localhost:{listening.getsockname()[1]}/station"
        kept = OpenIdTokens(openid.model_copy(update={"issuer": nowhere}))
        monkeypatch.setattr(openid_module, "WAITS_S", 60.0)
        first = threading.Thread(target=check)
        first.start()
        with listening.accept()[0]:  # and nothing is said
            for _ in range(40):
                check()
            assert first.is_alive()
    first.join()
    assert refused == ["officer-provider-away"] * 41


def test_who_asked_first_does_not_wait_for_long(openid: OpenIdSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openid_module, "WAITS_S", 0.01)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        nowhere = f"https://localhost:{listening.getsockname()[1]}/station"
        kept = OpenIdTokens(openid.model_copy(update={"issuer": nowhere}))
        with pytest.raises(HubError) as away:
            kept.check(_any_token(), _now())
        assert (away.value.reference, away.value.status) == ("officer-provider-away", 503)
        listening.accept()[0].close()  # it was asked, and was waited for no more


def test_another_issuers_document_is_not_taken(openid: OpenIdSettings, provider: OidcProvider) -> None:
    other = OpenIdTokens(openid.model_copy(update={"issuer": provider.issuer + "/"}))

    with pytest.raises(HubError) as refused:
        other.check(_any_token(), _now())

    assert (refused.value.reference, refused.value.detail) == ("officer-provider-away", "provider-answer-faulty")


class _Counting(OpenIdTokens):
    fetched = 0

    def _asked(self):  # type: ignore[no-untyped-def]
        self.fetched += 1
        return super()._asked()


def _now() -> float:
    return time.time()


def _any_token() -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'RS256', 'kid': 'k', 'typ': 'JWT'})}.{part({})}.AAAA"
