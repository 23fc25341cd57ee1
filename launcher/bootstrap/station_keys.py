"""The station's own passwords, by name: which ones its file wants, and how a session in a slot is handed them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Final

from launcher.bootstrap.where import Where
from launcher.grants.keeping import key_store
from launcher.grants.key_store import KeyStore
from launcher.policy.settings import Settings
from launcher.secret import Secret
from launcher.station.environment import KEPT, SEARCH

SEARCH_PASSWORD: Final = "directory-search"  # noqa: S105 - a name
PROXY_PASSWORD: Final = "proxy"  # noqa: S105 - a name

StationKeys = Mapping[str, Secret]


def station_passwords(where: Where, settings: Settings) -> StationKeys:
    """Return the passwords that the station file wants, as far as there are any; those handed are read once."""
    if os.environ.get(KEPT):
        return _handed()
    return passwords_in(key_store(settings.credentials.keep, where.state), settings)


def passwords_in(keys: KeyStore | None, settings: Settings) -> StationKeys:
    """Return those that a key store has."""
    if keys is None:
        return {}
    found = {name: keys.get(name) for name in _wanted(settings)}
    return {name: password for name, password in found.items() if password is not None}


def as_handed(passwords: StationKeys) -> Secret | None:
    """Return what goes through the pipe; None where there is nothing to hand."""
    if not passwords:
        return None
    return Secret(json.dumps({name: password.reveal() for name, password in passwords.items()}))


def _wanted(settings: Settings) -> tuple[str, ...]:
    found = []
    if settings.directory is not None and settings.directory.search_as:
        found.append(SEARCH_PASSWORD)
    if settings.proxy.mode != "none" and settings.proxy.user:
        found.append(PROXY_PASSWORD)
    return tuple(found)


def _handed() -> StationKeys:
    """Read what the station hands to a session in a slot; it closes its end, whether there is anything or not."""
    descriptor = os.environ.pop(SEARCH, "")
    if not descriptor:
        return {}
    with os.fdopen(int(descriptor), "rb") as handed:
        text = handed.read()
    return {name: Secret(password) for name, password in json.loads(text).items()} if text else {}
