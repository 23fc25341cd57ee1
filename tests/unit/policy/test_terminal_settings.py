"""What the station file says of hosts with terminals."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.errors import SettingsError
from launcher.policy.settings import Settings
from launcher.policy.station_file import load
from launcher.policy.toml_faults import unknown

FILE = '[station]\nterminal = "FD-02"\n[sign_in]\nmethods = ["local"]\n[local]\n[terminals]\n'


def loaded(tmp_path: Path, terminals: str) -> Settings:
    file = tmp_path / "station.toml"
    file.write_text(FILE + terminals, encoding="utf-8")
    return load(file, tmp_path / "no-policy.toml")


def test_by_default_nothing_goes_in_clear_no_host_is_known_and_nothing_is_written_down(tmp_path: Path) -> None:
    terminals = loaded(tmp_path, "").terminals
    assert (terminals.hosts, terminals.telnet_hosts) == ((), ())
    assert (terminals.known_hosts, terminals.ca_file, terminals.session_logs) == (None, None, None)


def test_its_files_stand_beside_the_station_file(tmp_path: Path) -> None:
    terminals = loaded(tmp_path, 'known_hosts = "hosts"\nca_file = "/etc/ca.pem"\nsession_logs = ""\n').terminals
    assert (terminals.known_hosts, terminals.ca_file) == (tmp_path / "hosts", Path("/etc/ca.pem"))
    assert terminals.session_logs is None


@pytest.mark.parametrize("host", ["Dispatch.Force.Example", "*.force.example", "10.1.2.3", "fe80::1", "dispatch"])
def test_hosts_that_may_be_allowed(tmp_path: Path, host: str) -> None:
    terminals = loaded(tmp_path, f'telnet_hosts = ["{host}"]\nhosts = ["{host}"]\n').terminals
    assert (terminals.hosts, terminals.telnet_hosts) == ((host.lower(),), (host.lower(),))


@pytest.mark.parametrize("host", ["", "*", "*.", "a b", "telnet://a", "a:23", "a/b", "a.*.example", "-a", "me@a"])
@pytest.mark.parametrize("setting", ["hosts", "telnet_hosts"])
def test_what_is_no_host_is_refused_with_its_line(tmp_path: Path, setting: str, host: str) -> None:
    with pytest.raises(SettingsError) as refused:
        loaded(tmp_path, f'{setting} = ["{host}"]\n')
    assert f"station.toml:7:1: {host!r} is not a host" in refused.value.detail


def test_a_near_name_is_found_whatever_its_case() -> None:
    assert unknown("key", "pf33", ["PF3", "Enter"]) == "unknown key 'pf33', did you mean 'PF3'?"
