"""What a station reports is what the hub knows: whole pictures in order, two runs of a station, nobody else's."""

from __future__ import annotations

import json
from collections.abc import Callable

from sqlalchemy import select

from launcher.hub.audit.tables import audit_rows
from launcher.hub.finding.rows import find
from launcher.hub.officers import rows as officers
from launcher.hub.service import Hub
from launcher.hub.sittings.rows import open_of, systems_of
from launcher.hub.sittings.tables import sittings, system_names
from launcher.wire.hub.sittings import MOST_SITTINGS, MOST_WORDS, Began, Ended, OpenSystem, Sitting
from tests.unit.hub.hands import StationHand, person, sitting

Enrolled = Callable[..., StationHand]

ALICE = person("4471", "response", name="Alice Jones")
BOB = person("2210", name="Bob Ng")


def _open(hub: Hub, officer: str = ALICE.officer) -> list[str]:
    with hub.store.reading() as connection:
        return [row.sitting for row in open_of(connection, officer)]


def test_the_whole_picture_is_kept_as_it_was_told(hub: Hub, enrolled: Enrolled) -> None:
    station = enrolled("FD-02")
    opened = OpenSystem(
        system="records", name="Records", state="failed", since=5.0, reference="web-not-found", words="404"
    )
    told = sitting(ALICE, since=3.0, state="frozen", systems=(opened,), unsaved=2, running=1, proved_by="directory")
    assert station.report(told).status_code == 204
    with hub.store.reading() as connection:
        row = connection.execute(select(sittings)).one()
        assert (row.station, row.terminal, row.officer, row.state) == (station.id, "FD-02", ALICE.officer, "frozen")
        assert (row.unsaved, row.running, row.open_systems, json.loads(row.systems)[0]["words"]) == (2, 1, 1, "404")
        assert connection.execute(select(system_names.c.name)).scalar_one() == "Records"
        known = officers.known(connection, ALICE.officer)
        assert known is not None
        assert known.groups == {"response"}
        assert find(connection, "officer", "jones", 5) == [ALICE.officer]
        assert find(connection, "terminal", "fd02", 5) == [station.id]


def test_an_older_picture_of_the_same_run_changes_nothing(hub: Hub, enrolled: Enrolled) -> None:
    station = enrolled()
    assert station.report(sitting(ALICE, "a"), number=7).ok
    assert station.report(number=7).ok
    assert station.report(sitting(BOB, "b"), number=6).ok
    assert _open(hub) == ["a"]
    assert _open(hub, BOB.officer) == []


def test_what_is_no_longer_in_the_picture_has_ended(hub: Hub, enrolled: Enrolled) -> None:
    station = enrolled()
    station.report(sitting(ALICE, "a"))
    station.report(sitting(BOB, "b"))
    assert _open(hub) == []
    assert _open(hub, BOB.officer) == ["b"]


def test_a_new_run_ends_what_it_does_not_name_and_begins_its_own_count(hub: Hub, enrolled: Enrolled) -> None:
    station = enrolled("FD-02")
    station.report(sitting(ALICE, "a"), sitting(BOB, "b"), number=40)
    station.boot = "boot-2"
    assert station.prove().ok
    assert station.report(sitting(BOB, "b"), number=1).ok
    assert (_open(hub), _open(hub, BOB.officer)) == ([], ["b"])
    with hub.store.reading() as connection:
        ends = connection.execute(select(audit_rows).where(audit_rows.c.kind == "sign-in-ended")).all()
        assert [(end.actor, end.terminal, end.reason) for end in ends] == [
            (ALICE.officer, "FD-02", "the station ended")
        ]


def test_a_report_of_another_run_than_the_one_that_proved_itself_is_refused(hub: Hub, enrolled: Enrolled) -> None:
    station = enrolled()
    station.report(sitting(ALICE, "a"))
    station.boot = "boot-0"
    answer = station.report()
    assert (answer.status_code, answer.json()["reference"]) == (409, "hub-not-now")
    assert _open(hub) == ["a"]


def test_a_sitting_of_another_station_or_officer_is_not_taken_over(hub: Hub, enrolled: Enrolled) -> None:
    first, second = enrolled(), enrolled()
    first.report(sitting(ALICE, "a"))
    assert second.report(sitting(ALICE, "a")).status_code == 409
    assert first.report(sitting(BOB, "a")).status_code == 409
    assert first.report(sitting(ALICE, "a"), sitting(ALICE, "a")).status_code == 409
    assert _open(hub) == ["a"]


def test_an_ended_sitting_is_never_open_again(hub: Hub, enrolled: Enrolled) -> None:
    station = enrolled("FD-02")
    station.report(sitting(ALICE, "a"))
    left = ("records.station.test, line 3",)
    ended = Ended(at=hub.clock(), reason="log-off", left_signed_on=left, systems=("records",))
    station.tell(station.happened(ended, sitting="a", officer=ALICE.officer))
    assert _open(hub) == []
    station.report(sitting(ALICE, "a"))  # was on its way when it ended
    assert _open(hub) == []
    with hub.store.reading() as connection:
        row = connection.execute(select(sittings)).one()
        assert (row.ended_reason, json.loads(row.left_signed_on)) == ("log-off", list(left))


def test_a_sitting_that_was_over_before_the_hub_heard_of_it_is_known_all_the_same(hub: Hub, enrolled: Enrolled) -> None:
    station = enrolled("FD-02")
    now = hub.clock()
    began = station.happened(Began(at=now - 900, person=ALICE), sitting="a", officer=ALICE.officer)
    ended = station.happened(Ended(at=now - 60, reason="idle"), sitting="a", officer=ALICE.officer)
    station.tell(began, ended)
    with hub.store.reading() as connection:
        row = connection.execute(select(sittings)).one()
        assert (row.since, row.ended, row.ended_reason) == (now - 900, now - 60, "idle")
        told = connection.execute(select(audit_rows).order_by(audit_rows.c.seq)).all()
        mine = [(one.kind, one.happened) for one in told if one.kind.startswith("sign-in")]
        assert mine == [("sign-in", now - 900), ("sign-in-ended", now - 60)]
    assert find_officers(hub, "4471") == [ALICE.officer]


def find_officers(hub: Hub, typed: str) -> list[str]:
    """Find officers."""
    with hub.store.reading() as connection:
        return find(connection, "officer", typed, 5)


def test_the_longest_names_there_are_fit(hub: Hub, enrolled: Enrolled) -> None:
    wide = "\U0001d538"
    who = ALICE.model_copy(update={"officer": wide * 600, "name": " ".join([wide * 11] * 10), "number": wide * 120})
    assert enrolled().report(sitting(who, "a")).status_code == 204
    assert find_officers(hub, wide * 120) == [wide * 600]


def _six_slots(*, words: str = "", groups: int = 1000) -> list[Sitting]:
    """The most that one terminal can hold: in each slot an officer of very many groups with the whole estate open."""
    estate = tuple(
        OpenSystem(
            system=f"system-of-the-force-{number:03}", name=f"Records of Department {number:03}", since=1.0,
            state="failed" if words else "ready", reference="web-not-found" if words else None, words=words,
        )
        for number in range(750)
    )  # fmt: skip
    held = [f"cn=role-{number:04},ou=groups,dc=force,dc=example,dc=police,dc=uk" for number in range(groups)]
    return [sitting(person(f"{slot}", *held), f"s-{slot}", systems=estate) for slot in range(6)]


def test_the_largest_report_that_a_terminal_can_make_is_taken_and_what_its_systems_say_is_cut(
    hub: Hub, enrolled: Enrolled
) -> None:
    station = enrolled()
    full = _six_slots(words="Service unavailable. " * 20)
    assert station.report(*full).status_code == 204
    with hub.store.reading() as connection:
        kept = [systems_of(row.systems) for row in connection.execute(select(sittings.c.systems))]
    assert [len(one) for one in kept] == [750] * 6
    said = "".join(one.words for one in kept[0])
    assert len(said) == MOST_WORDS
    assert kept[0][0].words == full[0].systems[0].words


def test_a_report_of_more_than_one_terminal_has_is_refused_and_nothing_of_it_kept(hub: Hub, enrolled: Enrolled) -> None:
    station = enrolled()
    one = sitting(ALICE, "a").model_dump(mode="json")
    full = [{**one, "sitting": f"t-{number}"} for number in range(MOST_SITTINGS + 1)]
    said = {"boot": station.boot, "number": 1, "at": hub.clock(), "sittings": full}
    refused = station.ask.put("/stations/report", json=said)
    assert (refused.status_code, refused.json()["reference"]) == (422, "hub-request-malformed")
    assert station.report(sitting(ALICE, "a")).ok
    with hub.store.reading() as connection:
        assert connection.execute(select(sittings.c.sitting)).scalars().all() == ["a"]
