"""Real SAML and CAS systems are ready by their provider's session, signed on to once, by catalogue files alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from launcher.recipes.steps import Place
from launcher.sign_on.driver import WebDriver
from tests.servers import cas, simplesaml
from tests.servers.apache_cas import Courts
from tests.servers.apache_oidc import Warrants
from tests.servers.attempts import Attempts
from tests.servers.cas import CasServer
from tests.servers.certificates import Certificates
from tests.servers.mellon import Exhibits
from tests.servers.oidc import CLIENT_ID, OidcProvider
from tests.servers.people import ALICE, BOB, CAROL, DAVE, PASSWORD, WRONG_PASSWORD, Person
from tests.servers.simplesaml import SimpleSaml
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.launching import Sitting, own, settings
from tests.shell.surfaces.site import Site

pytestmark = [pytest.mark.usefixtures("qapp"), pytest.mark.needs("browser-trust")]

SYSTEM = """
name = "{name}"
kind = "web"
[web]
url = "{url}"
sign_on = "federated"
provider = "{provider}"
[[marker]]
means = "ready"
selector = "main#ready"
"""


def _fill(username: str, password: str, submit: str) -> list[dict[str, str]]:
    return [
        {"do": "fill", "field": username, "value": "{username}"},
        {"do": "fill", "field": password, "value": "{password}"},
        {"do": "press", "control": submit},
    ]


def _saml(server: SimpleSaml) -> dict[str, Any]:
    return {
        "name": "exhibits",
        "label": "Exhibits account",
        "url": server.logon_url,
        "logon": {
            "steps": _fill(simplesaml.USERNAME, simplesaml.PASSWORD_FIELD, simplesaml.SUBMIT),
            "markers": [
                {"means": "ready", "selector": simplesaml.READY},
                {"means": "failed", "selector": simplesaml.FAILURE, "says": "Wrong name or password."},
            ],
        },
        "log_off": server.log_off_url,
        "logoff": {"markers": [{"means": "ready", "text": simplesaml.SIGNED_OFF}]},
    }


def _oidc(server: OidcProvider, certificates: Certificates) -> dict[str, Any]:
    return {
        "authority": server.issuer,
        "client_id": CLIENT_ID,
        "ca_file": certificates.ca,
        "number_claim": "number",
        "logon": {"steps": _fill("#username", "#password", "#submit")},
    }


def _cas(server: CasServer) -> dict[str, Any]:
    return {
        "name": "courts",
        "label": "Courts account",
        "url": server.logon_url,
        "logon": {
            "steps": _fill(cas.USERNAME, cas.PASSWORD_FIELD, cas.SUBMIT),
            "markers": [
                {"means": "ready", "selector": cas.READY},
                {"means": "failed", "selector": cas.FAILURE},
            ],
        },
    }


def _exhibits(where: Exhibits) -> dict[str, str]:
    doors = {"exhibits": where.by_redirect, "property": where.by_post, "lent": where.asking}
    return {name: SYSTEM.format(name=name, url=url, provider="exhibits") for name, url in doors.items()}


def _courts(where: Courts) -> dict[str, str]:
    doors = {"list": where.url, "sealed": where.sealed}
    return {name: SYSTEM.format(name=name, url=url, provider="courts") for name, url in doors.items()}


def _sitting(desk: Desk, entries: dict[str, str], provider: dict[str, Any], who: Person, password: str) -> Sitting:
    return Sitting(desk, entries, settings(provider=[provider]), sign_in=own(who.uid, password))


def _page(sitting: Sitting, system: str) -> WebDriver:
    page = sitting.launches._openings[system].page
    assert page is not None
    return page


def _shows(sitting: Sitting, system: str, selector: str) -> bool:
    return sitting.desk.run(_page(sitting, system).first_of([Place(selector=selector)], 0.0)) is not None


def test_saml_systems_open_by_redirect_and_by_post_with_one_logon(
    desk: Desk, saml_provider: SimpleSaml, exhibits: Exhibits
) -> None:
    before = saml_provider.attempts(ALICE.uid)
    sitting = _sitting(desk, _exhibits(exhibits), _saml(saml_provider), ALICE, PASSWORD)
    try:
        sitting.does(lambda: [sitting.launches.open(sitting.read[one]) for one in ("exhibits", "property")])
        assert [sitting.until_it_stands(one).state for one in ("exhibits", "property")] == ["ready", "ready"]
        assert {(one.system, one.outcome, one.prompts) for one in sitting.records} == {
            ("exhibits", "ready", 0),
            ("property", "ready", 0),
        }
        assert saml_provider.attempts(ALICE.uid) == Attempts(before.right + 1, before.wrong)
        noted = "\n".join(map(str, sitting.trace.lines))  # what a trial prints
        assert "sign on to Exhibits account first" in noted
        assert PASSWORD not in noted
        assert desk.run(sitting.further.end(10.0)) == ()
        assert sitting.open("lent").needs == "provider"
        assert _shows(sitting, "lent", simplesaml.PASSWORD_FIELD)  # the provider knows nobody any more
    finally:
        sitting.close()


def test_the_session_of_the_sign_in_opens_openid_and_saml_systems_alike(
    desk: Desk, provider: OidcProvider, warrants: Warrants, exhibits_behind: Exhibits, certificates: Certificates
) -> None:
    """The SAML provider is behind the force account: nothing of it stands in the station file."""
    before = provider.attempts(ALICE.uid)
    systems = {"warrants": warrants.url, "exhibits": exhibits_behind.by_redirect, "property": exhibits_behind.by_post}
    visits = f'visits = ["{exhibits_behind.provider_origin}"]'
    entries = {
        name: SYSTEM.format(name=name, url=url, provider="").replace('provider = ""', visits)
        for name, url in systems.items()
    }
    station = settings(federated=_oidc(provider, certificates))
    sitting = Sitting(desk, entries, station, own(ALICE.uid, PASSWORD))
    try:
        sitting.does(lambda: [sitting.launches.open(sitting.read[one]) for one in systems])
        assert [sitting.until_it_stands(one).state for one in systems] == ["ready"] * 3
        assert {(one.outcome, one.prompts) for one in sitting.records} == {("ready", 0)}
        assert provider.attempts(ALICE.uid) == Attempts(before.right + 1, before.wrong)
    finally:
        sitting.close()


def test_a_provider_that_the_force_account_leads_on_to_is_filled_with_nothing(
    desk: Desk, provider: OidcProvider, saml_behind: SimpleSaml, exhibits_behind: Exhibits, certificates: Certificates
) -> None:
    led_on = {
        "name": "exhibits",
        "label": "Exhibits account",
        "url": saml_behind.logon_url,
        "logon": {"markers": [{"means": "ready", "selector": simplesaml.READY}]},
    }
    station = settings(federated=_oidc(provider, certificates), provider=[led_on])
    sitting = Sitting(desk, _exhibits(exhibits_behind), station, own(BOB.uid, PASSWORD), officer=BOB)
    before = provider.attempts(BOB.uid)
    try:
        assert sitting.open("property").state == "ready"
        assert [(one.outcome, one.prompts) for one in sitting.records] == [("ready", 0)]
        assert provider.attempts(BOB.uid) == Attempts(before.right + 1, before.wrong)
    finally:
        sitting.close()


def test_a_consent_of_the_provider_is_the_officers_and_counts_as_a_prompt(
    desk: Desk, saml_provider: SimpleSaml, exhibits: Exhibits
) -> None:
    sitting = _sitting(desk, _exhibits(exhibits), _saml(saml_provider), BOB, PASSWORD)
    try:
        asked = sitting.open("lent")
        assert (asked.state, asked.needs) == ("needs", "provider")
        assert _shows(sitting, "lent", simplesaml.CONSENT)
        desk.run(_page(sitting, "lent").press(simplesaml.CONSENT, ""))
        desk.until(lambda: sitting.records)
        assert [(one.outcome, one.prompts) for one in sitting.records] == [("ready", 1)]
    finally:
        sitting.close()


def test_a_password_that_the_provider_refuses_is_tried_once_for_all_its_systems(
    desk: Desk, saml_provider: SimpleSaml, exhibits: Exhibits
) -> None:
    before = saml_provider.attempts(CAROL.uid)
    sitting = _sitting(desk, _exhibits(exhibits), _saml(saml_provider), CAROL, WRONG_PASSWORD)
    try:
        for name in ("exhibits", "property"):
            failed = sitting.open(name)
            assert failed.state == "failed"
            assert failed.error is not None
            assert failed.error.reference == "provider-not-signed-on"
            assert "Exhibits account" in failed.error.what
            assert "Wrong name or password" in failed.error.what
        assert saml_provider.attempts(CAROL.uid) == Attempts(before.right, before.wrong + 1)
    finally:
        sitting.close()


def test_a_provider_that_forgot_during_a_lock_is_signed_on_to_once_more(
    desk: Desk, saml_provider: SimpleSaml, exhibits: Exhibits
) -> None:
    before = saml_provider.attempts(DAVE.uid)
    sitting = _sitting(desk, _exhibits(exhibits), _saml(saml_provider), DAVE, PASSWORD)
    try:
        assert sitting.open("exhibits").state == "ready"
        saml_provider.forget_everybody()
        sitting.does(sitting.launches.locked)
        sitting.does(sitting.launches.resumed)
        assert sitting.open("property").state == "ready"
        assert saml_provider.attempts(DAVE.uid) == Attempts(before.right + 2, before.wrong)
    finally:
        sitting.close()


def test_an_answer_that_would_be_posted_elsewhere_is_refused(
    desk: Desk, saml_provider: SimpleSaml, exhibits: Exhibits, site: Site
) -> None:
    """The provider has been told a wrong address for the system: what it says of the officer goes nowhere else."""
    astray = replace(exhibits.parties[0], answer_at=site["/assertion"])
    saml_provider.register(astray)
    entry = "within_s = 8\n" + _exhibits(exhibits)["exhibits"].lstrip()
    sitting = _sitting(desk, {"exhibits": entry}, _saml(saml_provider), BOB, PASSWORD)
    try:
        ended = sitting.open("exhibits")
        # Where the form is posted once its page is there, the page says so in its place, and the launch ends in time.
        shown = desk.surfaces.fault("exhibits") or ended.error
        assert shown is not None
        assert shown.reference == "page-not-expected"
        assert ended.state in ("failed", "needs")
        assert site.asked == []
    finally:
        sitting.close()
        saml_provider.register(exhibits.parties[0])


def test_a_cas_system_opens_and_one_that_asks_anew_is_the_officers(
    desk: Desk, cas_server: CasServer, courts: Courts
) -> None:
    before = cas_server.attempts(ALICE.uid)
    sitting = _sitting(desk, _courts(courts), _cas(cas_server), ALICE, PASSWORD)
    try:
        assert sitting.open("list").state == "ready"
        asked = sitting.open("sealed")
        assert (asked.state, asked.needs) == ("needs", "provider")
        assert cas_server.attempts(ALICE.uid) == Attempts(before.right + 1, before.wrong)
        assert desk.run(sitting.further.end(10.0)) == ("Courts account",)  # no page is named that ends it
    finally:
        sitting.close()
    assert [(one.outcome, one.prompts) for one in sitting.records] == [("ready", 0), ("notice", 1)]


def test_without_a_password_the_provider_asks_in_the_systems_own_tab(
    desk: Desk, cas_server: CasServer, courts: Courts
) -> None:
    sitting = Sitting(desk, _courts(courts), settings(provider=[_cas(cas_server)]))
    try:
        asked = sitting.open("list")
        assert (asked.state, asked.needs) == ("needs", "provider")
    finally:
        sitting.close()
    assert [one.prompts for one in sitting.records] == [1]
