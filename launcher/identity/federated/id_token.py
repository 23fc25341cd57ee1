"""The check of an ID token, ours because MSAL makes none: signature, issuer, audience, nonce, times, type, algorithm.

OpenID Connect Core 1.0, 3.1.3.7, and RFC 8725. Every refusal has a reference of its own.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final, TypeVar

from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import Key
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from launcher.identity.federated.errors import (
    IdTokenExpired,
    IdTokenIncomplete,
    IdTokenMissing,
    IdTokenNotYetValid,
    IdTokenUnknownKey,
    IdTokenUnreadable,
    IdTokenWrongAlgorithm,
    IdTokenWrongAudience,
    IdTokenWrongIssuer,
    IdTokenWrongNonce,
    IdTokenWrongSignature,
    IdTokenWrongType,
)

LEEWAY_S = 60
_LONGEST = 65536
_TYPES: Final = ("jwt", "application/jwt")

FindKey = Callable[[str, str | None], Key | None]
"""Algorithm and key id → the provider's key."""

_Time = Annotated[int | float, Field(allow_inf_nan=False)]


@dataclass(frozen=True, slots=True)
class Expected:
    """What the ID token of this sign-in must say."""

    issuer: str
    client_id: str
    nonce: str
    algorithms: tuple[str, ...]


class Claims(BaseModel):
    """What every token must say; claims that are a force's own are in ``model_extra``."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True, hide_input_in_errors=True)

    iss: str
    sub: str = Field(min_length=1, max_length=255)
    aud: str | list[str]
    exp: _Time
    iat: _Time
    nbf: _Time | None = None

    def text(self, name: str) -> str:
        """Return a claim that is a text or a number, as text; empty if there is none."""
        value = self.claim(name)
        return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""

    def claim(self, name: str) -> object:
        """Return a claim as it came, None if there is none."""
        return self.sub if name == "sub" else (self.model_extra or {}).get(name)


class IdClaims(Claims):
    """The claims of an accepted ID token."""

    nonce: str
    azp: str | None = None


Accepted = TypeVar("Accepted", bound=Claims)


def check_id_token(untrusted_token: str, expected: Expected, find_key: FindKey, now_s: float) -> IdClaims:
    """Return the claims of a token that is what it must be. Raises a subclass of :class:`IdTokenRefused`."""
    if not untrusted_token:
        raise IdTokenMissing("The provider sent no ID token.")
    claims = read_claims(IdClaims, verified_payload(untrusted_token, expected.algorithms, find_key, _TYPES))
    if claims.iss != expected.issuer:
        raise IdTokenWrongIssuer("The ID token was issued by another provider.")
    _check_audience(claims, expected.client_id)
    if not hmac.compare_digest(claims.nonce.encode(), expected.nonce.encode()):
        raise IdTokenWrongNonce("The ID token belongs to another sign-in.")
    if now_s >= claims.exp + LEEWAY_S:
        raise IdTokenExpired("The ID token has expired.")
    if max(claims.iat, claims.nbf or 0) > now_s + LEEWAY_S:
        raise IdTokenNotYetValid("The ID token is not valid yet.")
    return claims


def verified_payload(
    untrusted_token: str, allowed: tuple[str, ...], find_key: FindKey, types: tuple[str, ...]
) -> bytes:  # fmt: skip
    """Return the payload once its signature has been verified with a key and an algorithm of our choice.

    ``types``: what its header may say that it is, in lower case; one that says nothing is a JWT.
    """
    # Extra header fields are harmless as long as "crit" does not make them binding.
    registry = jws.JWSRegistry(algorithms=allowed, strict_check_header=False)
    try:
        token = jws.extract_compact(untrusted_token[: _LONGEST + 1].encode("ascii"), None, registry)
        header = token.headers()
        algorithm, kid, kind = header["alg"], header.get("kid"), header.get("typ", "JWT")
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        raise IdTokenUnreadable("What came as ID token is none.") from None
    if not isinstance(kind, str) or kind.lower() not in types or "cty" in header or "crit" in header:
        raise IdTokenWrongType("A token of another kind came in the ID token's place.")
    if not isinstance(algorithm, str) or algorithm not in allowed or algorithm == "none" or algorithm.startswith("HS"):
        raise IdTokenWrongAlgorithm("The ID token is signed in a way that is not allowed.", detail=str(algorithm)[:20])
    if kid is not None and not isinstance(kid, str):
        raise IdTokenUnreadable("What came as ID token is none.")
    key = find_key(algorithm, kid)
    if key is None:
        raise IdTokenUnknownKey("The ID token is signed with a key the provider does not publish.")
    try:
        if not jws.validate_compact(token, key, allowed, registry):
            raise BadSignatureError
    except (JoseError, ValueError):
        raise IdTokenWrongSignature("The ID token was not signed by the provider.") from None
    return token.payload


def read_claims(kind: type[Accepted], payload: bytes) -> Accepted:
    """Return the claims of a payload whose signature was verified."""
    try:
        return kind.model_validate_json(payload)
    except ValidationError as fault:
        errors = fault.errors(include_url=False, include_input=False, include_context=False)
        if any(error["type"] == "json_invalid" for error in errors):
            raise IdTokenUnreadable("What came as ID token is none.") from None
        wrong = sorted({str(error["loc"][0]) for error in errors if error["loc"]})
        raise IdTokenIncomplete("The ID token lacks something it must say.", detail=", ".join(wrong)) from None


def _check_audience(claims: IdClaims, client_id: str) -> None:
    audiences = [claims.aud] if isinstance(claims.aud, str) else claims.aud
    other_party = claims.azp is not None and claims.azp != client_id
    # Several audiences: whom it was issued to must be said, and be us.
    unsaid = len(audiences) != 1 and claims.azp is None
    if client_id not in audiences or other_party or unsaid:
        raise IdTokenWrongAudience("The ID token was issued for another application.")
