"""A station behind an authenticating proxy that looks into TLS: the officer's own name and password let them out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.demo.report import Run
from launcher.identity.local import hash_password
from launcher.secret import Secret
from tests.journeys.played import station_command
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


async def sat(station: Path) -> Run:
    """An officer's hands log on, open the archive and log off, on the station's own command."""
    seen = Run()
    options = ["--leave-out", str(ROOT), "--station", str(station), "--state", str(station.parent / "state")]
    async with station_command(options) as started:
        officer = await started.players.first()
        await officer.do("log-on", user_name=ALICE.uid, secret=PASSWORD)
        await officer.do("open-my-systems")
        await officer.go("log-off")
        await started.next("ResidueChecked")
        for event in started.events:
            seen.take(event)
    return seen


def test_a_system_behind_a_proxy_that_looks_into_tls_is_signed_on_to_and_nothing_goes_round_it(
    station: Path, inspecting: Squid, behind_proxy: Records
) -> None:
    seen = asyncio.run(sat(station))
    assert {record.system: (record.outcome, record.reference, record.prompts) for record in seen.launches.values()} == {
        "archive": ("ready", None, 0)
    }
    assert behind_proxy.attempts(ALICE.uid).wrong == 0
    told = inspecting.told(f"{BEHIND}:{behind_proxy.port}", 2)  # the look whether it answers, and the page
    assert {(one.status, one.who) for one in told} == {(200, ALICE.uid)}
    assert inspecting.told(behind_proxy.url)[0].asked == "GET"  # it has seen the page itself

    # The passwords of relay and proxy were searched for as well.
    assert seen.residue is not None
    assert seen.residue["scanned"]
    assert (seen.residue["found"], seen.residue["unscanned"]) == ([], [])
