"""What doctor says of the road out, with a real proxy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.bootstrap.doctor import clock
from launcher.bootstrap.doctor.proxy import proxy_findings
from launcher.bootstrap.doctor.reach import reach_findings
from launcher.bootstrap.road import one_look
from launcher.bootstrap.where import Where
from launcher.cli import main
from launcher.grants.keeping import key_store
from launcher.relay.road import way_out
from launcher.secret import Secret
from tests.servers.basic_apache import Records
from tests.servers.people import ALICE, PASSWORD
from tests.servers.process import ReservedPort
from tests.servers.squid import BEHIND, Squid

FILE = """\
[station]
terminal = "T1"
[sign_in]
methods = ["local"]
[local]
[credentials]
keep = "file"
[proxy]
"""
ENTRY = """\
name = "Archive"
kind = "web"
[web]
url = "{url}"
origins = ["{origin}"]
sign_on = "none"
"""


def found(station: Where, proxy: str) -> dict[str, str]:
    station.station.write_text(FILE + proxy)
    settings = station.settings()
    with one_look(station, settings):
        rows = list(proxy_findings(settings, ""))
    assert way_out() is None
    return {row.looked_at: f"{'ok' if row.well else 'look'}: {row.found}" for row in rows}


@pytest.fixture
def station(tmp_path: Path, behind_proxy: Records) -> Where:
    (tmp_path / "catalogue").mkdir()
    entry = ENTRY.format(url=behind_proxy.url, origin=behind_proxy.origin)
    (tmp_path / "catalogue" / "archive.toml").write_text(entry)
    where = Where(tmp_path / "station.toml", tmp_path / "state")
    keys = key_store("file", where.state)
    assert keys is not None
    keys.put("proxy", Secret(PASSWORD))
    return where


def test_the_road_is_said_and_gone_to_its_end(
    station: Where, proxy: Squid, behind_proxy: Records, capsys: pytest.CaptureFixture[str]
) -> None:
    fixed = f'mode = "fixed"\nurl = "{proxy.url}"\nauth = "basic"\nuser = "{ALICE.uid}"\npassword_in_clear = true\n'
    said = found(station, fixed)
    assert said["road out"] == f"ok: by {proxy.url}: 1 of the systems' hosts by a proxy, 0 direct"
    assert said[f"proxy 127.0.0.1:{proxy.port}"] == "ok: takes connections"
    assert said[f"let out by the proxy to {BEHIND}"] == "ok: yes"
    assert proxy.told(f"{BEHIND}:{behind_proxy.port}")[-1].who == ALICE.uid
    assert "may go in clear" in said["password of the proxy"]
    main(["doctor", "--json", "--station", str(station.station), "--state", str(station.state)])
    rows = json.loads(capsys.readouterr().out)["findings"]
    assert [row["found"] for row in rows if row["looked_at"] == f"let out by the proxy to {BEHIND}"] == ["yes"]
    said = found(station, fixed.replace(ALICE.uid, "nobody"))
    assert said[f"let out by the proxy to {BEHIND}"].startswith("look: The proxy has refused who asks")
    assert found(station, "")["road out"] == "ok: direct: the station file names no proxy"


@pytest.fixture
def away() -> Iterator[ReservedPort]:
    port = ReservedPort()
    yield port
    port.release()


def test_a_pac_file_and_a_proxy_that_is_away(station: Where, proxy: Squid, away: ReservedPort, tmp_path: Path) -> None:
    pac = tmp_path / "proxy.pac"
    pac.write_text(f"function FindProxyForURL() {{ return 'PROXY 127.0.0.1:{away.number}; DIRECT'; }}")
    said = found(station, f'mode = "pac"\npac = "{pac}"\nauth = "basic"\n')
    assert said["PAC file"] == f"ok: {pac} decides for 1 hosts: 1 of the systems' hosts by a proxy, 0 direct"
    assert said[f"proxy 127.0.0.1:{away.number}"].startswith("look: The proxy")
    assert "tried at the first log-on" in said["let out by the proxy"]
    # What is behind it waits for an officer, and is no fault of the station's.
    pac.write_text(f"function FindProxyForURL() {{ return 'PROXY 127.0.0.1:{proxy.port}'; }}")
    provider = f'[federated]\nauthority = "https://{BEHIND}/oidc"\nclient_id = "station"\n'
    station.station.write_text(
        f'{FILE}mode = "pac"\npac = "{pac}"\nauth = "basic"\npassword_in_clear = true\n{provider}'
    )
    settings = station.settings()
    with one_look(station, settings):
        (answers,) = reach_findings(settings)
        skew = clock.skew(f"https://{BEHIND}/oidc", None)
    assert answers.by_hand
    assert answers.well
    assert skew.by_hand
    pac.write_text("function FindProxyForURL() { return 'SOCKS a.example:1'; }")
    assert "names no way" in found(station, f'mode = "pac"\npac = "{pac}"\n')["PAC file"]


def test_a_look_takes_the_road_along_again(station: Where, proxy: Squid) -> None:
    station.station.write_text(f'{FILE}mode = "fixed"\nurl = "{proxy.url}"\n')
    with one_look(station, station.settings()):
        road = way_out()
        assert road is not None
    assert way_out() is None
    with pytest.raises(OSError, match="refused"):
        road.connect_blocking("a.example", 443)
