"""One officer's tickets, in a file that is this session's alone and ends with it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from launcher.errors import LauncherError
from launcher.identity.kerberos.cache_file import secrets_of
from launcher.identity.kerberos.end_point import end_point_of
from launcher.identity.kerberos.errors import KerberosFaultError, KerberosMissingError, KerberosUnreachableError
from launcher.identity.kerberos.kinit import obtain_with_card, renew_in
from launcher.identity.kerberos.principal import identity_of, principal_of
from launcher.identity.worker import Worker
from launcher.policy.kerberos_settings import KerberosSettings
from launcher.secret import Secret

if TYPE_CHECKING:
    from launcher.identity.kerberos.gss import Context

ANSWER_S: Final = 20.0
"""Where no server answers the library tries each of them several times, and says so by itself as a rule."""

DUE_SHARE: Final = 0.25
DUE_MOST_S: Final = 3600.0

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Ticket:
    """When a ticket was had and when it ends, in seconds of the wall clock: a computer that slept has lost the time."""

    from_s: float
    ends_s: float

    def due(self, now_s: float) -> bool:
        """Say whether it is time for another one: the last quarter of its life has begun, or its last hour."""
        return now_s >= self.ends_s - min(DUE_MOST_S, DUE_SHARE * (self.ends_s - self.from_s))

    def ended(self, now_s: float) -> bool:
        """Say whether it is of no use any more."""
        return now_s >= self.ends_s


class TicketCache:
    """The tickets of one officer in one session. ``own_folder``: the file's was made for it, and goes with it."""

    def __init__(
        self,
        settings: KerberosSettings,
        file: Path,
        now: Callable[[], float] = time.time,
        *,
        own_folder: bool = False,
    ) -> None:
        self._settings = settings
        self.file = file
        self._own_folder = own_folder
        self._now = now
        self._end = threading.Lock()
        self._destroyed = False
        self._worker = Worker("kerberos")
        """One for all calls: what was waited for too long goes on, and no other asks the realm beside it."""

    @property
    def store(self) -> dict[str, str]:
        """What a library that speaks GSSAPI by itself is told, so that it uses these tickets and no others."""
        return {"ccache": f"FILE:{self.file}"}

    async def obtain(self, user_name: str, password: Secret) -> Ticket:
        """Ask the realm for a ticket, with one try of the password. Raises :class:`LauncherError`."""
        principal = principal_of(user_name, self._settings.realm)

        def ask() -> None:
            from launcher.identity.kerberos import gss  # late: not every computer has it

            with self._new_file() as new:
                gss.obtain(principal, password, new)

        await self._run(ask)
        return await self.held()

    @property
    def by_card(self) -> bool:
        """Whether officers who have logged on without a password prove themselves to the realm by a certificate."""
        return bool(self._settings.certificate)

    async def obtain_by_card(self, user_name: str, pin: Secret) -> Ticket:
        """Ask the realm for a ticket by the officer's certificate, with one try of the PIN.

        Raises :class:`LauncherError`.
        """
        realm = self._settings.realm
        principal, identity = principal_of(user_name, realm), identity_of(self._settings.certificate, user_name)

        def ask() -> None:
            with self._new_file() as new:
                obtain_with_card(principal, realm, identity, pin, new, ANSWER_S)

        await self._run(ask)
        return await self.held()

    async def renew(self) -> Ticket:
        """Have the ticket renewed, without the password. Raises :class:`LauncherError`."""

        def ask() -> None:
            with self._new_file() as new:
                new.write_bytes(self.file.read_bytes())
                renew_in(new, ANSWER_S)

        await self._run(ask)
        return await self.held()

    async def held(self) -> Ticket:
        """Return what is held. Raises :class:`LauncherError`."""

        def ask() -> float:
            from launcher.identity.kerberos import gss  # late, as above

            return gss.left_s(self.file)

        left_s, now_s = await self._run(ask), self._now()
        return Ticket(now_s, now_s + left_s)

    def may_be_shown_to(self, host: str) -> bool:
        """Say whether the policy lets a web server of this name be shown a ticket."""
        return self._settings.shows_to(host)

    def context(self, host: str, certificate: bytes = b"") -> Context:
        """Begin to prove the officer to a web server of this name. Blocking, as what is done with it.

        The proof is good on connections of the server that shows this certificate (DER) and on no others.

        Raises :class:`LauncherError`.
        """
        from launcher.identity.kerberos import gss  # late, as above

        return gss.Context(self.file, "HTTP", host, end_point_of(certificate) if certificate else None)

    def secrets(self) -> tuple[bytes, ...]:
        """Return keys and tickets that are held now, for a residue check."""
        try:
            return secrets_of(self.file.read_bytes())
        except OSError:
            return ()

    def destroy(self) -> None:
        """Overwrite the file and remove it; what is still on its way is not kept. Never raises."""
        self._worker.close()
        with self._end, contextlib.suppress(OSError):
            self._destroyed = True
            with self.file.open("r+b") as opened:
                opened.write(bytes(self.file.stat().st_size))
                opened.flush()
                os.fsync(opened.fileno())
            self.file.unlink()
        self._leave_folder()

    def _leave_folder(self) -> None:
        if self._own_folder and self._destroyed:
            with contextlib.suppress(OSError):  # one who is still on the way leaves it
                self.file.parent.rmdir()

    async def _run(self, call: Callable[[], Result]) -> Result:
        """Run a call of the library in the thread, for so long at most. Raises :class:`LauncherError`."""
        if not speaks_kerberos():
            raise KerberosMissingError(
                "This computer cannot sign on with a Kerberos ticket.", detail="The Python package gssapi is missing."
            )
        try:
            async with asyncio.timeout(ANSWER_S):
                return await self._worker.run(call)
        except TimeoutError:
            raise KerberosUnreachableError("The realm's servers do not answer.") from None
        except LauncherError:
            raise
        except (OSError, ImportError) as fault:  # the folder is gone, the disk full; or a package that does not load
            raise KerberosFaultError("Kerberos failed.", detail=str(fault)) from None

    @contextlib.contextmanager
    def _new_file(self) -> Iterator[Path]:
        """Give a file that takes the place of the tickets once it is whole: others read them meanwhile."""
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = self.file.with_name(f"{self.file.name}.new")
        new.unlink(missing_ok=True)
        os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            yield new
            with self._end:
                if not self._destroyed:
                    new.replace(self.file)
        finally:
            new.unlink(missing_ok=True)
            self._leave_folder()


def speaks_kerberos() -> bool:
    """Say whether this computer has the package for it."""
    return find_spec("gssapi") is not None
