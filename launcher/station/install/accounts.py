"""The slot accounts: each session runs as one of them, and "clean" means no process and no file of that account."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from launcher.station.install.errors import InstallRefusedError
from launcher.station.slots import SLOT_GROUP, SLOTS, slot_name

NO_HOME: Final = "/nonexistent"
NO_SHELL: Final = "/usr/sbin/nologin"
_COMMENT: Final = "Station Launcher, one session at a time"
_HIGHEST_SYSTEM_ID: Final = 999
DEVICE_GROUPS: Final = ("audio", "render", "video")
"""The only further groups a slot may be given: sound and the graphics processor, where a force needs them."""


def slot_names(slots: int = SLOTS) -> tuple[str, ...]:
    """Return the names of the slot accounts."""
    return tuple(slot_name(number) for number in range(1, slots + 1))


@dataclass(frozen=True, slots=True)
class Account:
    """One account as the files of a system describe it; ``locked`` is None where the shadow file may not be read."""

    name: str
    uid: int
    group: str
    home: str
    shell: str
    locked: bool | None
    others: tuple[str, ...]


class AccountFiles:
    """The accounts of the system below ``root``: read from its files, changed by the system's own tools."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def group_exists(self, name: str) -> bool:
        """Say whether there is a group of this name."""
        return any(row[0] == name for row in self._rows("group"))

    def account(self, name: str) -> Account | None:
        """Return the account of this name, if there is one."""
        row = next((row for row in self._rows("passwd") if row[0] == name and len(row) == 7), None)
        if row is None:
            return None
        groups = [group for group in self._rows("group") if len(group) == 4]
        own = next((group[0] for group in groups if group[2] == row[3]), row[3])
        others = tuple(group[0] for group in groups if name in group[3].split(","))
        return Account(name, int(row[2]), own, row[5], row[6], self._locked(name), others)

    def make_group(self, name: str) -> None:
        """Make a system group. Raises ``subprocess.CalledProcessError``."""
        self._run("groupadd", "--system", name)

    def remove_group(self, name: str) -> None:
        """Remove a group. Raises ``subprocess.CalledProcessError``."""
        self._run("groupdel", name)

    def make_account(self, name: str, groups: Sequence[str]) -> None:
        """Make a slot account: no password, no shell, no home. Raises ``subprocess.CalledProcessError``."""
        more = ("--groups", ",".join(groups)) if groups else ()
        self._run(*useradd_words(), *more, name)

    def set_groups(self, name: str, groups: Sequence[str]) -> None:
        """Give a slot account these further groups and no others. Raises ``subprocess.CalledProcessError``."""
        self._run("usermod", "--groups", ",".join(groups), name)

    def remove_account(self, name: str) -> None:
        """Remove an account. Raises ``subprocess.CalledProcessError``: a process of it may be alive."""
        self._run("userdel", name)

    def _run(self, tool: str, *words: str) -> None:
        where = () if self._root == Path("/") else ("--prefix", str(self._root))
        subprocess.run([found(tool), *where, *words], check=True, capture_output=True, text=True, timeout=60)

    def _rows(self, name: str) -> list[list[str]]:
        try:
            text = (self._root / "etc" / name).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return []
        return [line.split(":") for line in text.splitlines() if line]

    def _locked(self, name: str) -> bool | None:
        row = next((row for row in self._rows("shadow") if row[0] == name and len(row) > 1), None)
        return row[1].startswith(("!", "*")) if row is not None else None


def useradd_words() -> tuple[str, ...]:
    """Return the command that makes a slot account, without its name."""
    return (
        *("useradd", "--system", "--no-user-group", "--gid", SLOT_GROUP, "--no-create-home"),
        *("--home-dir", NO_HOME, "--shell", NO_SHELL, "--comment", _COMMENT),
    )


def found(tool: str) -> str:
    """Return the path of a tool of the system's. Raises :class:`InstallRefusedError`."""
    path = shutil.which(tool, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if path is None:
        raise InstallRefusedError(f"This system has no {tool}.", hint="Install the Debian package passwd.")
    return path


def unfit(account: Account, allowed: Sequence[str] = DEVICE_GROUPS) -> tuple[str, ...]:
    """Return what is wrong with a slot account, one thing each; empty for one that is as it should be."""
    wrong = []
    if not 0 < account.uid <= _HIGHEST_SYSTEM_ID:
        wrong.append(f"its number is {account.uid}, not a system account's")
    if account.group != SLOT_GROUP:
        wrong.append(f"its group is {account.group}, not {SLOT_GROUP}")
    if account.shell.rpartition("/")[2] not in ("nologin", "false"):
        wrong.append(f"its shell is {account.shell}")
    if account.home != NO_HOME:
        wrong.append(f"its home is {account.home}")
    if account.locked is False:
        wrong.append("it has a password")
    more = sorted(set(account.others) - set(allowed))
    if more:
        wrong.append(f"it is in {', '.join(more)}")
    return tuple(wrong)
