"""What a station keeps reaches a session in an account of its own: by pipe and by folder, not by its state."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from launcher.bootstrap import parts
from launcher.bootstrap.slots import slot_accounts
from launcher.bootstrap.station_keys import station_passwords
from launcher.bootstrap.where import Where
from launcher.grants.credential import Credential
from launcher.grants.keeping import credential_store, key_store_for_slots, laid_store
from launcher.grants.key_files import FileKeyStore
from launcher.identity.officer import OfficerId
from launcher.secret import Secret
from launcher.station.environment import KEPT, SEARCH

STATION = """\
[station]
terminal = "FD-02"
helpdesk = "ext. 4100"
catalogue = "catalogue"

[sign_in]
methods = ["directory"]

[directory]
servers = ["ldaps://localhost"]
base = "dc=force"
search_as = "cn=lookup,dc=force"
"""
PASSWORD = "password of the search account"
OFFICER = OfficerId("directory", "4471")


@pytest.fixture
def where(tmp_path: Path) -> Where:
    (tmp_path / "catalogue").mkdir()
    station = tmp_path / "station.toml"
    station.write_text(STATION)
    return Where(station, tmp_path / "state")


def test_the_search_password_is_read_off_the_pipe_and_only_where_it_is_wanted(
    where: Where, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The station file says nothing of where keys are kept: the system's key store, which is no slot's.
    keys = key_store_for_slots("os", where.state)
    assert isinstance(keys, FileKeyStore)
    keys.put(parts.SEARCH_PASSWORD, Secret(PASSWORD))
    password = slot_accounts(where, ()).search_password()
    assert password is not None
    reads, writes = os.pipe()
    os.write(writes, password.reveal().encode())
    os.close(writes)
    monkeypatch.setenv(KEPT, str(where.state / "kept"))
    monkeypatch.setenv(SEARCH, str(reads))
    assert "directory" in parts.password_methods(where, where.settings())
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(reads)
    assert SEARCH not in os.environ


def test_the_proxy_s_password_is_handed_beside_it(where: Where, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = 'mode = "fixed"\nurl = "https://proxy.force.example"\nauth = "basic"\nuser = "fd-02"\n'
    where.station.write_text(f"{STATION}[proxy]\n{proxy}")
    keys = key_store_for_slots("os", where.state)
    assert keys is not None
    keys.put(parts.SEARCH_PASSWORD, Secret(PASSWORD))
    keys.put("proxy", Secret("password of the proxy"))
    handed = slot_accounts(where, ()).search_password()
    assert handed is not None
    reads, writes = os.pipe()
    os.write(writes, handed.reveal().encode())
    os.close(writes)
    monkeypatch.setenv(KEPT, str(where.state / "kept"))
    monkeypatch.setenv(SEARCH, str(reads))
    passwords = station_passwords(where, where.settings())
    assert passwords == {parts.SEARCH_PASSWORD: Secret(PASSWORD), "proxy": Secret("password of the proxy")}


def test_without_a_password_nothing_is_handed(where: Where, monkeypatch: pytest.MonkeyPatch) -> None:
    assert slot_accounts(where, ()).search_password() is None
    reads, writes = os.pipe()
    os.close(writes)
    monkeypatch.setenv(KEPT, str(where.state / "kept"))
    monkeypatch.setenv(SEARCH, str(reads))
    assert "directory" in parts.password_methods(where, where.settings())


def test_what_is_kept_is_laid_out_by_the_station_files_word(where: Where, tmp_path: Path) -> None:
    given = Credential("a.adams", Secret("an own password"))
    asyncio.run(credential_store("file", where.state).put(OFFICER, "custody", given))
    accounts = slot_accounts(where, ())
    folder = tmp_path / "kept"
    accounts.kept.lay(OFFICER.issuer, OFFICER.subject, folder, os.getuid(), os.getgid())
    kept = asyncio.run(laid_store(folder).get(OFFICER, "custody"))
    assert kept is not None
    assert kept.credential == given
    assert accounts.kept.take_back(folder) == ()
