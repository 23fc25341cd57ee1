"""A sensitive act waits, is agreed to once by the right person, and is carried out then and only then."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
import requests
from sqlalchemy import select, update

from launcher.hub.audit.tables import audit_rows
from launcher.hub.second import deciding, rows
from launcher.hub.second.tables import second_requests
from launcher.hub.service import Hub
from launcher.hub.settings import HelpdeskSettings, HubSettings, RoleSettings
from launcher.hub.suspended import rows as suspended
from launcher.hub.suspended.barred import is_barred
from launcher.signing import SigningKey
from launcher.wire.hub.commands import CommandState
from launcher.wire.hub.helpdesk import Act, SecondRequest
from launcher.wire.hub.officers import SecondVouch, SecondVouched
from launcher.wire.hub.sittings import Person
from tests.servers.hub_in_process import Asking
from tests.unit.hub.conftest import ROLES, Clock
from tests.unit.hub.hands import StationHand, person, sitting

Prove = Callable[..., Asking]
Enrolled = Callable[..., StationHand]

ALICE = person("4471", "response", "sergeants")
ANN, OTTO = person("1001"), person("1002")
INSPECTOR, SERGEANT = person("3001", "inspectors"), person("2001", "sergeants")


def kinds(hub: Hub) -> list[tuple[str, str]]:
    with hub.store.reading() as connection:
        asked = select(audit_rows.c.kind, audit_rows.c.reference).where(audit_rows.c.kind.in_(("second", "refused")))
        return [(row.kind, row.reference) for row in connection.execute(asked.order_by(audit_rows.c.seq))]


@dataclass
class Desk:
    """Alice sits at a station; Ann wants her suspended, and Otto is another analyst."""

    hub: Hub
    clock: Clock
    station: StationHand
    ann: Asking
    otto: Asking
    request: str

    def seen(self) -> SecondRequest:
        listed = [SecondRequest.model_validate(one) for one in self.otto.get("/helpdesk/requests").json()]
        return next(one for one in listed if one.request == self.request)

    def second(self, by: Asking | None = None, digest: str = "", approve: bool = True) -> requests.Response:
        said = {"digest": digest or self.seen().digest, "approve": approve, "reason": "I was asked"}
        return (by or self.otto).post(f"/helpdesk/requests/{self.request}", json=said)

    def ask_supervisor(self) -> CommandState:
        answer = self.ann.post(f"/helpdesk/requests/{self.request}/supervisor", json={"sitting": "sit-1"})
        assert answer.ok, answer.text
        return CommandState.model_validate(answer.json())

    def at_terminal(
        self, command: int, who: Person | None, /, *, by: StationHand | None = None, key: SigningKey | None = None,
        **changed: object,
    ) -> requests.Response:  # fmt: skip
        station = by or self.station
        fields = {
            "station": station.id, "hub": "hub", "request": self.request, "command": command, "person": who,
            "proved_by": "directory", "approve": who is not None, "at": self.clock.now, "until": self.clock.now + 120,
        } | changed  # fmt: skip
        second = SecondVouch.model_validate(fields)
        said = SecondVouched(second=second, signature=(key or station.key).sign("second", second))
        return station.say("POST", "/stations/second", said)

    def suspended(self) -> bool:
        with self.hub.store.reading() as connection:
            return is_barred(connection, ALICE, ())


@pytest.fixture
def desk(hub: Hub, clock: Clock, officer: Prove, enrolled: Enrolled) -> Desk:
    station = enrolled("FD-02")
    assert station.report(sitting(ALICE, "sit-1")).ok
    ann, otto = officer(ANN, "helpdesk"), officer(OTTO, "helpdesk")
    act = Act(key="act-1", case="case-1", kind="suspend", officer=ALICE.officer, reason="a stolen card")
    with hub.store.writing() as connection:
        request = rows.ask(connection, hub, act, rows.AskedBy(ANN.officer, ANN.name))
        assert rows.ask(connection, hub, act, rows.AskedBy(ANN.officer, ANN.name)) == request
    return Desk(hub, clock, station, ann, otto, request)


def test_another_analyst_agrees_and_it_is_carried_out_once(desk: Desk) -> None:
    seen = desk.seen()
    assert (seen.kind, seen.officer, seen.by_name, seen.state) == ("suspend", ALICE.officer, ANN.name, "waiting")

    approved = desk.second()

    assert (approved.json()["state"], approved.json()["second_name"]) == ("approved", OTTO.name)
    assert desk.suspended()
    assert [one.command.kind for one in desk.station.commands()] == ["suspend"]
    again = desk.second(digest=seen.digest)
    assert (again.status_code, again.json()["reference"]) == (409, "second-request-over")
    assert [one.command.kind for one in desk.station.commands()] == ["suspend"]
    assert desk.otto.get("/helpdesk/requests").json() == []
    assert kinds(desk.hub) == [("second", ""), ("refused", "second-request-over")]


def test_whoever_asks_cannot_agree_and_whoever_it_concerns_does_not_even_see_it(desk: Desk, officer: Prove) -> None:
    digest = desk.seen().digest
    alice = officer(ALICE, "helpdesk")

    own = desk.second(desk.ann, digest)
    assert (own.status_code, own.json()["reference"]) == (403, "second-person-barred")
    assert alice.get("/helpdesk/requests").json() == []
    assert desk.second(alice, digest).status_code == 404
    by_another_issuer = officer(ALICE.model_copy(update={"officer": "https://id#alice"}), "helpdesk")
    assert by_another_issuer.get("/helpdesk/requests").json() == []
    assert desk.second(by_another_issuer, digest).status_code == 404
    asked = by_another_issuer.post(f"/helpdesk/requests/{desk.request}/supervisor", json={"sitting": "sit-1"})
    assert (asked.status_code, asked.json()["reference"]) == (409, "hub-not-now")
    twin = officer(ANN.model_copy(update={"officer": "https://id#ann"}), "helpdesk")
    assert desk.second(twin, digest).status_code == 403
    assert not desk.suspended()
    assert desk.second().ok


def test_what_was_altered_or_is_over_is_not_agreed_to(desk: Desk) -> None:
    assert desk.second(digest="0" * 64).json()["reference"] == "second-request-altered"
    digest = desk.seen().digest
    with desk.hub.store.writing() as connection:
        row = rows.locked(connection, desk.request)
        other = rows.act_of(row).model_copy(update={"officer": OTTO.officer})
        connection.execute(update(second_requests).values(act=other.model_dump_json()))
    assert desk.second(digest=digest).json()["reference"] == "second-request-altered"
    assert not desk.suspended()


def test_a_request_that_is_over_is_refused(desk: Desk, officer: Prove) -> None:
    digest = desk.seen().digest
    desk.clock.pass_s(10 * 60)
    later = officer(OTTO, "helpdesk")

    assert desk.second(later, digest).json()["reference"] == "second-request-over"
    assert later.get("/helpdesk/requests").json() == []


def test_a_second_person_can_refuse(desk: Desk) -> None:
    digest = desk.seen().digest

    assert desk.second(approve=False).json()["state"] == "refused"
    assert desk.second(digest=digest).json()["reference"] == "second-request-over"
    assert not desk.suspended()
    assert desk.second(digest=digest, by=desk.ann).status_code == 409
    with desk.hub.store.reading() as connection:
        told = rows.of_act(connection, "act-1", desk.clock.now)
    assert told is not None
    assert (told.state, told.second_name) == ("refused", OTTO.name)


def test_a_supervisor_agrees_at_the_officers_terminal(desk: Desk) -> None:
    asked = desk.ask_supervisor()
    command = desk.station.commands()[0].command
    assert (command.kind, command.request, command.by_name) == ("ask-supervisor", desk.request, ANN.name)
    assert command.text == f"suspend {ALICE.name} 4471: end all their sessions and let them in nowhere"

    assert desk.at_terminal(asked.id, INSPECTOR).status_code == 204

    assert desk.suspended()
    assert kinds(desk.hub) == [("second", "")]
    assert desk.at_terminal(asked.id, INSPECTOR).json()["reference"] == "second-request-over"


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        (SERGEANT, "second-person-barred"),  # not above a sergeant
        (person("9", "response"), "second-person-barred"),
        (ALICE, "second-person-barred"),
        (person("4471", "inspectors", issuer="https://id"), "second-person-barred"),  # herself, by another issuer
        (person("1001", "inspectors"), "second-person-barred"),  # who asked
    ],
)
def test_who_is_no_second_person_at_a_terminal(desk: Desk, who: Person, refused: str) -> None:
    asked = desk.ask_supervisor()

    answer = desk.at_terminal(asked.id, who)

    assert (answer.status_code, answer.json()["reference"]) == (403, refused)
    assert not desk.suspended()
    assert kinds(desk.hub) == [("refused", refused)]
    assert desk.at_terminal(asked.id, INSPECTOR).status_code == 204  # the request still waits for the right one


def test_only_what_the_asked_station_has_signed_counts(desk: Desk, enrolled: Enrolled) -> None:
    asked = desk.ask_supervisor()
    thief = enrolled("XX-01")

    for answer, detail in (
        (desk.at_terminal(asked.id, INSPECTOR, key=SigningKey.made()), "second-signature"),
        (desk.at_terminal(asked.id, INSPECTOR, by=thief), "second-command"),
        (desk.at_terminal(asked.id, INSPECTOR, by=thief, station=desk.station.id), "second-station"),
        (desk.at_terminal(asked.id + 1, INSPECTOR), "second-command"),
        (desk.at_terminal(asked.id, INSPECTOR, hub="another"), "second-station"),
        (desk.at_terminal(asked.id, INSPECTOR, until=desk.clock.now + 300), "second-until"),
        (desk.at_terminal(asked.id, INSPECTOR, until=desk.clock.now), "second-until"),
        (desk.at_terminal(asked.id, None, approve=True), "second-person"),
    ):
        assert answer.json()["reference"] == "second-not-signed", answer.text
        assert answer.json()["detail"] == detail
    assert desk.at_terminal(asked.id, INSPECTOR, request="rq-other").status_code == 404
    assert not desk.suspended()


def test_asked_for_again_the_first_asking_counts_no_more(desk: Desk) -> None:
    first, second = desk.ask_supervisor(), desk.ask_supervisor()

    assert desk.at_terminal(first.id, INSPECTOR).json()["detail"] == "second-command"
    assert desk.at_terminal(second.id, INSPECTOR).status_code == 204


def test_asking_for_a_supervisor_stands_in_the_audit_and_is_limited(desk: Desk) -> None:
    asked = [desk.ask_supervisor().id for _ in range(deciding.ASKED_A_MINUTE)]

    once_more = desk.ann.post(f"/helpdesk/requests/{desk.request}/supervisor", json={"sitting": "sit-1"})

    assert (once_more.status_code, once_more.json()["reference"]) == (429, "hub-asked-too-often")
    with desk.hub.store.reading() as connection:
        rows_of_it = connection.execute(select(audit_rows).where(audit_rows.c.kind == "act")).all()
    assert {(row.actor, row.subject, row.terminal) for row in rows_of_it} == {(ANN.officer, ALICE.officer, "FD-02")}
    assert [json.loads(row.details)["command"] for row in rows_of_it] == asked


class TestWhereAStationsWordMakesNoSupervisor:
    @pytest.fixture
    def settings(self) -> HubSettings:
        return HubSettings(roles=RoleSettings.model_validate(ROLES.model_dump() | {"vouched": ("helpdesk",)}))

    def test_only_another_analyst_agrees(self, hub: Hub, desk: Desk) -> None:
        refused = desk.ann.post(f"/helpdesk/requests/{desk.request}/supervisor", json={"sitting": "sit-1"})
        assert (refused.status_code, refused.json()["reference"]) == (403, "second-person-barred")
        assert desk.station.commands() == ()
        with hub.store.writing() as connection:  # asked while the hub's file was another
            rows.asked_at(connection, desk.request, desk.station.id, 7)
        assert desk.at_terminal(7, INSPECTOR).json()["reference"] == "second-person-barred"
        assert not desk.suspended()
        assert desk.second().ok
        assert desk.suspended()


def test_a_suspended_supervisor_agrees_to_nothing(desk: Desk, officer: Prove) -> None:
    officer(INSPECTOR)
    with desk.hub.store.writing() as connection:
        suspended.suspend(connection, desk.hub, INSPECTOR.officer, ANN.officer, ANN.name, "a test of it")
    asked = desk.ask_supervisor()

    assert desk.at_terminal(asked.id, INSPECTOR).json()["reference"] == "second-person-barred"


def test_what_somebody_asked_for_who_was_suspended_since_is_not_carried_out(desk: Desk) -> None:
    with desk.hub.store.writing() as connection:
        suspended.suspend(connection, desk.hub, ANN.officer, "i#z", "Zoe", "a stolen account")

    assert desk.second().json()["reference"] == "second-person-barred"
    assert not desk.suspended()


def test_a_supervisor_can_refuse_and_is_asked_only_where_the_officer_sits(desk: Desk) -> None:
    elsewhere = desk.ann.post(f"/helpdesk/requests/{desk.request}/supervisor", json={"sitting": "sit-9"})
    assert (elsewhere.status_code, elsewhere.json()["reference"]) == (409, "hub-not-now")
    asked = desk.ask_supervisor()

    assert desk.at_terminal(asked.id, None).status_code == 204

    assert not desk.suspended()
    assert desk.at_terminal(asked.id, INSPECTOR).json()["reference"] == "second-request-over"


class TestRestricted:
    """An officer who has come into a restricted group since."""

    @pytest.fixture
    def settings(self) -> HubSettings:
        return HubSettings(roles=ROLES, helpdesk=HelpdeskSettings(restricted_groups=("Covert",)))

    def test_what_concerns_who_does_not_show_any_more_is_nobodys_to_decide(self, desk: Desk) -> None:
        digest = desk.seen().digest
        desk.station.report(sitting(person("4471", "covert"), "later"))

        assert desk.otto.get("/helpdesk/requests").json() == []
        assert desk.second(digest=digest).json()["reference"] == "hub-not-there"
        address = f"/helpdesk/requests/{desk.request}/supervisor"
        assert desk.ann.post(address, json={"sitting": "later"}).json()["reference"] == "hub-not-now"


def test_of_two_that_agree_at_once_one_counts(desk: Desk, officer: Prove) -> None:
    digest = desk.seen().digest
    askers = [desk.otto, officer(person("1003"), "helpdesk"), officer(person("1004"), "helpdesk")]

    with ThreadPoolExecutor(3) as threads:
        said = list(threads.map(lambda asking: desk.second(asking, digest).status_code, askers))

    assert sorted(said) == [200, 409, 409]
    assert [one.command.kind for one in desk.station.commands()] == ["suspend"]
