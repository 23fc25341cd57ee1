"""Six letters from the caller's screen show where they are and verify them: once, in time, and nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests
from sqlalchemy import select

from launcher.hub.audit.tables import audit_rows
from launcher.hub.cases import rows as cases
from launcher.hub.service import Hub
from launcher.hub.settings import HelpdeskSettings, HubSettings, RoleSettings
from launcher.wire.hub.helpdesk import ByLetters
from launcher.wire.hub.sittings import ShownLetters
from tests.servers.hub_in_process import Asking
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, person, sitting

Enrolled = Callable[..., StationHand]
Prove = Callable[..., Asking]

ANALYST = person("1001", name="Jo Field")
ALICE = person("4471", name="Alice Jones")
COVERT = person("4472", "covert", name="Alex Jones")


@pytest.fixture
def settings() -> HubSettings:
    """Officers of one group do not show."""
    return HubSettings(
        roles=RoleSettings(helpdesk=("helpdesk",)), helpdesk=HelpdeskSettings(restricted_groups=("covert",))
    )


@pytest.fixture
def analyst(officer: Prove) -> Asking:
    """An analyst of the helpdesk."""
    return officer(ANALYST, "helpdesk")


@pytest.fixture
def case(analyst: Asking) -> str:
    """Their case."""
    return str(analyst.post("/helpdesk/cases", json={"reason": "cannot log on", "key": "k"}).json()["case"])


def shown(clock: Clock, letters: str = "BCDFGH", sitting: str | None = "a", holds_s: float = 600) -> ShownLetters:
    return ShownLetters(letters=letters, sitting=sitting, until=clock.now + holds_s)


def read(asking: Asking, case: str, letters: str = "BCDFGH") -> requests.Response:
    return asking.post(f"/helpdesk/cases/{case}/letters", json={"letters": letters})


def refused(answer: requests.Response) -> bool:
    return (answer.status_code, answer.json()["reference"]) == (404, "caller-letters-refused")


def test_letters_verify_who_sits_there_for_a_while_and_once(
    hub: Hub, clock: Clock, enrolled: Enrolled, analyst: Asking, case: str
) -> None:
    station = enrolled("FD-02")
    letters = (shown(clock),)
    station.report(sitting(ALICE, "a"), letters=letters)
    found = ByLetters.model_validate(read(analyst, case).json())
    assert (found.officer, found.terminal.terminal) == (ALICE.officer, "FD-02")
    assert (found.case.verified, found.case.verified_until) == (ALICE.officer, clock.now + 900)
    station.report(sitting(ALICE, "a"), letters=letters)  # still on the screen
    assert refused(read(analyst, case))
    station.report(sitting(ALICE, "a"))
    station.report(sitting(ALICE, "a"), letters=letters)  # and shown once more
    assert refused(read(analyst, case))
    with hub.store.reading() as connection:
        kinds = connection.execute(
            select(audit_rows.c.kind, audit_rows.c.subject)
            .where(audit_rows.c.kind.in_(("verified", "refused")))
            .order_by(audit_rows.c.seq)
        ).all()
    assert [tuple(row) for row in kinds] == [("verified", ALICE.officer), ("refused", ""), ("refused", "")]


def test_a_screen_with_nobody_shows_where_it_is_and_verifies_nobody(
    clock: Clock, enrolled: Enrolled, analyst: Asking, case: str
) -> None:
    enrolled("FD-02").report(letters=(shown(clock, sitting=None),))
    found = ByLetters.model_validate(read(analyst, case).json())
    assert (found.officer, found.case.verified, found.terminal.terminal) == (None, None, "FD-02")


def test_letters_that_are_wrong_old_over_or_of_nobody_verify_nobody(
    clock: Clock, enrolled: Enrolled, officer: Prove, analyst: Asking, case: str
) -> None:
    station = enrolled()
    station.report(sitting(ALICE, "a"), letters=(shown(clock, holds_s=9999), shown(clock, "BCDFGJ", "gone")))
    assert refused(read(analyst, case, "BCDFGK"))
    assert refused(read(analyst, case, "BCDFGJ"))  # of a sitting that is not there
    clock.pass_s(601)  # no station's letters hold longer
    analyst = officer(ANALYST, "helpdesk")
    station.prove()
    assert refused(read(analyst, case))
    station.report(sitting(ALICE, "a"), letters=(shown(clock, "TTTTTT"),))
    station.report(sitting(ALICE, "a"))
    assert refused(read(analyst, case, "TTTTTT"))  # not shown any more


def test_letters_that_go_over_to_another_sitting_are_nobodys(
    clock: Clock, enrolled: Enrolled, analyst: Asking, case: str
) -> None:
    station, both = enrolled(), (sitting(ALICE, "a"), sitting(person("9"), "b"))
    station.report(*both, letters=(shown(clock),))
    station.report(*both, letters=(shown(clock, sitting="b"),))
    assert refused(read(analyst, case))


def test_letters_on_two_screens_are_nobodys(clock: Clock, enrolled: Enrolled, analyst: Asking, case: str) -> None:
    enrolled().report(sitting(ALICE, "a"), letters=(shown(clock),))
    enrolled().report(sitting(person("9"), "b"), letters=(shown(clock, sitting="b"),))
    assert refused(read(analyst, case))


def test_the_letters_of_another_officer_at_the_same_screen_are_spent(
    clock: Clock, enrolled: Enrolled, analyst: Asking, case: str
) -> None:
    station = enrolled()
    station.report(sitting(ALICE, "a"), letters=(shown(clock),))
    station.report(sitting(person("9"), "b"), letters=(shown(clock, sitting="b"),))
    assert refused(read(analyst, case))


def test_somebody_who_does_not_show_is_not_shown_by_letters_either(
    clock: Clock, enrolled: Enrolled, analyst: Asking, case: str
) -> None:
    enrolled().report(sitting(COVERT, "a"), letters=(shown(clock),))
    assert refused(read(analyst, case))


def test_a_stations_clock_may_be_wrong(clock: Clock, enrolled: Enrolled, analyst: Asking, case: str) -> None:
    station = enrolled()
    late = ShownLetters(letters="BCDFGH", sitting=None, until=clock.now - 3000)
    said = {"boot": station.boot, "number": 1, "at": clock.now - 3600, "sittings": [], "letters": [late.model_dump()]}
    assert station.ask.put("/stations/report", json=said).ok
    assert read(analyst, case).ok


def test_guessing_is_slow_and_what_are_no_letters_is_refused(officer: Prove, analyst: Asking, case: str) -> None:
    assert read(analyst, case, "SLSLSL").status_code == 422
    assert read(analyst, case, "bcdfgh").status_code == 422
    for _ in range(6):
        assert refused(read(analyst, case))
    assert read(analyst, case).status_code == 429
    assert read(officer(person("1002"), "helpdesk"), case).status_code == 409  # another's case


@pytest.mark.parametrize("issuer", ["ldap:dc=station,dc=test", "https://provider"])
def test_letters_of_the_analysts_own_screen_verify_nobody(
    hub: Hub, clock: Clock, enrolled: Enrolled, analyst: Asking, case: str, issuer: str
) -> None:
    own = person("1001", name="Jo Field", issuer=issuer)
    enrolled("HD-01").report(sitting(own, "own"), letters=(shown(clock, sitting="own"),))
    answer = read(analyst, case)
    assert refused(answer)
    assert "your own screen" in answer.json()["message"]
    with hub.store.reading() as connection:
        assert cases.case_of(connection, ANALYST.officer, case, clock.now).verified is None
        row = connection.execute(select(audit_rows).where(audit_rows.c.kind == "refused")).one()
        assert (row.actor, "your own screen" in row.details) == (ANALYST.officer, True)
