"""The local stores under the contract."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from launcher.grants.key_files import FileKeyStore
from launcher.grants.sealed_store import SealedStore
from launcher.grants.store import CredentialStore, MemoryStore
from tests.contract.grants.store_contract import CredentialStoreContract


class TestMemoryStore(CredentialStoreContract):
    """In memory."""

    @pytest.fixture
    def make(self) -> Callable[[], CredentialStore]:
        return MemoryStore


class TestSealedStore(CredentialStoreContract):
    """In sealed files, with the key in a protected file."""

    @pytest.fixture
    def make(self, tmp_path: Path) -> Callable[[], CredentialStore]:
        return lambda: SealedStore(tmp_path / "credentials", FileKeyStore(tmp_path / "keys"))
