"""Roles of groups, those that a supervisor grants, and what of it stands in the audit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests
from sqlalchemy import select

from launcher.hub.audit.tables import audit_rows
from launcher.hub.officers import granted, rules
from launcher.hub.officers.rows import KnownOfficer
from launcher.hub.service import Hub
from launcher.hub.settings import HelpdeskSettings, HubSettings, RoleSettings
from launcher.wire.hub.officers import GrantedRole, Me
from tests.servers.hub_in_process import Asking
from tests.unit.hub.conftest import ROLES, Clock
from tests.unit.hub.hands import StationHand, person, sitting

Prove = Callable[..., Asking]
Enrolled = Callable[..., StationHand]

ANALYST, SERGEANT, ADMIN = person("1001"), person("2001"), person("3001")


def kinds(hub: Hub) -> list[str]:
    with hub.store.reading() as connection:
        return list(connection.execute(select(audit_rows.c.kind).order_by(audit_rows.c.seq)).scalars())


def me(asking: Asking) -> Me:
    answer = asking.get("/officers/me")
    assert answer.ok, answer.text
    return Me.model_validate(answer.json())


def roles(asking: Asking) -> set[str]:
    return {held.role for held in me(asking).roles}


def grant(asking: Asking, officer: str, role: str = "helpdesk", hours: float = 2, key: str = "key-1") -> object:
    said = {"officer": officer, "role": role, "hours": hours, "reason": "a busy night", "key": key}
    return asking.post("/officers/grants", json=said)


@pytest.mark.parametrize(
    ("proved", "told", "vouched", "held"),
    [
        ((), (), ("helpdesk", "it"), {"officer"}),
        (("helpdesk",), (), (), {"officer", "helpdesk"}),
        (("HELPDESK", "it"), (), (), {"officer", "helpdesk", "it"}),
        ((), ("helpdesk", "auditor", "administrator"), ("helpdesk", "it"), {"officer", "helpdesk"}),
        ((), ("helpdesk", "administrator"), (), {"officer"}),
        (("administrator",), ("auditor",), ("helpdesk",), {"officer", "administrator"}),
        (("helpdeskers", "help"), (), (), {"officer"}),
    ],
)
def test_roles_are_of_groups_and_a_stations_word_gives_those_that_are_named(
    proved: tuple[str, ...], told: tuple[str, ...], vouched: tuple[str, ...], held: set[str]
) -> None:
    settings = RoleSettings.model_validate(ROLES.model_dump() | {"vouched": vouched})

    assert rules.roles_of(settings, proved, told) == held


@pytest.mark.parametrize(("groups", "rank"), [((), 0), (("sergeants",), 1), (("x", "INSPECTORS", "sergeants"), 2)])
def test_the_highest_rank_counts(groups: tuple[str, ...], rank: int) -> None:
    assert rules.rank_of(ROLES, groups) == rank


class TestWhereAStationsWordMakesNoSupervisor:
    @pytest.fixture
    def settings(self) -> HubSettings:
        return HubSettings(roles=RoleSettings.model_validate(ROLES.model_dump() | {"vouched": ()}))

    def test_neither_whom_a_number_is_of_nor_others_roles_are_told_to_one_by_it(self, officer: Prove) -> None:
        officer(ANALYST)
        proved = officer(SERGEANT, "sergeants")
        made = GrantedRole.model_validate(grant(proved, ANALYST.officer).json())
        by_word = officer(person("2002"), "inspectors", proved_by="vouched")

        assert (me(proved).supervisor, me(by_word).supervisor) == (True, False)
        assert by_word.get("/officers/grants").json() == []
        assert _named(by_word, "1001").status_code == 403
        assert by_word.post(f"/officers/grants/{made.id}/end").status_code == 404
        assert roles(officer(ANALYST)) == {"officer", "helpdesk"}


@pytest.mark.parametrize(
    ("roles", "proved_by", "role", "may"),
    [
        ({"officer"}, "openid", "helpdesk", True),
        ({"officer"}, "kerberos", "it", True),
        ({"officer"}, "openid", "auditor", False),
        ({"officer"}, "openid", "administrator", False),
        ({"officer", "administrator"}, "openid", "auditor", True),
        ({"officer", "administrator"}, "openid", "officer", False),
        ({"officer"}, "vouched", "helpdesk", True),
        ({"officer", "administrator"}, "vouched", "auditor", False),
    ],
)
def test_which_role_a_supervisor_may_grant(roles: set[str], proved_by: str, role: str, may: bool) -> None:
    assert rules.may_grant(ROLES, roles, proved_by, role) is may  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (KnownOfficer("a#1", "9", "", "x", frozenset()), True),
        (KnownOfficer("b#7", "4471", "", "", frozenset()), True),
        (KnownOfficer("b#7", "", "", "ALICE", frozenset()), True),
        (KnownOfficer("b#7", "", "", "alice@force.example", frozenset()), True),
        (KnownOfficer("b#7", "", "", "FORCE\\Alice", frozenset()), True),
        (KnownOfficer("b#7", "", "", "", frozenset()), False),
        (KnownOfficer("b#7", "2210", "Alice", "bob", frozenset()), False),
        (KnownOfficer("b#7", "4471", "", "alice@northshire.example", frozenset()), False),
        (KnownOfficer("b#7", "4471", "", "NORTHSHIRE\\Alice@Northshire.example", frozenset()), False),
        (KnownOfficer("b#7", "4471@northshire.example", "", "", frozenset()), False),
        (KnownOfficer("b#7", "4471", "", "alice@sub.northshire.example", frozenset()), True),
        (KnownOfficer("a#1", "4471", "", "alice@northshire.example", frozenset()), True),
    ],
)
def test_two_keys_with_one_number_or_name_to_log_on_with_are_one_human(other: KnownOfficer, same: bool) -> None:
    alice = KnownOfficer("a#1", "4471", "Alice", "alice", frozenset())
    assert rules.same_person(alice, other, ("northshire.example",)) is same


def test_a_granted_role_shows_at_once_where_the_officer_sits_and_ends_by_itself(
    hub: Hub, clock: Clock, officer: Prove, enrolled: Enrolled
) -> None:
    station, other = enrolled(), enrolled()
    station.report(sitting(ANALYST, "sit-1"))
    other.report(sitting(person("9"), "sit-9"))
    theirs = officer(ANALYST)
    supervisor = officer(SERGEANT, "sergeants")
    before = station.news().roles, other.news().roles
    assert roles(theirs) == {"officer"}

    GrantedRole.model_validate(grant(supervisor, ANALYST.officer, hours=0.1).json())

    assert roles(theirs) == {"officer", "helpdesk"}
    held = next(one for one in me(theirs).roles if one.role == "helpdesk")
    assert (held.by, held.granted_by, held.until) == ("granted", SERGEANT.name, clock.now + 360)
    assert (station.news().roles, other.news().roles) == (before[0] + 1, before[1])

    clock.pass_s(361)
    granted.keep(hub)
    granted.keep(hub)

    assert roles(theirs) == {"officer"}
    assert station.news().roles == before[0] + 2
    assert kinds(hub).count("role-granted") == kinds(hub).count("role-ended") == 1
    assert [one["ended"] for one in supervisor.get("/officers/grants").json()] == [True]


def test_on_a_stations_word_nobody_has_a_granted_role_that_its_word_does_not_give(officer: Prove) -> None:
    officer(ANALYST)
    assert grant(officer(SERGEANT, "administrator"), ANALYST.officer, role="administrator").ok

    assert "administrator" in roles(officer(ANALYST))
    assert roles(officer(ANALYST, "helpdesk", proved_by="vouched")) == {"officer", "helpdesk"}
    assert officer(ANALYST, "helpdesk", proved_by="vouched").get("/administrators/stations").status_code == 403


def test_the_same_key_is_the_same_grant_and_another_is_refused_by_it(hub: Hub, officer: Prove) -> None:
    officer(ANALYST)
    supervisor = officer(SERGEANT, "sergeants")

    first, again = (grant(supervisor, ANALYST.officer).json()["id"] for _ in range(2))

    assert first == again
    assert grant(supervisor, ANALYST.officer, role="it").status_code == 409


def test_a_grant_can_be_taken_back_by_whoever_it_is_about_and_no_stranger(hub: Hub, officer: Prove) -> None:
    theirs = officer(ANALYST)
    made = grant(officer(SERGEANT, "sergeants"), ANALYST.officer).json()

    assert officer(person("77")).post(f"/officers/grants/{made['id']}/end").status_code == 404
    assert roles(theirs) == {"officer", "helpdesk"}
    assert theirs.post(f"/officers/grants/{made['id']}/end").status_code == 204
    assert theirs.post(f"/officers/grants/{made['id']}/end").status_code == 204
    assert roles(theirs) == {"officer"}
    assert kinds(hub).count("role-ended") == 1


def test_what_a_store_cannot_keep_is_refused_or_left_out(officer: Prove) -> None:
    officer(ANALYST)
    supervisor = officer(SERGEANT, "sergeants")
    said = {"officer": ANALYST.officer, "role": "helpdesk", "hours": 1, "reason": "a busy\0 night", "key": "k-1"}

    assert supervisor.post("/officers/grants", json=said | {"officer": "a#\0b"}).status_code == 422
    assert supervisor.post("/officers/grants", json=said).json()["reason"] == "a busy night"
    assert supervisor.post("/officers/grants", json=said | {"reason": "\ud800\ud800\ud800"}).status_code == 422
    assert supervisor.post("/officers/grants", data=b'{"reason": "\xff"}').status_code == 422


def test_who_may_grant_what_to_whom(officer: Prove) -> None:
    officer(ANALYST)
    supervisor = officer(SERGEANT, "sergeants")
    twin = SERGEANT.model_copy(update={"officer": "https://id#other"})
    officer(twin)

    assert grant(officer(ANALYST, "helpdesk"), SERGEANT.officer).status_code == 403  # no supervisor
    for refused in (
        grant(supervisor, SERGEANT.officer),  # themselves
        grant(supervisor, twin.officer),  # themselves, by another issuer
        grant(supervisor, ANALYST.officer, role="auditor"),
    ):
        assert (refused.status_code, refused.json()["reference"]) == (403, "role-grant-refused")
    assert grant(supervisor, "nobody#0").status_code == 404
    assert grant(supervisor, ANALYST.officer, hours=25).status_code == 422
    assert grant(officer(ADMIN, "administrator"), ANALYST.officer, role="auditor").ok


class TestRestricted:
    """Officers who do not show."""

    COVERT = person("4472", "covert")

    @pytest.fixture
    def settings(self) -> HubSettings:
        return HubSettings(roles=ROLES, helpdesk=HelpdeskSettings(restricted_groups=("Covert",), finds_a_minute=2))

    def test_who_does_not_show_is_nobody_to_a_supervisor(
        self, hub: Hub, clock: Clock, officer: Prove, enrolled: Enrolled
    ) -> None:
        theirs, supervisor = officer(self.COVERT.model_copy(update={"groups": ()})), officer(SERGEANT, "sergeants")
        other = officer(person("2002"), "inspectors")
        assert grant(supervisor, self.COVERT.officer).ok  # before it was known
        officer(self.COVERT)

        assert [len(one.get("/officers/grants").json()) for one in (theirs, supervisor, other)] == [1, 1, 0]
        made = theirs.get("/officers/grants").json()[0]["id"]
        assert other.post(f"/officers/grants/{made}/end").json() == other.post("/officers/grants/999/end").json()
        assert roles(theirs) == {"officer", "helpdesk"}
        assert grant(supervisor, self.COVERT.officer, key="key-2").status_code == 404
        assert _named(other, "4472").status_code == 404
        enrolled().report(sitting(person("4472", issuer="other", name="Twin").model_copy(update={"user_name": "t"})))
        assert _named(other, "4472").status_code == 404
        assert _named(other, "4472").json()["reference"] == "hub-asked-too-often"


def _named(asking: Asking, number: str) -> requests.Response:
    return asking.get("/officers/named", params={"number": number})


def test_a_supervisor_finds_the_one_of_a_number_and_not_where_they_are(
    hub: Hub, officer: Prove, enrolled: Enrolled
) -> None:
    supervisor = officer(SERGEANT, "sergeants")
    station, other = enrolled(), enrolled()
    told = person("4471", name="Alice Hale")
    station.report(sitting(told, "sit-1"))

    assert _named(supervisor, " 4471 ").json() == {"officer": told.officer, "number": "4471", "name": "Alice Hale"}
    assert _named(supervisor, "447").status_code == 404  # no search
    assert _named(supervisor, "  ").status_code == 404
    assert _named(officer(ANALYST, "helpdesk"), "4471").status_code == 403
    liar = person("4471", issuer="made-up").model_copy(update={"user_name": "liar"})
    other.report(sitting(liar, "sit-2"))
    assert _named(supervisor, "4471").json()["reference"] == "hub-not-now"
    by_token = person("4471", issuer="https://id", name="Alice Hale")
    officer(by_token)
    assert _named(supervisor, "4471").json()["officer"] == by_token.officer
    assert kinds(hub).count("look-up") == 5


def test_the_use_of_a_role_and_its_refusal_stand_in_the_audit_once_a_session(hub: Hub, officer: Prove) -> None:
    analyst, nobody = officer(ANALYST, "helpdesk"), officer(person("9"))

    for _ in range(3):
        assert analyst.get("/helpdesk/requests").status_code == 200
        assert nobody.get("/helpdesk/requests").status_code == 403

    assert sorted(kinds(hub)) == ["refused", "role-used"]


def test_a_session_that_is_ended_or_over_proves_nobody(clock: Clock, officer: Prove) -> None:
    ended, other, over = officer(ANALYST), officer(ANALYST), officer(person("9"))

    assert ended.post("/officers/session/end").status_code == 204
    assert ended.get("/officers/me").status_code == 401
    assert other.get("/officers/me").status_code == 200  # another session of the same officer
    clock.pass_s(601)
    assert over.get("/officers/me").status_code == 401
