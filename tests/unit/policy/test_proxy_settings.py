"""What a station file may say of the road out."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from launcher.addresses import host_matches
from launcher.errors import SettingsError
from launcher.policy.first_facts import facts_of, first_facts
from launcher.policy.proxy_settings import ProxySettings
from launcher.policy.station_file import load
from launcher.relay.ways import Proxy

STATION = '[station]\nterminal = "FD-02"\n[sign_in]\nmethods = ["local"]\n[local]\n[proxy]\n'


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"mode": "fixed"}, "needs the proxy's address"),
        ({"mode": "pac"}, "needs the PAC file"),
        ({"mode": "fixed", "url": "proxy.force.example:3128"}, "is not a proxy's address"),
        ({"mode": "fixed", "url": "socks5://proxy.force.example:1080"}, "is not a proxy's address"),
        ({"mode": "fixed", "url": "http://me:secret@proxy.force.example"}, "nothing else"),
        ({"mode": "fixed", "url": "http://proxy.force.example/path"}, "nothing else"),
        ({"mode": "pac", "pac": "http://wpad.force.example/proxy.pac"}, "https:// address or an absolute path"),
        ({"mode": "pac", "pac": "proxy.pac"}, "https:// address or an absolute path"),
        ({"mode": "fixed", "url": "http://p.example", "bypass": ["a/b"]}, "is not a host"),
        ({"mode": "fixed", "url": "http://p.example", "bypass": ["a.*.b"]}, "is not a host"),
        ({"mode": "fixed", "url": "http://p.example", "auth": "basic"}, "in clear"),
        ({"mode": "fixed", "url": "https://p.example", "user": "fd-02"}, "for auth = basic"),
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        ProxySettings.model_validate(given)


def test_what_is_said_becomes_the_relay_s_rules() -> None:
    assert ProxySettings().rules().mode == "none"
    given = {"mode": "fixed", "url": "http://P.example", "bypass": ["*.Force.example", "www.court.example"]}
    rules = ProxySettings.model_validate(given).rules()
    assert rules.proxy == Proxy("p.example", 3128)
    for host, bypassed in {
        "a.force.example": True,
        "A.B.force.example.": True,
        "force.example": False,
        "notforce.example": False,
        "www.court.example": True,
        "a.www.court.example": False,
    }.items():
        assert host_matches(host, rules.bypass) is bypassed, host
    assert ProxySettings.model_validate({"mode": "fixed", "url": "https://[2001:db8::1]:8443"}).rules().proxy == Proxy(
        "2001:db8::1", 8443, tls=True
    )


def test_a_ticket_needs_a_realm(tmp_path: Path) -> None:
    file = tmp_path / "station.toml"
    asks = 'mode = "fixed"\nurl = "http://p.example"\nauth = "kerberos"\n'
    file.write_text(STATION + asks)
    with pytest.raises(SettingsError) as caught:
        load(file, tmp_path / "none")
    assert "needs a section [kerberos]" in caught.value.detail
    file.write_text(f'{STATION}{asks}[kerberos]\nrealm = "FORCE.EXAMPLE"\n')
    assert load(file, tmp_path / "none").proxy.auth == "kerberos"


@pytest.mark.parametrize(
    "proxy", ["", 'mode = "none"\n', 'mode = "fixed"\nurl = "http://p.example"\nca_file = "ca.pem"\n']
)
def test_the_browser_s_start_knows_it_as_the_settings_do(tmp_path: Path, proxy: str) -> None:
    file = tmp_path / "station.toml"
    file.write_text(STATION + proxy)
    (tmp_path / "ca.pem").touch()
    first, checked = first_facts(file, tmp_path / "none"), facts_of(load(file, tmp_path / "none"))
    assert (first.proxied, first.proxy_ca_file) == (checked.proxied, checked.proxy_ca_file)
    assert first.proxied == ("fixed" in proxy)
    assert first.proxy_ca_file == (tmp_path / "ca.pem" if "ca.pem" in proxy else None)
