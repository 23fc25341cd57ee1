"""The one module that knows MSAL: a public client with its tokens in memory. Every method blocks."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

import msal
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from launcher.errors import LauncherError
from launcher.identity.federated.discovery import ProviderDocument, authority_url
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

# It writes a token answer that is no JSON into its log as it came.
logging.getLogger("msal").setLevel(logging.CRITICAL + 1)

_ADDED_BY_MSAL = frozenset({"openid", "profile", "offline_access"})
_SESSION_IS_OVER = frozenset({"invalid_grant", "interaction_required", "login_required", "consent_required"})
_VOID = 200  # RFC 7009, 2.2
_PROVIDER_IS_BUSY = frozenset({"temporarily_unavailable", "server_error", "slow_down"})


class Talks(Protocol):
    """The road to the provider, in the shape MSAL wants of an ``http_client``."""

    def get(
        self, url: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a GET."""
        ...

    def post(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a POST with a form as its body."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


@dataclass(frozen=True, slots=True)
class Flow:
    """One sign-in that was begun. ``pending`` is MSAL's own: verifier, state, nonce."""

    url: str = field(repr=False)
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    pending: dict[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True)
class CodeFlow:
    """A sign-in by a code (RFC 8628) that somebody types at the provider's own page. ``pending`` is MSAL's own."""

    url: str
    code: str = field(repr=False)
    expires_in_s: float
    pending: dict[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Obtained:
    """A token answer. ``expires_in_s`` counts from when it was asked for, at the latest."""

    token: Secret
    expires_in_s: float
    id_token: Secret


class _UntrustedAnswer(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    access_token: str = Field(default="", repr=False)
    id_token: str = Field(default="", repr=False)
    token_type: str = "Bearer"  # noqa: S105 - the kind, not a token
    expires_in: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    error: str = ""


class _UntrustedCode(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    device_code: str = Field(min_length=1, repr=False)
    user_code: str = Field(min_length=1, max_length=40, repr=False)
    verification_uri: str = Field(max_length=2000)
    expires_in: float = Field(gt=0, le=24 * 3600, allow_inf_nan=False)


class ProviderClient:
    """A public client of one provider, for one officer."""

    def __init__(self, settings: FederatedSettings, document: ProviderDocument, http: Talks) -> None:
        self._settings = settings
        self._document = document
        self._http = http
        self._cache = msal.TokenCache()
        # MSAL keeps refusals for a minute in here, so that a mended provider would still be said to be away.
        self._answers: dict[object, object] = {}
        authority = "oidc_authority" if settings.authority else "authority"
        try:
            self._app = msal.PublicClientApplication(
                settings.client_id,
                http_client=http,
                token_cache=self._cache,
                http_cache=self._answers,
                instance_discovery=False,
                **{authority: authority_url(settings)},
            )
        except (ValueError, KeyError, TypeError):
            raise ProviderAnswerError("The provider's own description cannot be used.") from None

    def begin(self) -> Flow:
        """Begin a sign-in: code flow with PKCE (S256), state and nonce; the answer comes in the query."""
        pending: dict[str, object] = self._app.initiate_auth_code_flow(
            [scope for scope in self._settings.scopes if scope not in _ADDED_BY_MSAL],
            redirect_uri=self._settings.redirect_uri,
            response_mode="form_post",
        )
        # A form's body would be invisible to the navigation that the answer is taken from; asked for a query, MSAL
        # warns, and a warning cannot be silenced for one thread.
        url = str(pending["auth_uri"]).replace("response_mode=form_post", "response_mode=query")
        asked = parse_qs(urlsplit(url).query)
        return Flow(url, str(pending["state"]), asked["nonce"][0], pending)

    def redeem(self, flow: Flow, answer: Mapping[str, str]) -> Obtained:
        """Exchange the code. The ID token in the result has not been checked yet."""
        try:
            untrusted = self._app.acquire_token_by_auth_code_flow(flow.pending, dict(answer))
        except msal.exceptions.MsalError:
            self._let_answers_go()
            raise _unavailable() from None
        except RuntimeError:
            self._let_answers_go()
            # All that MSAL compares by itself, and its message quotes both.
            raise IdTokenWrongNonce("The ID token belongs to another sign-in.") from None
        except (ValueError, LookupError, TypeError, AttributeError):
            self._let_answers_go()
            raise _not_understood() from None
        return self._obtained(untrusted, ProviderRefused("The provider refused the sign-in."))

    def begin_code(self, scopes: tuple[str, ...]) -> CodeFlow:
        """Begin a sign-in by a code, for where there is no browser; the provider's page is on any computer."""
        try:
            pending: dict[str, object] = self._app.initiate_device_flow(
                [scope for scope in scopes if scope not in _ADDED_BY_MSAL]
            )
            untrusted = _UntrustedCode.model_validate(pending)
        except msal.exceptions.MsalError:
            raise _unavailable() from None
        except (ValueError, LookupError, TypeError, AttributeError, RuntimeError):
            # It has no such page: MSAL finds no address in what the provider says of itself.
            raise ProviderRefused("The provider gives no codes to sign in with.") from None
        if not untrusted.verification_uri.startswith("https://"):
            raise _not_understood()
        return CodeFlow(untrusted.verification_uri, untrusted.user_code, untrusted.expires_in, pending)

    def take_code(self, flow: CodeFlow) -> Obtained:
        """Wait until the code was typed at the provider's page, or its time is over."""
        try:
            untrusted = self._app.acquire_token_by_device_flow(flow.pending)
        except msal.exceptions.MsalError:
            raise _unavailable() from None
        except (ValueError, LookupError, TypeError, AttributeError, RuntimeError):
            raise _not_understood() from None
        return self._obtained(untrusted, ProviderRefused("Nobody has signed in with the code."))

    def silent(self, scopes: tuple[str, ...], *, fresh: bool) -> Obtained:
        """Get a token without the officer; ``fresh`` passes by what is kept."""
        accounts = self._app.get_accounts()
        if not accounts:
            raise _session_over()
        try:
            untrusted = self._app.acquire_token_silent_with_error(
                [scope for scope in scopes if scope not in _ADDED_BY_MSAL], accounts[0], force_refresh=fresh
            )
        except msal.exceptions.MsalError:
            self._let_answers_go()
            raise _unavailable() from None
        except (ValueError, LookupError, TypeError, AttributeError, RuntimeError):
            self._let_answers_go()
            raise _not_understood() from None
        if untrusted is None:
            raise _session_over()
        return self._obtained(untrusted, TokenRefused("The provider gives no token for this system."))

    def revoke(self) -> bool:
        """Make the refresh token void at the provider (RFC 7009); True when the provider says that it is."""
        token = next(iter(self._secrets("RefreshToken")), None)
        if token is None:
            return True
        if not self._document.revocation_endpoint:
            return False
        form = {
            "client_id": self._settings.client_id,
            "token": token.reveal(),
            "token_type_hint": "refresh_token",
        }
        answer = self._http.post(self._document.revocation_endpoint, data=form)
        return answer.status_code == _VOID

    def forget(self) -> None:
        """Remove the account and drop every token."""
        for account in self._app.get_accounts():
            self._app.remove_account(account)
        self._cache = self._app.token_cache = msal.TokenCache()
        self._answers.clear()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def secrets(self) -> tuple[Secret, ...]:
        """Return all tokens held, for a residue check."""
        return tuple(secret for kind in ("AccessToken", "RefreshToken", "IdToken") for secret in self._secrets(kind))

    def _secrets(self, kind: str) -> list[Secret]:
        return [Secret(str(entry["secret"])) for entry in self._cache.search(kind)]

    def _obtained(self, untrusted: object, refusal: LauncherError) -> Obtained:
        try:
            answer = _UntrustedAnswer.model_validate(untrusted)
        except ValidationError:
            self._let_answers_go()
            raise _not_understood() from None
        if answer.error in _SESSION_IS_OVER and isinstance(refusal, TokenRefused):
            raise _session_over(answer.error)
        if answer.error in _PROVIDER_IS_BUSY:
            self._let_answers_go()
            raise _unavailable()
        if answer.error:
            refusal.detail = error_code(answer.error)
            raise refusal
        if not answer.access_token or answer.token_type.lower() != "bearer":
            raise _not_understood()
        return Obtained(Secret(answer.access_token), answer.expires_in, Secret(answer.id_token))

    def _let_answers_go(self) -> None:
        self._answers.clear()


def error_code(untrusted: str) -> str:
    """Return an error code (RFC 6749, 4.1.2.1) as it may be shown: short and plain."""
    return "".join(letter for letter in untrusted[:60] if letter.isascii() and (letter.isalnum() or letter in "_-."))


def _session_over(code: str = "") -> ProviderSessionEnded:
    return ProviderSessionEnded("The provider has ended your session.", detail=error_code(code))


def _unavailable() -> ProviderUnreachableError:
    return ProviderUnreachableError("The provider cannot serve now.")


def _not_understood() -> ProviderAnswerError:
    return ProviderAnswerError("The provider's answer cannot be understood.")
