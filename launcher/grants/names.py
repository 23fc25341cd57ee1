"""The names of what a session holds; a launch plan carries these and never what they stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class CredentialName:
    """Which credential: the officer's own for a system, or the one of the sign-in itself."""

    system: str
    source: Literal["store", "sign-in"]
    otp: bool = False  # a one-time code is needed too


@dataclass(frozen=True, slots=True)
class TokenName:
    """Which access token: the scopes, asked for silently in the officer's provider session."""

    scopes: tuple[str, ...]


GrantName = CredentialName | TokenName
