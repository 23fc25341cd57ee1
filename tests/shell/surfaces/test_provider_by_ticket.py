"""A real provider that takes the officer's ticket opens SAML systems: by catalogue and station file alone, unasked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.grants.tickets import Tickets
from launcher.identity.kerberos import TicketCache
from launcher.policy.kerberos_settings import KerberosSettings
from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.session.commands import GiveCredential
from tests.servers.certificates import Certificates
from tests.servers.kdc import REALM, Kdc
from tests.servers.mellon import REMOTE_USER, Exhibits, running_exhibits
from tests.servers.people import ALICE, PASSWORD
from tests.servers.simplesaml import SimpleSaml, running_simplesaml
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.launching import WAITS, Sitting, own, settings

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.needs("browser-trust", "kdc", "apache-gssapi", "simplesaml", "apache-mellon"),
]

HOST = "idp.localhost"
SYSTEM = """
name = "{name}"
kind = "web"
[web]
url = "{url}"
sign_on = "federated"
provider = "tickets"
[[marker]]
means = "ready"
selector = "main#ready"
[[marker]]
means = "signed-off"
text = "Unauthorized"
"""


@pytest.fixture(scope="module")
def by_ticket(shared_realm: Kdc, certificates: Certificates) -> Iterator[SimpleSaml]:
    """A SAML provider that lets in who shows a ticket of the realm, and nobody else."""
    with running_simplesaml(certificates, host=HOST, realm=shared_realm) as provider:
        yield provider


@pytest.fixture(scope="module")
def exhibits_by_ticket(by_ticket: SimpleSaml, certificates: Certificates) -> Iterator[Exhibits]:
    with running_exhibits(by_ticket, certificates) as exhibits:
        yield exhibits


@pytest.fixture
def sitting(
    desk: Desk,
    by_ticket: SimpleSaml,
    exhibits_by_ticket: Exhibits,
    shared_realm: Kdc,
    trusted_ca: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Sitting]:
    monkeypatch.setenv("KRB5_CONFIG", str(shared_realm.config))
    signed_in = getattr(request, "param", own(ALICE.uid, PASSWORD))
    kerberos = {"realm": REALM, "hosts": [HOST]}
    station = settings(
        kerberos=kerberos,
        web={"private_ca_file": trusted_ca},
        provider=[{"name": "tickets", "label": "Exhibits account", "url": by_ticket.logon_url, "sign_on": "kerberos"}],
    )
    doors = {"exhibits": exhibits_by_ticket.by_redirect, "property": exhibits_by_ticket.by_post}
    entries = {name: SYSTEM.format(name=name, url=url) for name, url in doors.items()}
    cache = TicketCache(KerberosSettings.model_validate(kerberos), tmp_path / "tickets")
    made = Sitting(desk, entries, station, signed_in, tickets=Tickets(cache, signed_in))
    yield made
    made.close()


def _shown(provider: SimpleSaml) -> int:
    """How often the provider has taken a ticket."""
    return provider.log_text().count("shown a ticket")


def _who(sitting: Sitting, system: str) -> str:
    page = sitting.launches._openings[system].page
    assert page is not None
    return sitting.desk.run(page.document_now(REMOTE_USER)).words


def test_its_systems_open_unasked_with_one_ticket_for_all_of_them(
    desk: Desk, by_ticket: SimpleSaml, sitting: Sitting
) -> None:
    shown = _shown(by_ticket)
    sitting.does(lambda: [sitting.launches.open(sitting.read[one]) for one in ("exhibits", "property")])
    assert [sitting.until_it_stands(one).state for one in ("exhibits", "property")] == ["ready", "ready"]
    assert {(one.sign_on, one.outcome, one.prompts) for one in sitting.records} == {("federated", "ready", 0)}
    assert [_who(sitting, one) for one in ("exhibits", "property")] == [ALICE.uid, ALICE.uid]
    assert _shown(by_ticket) == shown + 1
    noted = "\n".join(map(str, sitting.trace.lines))  # what a trial prints
    assert "sign on to Exhibits account first: show the ticket at" in noted
    assert "Negotiate" not in noted
    held = desk.run(desk.surfaces.cookies_of((by_ticket.origin,)))
    assert {"SamlGate", "SamlProvider"} <= {one.name for one in held}
    assert all(one.value.reveal().encode() in desk.run(desk.surfaces.derived_secrets()) for one in held)
    # No page is named that ends its session: it ends with the browser, and that is said.
    assert desk.run(sitting.further.end(10.0)) == ("Exhibits account",)


def test_a_session_that_has_ended_is_had_anew_by_the_ticket(
    desk: Desk, by_ticket: SimpleSaml, exhibits_by_ticket: Exhibits, sitting: Sitting
) -> None:
    assert sitting.open("exhibits").state == "ready"
    shown = _shown(by_ticket)
    held = desk.run(desk.surfaces.cookies_of((by_ticket.origin,)))
    ended = tuple(replace(one, value=Secret("ended")) for one in held if one.name == "SamlGate")
    desk.run(desk.surfaces.take_cookies(ended, (by_ticket.origin,)))
    exhibits_by_ticket.stop()
    exhibits_by_ticket.start()  # it knows nobody any more either
    page = sitting.launches._openings["exhibits"].page
    assert page is not None
    desk.run(page.load(exhibits_by_ticket.by_redirect))
    assert desk.run(page.first_of([Place(text="Unauthorized")], 10.0)) is not None
    sitting.does(lambda: sitting.launches.looked_at("exhibits"))
    desk.until(lambda: len(sitting.records) == 2)
    assert (sitting.records[1].again, sitting.records[1].outcome, sitting.records[1].prompts) == (True, "ready", 0)
    assert _shown(by_ticket) == shown + 1


@pytest.mark.parametrize("sitting", [None], indirect=True)
def test_who_logged_on_without_a_password_is_asked_for_the_realms(desk: Desk, sitting: Sitting) -> None:
    asked = sitting.open("property")
    assert (asked.state, asked.needs) == ("needs", "credential")
    sitting.does(lambda: sitting.launches.given(GiveCredential("property", ALICE.uid, Secret(PASSWORD))))
    desk.until(lambda: sitting.view("property").state not in (*WAITS, "needs"))
    assert [(one.outcome, one.prompts) for one in sitting.records] == [("ready", 1)]
