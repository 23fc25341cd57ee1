"""Where keys are kept: only places that keep them safely, and a real Secret Service where one is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import ClassVar

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, libsecret, null
from keyring.backends.SecretService import Keyring as SecretServiceKeyring

from launcher.grants.errors import KeyStoreUnavailableError, StoreDamagedError, StoreUnsafeError
from launcher.grants.keeping import credential_store, key_store
from launcher.grants.key_files import FileKeyStore
from launcher.grants.key_store import safe_backend
from launcher.grants.sealed_store import SealedStore
from launcher.grants.store import MemoryStore
from launcher.secret import Secret


class PlainText(KeyringBackend):
    """What an add-on might bring: a file in clear."""

    priority = -1  # type: ignore[assignment] # chosen by nobody but these tests

    def get_password(self, service: str, username: str) -> str | None:
        raise AssertionError("asked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("asked")


class Chain(chainer.ChainerBackend):
    """A chain of chosen backends."""

    backends: ClassVar[list[KeyringBackend]] = []  # type: ignore[assignment, misc]


@pytest.mark.parametrize("backend", [null.Keyring(), fail.Keyring(), PlainText()])
def test_what_keeps_nothing_or_in_clear_is_refused(backend: KeyringBackend) -> None:
    with pytest.raises(KeyStoreUnavailableError) as refused:
        safe_backend(backend)

    assert refused.value.detail == type(backend).__module__


@pytest.mark.parametrize("backend", [SecretServiceKeyring(), libsecret.Keyring()])
def test_the_systems_own_are_taken(backend: KeyringBackend) -> None:
    assert safe_backend(backend) is backend


def test_of_a_chain_the_safe_one_is_taken_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    safe = SecretServiceKeyring()
    monkeypatch.setattr(Chain, "backends", [PlainText(), safe])
    assert safe_backend(Chain()) is safe
    monkeypatch.setattr(Chain, "backends", [PlainText()])
    with pytest.raises(KeyStoreUnavailableError):
        safe_backend(Chain())


def test_a_key_file_is_made_once_and_for_us_alone(tmp_path: Path) -> None:
    keys = FileKeyStore(tmp_path / "keys")
    assert keys.get("directory-search") is None
    assert keys.add("directory-search", Secret("first")) == Secret("first")
    assert keys.add("directory-search", Secret("second")) == Secret("first")
    keys.put("directory-search", Secret("third"))
    assert FileKeyStore(tmp_path / "keys").get("directory-search") == Secret("third")
    (path,) = (tmp_path / "keys").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(StoreUnsafeError):
        keys.get("directory-search")
    assert keys.remove("directory-search")
    assert not keys.remove("directory-search")
    assert list((tmp_path / "keys").iterdir()) == []


def test_a_key_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    keys = FileKeyStore(tmp_path / "keys")
    keys.put("directory-search", Secret("a"))
    (tmp_path / "keys" / "directory-search.key").write_bytes(b"\xff\xfe")
    with pytest.raises(StoreDamagedError):
        keys.get("directory-search")


@pytest.mark.parametrize("name", ["", "../etc/passwd", "a/b", "."])
def test_a_name_leads_nowhere_else(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        FileKeyStore(tmp_path).get(name)


def test_the_setting_chooses_the_store(tmp_path: Path) -> None:
    assert isinstance(credential_store("off", tmp_path), MemoryStore)
    assert isinstance(credential_store("file", tmp_path), SealedStore)
    assert isinstance(credential_store("os", tmp_path), SealedStore)
    assert key_store("off", tmp_path) is None
    assert list(tmp_path.iterdir()) == []  # nothing is made before it is needed


KEYRING = textwrap.dedent(
    """
    import asyncio, sys
    from pathlib import Path
    from launcher.grants.credential import Credential
    from launcher.grants.key_store import OsKeyStore
    from launcher.grants.keeping import credential_store
    from launcher.identity.officer import OfficerId
    from launcher.secret import Secret

    async def story(folder):
        officer, given = OfficerId("https://id", "8f1c"), Credential("alice", Secret("a-password"))
        await credential_store("os", folder).put(officer, "custody", given)
        kept = await credential_store("os", folder).get(officer, "custody")
        assert kept is not None and kept.credential == given, kept
        keys = OsKeyStore()
        first = keys.get("credentials-key")
        assert first is not None and keys.add("credentials-key", Secret("another")) == first
        assert keys.get("directory-search") is None
        keys.put("directory-search", Secret("search-password"))
        assert keys.get("directory-search") == Secret("search-password")
        assert keys.remove("directory-search") and keys.get("directory-search") is None
        assert not keys.remove("directory-search")

    asyncio.run(story(Path(sys.argv[1])))
    print("kept")
    """
)
# The password is on standard input, without a line's end; it makes and unlocks the login collection.
BUS = 'printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$@"'


def test_a_real_secret_service_keeps_the_key(tmp_path: Path) -> None:
    absent = [name for name in ("dbus-run-session", "gnome-keyring-daemon") if shutil.which(name) is None]
    if absent:
        pytest.skip(f"needs gnome-keyring: {', '.join(absent)} not installed (Debian: dbus gnome-keyring)")
    folders = {name: tmp_path / name for name in ("home", "data", "config", "cache", "run")}
    for folder in folders.values():
        folder.mkdir(mode=0o700)
    root = Path(__file__).parents[3]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(root),
        "HOME": str(folders["home"]),
        "XDG_DATA_HOME": str(folders["data"]),
        "XDG_CONFIG_HOME": str(folders["config"]),
        "XDG_CACHE_HOME": str(folders["cache"]),
        "XDG_RUNTIME_DIR": str(folders["run"]),
    }
    state = tmp_path / "state"
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", BUS, "-", sys.executable, "-c", KEYRING, str(state)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.stdout.strip() == "kept", done.stderr
    assert not (state / "keys").exists()
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert b"a-password" not in path.read_bytes()
