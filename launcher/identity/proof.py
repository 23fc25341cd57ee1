"""What an officer submits, what comes back, and the shape every sign-in method has.

A method is told what to time through :class:`Stopwatch`, so that it needs no clock of its own; it raises a
:class:`SignInRefused` for every answer that is not yes.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import ClassVar, Protocol

from launcher.errors import LauncherError
from launcher.identity.officer import Officer
from launcher.secret import Secret


@dataclass(frozen=True, slots=True)
class Proof:
    """A name and password as typed."""

    user_name: str
    password: Secret


@dataclass(frozen=True, slots=True)
class Accepted:
    """The officer, and what the method holds for the session: the password lives on in this process only."""

    officer: Officer
    method: str
    password: Secret | None = None
    warning: str = ""  # e.g. "Your password ends in 5 days."


class Stopwatch(Protocol):
    """Names the phases of a sign-in: ``locate``, ``connect``, ``primary``, ``mfa_wait``, ``entitle`` …"""

    def phase(self, name: str, *, human: bool = False) -> AbstractContextManager[None]:
        """Time a block as one phase; phases may overlap."""
        ...


class PasswordMethod(Protocol):
    """A sign-in method that takes a name and password: ``local`` and ``directory``."""

    name: ClassVar[str]

    async def prepare(self) -> None:
        """Get ready while the officer types (find out which servers are dead); never raises."""
        ...

    async def sign_in(self, proof: Proof, watch: Stopwatch) -> Accepted:
        """Prove the officer, once. Raises :class:`SignInRefused` or another :class:`LauncherError`."""
        ...

    async def change_password(self, proof: Proof, new: Secret, watch: Stopwatch) -> None:
        """Change the password; afterwards the officer signs in with the new one. Raises :class:`SignInRefused`."""
        ...


class SignInRefused(LauncherError):  # noqa: N818 - an answer, not a fault
    """The base of all answers that are not yes.

    ``must_change``: the password was right, and a new one is asked for. ``tries_left``: how many more wrong passwords
    the account takes, None where the directory does not tell.
    """

    reference: ClassVar[str] = "sign-in-refused"
    must_change: ClassVar[bool] = False
    tries_left: int | None = None
