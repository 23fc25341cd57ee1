"""The full check of a token that is shown to a service of ours: one altered thing at a time, each with its refusal."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from launcher.identity.federated import errors
from launcher.identity.federated.bearer_token import BearerClaims, BearerKind, ExpectedBearer, check_bearer_token
from launcher.identity.federated.signing_keys import choose_key
from tests.unit.identity_federated.test_id_token import (
    EC,
    ISSUER,
    NOW,
    PUBLISHED,
    STRANGER,
    signed_with_the_public_key,
    token,
    unsigned,
)

HUB = "https://hub.station.test"
BOTH: tuple[BearerKind, ...] = ("access-token", "id-token")


def access(changed: dict[str, object] | None = None, header: dict[str, object] | None = None, **more: object) -> str:
    """An access token for the hub that is right but for what is changed."""
    claims = {"aud": HUB, "client_id": "station-launcher", "jti": "1", "nonce": None}
    return token(claims | (changed or {}), {"typ": "at+jwt"} | (header or {}), **more)  # type: ignore[arg-type]


def identity(changed: dict[str, object] | None = None) -> str:
    """An ID token that is meant for the hub."""
    return token({"aud": HUB, "nonce": None} | (changed or {}))


def check(untrusted: str, kinds: tuple[BearerKind, ...] = ("access-token",)) -> BearerClaims:
    expected = ExpectedBearer(ISSUER, (HUB, "hub"), ("RS256", "ES256"), kinds)
    return check_bearer_token(untrusted, expected, lambda alg, kid: choose_key(PUBLISHED, alg, kid), NOW)


@pytest.mark.parametrize(
    ("made", "kinds"),
    [
        (lambda: access(), ("access-token",)),
        (lambda: access(header={"typ": "application/at+JWT"}), ("access-token",)),
        (lambda: access({"aud": ["https://other.test", HUB]}), ("access-token",)),
        (lambda: access({"aud": "hub"}), ("access-token",)),
        (lambda: access(header={"alg": "ES256", "kid": "ec-1"}, key=EC), ("access-token",)),
        (lambda: access({"exp": int(NOW) - 59}), ("access-token",)),
        (lambda: identity(), BOTH),
        (lambda: identity({"aud": [HUB, "hub"]}), ("id-token",)),
    ],
)
def test_a_right_token_is_accepted(made: Callable[[], str], kinds: tuple[BearerKind, ...]) -> None:
    assert check(made(), kinds).sub == "8f1c"


@pytest.mark.parametrize(
    ("made", "refusal"),
    [
        (lambda: "", errors.IdTokenUnreadable),
        (lambda: "a.b.c", errors.IdTokenUnreadable),
        (lambda: identity(), errors.IdTokenWrongType),
        (lambda: access(header={"typ": None}), errors.IdTokenWrongType),
        (lambda: access(header={"typ": "logout+jwt"}), errors.IdTokenWrongType),
        (lambda: access(header={"cty": "JWT"}), errors.IdTokenWrongType),
        (lambda: access({"client_id": None}), errors.IdTokenWrongType),
        (lambda: access(key=STRANGER), errors.IdTokenWrongSignature),
        (lambda: access()[:-4] + "AAAA", errors.IdTokenWrongSignature),
        (lambda: access(header={"kid": "rsa-9"}), errors.IdTokenUnknownKey),
        (lambda: access(header={"alg": "PS256"}), errors.IdTokenWrongAlgorithm),
        (lambda: access({"iss": "https://other.example"}), errors.IdTokenWrongIssuer),
        (lambda: access({"iss": ISSUER + "/"}), errors.IdTokenWrongIssuer),
        (lambda: access({"aud": "https://other.test"}), errors.IdTokenWrongAudience),
        (lambda: access({"aud": []}), errors.IdTokenWrongAudience),
        (lambda: access({"aud": None}), errors.IdTokenIncomplete),
        (lambda: access({"sub": None}), errors.IdTokenIncomplete),
        (lambda: access({"sub": ""}), errors.IdTokenIncomplete),
        (lambda: access({"exp": None}), errors.IdTokenIncomplete),
        (lambda: access({"iat": None}), errors.IdTokenIncomplete),
        (lambda: access({"exp": int(NOW) - 60}), errors.IdTokenExpired),
        (lambda: access({"nbf": int(NOW) + 61}), errors.IdTokenNotYetValid),
        (lambda: access({"iat": int(NOW) + 61}), errors.IdTokenNotYetValid),
    ],
)
def test_a_wrong_access_token_is_refused_by_what_is_wrong(
    made: Callable[[], str], refusal: type[errors.IdTokenRefused]
) -> None:
    with pytest.raises(errors.IdTokenRefused) as refused:
        check(made())

    assert type(refused.value) is refusal


@pytest.mark.parametrize(
    ("made", "refusal"),
    [
        (lambda: access(), errors.IdTokenWrongType),
        (lambda: identity({"aud": [HUB, "https://other.test"]}), errors.IdTokenWrongAudience),
        (lambda: identity({"aud": []}), errors.IdTokenWrongAudience),
        (lambda: unsigned("none"), errors.IdTokenWrongAlgorithm),
        (signed_with_the_public_key, errors.IdTokenWrongAlgorithm),
    ],
)
def test_where_id_tokens_alone_are_taken_they_are_for_us_alone(
    made: Callable[[], str], refusal: type[errors.IdTokenRefused]
) -> None:
    with pytest.raises(errors.IdTokenRefused) as refused:
        check(made(), ("id-token",))

    assert type(refused.value) is refusal
