"""What doctor finds of further providers and of other forces' providers, on real servers."""

from __future__ import annotations

from pathlib import Path

from launcher.bootstrap.doctor.reach import reach_findings
from launcher.policy.settings import Settings
from tests.servers.apache_gssapi import HOST, Rosters
from tests.servers.basic_apache import Records
from tests.servers.certificates import Certificates
from tests.servers.kdc import REALM
from tests.servers.oidc import CLIENT_ID, OidcProvider


def settings(**sections: object) -> Settings:
    common = {"station": {"terminal": "FD-02"}, "sign_in": {"methods": ["local"]}, "local": {}}
    return Settings.model_validate(common | sections)


def courts(url: str) -> dict[str, object]:
    logon = {"markers": [{"means": "ready", "selector": "#in"}]}
    return {"name": "courts", "label": "Courts account", "url": url, "logon": logon}


def said(url: str, ca_file: Path | None) -> tuple[bool, str]:
    (found,) = reach_findings(settings(provider=[courts(url)], web={"private_ca_file": ca_file}))
    assert found.looked_at == "provider Courts account"
    return found.well, found.found


def test_a_further_provider_answers_is_away_or_has_a_certificate_that_nobody_trusts(
    records: Records, certificates: Certificates
) -> None:
    assert said(records.url, certificates.ca) == (True, "its page answers")
    well, found = said(records.url, certificates.other_ca)
    assert (well, "certificate refused" in found) == (False, True)
    well, found = said("https://127.0.0.1:9/", None)
    assert (well, found.startswith("no page: 127.0.0.1")) == (False, True)


def test_of_a_provider_by_ticket_it_is_said_whether_it_asks_for_one(
    rosters: Rosters, certificates: Certificates
) -> None:
    def look(place: str, ca_file: Path) -> tuple[bool, str]:
        by_ticket = {"name": "fs", "label": "Exhibits account", "url": f"{rosters.url}{place}", "sign_on": "kerberos"}
        kerberos = {"realm": REALM, "hosts": [HOST]}
        station = settings(provider=[by_ticket], kerberos=kerberos, web={"private_ca_file": ca_file})
        (found,) = reach_findings(station)
        return found.well, found.found

    shown = rosters.shown()
    assert look("on/", certificates.ca) == (True, "asks for a ticket")
    assert look("open/", certificates.ca) == (False, "answers, and asks for no ticket")
    well, found = look("", certificates.other_ca)
    assert (well, "was refused" in found) == (False, True)
    assert rosters.shown() == shown


def test_each_force_s_provider_is_looked_at_by_name(provider: OidcProvider, certificates: Certificates) -> None:
    force = {
        "name": "northshire",
        "label": "Northshire Police",
        "domains": ["northshire.example"],
        "authority": provider.issuer,
        "client_id": CLIENT_ID,
        "ca_file": certificates.ca,
    }
    (found,) = reach_findings(settings(force=[force]))
    assert found.looked_at == "provider of Northshire Police"
    assert (found.well, found.found) == (True, "answers, certificate and keys are good")
