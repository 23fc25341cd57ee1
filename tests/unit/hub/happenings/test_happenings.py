"""What happened at a station is stored once, whatever is sent again, and leaves its rows in the audit."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from launcher.hub.audit.tables import audit_rows
from launcher.hub.finding import rows as finding
from launcher.hub.happenings.fit import fit
from launcher.hub.happenings.tables import happenings
from launcher.hub.officers.tables import officers
from launcher.hub.service import Hub
from launcher.hub.settings import AuditSettings, HubSettings
from launcher.hub.sittings import bounds
from launcher.timings.buckets import middle_ms
from launcher.wire.hub.sittings import Began, Ended, Happenings
from launcher.wire.records import LaunchRecord, NoticeRecord, PhaseSpan, SignInRecord, SwitchRecord
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, person, sitting

Enrolled = Callable[..., StationHand]

ALICE = person("4471", name="Alice Jones")
SPANS = (
    PhaseSpan(phase="connect", start_ms=0, duration_ms=100),
    PhaseSpan(phase="typing", start_ms=100, duration_ms=400, human=True),
)


@pytest.fixture
def settings() -> HubSettings:
    """One system is marked."""
    return HubSettings(audit=AuditSettings(marked_systems=("armoury",)))


def launch(system: str = "records", at: float = 1000.0, **changed: object) -> LaunchRecord:
    fields = {
        "at": at, "system": system, "system_kind": "web", "sign_on": "form", "outcome": "ready", "prompts": 1,
        "total_ms": 600.0, "phases": SPANS,
    }  # fmt: skip
    return LaunchRecord.model_validate(fields | changed)


def audited(hub: Hub) -> list[tuple[str, str, dict[str, object]]]:
    with hub.store.reading() as connection:
        rows = connection.execute(select(audit_rows).where(audit_rows.c.station != "").order_by(audit_rows.c.seq)).all()
    return [(row.kind, row.actor, json.loads(row.details or "{}")) for row in rows if row.kind != "enrolled"]


def test_no_record_is_so_long_or_so_odd_that_a_page_cannot_show_it(hub: Hub, enrolled: Enrolled) -> None:
    station = enrolled()
    odd = launch(
        at=1e300, system="s" * 5000, system_kind="k\0" * 100_000, reference="r" * 5000, prompts=10**300, total_ms=1e300,
        phases=[PhaseSpan(phase="p" * 5000, start_ms=-1e300, duration_ms=1e300)] * 500,
    )  # fmt: skip
    assert station.tell(station.happened(odd), station.happened(launch(at=-5.0))).up_to == 2

    with hub.store.reading() as connection:
        first, second = connection.execute(select(happenings).order_by(happenings.c.seq)).all()
    kept = LaunchRecord.model_validate_json(first.record)
    assert len(first.record) < 2000
    assert (kept.at, kept.phases, kept.prompts) == (hub.clock(), (), 10_000)
    assert middle_ms(first.bucket) < 1e10
    assert LaunchRecord.model_validate_json(second.record).at == 0.0


def test_it_is_stored_with_whom_it_concerns(hub: Hub, enrolled: Enrolled) -> None:
    station = enrolled("FD-02", "Front desk")
    station.report(sitting(ALICE, "a"))
    failed = launch(outcome="failed", reference="web-not-found")
    one = station.happened(failed, sitting="a", officer=ALICE.officer, words="404 Not Found")
    assert station.tell(one).up_to == 1
    with hub.store.reading() as connection:
        row = connection.execute(select(happenings)).one()
    assert (row.terminal, row.place, row.officer, row.sitting) == ("FD-02", "Front desk", ALICE.officer, "a")
    assert (row.kind, row.system, row.outcome, row.reference) == ("launch", "records", "failed", "web-not-found")
    assert (row.total_ms, row.own_ms, row.words) == (600.0, 200.0, "404 Not Found")
    assert LaunchRecord.model_validate_json(row.record) == failed


def test_what_was_received_already_is_passed_over(hub: Hub, enrolled: Enrolled) -> None:
    station = enrolled()
    first, second, third = (station.happened(launch(at=float(at))) for at in (1, 2, 3))
    assert station.tell(first, second).up_to == 2
    assert station.tell(second, first, third, third).up_to == 3
    assert station.tell(first).up_to == 3
    assert station.tell().up_to == 3
    with hub.store.reading() as connection:
        assert connection.execute(select(happenings.c.at).order_by(happenings.c.seq)).scalars().all() == [1, 2, 3]


def test_a_station_that_lost_its_count_hears_where_to_go_on(enrolled: Enrolled) -> None:
    station = enrolled()
    station.tell(*(station.happened(launch()) for _ in range(5)))
    new = StationHand.happened(station, launch()).model_copy(update={"seq": 1})
    assert station.tell(new).up_to == 5


def test_two_stations_count_for_themselves(hub: Hub, enrolled: Enrolled) -> None:
    for station in (enrolled(), enrolled()):
        assert station.tell(station.happened(launch())).up_to == 1
    with hub.store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(happenings)).scalar_one() == 2


def test_what_matters_stands_in_the_audit_once(hub: Hub, enrolled: Enrolled) -> None:
    station = enrolled("FD-02")
    read = NoticeRecord(at=4.0, system="law", page="warning", officer=ALICE.officer)
    refused = SignInRecord(
        at=0.5, method="directory", outcome="refused", reference="directory-wrong-password", total_ms=9, phases=()
    )
    told = (
        station.happened(refused),
        station.happened(Began(at=1.0, person=ALICE, proved_by="directory"), sitting="a"),
        station.happened(launch("armoury", 2.0), sitting="a"),
        station.happened(launch("records", 3.0), sitting="a"),  # is not marked
        station.happened(launch("armoury", 3.5, outcome="failed"), sitting="a"),  # was not opened
        station.happened(read, sitting="a"),
        station.happened(Ended(at=5.0, reason="log-off", left_signed_on=("host, line 3",)), sitting="a"),
        station.happened(SwitchRecord(at=6.0, reason="log-off", total_ms=9, phases=())),
    )
    station.tell(*told)
    station.tell(*told)
    assert audited(hub) == [
        ("refused", f"station:{station.id}", {"sign_in": "directory"}),
        ("sign-in", ALICE.officer, {"sitting": "a", "proved_by": "directory", "number": "4471"}),
        ("opened", ALICE.officer, {"system": "armoury", "sitting": "a", "again": False}),
        ("notice-acknowledged", ALICE.officer, {"system": "law", "page": "warning", "sitting": "a"}),
        ("sign-in-ended", ALICE.officer, {"sitting": "a", "left_signed_on": 1}),
    ]


def test_another_stations_sitting_is_not_ended(hub: Hub, enrolled: Enrolled) -> None:
    first, second = enrolled(), enrolled()
    first.report(sitting(ALICE, "a"))
    second.tell(second.happened(Ended(at=hub.clock(), reason="log-off"), sitting="a"))
    first.report(sitting(ALICE, "a", state="locked"))
    with hub.store.reading() as connection:
        assert connection.execute(select(happenings.c.officer)).scalar_one() == ""
    assert audited(hub) == []


def test_a_station_whose_clock_is_ahead_tells_nothing_of_the_future(hub: Hub, enrolled: Enrolled) -> None:
    station = enrolled()
    station.tell(station.happened(launch(at=hub.clock() + 10_000)))
    with hub.store.reading() as connection:
        assert connection.execute(select(happenings.c.at)).scalar_one() == hub.clock()


def test_a_record_that_is_far_too_long_is_kept_without_its_phases(hub: Hub, enrolled: Enrolled) -> None:
    station = enrolled()
    spans = tuple(PhaseSpan(phase="p" * 90, start_ms=float(at), duration_ms=1) for at in range(400))
    station.tell(station.happened(launch(phases=spans)))
    with hub.store.reading() as connection:
        record = connection.execute(select(happenings.c.record)).scalar_one()
    assert LaunchRecord.model_validate_json(record).phases == ()


def test_a_batch_that_is_too_long_is_refused_whole(hub: Hub, enrolled: Enrolled) -> None:
    station = enrolled()
    said = Happenings(happened=(station.happened(launch()),)).model_dump(mode="json")
    said["happened"] *= 501
    assert station.ask.post("/stations/happenings", json=said).status_code == 422
    with hub.store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(happenings)).scalar_one() == 0


def test_what_a_record_holds_may_be_anything(hub: Hub, enrolled: Enrolled) -> None:
    station = enrolled()
    odd = launch("a\0b" * 90, outcome="failed", reference="r\0" * 90, total_ms=1e308)
    read = NoticeRecord(at=-1e300, system="\0", page="\0", officer="\0" * 900)
    told = station.tell(
        station.happened(odd, sitting="a"), station.happened(read), station.happened(launch(total_ms=-5.0, phases=()))
    )
    assert told.up_to == 3
    with hub.store.reading() as connection:
        rows = connection.execute(select(happenings).order_by(happenings.c.seq)).all()
    assert (rows[0].system, rows[0].reference) == (("ab" * 90)[:100], ("r" * 90)[:80])
    assert LaunchRecord.model_validate_json(rows[0].record) == fit(odd, hub.clock())


def test_a_terminal_makes_no_more_officers_known_in_an_hour_than_can_come_to_it(
    hub: Hub, enrolled: Enrolled, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "PEOPLE", 2)
    stolen, other = enrolled(), enrolled("FD-09")
    other.report(sitting(ALICE, "a"))
    force = [person(str(number)) for number in range(4)]
    begun = [stolen.happened(Began(at=1000.0, person=one), sitting=f"s-{one.number}") for one in (ALICE, *force)]

    assert stolen.tell(*begun).up_to == len(begun)  # what has happened is refused to nobody
    with hub.store.reading() as connection:
        known = set(connection.execute(select(officers.c.officer)).scalars())
        found = set(finding.find(connection, "officer", "Officer", many=9))
    assert known == {ALICE.officer, *(one.officer for one in force[:2])}
    assert found == {one.officer for one in force[:2]}
    kinds = [(kind, actor) for kind, actor, _ in audited(hub)]
    assert kinds.count(("refused", f"station:{stolen.id}")) == 1
    assert sum(kind == "sign-in" for kind, _ in kinds) == len(begun)

    clock.pass_s(1800)
    assert stolen.prove().ok
    stolen.tell(stolen.happened(Began(at=1001.0, person=force[3]), sitting="s-next"))
    with hub.store.reading() as connection:
        assert connection.execute(select(officers).where(officers.c.officer == force[3].officer)).one()
