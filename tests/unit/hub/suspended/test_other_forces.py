"""Two forces give the same names and numbers: a suspension in one is nobody's in the other, and holds in its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from launcher.hub.helpdesk.visible import is_restricted
from launcher.hub.life import life
from launcher.hub.officers import rows as officers
from launcher.hub.service import Hub
from launcher.hub.settings import ForcesSettings, HelpdeskSettings, HubSettings
from launcher.hub.suspended import rows
from launcher.wire.hub.barred import is_barred
from launcher.wire.hub.helpdesk import Act, Acted
from launcher.wire.hub.sittings import Barred, Person
from tests.servers.hub_in_process import Asking
from tests.unit.hub.conftest import ROLES, Clock
from tests.unit.hub.hands import StationHand, person, sitting

Prove = Callable[..., Asking]
Enrolled = Callable[..., StationHand]

ANALYST = person("1001", name="Jo Field")
JOHN = Person(officer="ldap:dc=force#1", number="4471", name="John Smith", user_name="jsmith")
JANE = Person(
    officer="https://id.northshire.example/oidc#7", number="4471@northshire.example", name="Jane Smith",
    user_name="JSmith@Northshire.example",
)  # fmt: skip
JANE_AS_A_GUEST = Person(
    officer="https://id.force.example#g", number="9", name="Jane Smith", user_name="jsmith@northshire.example"
)


def john(user_name: str, number: str = "") -> Person:
    """Return him by another of his own force's ways."""
    return Person(officer=f"https://id.force.example#{user_name}", number=number, name="", user_name=user_name)


@pytest.fixture
def settings() -> HubSettings:
    return HubSettings(
        roles=ROLES, forces=ForcesSettings(domains=("Northshire.example",)),
        helpdesk=HelpdeskSettings(sensitive=(), restricted_groups=("covert",)),
    )  # fmt: skip


@pytest.fixture
def analyst(officer: Prove) -> Asking:
    """An analyst of the helpdesk."""
    return officer(ANALYST, "helpdesk")


def act(analyst: Asking, kind: str, who: Person) -> Acted:
    case = analyst.post("/helpdesk/cases", json={"reason": "stolen", "key": "k"}).json()["case"]
    said = Act(key=f"{kind}-1", case=case, kind=kind, officer=who.officer, reason="a stolen card")  # type: ignore[arg-type]
    answer = analyst.post("/helpdesk/acts", json=said.model_dump(mode="json"))
    assert answer.ok, answer.text
    return Acted.model_validate(answer.json())


def is_shown_suspended(analyst: Asking, who: Person) -> bool:
    case = analyst.post("/helpdesk/cases", json={"reason": "stolen", "key": "k"}).json()["case"]
    answer = analyst.get("/helpdesk/officers", params={"case": case, "officer": who.officer})
    assert answer.ok, answer.text
    return bool(answer.json()["suspended"])


def lets_in(station: StationHand, who: Person) -> bool:
    """Say whether the station goes on to let somebody in, by the list that it has."""
    told = Barred.model_validate(station.ask.get("/stations/barred", params={"have": 0}).json())
    return not is_barred(who.officer, who.user_name, who.number, told)


def test_who_is_suspended_in_another_force_takes_nobody_of_ours_along(
    clock: Clock, officer: Prove, enrolled: Enrolled, analyst: Asking
) -> None:
    ours, theirs = enrolled("FD-01"), enrolled("FD-02")
    asking = officer(JOHN)
    ours.report(sitting(JOHN, "john", since=clock.now))
    theirs.report(sitting(JANE, "jane", since=clock.now), sitting(JANE_AS_A_GUEST, "guest", since=clock.now))

    told = act(analyst, "suspend", JANE)

    assert sorted(one.command.sitting or "" for one in theirs.commands()) == ["guest", "jane"]
    assert len(told.commands) == 2
    assert ours.commands() == ()
    assert [is_shown_suspended(analyst, one) for one in (JOHN, JANE, JANE_AS_A_GUEST)] == [False, True, True]
    assert asking.get("/officers/me").ok
    assert [lets_in(ours, one) for one in (JOHN, JANE, JANE_AS_A_GUEST)] == [True, False, False]
    clock.pass_s(60)
    assert [one.terminal for one in act(analyst, "suspend", JANE).unreachable] == ["FD-02"]
    act(analyst, "unsuspend", JANE_AS_A_GUEST)
    assert lets_in(ours, JANE)


@pytest.mark.parametrize(
    "again",
    [
        john("JSmith "), john("FORCE\\jsmith"), john("jsmith@force.example"), john("jsmith@FORCE.EXAMPLE"),
        john("jsmith@not-known-whose.example"), john("jsmith@sub.northshire.example"), john("", "4471"),
        john("other.name", "4471"),
    ],
)  # fmt: skip
def test_a_suspension_holds_whichever_of_our_own_ways_they_log_on_by(
    hub: Hub, clock: Clock, officer: Prove, enrolled: Enrolled, again: Person
) -> None:
    station = enrolled()
    mine, guest = officer(again), officer(JANE_AS_A_GUEST)
    officer(JOHN)
    station.report(sitting(again, "again", since=clock.now))

    with hub.store.writing() as connection:
        rows.suspend(connection, hub, JOHN.officer, "i#ann", "Ann", "a stolen card")

    assert mine.get("/officers/me").json()["reference"] == "hub-officer-suspended"
    assert not lets_in(station, again)
    assert guest.get("/officers/me").ok
    assert lets_in(station, JANE)
    assert lets_in(station, JANE_AS_A_GUEST)
    with hub.store.reading() as connection:
        assert [one.terminal for one in rows.unreachable(connection, hub, JOHN.officer)] == ["FD-01"]


def test_who_does_not_show_in_another_force_hides_nobody_of_ours(hub: Hub, officer: Prove) -> None:
    for one in (JOHN, john("jsmith@force.example"), JANE.model_copy(update={"groups": ("covert",)}), JANE_AS_A_GUEST):
        officer(one)
    with hub.store.writing() as connection:
        officers.note(connection, JANE.model_copy(update={"groups": ("covert",)}), "openid", hub.clock())

    def hidden(who: Person) -> bool:
        with hub.store.reading() as connection:
            known = officers.known(connection, who.officer)
            assert known is not None
            return is_restricted(connection, hub, known)

    assert [hidden(one) for one in (JOHN, JANE, JANE_AS_A_GUEST)] == [False, True, True]
    with hub.store.writing() as connection:
        officers.note(connection, JOHN.model_copy(update={"groups": ("covert",)}), "openid", hub.clock())
    assert [hidden(one) for one in (JOHN, john("jsmith@force.example"))] == [True, True]


def test_a_force_that_the_file_names_later_is_told_apart_at_each_terminal_from_the_next_start_on(
    hub: Hub, officer: Prove, enrolled: Enrolled
) -> None:
    before = Hub(HubSettings(roles=ROLES), hub.store, hub.key, hub.clock)
    station = enrolled()
    officer(JANE)
    with hub.store.writing() as connection:
        rows.suspend(connection, before, JANE.officer, "i#ann", "Ann", "a stolen card")
        told = rows.barred(connection, before)
    assert is_barred(JOHN.officer, JOHN.user_name, JOHN.number, told)  # not known whose the domain is: it holds
    version = station.news().barred

    for _ in range(2):
        asyncio.run(_start(Hub(hub.settings, hub.store, hub.key, hub.clock)))

    assert station.news().barred == version + 1
    assert lets_in(station, JOHN)
    assert [lets_in(station, one) for one in (JANE, JANE_AS_A_GUEST)] == [False, False]
    asyncio.run(_start(before))
    assert station.news().barred == version + 2


async def _start(hub: Hub) -> None:
    async with life(hub):
        pass
