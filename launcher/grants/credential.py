"""A name and password of one system, as a session holds it."""

from __future__ import annotations

from dataclasses import dataclass

from launcher.secret import Secret


@dataclass(frozen=True, slots=True)
class Credential:
    """A name and password, and the seed of one-time codes where the system wants them (base32 or ``otpauth://``).

    Codes are taken from :meth:`Grants.code`, never made from the seed elsewhere: each may be used once.
    """

    user_name: str
    password: Secret
    seed: Secret | None = None
