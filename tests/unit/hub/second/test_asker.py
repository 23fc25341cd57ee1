"""What somebody has asked for who has the helpdesk's role no more is not carried out, however the role has ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import requests

from launcher.hub.officers.sessions import ProvedBy, Session, begin
from launcher.hub.second import rows
from launcher.hub.service import Hub
from launcher.wire.hub.helpdesk import Act
from tests.servers.hub_in_process import Asking
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import person

Prove = Callable[..., Asking]

ALICE, ANN, OTTO, SERGEANT = person("4471"), person("1001"), person("1002"), person("2001")


@dataclass
class Desk:
    """Ann, to whom a sergeant has given the role for an hour, wants Alice suspended; Otto is another analyst."""

    ann: Asking
    otto: Asking
    sergeant: Asking
    request: str

    def given(self) -> int:
        (made,) = self.sergeant.get("/officers/grants").json()
        return int(made["id"])

    def taken_back(self) -> None:
        assert self.sergeant.post(f"/officers/grants/{self.given()}/end").status_code == 204

    def second(self) -> requests.Response:
        (seen,) = self.otto.get("/helpdesk/requests").json()
        said = {"digest": seen["digest"], "approve": True}
        return self.otto.post(f"/helpdesk/requests/{self.request}", json=said)


def give(sergeant: Asking, *, key: str = "k-1") -> None:
    said = {"officer": ANN.officer, "role": "helpdesk", "hours": 0.05, "reason": "a busy night", "key": key}
    assert sergeant.post("/officers/grants", json=said).ok


@pytest.fixture
def desk(hub: Hub, officer: Prove) -> Desk:
    officer(ALICE)
    ann, otto, sergeant = officer(ANN), officer(OTTO, "helpdesk"), officer(SERGEANT, "sergeants")
    give(sergeant)
    act = Act(key="act-1", case="case-1", kind="suspend", officer=ALICE.officer, reason="a stolen card")
    with hub.store.writing() as connection:
        request = rows.ask(connection, hub, act, rows.AskedBy(ANN.officer, ANN.name))
    return Desk(ann, otto, sergeant, request)


def is_refused(answer: requests.Response) -> bool:
    return (answer.status_code, answer.json().get("reference")) == (403, "second-person-barred")


def test_while_the_role_holds_it_is_carried_out_also_when_the_asker_has_logged_off(desk: Desk) -> None:
    desk.ann.post("/officers/session/end")
    assert desk.second().json()["state"] == "approved"


def test_a_role_that_was_taken_back_takes_what_waits_with_it(desk: Desk, officer: Prove) -> None:
    desk.taken_back()
    assert is_refused(desk.second())
    desk.ann.post("/officers/session/end")
    assert is_refused(desk.second())
    give(desk.sergeant, key="k-2")  # and what the role gives again
    assert desk.second().json()["state"] == "approved"


def test_a_role_whose_time_is_over_is_one_that_was_taken_back(desk: Desk, clock: Clock) -> None:
    clock.pass_s(181)
    assert is_refused(desk.second())


def test_whoever_has_the_role_by_a_group_too_has_it_still(desk: Desk, officer: Prove) -> None:
    desk.taken_back()
    officer(ANN, "helpdesk")
    assert desk.second().json()["state"] == "approved"


def test_a_role_on_the_word_of_a_station_that_is_trusted_no_more_is_none(desk: Desk, hub: Hub) -> None:
    desk.taken_back()
    by_word = Session(
        ANN.officer, ANN.number, ANN.name, ANN.user_name, "vouched", told=("helpdesk",), rests_on=("station:stolen",)
    )
    with hub.store.writing() as connection:
        begin(connection, hub, by_word)
    assert is_refused(desk.second())


@pytest.mark.parametrize(
    ("asked", "stands", "counts"),
    [
        ("openid", "vouched", True), ("openid", "kerberos", True), ("openid", "openid", False),
        ("kerberos", "openid", False), ("vouched", "vouched", False),
    ],
)  # fmt: skip
def test_a_weaker_proof_elsewhere_does_not_tell_that_the_role_of_a_group_is_gone(
    hub: Hub, officer: Prove, asked: ProvedBy, stands: ProvedBy, counts: bool
) -> None:
    officer(ALICE)
    act = Act(key="act-1", case="case-1", kind="suspend", officer=ALICE.officer, reason="a stolen card")
    with hub.store.writing() as connection:  # by a command line, whose session ends with it
        request = rows.ask(connection, hub, act, rows.AskedBy(ANN.officer, ANN.name, asked))
    officer(ANN, proved_by=stands)
    otto = officer(OTTO, "helpdesk")
    answer = Desk(otto, otto, otto, request).second()
    assert answer.ok if counts else is_refused(answer)
