"""A station's road to its hub, put together: loaded behind the first screen, and where there is a hub only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from launcher import __version__
from launcher.bootstrap.where import Where
from launcher.policy.layers import MACHINE_POLICY
from launcher.station.hub.place import HubFacts
from launcher.station.hub.thread import HubThread

if TYPE_CHECKING:
    from launcher.errors import LauncherError
    from launcher.grants.key_store import KeyStore
    from launcher.policy.settings import Settings
    from launcher.signing import SigningKey


def hub_link(where: Where) -> HubThread | None:
    """Return the link; None where no file names a hub. Nothing is loaded before its thread begins."""
    if not any(_mentions_a_hub(file) for file in (where.station, MACHINE_POLICY)):
        return None
    return HubThread(_Place(where), where.state)


def keep_station_key(where: Where, settings: Settings, name: str, key: SigningKey) -> None:
    """Keep the key of an enrolment under a name: in the system's key store, or in a protected file where it has none.

    A station that is enrolled has a key, also where ``[credentials] keep`` is off: that is about officers'.
    """
    from launcher.grants.errors import KeyStoreLockedError, KeyStoreUnavailableError
    from launcher.secret import Secret

    first, *others = _key_stores(where, settings)
    try:
        first.put(name, Secret(key.to_keep()))
    except (KeyStoreUnavailableError, KeyStoreLockedError):
        if not others:
            raise
        others[0].put(name, Secret(key.to_keep()))


def remove_station_key(where: Where, settings: Settings, name: str) -> None:
    """Keep such a key no longer, wherever it was kept. Raises :class:`LauncherError` where a store cannot be asked."""
    from launcher.grants.errors import KeyStoreLockedError, KeyStoreUnavailableError

    why: LauncherError | None = None
    for store in _key_stores(where, settings):
        try:
            if store.remove(name):
                return
        except (KeyStoreUnavailableError, KeyStoreLockedError) as fault:
            why = fault
    if why is not None:
        raise why


def station_key(where: Where, settings: Settings, station: str) -> SigningKey | None:
    """Return the key of an enrolment, wherever it was kept. Raises :class:`LauncherError`."""
    from launcher.grants.errors import KeyStoreLockedError, KeyStoreUnavailableError, StoreDamagedError
    from launcher.signing import SigningKey
    from launcher.station.hub.enrolment import key_name

    why: LauncherError | None = None
    for store in _key_stores(where, settings):
        try:
            kept = store.get(key_name(station))
        except (KeyStoreUnavailableError, KeyStoreLockedError) as fault:
            why = fault
            continue
        if kept is not None:
            try:
                return SigningKey.kept(kept.reveal())
            except ValueError:
                raise StoreDamagedError("The station's key for the hub is damaged.", detail=key_name(station)) from None
    if why is not None:
        raise why
    return None


def _key_stores(where: Where, settings: Settings) -> tuple[KeyStore, ...]:
    from launcher.bootstrap.slots import station_keys
    from launcher.grants.keeping import KEYS
    from launcher.grants.key_files import FileKeyStore

    files = FileKeyStore(where.state / KEYS)
    first = station_keys(where, settings)
    return (files,) if first is None or isinstance(first, FileKeyStore) else (first, files)


def _mentions_a_hub(file: Path) -> bool:
    """Say whether there may be a hub in a file: reading it properly costs more than a first screen has."""
    try:
        return b"hub" in file.read_bytes()
    except OSError:
        return False


class _Place:
    """Reads the station file when it is first asked, on the thread that asks."""

    def __init__(self, where: Where) -> None:
        self._where = where

    def facts(self) -> HubFacts | None:
        """Return what the station file says; None: there is no hub in it."""
        from launcher.policy.first_facts import names_a_hub

        if not names_a_hub(self._where.station):
            return None
        settings = self._where.settings()
        hub = settings.hub
        if hub is None:
            return None
        return HubFacts(
            hub.addresses, hub.ca_file, hub.sockets, hub.poll_s, settings.station.terminal, settings.station.place,
            __version__,
        )  # fmt: skip

    def key(self, station: str) -> SigningKey | None:
        """Return the key of an enrolment, if there is one."""
        return station_key(self._where, self._where.settings(), station)
