"""Tokens of the force's provider, checked in full; the provider is asked seldom, however many false ones come."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from launcher.errors import LauncherError
from launcher.hub.officers.errors import OfficerTokenRefusedError, ProviderAwayError
from launcher.identity.federated.bearer_token import BearerClaims, ExpectedBearer, check_bearer_token
from launcher.identity.federated.discovery import discover_issuer, untrusted_json
from launcher.identity.federated.errors import IdTokenRefused
from launcher.identity.federated.provider_http import ProviderHttp
from launcher.identity.federated.signing_keys import choose_key, read_keys
from launcher.wire.hub.sittings import Person

if TYPE_CHECKING:
    from joserfc.jwk import Key

    from launcher.hub.settings import OpenIdSettings

_log = logging.getLogger("launcher.hub")

KEYS_APART_S: Final = 60.0
"""A key id that is not known has the keys fetched anew, at most so often."""
TRIED_APART_S: Final = 5.0
"""After the provider did not answer, it is left alone for so long."""
WAITS_S: Final = 5.0
"""Who has the keys fetched waits so long for them, all others not at all: made-up tokens would hold all threads."""
MOST_GROUPS: Final = 2000


@lru_cache(maxsize=4)
def tokens_for(settings: OpenIdSettings) -> OpenIdTokens:
    """Return the one of this process: its keys are fetched once."""
    return OpenIdTokens(settings)


class OpenIdTokens:
    """One provider's tokens for this hub. Threads share it."""

    def __init__(self, settings: OpenIdSettings, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._expected = ExpectedBearer(
            settings.issuer, settings.audience, settings.algorithms, settings.accepts
        )  # fmt: skip
        self._monotonic = monotonic
        self._changing = threading.Lock()
        self._fetching = False
        self._fault = ""
        self._keys: tuple[Key, ...] = ()
        self._fetched_at: float | None = None
        self._failed_at: float | None = None
        self._keys_url = ""

    def check(self, untrusted_token: str, now_s: float) -> BearerClaims:
        """Return what a token says. Raises :class:`OfficerTokenRefusedError`, :class:`ProviderAwayError`."""
        try:
            return check_bearer_token(untrusted_token, self._expected, self._find, now_s)
        except IdTokenRefused as refused:
            raise OfficerTokenRefusedError("The token does not prove who you are.", detail=refused.reference) from None

    def person(self, claims: BearerClaims) -> tuple[Person, tuple[str, ...] | None]:
        """Return whom a token is of, and their groups; None where it names none."""
        groups = claims.claim(self._settings.groups_claim)
        name = claims.text("preferred_username") or claims.text("upn")
        try:
            person = Person(
                officer=f"{claims.iss}#{claims.sub}",
                number=claims.text(self._settings.number_claim)[:120],
                name=claims.text("name")[:120],
                user_name=name[:120],
            )
        except ValidationError:
            raise OfficerTokenRefusedError(
                "The token names nobody in a way that can be kept.", detail="id-token-incomplete"
            ) from None
        if groups is None:
            return person, None
        listed = groups if isinstance(groups, list) else [groups]
        return person, tuple(
            one.lower() for one in listed[:MOST_GROUPS] if isinstance(one, str) and 0 < len(one) <= 300
        )

    def _find(self, algorithm: str, kid: str | None) -> Key | None:
        keys = self._keys
        found = choose_key(keys, algorithm, kid)
        if found is None and self._fetch(keys):
            found = choose_key(self._keys, algorithm, kid)
        return found

    def _fetch(self, looked_in: tuple[Key, ...]) -> bool:
        """Have the keys fetched, unless that was done lately; False then.

        The provider is asked by a thread of its own, once at a time. Raises :class:`ProviderAwayError`, also at once
        while another token has them fetched.
        """
        with self._changing:
            if self._keys is not looked_in:
                return True  # they have come meanwhile
            now = self._monotonic()
            if self._fetching or (self._failed_at is not None and now - self._failed_at < TRIED_APART_S):
                raise _away()
            if self._fetched_at is not None and now - self._fetched_at < KEYS_APART_S:
                return False
            self._fetching = True
        asking = threading.Thread(target=self._fetch_now, name="hub provider", daemon=True)
        asking.start()
        asking.join(WAITS_S)
        if asking.is_alive() or self._failed_at is not None:
            raise _away(self._fault)
        return True

    def _fetch_now(self) -> None:
        keys, fault = self._keys, "provider-fault"
        try:
            keys, fault = self._asked(), ""
        except LauncherError as refused:
            fault = refused.reference
        except Exception:
            _log.exception("hub-fault")  # nobody else tells it: the thread is nobody's
        with self._changing:
            now = self._monotonic()
            self._keys, self._fault, self._fetching = keys, fault, False
            self._fetched_at, self._failed_at = (self._fetched_at, now) if fault else (now, None)

    def _asked(self) -> tuple[Key, ...]:
        http = ProviderHttp(self._settings.ca_file)
        try:
            self._keys_url = self._keys_url or discover_issuer(self._settings.issuer, http).jwks_uri
            return read_keys(untrusted_json(http.get(self._keys_url), self._keys_url))
        finally:
            http.close()


def _away(detail: str = "") -> ProviderAwayError:
    return ProviderAwayError("The provider did not answer the hub.", detail=detail, retry_after_s=TRIED_APART_S)
