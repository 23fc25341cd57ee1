"""The record of an installation: what was put on the computer and what was there before; for root's eyes only.

It is written before each thing is done, so that a power cut leaves nothing that is not on it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from launcher.station.install.choices import RECORD
from launcher.station.install.errors import InstallRefusedError

Kind = Literal["group", "slot", "folder", "file", "link"]
_VERSION: Final = 1
_LINK: Final = "link:"


class Item(BaseModel):
    """One thing of ours. ``marks`` are hashes of a file of ours, two while one is replaced by another; ``before`` names
    the copy of what was in its place."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    what: str
    marks: tuple[str, ...] = ()
    before: str = ""
    starter: bool = False


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int
    items: tuple[Item, ...]


class Record:
    """The record below ``root``, and beside it the copies of files that were replaced."""

    def __init__(self, root: Path) -> None:
        """Read what there is. Raises :class:`InstallRefusedError` for one that cannot be read."""
        self.folder = root / RECORD.lstrip("/")
        self._file = self.folder / "installed.json"
        self._items = {(item.kind, item.what): item for item in self._read()}

    @property
    def items(self) -> tuple[Item, ...]:
        """All that is on it, in the order in which it was done."""
        return tuple(self._items.values())

    @property
    def to_take_away(self) -> tuple[Item, ...]:
        """All that is on it, in the order in which it can be taken away: what starts it first, folders when empty."""
        ranks: tuple[Kind, ...] = ("link", "file", "folder", "slot", "group")
        depth = {item.what: item.what.count("/") for item in self.items}
        return tuple(sorted(self.items, key=lambda item: (ranks.index(item.kind), -depth[item.what], item.what)))

    def get(self, kind: Kind, what: str) -> Item | None:
        """Return what is noted of one thing."""
        return self._items.get((kind, what))

    def note(self, item: Item) -> None:
        """Write down a thing that will be done now."""
        self._items[item.kind, item.what] = item
        self._write()

    def strike(self, item: Item) -> None:
        """Take a thing off that is no longer there, and its copy with it."""
        self._items.pop((item.kind, item.what), None)
        self._write()
        if item.before.startswith("saved/"):
            (self.folder / item.before).unlink(missing_ok=True)

    def save(self, file: Path) -> str:
        """Keep a copy of what stands at ``file``, with owner and mode; return its name for ``Item.before``."""
        if file.is_symlink():
            return f"{_LINK}{file.readlink()}"
        saved = self._made("saved")
        number = 1 + max((int(one.name) for one in saved.iterdir() if one.name.isdigit()), default=0)
        copy = saved / str(number)
        shutil.copy2(file, copy)
        status = file.stat()
        os.chown(copy, status.st_uid, status.st_gid)
        return f"saved/{number}"

    def put_back(self, before: str, file: Path) -> None:
        """Put what was saved where it was."""
        if before.startswith(_LINK):
            file.symlink_to(before.removeprefix(_LINK))
            return
        copy = self.folder / before
        status = copy.stat()
        shutil.copy2(copy, file)
        os.chown(file, status.st_uid, status.st_gid)

    def forget(self) -> None:
        """Remove the record, once nothing is on it."""
        if self.items:
            return
        shutil.rmtree(self.folder, ignore_errors=True)

    def _read(self) -> tuple[Item, ...]:
        try:
            untrusted = self._file.read_bytes()
        except FileNotFoundError:
            return ()
        except OSError as fault:
            raise InstallRefusedError(f"{self._file} cannot be read: {fault.strerror}.") from None
        try:
            written = _Written.model_validate_json(untrusted)
        except ValidationError:
            written = None
        if written is None or written.version != _VERSION:
            raise InstallRefusedError(
                f"{self._file} is not a record of this version.",
                hint="Use the version that wrote it, or remove by hand what the help page station-install lists.",
            )
        return written.items

    def _write(self) -> None:
        folder = self._made(".")
        document = {"version": _VERSION, "items": [item.model_dump() for item in self.items]}
        fresh = folder / "installed.json.new"
        with fresh.open("w", encoding="utf-8") as file:
            file.write(json.dumps(document, indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(0o600)
        fresh.replace(self._file)

    def _made(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder


def mark_of(content: bytes) -> str:
    """Return a file's hash, by which a change is known."""
    return hashlib.sha256(content).hexdigest()
