"""Which store a station has, by its setting ``[credentials] keep``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from launcher.grants.key_files import FileKeyStore
from launcher.grants.key_store import KeyStore, OsKeyStore
from launcher.grants.sealed_store import SealedStore
from launcher.grants.store import CredentialStore, MemoryStore

KEYS, CREDENTIALS = "keys", "credentials"
"""The folders of the two below a state folder, and below a folder of what is kept of one officer."""

Keep = Literal["os", "file", "off"]


def key_store(keep: Keep, state_folder: Path) -> KeyStore | None:
    """Return where named keys are kept; None where nothing is. Nothing is opened yet."""
    match keep:
        case "os":
            return OsKeyStore()
        case "file":
            return FileKeyStore(state_folder / KEYS)
        case "off":
            return None


def key_store_for_slots(keep: Keep, state_folder: Path) -> KeyStore | None:
    """Return where a station with slot accounts keeps its keys: the system's key store is one account's alone."""
    return key_store("file" if keep == "os" else keep, state_folder)


def credential_store(keep: Keep, state_folder: Path) -> CredentialStore:
    """Return the store of officers' credentials under the station's state folder. Nothing is opened yet."""
    keys = key_store(keep, state_folder)
    return MemoryStore() if keys is None else SealedStore(state_folder / CREDENTIALS, keys)


def laid_store(folder: Path) -> CredentialStore:
    """Return the store of one officer's credentials that the station has laid out for a session of that officer."""
    if not (folder / KEYS).is_dir():
        return MemoryStore()  # nothing is kept here, or the station could not
    return SealedStore(folder / CREDENTIALS, FileKeyStore(folder / KEYS), one_officer=True)
