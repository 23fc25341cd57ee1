"""What a provider says of itself, in every wrong shape."""

from __future__ import annotations

import json

import pytest

from launcher.errors import LauncherError
from launcher.identity.federated.discovery import discover
from launcher.identity.federated.errors import ProviderAnswerError, ProviderUnreachableError
from launcher.identity.federated.provider_http import Answer
from launcher.policy.federation_settings import FederatedSettings

ISSUER = "https://id.force.example/station"
FORCE = FederatedSettings(authority=ISSUER, client_id="station-launcher")
GUID = "4a1c6f4e-9d0b-4a6c-8c58-3c1f5e7f4471"

DOCUMENT = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/auth",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/jwks",
}


class Provider:
    """Gives one answer and notes where it was asked."""

    def __init__(self, text: str, status: int = 200) -> None:
        self.answer = Answer(status, text)
        self.asked: list[str] = []

    def keep(self, url: str) -> Answer:
        self.asked.append(url)
        return self.answer


def test_a_right_document_is_taken() -> None:
    provider = Provider(json.dumps(DOCUMENT | {"more": ["is", "left", "out"]}))

    assert discover(FORCE, provider).token_endpoint == f"{ISSUER}/token"
    assert provider.asked == [f"{ISSUER}/.well-known/openid-configuration"]


@pytest.mark.parametrize(
    ("address", "used"),
    [
        (f"{ISSUER}/session/end", True),
        ("https://id.force.example/end?p=b2c_1_sign_in", True),
        ("http://id.force.example/end", False),
        ("https://user@id.force.example/end", False),
        ("https://id.force.example/end#part", False),
        ("https://[/", False),
        ("javascript:alert(1)", False),
        ("", False),
        (None, False),
        (["https://id.force.example/end"], False),
    ],
)
def test_a_wrong_address_for_logging_off_is_not_used_and_keeps_nobody_out(address: object, used: bool) -> None:
    document = discover(FORCE, Provider(json.dumps(DOCUMENT | {"end_session_endpoint": address})))
    assert document.end_session_endpoint == (address if used else "")


@pytest.mark.parametrize(
    ("text", "status", "refusal"),
    [
        ("<html>", 200, ProviderAnswerError),
        ("[]", 200, ProviderAnswerError),
        ("{}", 200, ProviderAnswerError),
        (json.dumps(DOCUMENT | {"token_endpoint": "http://id.force.example/token"}), 200, ProviderAnswerError),
        (json.dumps(DOCUMENT | {"jwks_uri": "file:///etc/passwd"}), 200, ProviderAnswerError),
        (json.dumps(DOCUMENT | {"authorization_endpoint": "https://user@other/"}), 200, ProviderAnswerError),
        (json.dumps(DOCUMENT | {"jwks_uri": "https://[/"}), 200, ProviderAnswerError),
        (json.dumps(DOCUMENT | {"issuer": "https://other.example/station"}), 200, ProviderAnswerError),
        (json.dumps(DOCUMENT | {"issuer": f"{ISSUER}/more"}), 200, ProviderAnswerError),
        ("", 302, ProviderAnswerError),
        ("", 404, ProviderAnswerError),
        ("", 429, ProviderUnreachableError),
        ("", 503, ProviderUnreachableError),
    ],
)
def test_a_wrong_document_is_refused(text: str, status: int, refusal: type[LauncherError]) -> None:
    with pytest.raises(refusal):
        discover(FORCE, Provider(text, status))


@pytest.mark.parametrize(
    ("issuer", "taken"),
    [
        (f"https://login.microsoftonline.com/{GUID}/v2.0", True),
        ("https://login.microsoftonline.com/{tenantid}/v2.0", False),  # every tenant of the world
        (f"https://login.microsoftonline.com.evil.example/{GUID}/v2.0", False),
        (f"https://login.microsoftonline.com/{GUID}/more/v2.0", False),
        (f"https://sts.windows.net/{GUID}/", False),
    ],
)
def test_an_entra_tenant_has_its_id_in_the_issuer(issuer: str, taken: bool) -> None:
    settings = FederatedSettings(tenant="force.example", client_id="station-launcher")
    provider = Provider(json.dumps(DOCUMENT | {"issuer": issuer}))

    if taken:
        assert discover(settings, provider).issuer == issuer
        assert provider.asked == [
            "https://login.microsoftonline.com/force.example/v2.0/.well-known/openid-configuration"
        ]
    else:
        with pytest.raises(ProviderAnswerError):
            discover(settings, provider)
