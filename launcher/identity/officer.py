"""The person: who they are, immutably, and what the directory says of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OfficerId:
    """Issuer plus immutable subject (objectGUID, entryUUID, ``sub``), never a name: names are reused."""

    issuer: str
    subject: str

    def __str__(self) -> str:
        return f"{self.issuer}#{self.subject}"

    @property
    def file_name(self) -> str:
        """A name for a file of this officer; it does not say who that is."""
        return hashlib.sha256(str(self).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer whose proof was accepted; ``groups`` are lower-case names, nested ones included."""

    id: OfficerId
    user_name: str
    number: str
    display_name: str
    groups: frozenset[str]
    mail: str = ""
