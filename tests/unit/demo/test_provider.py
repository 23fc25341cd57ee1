"""The demo's OpenID provider refuses what a certified one refuses."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests
from joserfc import jwt

from launcher.demo.estate import LAUNCHER, VEHICLES_API
from tests.servers.visitor import Page, Visitor
from tests.unit.demo.conftest import Served

VERIFIER = "a-verifier-of-at-least-forty-three-characters-0123456789"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def visitor(served: Served) -> Iterator[Visitor]:
    return served.visitor(stop_at=(LAUNCHER.redirect_uri,))


def authorize(served: Served, visitor: Visitor, **otherwise: str | None) -> Page:
    """Ask for a code; a value of None leaves its parameter out."""
    query: dict[str, str | None] = {
        "response_type": "code",
        "client_id": LAUNCHER.client_id,
        "redirect_uri": LAUNCHER.redirect_uri,
        "scope": "openid profile offline_access",
        "state": "a-state",
        "nonce": "a-nonce",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **otherwise,
    }
    given = {name: value for name, value in query.items() if value is not None}
    return visitor.open(f"{served.addresses.issuer}/authorize?{urlencode(given)}")


def code_of(page: Page) -> str:
    assert page.url.startswith(LAUNCHER.redirect_uri), page.text
    answer = dict(parse_qsl(urlsplit(page.url).query))
    assert answer["state"] == "a-state"
    return answer["code"]


def code(served: Served, visitor: Visitor) -> str:
    return code_of(served.at_provider(visitor, authorize(served, visitor)))


def token(served: Served, *, headers: dict[str, str] | None = None, **fields: str) -> tuple[int, dict[str, str]]:
    with requests.Session() as road:
        road.trust_env = False
        answer = road.post(
            served.addresses.issuer + "/token",
            data=fields,
            headers=headers or {},
            verify=str(served.addresses.ca_file),
            timeout=20,
        )
    return answer.status_code, answer.json()


def redeem(served: Served, value: str, **otherwise: str) -> tuple[int, dict[str, str]]:
    fields = {
        "grant_type": "authorization_code",
        "code": value,
        "client_id": LAUNCHER.client_id,
        "redirect_uri": LAUNCHER.redirect_uri,
        "code_verifier": VERIFIER,
        **otherwise,
    }
    return token(served, **fields)


REFUSED = (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(
    "otherwise",
    [
        {"client_id": "nobody"},
        {"client_id": None},
        {"redirect_uri": "https://elsewhere.example/callback"},
        {"redirect_uri": LAUNCHER.redirect_uri + "/deeper"},
        {"redirect_uri": None},
        {"code_challenge": None},
        {"code_challenge": "short"},
        {"code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"response_type": "token"},
    ],
    ids=str,
)
def test_a_request_that_is_not_as_it_must_be_is_refused_on_the_page(
    served: Served, visitor: Visitor, otherwise: dict[str, str | None]
) -> None:
    page = authorize(served, visitor, **otherwise)
    assert (page.status, "refused" in page.ids) == (400, True)
    assert page.forms == ()
    assert "elsewhere" not in page.url.split("?")[0]


def test_a_code_is_worth_tokens_once(served: Served, visitor: Visitor) -> None:
    value = code(served, visitor)
    status, answer = redeem(served, value)
    assert (status, answer["token_type"]) == (200, "Bearer")
    claims = jwt.decode(answer["id_token"], served.estate.provider.public_keys, algorithms=["RS256"]).claims
    assert claims["iss"] == served.addresses.issuer
    assert (claims["aud"], claims["nonce"], claims["sub"]) == (LAUNCHER.client_id, "a-nonce", served.officer.subject)
    assert redeem(served, value) == REFUSED


@pytest.mark.parametrize(
    "otherwise",
    [
        {"code_verifier": "another-verifier-of-at-least-forty-three-characters"},
        {"code_verifier": ""},
        {"redirect_uri": "https://elsewhere.example/callback"},
        {"redirect_uri": ""},
    ],
    ids=str,
)
def test_a_code_in_other_hands_is_worth_nothing_and_is_gone(
    served: Served, visitor: Visitor, otherwise: dict[str, str]
) -> None:
    value = code(served, visitor)
    assert redeem(served, value, **otherwise) == REFUSED
    assert redeem(served, value) == REFUSED


def test_codes_that_are_none(served: Served) -> None:
    assert redeem(served, "") == REFUSED
    assert redeem(served, "made-up") == REFUSED
    assert token(served, grant_type="password", client_id=LAUNCHER.client_id) == (
        400,
        {"error": "unsupported_grant_type"},
    )


def test_a_client_proves_itself(served: Served, visitor: Visitor) -> None:
    unknown = (401, {"error": "invalid_client"})
    value = code(served, visitor)
    assert redeem(served, value, client_id="nobody") == unknown
    assert redeem(served, value, client_id="custody-record") == unknown  # a confidential client without its secret
    for header in ("Basic !!!", "Basic /w==", "Basic " + base64.b64encode(b"custody-record:wrong").decode(), "Basic"):
        fields = {"grant_type": "authorization_code", "code": value}
        assert token(served, headers={"Authorization": header}, **fields) == unknown, header
    # A code of the launcher's is worth nothing to another client that proves itself.
    secret = served.estate.provider.clients["custody-record"].client_secret
    basic = {"Authorization": "Basic " + base64.b64encode(f"custody-record:{secret}".encode()).decode()}
    fields = {
        "grant_type": "authorization_code",
        "code": value,
        "redirect_uri": LAUNCHER.redirect_uri,
        "code_verifier": VERIFIER,
    }
    assert token(served, headers=basic, **fields) == REFUSED


def test_refresh_tokens_rotate_and_an_old_one_is_refused(served: Served, visitor: Visitor) -> None:
    _, first = redeem(served, code(served, visitor))

    def refresh(value: str, scope: str = "") -> tuple[int, dict[str, str]]:
        more = {"scope": scope} if scope else {}
        return token(served, grant_type="refresh_token", refresh_token=value, client_id=LAUNCHER.client_id, **more)

    status, second = refresh(first["refresh_token"], f"{VEHICLES_API}/read")
    assert status == 200
    assert second["refresh_token"] != first["refresh_token"]
    assert refresh(first["refresh_token"]) == REFUSED
    access = jwt.decode(second["access_token"], served.estate.provider.public_keys, algorithms=["RS256"])
    assert (access.claims["aud"], access.header["typ"]) == (VEHICLES_API, "at+jwt")
    status, third = refresh(second["refresh_token"])
    assert status == 200
    access = jwt.decode(third["access_token"], served.estate.provider.public_keys, algorithms=["RS256"])
    assert access.claims["aud"] != VEHICLES_API  # only who asks for the API's scope gets its audience
    assert refresh("") == REFUSED


def test_one_log_on_serves_all_clients_until_it_is_ended(served: Served, visitor: Visitor) -> None:
    page = authorize(served, visitor)
    wrong = served.at_provider(visitor, page, "not-the-password")
    assert (wrong.status, "refused" in wrong.ids) == (401, True)
    key = wrong.form(containing="password").fields["key"]
    assert code_of(served.at_provider(visitor, wrong))
    assert code_of(authorize(served, visitor))  # the session answers, and nobody is asked
    origin = {"Origin": served.provider_origin}
    fields = {"key": key, "username": served.officer.user_name, "password": served.officer.password}
    old = visitor.open(served.addresses.issuer + "/logon", fields, headers=origin)
    assert (old.status, "refused" in old.ids) == (400, True)  # the page of a log-on that is over
    other = served.visitor(stop_at=(LAUNCHER.redirect_uri,))
    served.visitor().open(served.addresses.issuer + "/logout")  # a stranger ends their own session only
    assert code_of(authorize(served, visitor))
    asked = visitor.open(served.addresses.issuer + "/logout")
    assert code_of(authorize(served, visitor))  # nothing is ended before it is answered
    said = visitor.submit(asked, asked.form(containing="yes"), {})
    assert "logged-off" in said.ids
    assert authorize(served, visitor).forms
    assert authorize(served, other).forms


def log_off(served: Served, visitor: Visitor, **otherwise: str | None) -> Page:
    """Go where a client sends the browser to log off; a value of None leaves its parameter out."""
    query: dict[str, str | None] = {
        "client_id": LAUNCHER.client_id,
        "post_logout_redirect_uri": LAUNCHER.post_logout_redirect_uri,
        "state": "a state of ours",
        **otherwise,
    }
    given = {name: value for name, value in query.items() if value is not None}
    return visitor.open(f"{served.addresses.issuer}/logout?{urlencode(given)}")


def test_a_client_that_says_whom_logs_off_without_a_question(served: Served) -> None:
    visitor = served.visitor(stop_at=(LAUNCHER.redirect_uri, LAUNCHER.post_logout_redirect_uri))
    _, first = redeem(served, code(served, visitor))
    hint = first["id_token"]
    assert log_off(served, visitor).form(containing="yes")  # who says nothing of whom is asked
    assert log_off(served, visitor, id_token_hint=hint[:-8] + "AAAAAAAA").form(containing="yes")
    assert log_off(served, visitor, id_token_hint=hint, client_id="custody-record").status == 400  # not its address
    assert (
        log_off(served, visitor, id_token_hint=hint, post_logout_redirect_uri="https://elsewhere.example").status == 400
    )
    assert code_of(authorize(served, visitor))
    back = log_off(served, visitor, id_token_hint=hint)
    assert back.url == f"{LAUNCHER.post_logout_redirect_uri}?state=a+state+of+ours"
    assert authorize(served, visitor).forms
    assert log_off(served, visitor, id_token_hint=hint).url == back.url  # there is nobody to ask


def test_a_hint_of_another_officer_ends_nobody_without_a_question(served: Served) -> None:
    other = served.visitor(stop_at=(LAUNCHER.redirect_uri,))
    page = authorize(served, other)
    fields = {"username": served.officers[1].user_name, "password": served.officers[1].password}
    _, theirs = redeem(served, code_of(other.submit(page, page.form(containing="password"), fields)))
    visitor = served.visitor(stop_at=(LAUNCHER.redirect_uri, LAUNCHER.post_logout_redirect_uri))
    code(served, visitor)
    assert log_off(served, visitor, id_token_hint=theirs["id_token"]).form(containing="yes")
    assert code_of(authorize(served, visitor))


def test_a_token_is_taken_back_from_its_own_client_only(served: Served, visitor: Visitor) -> None:
    _, first = redeem(served, code(served, visitor))

    def revoke(**fields: str) -> int:
        with requests.Session() as road:
            road.trust_env = False
            where = served.addresses.issuer + "/revoke"
            return road.post(where, data=fields, verify=str(served.addresses.ca_file), timeout=20).status_code

    value = first["refresh_token"]
    assert revoke(token=value, client_id="nobody") == 401
    assert revoke(token="made-up", client_id=LAUNCHER.client_id) == 200
    assert revoke(token=value, client_id=LAUNCHER.client_id) == 200
    assert token(served, grant_type="refresh_token", refresh_token=value, client_id=LAUNCHER.client_id) == REFUSED


def test_what_it_says_of_itself(served: Served, visitor: Visitor) -> None:
    said = json.loads(visitor.open(served.addresses.issuer + "/.well-known/openid-configuration").text)
    assert said["issuer"] == served.addresses.issuer
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert said["response_modes_supported"] == ["query"]
    keys = json.loads(visitor.open(said["jwks_uri"]).text)["keys"]
    assert [one["alg"] for one in keys] == ["RS256"]
    assert not {"d", "p", "q"} & set(keys[0])
