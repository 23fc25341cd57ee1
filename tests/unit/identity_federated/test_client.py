"""What the provider's token endpoint may answer, each told apart; nothing of an answer shows in what is raised."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Mapping

import pytest

from launcher.errors import LauncherError
from launcher.identity.federated.client import ProviderClient, error_code
from launcher.identity.federated.discovery import ProviderDocument
from launcher.identity.federated.errors import (
    IdTokenWrongNonce,
    ProviderAnswerError,
    ProviderRefused,
    ProviderSessionEnded,
    ProviderUnreachableError,
    TokenRefused,
)
from launcher.identity.federated.provider_http import Answer
from launcher.policy.federation_settings import FederatedSettings
from launcher.secret import Secret

ISSUER = "https://id.force.example/station"
SETTINGS = FederatedSettings(authority=ISSUER, client_id="station-launcher")
DOCUMENT = ProviderDocument(
    issuer=ISSUER,
    authorization_endpoint=f"{ISSUER}/auth",
    token_endpoint=f"{ISSUER}/token",
    jwks_uri=f"{ISSUER}/jwks",
    revocation_endpoint=f"{ISSUER}/revoke",
)
CANARY = "canary-Z9"
SCOPES = ("https://warrants/read",)


class Provider:
    """A provider that answers each POST with what stands next in its script."""

    def __init__(self) -> None:
        self.script: list[Answer] = []
        self.posted: list[tuple[str, Mapping[str, str]]] = []

    def get(
        self, url: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        assert url == f"{ISSUER}/.well-known/openid-configuration"
        return Answer(200, DOCUMENT.model_dump_json())

    def post(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        self.posted.append((url, dict(data or {})))
        return self.script.pop(0)

    def close(self) -> None:
        """Nothing is open."""


def unchecked_id_token(nonce: str) -> str:
    """A token as MSAL looks at it: it checks nothing but the nonce."""
    parts = [{"alg": "RS256"}, {"sub": "8f1c", "nonce": nonce, "preferred_username": "alice"}]
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + ".AA"


def answer(status: int = 200, headers: Mapping[str, str] | None = None, **body: object) -> Answer:
    return Answer(status, json.dumps(body), headers or {})


def redeem(provider: Provider, *script: Answer) -> ProviderClient:
    """Redeem a code, the last answer counting."""
    client = ProviderClient(SETTINGS, DOCUMENT, provider)
    flow = client.begin()
    provider.script = [*script]
    client.redeem(flow, {"code": f"{CANARY}-code", "state": flow.state})
    return client


def signed_in(provider: Provider) -> ProviderClient:
    client = ProviderClient(SETTINGS, DOCUMENT, provider)
    flow = client.begin()
    provider.script = [
        answer(
            access_token=f"{CANARY}-access",
            refresh_token=f"{CANARY}-refresh",
            id_token=unchecked_id_token(flow.nonce),
            expires_in=3600,
            token_type="Bearer",
        )
    ]
    got = client.redeem(flow, {"code": f"{CANARY}-code", "state": flow.state})
    assert got.token == Secret(f"{CANARY}-access")
    assert got.expires_in_s == 3600
    return client


WRONG = [
    (answer(503), ProviderUnreachableError),
    (answer(429, {"Retry-After": "30"}, error="slow_down"), ProviderUnreachableError),
    (answer(400, error="temporarily_unavailable"), ProviderUnreachableError),
    (Answer(200, f"<html>{CANARY}"), ProviderAnswerError),
    (Answer(200, f'["{CANARY}"]'), ProviderAnswerError),
    (answer(access_token=f"{CANARY}-access", token_type="DPoP", expires_in=3600), ProviderAnswerError),
    (answer(access_token=f"{CANARY}-access", expires_in="later"), ProviderAnswerError),
    (answer(access_token=f"{CANARY}-access", expires_in=-5), ProviderAnswerError),
    (answer(access_token=f"{CANARY}-access", id_token=f"{CANARY}"), ProviderAnswerError),
    (answer(access_token=f"{CANARY}-access", id_token=unchecked_id_token(CANARY)), IdTokenWrongNonce),
    (answer(400, error="invalid_client", error_description=CANARY), ProviderRefused),
    (answer(400, error="invalid_grant"), ProviderRefused),
    (answer(), ProviderAnswerError),
]


@pytest.mark.parametrize(("wrong", "refusal"), WRONG)
def test_what_may_come_for_a_code(
    wrong: Answer, refusal: type[LauncherError], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(refusal) as refused:
        redeem(Provider(), wrong)

    shown = f"{refused.value!r} {refused.value.detail} {caplog.text}"
    assert CANARY not in shown
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.parametrize(
    ("wrong", "refusal", "code"),
    [
        (answer(400, error="invalid_grant", error_description=CANARY), ProviderSessionEnded, "invalid_grant"),
        (answer(400, error="interaction_required"), ProviderSessionEnded, "interaction_required"),
        (answer(400, error="invalid_scope"), TokenRefused, "invalid_scope"),
        (answer(400, error="invalid_target"), TokenRefused, "invalid_target"),
        (answer(400, error="temporarily_unavailable"), ProviderUnreachableError, ""),
        (answer(502), ProviderUnreachableError, ""),
        (Answer(200, f"<html>{CANARY}"), ProviderAnswerError, ""),
        (answer(200, access_token=""), ProviderAnswerError, ""),
    ],
)
def test_what_may_come_for_a_refresh_token(
    wrong: Answer, refusal: type[LauncherError], code: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    provider = Provider()
    client = signed_in(provider)
    provider.script = [wrong]
    with pytest.raises(refusal) as refused:
        client.silent(SCOPES, fresh=False)

    assert refused.value.detail == code
    assert CANARY not in f"{refused.value!r} {caplog.text}"


@pytest.mark.parametrize("away", [answer(503), answer(400, error="temporarily_unavailable"), Answer(200, "<html>")])
def test_a_provider_that_is_well_again_is_asked_again_at_once(away: Answer) -> None:
    """MSAL would go on answering from its own memory for a minute."""
    provider = Provider()
    client = signed_in(provider)
    provider.script = [away]
    with pytest.raises(LauncherError):
        client.silent(SCOPES, fresh=False)
    provider.script = [answer(access_token="well-again", expires_in=60)]

    assert client.silent(SCOPES, fresh=False).token == Secret("well-again")


def test_without_a_refresh_token_the_session_is_over_with_its_first_token() -> None:
    provider = Provider()
    client = ProviderClient(SETTINGS, DOCUMENT, provider)
    flow = client.begin()
    provider.script = [answer(access_token="only", id_token=unchecked_id_token(flow.nonce), expires_in=3600)]
    client.redeem(flow, {"code": "a-code", "state": flow.state})

    with pytest.raises(ProviderSessionEnded):
        client.silent(SCOPES, fresh=False)
    assert client.revoke()  # there is nothing to void


def test_the_end_voids_the_refresh_token_and_forgets_everything() -> None:
    provider = Provider()
    client = signed_in(provider)
    provider.script = [Answer(200, "")]

    assert client.revoke()
    assert provider.posted[-1][0] == f"{ISSUER}/revoke"
    assert provider.posted[-1][1]["token"] == f"{CANARY}-refresh"
    client.forget()
    assert client.secrets() == ()
    with pytest.raises(ProviderSessionEnded):
        client.silent(SCOPES, fresh=False)


def test_an_error_code_is_shown_plain_and_short() -> None:
    assert error_code("invalid_<b>grant\n") == "invalid_bgrant"
    assert len(error_code("a" * 500)) == 60
