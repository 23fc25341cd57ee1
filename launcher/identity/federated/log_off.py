"""Ending the officer's session at the provider itself: where to send the browser, and what proves that it has ended.

OpenID Connect RP-Initiated Logout 1.0. The provider knows the browser by its cookie, so the browser has to go there.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from launcher.policy.federation_settings import FederatedSettings
from launcher.secret import Secret

_STATE_BYTES = 24


@dataclass(frozen=True, slots=True)
class LogOffRequest:
    """Where to send the browser; the whole address holds the ID token, ``endpoint`` is the part that may be seen.

    ``redirect_prefix`` is where the browser comes back to, empty where the station file names no such address.
    """

    endpoint: str
    url: Secret
    redirect_prefix: str = ""
    state: str = field(default="", repr=False)

    def confirmed_by(self, untrusted_address: str) -> bool:
        """Say whether the browser came back to our address with our state: the provider has ended its session."""
        try:
            untrusted, ours = urlsplit(untrusted_address), urlsplit(self.redirect_prefix)
            given = [value for name, value in parse_qsl(untrusted.query, max_num_fields=50) if name == "state"]
        except ValueError:
            return False
        if not self.redirect_prefix or untrusted[:3] != ours[:3] or len(given) != 1:
            return False
        return hmac.compare_digest(given[0].encode(), self.state.encode())


def log_off_request(endpoint: str, settings: FederatedSettings, id_token: Secret | None) -> LogOffRequest:
    """Make the request. Without an ID token as a hint the provider asks whether to log off, as a rule."""
    asked = {"client_id": settings.client_id}
    if id_token is not None:
        asked["id_token_hint"] = id_token.reveal()
    state = ""
    if settings.post_logout_redirect_uri:
        state = secrets.token_urlsafe(_STATE_BYTES)
        asked |= {"post_logout_redirect_uri": settings.post_logout_redirect_uri, "state": state}
    joint = "&" if urlsplit(endpoint).query else "?"
    url = Secret(endpoint + joint + urlencode(asked))
    return LogOffRequest(endpoint, url, settings.post_logout_redirect_uri, state)
