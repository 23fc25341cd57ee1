"""The officer's own certificate for a web system: kept from before, out of the file laid for them, or on a card."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import stat
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, Literal

from launcher.connectors.plan import WebCertificate
from launcher.errors import LauncherError
from launcher.grants.certificates import Certificates
from launcher.grants.client_certificate import (
    LARGEST,
    AnyCertificate,
    CardCertificate,
    ClientCertificate,
    from_pkcs12,
)
from launcher.grants.errors import CertificateExpired, CertificateMissing, CertificatePasswordWrong
from launcher.identity.worker import Worker
from launcher.residue.patterns import MIN_BYTES
from launcher.secret import Secret
from launcher.session.card import Card, CardPinWrong
from launcher.session.faults import error_view
from launcher.session.opening import Opening

READ_S: Final = 10.0
"""A folder on a network that is away keeps no system from saying so."""
LOCK_S: Final = 2.0
"""A card whose library or reader hangs keeps no session from ending: it is locked by the end of the process then."""

_log = logging.getLogger(__name__)

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_ENDINGS: Final = (".p12", ".pfx")
_READ: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class OfficersCertificates:
    """One officer's; ``changed`` is called when an opening begins or ends to wait for them."""

    def __init__(
        self,
        certificates: Certificates,
        officer_name: str,
        changed: Callable[[], None],
        used: Callable[[Secret], None],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._certificates = certificates
        self._officer = officer_name
        self._changed = changed
        self._used = used
        self._now = now
        self._asked: dict[str, asyncio.Future[Secret]] = {}
        self._card = Card()
        self._opening_card = asyncio.Lock()

    def give(self, system: str, password: Secret) -> None:
        """Take the password of the officer's file, or the PIN of their card, for a system that waits for it."""
        if (asked := self._asked.get(system)) is not None and not asked.done():
            asked.set_result(password)

    def closed(self, system: str) -> None:
        """A system is closed: what is given for it from now on was not given to its next opening."""
        self._asked.pop(system, None)

    async def of(self, opening: Opening, where: WebCertificate) -> AnyCertificate:
        """Return the certificate to present, asking the officer for what opens it where it is not open.

        Raises :class:`CertificateMissing`, :class:`CertificateExpired`, :class:`CertificateFaultyError` or
        :class:`CardUnavailableError`.
        """
        if where.card_library is not None:
            await self._card_opened(opening, where.card_library)
            return CardCertificate(where.issuer)
        return await self._own(opening, where)

    async def end(self) -> None:
        """Lock the officer's card again, if that can be done in time."""
        worker = Worker("card lock")  # what asks the card meanwhile may hold it for as long as its library blocks
        try:
            async with asyncio.timeout(LOCK_S):
                await worker.run(self._card.close)
        except TimeoutError:
            _log.warning("the card was not locked in time; it is by the end of this process")
        finally:
            worker.close()

    async def _card_opened(self, opening: Opening, library: Path) -> None:
        """Have the card open; of systems that need it at the same time one asks, and the others wait for it."""
        home = Path(os.environ["HOME"])
        worker = Worker("card")
        try:
            async with self._opening_card:
                fault: LauncherError | None = None
                while not await worker.run(partial(self._card.is_open, library, home)):
                    pin = await self._ask(opening, "card-pin", fault)
                    if len(pin.reveal()) >= MIN_BYTES:
                        self._used(pin)  # a shorter one is met by chance; it was given to the card alone
                    try:
                        await worker.run(partial(self._card.open, library, home, pin))
                    except CardPinWrong as wrong:
                        fault = wrong
        finally:
            worker.close()

    async def _own(self, opening: Opening, where: WebCertificate) -> ClientCertificate:
        lacking: LauncherError | None = None
        found: ClientCertificate | None = None
        try:
            found = await self._certificates.get(where.name, self._now())
        except (CertificateMissing, CertificateExpired) as fault:
            lacking = fault
        if lacking is not None or self._certificates.is_in_doubt(where.name):
            untrusted = await _file_of(where.folder, self._officer)
            if untrusted is not None:
                found = await self._opened(opening, untrusted)
                found.must_be_valid(self._now())
                self._certificates.give(where.name, found)
            elif lacking is not None:
                raise lacking
        assert found is not None  # noqa: S101 - else it was raised
        if where.issuer and found.issuer != where.issuer:
            raise CertificateMissing(f"No certificate of yours by {where.issuer} is known here.")
        self._used(found.key)
        return found

    async def _opened(self, opening: Opening, untrusted: bytes) -> ClientCertificate:
        wrong: CertificatePasswordWrong | None = None
        worker = Worker("certificate")
        try:
            while True:
                password = await self._ask(opening, "certificate", wrong)
                self._used(password)
                try:
                    async with asyncio.timeout(READ_S):
                        return await worker.run(partial(from_pkcs12, untrusted, password))
                except CertificatePasswordWrong as fault:
                    wrong = fault
        finally:
            worker.close()

    async def _ask(
        self, opening: Opening, needs: Literal["certificate", "card-pin"], wrong: LauncherError | None
    ) -> Secret:
        opening.state, opening.needs = "needs", needs
        opening.error = error_view(wrong) if wrong is not None else None
        opening.prompts += 1
        self._changed()
        asked = self._asked[opening.system] = asyncio.get_running_loop().create_future()
        try:
            with opening.timeline.phase("person"):
                password: Secret = await asked
        finally:
            if self._asked.get(opening.system) is asked:
                del self._asked[opening.system]
        opening.state, opening.needs, opening.error = "queued", "", None
        self._changed()
        return password


async def _file_of(folder: Path | None, officer: str) -> bytes | None:
    """Return the file laid for an officer, None where there is none."""
    if folder is None or not _NAME.fullmatch(officer):
        return None
    worker = Worker("certificate file")
    try:
        async with asyncio.timeout(READ_S):
            return await worker.run(lambda: _read(folder, officer))
    except TimeoutError:
        return None
    finally:
        worker.close()


def _read(folder: Path, officer: str) -> bytes | None:
    for ending in _ENDINGS:
        try:
            descriptor = os.open(folder / f"{officer}{ending}", _READ)
        except OSError:
            continue
        with os.fdopen(descriptor, "rb") as file:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                return file.read(LARGEST + 1)
    return None
