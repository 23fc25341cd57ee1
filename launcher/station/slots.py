"""Slot accounts: each session runs as one of them, so that what ends with it is a whole account's processes and files.

They are the members of one group, made by ``station install``. A station that runs as root on a computer without them
starts its sessions under its own account, as one that does not run as root does.
"""

from __future__ import annotations

import grp
import os
import pwd
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from launcher.station.errors import SlotAccountsFaultyError

SLOT_GROUP: Final = "station-slots"
SLOTS: Final = 6
"""As many as live at once at most: shown, spare, locked, a screen over it, one that ends, and one in reserve."""

_MOST: Final = 64


@dataclass(frozen=True, slots=True)
class Slot:
    """An account by its numbers; it need not stand in the system's book.

    ``group`` is the one all slots share: it reads the timings. ``more`` are further groups of the account.
    """

    name: str
    uid: int
    gid: int
    group: int
    more: tuple[int, ...] = ()

    @property
    def groups(self) -> tuple[int, ...]:
        """All supplementary groups."""
        return tuple(dict.fromkeys((self.group, *self.more)))


def slot_name(number: int) -> str:
    """Return the name of the slot account with this number, from 1."""
    return f"station-slot{number}"


def slots_here() -> tuple[Slot, ...]:
    """Return the slot accounts of this computer; none where this process is not root's or there are none.

    Raises :class:`SlotAccountsFaultyError` where one of them is no account of its own.
    """
    if os.geteuid() != 0:
        return ()
    try:
        group = grp.getgrnam(SLOT_GROUP)
    except KeyError:
        return ()
    accounts = [one for one in map(_account, (*_numbered(), *group.gr_mem)) if one is not None]
    slots = {
        one.pw_uid: Slot(one.pw_name, one.pw_uid, one.pw_gid, group.gr_gid, _groups_of(one))
        for one in accounts
        if one.pw_gid == group.gr_gid or one.pw_name in group.gr_mem
    }
    return checked(slots.values())


def checked(slots: Iterable[Slot]) -> tuple[Slot, ...]:
    """Return the slots if each is an account of its own, else raise :class:`SlotAccountsFaultyError`."""
    kept = tuple(slots)
    uids = [slot.uid for slot in kept]
    for slot in kept:
        if 0 in (slot.uid, slot.gid, slot.group) or 0 in slot.more or uids.count(slot.uid) > 1:
            raise SlotAccountsFaultyError(f"The slot account {slot.name} is root's or another slot's.")
    return kept


class SlotPool:
    """The slots nobody is in. One comes back only when it is known to be clean."""

    def __init__(self, slots: Iterable[Slot]) -> None:
        self._free = deque(slots)

    def take(self) -> Slot | None:
        """Return the slot that was free longest, or None."""
        return self._free.popleft() if self._free else None

    def give_back(self, slot: Slot) -> None:
        """Take back a slot in which nothing is left."""
        self._free.append(slot)


def _numbered() -> Iterable[str]:
    for number in range(1, _MOST + 1):
        if _account(slot_name(number)) is None:
            return
        yield slot_name(number)


def _account(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _groups_of(account: pwd.struct_passwd) -> tuple[int, ...]:
    return tuple(gid for gid in os.getgrouplist(account.pw_name, account.pw_gid) if gid != account.pw_gid)
