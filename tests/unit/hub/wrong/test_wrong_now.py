"""What stations tell shows to the helpdesk at the next look, and only while it is so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from launcher.hub.service import Hub
from launcher.hub.settings import HelpdeskSettings, HubSettings, RoleSettings, WrongSettings
from launcher.hub.wrong import shared, usual
from launcher.hub.wrong.tables import usual_hours
from launcher.wire.hub.helpdesk import AllWrong
from launcher.wire.hub.sittings import OpenSystem
from launcher.wire.records import LaunchRecord, SignInRecord
from tests.servers.hub_in_process import Asking
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, person, sitting

Officer = Callable[..., Asking]
Enrolled = Callable[..., StationHand]


@pytest.fixture
def settings() -> HubSettings:
    return HubSettings(
        roles=RoleSettings(helpdesk=("helpdesk",)),
        helpdesk=HelpdeskSettings(restricted_systems=("secret-system",)),
        wrong=WrongSettings(count_again_s=0.0, usual_days=2),
    )


@pytest.fixture
def seen(officer: Officer) -> Callable[[], AllWrong]:
    def look() -> AllWrong:  # each time with a new token: the clock may have passed the last one's time
        analyst = officer(person("8001", name="An analyst"), "helpdesk")
        return AllWrong.model_validate(analyst.get("/helpdesk/wrong").json())

    return look


def _launch(
    at: float, outcome: str = "failed", took_ms: float = 1000.0, *, system: str = "custody", again: bool = False
) -> LaunchRecord:
    return LaunchRecord.model_validate(
        {
            "at": at, "system": system, "system_kind": "web", "sign_on": "form", "outcome": outcome,
            "reference": "sign-on-refused" if outcome == "failed" else None, "prompts": 0, "total_ms": took_ms,
            "phases": [{"phase": "load", "start_ms": 0.0, "duration_ms": took_ms}], "again": again,
        }
    )  # fmt: skip


def _tell(station: StationHand, *records: LaunchRecord | SignInRecord, words: str = "") -> None:
    station.tell(*(station.happened(record, words=words) for record in records))


def test_a_system_that_fails_shows_at_once_with_its_own_words(
    enrolled: Enrolled, seen: Callable[[], AllWrong], clock: Clock
) -> None:
    station, other = enrolled("FD-01", place="Front desk"), enrolled("FD-02", place="Front desk")
    station.report(sitting(systems=(OpenSystem(system="custody", name="Custody", state="failed", since=clock.now),)))
    _tell(station, _launch(clock.now - 20), _launch(clock.now), words="The database is locked.")
    assert seen().wrong == ()
    _tell(other, _launch(clock.now))
    (wrong,) = seen().wrong
    assert (wrong.kind, wrong.system, wrong.name, wrong.place) == ("failing", "custody", "Custody", "Front desk")
    assert (wrong.n, wrong.failures, wrong.terminals) == (3, 3, 2)
    assert (wrong.reference, wrong.words) == ("sign-on-refused", "The database is locked.")
    assert wrong.since == clock.now - 20
    clock.pass_s(15 * 60 + 1)
    assert [one for one in seen().wrong if one.system] == []


def test_what_a_station_tells_late_is_not_now(enrolled: Enrolled, seen: Callable[[], AllWrong], clock: Clock) -> None:
    station = enrolled()
    _tell(station, *(_launch(clock.now - 3600) for _ in range(9)))
    assert seen().wrong == ()


def test_restricted_systems_and_what_officers_broke_off_do_not_show(
    enrolled: Enrolled, seen: Callable[[], AllWrong], clock: Clock
) -> None:
    station = enrolled()
    _tell(station, *(_launch(clock.now, system="secret-system") for _ in range(9)))
    _tell(station, *(_launch(clock.now, "cancelled") for _ in range(9)))
    _tell(station, *(_launch(clock.now, "change-password") for _ in range(9)))
    assert seen().wrong == ()


def test_logging_on_fails_by_the_servers_fault_only(
    enrolled: Enrolled, seen: Callable[[], AllWrong], clock: Clock
) -> None:
    station = enrolled(place="Front desk")

    def tried(reference: str) -> SignInRecord:
        return SignInRecord(
            at=clock.now, method="directory", outcome="refused", reference=reference, total_ms=50.0, phases=()
        )

    _tell(station, *(tried("password-not-accepted") for _ in range(9)))
    assert seen().wrong == ()
    _tell(station, *(tried("directory-unreachable") for _ in range(3)))
    (wrong,) = seen().wrong
    assert (wrong.system, wrong.name, wrong.failures) == ("sign-in", "Log on", 3)
    assert wrong.reference == "directory-unreachable"


def test_slow_is_told_against_what_is_usual(
    enrolled: Enrolled, seen: Callable[[], AllWrong], clock: Clock, hub: Hub
) -> None:
    station = enrolled()
    clock.now = (clock.now // 3600) * 3600 + 1800
    station.prove()  # it may be half an hour later now
    _tell(station, *(_launch(clock.now, "ready", 1000.0) for _ in range(40)))
    _tell(station, *(_launch(clock.now, "ready", 60_000.0, again=True) for _ in range(40)))
    clock.pass_s(3600)
    station.prove()
    usual.keep(hub)
    usual.keep(hub)
    with hub.store.reading() as connection:
        assert sum(usual.usual_of(connection)["custody"].values()) == 40
    _tell(station, *(_launch(clock.now, "ready", 8000.0) for _ in range(5)))
    (wrong,) = [one for one in seen().wrong if one.system]
    assert (wrong.kind, wrong.n, wrong.failures) == ("slow", 5, 0)
    assert wrong.p95_ms == pytest.approx(8000, rel=0.03)
    assert wrong.usual_p95_ms == pytest.approx(1000, rel=0.03)


def test_a_new_hub_has_all_hours_before_it_behind_it(hub: Hub, clock: Clock) -> None:
    clock.now = (clock.now // 3600) * 3600 + 1800
    usual.keep(hub)
    with hub.store.reading() as connection:
        hours = set(connection.execute(select(usual_hours.c.hour)).scalars())
        assert usual.usual_of(connection) == {}
    last = int(clock.now // 3600) - 1
    assert hours == set(range(last - 47, last + 1))


def test_days_that_are_long_over_are_no_longer_usual(enrolled: Enrolled, clock: Clock, hub: Hub) -> None:
    station = enrolled()
    _tell(station, *(_launch(clock.now, "ready") for _ in range(40)))
    clock.pass_s(2 * 3600)
    usual.keep(hub)
    with hub.store.reading() as connection:
        assert usual.usual_of(connection).keys() == {"custody"}
    clock.pass_s(4 * 86_400)
    usual.keep(hub)
    with hub.store.reading() as connection:
        assert usual.usual_of(connection) == {}


def test_terminals_that_are_away_show_by_place(enrolled: Enrolled, seen: Callable[[], AllWrong], clock: Clock) -> None:
    gone = [enrolled(f"FD-{number}", place="Front desk") for number in range(3)]
    there = [enrolled(f"CU-{number}", place="Custody") for number in range(4)]
    for station in (*gone, *there):
        station.news()
    clock.pass_s(50)
    for station in there:
        station.news()
    clock.pass_s(50)
    (wrong,) = seen().wrong
    assert (wrong.kind, wrong.place, wrong.n, wrong.terminals) == ("terminals-away", "Front desk", 3, 3)


def test_all_who_look_at_once_share_one_look(
    hub: Hub, enrolled: Enrolled, clock: Clock, seen: Callable[[], AllWrong]
) -> None:
    patient = Hub(
        hub.settings.model_copy(update={"wrong": WrongSettings(count_again_s=60.0)}), hub.store, hub.key, clock
    )
    assert shared.wrong_now(patient) == ()
    _tell(enrolled(), *(_launch(clock.now) for _ in range(3)))
    assert shared.wrong_now(patient) == ()
    assert len(seen().wrong) == 1
    assert shared.wrong_now(patient) == ()
