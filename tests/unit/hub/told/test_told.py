"""What an officer tells has one number, however often it is sent, and stands with the helpdesk until it is closed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
import requests

from launcher.hub.audit import rows as audit
from launcher.hub.service import Hub
from launcher.hub.settings import HelpdeskSettings, HubSettings, RoleSettings
from launcher.hub.told import routes, rows
from launcher.hub.told.routes import A_MINUTE
from launcher.wire.hub.audit import AuditRow
from launcher.wire.records import LaunchRecord, PhaseSpan
from tests.servers.hub_in_process import Asking
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, person, sitting

Officer = Callable[..., Asking]
Enrolled = Callable[..., StationHand]


@pytest.fixture
def settings() -> HubSettings:
    hidden = HelpdeskSettings(restricted_groups=("Undercover",), restricted_systems=("secret-system",))
    return HubSettings(roles=RoleSettings(helpdesk=("helpdesk",), it=("it",)), helpdesk=hidden)


@pytest.fixture
def analyst(officer: Officer) -> Asking:
    return officer(person("8001", name="An analyst"), "helpdesk")


def _launch(at: float) -> LaunchRecord:
    return LaunchRecord(
        at=at, system="custody", system_kind="web", sign_on="form", outcome="failed", reference="sign-on-refused",
        prompts=0, total_ms=900.0, phases=(PhaseSpan(phase="load", start_ms=0.0, duration_ms=900.0),),
    )  # fmt: skip


def _tell(station: StationHand, key: str = "k1", **more: object) -> str:
    said = {"key": key, "at": 1.0, "reference": "sign-on-refused", "system": "custody", **more}
    answer = station.ask.post("/stations/told", json=said)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["number"])


def _told(analyst: Asking) -> list[dict[str, object]]:
    found: list[dict[str, object]] = analyst.get("/helpdesk/wrong").json()["told"]
    return found


def test_the_number_is_short_grows_and_is_the_same_for_the_same_telling(enrolled: Enrolled) -> None:
    here, there = enrolled(), enrolled()
    first, again, other = _tell(here), _tell(here), _tell(there)
    assert first == again
    assert first.startswith("T-")
    assert int(other[2:]) > int(first[2:]) > 1000


def test_a_hundred_timelines_are_never_too_long_to_read(enrolled: Enrolled, analyst: Asking) -> None:
    long = _launch(5.0).model_copy(update={"system_kind": "k" * 100_000, "phases": _launch(5.0).phases * 100})
    _tell(enrolled(), timeline=[long.model_dump(mode="json")] * 20)

    assert len(analyst.get("/helpdesk/wrong").content) < 40_000
    assert len(_told(analyst)[0]["timeline"]) == 20  # type: ignore[arg-type]


def test_a_timeline_names_no_restricted_system(enrolled: Enrolled, analyst: Asking) -> None:
    secret = _launch(5.0).model_copy(update={"system": "secret-system"})
    _tell(enrolled(), timeline=[one.model_dump(mode="json") for one in (_launch(4.0), secret)])

    assert len(_told(analyst)[0]["timeline"]) == 1  # type: ignore[arg-type]
    assert "secret-system" not in analyst.get("/helpdesk/wrong").text


def test_the_helpdesk_sees_who_where_and_when_it_was_in_what(enrolled: Enrolled, analyst: Asking, clock: Clock) -> None:
    station = enrolled("FD-07", place="Front desk")
    station.report(sitting(person("4471", name="A. Okafor"), "sit-1"))
    number = _tell(station, sitting="sit-1", timeline=[_launch(clock.now).model_dump(mode="json")])
    (seen,) = _told(analyst)
    assert seen["number"] == number
    assert (seen["name"], seen["terminal"], seen["place"]) == ("A. Okafor", "FD-07", "Front desk")
    assert seen["reference"] == "sign-on-refused"
    assert [one["record"]["total_ms"] for one in seen["timeline"]] == [900.0]  # type: ignore[attr-defined]


def test_it_sees_the_terminal_and_not_whose_it_is(enrolled: Enrolled, officer: Officer) -> None:
    station = enrolled("FD-07")
    station.report(sitting(person("4471", name="A. Okafor"), "sit-1"))
    _tell(station, sitting="sit-1")
    (seen,) = _told(officer(person("8002"), "it"))
    assert (seen["name"], seen["officer"], seen["terminal"]) == ("", None, "FD-07")


def test_a_timeline_of_a_terminal_whose_clock_is_wrong_is_on_the_hubs(
    enrolled: Enrolled, analyst: Asking, clock: Clock
) -> None:
    theirs = clock.now - 7200
    _tell(enrolled(), at=theirs, timeline=[_launch(theirs - 60).model_dump(mode="json")])
    (seen,) = _told(analyst)
    assert [one["record"]["at"] for one in seen["timeline"]] == [clock.now - 60]  # type: ignore[attr-defined]


def test_who_does_not_show_does_not_by_another_issuer_either(enrolled: Enrolled, analyst: Asking) -> None:
    station, twin = enrolled(), person("4471", issuer="https://id")
    station.report(sitting(person("4471", "undercover"), "sit-1"))
    station.report(sitting(twin, "sit-2"))
    _tell(station, sitting="sit-2")
    (seen,) = _told(analyst)
    assert (seen["officer"], seen["name"]) == (None, "")


def test_a_sitting_of_another_station_names_nobody(enrolled: Enrolled, analyst: Asking) -> None:
    enrolled().report(sitting(person("4471"), "sit-1"))
    _tell(enrolled(), sitting="sit-1")
    (seen,) = _told(analyst)
    assert (seen["officer"], seen["name"]) == (None, "")


def test_restricted_people_and_systems_do_not_show(enrolled: Enrolled, analyst: Asking) -> None:
    station = enrolled()
    station.report(sitting(person("9999", "undercover", name="Nobody"), "sit-1"))
    _tell(station, "k1", sitting="sit-1")
    _tell(station, "k2", system="secret-system")
    (seen,) = _told(analyst)
    assert (seen["officer"], seen["name"], seen["system"], seen["terminal"]) == (None, "", "custody", "")


def test_what_is_closed_is_gone_and_what_is_old_too(enrolled: Enrolled, analyst: Asking, clock: Clock) -> None:
    station = enrolled()
    first, second = _tell(station, "k1"), _tell(station, "k2")
    for _ in range(2):
        assert analyst.post(f"/helpdesk/told/{first.lower()}/closed").status_code == 204
    assert [one["number"] for one in _told(analyst)] == [second]
    for wrong in ("T-1", "T-999999999999999", "nonsense", "T-1%00"):
        assert analyst.post(f"/helpdesk/told/{wrong}/closed").status_code == 404
    clock.pass_s(500)
    assert len(_told(analyst)) == 1


def _case(analyst: Asking, reason: str = "cannot work", key: str = "c1") -> str:
    made = analyst.post("/helpdesk/cases", json={"reason": reason, "key": key})
    return str(made.json()["case"])


def _look(analyst: Asking, number: str, case: str) -> requests.Response:
    return analyst.get(f"/helpdesk/told/{number}", params={"case": case})


def _looked_up(analyst: Asking, number: str, case: str) -> dict[str, object]:
    answer = _look(analyst, number, case)
    assert answer.ok, answer.text
    found: dict[str, object] = answer.json()
    return found


def _looks(hub: Hub) -> list[AuditRow]:
    with hub.store.reading() as connection:
        return [row for row in audit.since(connection, 0, 100) if row.kind == "look-up"]


def test_a_number_is_looked_up_when_it_is_old_closed_or_one_of_too_many_to_list(
    enrolled: Enrolled, analyst: Asking, officer: Officer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MANY", 1)
    station = enrolled("FD-07", place="Front desk")
    station.report(sitting(person("4471", name="A. Okafor"), "sit-1"))
    number = _tell(station, sitting="sit-1", timeline=[_launch(clock.now).model_dump(mode="json")])
    newer = _tell(station, "k2")
    assert [one["number"] for one in _told(analyst)] == [newer]
    analyst.post(f"/helpdesk/told/{number}/closed")
    clock.pass_s(30 * 86_400)
    later = officer(person("8001", name="An analyst"), "helpdesk")

    found = _looked_up(later, number.lower(), _case(later))

    assert (found["number"], found["name"], found["terminal"], found["closed"]) == (number, "A. Okafor", "FD-07", True)
    assert len(found["timeline"]) == 1  # type: ignore[arg-type]


def test_a_number_is_looked_up_in_a_case_of_ones_own_whose_reason_stands_in_the_audit(
    hub: Hub, enrolled: Enrolled, analyst: Asking, officer: Officer
) -> None:
    station = enrolled("FD-07")
    station.report(sitting(person("4471", name="A. Okafor"), "sit-1"))
    number = _tell(station, sitting="sit-1")
    another = officer(person("8002"), "helpdesk")
    refused = [analyst.get(f"/helpdesk/told/{number}"), *(_look(analyst, number, one) for one in ("c", _case(another)))]
    assert [one.status_code for one in refused] == [422, 409, 409]
    assert refused[-1].json()["reference"] == "helpdesk-case-over"
    assert "FD-07" not in "".join(one.text for one in refused)
    for roles in ((), ("it",)):
        assert _look(officer(person("8003"), *roles), number, "c").status_code == 403
    assert _looks(hub) == []

    case = _case(analyst, "she cannot print")
    for _ in range(2):  # one look
        _looked_up(analyst, number, case)
    assert _look(analyst, "t-999999", case).status_code == 404
    said = [(row.actor_name, row.subject, row.terminal, row.reason) for row in _looks(hub)]
    assert said == [
        ("An analyst", person("4471").officer, "FD-07", "she cannot print"), ("An analyst", "", "", "she cannot print"),
    ]  # fmt: skip
    details = [json.loads(row.details) for row in _looks(hub)]
    assert details == [{"case": case, "told": number}, {"case": case, "told": "T-999999"}]


def test_who_does_not_show_is_named_by_no_number_and_nor_is_their_terminal(
    hub: Hub, enrolled: Enrolled, analyst: Asking, officer: Officer, clock: Clock
) -> None:
    station = enrolled("FD-10", place="Quiet corner")
    station.report(sitting(person("9999", "undercover", name="Nobody"), "sit-1"))
    number = _tell(station, sitting="sit-1", timeline=[_launch(clock.now).model_dump(mode="json")])
    case = _case(analyst)
    answers = [
        _look(analyst, number, case), analyst.get("/helpdesk/find", params={"case": case, "q": number}),
        analyst.get("/helpdesk/wrong"), officer(person("8002"), "it").get("/helpdesk/wrong"),
    ]  # fmt: skip
    for one in answers:
        assert one.ok
        assert not {"FD-10", "Quiet corner", "Nobody", "9999"} & set(re.findall(r"[\w -]+", one.text))
    found = answers[0].json()
    assert (found["officer"], found["terminal"], found["reference"]) == (None, "", "sign-on-refused")
    assert [(row.subject, row.station, row.terminal) for row in _looks(hub)] == [("", "", "")] * 2


def test_at_whose_terminal_nobody_was_logged_on_is_found_by_the_number(enrolled: Enrolled, analyst: Asking) -> None:
    number = _tell(enrolled("FD-07"))
    case = _case(analyst)
    found = analyst.get("/helpdesk/find", params={"case": case, "q": number}).json()
    assert ([one["terminal"] for one in found["terminals"]], found["officers"]) == (["FD-07"], [])
    assert _looked_up(analyst, number, case)["terminal"] == "FD-07"


def test_a_number_of_a_restricted_system_is_like_one_that_was_never_told(enrolled: Enrolled, analyst: Asking) -> None:
    secret, case = _tell(enrolled(), system="secret-system"), _case(analyst)
    refused = [_look(analyst, number, case) for number in (secret, "T-999999", "nonsense", "T-1%00", "T-1000")]
    assert [(one.status_code, one.json()) for one in refused] == [(404, refused[0].json())] * 5
    assert analyst.post(f"/helpdesk/told/{secret}/closed").status_code == 404


def test_an_analyst_does_not_look_up_one_number_after_the_other_by_whatever_way(
    enrolled: Enrolled, analyst: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "LOOKED_UP_A_MINUTE", 3)
    number, case = _tell(enrolled()), _case(analyst)

    def find(text: str) -> int:
        return analyst.get("/helpdesk/find", params={"case": case, "q": text}).status_code

    assert [_look(analyst, number, case).status_code, find(f" {number.lower()} "), find("T-999999")] == [200] * 3
    assert [_look(analyst, number, case).status_code, find(number)] == [429] * 2
    assert [find("T-100"), find("FD")] == [200] * 2  # can be no number: somebody is still writing


def test_the_panel_finds_who_has_told_it_and_where_by_the_number(enrolled: Enrolled, analyst: Asking) -> None:
    station = enrolled("FD-07")
    station.report(sitting(person("4471", name="A. Okafor"), "sit-1"))
    case, ours = _case(analyst), _tell(station, "k1", sitting="sit-1")
    for number, officers, terminals in ((ours, [person("4471").officer], ["FD-07"]), ("T-999999", [], [])):
        found = analyst.get("/helpdesk/find", params={"case": case, "q": number}).json()
        assert [one["officer"] for one in found["officers"]] == officers
        assert [one["terminal"] for one in found["terminals"]] == terminals


def test_a_key_that_is_held_down_is_no_flood(enrolled: Enrolled) -> None:
    station = enrolled()
    for number in range(A_MINUTE):
        _tell(station, f"k{number}")
    refused = station.ask.post("/stations/told", json={"key": "more", "at": 1.0, "reference": "sign-on-refused"})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1


def test_a_stolen_terminal_tells_no_more_in_a_day_either(
    enrolled: Enrolled, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "A_DAY", 2)
    station = enrolled()
    for number in range(2):
        _tell(station, f"k{number}")
    clock.pass_s(3600)
    assert station.prove().ok
    refused = station.ask.post("/stations/told", json={"key": "more", "at": 1.0, "reference": "sign-on-refused"})
    assert (refused.status_code, refused.json()["reference"]) == (429, "hub-asked-too-often")
    assert "in the last day" in refused.json()["message"]


def test_telling_and_closing_stand_in_the_audit(enrolled: Enrolled, analyst: Asking, hub: Hub) -> None:
    number = _tell(enrolled("FD-07"))
    analyst.post(f"/helpdesk/told/{number}/closed")
    with hub.store.reading() as connection:
        found = [row for row in audit.since(connection, 0, 100) if row.kind == "told"]
    assert [(row.terminal, row.reference) for row in found] == [("FD-07", "sign-on-refused")] * 2
    assert number in found[0].details
    assert found[1].actor_name == "An analyst"
