"""Where else an officer sits is told to whom it concerns, exactly when it changes; one press brings a sitting over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from sqlalchemy import select

from launcher.hub import lateness
from launcher.hub.audit.tables import audit_rows
from launcher.hub.service import Hub
from launcher.hub.sittings import bounds
from launcher.hub.sittings.elsewhere import concerned_by_reach
from launcher.wire.hub.commands import Acknowledged, CommandState
from launcher.wire.hub.sittings import AllElsewhere, BringHere, OpenSystem
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, person, sitting

Enrolled = Callable[..., StationHand]

ALICE = person("4471", name="Alice Jones")
BOB = person("2210", name="Bob Ng")
RECORDS = OpenSystem(system="records", name="Records", state="ready", since=1.0)


def elsewhere(station: StationHand) -> AllElsewhere:
    return AllElsewhere.model_validate(station.ask.get("/stations/elsewhere").json())


def raised(*stations: StationHand) -> list[int]:
    return [station.news().elsewhere for station in stations]


def bring(station: StationHand, key: str = "key-1", there: str = "a", here: str = "b") -> requests.Response:
    return station.say("POST", "/stations/bring", BringHere(from_sitting=there, to_sitting=here, key=key))


def test_both_stations_of_an_officer_are_told_and_nobody_else(enrolled: Enrolled) -> None:
    first, second, third = enrolled("FD-01", "Front desk"), enrolled("CU-02", "Custody"), enrolled()
    first.report(sitting(ALICE, "a", since=100.0, systems=(RECORDS,), unsaved=2))
    third.report(sitting(BOB, "c"))
    assert raised(first, second, third) == [0, 0, 0]
    second.report(sitting(ALICE, "b"))
    assert raised(first, second, third) == [1, 1, 0]
    told = elsewhere(second)
    (one,) = told.sittings
    assert (told.version, one.sitting, one.terminal, one.place, one.since) == (1, "a", "FD-01", "Front desk", 100.0)
    assert (one.state, one.systems, one.unsaved, one.reachable) == ("signed-in", 1, 2, True)
    assert [other.sitting for other in elsewhere(first).sittings] == ["b"]
    assert elsewhere(third).sittings == ()


def test_what_changes_at_one_is_told_to_the_others_only(enrolled: Enrolled) -> None:
    first, second = enrolled(), enrolled()
    first.report(sitting(ALICE, "a"))
    second.report(sitting(ALICE, "b"))
    before = raised(first, second)
    first.report(sitting(ALICE, "a"))  # nothing has changed
    first.report(sitting(ALICE, "a", running=3))  # nothing that shows elsewhere
    assert raised(first, second) == before
    first.report(sitting(ALICE, "a", state="locked"))
    assert raised(first, second) == [before[0], before[1] + 1]
    first.report()
    assert raised(first, second) == [before[0] + 1, before[1] + 2]
    assert elsewhere(second).sittings == ()


def test_a_station_that_is_out_of_reach_is_told_to_those_it_concerns(
    hub: Hub, clock: Clock, enrolled: Enrolled
) -> None:
    first, second, third = enrolled(), enrolled(), enrolled()
    first.report(sitting(ALICE, "a"))
    second.report(sitting(ALICE, "b"))
    third.report(sitting(BOB, "c"))
    with hub.store.reading() as connection:
        assert concerned_by_reach(connection, first.id) == {second.id}
        assert concerned_by_reach(connection, third.id) == frozenset()
    first.news()
    assert elsewhere(second).sittings[0].reachable
    clock.pass_s(95)
    assert not elsewhere(second).sittings[0].reachable


def test_one_press_ends_the_sitting_there_and_says_what_was_open(hub: Hub, enrolled: Enrolled) -> None:
    first, second = enrolled("FD-01"), enrolled("CU-02")
    first.news()
    first.report(sitting(ALICE, "a", systems=(RECORDS,)))
    second.report(sitting(ALICE, "b"))
    woken = threading.Event()
    end = hub.wakes.listen(f"station:{first.id}", woken.set)
    with ThreadPoolExecutor(1) as pressing:
        pressed = pressing.submit(bring, second)
        assert woken.wait(30)
        (signed,) = first.commands()
        command = signed.command
        assert (command.kind, command.sitting, command.officer) == ("bring", "a", ALICE.officer)
        assert command.by_name == ""
        first.take(command.id)
        first.answer(command.id, more=True, words="told")  # the screen still stands: not enough
        first.answer(command.id, more=True, covered_ms=80.0, systems=("records",))
        state = CommandState.model_validate(pressed.result().json())
    end()
    assert state.answer is not None
    assert (state.answer.systems, state.answer.covered_ms) == (("records",), 80.0)
    again = CommandState.model_validate(bring(second).json())
    assert again.id == command.id
    assert len(first.commands()) == 0
    with hub.store.reading() as connection:
        rows_of_it = connection.execute(select(audit_rows).where(audit_rows.c.kind == "bring")).all()
        assert [(row.actor, row.terminal) for row in rows_of_it] == [(ALICE.officer, "FD-01")]


def test_a_terminal_that_is_away_is_said_so_at_once(clock: Clock, enrolled: Enrolled) -> None:
    first, second = enrolled(), enrolled()
    first.report(sitting(ALICE, "a"))
    second.report(sitting(ALICE, "b"))
    clock.pass_s(100)
    assert CommandState.model_validate(bring(second).json()).state == "away"
    assert first.commands() == ()  # a press that came to nothing is not meant any more
    assert CommandState.model_validate(bring(second).json()).state == "expired"


def test_nothing_ends_there_once_the_officer_was_told_that_there_is_no_answer(
    enrolled: Enrolled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.hub.sittings.bring.ANSWERS_WITHIN_S", 0.1)
    first, second = enrolled(), enrolled()
    first.news()
    first.report(sitting(ALICE, "a"))
    second.report(sitting(ALICE, "b"))
    state = CommandState.model_validate(bring(second).json())
    assert (state.state, state.answer) == ("waiting", None)
    assert first.commands() == ()
    late = first.say("POST", f"/stations/commands/{state.id}/acknowledged", Acknowledged(boot=first.boot, at=1.0))
    assert late.status_code == 409


def test_a_press_is_taken_back_however_late_its_request_is(enrolled: Enrolled, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the officer is told that the hub was away, and is logged off there all the same."""
    first, second = enrolled(), enrolled()
    first.news()
    first.report(sitting(ALICE, "a"))
    second.report(sitting(ALICE, "b"))

    async def late(hub: Hub, topics: object, look: Callable[[], CommandState], *_: object) -> CommandState:
        monkeypatch.setattr(lateness, "LATE_S", -1.0)
        return look()

    monkeypatch.setattr("launcher.hub.sittings.routes.until", late)
    assert CommandState.model_validate(bring(second).json()).answer is None
    monkeypatch.undo()
    assert first.commands() == ()


def test_nobody_brings_what_is_not_theirs(enrolled: Enrolled) -> None:
    first, second = enrolled(), enrolled()
    first.report(sitting(BOB, "a"))
    second.report(sitting(ALICE, "b"))
    refused = [
        bring(second),  # another officer's
        bring(second, there="gone", key="key-2"),
        bring(second, there="b", key="key-3"),  # its own
        bring(first, there="b", here="b", key="key-4"),  # not logged on at the asking station
        bring(second, here="gone", key="key-5"),
    ]
    assert [(one.status_code, one.json()["reference"]) for one in refused] == [(409, "sitting-over")] * 5
    assert first.commands() == ()
    assert second.commands() == ()


def test_a_key_is_for_one_press(clock: Clock, enrolled: Enrolled) -> None:
    first, second, third = enrolled(), enrolled(), enrolled()
    first.report(sitting(ALICE, "a"))
    third.report(sitting(ALICE, "c"))
    second.report(sitting(ALICE, "b"))
    clock.pass_s(100)
    assert bring(second, there="a").ok
    other = bring(second, there="c")
    assert (other.status_code, other.json()["reference"]) == (409, "hub-not-now")


def test_two_stations_at_the_same_moment_both_hear_of_the_other(enrolled: Enrolled) -> None:
    first, second = enrolled(), enrolled()
    with ThreadPoolExecutor(2) as both:
        for at in range(5):
            who = person(f"9{at}")
            before = raised(first, second)
            told = [both.submit(one.report, sitting(who, f"{one.id}-{at}")) for one in (first, second)]
            assert [one.result().status_code for one in told] == [204, 204]
            assert all(now > then for now, then in zip(raised(first, second), before, strict=True))
            assert [one.officer for one in elsewhere(first).sittings] == [who.officer]
            assert [one.officer for one in elsewhere(second).sittings] == [who.officer]


def test_one_terminal_ends_no_more_sittings_than_its_officers_press(enrolled: Enrolled, clock: Clock) -> None:
    station = enrolled()

    answers = [bring(station, f"key-{number}").status_code for number in range(11)]

    assert answers == [409] * 10 + [429]
    clock.pass_s(60)
    assert bring(station, "key-12").status_code == 409


def refusals(hub: Hub) -> list[tuple[str, str]]:
    with hub.store.reading() as connection:
        found = connection.execute(select(audit_rows).where(audit_rows.c.kind == "refused"))
        return [(row.actor, row.reference) for row in found]


def test_no_more_is_brought_to_a_terminal_in_an_hour_than_officers_bring(
    hub: Hub, enrolled: Enrolled, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "BRINGS", 2)
    stolen, other = enrolled(), enrolled("FD-09")
    for number in range(4):
        other.report(sitting(ALICE, f"a-{number}"))
        stolen.report(sitting(ALICE, "b"))
        clock.pass_s(100)  # nobody is there who would answer
        answer = bring(stolen, f"key-{number}", f"a-{number}")
        assert answer.status_code == (200 if number < 2 else 429)

    assert answer.json()["reference"] == "hub-asked-too-often"
    assert refusals(hub) == [(f"station:{stolen.id}", "hub-asked-too-often")]  # once an hour
    clock.pass_s(1800)
    assert stolen.prove().ok
    assert bring(stolen, "key-4", "a-3").ok


def test_no_more_officers_come_to_a_terminal_in_an_hour_than_can(
    hub: Hub, enrolled: Enrolled, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr(bounds, "SITTINGS", 3)
    stolen = enrolled()
    force = [sitting(person(str(number)), f"s-{number}") for number in range(4)]

    assert stolen.report(*force[:2]).ok
    assert stolen.report(*force[:2], number=7).ok  # nobody has come
    refused = stolen.report(*force, number=8)

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1200")
    assert stolen.report(*force[:3], number=9).ok
    assert refusals(hub) == [(f"station:{stolen.id}", "hub-asked-too-often")]
    clock.pass_s(1201)
    assert stolen.prove().ok
    assert stolen.report(*force, number=10).ok
