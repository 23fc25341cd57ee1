"""Finding as one types: names and words that begin so first, letters inside last; nobody who does not show."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from launcher.hub.audit.tables import audit_rows
from launcher.hub.database import Database
from launcher.hub.finding import rows as finding
from launcher.hub.service import Hub
from launcher.hub.settings import HelpdeskSettings, HubSettings, RoleSettings
from launcher.wire.hub.helpdesk import AwayTerminals, Found
from tests.servers.hub_in_process import Asking
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, person, sitting

Enrolled = Callable[..., StationHand]
Prove = Callable[..., Asking]

ANALYST = person("1001", name="Jo Field")
PEOPLE = {
    "jones": ("4471", "Alice Jones"), "joneson": ("4472", "Jonesón Müller"), "smith": ("1447", "Jon Smith-Jones"),
    "obrien": ("5000", "Séan O'Brien"), "banjo": ("6000", "Eve Banjones"),
}  # fmt: skip


@pytest.fixture
def settings() -> HubSettings:
    """Officers of one group do not show, and few searches are many."""
    return HubSettings(
        roles=RoleSettings(helpdesk=("helpdesk",), it=("it",)),
        helpdesk=HelpdeskSettings(restricted_groups=("Covert",), finds_a_minute=5),
    )


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("jones", ["joneson", "jones", "smith", "banjo"]),  # a name, words, letters inside of one
        ("JONES", ["joneson", "jones", "smith", "banjo"]),
        ("447", ["jones", "joneson", "smith"]),
        ("4471", ["jones"]),
        ("muller", ["joneson"]),
        ("jones al", ["jones"]),
        ("jo smi", ["smith"]),
        ("obrien", ["obrien"]),
        ("o'brien", ["obrien"]),
        ("sean o b", ["obrien"]),
        ("alice smith", []),
        ("jo", ["smith", "joneson", "jones"]),  # two letters are not looked for inside of words
        ("%", []),
        ("_", []),
        ("  ", []),
        ("\x00", []),
    ],
)
def test_the_best_comes_first(store: Database, typed: str, found: list[str]) -> None:
    with store.writing() as connection:
        for key, names in PEOPLE.items():
            finding.note(connection, "officer", key, names)
        assert finding.find(connection, "officer", typed, 20) == found


def test_who_is_called_otherwise_now_is_found_so_only(store: Database) -> None:
    with store.writing() as connection:
        finding.note(connection, "officer", "a", ("1", "Alice Jones"))
        finding.note(connection, "officer", "a", ("1", "Alice Smith"))
        finding.note(connection, "officer", "a", ("1", "Alice Smith"))
        assert finding.find(connection, "officer", "jones", 9) == []
        assert finding.find(connection, "officer", "smith", 9) == ["a"]
        assert finding.find(connection, "terminal", "smith", 9) == []


def a_case(asking: Asking, key: str = "case-key", reason: str = "cannot log on") -> str:
    answer = asking.post("/helpdesk/cases", json={"reason": reason, "key": key})
    assert answer.ok, answer.text
    return str(answer.json()["case"])


def find(asking: Asking, case: str, q: str) -> Found:
    answer = asking.get("/helpdesk/find", params={"case": case, "q": q})
    assert answer.ok, answer.text
    return Found.model_validate(answer.json())


def test_officers_and_terminals_are_found_and_who_sits_there(hub: Hub, enrolled: Enrolled, officer: Prove) -> None:
    analyst = officer(ANALYST, "helpdesk")
    first, second = enrolled("FD-01", "Front desk"), enrolled("CU-02", "Custody")
    first.news()
    second.news()
    alice, covert = person("4471", name="Alice Jones"), person("4472", "covert", name="Alex Jones")
    first.report(sitting(alice, "a"), sitting(covert, "x"))
    second.report(sitting(covert, "y"))
    case = a_case(analyst)
    found = find(analyst, case, "jones")
    assert [(one.number, one.name, one.logged_on) for one in found.officers] == [("4471", "Alice Jones", True)]
    found = find(analyst, case, "front")
    (terminal,) = found.terminals
    assert (terminal.terminal, [one.number for one in terminal.officers]) == ("FD-01", ["4471"])
    (terminal,) = find(analyst, case, "cu02").terminals
    assert (terminal.reachable, terminal.officers) == (True, ())
    with hub.store.reading() as connection:
        looked = connection.execute(select(audit_rows).where(audit_rows.c.kind == "look-up")).all()
        assert {(row.actor, row.reason) for row in looked} == {(ANALYST.officer, "cannot log on")}
        assert len(looked) == 3


def test_twenty_are_shown_and_that_there_are_more(hub: Hub, officer: Prove) -> None:
    analyst = officer(ANALYST, "helpdesk")
    with hub.store.writing() as connection:
        for at in range(25):
            finding.note(connection, "officer", f"o#{at}", (f"9{at:03}", "Jones"))
    for at in range(25):
        officer(person(f"9{at:03}", issuer="o"), "nothing")
    with hub.store.writing() as connection:
        for at in range(25):
            finding.note(connection, "officer", f"o#9{at:03}", (f"9{at:03}", "Jones"))
    found = find(analyst, a_case(analyst), "jones")
    assert (len(found.officers), found.more) == (20, True)


def test_a_case_is_its_analysts_own_and_holds_for_a_shift(clock: Clock, officer: Prove) -> None:
    analyst, other = officer(ANALYST, "helpdesk"), officer(person("1002"), "helpdesk")
    case = a_case(analyst)
    assert a_case(analyst) == case
    again = analyst.post("/helpdesk/cases", json={"reason": "something else", "key": "case-key"})
    assert again.status_code == 409
    assert a_case(other) != case
    for asking in (other, analyst):
        refused = asking.get("/helpdesk/find", params={"case": case if asking is other else "case-gone", "q": "jo"})
        assert (refused.status_code, refused.json()["reference"]) == (409, "helpdesk-case-over")
    assert analyst.post("/helpdesk/cases", json={"reason": "", "key": "k"}).status_code == 422
    clock.pass_s(8 * 3600 + 1)
    later = officer(ANALYST, "helpdesk")
    assert later.get("/helpdesk/find", params={"case": case, "q": "jo"}).status_code == 409


def test_whoever_asks_too_often_is_told_when_to_come_again_and_stands_in_the_audit_once_a_minute(
    hub: Hub, clock: Clock, officer: Prove
) -> None:
    analyst, other = officer(ANALYST, "helpdesk"), officer(person("1002"), "helpdesk")
    case = a_case(analyst)
    for _ in range(5):
        find(analyst, case, "jo")
    refused = analyst.get("/helpdesk/find", params={"case": case, "q": "jo"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "12")
    assert refused.json()["reference"] == "hub-asked-too-often"
    find(other, a_case(other), "jo")
    clock.pass_s(12)
    find(analyst, case, "jo")
    assert analyst.get("/helpdesk/find", params={"case": case, "q": "jo"}).status_code == 429
    with hub.store.reading() as connection:
        row = connection.execute(select(audit_rows).where(audit_rows.c.kind == "refused")).one()
    assert (row.actor, row.reference) == (ANALYST.officer, "hub-asked-too-often")
    assert '"find"' in row.details
    clock.pass_s(300)
    for _ in range(5):
        find(analyst, case, "jo")


def test_terminals_that_are_away_are_listed_by_place(clock: Clock, enrolled: Enrolled, officer: Prove) -> None:
    away, _, here = enrolled("FD-02", "Front desk"), enrolled("CU-02", "Custody"), enrolled("FD-01", "Front desk")
    since = clock.now
    clock.pass_s(100)
    here.news()
    for role in ("helpdesk", "it"):
        asked = officer(ANALYST, role).get("/helpdesk/away")
        told = AwayTerminals.model_validate(asked.json())
        assert [(one.terminal, one.last_heard) for one in told.terminals] == [("CU-02", since), ("FD-02", since)]
        assert told.n == 2
    assert away.news().command == 0
    assert officer(ANALYST, "nothing").get("/helpdesk/away").status_code == 403
