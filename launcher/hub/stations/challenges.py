"""Challenges for stations' proofs: sealed, and not kept, since anybody may ask for any number.

One that was answered is kept until its time is over, so that it is not answered twice.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from launcher.hub import tokens
from launcher.hub.own_key import derived
from launcher.hub.stations.errors import StationUnknownError
from launcher.wire.hub.stations import Challenge

if TYPE_CHECKING:
    from launcher.hub.service import Hub

_RANDOM: Final = 16
_UNTIL: Final = 8
_SEAL: Final = 32


def challenge(hub: Hub) -> Challenge:
    """Make a challenge for one proof."""
    until_ms = round((hub.clock() + tokens.CHALLENGE_S) * 1000)
    said = secrets.token_bytes(_RANDOM) + until_ms.to_bytes(_UNTIL)
    nonce = base64.b64encode(said + _seal(hub, said)).decode()
    return Challenge(nonce=nonce, hub=hub.name, until=until_ms / 1000)


def spend(connection: Connection, hub: Hub, untrusted_nonce: str) -> None:
    """Take the answer to a challenge, once. Raises :class:`StationUnknownError`."""
    now = hub.clock()
    try:
        nonce = base64.b64decode(untrusted_nonce, validate=True)
    except binascii.Error:
        raise _refused() from None
    said, seal = nonce[:-_SEAL], nonce[-_SEAL:]
    until = int.from_bytes(said[_RANDOM:]) / 1000
    if len(said) != _RANDOM + _UNTIL or not hmac.compare_digest(seal, _seal(hub, said)) or until <= now:
        raise _refused()
    digest = hashlib.sha256(nonce).hexdigest()
    known = connection.execute(select(tokens.tokens.c.digest).where(tokens.tokens.c.digest == digest)).one_or_none()
    if known is not None:
        raise _refused()
    spent = insert(tokens.tokens).values(digest=digest, kind="challenge", holder="", extra="", until=until)
    try:
        connection.execute(spent)
    except IntegrityError:  # by another process, at the same moment
        raise _refused() from None


def _seal(hub: Hub, said: bytes) -> bytes:
    return hmac.digest(derived(hub.key, "challenge"), hub.name.encode() + said, hashlib.sha256)


def _refused() -> StationUnknownError:
    return StationUnknownError("The challenge is spent or over.", hint="It is tried again by itself.")
