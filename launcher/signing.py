"""Keys that sign: the hub's own, and those of its stations (Ed25519, RFC 8032)."""

from __future__ import annotations

import base64
import binascii
from typing import Final, final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel

from launcher.wire.hub.signed import Purpose, signed_bytes

KEY_BYTES: Final = 32


@final
class SigningKey:
    """A private key. Its repr shows the public half only."""

    __slots__ = ("_key", "public")

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = base64.b64encode(key.public_key().public_bytes_raw()).decode()

    @classmethod
    def made(cls) -> SigningKey:
        """Make a new one."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def kept(cls, private: str) -> SigningKey:
        """Read what :meth:`to_keep` returned. Raises ``ValueError``."""
        return cls(Ed25519PrivateKey.from_private_bytes(base64.b64decode(private, validate=True)))

    def to_keep(self) -> str:
        """Return the private key in base64, for a protected place."""
        return base64.b64encode(self._key.private_bytes_raw()).decode()

    def sign(self, purpose: Purpose, said: BaseModel) -> str:
        """Return the signature in base64."""
        return base64.b64encode(self._key.sign(signed_bytes(purpose, said))).decode()

    def __repr__(self) -> str:
        return f"SigningKey({self.public})"


def is_public_key(public: str) -> bool:
    """Say whether it is a public key in base64."""
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
    except ValueError:
        return False
    return True


def is_signed(purpose: Purpose, said: BaseModel, signature: str, public: str) -> bool:
    """Say whether ``signature`` is the key's for exactly this."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
        key.verify(base64.b64decode(signature, validate=True), signed_bytes(purpose, said))
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True
