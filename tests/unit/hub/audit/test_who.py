"""Who was on a terminal: whoever's sitting touches the asked time, from what stations have told."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from launcher.hub.audit import rows
from launcher.hub.happenings.tables import happenings
from launcher.hub.service import Hub
from launcher.hub.settings import HubSettings, RoleSettings
from launcher.hub.sittings.rows import sitting_of
from launcher.hub.sittings.tables import sittings
from launcher.wire.hub.sittings import Began, Ended, OpenSystem
from tests.servers.hub_in_process import Asking
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, person, sitting

Officer = Callable[..., Asking]
Enrolled = Callable[..., StationHand]


@pytest.fixture
def settings() -> HubSettings:
    return HubSettings(roles=RoleSettings(auditor=("audit",), helpdesk=("helpdesk",)))


@pytest.fixture
def auditor(officer: Officer) -> Asking:
    return officer(person("9001", name="An auditor"), "audit")


def _sits(station: StationHand, name: str, number: str, begin: float, end: float | None) -> None:
    """Tell of a sitting that has begun, and ended if it has."""
    who = person(number, name=f"Officer {number}")
    what: list[Began | Ended] = [Began(at=begin, person=who, proved_by="directory")]
    what += [Ended(at=end, reason="logged off")] if end is not None else []
    station.tell(*(station.happened(one, sitting=name, officer=who.officer) for one in what))


def _who(auditor: Asking, terminal: str, begin: float, end: float) -> list[dict[str, object]]:
    answer = auditor.get("/audit/who", params={"terminal": terminal, "from": begin, "to": end})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["sittings"]
    return found


@pytest.mark.parametrize("ahead_s", [-7200.0, 7200.0])
def test_a_terminal_whose_clock_is_wrong_is_told_of_on_the_hubs(
    hub: Hub, auditor: Asking, enrolled: Enrolled, clock: Clock, ahead_s: float
) -> None:
    now = clock.now
    station = enrolled("FD-02")
    station.ahead_s = ahead_s
    theirs = now + ahead_s
    _sits(station, "s1", "1", theirs - 900, theirs - 600)
    for state in ("signed-in", "locked"):
        clock.pass_s(1)
        at = clock.now + ahead_s
        opened = OpenSystem(system="records", name="Records", state="ready", since=at)
        reported = sitting(person("2"), "s2", since=theirs - 300, state=state, state_since=at, systems=(opened,))
        assert station.report(reported).ok

    found = _who(auditor, "FD-02", now - 1000, now)

    assert [(one["since"], one["until"]) for one in found] == [(now - 900, now - 600), (now - 300, None)]
    with hub.store.reading() as connection:
        began, _ = connection.execute(select(happenings).order_by(happenings.c.seq)).all()
        first, _ = rows.since(connection, 0, 1000, terminal="FD-02")[-2:]
        seen = sitting_of(connection.execute(select(sittings).where(sittings.c.sitting == "s2")).one())
    assert (began.at, json.loads(began.record)["at"]) == (now - 900, theirs - 900)
    assert json.loads(first.details)["station_at"] == theirs - 900
    assert (seen.state_since, seen.systems[0].since) == (now + 2, now + 2)


def test_those_whose_sittings_touch_the_time(auditor: Asking, enrolled: Enrolled, clock: Clock) -> None:
    now = clock.now
    station, other = enrolled("FD-02"), enrolled("FD-03")
    _sits(station, "s1", "1", now - 5000, now - 4000)
    _sits(station, "s2", "2", now - 3500, now - 2500)
    _sits(station, "s3", "3", now - 2600, now - 1500)
    _sits(station, "s4", "4", now - 1000, None)
    _sits(other, "s5", "5", now - 3000, None)
    found = _who(auditor, "FD-02", now - 3000, now - 2000)
    assert [(one["name"], one["since"], one["until"]) for one in found] == [
        ("Officer 2", now - 3500, now - 2500), ("Officer 3", now - 2600, now - 1500)
    ]  # fmt: skip
    assert (found[0]["reason"], found[0]["proved_by"], found[0]["sitting"]) == ("logged off", "directory", "s2")
    still = _who(auditor, "fd-02", now - 500, now)
    assert [(one["name"], one["until"]) for one in still] == [("Officer 4", None)]
    assert _who(auditor, "FD-02", now - 100_000, now - 90_000) == []


def test_a_sitting_that_was_only_reported_counts_too(auditor: Asking, enrolled: Enrolled, clock: Clock) -> None:
    station = enrolled("FD-02")
    station.report(sitting(person("4471", name="A. Okafor"), "sit-1", since=clock.now - 60))
    (found,) = _who(auditor, "FD-02", clock.now - 30, clock.now)
    assert (found["name"], found["since"], found["until"], found["row"]) == ("A. Okafor", clock.now - 60, None, 0)


def test_what_was_told_days_later_stands_at_its_own_time(auditor: Asking, enrolled: Enrolled, clock: Clock) -> None:
    begin = clock.now - 3 * 86_400
    _sits(enrolled("FD-02"), "s1", "1", begin, begin + 60)
    assert len(_who(auditor, "FD-02", begin - 10, begin + 10)) == 1
    assert _who(auditor, "FD-02", clock.now - 10, clock.now) == []


def test_a_terminal_that_is_none_is_said_to_be(auditor: Asking) -> None:
    answer = auditor.get("/audit/who", params={"terminal": "FD-99", "from": 0, "to": 1})
    assert answer.status_code == 404
    assert answer.json()["reference"] == "audit-terminal-unknown"


def test_a_time_that_ends_before_it_begins_is_no_time_when_nobody_was_there(
    auditor: Asking, enrolled: Enrolled, clock: Clock
) -> None:
    _sits(enrolled("FD-02"), "s1", "1", clock.now - 900, clock.now - 600)
    asked = {"terminal": "FD-02", "from": clock.now - 600, "to": clock.now - 900}
    answer = auditor.get("/audit/who", params=asked)
    assert (answer.status_code, answer.json()["reference"]) == (422, "hub-request-malformed")
    assert "ends before it begins" in answer.json()["message"]


def test_reading_the_audit_stands_in_it(auditor: Asking, enrolled: Enrolled, clock: Clock) -> None:
    _sits(enrolled("FD-02"), "s1", "1", clock.now - 60, None)
    _who(auditor, "FD-02", 0, clock.now)
    said = auditor.get("/audit/rows", params={"since": 0, "many": 1000, "subject": "local#5"}).json()
    assert said["rows"] == []
    every = auditor.get("/audit/rows", params={"since": 0}).json()
    reads = [row for row in every["rows"] if row["kind"] == "audit-read"]
    assert [row["actor_name"] for row in reads] == ["An auditor", "An auditor"]
    assert '"what":"who"' in reads[0]["details"]
    assert reads[1]["subject"] == "local#5"
    assert every["last"] == every["rows"][-1]["seq"]


def test_rows_are_read_on_from_the_last_one(auditor: Asking, enrolled: Enrolled, clock: Clock) -> None:
    for number in range(5):
        _sits(enrolled("FD-02" if not number else f"CU-0{number}"), f"s{number}", str(number), clock.now - 60, None)
    first = auditor.get("/audit/rows", params={"many": 2}).json()["rows"]
    then = auditor.get("/audit/rows", params={"many": 2, "since": first[-1]["seq"]}).json()["rows"]
    assert [row["seq"] for row in (*first, *then)] == [1, 2, 3, 4]


def test_only_auditors_read_the_audit(officer: Officer, enrolled: Enrolled, client: Asking) -> None:
    analyst = officer(person("8001"), "helpdesk")
    for address in ("/audit/rows", "/audit/checkpoints", "/audit/holds", "/audit/who?terminal=FD-02&from=0&to=1"):
        assert analyst.get(address).status_code == 403
        assert enrolled().ask.get(address).status_code == 401
        assert client.get(address).status_code == 401


def test_a_hold_over_the_api(auditor: Asking, hub: Hub) -> None:
    made = auditor.post("/audit/holds", json={"officer": person("9001").officer, "reason": "an inquiry"}).json()
    assert auditor.post(f"/audit/holds/{made['id']}/ended").json()["ended"] == hub.clock()
    assert [one["id"] for one in auditor.get("/audit/holds").json()] == [made["id"]]
    assert auditor.post("/audit/holds", json={"reason": "an inquiry"}).status_code == 422
    assert auditor.post("/audit/holds/77/ended").status_code == 404
    assert auditor.get("/audit/checkpoints").json() == []


def test_what_no_store_holds_is_found_nowhere_and_breaks_nothing(auditor: Asking, enrolled: Enrolled) -> None:
    nul = "%00"
    assert auditor.get(f"/audit/rows?subject={nul}&terminal={nul}").status_code == 200
    assert auditor.get(f"/audit/who?terminal={nul}&from=0&to=1").status_code == 404
    assert auditor.post("/audit/holds", json={"officer": "a\0b", "reason": "an inquiry"}).status_code == 422
    enrolled("FD-02")
    held = auditor.post("/audit/holds", json={"terminal": "FD\0-02", "reason": "an inquiry"})
    assert held.json()["terminal"] == "FD-02"
    assert auditor.get("/audit/rows?since=9007199254740992&many=1000").json()["rows"] == []
