"""The keys the provider signs with, fetched once and once more when a token names one that is not among them."""

from __future__ import annotations

from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key
from pydantic import BaseModel, ConfigDict, ValidationError

from launcher.identity.federated.discovery import untrusted_json
from launcher.identity.federated.errors import ProviderAnswerError
from launcher.identity.federated.provider_http import Answer

_KEY_TYPES = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
_SMALLEST_RSA_BITS = 2048
_SMALLEST_RSA_TEXT = 342  # 256 bytes in base64url


class _Untrusted(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)
    keys: list[dict[str, object]]


class Gets(Protocol):
    """What gets a document."""

    def get(self, url: str) -> Answer:
        """Get the document. Blocking."""
        ...


class SigningKeys:
    """The provider's published keys."""

    def __init__(self, url: str, http: Gets) -> None:
        self._url = url
        self._http = http
        self._keys: tuple[Key, ...] = ()

    def fetch(self) -> None:
        """Fetch the keys. Blocking."""
        answer = self._http.get(self._url)
        self._keys = read_keys(untrusted_json(answer, self._url))

    def find(self, algorithm: str, kid: str | None) -> Key | None:
        """Return the key for a token's header; blocking when it has to be fetched."""
        found = choose_key(self._keys, algorithm, kid)
        if found is None:
            self.fetch()
            found = choose_key(self._keys, algorithm, kid)
        return found


def read_keys(untrusted: str) -> tuple[Key, ...]:
    """Read a key set; what cannot verify a signature safely is left out."""
    try:
        listed = _Untrusted.model_validate_json(untrusted).keys
    except ValidationError:
        raise ProviderAnswerError("The provider's signing keys cannot be read.") from None
    keys = []
    for one in listed:
        if one.get("kty") not in _KEY_TYPES.values() or one.get("use", "sig") != "sig":
            continue
        if one["kty"] == "RSA" and len(str(one.get("n", ""))) < _SMALLEST_RSA_TEXT:
            continue
        try:
            key = JWKRegistry.import_key({name: value for name, value in one.items() if isinstance(value, (str, list))})
            public = key.public_key
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        if isinstance(public, (RSAPublicKey, RSAPrivateKey)) and public.key_size < _SMALLEST_RSA_BITS:
            continue
        keys.append(key)
    return tuple(keys)


def choose_key(keys: tuple[Key, ...], algorithm: str, kid: str | None) -> Key | None:
    """Choose by key id; without one only where the choice is not open (OpenID Connect Core 1.0, 10.1)."""
    fitting = [
        key for key in keys if key.key_type == _KEY_TYPES.get(algorithm[:2]) and key.get("alg", algorithm) == algorithm
    ]
    if kid is not None:
        fitting = [key for key in fitting if key.get("kid") == kid]
    return fitting[0] if len(fitting) == 1 else None
