"""Sign-in at an OpenID provider on its own page: where to send the browser, and what to make of where it returns.

It drives no browser and listens on no socket. The caller shows :attr:`AuthorizationRequest.url` (to the officer, or to
a recipe on a hidden page) and gives the address of the navigation that starts with the redirect prefix.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit

from launcher.errors import LauncherError
from launcher.identity.federated.accounts import groups_left_out, officer_of
from launcher.identity.federated.client import Flow, ProviderClient, error_code
from launcher.identity.federated.discovery import ProviderDocument, discover
from launcher.identity.federated.errors import (
    AnswerNotOurs,
    ProviderRefused,
    ProviderUnreachableError,
    SignInCancelled,
)
from launcher.identity.federated.id_token import Expected, check_id_token
from launcher.identity.federated.log_off import LogOffRequest, log_off_request
from launcher.identity.federated.provider_http import ProviderHttp
from launcher.identity.federated.session import FederatedSession
from launcher.identity.federated.signing_keys import SigningKeys
from launcher.identity.worker import Worker
from launcher.policy.federation_settings import FederatedSettings
from launcher.secret import Secret

_GROUPS_LEFT_OUT = "Some of your systems may be missing: you are in more groups than the provider tells."


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """Where to send the browser, and the start of the address at which the answer is taken."""

    url: str = field(repr=False)
    redirect_prefix: str


@dataclass(frozen=True, slots=True)
class _Provider:
    http: ProviderHttp
    document: ProviderDocument
    keys: SigningKeys


class FederatedMethod:
    """The method "federated" of one session; nothing is fetched before it is needed."""

    name: ClassVar[str] = "federated"

    def __init__(self, settings: FederatedSettings, now: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._now = now
        self._worker = Worker("provider")
        self._provider: _Provider | None = None
        self._begun: tuple[ProviderClient, Flow] | None = None
        self._browser_signed_on = False
        self._hint: Secret | None = None  # the ID token by which the provider knows whom to log off
        self._redeeming = False

    @property
    def browser_signed_on(self) -> bool:
        """Whether the provider has a session with this browser, as far as it told us."""
        return self._browser_signed_on

    @property
    def redeeming(self) -> bool:
        """Whether an answer is being made a session, or was when its caller left: nobody ends the tokens of that."""
        return self._redeeming

    async def prepare(self) -> None:
        """Fetch what the provider says of itself and its keys, so that :meth:`begin` answers at once."""
        await self._worker.run(self._prepare)

    async def begin(self) -> AuthorizationRequest:
        """Begin a sign-in; one begun before is forgotten.

        Raises ``provider-unreachable``, ``provider-certificate-refused`` or ``provider-answer-faulty``.
        """
        self._begun = None
        client, flow = await self._worker.run(self._begin)
        self._begun = client, flow
        return AuthorizationRequest(flow.url, self._settings.redirect_uri)

    async def complete(self, callback_url: str) -> FederatedSession:
        """Make a session of the address to which the provider sent the browser. An answer counts once.

        Raises a :class:`SignInRefused` by reference, or one of the errors of :meth:`begin`.
        """
        begun, self._begun = self._begun, None
        if begun is None:
            raise AnswerNotOurs("No sign-in was begun here.")
        client, flow = begun
        answer = self._read_callback(callback_url, flow)
        self._browser_signed_on, self._hint = True, None
        left_before, self._redeeming = self._redeeming, True
        try:
            session = await self._worker.run(lambda: self._complete(client, flow, answer))
        except Exception:
            self._redeeming = left_before
            raise
        # Not where the caller was cancelled: the thread goes on, and the provider may still give it tokens.
        self._redeeming = left_before
        self._worker = Worker("provider")  # the other one is the session's now
        return session

    def log_off(self) -> LogOffRequest | None:
        """Say where to send the browser so that the provider ends its session; None: it names no address for that."""
        endpoint = self._provider.document.end_session_endpoint if self._provider else ""
        return log_off_request(endpoint, self._settings, self._hint) if endpoint else None

    def logged_off(self) -> None:
        """Note that the provider has ended its session with this browser."""
        self._browser_signed_on, self._hint = False, None

    def close(self) -> None:
        """Forget what was begun and close the connections."""
        self._begun = None
        self._hint = None
        self._worker.close()
        if self._provider is not None:
            self._provider.http.close()

    def _prepare(self) -> _Provider:
        if self._provider is None:
            http = ProviderHttp(self._settings.ca_file)
            document = discover(self._settings, http)
            keys = SigningKeys(document.jwks_uri, http)
            keys.fetch()
            self._provider = _Provider(http, document, keys)
        return self._provider

    def _begin(self) -> tuple[ProviderClient, Flow]:
        provider = self._prepare()
        client = ProviderClient(self._settings, provider.document, provider.http)
        return client, client.begin()

    def _read_callback(self, callback_url: str, flow: Flow) -> dict[str, str]:
        """Return the answer's parameters once they are known to be of this sign-in."""
        try:
            untrusted, ours = urlsplit(callback_url), urlsplit(self._settings.redirect_uri)
            pairs = parse_qsl(untrusted.query, keep_blank_values=True, max_num_fields=50)
        except ValueError:
            raise AnswerNotOurs("The provider's answer cannot be read.") from None
        answer = dict(pairs)
        if untrusted[:3] != ours[:3] or len(answer) != len(pairs):
            raise AnswerNotOurs("The browser came back to another address.")
        if not hmac.compare_digest(answer.get("state", "").encode(), flow.state.encode()):
            raise AnswerNotOurs("The provider's answer belongs to another sign-in.")
        issuer = self._provider.document.issuer if self._provider else ""
        if answer.get("iss", issuer) != issuer:  # RFC 9207: another provider's answer, mixed up on the way
            raise AnswerNotOurs("Another provider answered.")
        if "error" in answer:
            raise _refused(error_code(answer["error"]))
        if not answer.get("code"):
            raise AnswerNotOurs("The provider's answer holds no code.")
        return answer

    def _complete(self, client: ProviderClient, flow: Flow, answer: dict[str, str]) -> FederatedSession:
        provider = self._prepare()
        try:
            obtained = client.redeem(flow, answer)
            claims = check_id_token(
                obtained.id_token.reveal(),
                Expected(provider.document.issuer, self._settings.client_id, flow.nonce, self._settings.algorithms),
                provider.keys.find,
                self._now(),
            )
        except BaseException:
            client.forget()  # MSAL has kept the tokens by now, whoever they are of
            raise
        self._hint = obtained.id_token
        warning = _GROUPS_LEFT_OUT if groups_left_out(claims, self._settings) else ""
        return FederatedSession(
            officer_of(claims, self._settings), client, self._worker, self._now, warning, obtained.id_token
        )


def _refused(code: str) -> LauncherError:
    if code == "access_denied":
        return SignInCancelled("The sign-in was cancelled, or the provider did not let you in.", detail=code)
    if code in ("temporarily_unavailable", "server_error"):
        return ProviderUnreachableError("The provider cannot serve now.", detail=code)
    return ProviderRefused("The provider refused the sign-in.", detail=code)
