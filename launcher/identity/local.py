"""The sign-in method ``local``: officers in a file of this computer, for the embedded station and for trials.

The file is TOML, one table an officer; the password as Argon2id in PHC form (RFC 9106), made by :func:`hash_password`::

    [[officer]]
    id = "0b6f…"                # immutable, never used for another officer
    user_name = "alice"
    number = "4471"
    display_name = "Alice Okafor"
    groups = ["custody"]
    password = "$argon2id$v=19$m=65536,t=3,p=1$…"
"""

from __future__ import annotations

import asyncio
import math
import os
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from launcher.errors import SettingsError
from launcher.identity import refusals
from launcher.identity.officer import Officer, OfficerId
from launcher.identity.proof import Accepted, Proof, Stopwatch
from launcher.policy.settings import LocalSettings
from launcher.secret import Secret

_ISSUER = "local"
_MEMORY_KIB, _PASSES, _LANES = 64 * 1024, 3, 1
_SALT_OCTETS, _HASH_OCTETS = 16, 32
_PREFIX = f"$argon2id$v=19$m={_MEMORY_KIB},t={_PASSES},p={_LANES}$"

# Of 32 random octets that were thrown away. An unknown name is checked against it: same path, same time.
_NOBODY = _PREFIX + "a9XhjwfkMUusO18tDm41cQ$4qi/2V5jfBoWjPa2L4X2nM969eMDkA7o3ADYq6woxD0"

_FREE_TRIES = 5
_FIRST_WAIT_S, _LONGEST_WAIT_S = 30.0, 900.0


def hash_password(password: Secret) -> str:
    """Return the Argon2id hash of a password (64 MiB, three passes) in PHC form; takes about 0.15 s."""
    kdf = Argon2id(
        salt=os.urandom(_SALT_OCTETS),
        length=_HASH_OCTETS,
        iterations=_PASSES,
        lanes=_LANES,
        memory_cost=_MEMORY_KIB,
    )
    return kdf.derive_phc_encoded(password.reveal().encode("utf-8", "surrogatepass"))


class _UntrustedOfficer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = Field(min_length=1)
    user_name: str = Field(min_length=1)
    number: str
    display_name: str = Field(min_length=1)
    groups: tuple[str, ...] = ()
    mail: str = ""
    password: str = Field(repr=False)

    @field_validator("password")
    @classmethod
    def _of_equal_cost(cls, value: str) -> str:
        # One cost for all, or the time of an answer would tell whose name exists.
        if not value.startswith(_PREFIX):
            raise ValueError(f"not a hash that begins with {_PREFIX}")
        return value


class _UntrustedFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    officer: tuple[_UntrustedOfficer, ...] = Field(min_length=1)


class LocalMethod:
    """Officers of a file; slows down after five wrong passwords in a row in this process."""

    name: ClassVar[str] = "local"

    def __init__(self, settings: LocalSettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Read the officers. Raises :class:`SettingsError` when the file cannot be used."""
        self._officers = {one.user_name.casefold(): one for one in _read(settings.officers_file)}
        self._throttle = _Throttle(clock)

    async def prepare(self) -> None:
        """There is nothing to get ready: the officers are in a file."""

    async def sign_in(self, proof: Proof, watch: Stopwatch) -> Accepted:
        """Prove the officer. Raises :class:`SignInRefused`."""
        name = proof.user_name.strip()
        if not name or not proof.password:
            raise refusals.NameOrPasswordMissing.given()
        self._throttle.check()
        with watch.phase("primary"):
            known = self._officers.get(name.casefold())
            phc = known.password if known else _NOBODY
            right = await asyncio.to_thread(_verify, proof.password, phc)
        if known is None or not right:
            self._throttle.failed()
            raise refusals.PasswordNotAccepted.given()
        self._throttle.succeeded()
        # Their groups are at hand: no time to be named.
        officer = Officer(
            id=OfficerId(_ISSUER, known.id),
            user_name=known.user_name,
            number=known.number,
            display_name=known.display_name,
            groups=frozenset(group.lower() for group in known.groups),
            mail=known.mail,
        )
        return Accepted(officer, self.name, proof.password)

    async def change_password(self, proof: Proof, new: Secret, watch: Stopwatch) -> None:
        """Refuse: the file is IT's, not this program's. Raises :class:`PasswordChangeNotPossible`."""
        raise refusals.PasswordChangeNotPossible.given("the officers file is not written by this program")


def _verify(password: Secret, phc: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(password.reveal().encode("utf-8", "surrogatepass"), phc)
    except InvalidKey:
        return False
    return True


class _Throttle:
    """After five failures in a row each further one costs a wait, doubling up to a quarter of an hour."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._open_at = 0.0

    def check(self) -> None:
        """Raise :class:`SignInThrottled` while there is a wait."""
        left_s = self._open_at - self._clock()
        if self._failures >= _FREE_TRIES and left_s > 0:
            raise refusals.SignInThrottled(
                f"Too many wrong passwords. Try again in {math.ceil(left_s)} seconds; nothing was checked."
            )

    def failed(self) -> None:
        self._failures += 1
        over = self._failures - _FREE_TRIES
        if over >= 0:
            self._open_at = self._clock() + min(_FIRST_WAIT_S * 2.0 ** min(over, 10), _LONGEST_WAIT_S)

    def succeeded(self) -> None:
        self._failures = 0


def _read(path: Path) -> tuple[_UntrustedOfficer, ...]:
    try:
        officers = _UntrustedFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).officer
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise SettingsError("The officers file cannot be read.", detail=f"{path}: {fault}") from None
    except ValidationError as fault:
        # Never the input itself: it may hold a password typed where its hash belongs.
        lines = [f"{path}: {'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in fault.errors()]
        raise SettingsError("The officers file is faulty.", detail="\n".join(lines)) from None
    for field in ("id", "user_name"):
        seen: set[str] = set()
        for one in officers:
            value = str(getattr(one, field)).casefold()
            if value in seen:
                raise SettingsError("The officers file is faulty.", detail=f"{path}: two officers with {field} {value}")
            seen.add(value)
    return officers
