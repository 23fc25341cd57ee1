"""A real system that takes a ticket: its page stands signed on in the tab, and no ticket is in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.grants.tickets import Tickets
from launcher.identity.kerberos import TicketCache
from launcher.policy.kerberos_settings import KerberosSettings
from launcher.secret import Secret
from launcher.session.commands import GiveCredential
from tests.servers.apache_gssapi import HOST, READY, Rosters
from tests.servers.card_authority import CardAuthority
from tests.servers.kdc import REALM, Kdc
from tests.servers.people import ALICE, PASSWORD, WRONG_PASSWORD
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.launching import WAITS, Sitting, own, settings

pytestmark = pytest.mark.usefixtures("qapp")

ROSTERS = """
name = "Duty Rosters"
kind = "web"
[web]
url = "{url}"
sign_on = "kerberos"
[[marker]]
means = "ready"
selector = "{ready}"
[[marker]]
means = "signed-off"
text = "Unauthorized"
"""
PIN = "482913"
KERBEROS = {"realm": REALM, "hosts": [HOST]}


@pytest.fixture
def sitting(
    desk: Desk,
    rosters: Rosters,
    shared_realm: Kdc,
    trusted_ca: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Sitting]:
    monkeypatch.setenv("KRB5_CONFIG", str(shared_realm.config))
    signed_in = getattr(request, "param", own(ALICE.uid, PASSWORD))
    cache = TicketCache(KerberosSettings.model_validate(KERBEROS), tmp_path / "tickets")
    entries = {
        one: ROSTERS.format(url=f"{rosters.url}{place}", ready=READY)
        for one, place in (("rosters", ""), ("again", ""), ("bare", "bare/"))
    }
    station = settings(kerberos=KERBEROS, web={"private_ca_file": trusted_ca})
    made = Sitting(desk, entries, station, signed_in, tickets=Tickets(cache, signed_in))
    yield made
    made.close()


def test_an_officer_is_signed_on_by_their_ticket(desk: Desk, rosters: Rosters, sitting: Sitting) -> None:
    shown = rosters.shown()
    assert sitting.open("rosters").state == "ready"
    (record,) = sitting.records
    assert (record.sign_on, record.outcome, record.prompts) == ("kerberos", "ready", 0)
    assert {"token", "reach", "inject", "load", "ready"} <= {span.phase for span in record.phases}
    assert rosters.let_in(ALICE.uid) >= 1
    assert rosters.shown() == shown + 1  # and none by the browser
    assert PASSWORD not in "\n".join(map(str, sitting.trace.lines))
    (cookie,) = desk.run(desk.surfaces.cookies_of((rosters.origin,)))
    assert (cookie.http_only, cookie.secure, cookie.host_only) == (True, True, True)
    assert cookie.value.reveal().encode() in desk.run(desk.surfaces.derived_secrets())


def test_a_session_that_the_system_has_ended_is_had_anew_by_the_ticket(
    desk: Desk, rosters: Rosters, sitting: Sitting
) -> None:
    assert sitting.open("rosters").state == "ready"
    rosters.stop()
    rosters.start()  # with another key for its sessions
    page = sitting.launches._openings["rosters"].page
    assert page is not None
    desk.run(page.load(rosters.url))
    sitting.does(lambda: sitting.launches.looked_at("rosters"))
    desk.until(lambda: len(sitting.records) == 2)
    assert (sitting.records[1].again, sitting.records[1].outcome, sitting.records[1].prompts) == (True, "ready", 0)


def test_a_server_that_keeps_no_session_is_said(sitting: Sitting) -> None:
    failed = sitting.open("bare")
    assert failed.error is not None
    assert (failed.state, failed.error.reference) == ("failed", "kerberos-no-session")
    assert 'browser = "managed"' in failed.error.next_step


@pytest.mark.parametrize("sitting", [own("wrong-once", WRONG_PASSWORD)], indirect=True)
def test_a_password_that_the_realm_refuses_is_said_and_not_tried_again(shared_realm: Kdc, sitting: Sitting) -> None:
    before = shared_realm.failures("wrong-once")
    for _ in range(2):
        failed = sitting.open("rosters")
        assert failed.error is not None
        assert failed.error.reference == "kerberos-password-refused"
        sitting.does(lambda: sitting.launches.close("rosters"))
    assert shared_realm.failures("wrong-once") == before + 1


@pytest.mark.parametrize("sitting", [None], indirect=True)
def test_who_logged_on_without_a_password_is_asked_once_for_all_systems(desk: Desk, sitting: Sitting) -> None:
    def reference(system: str) -> str:
        error = sitting.view(system).error
        return error.reference if error is not None else ""

    for given, then in ((WRONG_PASSWORD, "kerberos-password-refused"), (PASSWORD, "")):
        sitting.does(lambda: sitting.launches.open_again(sitting.read["rosters"]))
        desk.until(lambda: sitting.view("rosters").needs == "credential")
        assert reference("rosters") == "kerberos-no-password"
        sitting.does(lambda: sitting.launches.open(sitting.read["again"]))  # it waits for what is asked there
        sitting.does(lambda given=given: sitting.launches.given(GiveCredential("rosters", ALICE.uid, Secret(given))))
        desk.until(lambda then=then: sitting.view("rosters").state not in WAITS and reference("rosters") == then)
        if then:
            desk.until(lambda: sitting.view("again").needs == "credential")  # its turn to ask
            sitting.does(lambda: sitting.launches.close("again"))
    assert sitting.until_it_stands("rosters").state == "ready"
    assert sitting.until_it_stands("again").state == "ready"
    ready = {record.system: record.prompts for record in sitting.records if record.outcome == "ready"}
    assert ready == {"rosters": 1, "again": 0}


def test_a_card_s_pin_is_asked_for_and_is_no_secret_that_is_searched_for(
    desk: Desk,
    rosters: Rosters,
    card_realm: Kdc,
    cards: CardAuthority,
    trusted_ca: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KRB5_CONFIG", str(card_realm.config))
    kerberos = {**KERBEROS, "certificate": cards.issue(ALICE.uid, PIN)}
    cache = TicketCache(KerberosSettings.model_validate(kerberos), tmp_path / "tickets")
    station = settings(kerberos=kerberos, web={"private_ca_file": trusted_ca})
    entry = ROSTERS.format(url=rosters.url, ready=READY)
    sitting = Sitting(desk, {"rosters": entry}, station, None, tickets=Tickets(cache, None))
    try:
        assert sitting.open("rosters").needs == "credential"
        sitting.does(lambda: sitting.launches.given(GiveCredential("rosters", ALICE.uid, Secret(PIN))))
        # This realm is another one than the rosters': it gives the ticket, and does not know them.
        desk.until(lambda: sitting.view("rosters").state == "failed")
        error = sitting.view("rosters").error
        assert error is not None
        assert error.reference == "kerberos-host-unknown"
        assert cache.file.exists()
        assert Secret(PIN) not in {*sitting.launches.secrets(), *sitting.grants.secrets()}
    finally:
        sitting.close()
