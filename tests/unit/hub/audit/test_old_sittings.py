"""Sittings and what happened in them go in their time, unless a hold covers them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from launcher.hub.audit import holds, old_sittings
from launcher.hub.commands import rows as commands
from launcher.hub.commands.tables import commands as ordered
from launcher.hub.happenings.tables import happenings
from launcher.hub.service import Hub
from launcher.hub.settings import AuditSettings, HubSettings
from launcher.hub.sittings.tables import sittings
from launcher.hub.told.tables import told
from launcher.wire.hub.audit import AddHold
from launcher.wire.hub.sittings import Began, Ended
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, person, sitting

Enrolled = Callable[..., StationHand]
DAY_S = 86_400.0


@pytest.fixture
def settings() -> HubSettings:
    return HubSettings(audit=AuditSettings(sitting_days=30))


def _left(hub: Hub) -> tuple[int, ...]:
    with hub.store.reading() as connection:
        return tuple(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (sittings, happenings, told, ordered)
        )


def _sits_and_goes(station: StationHand, number: str, at: float) -> None:
    who = person(number)
    name = f"sit-{number}"
    station.report(sitting(who, name, since=at))
    told_of = {"key": f"k{number}", "at": at, "reference": "sign-on-refused", "sitting": name}
    assert station.ask.post("/stations/told", json=told_of).ok
    for what in (Began(at=at, person=who), Ended(at=at, reason="logged off")):
        station.tell(station.happened(what, sitting=name, officer=who.officer))
    station.report()


def test_what_is_over_goes_and_what_is_held_stays(
    hub: Hub, clock: Clock, enrolled: Enrolled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(old_sittings, "BATCH", 1)
    station = enrolled("FD-02")
    _sits_and_goes(station, "1", clock.now)
    _sits_and_goes(station, "2", clock.now)
    station.report(sitting(person("3"), "sit-3", since=clock.now))  # still there
    for _ in range(3):
        with hub.store.writing() as connection:
            commands.add(
                connection, hub, station.id, "lock", sitting="sit-1", officer=person("1").officer, reason="asked for"
            )
    assert _left(hub) == (3, 4, 2, 3)
    with hub.store.writing() as connection:
        hold = holds.add(connection, hub, AddHold(officer=person("1").officer, reason="an inquiry"), "local#auditor")
    clock.pass_s(29 * DAY_S)
    assert old_sittings.keep(hub) == 0
    clock.pass_s(2 * DAY_S)
    assert old_sittings.keep(hub) == 3
    assert _left(hub) == (2, 2, 2, 3)  # the newest telling stays, for its number
    with hub.store.writing() as connection:
        holds.end(connection, hub, hold.id, "local#auditor")
    assert old_sittings.keep(hub) == 6
    assert _left(hub) == (1, 0, 1, 1)
    assert old_sittings.keep(hub) == 0
