"""The hub's addresses in a station file: private roads only, and what proves an officer there."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.errors import SettingsError
from launcher.policy.settings import Settings
from launcher.policy.station_file import load

BEFORE = '[station]\nterminal = "FD-02"\n[sign_in]\nmethods = ["local"]\n[local]\n'


def _loaded(folder: Path, hub: str) -> Settings:
    file = folder / "station.toml"
    file.write_text(BEFORE + hub, encoding="utf-8")
    return load(file, folder / "none.toml")


def test_a_station_has_no_hub_unless_its_file_says_so(tmp_path: Path) -> None:
    assert _loaded(tmp_path, "").hub is None


def test_several_addresses_and_a_file_beside_the_station_file(tmp_path: Path) -> None:
    hub = _loaded(
        tmp_path, '[hub]\naddresses = ["https://hub.force.example", "http://127.0.0.1:8470"]\nca_file = "ca.pem"\n'
    ).hub
    assert hub is not None
    assert hub.addresses == ("https://hub.force.example", "http://127.0.0.1:8470")
    assert hub.ca_file == tmp_path / "ca.pem"
    assert hub.sockets


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("addresses = []", "may not be empty"),
        ('addresses = ["http://hub.force.example"]', "not https"),
        ('addresses = ["wss://hub.force.example"]', "not an https:// address"),
        ('addresses = ["https://hub.force.example/v1"]', "is not an origin"),
        ('addresses = ["https://u:p@hub.force.example"]', "no name or password"),
        ('addresses = ["https://hub.example", "https://hub.example"]', "once"),
        ('addresses = ["https://hub.example"]\npoll_s = 0', "poll_s"),
        ('addresses = ["https://hub.example"]\npoll_s = 61', "poll_s"),
        ('addresses = ["https://hub.example"]\nkerberos_host = "hub.example"', "[kerberos]"),
        ('addresses = ["https://hub.example"]\nkerberos_host = "https://hub.example"', "not a host"),
        ('addresses = ["https://hub.example"]\nadress = "x"', "addresses"),
    ],
)
def test_what_is_no_hub_is_refused(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(SettingsError) as refused:
        _loaded(tmp_path, f"[hub]\n{line}\n")
    assert says in f"{refused.value.message}\n{refused.value.detail}"
