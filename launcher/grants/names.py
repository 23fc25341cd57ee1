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


@dataclass(frozen=True, slots=True)
class CertificateName:
    """Which certificate of the officer's: systems of the same name share it."""

    name: str


@dataclass(frozen=True, slots=True)
class TicketName:
    """The officer's Kerberos ticket of the sitting."""


GrantName = CredentialName | TokenName | CertificateName | TicketName
