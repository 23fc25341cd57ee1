"""What the provider says of itself: its endpoints and its issuer, checked before anything is sent there."""

from __future__ import annotations

from typing import Protocol
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from launcher.identity.federated.errors import ProviderAnswerError, ProviderUnreachableError
from launcher.identity.federated.provider_http import Answer
from launcher.policy.federation_settings import ENTRA, FederatedSettings

_OK, _SERVER_FAULT, _TOO_MANY = 200, 500, 429
# OpenID Connect Discovery 1.0, 4.3: else a provider could speak for another one.
_OTHER_NAME = "The provider calls itself by another name than the one it is known by here."


class Keeps(Protocol):
    """What gets a document and keeps it for whoever asks later."""

    def keep(self, url: str) -> Answer:
        """Get the document. Blocking."""
        ...


class ProviderDocument(BaseModel):
    """The part of the OpenID discovery document that we use."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    revocation_endpoint: str = ""
    end_session_endpoint: str = ""

    @field_validator("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "revocation_endpoint")
    @classmethod
    def _https(cls, value: str) -> str:
        if value and not _may_be_used(value):
            raise ValueError("not an https address")
        return value

    @field_validator("end_session_endpoint", mode="before")
    @classmethod
    def _https_or_none(cls, untrusted: object) -> str:
        # Nobody is kept from logging on by an address that is for logging off; it is not used, and that is said then.
        return untrusted if isinstance(untrusted, str) and _may_be_used(untrusted) else ""


def _may_be_used(untrusted: str) -> bool:
    try:
        parts = urlsplit(untrusted)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not parts.username and not parts.fragment


def authority_url(settings: FederatedSettings) -> str:
    """Return the authority as MSAL takes it: https with a path and no slash at its end."""
    return settings.authority or f"{ENTRA}/{settings.tenant}"


def discover(settings: FederatedSettings, http: Keeps) -> ProviderDocument:
    """Fetch and check the discovery document. Blocking."""
    root = authority_url(settings) if settings.authority else f"{authority_url(settings)}/v2.0"
    url, document = _document(root, http)
    if not _issuer_fits(document.issuer, settings):
        raise ProviderAnswerError(_OTHER_NAME, detail=url)
    return document


def discover_issuer(issuer: str, http: Keeps) -> ProviderDocument:
    """Fetch the discovery document of exactly this issuer. Blocking."""
    url, document = _document(issuer.rstrip("/"), http)
    if document.issuer != issuer:
        raise ProviderAnswerError(_OTHER_NAME, detail=url)
    return document


def _document(root: str, http: Keeps) -> tuple[str, ProviderDocument]:
    url = f"{root}/.well-known/openid-configuration"
    try:
        return url, ProviderDocument.model_validate_json(untrusted_json(http.keep(url), url))
    except ValidationError as fault:
        detail = "; ".join(f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in fault.errors())
        raise ProviderAnswerError("The provider does not describe itself as OpenID wants.", detail=detail) from None


def untrusted_json(answer: Answer, url: str) -> str:
    """Return the body of a good answer. Raises by what a bad one says."""
    if answer.status_code == _OK:
        return answer.text
    if answer.status_code >= _SERVER_FAULT or answer.status_code == _TOO_MANY:
        raise ProviderUnreachableError("The provider cannot serve now.", detail=f"{answer.status_code} {url}")
    raise ProviderAnswerError("The provider's address does not lead to it.", detail=f"{answer.status_code} {url}")


def _issuer_fits(issuer: str, settings: FederatedSettings) -> bool:
    if settings.authority:
        return issuer.rstrip("/") == settings.authority
    # A tenant given by its domain has its id in the issuer; the shared ones have a placeholder there.
    tenant = issuer.removeprefix(f"{ENTRA}/").removesuffix("/v2.0")
    return issuer == f"{ENTRA}/{tenant}/v2.0" and tenant.replace("-", "").isalnum()
