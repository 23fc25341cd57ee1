"""A station behind an authenticating proxy that looks into TLS: the officer's own name and password let them out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.identity.local import hash_password
from launcher.secret import Secret
from tests.journeys.real_estate import ROOT
from tests.servers.basic_apache import READY, Records
from tests.servers.certificates import Certificates
from tests.servers.people import ALICE, PASSWORD
from tests.servers.squid import BEHIND, Squid, running_squid

pytestmark = [pytest.mark.needs("squid", "browser-engine", "browser-trust"), pytest.mark.timeout(120)]

STATION = """\
[station]
terminal = "FD-02"
[sign_in]
methods = ["local"]
[local]
[credentials]
keep = "off"
[proxy]
mode = "pac"
pac = "{pac}"
auth = "basic"
password_in_clear = true
ca_file = "{ca}"
"""
ARCHIVE = """\
name = "Archive"
kind = "web"
[web]
url = "{url}"
origins = ["{origin}"]
sign_on = "basic"
credential = "sign-in"
[[marker]]
means = "ready"
selector = "{ready}"
"""


@pytest.fixture
def inspecting(certificates: Certificates) -> Iterator[Squid]:
    """A proxy that looks into what goes by it."""
    with running_squid(certificates, looks_into_tls=True) as proxy:
        yield proxy


@pytest.fixture
def station(tmp_path: Path, behind_proxy: Records, inspecting: Squid) -> Path:
    (tmp_path / "catalogue").mkdir()
    entry = ARCHIVE.format(url=behind_proxy.url, origin=behind_proxy.origin, ready=READY)
    (tmp_path / "catalogue" / "archive.toml").write_text(entry)
    (tmp_path / "officers.toml").write_text(
        f'[[officer]]\nid = "1"\nuser_name = "{ALICE.uid}"\nnumber = "4471"\ndisplay_name = "Alice"\n'
        f'password = "{hash_password(Secret(PASSWORD))}"\n'
    )
    pac = tmp_path / "proxy.pac"
    pac.write_text(f"function FindProxyForURL() {{ return 'PROXY 127.0.0.1:{inspecting.port}'; }}")
    file = tmp_path / "station.toml"
    file.write_text(STATION.format(ca=inspecting.folder / "inspecting-ca.pem", pac=pac))
    return file


def tried(station: Path) -> tuple[int, str]:
    """Try the archive as IT does, a session with everything but a station."""
    given, giving = os.pipe()
    os.write(giving, f"{PASSWORD}\n".encode())
    os.close(giving)
    argv = [sys.executable, "-m", "launcher", "system", "try", "archive", "--user", ALICE.uid]
    argv += ["--password-fd", str(given), "--station", str(station), "--state", str(station.parent / "state")]
    try:
        done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, pass_fds=(given,), check=False)
    finally:
        os.close(given)
    return done.returncode, done.stdout + done.stderr


def test_a_system_behind_a_proxy_that_looks_into_tls_is_signed_on_to_and_nothing_goes_round_it(
    station: Path, inspecting: Squid, behind_proxy: Records
) -> None:
    status, said = tried(station)
    assert status == 0, said
    assert "ready after" in said
    assert behind_proxy.attempts(ALICE.uid).wrong == 0
    told = inspecting.told(f"{BEHIND}:{behind_proxy.port}", 2)  # the look whether it answers, and the page
    assert {(one.status, one.who) for one in told} == {(200, ALICE.uid)}
    assert inspecting.told(behind_proxy.url)[0].asked == "GET"  # it has seen the page itself
