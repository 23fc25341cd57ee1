"""The officers that every server knows, with the same names, numbers and groups everywhere."""

from __future__ import annotations

import base64
import hashlib
import secrets
import uuid
from dataclasses import dataclass

PASSWORD = f"Station-Pw-{secrets.token_hex(6)}-1!"
"""Of this run alone: a station that searches the computer for it finds no other run's servers."""

WRONG_PASSWORD = "not-the-password"
DOMAIN = "station.test"

_NAMESPACE = uuid.UUID("5f0c2a3e-9d0b-4a6c-8c58-3c1f5e7f4471")

NESTED_GROUPS = {"custody": ("front-office",), "front-office": ("all-staff",)}
"""Which groups a group is itself a member of."""

GROUPS = ("custody", "front-office", "all-staff", "response")


@dataclass(frozen=True, slots=True)
class Person:
    """One officer: what they type (``uid``), who they are, and what the directory refuses them for, if anything."""

    uid: str
    number: str
    name: str
    groups: tuple[str, ...]
    state: str = "ordinary"

    @property
    def mail(self) -> str:
        return f"{self.uid}@{DOMAIN}"

    @property
    def entry_uuid(self) -> str:
        """The directory's immutable id, the same on every replica."""
        return str(uuid.uuid5(_NAMESPACE, f"entry {self.uid}"))

    @property
    def sub(self) -> str:
        """The provider's immutable subject; never the name."""
        return str(uuid.uuid5(_NAMESPACE, f"sub {self.uid}"))

    @property
    def totp_seed(self) -> str:
        """The base32 seed of the officer's one-time codes (RFC 6238, six digits, 30 s, SHA-1)."""
        return base64.b32encode(hashlib.sha256(f"seed {self.uid}".encode()).digest()[:20]).decode()

    @property
    def all_groups(self) -> frozenset[str]:
        """The groups the officer is in, nested ones included."""
        found = set(self.groups)
        waiting = list(self.groups)
        while waiting:
            above = set(NESTED_GROUPS.get(waiting.pop(), ())) - found
            found |= above
            waiting += above
        return frozenset(found)


ALICE = Person("alice", "4471", "Alice Okafor", ("custody", "response"))
BOB = Person("bob", "2210", "Bob Marsh", ("response",))
CAROL = Person("carol", "3108", "Carol Devlin", ("response",), state="locked")
DAVE = Person("dave", "1975", "Dave Hussain", ("response",), state="must change")
ERIN = Person("erin", "5520", "Erin Lowe", ("response",), state="expired")
FRANK = Person("frank", "6034", "Frank Adeyemi", ("response",), state="grace")
GRACE = Person("grace", "7719", "Grace Tan", ("response",), state="warning")

PEOPLE = (ALICE, BOB, CAROL, DAVE, ERIN, FRANK, GRACE)
