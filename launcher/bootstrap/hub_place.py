"""Where a hub's file, state and key are on this computer."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from launcher.grants.key_files import FileKeyStore
from launcher.hub.database import Database
from launcher.hub.errors import HubAlreadyRunsError, HubSettingsError
from launcher.hub.service import Hub
from launcher.hub.settings import HubSettings, read_settings
from launcher.secret import Secret
from launcher.signing import SigningKey

MACHINE_FILE: Final = Path("/etc/station-launcher/hub.toml")
MACHINE_STATE: Final = Path("/var/lib/station-launcher-hub")
KEY: Final = "hub-key"


@dataclass(frozen=True)
class HubPlace:
    """One hub here. ``file`` None: all defaults."""

    file: Path | None
    state: Path

    @classmethod
    def of(cls, file: Path | None, state: Path | None) -> HubPlace:
        """Return what was named on the command line, else the machine's."""
        if file is None and MACHINE_FILE.exists():
            file = MACHINE_FILE
        return cls(None if file is None else file.absolute(), (state or MACHINE_STATE).absolute())

    @cached_property
    def settings(self) -> HubSettings:
        """The hub's file, read. Raises :class:`HubSettingsError`."""
        return read_settings(self.file)

    def store(self) -> Database:
        """Return the store; nothing is opened yet. Raises :class:`HubSettingsError`."""
        self.make_state()
        return Database(self.settings.store.url or f"sqlite:///{self._own_file()}")

    def must_be_there(self) -> None:
        """Raise :class:`HubSettingsError` where no hub was ever: who only looks, at a mistyped place, begins none."""
        if self.state.exists():
            self.make_state()  # which it is already: another account's is named as that
        if not (self.state if self.settings.store.url else self._own_path()).exists():
            raise HubSettingsError(
                f"No hub has been served with the state folder {self.state}.",
                hint="Name its folder by --state. A new hub begins with station-launcher hub serve.",
            )

    @contextmanager
    def served_alone(self) -> Iterator[None]:
        """Hold the state folder of an SQLite store for the block: one process serves it.

        Raises :class:`HubAlreadyRunsError`, :class:`HubSettingsError`.
        """
        if self.settings.store.url:
            yield
            return
        self.make_state()
        lock = os.open(self.state / "hub.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise HubAlreadyRunsError(f"Another process serves the hub of {self.state}.") from None
            yield
        finally:
            os.close(lock)

    def key(self) -> SigningKey:
        """Return the key that this hub signs with, made when it is first wanted. Raises :class:`HubSettingsError`."""
        self.make_state()
        kept = FileKeyStore(self.state / "keys").add(KEY, Secret(SigningKey.made().to_keep()))
        try:
            return SigningKey.kept(kept.reveal())
        except ValueError:
            raise HubSettingsError(
                "The hub's key cannot be read.", hint=f"Put {self.state / 'keys'} back as it was."
            ) from None

    def hub(self, store: Database) -> Hub:
        """Return the hub for one command or process."""
        return Hub(self.settings, store, self.key())

    def _own_path(self) -> Path:
        return self.state / "hub.db"

    def _own_file(self) -> Path:
        """Return SQLite's file, which is its owner's alone from its first moment."""
        file = self._own_path()
        with suppress(OSError):  # who opens it says why it cannot be
            os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
        return file

    def make_state(self) -> None:
        """Make the state folder, for the hub's account alone. Raises :class:`HubSettingsError`.

        In another account's folder nothing is made: what root leaves there the hub itself could not read.
        """
        try:
            self.state.mkdir(mode=0o700, parents=True, exist_ok=True)
            owner = self.state.stat().st_uid
        except OSError as fault:
            raise HubSettingsError(f"The hub's state folder {self.state} cannot be made: {fault.strerror}.") from None
        if owner != os.geteuid():
            raise HubSettingsError(
                f"The hub's state folder {self.state} is another account's.",
                hint="Run this command as the hub's account, as its service does.",
            )
