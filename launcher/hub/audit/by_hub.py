"""Rows of the audit that the hub signs: by the public rule alone whoever can write to the store could add them, too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from launcher.signing import SigningKey, is_signed

if TYPE_CHECKING:
    from pydantic import BaseModel

    from launcher.wire.hub.signed import Purpose


def signed_by(key: SigningKey, purpose: Purpose, said: BaseModel) -> dict[str, object]:
    """Return what stands with such a row's details."""
    return {"key": key.public, "signature": key.sign(purpose, said)}


def signer(purpose: Purpose, said: BaseModel, untrusted_details: Mapping[str, object]) -> str:
    """Return by which key these details are signed; empty where the key that they name has not signed this."""
    key, signature = str(untrusted_details.get("key")), str(untrusted_details.get("signature"))
    return key if is_signed(purpose, said, signature, key) else ""


def details_in(untrusted_details: str) -> dict[str, object]:
    """Return a row's details, signed or not; none where they cannot be read."""
    try:
        found = json.loads(untrusted_details)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
