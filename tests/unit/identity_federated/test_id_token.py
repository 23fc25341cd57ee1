"""The ID token in every wrong shape, each refused by its own reference; keys are made here."""

from __future__ import annotations

import base64
import hmac
import json
import warnings
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, Key, RSAKey

from launcher.errors import LauncherError
from launcher.identity.federated import errors
from launcher.identity.federated.id_token import Expected, IdClaims, check_id_token
from launcher.identity.federated.provider_http import Answer
from launcher.identity.federated.signing_keys import SigningKeys, choose_key, read_keys
from tests.examples import tried

NOW = 1_790_000_000.0
ISSUER = "https://id.force.example/station"
CLIENT = "station-launcher"
ALGORITHMS = ("RS256", "ES256", "PS256")
EXPECTED = Expected(ISSUER, CLIENT, "a-nonce", ALGORITHMS)

RSA = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec-1", "use": "sig", "alg": "ES256"})
STRANGER_EC = ECKey.generate_key("P-256", {"kid": "rsa-1", "use": "sig"})
STRANGER = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"})
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the library warns of what this test is about
    SMALL = RSAKey.generate_key(1024, {"kid": "small", "use": "sig"})
PUBLISHED = read_keys(
    json.dumps(
        {
            "keys": [
                RSA.as_dict(private=False),
                EC.as_dict(private=False),
                SMALL.as_dict(private=False),
                {"kty": "oct", "kid": "oct-1", "k": "c2VjcmV0"},
                {"kty": "RSA", "kid": "broken", "n": "!", "e": "AQAB"},
            ]
        }
    )
)

CLAIMS: dict[str, object] = {
    "iss": ISSUER,
    "sub": "8f1c",
    "aud": CLIENT,
    "exp": int(NOW) + 600,
    "iat": int(NOW) - 5,
    "nonce": "a-nonce",
    "preferred_username": "alice",
}


def token(changed: dict[str, object] | None = None, header: dict[str, object] | None = None, key: Key = RSA) -> str:
    """A token that is right but for what is changed; a claim or field set to None is left out."""
    claims = {name: value for name, value in {**CLAIMS, **(changed or {})}.items() if value is not None}
    fields = {"alg": "RS256", "kid": "rsa-1", "typ": "JWT", **(header or {})}
    fields = {name: value for name, value in fields.items() if value is not None}
    registry = jws.JWSRegistry(algorithms=[str(fields["alg"])], strict_check_header=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # joserfc warns of what this test is about
        return jws.serialize_compact(fields, json.dumps(claims), key, registry=registry)


def check(untrusted: str, expected: Expected = EXPECTED) -> IdClaims:
    return check_id_token(untrusted, expected, lambda alg, kid: choose_key(PUBLISHED, alg, kid), NOW)


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def signed_with_the_public_key() -> str:
    """The classic confusion, written by hand: libraries refuse to sign with what everybody knows."""
    text = f"{encoded({'alg': 'HS256', 'kid': 'rsa-1', 'typ': 'JWT'})}.{encoded(CLAIMS)}"
    digest = hmac.digest(RSA.as_pem(private=False), text.encode(), "sha256")
    return f"{text}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def swapped_signature() -> str:
    head, _, _ = token().rpartition(".")
    return f"{head}.{token({'sub': 'another'}).rpartition('.')[2]}"


def changed_payload() -> str:
    head, _, signature = token().split(".")
    return f"{head}.{encoded({**CLAIMS, 'sub': 'another'})}.{signature}"


def by_hand(header: dict[str, object], payload: bytes | None = None) -> str:
    """A token that the right key has signed, with what no library would write; a field set to None is left out."""
    fields = {"alg": "RS256", "kid": "rsa-1", "typ": "JWT", **header}
    body = json.dumps(CLAIMS).encode() if payload is None else payload
    text = f"{encoded({name: value for name, value in fields.items() if value is not None})}.{plain(body)}"
    key = RSA.private_key
    assert isinstance(key, RSAPrivateKey)
    return f"{text}.{plain(key.sign(text.encode(), PKCS1v15(), SHA256()))}"


def plain(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def twice(claim: str, last: str) -> bytes:
    """The claims with one of them said twice: what counts must be what is checked."""
    return json.dumps(CLAIMS).encode()[:-1] + f', "{claim}": {json.dumps(last)}}}'.encode()


def unsigned(algorithm: str) -> str:
    return f"{encoded({'alg': algorithm, 'typ': 'JWT'})}.{encoded(CLAIMS)}."


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: token(), {"sub": "8f1c"}),
        (lambda: token({"aud": [CLIENT]}), {}),
        (lambda: token({"aud": [CLIENT, "another"], "azp": CLIENT}), {}),
        (lambda: token({"azp": CLIENT}), {}),
        (lambda: token({"exp": int(NOW) - 59}), {}),
        (lambda: token({"iat": int(NOW) + 60, "nbf": int(NOW) + 60}), {}),
        (lambda: token({"exp": NOW + 0.5}), {}),
        (lambda: token(header={"typ": None}), {}),
        (lambda: token(header={"typ": "jwt"}), {}),
        (lambda: token(header={"x5t": "AA", "something": "else"}), {}),
        (lambda: token(header={"alg": "PS256"}), {}),
        (lambda: token(header={"kid": None}), {}),  # one key fits: the choice is not open
        (lambda: token(header={"alg": "ES256", "kid": "ec-1"}, key=EC), {}),
    ],
)
def test_a_right_token_is_accepted(made: Callable[[], str], says: dict[str, object]) -> None:
    claims = check(made())

    assert claims.model_dump() | says == claims.model_dump()


@pytest.mark.parametrize(
    ("made", "refusal"),
    [
        (lambda: "", errors.IdTokenMissing),
        (lambda: "no token", errors.IdTokenUnreadable),
        (lambda: "a.b.c", errors.IdTokenUnreadable),
        (lambda: "é.é.é", errors.IdTokenUnreadable),
        (lambda: f"{encoded(['RS256'])}.{encoded(CLAIMS)}.AA", errors.IdTokenUnreadable),
        (lambda: f"{token()}.x.y", errors.IdTokenUnreadable),  # five parts: encrypted
        (lambda: token(header={"typ": "at+jwt"}), errors.IdTokenWrongType),
        (lambda: token(header={"typ": "logout+jwt"}), errors.IdTokenWrongType),
        (lambda: token(header={"cty": "JWT"}), errors.IdTokenWrongType),
        (lambda: token(header={"typ": "secevent+jwt"}), errors.IdTokenWrongType),
        (lambda: token(header={"typ": ""}), errors.IdTokenWrongType),
        (lambda: by_hand({"typ": ["JWT"]}), errors.IdTokenWrongType),
        (lambda: by_hand({"b64": False, "crit": ["b64"]}), errors.IdTokenWrongType),
        (lambda: by_hand({"alg": "rs256"}), errors.IdTokenWrongAlgorithm),
        (lambda: by_hand({"alg": ""}), errors.IdTokenWrongAlgorithm),
        (lambda: by_hand({"alg": ["RS256"]}), errors.IdTokenWrongAlgorithm),
        (lambda: by_hand({"alg": None}), errors.IdTokenUnreadable),
        (lambda: by_hand({"kid": {"a": 1}}), errors.IdTokenUnreadable),
        (lambda: by_hand({"alg": "RSA-OAEP", "enc": "A256GCM"}), errors.IdTokenWrongAlgorithm),
        (lambda: by_hand({}, payload=b"no claims"), errors.IdTokenUnreadable),
        (lambda: by_hand({}, payload=b"[]"), errors.IdTokenIncomplete),
        (lambda: token()[:-1] + "=", errors.IdTokenWrongSignature),
        (lambda: token() + " ", errors.IdTokenWrongSignature),
        (lambda: token({"filler": "x" * 70_000}), errors.IdTokenUnreadable),
        # Keys that the token brings along, or says where to fetch, are not asked: RFC 8725, 3.10.
        (
            lambda: token(header={"jwk": STRANGER_EC.as_dict(private=False), "alg": "ES256"}, key=STRANGER_EC),
            errors.IdTokenUnknownKey,
        ),
        (lambda: token(header={"jku": "https://other.example/jwks"}, key=STRANGER), errors.IdTokenWrongSignature),
        (lambda: token(header={"x5u": "https://other.example/c"}, key=STRANGER), errors.IdTokenWrongSignature),
        (lambda: token(header={"kid": "../../dev/null"}), errors.IdTokenUnknownKey),
        (lambda: token(header={"kid": "oct-1"}), errors.IdTokenUnknownKey),
        (lambda: token(header={"kid": "broken"}), errors.IdTokenUnknownKey),
        (lambda: token(header={"alg": "ES256"}, key=EC), errors.IdTokenUnknownKey),  # the right key, by another's name
        (lambda: by_hand({}, payload=twice("iss", "https://other.example")), errors.IdTokenWrongIssuer),
        (lambda: by_hand({}, payload=twice("aud", "another")), errors.IdTokenWrongAudience),
        (lambda: unsigned("none"), errors.IdTokenWrongAlgorithm),
        (lambda: unsigned("NONE"), errors.IdTokenWrongAlgorithm),
        (signed_with_the_public_key, errors.IdTokenWrongAlgorithm),
        (lambda: token(header={"alg": "RS512"}), errors.IdTokenWrongAlgorithm),
        (lambda: token(header={"kid": "rsa-2"}), errors.IdTokenUnknownKey),
        (lambda: token(header={"kid": "ec-1"}), errors.IdTokenUnknownKey),  # a key of another kind
        (lambda: token(header={"kid": "small"}, key=SMALL), errors.IdTokenUnknownKey),
        (lambda: token(key=STRANGER), errors.IdTokenWrongSignature),
        (swapped_signature, errors.IdTokenWrongSignature),
        (changed_payload, errors.IdTokenWrongSignature),
        (lambda: token().rpartition(".")[0] + ".", errors.IdTokenWrongSignature),
        (lambda: token({"iss": "https://other.example/station"}), errors.IdTokenWrongIssuer),
        (lambda: token({"iss": ISSUER + "/"}), errors.IdTokenWrongIssuer),
        (lambda: token({"aud": "another"}), errors.IdTokenWrongAudience),
        (lambda: token({"aud": []}), errors.IdTokenWrongAudience),
        (lambda: token({"aud": [CLIENT, "another"]}), errors.IdTokenWrongAudience),
        (lambda: token({"azp": "another"}), errors.IdTokenWrongAudience),
        (lambda: token({"aud": [CLIENT, "another"], "azp": "another"}), errors.IdTokenWrongAudience),
        (lambda: token({"nonce": "another"}), errors.IdTokenWrongNonce),
        (lambda: token({"nonce": None}), errors.IdTokenIncomplete),
        (lambda: token({"sub": None}), errors.IdTokenIncomplete),
        (lambda: token({"sub": ""}), errors.IdTokenIncomplete),
        (lambda: token({"sub": 7}), errors.IdTokenIncomplete),
        (lambda: token({"exp": None}), errors.IdTokenIncomplete),
        (lambda: token({"exp": "tomorrow"}), errors.IdTokenIncomplete),
        (lambda: token({"exp": float("inf")}), errors.IdTokenIncomplete),
        (lambda: token({"iat": None}), errors.IdTokenIncomplete),
        (lambda: token({"iat": True}), errors.IdTokenIncomplete),
        (lambda: token({"exp": int(NOW) - 60}), errors.IdTokenExpired),
        (lambda: token({"iat": int(NOW) + 61}), errors.IdTokenNotYetValid),
        (lambda: token({"nbf": int(NOW) + 61}), errors.IdTokenNotYetValid),
    ],
)
def test_a_wrong_token_is_refused_by_reference(made: Callable[[], str], refusal: type[LauncherError]) -> None:
    with pytest.raises(refusal) as refused:
        check(made())

    assert type(refused.value) is refusal
    assert refused.value.__cause__ is None


RIGHT = token()


@tried(150)
@given(at=st.integers(0, len(RIGHT) - 1), letter=st.sampled_from("Aa0-_.=Z%"))
def test_a_token_of_which_one_letter_is_another_is_refused(at: int, letter: str) -> None:
    changed = RIGHT[:at] + letter + RIGHT[at + 1 :]
    if at == len(RIGHT) - 1 and letter not in ".=%":
        return  # the last letter holds bits that nobody reads: it may be the same signature
    if changed != RIGHT:
        with pytest.raises(errors.IdTokenRefused):
            check(changed)


@tried(100)
@given(untrusted=st.text(max_size=300) | st.lists(st.text(alphabet="eyJhbGci0._-", max_size=60)).map(".".join))
def test_any_text_at_all_is_an_answer_of_ours(untrusted: str) -> None:
    with pytest.raises(errors.IdTokenRefused):
        check(untrusted)


def test_what_must_be_acted_on_and_is_not_understood_is_refused() -> None:
    """ "crit" makes a field binding (RFC 7515, 4.1.11); it is written by hand, as no library signs such a token."""
    text = f"{encoded({'alg': 'RS256', 'kid': 'rsa-1', 'crit': ['exp'], 'exp': 1})}.{encoded(CLAIMS)}."

    with pytest.raises((errors.IdTokenWrongType, errors.IdTokenUnreadable)):
        check(text)


def test_hmac_stays_refused_even_if_it_were_allowed() -> None:
    expected = Expected(ISSUER, CLIENT, "a-nonce", ("RS256", "HS256"))

    with pytest.raises(errors.IdTokenWrongAlgorithm):
        check(signed_with_the_public_key(), expected)


def test_without_a_key_id_an_open_choice_is_refused() -> None:
    another = RSAKey.generate_key(2048, {"kid": "rsa-2", "use": "sig"})
    two = read_keys(json.dumps({"keys": [RSA.as_dict(private=False), another.as_dict(private=False)]}))

    assert choose_key(two, "RS256", None) is None
    assert choose_key(two, "RS256", "rsa-2") is not None


@pytest.mark.parametrize("text", ["", "[]", '{"keys": 7}', '{"keys": [7]}', "<html>"])
def test_a_key_set_that_is_none_is_said(text: str) -> None:
    with pytest.raises(errors.ProviderAnswerError):
        read_keys(text)


class Provider:
    """Publishes key sets, the next one at each asking."""

    def __init__(self, *published: tuple[Key, ...]) -> None:
        self.published = list(published)

    def get(self, url: str) -> Answer:
        keys = self.published.pop(0)
        return Answer(200, json.dumps({"keys": [key.as_dict(private=False) for key in keys]}))


def test_keys_are_fetched_once_more_for_a_key_that_is_not_among_them() -> None:
    provider = Provider((RSA,), (RSA, EC), (RSA, EC))
    keys = SigningKeys("https://id.force.example/jwks", provider)
    keys.fetch()

    assert check_id_token(token(), EXPECTED, keys.find, NOW)
    assert len(provider.published) == 2
    assert check_id_token(token(header={"alg": "ES256", "kid": "ec-1"}, key=EC), EXPECTED, keys.find, NOW)
    assert len(provider.published) == 1
    with pytest.raises(errors.IdTokenUnknownKey):
        check_id_token(token(header={"kid": "rsa-2"}), EXPECTED, keys.find, NOW)
    assert provider.published == []


def test_keys_for_encryption_are_left_out() -> None:
    for_encryption = RSAKey.generate_key(2048, {"kid": "enc", "use": "enc"})

    assert read_keys(json.dumps({"keys": [for_encryption.as_dict(private=False)]})) == ()
