"""Kerberos tickets of a real realm at the hub: whose they are, and which are none."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from sqlalchemy import select

from launcher.hub.audit.tables import audit_rows
from launcher.hub.errors import NotThereError
from launcher.hub.officers import granted, renamed, tickets
from launcher.hub.officers import rows as officers
from launcher.hub.officers.asking import AskingOfficer
from launcher.hub.officers.errors import OfficerTicketRefusedError
from launcher.hub.service import Hub
from launcher.hub.settings import HubSettings
from launcher.hub.stations import listed
from launcher.identity.kerberos import gss
from launcher.wire.hub.officers import GrantRole, KerberosProof, OfficerProof, OfficerSession
from launcher.wire.hub.sittings import Person
from tests.servers.hub_in_process import Asking
from tests.servers.kdc import REALM, Kdc
from tests.unit.hub.hands import StationHand, person, sitting

Enrolled = Callable[..., StationHand]
HOST = "hub.localhost"
ADMINISTRATOR = AskingOfficer("i#a", "1", "Ada", "ada", frozenset({"officer", "administrator"}), 0, "openid", "")


@pytest.fixture
def kdc(shared_realm: Kdc, monkeypatch: pytest.MonkeyPatch) -> Kdc:
    monkeypatch.setenv("KRB5_CONFIG", str(shared_realm.config))
    monkeypatch.setenv("KRB5RCACHENAME", "none:")  # the hub's replay cache is on all the same
    return shared_realm


@pytest.fixture(scope="module")
def keytab(shared_realm: Kdc) -> Path:
    """The hub's keys; the realm has another service, too, and one that asks for tickets itself."""
    shared_realm.keytab("HTTP/other.localhost")
    shared_realm.add("web/station.localhost")
    shared_realm.add("carol")
    (shared_realm.folder / "web").mkdir()
    return shared_realm.keytab(f"HTTP/{HOST}")


@pytest.fixture
def settings(keytab: Path) -> HubSettings:
    return HubSettings.model_validate(
        {
            "kerberos": {"keytab": keytab, "groups": {"alice": ["Auditors"], f"BOB@{REALM}": ["IT"]}},
            "roles": {"helpdesk": ["response"], "auditor": ["auditors"], "it": ["it"], "vouched": ["helpdesk"]},
        }
    )


def ticket(kdc: Kdc, name: str = "alice", service: str = "HTTP", host: str = HOST) -> str:
    shown = gss.Context(kdc.ticket(name), service, host).step("")
    assert shown is not None
    return shown.reveal()


def prove(client: Asking, token: str, at: str | None = None) -> requests.Response:
    said = OfficerProof(proof=KerberosProof(token=token), sitting=at)
    return client.post("/officers/session", json=said.model_dump(mode="json"))


def refused(answer: requests.Response) -> str:
    assert (answer.status_code, answer.json()["reference"]) == (401, "officer-ticket-refused"), answer.text
    return str(answer.json()["detail"])


def seen(name: str, issuer: str = "ldap:dc=station", *groups: str) -> Person:
    return person("4471", *groups, issuer=issuer).model_copy(update={"user_name": name})


def test_a_ticket_is_of_the_officer_whom_stations_know_by_that_name(
    client: Asking, kdc: Kdc, enrolled: Enrolled
) -> None:
    alice = seen("ALICE", "ldap:dc=station", "response", "it")
    assert enrolled().report(sitting(alice, "sit-1")).ok

    begun = OfficerSession.model_validate(prove(client, ticket(kdc), "sit-1").json())

    assert (begun.person.officer, begun.proved_by) == (alice.officer, "kerberos")
    # "auditor" by the hub's own file, "helpdesk" by the station's word, "it" by neither
    assert {held.role for held in begun.roles} == {"officer", "helpdesk", "auditor"}


def test_a_ticket_that_was_shown_before_is_refused(client: Asking, kdc: Kdc, enrolled: Enrolled) -> None:
    assert enrolled().report(sitting(seen("alice"), "sit-1")).ok
    shown = ticket(kdc)

    assert prove(client, shown).ok
    assert "replay" in refused(prove(client, shown)).lower()
    assert prove(client, ticket(kdc)).ok


def test_a_ticket_of_nobody_that_stations_know_is_refused(client: Asking, kdc: Kdc) -> None:
    assert refused(prove(client, ticket(kdc))) == "nobody of that name has logged on anywhere"


def test_of_several_officers_of_one_name_the_sitting_says_which(client: Asking, kdc: Kdc, enrolled: Enrolled) -> None:
    here, other = seen("alice"), seen("alice", "https://id.other.test")
    assert enrolled().report(sitting(here, "sit-1")).ok
    assert enrolled().report(sitting(other, "sit-2")).ok
    assert enrolled().report(sitting(person("9"), "sit-3")).ok

    assert refused(prove(client, ticket(kdc))) == "several officers have that name"
    assert refused(prove(client, ticket(kdc), "sit-3")) == "nobody of that name has logged on anywhere"
    assert prove(client, ticket(kdc), "sit-2").json()["person"]["officer"] == other.officer


def test_what_is_no_ticket_for_this_service_is_refused(client: Asking, kdc: Kdc, enrolled: Enrolled) -> None:
    assert enrolled().report(sitting(seen("alice"), "sit-1")).ok
    right = ticket(kdc)
    cut = base64.b64encode(base64.b64decode(right)[:-40]).decode()

    for wrong in (ticket(kdc, host="other.localhost"), cut, base64.b64encode(b"NTLMSSP\0").decode(), "AAAA"):
        assert refused(prove(client, wrong))
    assert refused(prove(client, "not base64!")) == "not base64"


def test_a_service_is_no_officer(client: Asking, kdc: Kdc) -> None:
    assert refused(prove(client, ticket(kdc, "web/station.localhost"))) == ""


class TestAStolenTerminalsWord:
    """Chief logs on as ``alice``, Mallory as ``bob``; Mallory has a stolen terminal, too."""

    CHIEF, MALLORY = (
        person(one).model_copy(update={"user_name": name}) for one, name in (("9", "alice"), ("6", "bob"))
    )

    @pytest.fixture
    def settings(self, keytab: Path) -> HubSettings:
        roles = {"helpdesk": ["response"], "supervisors": {"inspectors": 1}, "vouched": ["helpdesk", "supervisor"]}
        return HubSettings.model_validate({"kerberos": {"keytab": keytab}, "roles": roles})

    @pytest.fixture
    def stolen(self, hub: Hub, enrolled: Enrolled) -> StationHand:
        """The stolen terminal: a good one has told of both, and Chief may read the audit for some hours."""
        assert enrolled("A-1").report(sitting(self.CHIEF, "chief"), sitting(self.MALLORY, "mallory")).ok
        asked = GrantRole(officer=self.CHIEF.officer, role="auditor", hours=2, reason="an inquiry", key="k")
        with hub.store.writing() as connection:
            granted.grant(connection, hub, asked, "Chief", ADMINISTRATOR)
        return enrolled("STOLEN")

    def test_gives_nobody_another_name_and_its_thiefs_ticket_proves_no_other(
        self, hub: Hub, client: Asking, kdc: Kdc, enrolled: Enrolled, stolen: StationHand
    ) -> None:
        lie = self.CHIEF.model_copy(update={"user_name": "bob"})
        assert stolen.report(sitting(lie, "lie")).ok
        assert stolen.report(sitting(lie, "lie-2")).ok

        assert prove(client, ticket(kdc, "bob"), "lie-2").json()["reference"] == "officer-other-identity"
        herself = OfficerSession.model_validate(prove(client, ticket(kdc, "bob")).json())
        assert (herself.person.officer, [held.role for held in herself.roles]) == (self.MALLORY.officer, ["officer"])
        assert not_sure(hub) == [
            ("STOLEN", self.CHIEF.officer, "another name to log on with than is known: that one stays")
        ]
        assert refused(prove(client, ticket(kdc), "chief")) == "terminals do not agree on whose name that is"
        enrolled("A-2").report(sitting(self.CHIEF, "again"))
        chief = OfficerSession.model_validate(prove(client, ticket(kdc), "again").json())
        assert [held.role for held in chief.roles] == ["officer", "auditor"]

    def test_makes_a_ticket_of_nobody_known_no_others(self, client: Asking, kdc: Kdc, stolen: StationHand) -> None:
        assert stolen.report(sitting(self.CHIEF.model_copy(update={"user_name": "carol"}), "lie")).ok

        assert refused(prove(client, ticket(kdc, "carol"), "lie")) == "nobody of that name has logged on anywhere"

    def test_takes_no_name_from_who_had_it_first(self, hub: Hub, client: Asking, kdc: Kdc, stolen: StationHand) -> None:
        made_up = person("1").model_copy(update={"user_name": "alice"})
        assert stolen.report(sitting(made_up, "lie")).ok

        assert refused(prove(client, ticket(kdc), "lie")) == "terminals do not agree on whose name that is"
        assert refused(prove(client, ticket(kdc))) == "several officers have that name"
        assert prove(client, ticket(kdc), "chief").json()["person"]["officer"] == self.CHIEF.officer
        assert [(terminal, whose) for terminal, whose, _ in not_sure(hub)] == [("STOLEN", made_up.officer)]
        with hub.store.writing() as connection:
            listed.begin_quarantine(connection, hub, stolen.id, by="test", by_name="", reason="stolen")
        assert prove(client, ticket(kdc)).json()["person"]["officer"] == self.CHIEF.officer

    def test_names_nobody_whom_a_token_has_told_of_without_a_name(
        self, hub: Hub, client: Asking, kdc: Kdc, stolen: StationHand
    ) -> None:
        nameless = person("7").model_copy(update={"user_name": ""})
        with hub.store.writing() as connection:
            officers.note(connection, nameless, "openid", hub.clock())
        assert stolen.report(sitting(nameless.model_copy(update={"user_name": "carol"}), "lie")).ok

        assert refused(prove(client, ticket(kdc, "carol"), "lie")) == "terminals do not agree on whose name that is"

    @pytest.mark.parametrize("told_of_by", ["terminals", "administrator", "openid"])
    def test_gives_no_ticket_a_role_once_it_is_in_quarantine(
        self, hub: Hub, client: Asking, kdc: Kdc, enrolled: Enrolled, stolen: StationHand, told_of_by: str
    ) -> None:
        with hub.store.writing() as connection:
            if told_of_by == "administrator":
                renamed.rename(connection, hub, self.MALLORY.officer, "bob", by="console:it", reason="a test")
            elif told_of_by == "openid":
                officers.note(connection, self.MALLORY, "openid", hub.clock())
        lie = self.MALLORY.model_copy(update={"groups": ("response", "inspectors")})
        assert stolen.report(sitting(lie, "lie")).ok
        begun = OfficerSession.model_validate(prove(client, ticket(kdc, "bob")).json())
        assert ([held.role for held in begun.roles], begun.supervisor) == (["officer", "helpdesk"], True)
        with hub.store.writing() as connection:
            listed.begin_quarantine(connection, hub, stolen.id, by="test", by_name="", reason="stolen")
        theirs = {"Authorization": f"Bearer {begun.token}"}
        assert client.get("/officers/me", headers=theirs).status_code == 401  # it has a role by that station's word

        assert enrolled("A-2").report(sitting(self.MALLORY, "on-the-next-day")).ok  # a good one tells no groups
        begun = OfficerSession.model_validate(prove(client, ticket(kdc, "bob")).json())
        assert ([held.role for held in begun.roles], begun.supervisor) == (["officer"], False)


def not_sure(hub: Hub) -> list[tuple[str, str, str]]:
    """Return what stands in the audit of names that were not taken for sure: the terminal, of whom, why."""
    what = audit_rows.c
    asked = select(what.terminal, what.subject, what.reason).where(what.kind == "refused").order_by(what.seq)
    with hub.store.reading() as connection:
        return [(row.terminal, row.subject, row.reason) for row in connection.execute(asked)]


def test_who_is_called_otherwise_since_is_proved_by_a_token_or_the_stations_word(
    hub: Hub, client: Asking, kdc: Kdc, enrolled: Enrolled
) -> None:
    station = enrolled()
    assert station.report(sitting(seen("alice.maiden"), "before")).ok
    assert station.report(sitting(seen("alice"), "sit-1")).ok

    assert refused(prove(client, ticket(kdc), "sit-1")) == "nobody of that name has logged on anywhere"
    with hub.store.writing() as connection:
        officers.note(connection, seen("alice"), "openid", hub.clock())
    assert prove(client, ticket(kdc), "sit-1").ok


def test_what_an_administrator_says_an_officer_logs_on_with_no_terminal_changes(
    hub: Hub, client: Asking, kdc: Kdc, enrolled: Enrolled
) -> None:
    renamed_since = seen("alice.maiden")
    assert enrolled().report(sitting(renamed_since, "before")).ok
    with hub.store.writing() as connection:
        was = renamed.rename(connection, hub, renamed_since.officer, "alice", by="console:it", reason="married")
        with pytest.raises(NotThereError):
            renamed.rename(connection, hub, "i#nobody", "alice", by="console:it", reason="married")
    begun = OfficerSession.model_validate(prove(client, ticket(kdc)).json())
    assert (was, begun.person.officer, begun.person.user_name) == ("alice.maiden", renamed_since.officer, "alice")

    assert enrolled("STOLEN").report(sitting(renamed_since, "lie")).ok

    assert prove(client, ticket(kdc)).ok
    assert [terminal for terminal, _, _ in not_sure(hub)] == ["STOLEN"]
    with hub.store.writing() as connection:
        renamed.rename(connection, hub, renamed_since.officer, "somebody", by="console:it", reason="a mistake")
    theirs = {"Authorization": f"Bearer {begun.token}"}
    assert client.get("/officers/me", headers=theirs).status_code == 401  # they prove themselves anew


class TestWithoutAKeytab:
    @pytest.fixture
    def settings(self) -> HubSettings:
        return HubSettings()

    def test_no_ticket_is_taken(self, client: Asking) -> None:
        answer = prove(client, "AAAA")

        assert (answer.status_code, answer.json()["reference"]) == (403, "officer-proof-not-taken")


@pytest.mark.parametrize(
    ("who", "is_officer"),
    [
        (f"alice@{REALM}", True),
        ("alice@OTHER.REALM", False),
        (f"alice@OTHER.REALM@{REALM}", False),
        (f"HTTP/{HOST}@{REALM}", False),
        (f"@{REALM}", False),
        (f"FORCE\\alice@{REALM}", False),
        ("alice", False),
    ],
)
def test_only_people_of_the_hubs_own_realm_are_officers(who: str, is_officer: bool) -> None:
    if is_officer:
        assert tickets.name_and_realm(who, f"HTTP/{HOST}@{REALM}") == ("alice", REALM)
    else:
        with pytest.raises(OfficerTicketRefusedError):
            tickets.name_and_realm(who, f"HTTP/{HOST}@{REALM}")
