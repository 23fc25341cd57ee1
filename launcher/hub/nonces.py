"""Nonces that are answered once: sealed by the hub's key and not kept, since anybody may ask for any number.

One that was answered is kept until its time is over, so that it is not answered twice.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import Connection

from launcher.hub import tokens
from launcher.hub.database import insert_unless_there
from launcher.hub.errors import NotProvedError
from launcher.hub.own_key import derived

if TYPE_CHECKING:
    from launcher.hub.service import Hub

Purpose = Literal["challenge", "nonce"]

_RANDOM: Final = 16
_UNTIL: Final = 8
_SEAL: Final = 32


def make(hub: Hub, purpose: Purpose, holds_s: float) -> tuple[str, float]:
    """Make a nonce for this purpose and no other; return it in base64, and until when it holds."""
    until_ms = round((hub.clock() + holds_s) * 1000)
    said = secrets.token_bytes(_RANDOM) + until_ms.to_bytes(_UNTIL)
    return base64.b64encode(said + _seal(hub, purpose, said)).decode(), until_ms / 1000


def spend(connection: Connection, hub: Hub, purpose: Purpose, untrusted_nonce: str) -> float:
    """Take the answer to a nonce, once; return until when it holds.

    Raises ``NotProvedError`` for one that is spent, over or not the hub's.
    """
    try:
        nonce = base64.b64decode(untrusted_nonce, validate=True)
    except binascii.Error:
        raise _refused() from None
    said, seal = nonce[:-_SEAL], nonce[-_SEAL:]
    until = int.from_bytes(said[_RANDOM:]) / 1000
    if len(said) != _RANDOM + _UNTIL or not hmac.compare_digest(seal, _seal(hub, purpose, said)):
        raise _refused()
    if until <= hub.clock():
        raise _refused()
    digest = hashlib.sha256(nonce).hexdigest()
    spent = {"digest": digest, "kind": purpose, "holder": "", "extra": "", "until": until}
    if not insert_unless_there(connection, tokens.tokens, spent):
        raise _refused()
    return until


def _seal(hub: Hub, purpose: Purpose, said: bytes) -> bytes:
    return hmac.digest(derived(hub.key, purpose), hub.name.encode() + said, hashlib.sha256)


def _refused() -> NotProvedError:
    return NotProvedError("The nonce is not the hub's, was used already, or its time is over.")
