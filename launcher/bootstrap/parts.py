"""Builds what a session is made of; loads every client, so it is called once the first screen is painted."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from launcher.bootstrap.road import open_road
from launcher.bootstrap.station_keys import SEARCH_PASSWORD, StationKeys, station_passwords
from launcher.bootstrap.tickets import officer_tickets
from launcher.bootstrap.where import Where
from launcher.catalogue.catalogue import Catalogue, load
from launcher.catalogue.keyboards import FOLDER as KEYBOARDS
from launcher.catalogue.keyboards import files_of as keyboard_files
from launcher.connectors.base import address_of, judge_of, kinds_of, plan_of
from launcher.connectors.program import ProgramConnector
from launcher.connectors.terminal import TerminalConnector
from launcher.connectors.web import WebConnector
from launcher.display.ports import LockKey, NoLockKey
from launcher.grants.keeping import credential_store, laid_store
from launcher.hub_client.officer import OfficerRoad
from launcher.hub_client.proved import Proof, Refused
from launcher.identity.federated import FederatedMethod
from launcher.identity.local import LocalMethod
from launcher.identity.officer import OfficerId
from launcher.identity.proof import PasswordMethod
from launcher.policy.settings import Settings
from launcher.session.favourites import Favourites
from launcher.session.parts import Parts, Usual, nothing_to_wait_for
from launcher.session.ports import NothingOutside, Outside, Screen, Station, Surfaces
from launcher.session.week import read_week
from launcher.sign_on.trace import Trace
from launcher.station.environment import KEPT
from launcher.timings import SpoolReader, usual_by_system_ms, usual_sign_in_ms

CONNECTORS = (WebConnector(), ProgramConnector(), TerminalConnector())


class CatalogueReader:
    """Reads the station's catalogue, and reads it again only when a file of it has changed.

    A spare reads it before anybody types: 750 entries take a third of a second.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seen: frozenset[tuple[str, int, int]] | None = None
        self._read: Catalogue | None = None

    def __call__(self) -> Catalogue:
        """Return the catalogue as it is now."""
        seen = self._look()
        if self._read is None or seen != self._seen:
            self._seen, self._read = seen, read_catalogue(self._settings)
        return self._read

    def _look(self) -> frozenset[tuple[str, int, int]] | None:
        folder = self._settings.station.catalogue
        try:
            with os.scandir(folder) as entries:
                rows = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(".toml")]
            rows += [(f"{KEYBOARDS}/{file.name}", file.stat()) for file in keyboard_files(folder)]
        except OSError:
            return None
        return frozenset((name, row.st_mtime_ns, row.st_size) for name, row in rows)


def read_catalogue(settings: Settings) -> Catalogue:
    """Read the station's catalogue with all connectors and the station's policy."""
    return load(settings.station.catalogue, kinds_of(CONNECTORS), judge_of(CONNECTORS, settings))


def session_parts(
    where: Where,
    settings: Settings,
    *,
    surfaces: Surfaces,
    screen: Screen,
    station: Station,
    outside: Outside | None = None,
    lock_key: LockKey | None = None,
    kept: Callable[[OfficerId], Awaitable[None]] = nothing_to_wait_for,
    residue_check: bool = False,
    trace: Callable[[str], Trace | None] = lambda _: None,
) -> Parts:
    """Build the parts of a session of this station."""
    keys = station_passwords(where, settings)
    open_road(settings, keys)
    reader = SpoolReader(where.spool)
    kept_in = laid_out()
    return Parts(
        settings=settings,
        methods=password_methods(where, settings, keys),
        federation=FederatedMethod(settings.federated) if settings.federated else None,
        forces={force.method: FederatedMethod(force) for force in settings.force},
        catalogue=CatalogueReader(settings),
        plan=lambda entry: plan_of(CONNECTORS, entry, settings),
        address=lambda entry: address_of(CONNECTORS, entry),
        store=lambda: laid_store(kept_in) if kept_in else credential_store(settings.credentials.keep, where.state),
        favourites=Favourites((kept_in or where.state) / "favourites"),
        usual=Usual(sign_in=lambda: usual_sign_in_ms(reader), systems=lambda: usual_by_system_ms(reader)),
        tickets=lambda sign_in: officer_tickets(settings, sign_in),
        surfaces=surfaces,
        screen=screen,
        station=station,
        week=lambda: read_week(reader),
        outside=outside or NothingOutside(),
        lock_key=lock_key or NoLockKey(),
        kept=kept,
        residue_check=residue_check,
        trace=trace,
        officer_road=officer_road(settings),
    )


def officer_road(settings: Settings) -> Callable[[Proof, Refused], OfficerRoad] | None:
    """Return what makes an officer's road to the hub; None where this station has none."""
    hub = settings.hub
    if hub is None:
        return None

    def made(proof: Proof, refused: Refused) -> OfficerRoad:
        from launcher.hub_client.road import HubRoad  # late: its library costs every other session 0.3 s

        return OfficerRoad(HubRoad(hub.addresses, hub.ca_file), proof, refused)

    return made


def password_methods(where: Where, settings: Settings, keys: StationKeys | None = None) -> Mapping[str, PasswordMethod]:
    """Return the methods that take a name and password, as the station file names them."""
    methods: dict[str, PasswordMethod] = {}
    if settings.local is not None and "local" in settings.sign_in.methods:
        methods["local"] = LocalMethod(settings.local)
    if settings.directory is not None and "directory" in settings.sign_in.methods:
        from launcher.identity.directory import DirectoryMethod  # late: ldap3 costs a local station 0.15 s

        keys = station_passwords(where, settings) if keys is None else keys
        methods["directory"] = DirectoryMethod(settings.directory, search_password=keys.get(SEARCH_PASSWORD))
    return methods


def laid_out() -> Path | None:
    """Return where the station lays out what is kept of this session's officer; None where it may be read itself."""
    folder = os.environ.get(KEPT)
    return Path(folder) if folder else None
