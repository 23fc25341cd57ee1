"""The check of a token that an officer shows to a service of ours: an access token, or an ID token it is meant for.

RFC 9068 and RFC 8725. There is no sign-in behind it whose nonce could be compared: what makes it the service's is its
audience. It is checked otherwise as an ID token of a sign-in is, with the same refusals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from joserfc import jws
from pydantic import Field

from launcher.identity.federated.errors import (
    IdTokenExpired,
    IdTokenNotYetValid,
    IdTokenWrongAudience,
    IdTokenWrongIssuer,
    IdTokenWrongType,
)
from launcher.identity.federated.id_token import LEEWAY_S, Claims, FindKey, read_claims, verified_payload

BearerKind = Literal["access-token", "id-token"]

_TYPES: Final[dict[BearerKind, tuple[str, ...]]] = {
    "access-token": ("at+jwt", "application/at+jwt"),
    "id-token": ("jwt", "application/jwt"),
}


class BearerClaims(Claims):
    """The claims of an accepted token; those that are a force's own are in ``model_extra``."""

    sub: str = Field(min_length=1, max_length=255)
    client_id: str | None = None


@dataclass(frozen=True, slots=True)
class ExpectedBearer:
    """What a token for this service must say. ``audience``: any of the service's own names."""

    issuer: str
    audience: tuple[str, ...]
    algorithms: tuple[str, ...]
    kinds: tuple[BearerKind, ...]


def check_bearer_token(untrusted_token: str, expected: ExpectedBearer, find_key: FindKey, now_s: float) -> BearerClaims:
    """Return the claims of a token that is what it must be. Raises a subclass of ``IdTokenRefused``."""
    types = tuple(one for kind in expected.kinds for one in _TYPES[kind])
    payload = verified_payload(untrusted_token, expected.algorithms, find_key, types)
    claims = read_claims(BearerClaims, payload)
    if claims.iss != expected.issuer:
        raise IdTokenWrongIssuer("The token was issued by another provider.")
    audiences = {claims.aud} if isinstance(claims.aud, str) else set(claims.aud)
    if _is_access_token(untrusted_token):
        if claims.client_id is None:  # RFC 9068, 2.2: it says whom it was given to
            raise IdTokenWrongType("The token is no access token: it names no client.")
        ours = bool(audiences & set(expected.audience))
    else:
        # OpenID Connect Core 1.0, 3.1.3.7: an ID token that is also for others is none of ours.
        ours = bool(audiences) and audiences <= set(expected.audience)
    if not ours:
        raise IdTokenWrongAudience("The token was issued for another application.")
    if now_s >= claims.exp + LEEWAY_S:
        raise IdTokenExpired("The token has expired.")
    if max(claims.iat, claims.nbf or 0) > now_s + LEEWAY_S:
        raise IdTokenNotYetValid("The token is not valid yet.")
    return claims


def _is_access_token(verified_token: str) -> bool:
    header = jws.extract_compact(verified_token.encode("ascii")).headers()
    return str(header.get("typ", "")).lower() in _TYPES["access-token"]
