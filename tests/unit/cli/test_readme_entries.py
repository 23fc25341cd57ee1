"""The README's entries of hosts sign on and off as they stand there: only host and port are others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.servers import unix_host
from tests.servers.people import PASSWORD
from tests.servers.sshd import Sshd
from tests.unit.cli import test_recording
from tests.unit.cli import test_recording_hosts as hosts
from tests.unit.demo.conftest import Served, served

__all__ = ["served"]

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")


def entry(system: str, host: str, port: int) -> str:
    found = re.search(rf"`catalogue/{system}\.toml`.*?^```toml\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    assert found is not None
    text, replaced = re.subn(r'^host = ".*$', f'host = "{host}"\nport = {port}', found[1], flags=re.MULTILINE)
    assert replaced == 1
    return text


def test_the_3270_is_the_demos(served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bench = test_recording.Bench(tmp_path, served)
    system = "national-records"
    (bench.catalogue / f"{system}.toml").write_text(entry(system, *served.addresses.terminals[system]))
    assert bench.record(system) == 0
    assert "Signed off." in capsys.readouterr().out
    assert served.estate.accounts[system].signed_on == {}
    bench.file.unlink()
    assert bench.record(system, password="not-the-password") == 1
    assert "failed: NR012 OFFICER OR PASSWORD NOT KNOWN." in capsys.readouterr().out


def test_the_shell_is_any_over_ssh(ssh_host: Sshd, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bench = hosts.Bench(tmp_path, "", (unix_host.USER, PASSWORD), ssh_host.known_hosts)
    bench.entry.write_text(entry("dispatch-log", "localhost", ssh_host.port))
    assert bench.record() == 0
    assert "Signed off." in capsys.readouterr().out
