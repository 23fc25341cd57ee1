"""The exact bytes that are signed: a purpose and the fields in JSON's canonical form (RFC 8785, without floats).

Ed25519 (RFC 8032). A signature for one purpose never holds for another, since the purpose is signed, too.
"""

from __future__ import annotations

import json
from typing import Literal

from pydantic import BaseModel

Purpose = Literal[
    "enrol", "challenge", "command", "vouch", "second", "checkpoint", "retired", "hold-ended", "notices", "barred"
]


def signed_bytes(purpose: Purpose, said: BaseModel) -> bytes:
    """Return what is signed of ``said``: times in it are rounded to whole milliseconds, as JSON integers."""
    fields = _exact(said.model_dump(mode="json"))
    body = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return f"station-launcher {purpose} 1\n{body}".encode()


def _exact(value: object) -> object:
    if isinstance(value, float):
        return round(value * 1000)
    if isinstance(value, dict):
        return {name: _exact(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_exact(one) for one in value]
    return value
