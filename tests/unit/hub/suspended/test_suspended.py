"""Somebody is suspended: their tokens are worthless, stations hear of it, and those that could not are listed."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from launcher.hub.audit.tables import audit_rows
from launcher.hub.officers import renamed, sessions
from launcher.hub.officers.errors import SuspendedHereError
from launcher.hub.officers.sessions import Session
from launcher.hub.service import Hub
from launcher.hub.stations import listed
from launcher.hub.suspended import rows
from launcher.wire.hub.barred import name_digest, officer_digest
from launcher.wire.hub.helpdesk import UnreachableTerminal
from launcher.wire.hub.sittings import Barred, Person
from tests.servers.hub_in_process import Asking
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, has_socket, person, sitting

Prove = Callable[..., Asking]
Enrolled = Callable[..., StationHand]

ALICE, BOB = person("4471"), person("2210")


def suspend(hub: Hub, who: Person = ALICE) -> None:
    with hub.store.writing() as connection:
        rows.suspend(connection, hub, who.officer, "i#ann", "Ann", "a stolen card")


def unsuspend(hub: Hub, who: Person = ALICE) -> None:
    with hub.store.writing() as connection:
        rows.unsuspend(connection, hub, who.officer, "i#ann", "Ann", "it was found")


def barred(station: StationHand, have: int = 0) -> Barred:
    return Barred.model_validate(station.ask.get("/stations/barred", params={"have": have}).json())


def unreachable(hub: Hub, who: Person = ALICE) -> list[str]:
    with hub.store.reading() as connection:
        return [one.terminal for one in rows.unreachable(connection, hub, who.officer)]


def prove_again(hub: Hub, who: Person) -> None:
    with hub.store.writing() as connection:
        sessions.begin(connection, hub, Session(who.officer, who.number, who.name, who.user_name, "openid"))


def test_a_suspended_officer_is_nobody_to_the_hub_until_they_are_let_in_again(hub: Hub, officer: Prove) -> None:
    alice, other, bob = officer(ALICE, "helpdesk"), officer(ALICE), officer(BOB)

    suspend(hub)

    for asking in (alice, other):
        assert asking.get("/officers/me").status_code == 401
    assert bob.get("/officers/me").ok
    with pytest.raises(SuspendedHereError):
        prove_again(hub, ALICE)
    unsuspend(hub)
    assert officer(ALICE).get("/officers/me").ok


def test_a_suspension_goes_by_the_new_name_of_an_account_that_was_renamed(hub: Hub, enrolled: Enrolled) -> None:
    station = enrolled()
    station.report(sitting(ALICE, "a"))
    suspend(hub)
    before = barred(station)
    with hub.store.writing() as connection:
        renamed.rename(connection, hub, ALICE.officer, "alice.jones", by="console:root", reason="married")
    after = barred(station)
    assert (name_digest("alice.jones") in after.names, name_digest(ALICE.user_name) in after.names) == (True, False)
    assert after.version == before.version + 1


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"number": "", "user_name": "U4471"}, True),
        ({"number": "4471", "user_name": ""}, True),
        ({"number": "", "user_name": ""}, False),
        ({"number": "2210", "user_name": "u2210"}, False),
    ],
)
def test_they_are_also_known_by_what_they_log_on_with_under_another_issuer(
    hub: Hub, officer: Prove, changed: dict[str, str], refused: bool
) -> None:
    twin = ALICE.model_copy(update={"officer": "https://id#x", **changed})
    officer(ALICE)
    theirs = officer(twin)

    suspend(hub)

    answer = theirs.get("/officers/me")
    assert answer.status_code == (403 if refused else 200)
    if refused:
        assert answer.json()["reference"] == "hub-officer-suspended"


@pytest.mark.parametrize("let_in", [{"number": "", "user_name": "U4471"}, {"number": "4471", "user_name": ""}])
def test_who_is_let_in_again_by_another_issuer_is_barred_by_none(
    hub: Hub, officer: Prove, enrolled: Enrolled, let_in: dict[str, str]
) -> None:
    twin = ALICE.model_copy(update={"officer": "https://id#x", **let_in})
    station = enrolled()
    officer(ALICE)
    theirs = officer(twin)
    officer(BOB)
    for one in (ALICE, twin, BOB):
        suspend(hub, one)

    unsuspend(hub, twin)

    assert officer(ALICE).get("/officers/me").ok
    assert officer(twin).get("/officers/me").ok
    assert theirs.get("/officers/me").status_code == 401  # what they had proved before is worthless
    assert barred(station).officers == (officer_digest(BOB.officer),)
    with hub.store.reading() as connection:
        told = connection.execute(select(audit_rows).where(audit_rows.c.kind == "unsuspended")).one()
    assert (told.subject, json.loads(told.details)["officers"]) == (twin.officer, [twin.officer, ALICE.officer])


def test_who_has_neither_name_nor_number_is_not_everybody_without(hub: Hub, officer: Prove, enrolled: Enrolled) -> None:
    nameless = [
        ALICE.model_copy(update={"officer": f"https://id#{one}", "number": "", "user_name": ""}) for one in "ab"
    ]
    theirs, others = (officer(one) for one in nameless)

    suspend(hub, nameless[0])

    assert (theirs.get("/officers/me").status_code, others.get("/officers/me").status_code) == (401, 200)
    assert barred(enrolled()).names == ()


def test_stations_are_given_digests_and_no_names(hub: Hub, officer: Prove, enrolled: Enrolled) -> None:
    station = enrolled()
    officer(ALICE)
    assert barred(station).officers == ()
    before = station.news().barred

    suspend(hub)
    suspend(hub)

    assert station.news().barred == before + 1
    said = barred(station)
    assert said.version == before + 1
    assert said.officers == (officer_digest(ALICE.officer),)
    assert set(said.names) == {name_digest("U4471 "), name_digest("4471")}
    unsuspend(hub)
    unsuspend(hub)
    assert (station.news().barred, barred(station).officers, barred(station).names) == (before + 2, (), ())


def test_terminals_that_could_not_be_told_are_listed_until_they_have_kept_the_list(
    hub: Hub, clock: Clock, officer: Prove, enrolled: Enrolled
) -> None:
    here, was, away, stranger = (enrolled(name) for name in ("A-1", "B-1", "C-1", "D-1"))
    here.report(sitting(ALICE, "sit-1", since=clock.now))
    was.report(sitting(ALICE, "sit-2", since=clock.now))
    was.report()
    away.report(sitting(ALICE, "sit-3", since=clock.now))
    stranger.report(sitting(BOB, "sit-4", since=clock.now))
    with hub.store.writing() as connection:
        has_socket(connection, hub, here, was)
    clock.pass_s(0)
    assert unreachable(hub) == []  # nobody is suspended

    suspend(hub)

    assert unreachable(hub) == ["C-1"]  # the others are connected, and have it in a moment
    clock.pass_s(6)
    assert unreachable(hub) == ["A-1", "B-1", "C-1"]  # a moment has passed
    version = barred(here).version
    assert unreachable(hub) == ["A-1", "B-1", "C-1"]  # handed out is not kept
    barred(here, version)
    barred(was, version + 1_000)
    assert unreachable(hub) == ["C-1"]
    barred(away, version)
    assert unreachable(hub) == []
    suspend(hub, BOB)
    clock.pass_s(6)
    assert unreachable(hub) == ["A-1", "B-1", "C-1"]  # a newer list is to be kept


def test_a_terminal_where_they_sat_long_ago_is_not_listed(hub: Hub, clock: Clock, enrolled: Enrolled) -> None:
    long_ago = enrolled("A-1")
    long_ago.report(sitting(ALICE, "sit-1", since=clock.now))
    long_ago.report()
    suspend(hub)
    clock.pass_s(29 * 86_400)
    assert unreachable(hub) == ["A-1"]

    clock.pass_s(2 * 86_400)

    assert unreachable(hub) == []


def test_what_is_listed_says_where_and_since_when(hub: Hub, clock: Clock, enrolled: Enrolled) -> None:
    station = enrolled("A-1", place="Custody")
    station.report(sitting(ALICE, "sit-1", since=clock.now))
    heard = clock.now
    suspend(hub)
    clock.pass_s(600)

    with hub.store.reading() as connection:
        assert rows.unreachable(connection, hub, ALICE.officer) == (
            UnreachableTerminal(terminal="A-1", place="Custody", last_heard=heard),
        )


def test_a_terminal_of_the_same_person_under_another_issuer_is_listed_and_the_others_that_are_away_are_counted(
    hub: Hub, clock: Clock, officer: Prove, enrolled: Enrolled
) -> None:
    officer(ALICE)
    theirs, connected, away, shut_out = (enrolled(name) for name in ("T-1", "T-2", "T-3", "T-4"))
    theirs.report(sitting(person("4471", issuer="https://id"), "twin", since=clock.now))
    with hub.store.writing() as connection:
        has_socket(connection, hub, connected)
        listed.begin_quarantine(connection, hub, shut_out.id, by="test", by_name="", reason="stolen")
    assert others_away(hub) == 0

    suspend(hub)

    assert (unreachable(hub), others_away(hub)) == (["T-1"], 1)
    barred(away, barred(away).version)
    assert others_away(hub) == 0


def others_away(hub: Hub) -> int:
    with hub.store.reading() as connection:
        return rows.others_away(connection, hub, ALICE.officer)
