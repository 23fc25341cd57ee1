"""How a row is chained: the digest of its content with a salt, and a hash over the row before it. Pure rules.

``digest = sha256(salt, newline, content)``: the content is the JSON list that :func:`content_of` returns.
``hash = sha256("station-launcher audit 1", the hash before, seq, at, kind, digest)``, one a line. Before the first row
stands :data:`BEGINNING`. When content is retired, its salt goes with it: the chain still holds, and nobody can find out
by trying what the content was.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Final

BEGINNING: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Content:
    """What is said in a row; ``details`` is JSON already. ``happened``: in seconds since the epoch."""

    kind: str
    happened: float
    actor: str
    actor_name: str = ""
    subject: str = ""
    station: str = ""
    terminal: str = ""
    reference: str = ""
    reason: str = ""
    details: str = ""


def emptied(kind: str, at: float) -> Content:
    """Return what is left of a content that was retired."""
    return Content(kind=kind, happened=at, actor="")


def new_salt() -> str:
    """Return a salt for one row."""
    return secrets.token_hex(16)


def digest_of(salt: str, content: Content) -> str:
    """Return the digest of a content."""
    said = [
        content.kind, repr(float(content.happened)), content.actor, content.actor_name, content.subject,
        content.station, content.terminal, content.reference, content.reason, content.details,
    ]  # fmt: skip
    return _sha256(salt, json.dumps(said, ensure_ascii=False, separators=(",", ":")))


def hash_of(before: str, seq: int, at: float, kind: str, digest: str) -> str:
    """Return a row's hash; ``at``: when it was written down, in seconds since the epoch, exactly as it is kept."""
    return _sha256("station-launcher audit 1", before, str(seq), repr(float(at)), kind, digest)


def _sha256(*lines: str) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
