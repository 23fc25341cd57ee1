"""A stolen or faulty station fills neither the store nor the audit; what it tells besides is taken."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from sqlalchemy import select

from launcher.hub.audit.tables import audit_rows
from launcher.hub.happenings.tables import happenings
from launcher.hub.limits import HOUR_S, limits, sweep
from launcher.hub.service import Hub
from launcher.hub.sittings import bounds
from launcher.hub.sittings.tables import sittings
from launcher.station.hub.journal import MAX_HAPPENED
from launcher.wire.hub.sittings import Began, Ended, Happened, Person
from launcher.wire.records import SwitchRecord
from tests.servers.hub_in_process import Asking
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, person, sitting

Enrolled = Callable[..., StationHand]

ALICE, BOB, EVE = (person(number) for number in ("1", "2", "3"))
SWITCH = SwitchRecord(at=1.0, reason="log-off", total_ms=9, phases=())
DAY_S = 86_400.0


def began(station: StationHand, *people: Person) -> tuple[Happened, ...]:
    """Each in a sitting of its own, with made-up names."""
    made = [station.happened(Began(at=1000.0, person=one)) for one in people]
    return tuple(one.model_copy(update={"sitting": f"{station.id}-{one.seq}"}) for one in made)


def signed_in(hub: Hub) -> list[str]:
    """Whose sign-ins stand in the audit; as many happenings and sittings are kept."""
    with hub.store.reading() as connection:
        told = connection.execute(select(audit_rows.c.actor).where(audit_rows.c.kind == "sign-in")).scalars().all()
        kept = connection.execute(select(happenings.c.officer).where(happenings.c.kind == "began")).scalars().all()
        sat = connection.execute(select(sittings.c.officer)).scalars().all()
    assert sorted(told) == sorted(kept) == sorted(sat)
    return sorted(told)


def said_so(hub: Hub) -> int:
    """How often the audit says that a station has told more."""
    asked = select(audit_rows.c.seq).where(audit_rows.c.reference == "hub-asked-too-often")
    with hub.store.reading() as connection:
        return len(connection.execute(asked).all())


def switches(hub: Hub) -> int:
    with hub.store.reading() as connection:
        return len(connection.execute(select(happenings.c.seq).where(happenings.c.kind == "switch")).all())


def test_of_made_up_sign_ins_no_more_are_kept_than_a_terminal_has_and_the_rest_is_taken(
    hub: Hub, client: Asking, enrolled: Enrolled, clock: Clock, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(bounds, "BEGAN", 3)
    monkeypatch.setattr(bounds, "BEGAN_OF_ONE", 2)
    stolen, good = enrolled(), enrolled()

    with caplog.at_level(logging.WARNING, "launcher.hub"):
        told = began(stolen, ALICE, ALICE, ALICE, BOB, EVE)
        assert stolen.tell(*told, stolen.happened(SWITCH)).up_to == 6
        assert stolen.tell(*began(stolen, ALICE, BOB, EVE)).up_to == 9
    # One officer's alone take nobody else's place.
    assert signed_in(hub) == [ALICE.officer, ALICE.officer, BOB.officer]
    assert switches(hub) == 1
    assert said_so(hub) == 1
    assert [one.getMessage().split(":")[0] for one in caplog.records] == ["hub-station-bounded"]
    assert 'station_launcher_hub_happenings_let_go_total{kind="began"} 5.0' in client.get("/metrics").text

    assert stolen.report(sitting(EVE, "s")).ok
    assert good.tell(*began(good, ALICE)).up_to == 1
    with hub.store.reading() as connection:
        assert len(connection.execute(select(sittings)).all()) == 5

    clock.pass_s(DAY_S)
    assert stolen.prove().ok
    assert stolen.tell(*began(stolen, EVE)).up_to == 10
    with hub.store.reading() as connection:
        assert len(connection.execute(select(sittings)).all()) == 6


def test_of_sittings_that_end_no_more_are_kept_either_and_groups_are_kept_with_their_officer_alone(
    hub: Hub, enrolled: Enrolled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "BEGAN", 2)
    stolen = enrolled()
    stolen.tell(*began(stolen, person("1", "cid")))
    sat = f"{stolen.id}-1"
    ends = [stolen.happened(Ended(at=1001.0, reason="log-off"), sitting=sat, officer=ALICE.officer) for _ in range(3)]
    assert stolen.tell(*ends).up_to == 4
    with hub.store.reading() as connection:
        kept = connection.execute(select(happenings.c.kind, happenings.c.record).order_by(happenings.c.seq)).all()
    assert [row.kind for row in kept] == ["began", "ended", "ended"]
    assert Began.model_validate_json(kept[0].record).person == ALICE


def test_a_quiet_hour_gives_a_stolen_station_no_new_day(
    hub: Hub, enrolled: Enrolled, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "BEGAN", 2)
    stolen = enrolled()
    stolen.tell(*began(stolen, ALICE, BOB))
    clock.pass_s(HOUR_S + 1)
    with hub.store.writing() as connection:
        sweep(connection, clock.now)
    assert stolen.prove().ok
    stolen.tell(*began(stolen, EVE))
    assert signed_in(hub) == [ALICE.officer, BOB.officer]
    with hub.store.writing() as connection:
        sweep(connection, clock.now + DAY_S + 1)
        assert connection.execute(select(limits)).all() == []


def test_whatever_it_tells_no_more_is_kept_than_a_station_keeps_for_its_hub(
    hub: Hub, enrolled: Enrolled, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bounds.HAPPENED >= MAX_HAPPENED  # of a real one that was cut off all is kept
    monkeypatch.setattr(bounds, "HAPPENED", 4)
    stolen = enrolled()
    assert stolen.tell(*(stolen.happened(SWITCH) for _ in range(3))).up_to == 3
    assert stolen.tell(*(stolen.happened(SWITCH) for _ in range(3))).up_to == 6
    assert stolen.tell(stolen.happened(SWITCH)).up_to == 7
    assert switches(hub) == 4
    assert said_so(hub) == 1
