"""What sessions in slots are given of what the station keeps: their own officer's, and the directory's password."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from launcher.errors import LauncherError
from launcher.secret import Secret
from launcher.station.log import say
from launcher.station.seat import Seat
from launcher.station.slot_cleaning import open_places
from launcher.station.slot_homes import ROOT, SlotHomes
from launcher.station.slots import Slot
from launcher.wire.messages import Kept, WantsKept

_log = logging.getLogger("launcher.station")

_BEFORE_WITHIN_S: Final = 10.0
"""How long the same officer's last session is waited for, which is still ending: its changes come first."""


class OfficersKept(Protocol):
    """Lays out what is kept of an officer, and takes it back (``grants.laid``). Both block."""

    def lay(self, issuer: str, subject: str, folder: Path, owner: int, group: int) -> None:
        """Lay it out in a new folder for the account. Raises a :class:`LauncherError` or ``OSError``."""
        ...

    def take_back(self, folder: Path) -> tuple[str, ...]:
        """Keep what has changed; return what was refused."""
        ...


@dataclass(frozen=True, slots=True)
class SlotAccounts:
    """The slots of a station, and what it does for the sessions in them; ``search_password`` may block.

    ``open_to_all``: see :class:`SlotHomes`.
    """

    slots: tuple[Slot, ...]
    kept: OfficersKept
    search_password: Callable[[], Secret | None]
    root: Path = ROOT
    open_to_all: Callable[[], tuple[Path, ...]] = open_places


@dataclass(eq=False)
class _Laying:
    """What is laid out for one session: ``done`` once it is, or is not going to be; ``back`` once it is taken back."""

    done: asyncio.Future[None]
    back: asyncio.Future[None]
    wanted: bool = True


class SlotKeeping:
    """Serves all sessions in slots. What it does with files is done on other threads."""

    def __init__(self, accounts: SlotAccounts, homes: SlotHomes) -> None:
        self._accounts = accounts
        self._homes = homes
        self._sessions: dict[int, _Laying] = {}
        self._officers: dict[str, _Laying] = {}
        self._handing: set[asyncio.Future[None]] = set()

    async def lay(self, seat: Seat, wish: WantsKept) -> None:
        """Lay out what is kept of the officer, once for a session; an empty folder's name says that it was not."""
        if seat.session in self._sessions:
            return
        officer = f"{wish.issuer}#{wish.subject}"
        before = self._officers.get(officer)
        loop = asyncio.get_running_loop()
        laying = _Laying(loop.create_future(), loop.create_future())
        self._sessions[seat.session] = self._officers[officer] = laying
        try:
            if before is not None:
                await asyncio.wait([before.back], timeout=_BEFORE_WITHIN_S)
            if laying.wanted:
                seat.link.send(Kept(folder=await self._lay(seat, wish)))
        finally:
            laying.done.set_result(None)

    async def _lay(self, seat: Seat, wish: WantsKept) -> str:
        slot = self._homes.slot_of(seat.home.name)
        folder = self._homes.kept_of(seat.home)
        try:
            await asyncio.to_thread(self._accounts.kept.lay, wish.issuer, wish.subject, folder, slot.uid, slot.gid)
        except (LauncherError, OSError) as fault:
            reference = fault.reference if isinstance(fault, LauncherError) else type(fault).__name__
            say(_log, "kept-not-laid-out", level=logging.ERROR, session=seat.session, reference=reference)
            return ""
        return str(folder)

    async def take_back(self, seat: Seat) -> None:
        """Keep what the session changed of it; nothing of the session may live."""
        laying = self._sessions.get(seat.session)
        if laying is None:
            return
        laying.wanted = False
        try:
            await asyncio.wait([laying.done])  # nothing is to be laid where the session's folder is gone
            refused = await asyncio.to_thread(self._accounts.kept.take_back, self._homes.kept_of(seat.home))
        except Exception:
            # What it changed is lost; the session is cleared all the same.
            _log.exception("kept-not-taken-back")
        else:
            if refused:
                say(_log, "kept-refused", level=logging.ERROR, session=seat.session, remained=refused)
        finally:
            self._sessions.pop(seat.session, None)
            self._officers = {officer: one for officer, one in self._officers.items() if one is not laying}
            if not laying.back.done():
                laying.back.set_result(None)

    def hand_password(self, search: int) -> None:
        """Write the directory-search password into a session's pipe, if there is one, and close it."""
        handed = asyncio.get_running_loop().run_in_executor(None, self._write_password, search)
        self._handing.add(handed)
        handed.add_done_callback(self._handing.discard)

    def _write_password(self, search: int) -> None:
        # Less than a pipe holds: nobody waits for a session that does not read.
        try:
            password = self._accounts.search_password()
            if password is not None:
                with contextlib.suppress(BrokenPipeError):
                    os.write(search, password.reveal().encode())
        except (LauncherError, OSError) as fault:
            say(_log, "search-password-not-handed", level=logging.ERROR, fault=type(fault).__name__)
        finally:
            os.close(search)
