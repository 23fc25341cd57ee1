"""Who may sign on at a host of terminals, whose password has expired, and who is signed on at which of its lines."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Final

SHORTEST_PASSWORD: Final = 8


@dataclass(slots=True)
class HostAccount:
    """One officer at a host. ``expired``: a new password is asked for first; ``notice``: one is to be read first."""

    password: str
    expired: bool = False
    notice: bool = False


@dataclass(slots=True)
class HostAccounts:
    """All officers of a host; ``signed_on`` is from the name of a line to who is signed on there."""

    by_name: dict[str, HostAccount]
    signed_on: dict[str, str] = field(default_factory=dict)

    def right(self, name: str, password: str) -> bool:
        """Say whether name and password belong together."""
        account = self.by_name.get(name)
        known = account.password if account is not None else ""
        return hmac.compare_digest(known.encode(), password.encode()) and account is not None

    def change(self, name: str, new: str, again: str) -> str:
        """Give an officer another password; return why not, or nothing."""
        account = self.by_name[name]
        if new != again:
            return "The two new passwords are not the same"
        if len(new) < SHORTEST_PASSWORD:
            return f"A password has {SHORTEST_PASSWORD} characters or more"
        if hmac.compare_digest(new.encode(), account.password.encode()):
            return "The new password is the old one"
        account.password = new
        account.expired = False
        return ""
