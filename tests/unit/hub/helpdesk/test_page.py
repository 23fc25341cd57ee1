"""One page an officer: where, since when, what is open and how, what happened; nothing that does not show."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests
from sqlalchemy import select

from launcher.hub.audit.tables import audit_rows
from launcher.hub.officers import rows as officers
from launcher.hub.officers.seats import of_person
from launcher.hub.service import Hub
from launcher.hub.settings import HelpdeskSettings, HubSettings, RoleSettings
from launcher.hub.sittings.tables import sittings
from launcher.hub.suspended import rows as suspended
from launcher.wire.hub.helpdesk import Acted, OfficerPage
from launcher.wire.hub.sittings import Began, Ended, OpenSystem
from launcher.wire.records import SignInRecord
from tests.servers.hub_in_process import Asking
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, person, sitting
from tests.unit.hub.happenings.test_happenings import launch

Enrolled = Callable[..., StationHand]
Prove = Callable[..., Asking]

ANALYST = person("1001", name="Jo Field")
ALICE = person("4471", "response", name="Alice Jones")
COVERT = person("4472", "Covert", name="Alex Jones")


@pytest.fixture
def settings() -> HubSettings:
    """Some officers and one system do not show."""
    return HubSettings(
        roles=RoleSettings(helpdesk=("helpdesk",)),
        helpdesk=HelpdeskSettings(restricted_groups=("covert",), restricted_systems=("informants",), pages_a_minute=3),
    )


@pytest.fixture
def analyst(officer: Prove) -> Asking:
    """An analyst of the helpdesk."""
    return officer(ANALYST, "helpdesk")


@pytest.fixture
def case(analyst: Asking) -> str:
    """Their case."""
    return str(analyst.post("/helpdesk/cases", json={"reason": "cannot log on", "key": "k"}).json()["case"])


def ask(asking: Asking, case: str, officer: str = ALICE.officer) -> requests.Response:
    return asking.get("/helpdesk/officers", params={"case": case, "officer": officer})


def page(asking: Asking, case: str, officer: str = ALICE.officer) -> OfficerPage:
    answer = ask(asking, case, officer)
    assert answer.ok, answer.text
    return OfficerPage.model_validate(answer.json())


def opened(system: str, **changed: object) -> OpenSystem:
    fields = {"system": system, "name": system.title(), "state": "ready", "since": 1.0}
    return OpenSystem.model_validate(fields | changed)


def test_it_says_where_they_are_and_how_it_stands(clock: Clock, enrolled: Enrolled, analyst: Asking, case: str) -> None:
    here, away = enrolled("FD-02", "Front desk"), enrolled("CU-02", "Custody")
    failed = opened("records", state="failed", reference="web-not-found", words="404 Not Found")
    away.report(sitting(ALICE, "b", since=50.0))
    here.report(sitting(ALICE, "a", since=100.0, systems=(failed,), state="locked", unsaved=2, running=1))
    clock.pass_s(100)
    here.news()
    shown = page(analyst, case)
    assert (shown.number, shown.name, shown.suspended) == ("4471", "Alice Jones", False)
    first, second = shown.sittings
    assert (first.terminal, first.reachable, second.terminal, second.place, second.reachable) == (
        "CU-02", False, "FD-02", "Front desk", True,
    )  # fmt: skip
    assert (second.sitting.state, second.sitting.unsaved, second.sitting.running) == ("locked", 2, 1)
    assert second.sitting.systems == (failed,)
    assert second.sitting.person.groups == ()  # none of the helpdesk's business


def test_what_happened_stands_there_with_the_systems_own_words(
    hub: Hub, enrolled: Enrolled, analyst: Asking, case: str
) -> None:
    station = enrolled("FD-02")
    now = hub.clock()
    station.report(sitting(ALICE, "a", systems=(opened("records"),)))
    signed_in = SignInRecord(at=now - 60, method="directory", outcome="signed-in", total_ms=900, phases=())
    station.tell(
        station.happened(launch("records", now - 400_000), sitting="a"),  # too long ago
        station.happened(signed_in, sitting="a"),
        station.happened(launch("records", now - 50, outcome="failed"), sitting="a", words="404 Not Found"),
        station.happened(launch("informants", now - 40), sitting="a"),
        station.happened(launch("law", now - 30), sitting="a"),
    )
    recent = page(analyst, case).recent
    assert [(one.name, one.words, one.terminal) for one in recent] == [
        ("law", "", "FD-02"), ("Records", "404 Not Found", "FD-02"), ("", "", "FD-02"),
    ]  # fmt: skip
    assert recent[2].record == signed_in


def test_a_system_that_does_not_show_shows_nowhere(hub: Hub, enrolled: Enrolled, analyst: Asking, case: str) -> None:
    station = enrolled()
    now = hub.clock()
    station.report(sitting(ALICE, "a", systems=(opened("records"), opened("informants"))))
    for name, systems in (("x", ("records",)), ("y", ("records", "informants"))):
        ended = Ended(at=now - 5, reason="log-off", left_signed_on=(f"host {name}",), systems=systems)
        began = station.happened(Began(at=now - 9, person=ALICE), sitting=name)
        station.tell(began, station.happened(ended, sitting=name))
    shown = page(analyst, case)
    assert [one.system for one in shown.sittings[0].sitting.systems] == ["records"]
    assert shown.sittings[0].hidden_systems
    assert shown.left_signed_on == ("host x",)
    act = {
        "key": "k1",
        "case": case,
        "kind": "close-system",
        "officer": ALICE.officer,
        "sitting": "a",
        "reason": "asked",
    }
    assert analyst.post("/helpdesk/acts", json=act | {"system": "informants"}).status_code == 404
    assert "informants" not in shown.model_dump_json().lower()


def test_a_terminal_that_says_far_too_much_leaves_the_page_readable(
    hub: Hub, enrolled: Enrolled, analyst: Asking, case: str
) -> None:
    station = enrolled()
    happened = []
    for name in ("x", "y", "z"):
        happened.append(station.happened(Began(at=1.0, person=ALICE), sitting=name).model_dump(mode="json"))
        ended = station.happened(Ended(at=hub.clock(), reason="log-off"), sitting=name).model_dump(mode="json")
        ended["what"]["left_signed_on"] = [f"{name}{line} " + "x" * 490 for line in range(200)]
        happened.append(ended)
    assert station.ask.post("/stations/happenings", json={"happened": happened}).ok
    slow = opened("records").model_dump(mode="json") | {"took_ms": 1e300}
    here = sitting(ALICE, "a").model_dump(mode="json") | {"systems": [slow]}
    said = {"boot": station.boot, "number": 1, "at": hub.clock(), "sittings": [here]}
    assert station.ask.put("/stations/report", json=said).ok

    shown = page(analyst, case)

    assert (len(shown.left_signed_on), max(len(line) for line in shown.left_signed_on)) == (100, 200)
    assert shown.sittings[0].sitting.systems[0].took_ms == 7 * 86_400_000.0


def test_what_was_open_at_a_log_off_names_no_system_that_does_not_show(
    enrolled: Enrolled, analyst: Asking, case: str
) -> None:
    station = enrolled()
    station.report(sitting(ALICE, "a"))
    act = {"key": "k", "case": case, "kind": "log-off", "officer": ALICE.officer, "sitting": "a", "reason": "frozen"}
    assert analyst.post("/helpdesk/acts", json=act).ok
    number = station.commands()[0].command.id
    station.take(number)
    station.answer(number, systems=("records", "informants"), left_signed_on=("informants.example",))

    told = Acted.model_validate(analyst.get("/helpdesk/acts/k").json()).commands, page(analyst, case).deeds

    for commands in told:
        answer = commands[0].answer
        assert answer is not None
        assert (answer.systems, answer.left_signed_on) == (("records",), ())


def test_somebody_who_does_not_show_looks_like_nobody(hub: Hub, enrolled: Enrolled, analyst: Asking, case: str) -> None:
    enrolled().report(sitting(COVERT, "a"), sitting(ALICE, "b"))
    restricted, unknown = ask(analyst, case, COVERT.officer), ask(analyst, case, "ldap:dc=station,dc=test#0")
    assert (restricted.status_code, restricted.json()) == (unknown.status_code, unknown.json())
    assert restricted.json()["reference"] == "hub-not-there"
    by_another_issuer = person("4472", name="Alex Jones", issuer="local")  # and without groups
    enrolled().report(sitting(by_another_issuer, "c"))
    assert ask(analyst, case, by_another_issuer.officer).json() == unknown.json()
    act = {"key": "k1", "case": case, "kind": "lock", "officer": COVERT.officer, "sitting": "a", "reason": "asked for"}
    nobody = act | {"key": "k2", "officer": "ldap:dc=station,dc=test#0"}
    assert analyst.post("/helpdesk/acts", json=act).json() == analyst.post("/helpdesk/acts", json=nobody).json()
    with hub.store.reading() as connection:
        looked = select(audit_rows.c.subject).where(audit_rows.c.kind == "page").order_by(audit_rows.c.seq)
        nobody_known = "ldap:dc=station,dc=test#0"
        assert connection.execute(looked).scalars().all() == [COVERT.officer, nobody_known, by_another_issuer.officer]


def test_of_one_number_by_two_issuers_nobody_shows_where_one_does_not(
    hub: Hub, enrolled: Enrolled, analyst: Asking, case: str
) -> None:
    twin = COVERT.model_copy(update={"officer": "https://id#x", "user_name": "another", "groups": ()})
    enrolled().report(sitting(COVERT, "a"), sitting(twin, "b"))
    assert ask(analyst, case, twin.officer).json()["reference"] == "hub-not-there"

    enrolled("STOLEN").report(sitting(twin.model_copy(update={"number": "another"}), "c"))

    assert ask(analyst, case, twin.officer).json()["reference"] == "hub-not-there"


def test_a_number_that_is_told_of_a_sitting_alone_does_not_say_where_who_does_not_show_sits(
    hub: Hub, enrolled: Enrolled
) -> None:
    with hub.store.writing() as connection:
        officers.note(connection, COVERT, "openid", hub.clock())
    enrolled("FD-01").report(sitting(COVERT.model_copy(update={"number": ALICE.number}), "theirs"))
    enrolled("FD-02").report(sitting(ALICE, "hers"))

    with hub.store.reading() as connection:
        who = of_person(connection, ALICE.officer, hub.settings.forces.domains)
        assert connection.execute(select(sittings.c.sitting).where(who)).scalars().all() == ["hers"]


def test_a_page_that_is_kept_fresh_is_one_look(
    hub: Hub, clock: Clock, enrolled: Enrolled, analyst: Asking, case: str
) -> None:
    enrolled().report(sitting(ALICE, "a"))
    for _ in range(10):
        page(analyst, case)
        clock.pass_s(2)
    for other in ("x#1", "x#2"):
        assert ask(analyst, case, other).status_code == 404
    assert ask(analyst, case, "x#3").status_code == 404  # some seconds have passed
    assert ask(analyst, case, "x#4").status_code == 429
    page(analyst, case)  # the one in front stays fresh
    with hub.store.reading() as connection:
        looked = connection.execute(select(audit_rows.c.reason).where(audit_rows.c.kind == "page")).scalars().all()
    assert looked == ["cannot log on"] * 4
    clock.pass_s(300)
    page(analyst, case)
    with hub.store.reading() as connection:
        assert len(connection.execute(select(audit_rows).where(audit_rows.c.kind == "page")).all()) == 5


def test_a_look_names_its_terminal_where_it_is_one(
    hub: Hub, clock: Clock, enrolled: Enrolled, officer: Prove, analyst: Asking, case: str
) -> None:
    desk, custody = enrolled("FD-02", "Desk"), enrolled("CU-02", "Custody")
    both, nowhere = person("4473", name="Ann Both"), person("4474", name="Bo Nowhere")
    officer(nowhere, "response")
    desk.report(sitting(ALICE, "a"), sitting(both, "b"))
    custody.report(sitting(both, "c"), sitting(COVERT, "d"))
    for who in (ALICE, both, nowhere, COVERT):
        assert ask(analyst, case, who.officer).ok is (who is not COVERT)
        clock.pass_s(30)  # three pages a minute
    for typed in ("cu-02", "02", "jones"):
        assert analyst.get("/helpdesk/find", params={"case": case, "q": typed}).ok
    with hub.store.reading() as connection:
        row = audit_rows.c
        asked = select(row.station, row.terminal).where(row.kind.in_(("page", "look-up"))).order_by(row.seq)
        named = [tuple(one) for one in connection.execute(asked)]
    none = ("", "")
    assert named == [(desk.id, "FD-02"), none, none, none, (custody.id, "CU-02"), none, none]


def test_no_page_without_a_case(enrolled: Enrolled, analyst: Asking) -> None:
    enrolled().report(sitting(ALICE, "a"))
    assert ask(analyst, "case-none").status_code == 409
    assert analyst.get("/helpdesk/officers", params={"officer": ALICE.officer}).status_code == 422


def test_what_may_be_done_is_said(enrolled: Enrolled, analyst: Asking, case: str) -> None:
    station = enrolled()
    station.report(sitting(ALICE, "a"))
    acts = {one.kind: (one.needs_verified, one.needs_second) for one in page(analyst, case).acts}
    assert acts["log-off"] == (False, False)
    assert acts["suspend"] == acts["forget-credential"] == acts["revoke"] == (True, True)
    assert "unsuspend" not in acts
    station.report()
    assert {one.kind for one in page(analyst, case).acts} == {"revoke", "suspend"}


def test_who_is_suspended_by_one_issuer_is_so_on_the_page_by_the_other(
    hub: Hub, enrolled: Enrolled, analyst: Asking, case: str
) -> None:
    by_another_issuer = person("4471", name="Alice Jones", issuer="https://id.test")
    enrolled().report(sitting(ALICE, "a"), sitting(by_another_issuer, "b"))
    assert not page(analyst, case, by_another_issuer.officer).suspended
    with hub.store.writing() as connection:
        suspended.suspend(connection, hub, ALICE.officer, ANALYST.officer, ANALYST.name, "a stolen card")

    shown = page(analyst, case, by_another_issuer.officer)

    assert shown.suspended
    assert {"suspend", "unsuspend"} & {one.kind for one in shown.acts} == {"unsuspend"}
