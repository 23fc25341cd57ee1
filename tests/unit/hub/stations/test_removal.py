"""A terminal that never calls again keeps nobody logged on: it is removed, or a computer is enrolled in its place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from launcher.hub.audit import who
from launcher.hub.audit.tables import audit_rows
from launcher.hub.commands import rows as commands
from launcher.hub.helpdesk import looking
from launcher.hub.helpdesk.page import page
from launcher.hub.officers import rows as officers
from launcher.hub.requests import AskingStation
from launcher.hub.service import Hub
from launcher.hub.sittings import rows as sittings_rows
from launcher.hub.sittings.elsewhere import elsewhere
from launcher.hub.stations import removal, rows
from launcher.hub.stations.errors import StationUnknownError
from launcher.hub.suspended import rows as suspended
from launcher.wire.hub.sittings import Began, Report
from tests.servers.hub_in_process import Asking, HubServer
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, enrol_with, person, sitting

Enrolled = Callable[..., StationHand]

ALICE, ADMINISTRATOR = person("4471", name="Alice"), person("9001")
WHY = {"reason": "scrapped"}


def _remove(hub: Hub, station: str) -> removal.Gone:
    with hub.store.writing() as connection:
        return removal.remove(connection, hub, station, by="console:root", by_name="", reason="scrapped")


def _sits(station: StationHand, name: str, clock: Clock) -> None:
    began = Began(at=clock.now, person=ALICE, proved_by="directory")
    station.tell(station.happened(began, sitting=name, officer=ALICE.officer))
    assert station.report(sitting(ALICE, name, since=clock.now)).ok


def _shown_at(hub: Hub) -> list[str]:
    """Where Alice is logged on, by her page; and whether she is found so says the same."""
    with hub.store.reading() as connection:
        known = officers.known(connection, ALICE.officer)
        assert known is not None
        shown = [one.terminal for one in page(connection, hub, known).sittings]
        assert looking.officers_of(connection, [known])[0].logged_on == bool(shown)
    return shown


def test_who_sat_there_is_logged_on_no_more_and_what_was_done_there_is_still_told(
    hub: Hub, enrolled: Enrolled, officer: Callable[..., Asking], clock: Clock
) -> None:
    gone, other = enrolled("FD-02"), enrolled("FD-03")
    _sits(gone, "there", clock)
    _sits(other, "here", clock)
    with hub.store.writing() as connection:
        commands.add(connection, hub, gone.id, "lock", sitting="there", officer=ALICE.officer, reason="asked for")
        suspended.suspend(connection, hub, ALICE.officer, "a test", "", "")
    before = other.news().elsewhere
    clock.pass_s(10)
    address = f"/administrators/stations/{gone.id}/removed"
    administrator = officer(ADMINISTRATOR, "administrator")
    assert officer(person("2210"), "it").post(address, json=WHY).status_code == 403
    assert administrator.post(address, json=WHY).status_code == 204

    assert _shown_at(hub) == ["FD-03"]
    assert other.news().elsewhere > before
    with hub.store.reading() as connection:
        assert elsewhere(connection, hub, other.id).sittings == ()
        assert looking.found(connection, hub, "FD-02").terminals == ()
        (was,) = who.who(connection, "FD-02", clock.now - 60, clock.now + 60).sittings
        (deed,) = commands.states(connection, hub, officer=ALICE.officer)
        unreached = suspended.unreachable(connection, hub, ALICE.officer)
        kinds = connection.execute(
            select(audit_rows.c.kind, audit_rows.c.reason).where(audit_rows.c.station == gone.id)
        ).all()
    assert (was.since, was.until, was.reason) == (clock.now - 10, clock.now, removal.REMOVED)
    assert (deed.terminal, deed.state) == ("FD-02", "away")
    assert "FD-02" not in [one.terminal for one in unreached]
    assert [tuple(row) for row in kinds[-2:]] == [("sign-in-ended", removal.REMOVED), ("station-removed", "scrapped")]
    assert administrator.post(address, json=WHY).status_code == 404


def test_it_is_unknown_from_then_on_also_with_what_is_under_way(hub: Hub, enrolled: Enrolled) -> None:
    gone = enrolled("FD-02")
    asks = AskingStation(gone.id, gone.boot, "FD-02", "Front desk")
    _remove(hub, gone.id)
    assert gone.ask.get("/stations/news").status_code == 401
    assert gone.prove().json()["reference"] == "station-not-proved"
    late = Report(boot=gone.boot, number=9, at=hub.clock(), sittings=(sitting(ALICE, "late"),), letters=())
    with pytest.raises(StationUnknownError), hub.store.writing() as connection:
        sittings_rows.take(connection, hub, asks, late)
    with hub.store.reading() as connection:
        assert officers.known(connection, ALICE.officer) is None


def test_a_computer_enrolled_in_its_place_takes_it_by_an_administrators_word_only(
    hub: Hub, hub_server: HubServer, enrolled: Enrolled, clock: Clock
) -> None:
    old, namesake = enrolled("FD-02"), enrolled("FD-02", place="Custody")
    _sits(old, "there", clock)

    def anew(terminal: str) -> StationHand:
        with hub.store.writing() as connection:
            code = rows.make_code(connection, "an administrator", clock.now, clock.now + 60, terminal)
        return enrol_with(code, hub_server.origin, "FD-02", clock=clock)

    by_its_own_word = anew("")
    assert _shown_at(hub) == ["FD-02"]
    by_theirs = anew("fd-02")
    assert _shown_at(hub) == []
    assert namesake.news() is not None
    assert by_theirs.news() is not None
    assert [one.ask.get("/stations/news").status_code for one in (old, by_its_own_word)] == [401, 401]
    with hub.store.reading() as connection:
        (was,) = who.who(connection, "FD-02", clock.now - 60, clock.now).sittings
        removed = connection.execute(select(audit_rows.c.actor).where(audit_rows.c.kind == "station-removed"))
        assert removed.scalars().all() == ["an administrator"] * 2
    assert was.reason == removal.ENROLLED_ANEW
    by_its_own_word.ask.close()
    by_theirs.ask.close()
