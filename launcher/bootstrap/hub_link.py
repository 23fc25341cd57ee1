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
    from launcher.grants.key_store import KeyStore
    from launcher.policy.settings import Settings
    from launcher.signing import SigningKey


def hub_link(where: Where) -> HubThread | None:
    """Return the link; None where no file names a hub. Nothing is loaded before its thread begins."""
    if not any(_mentions_a_hub(file) for file in (where.station, MACHINE_POLICY)):
        return None
    return HubThread(_Place(where), where.state)


def hub_keys(where: Where, settings: Settings) -> KeyStore:
    """Return where the station's key for the hub is: with the station's other keys, or in a file where it keeps none.

    A station that is enrolled has a key, also where ``[credentials] keep`` is off: that is about officers'.
    """
    from launcher.bootstrap.slots import station_keys
    from launcher.grants.keeping import KEYS
    from launcher.grants.key_files import FileKeyStore

    return station_keys(where, settings) or FileKeyStore(where.state / KEYS)


def station_key(where: Where, settings: Settings) -> SigningKey | None:
    """Return the station's key, if it has one. Raises :class:`LauncherError`."""
    from launcher.grants.errors import StoreDamagedError
    from launcher.signing import SigningKey
    from launcher.station.hub.enrolment import KEY_NAME

    kept = hub_keys(where, settings).get(KEY_NAME)
    if kept is None:
        return None
    try:
        return SigningKey.kept(kept.reveal())
    except ValueError:
        raise StoreDamagedError("The station's key for the hub is damaged.", detail=KEY_NAME) from None


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

    def key(self) -> SigningKey | None:
        """Return the station's key, if there is one."""
        return station_key(self._where, self._where.settings())
