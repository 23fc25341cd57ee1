"""What seals one officer's credentials: derived from the station's key for that officer alone.

A session that runs in an account of its own is given its officer's key, never the station's: with it one opens what is
kept of this officer and of nobody else.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from launcher.grants.errors import StoreOtherKeyError
from launcher.identity.officer import OfficerId
from launcher.secret import Secret

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class OfficerKeys:
    """For the names of an officer's folder and files, and for sealing what is in them."""

    names: bytes = field(repr=False)
    seal: AESGCM = field(repr=False)

    def name(self, *parts: str) -> str:
        """Return a name that says nothing to whoever has no key: 32 hexadecimal digits."""
        return hmac.digest(self.names, json.dumps(parts).encode(), "sha256")[:16].hex()

    def folder(self, officer: OfficerId) -> str:
        """Return the name of the officer's folder."""
        return self.name("officer", officer.issuer, officer.subject)


def new_key() -> Secret:
    """Return a key that nobody has, as it is kept."""
    return as_kept(secrets.token_bytes(KEY_BYTES))


def as_kept(key: bytes) -> Secret:
    """Return a key as text."""
    return Secret(base64.b64encode(key).decode())


def as_bytes(kept: Secret) -> bytes:
    """Return a key from its text. Raises :class:`StoreOtherKeyError` where it is none."""
    try:
        key = base64.b64decode(kept.reveal(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise StoreOtherKeyError("The key of what is kept here is none.")
    return key


def check_of(key: bytes) -> str:
    """Return what tells this key from another and says nothing of it."""
    return OfficerKeys(_derived(key, b"names"), AESGCM(_derived(key, b"seal"))).name("check")


def key_of(station_key: bytes, officer: OfficerId) -> bytes:
    """Return the officer's own key."""
    return _derived(station_key, b"of " + json.dumps([officer.issuer, officer.subject]).encode())


def keys_from(officer_key: bytes) -> OfficerKeys:
    """Return what an officer's own key opens."""
    return OfficerKeys(_derived(officer_key, b"names"), AESGCM(_derived(officer_key, b"seal")))


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDFExpand(SHA256(), KEY_BYTES, b"station-launcher credentials " + purpose).derive(key)
