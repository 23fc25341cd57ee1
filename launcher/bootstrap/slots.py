"""What a station does for sessions in slot accounts: loaded when the first of it is due, not for the first screen."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from launcher.bootstrap.where import Where
from launcher.station.errors import SlotAccountsFaultyError
from launcher.station.slot_keeping import SlotAccounts
from launcher.station.slots import Slot, slots_here

if TYPE_CHECKING:
    from launcher.grants.key_store import KeyStore
    from launcher.grants.laid import LaidOut
    from launcher.policy.settings import Settings
    from launcher.secret import Secret


def slot_accounts(where: Where, slots: Sequence[Slot]) -> SlotAccounts:
    """Return the slots with what their sessions are given of this station's folder. Nothing is read yet."""
    kept = _Kept(where)
    return SlotAccounts(tuple(slots), kept, kept.search_password)


def has_slots() -> bool:
    """Say whether this computer has slot accounts, also where they are not as they must be."""
    try:
        return bool(slots_here())
    except SlotAccountsFaultyError:
        return True


def station_keys(where: Where, settings: Settings) -> KeyStore | None:
    """Return where this computer's station keeps its keys, also where it runs its sessions in slot accounts."""
    from launcher.grants.keeping import key_store, key_store_for_slots

    choose = key_store_for_slots if has_slots() else key_store
    return choose(settings.credentials.keep, where.state)


class _Kept:
    """Reads the station file when it is first asked, on the thread that asks."""

    def __init__(self, where: Where) -> None:
        self._where = where
        self._loading = threading.Lock()
        self._loaded: LaidOut | None = None

    def lay(self, issuer: str, subject: str, folder: Path, owner: int, group: int) -> None:
        """Lay out what is kept of an officer."""
        self._laid_out().lay(issuer, subject, folder, owner, group)

    def take_back(self, folder: Path) -> tuple[str, ...]:
        """Keep what has changed; return what was refused."""
        return self._laid_out().take_back(folder)

    def search_password(self) -> Secret | None:
        """Return the station's own passwords that a session needs: for the directory's search and for the proxy."""
        from launcher.bootstrap.station_keys import as_handed, passwords_in
        from launcher.grants.keeping import key_store_for_slots

        settings = self._where.settings()
        return as_handed(passwords_in(key_store_for_slots(settings.credentials.keep, self._where.state), settings))

    def _laid_out(self) -> LaidOut:
        with self._loading:
            if self._loaded is None:
                from launcher.grants.laid import LaidOut

                self._loaded = LaidOut(self._where.state, self._where.settings().credentials.keep)
            return self._loaded
