"""Which store a station has, by its setting ``[credentials] keep``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from launcher.grants.key_files import FileKeyStore
from launcher.grants.key_store import KeyStore, OsKeyStore
from launcher.grants.sealed_store import SealedStore
from launcher.grants.store import CredentialStore, MemoryStore

Keep = Literal["os", "file", "off"]


def key_store(keep: Keep, state_folder: Path) -> KeyStore | None:
    """Return where named keys are kept; None where nothing is. Nothing is opened yet."""
    match keep:
        case "os":
            return OsKeyStore()
        case "file":
            return FileKeyStore(state_folder / "keys")
        case "off":
            return None


def credential_store(keep: Keep, state_folder: Path) -> CredentialStore:
    """Return the store of officers' credentials under the station's state folder. Nothing is opened yet."""
    keys = key_store(keep, state_folder)
    return MemoryStore() if keys is None else SealedStore(state_folder / "credentials", keys)
