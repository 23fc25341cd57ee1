"""A real system that takes a ticket: its page stands signed on in the tab, and no ticket is in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.grants.tickets import Tickets
from launcher.identity.kerberos import TicketCache
from launcher.policy.kerberos_settings import KerberosSettings
from tests.servers.apache_gssapi import HOST, READY, Rosters
from tests.servers.kdc import REALM, Kdc
from tests.servers.people import ALICE, PASSWORD, WRONG_PASSWORD
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.launching import Sitting, own, settings

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
"""
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
    name, password = getattr(request, "param", (ALICE.uid, PASSWORD))
    cache = TicketCache(KerberosSettings.model_validate(KERBEROS), tmp_path / "tickets")
    entries = {
        one: ROSTERS.format(url=f"{rosters.url}{place}", ready=READY)
        for one, place in (("rosters", ""), ("bare", "bare/"))
    }
    station = settings(kerberos=KERBEROS, web={"private_ca_file": trusted_ca})
    made = Sitting(desk, entries, station, own(name, password), tickets=Tickets(cache, own(name, password)))
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


def test_a_server_that_keeps_no_session_is_said(sitting: Sitting) -> None:
    failed = sitting.open("bare")
    assert failed.error is not None
    assert (failed.state, failed.error.reference) == ("failed", "kerberos-no-session")
    assert 'browser = "managed"' in failed.error.next_step


@pytest.mark.parametrize("sitting", [("wrong-once", WRONG_PASSWORD)], indirect=True)
def test_a_password_that_the_realm_refuses_is_said_and_not_tried_again(shared_realm: Kdc, sitting: Sitting) -> None:
    before = shared_realm.failures("wrong-once")
    for _ in range(2):
        failed = sitting.open("rosters")
        assert failed.error is not None
        assert failed.error.reference == "kerberos-password-refused"
        sitting.does(lambda: sitting.launches.close("rosters"))
    assert shared_realm.failures("wrong-once") == before + 1
