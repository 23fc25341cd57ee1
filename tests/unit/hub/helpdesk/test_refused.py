"""A log-on that was refused is under its terminal, since nobody was proved by it: when, why, and no name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from launcher.hub.helpdesk.refused import SHOWN
from launcher.hub.settings import HubSettings, RoleSettings
from launcher.wire.hub.helpdesk import ByLetters, Found
from launcher.wire.hub.sittings import ShownLetters
from launcher.wire.records import SignInRecord
from tests.servers.hub_in_process import Asking
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, person, sitting

Enrolled = Callable[..., StationHand]
Prove = Callable[..., Asking]

ALICE = person("4471", name="Alice Jones")


@pytest.fixture
def settings() -> HubSettings:
    """The helpdesk is a group."""
    return HubSettings(roles=RoleSettings(helpdesk=("helpdesk",)))


@pytest.fixture
def analyst(officer: Prove) -> Asking:
    """An analyst of the helpdesk."""
    return officer(person("1001", name="Jo Field"), "helpdesk")


@pytest.fixture
def case(analyst: Asking) -> str:
    """Their case."""
    return str(analyst.post("/helpdesk/cases", json={"reason": "cannot log on", "key": "k"}).json()["case"])


def log_on(at: float, reference: str | None = None, outcome: str = "refused") -> SignInRecord:
    said = {"at": at, "method": "directory", "outcome": outcome, "reference": reference, "total_ms": 900, "phases": ()}
    return SignInRecord.model_validate(said)


def at_terminals(asking: Asking, case: str, q: str) -> dict[str, list[tuple[float, str, str]]]:
    found = Found.model_validate(asking.get("/helpdesk/find", params={"case": case, "q": q}).json())
    return {one.terminal: [(no.at, no.reference, no.words) for no in one.refused] for one in found.terminals}


def test_the_last_refused_log_ons_of_the_hour_are_under_their_terminal(
    clock: Clock, enrolled: Enrolled, analyst: Asking, case: str
) -> None:
    first, second = enrolled("FD-01"), enrolled("FD-02")
    first.report()
    second.report(sitting(ALICE, "a"))
    first.tell(
        first.happened(log_on(clock.now - 3601, "account-disabled")),
        first.happened(log_on(clock.now - 60, "account-locked")),
        first.happened(log_on(clock.now - 50, "directory-outcome-unknown", "unknown"), words="ldap1 went silent"),
        first.happened(log_on(clock.now - 40, None, "cancelled")),
        first.happened(log_on(clock.now - 30, None, "signed-in")),
    )
    second.tell(second.happened(log_on(clock.now - 5, "password-not-accepted"), sitting="a", officer=ALICE.officer))
    assert at_terminals(analyst, case, "front") == {
        "FD-01": [
            (clock.now - 50, "directory-outcome-unknown", "ldap1 went silent"),
            (clock.now - 60, "account-locked", ""),
        ],
        "FD-02": [],  # that one is on its officer's page
    }


def test_a_few_are_shown_and_each_terminals_own(
    clock: Clock, enrolled: Enrolled, analyst: Asking, case: str
) -> None:  # fmt: skip
    one, other = enrolled("FD-01"), enrolled("FD-02")
    one.report()
    other.report()
    one.tell(*(one.happened(log_on(clock.now - 20 + at, f"refused-{at}")) for at in range(SHOWN + 3)))
    other.tell(other.happened(log_on(clock.now - 300, "logon-hours")))
    shown = at_terminals(analyst, case, "front")
    assert [reference for _, reference, _ in shown["FD-01"]] == [f"refused-{at}" for at in range(SHOWN + 2, 2, -1)]
    assert [reference for _, reference, _ in shown["FD-02"]] == ["logon-hours"]


def test_the_letters_of_a_sign_in_screen_lead_to_them(
    clock: Clock, enrolled: Enrolled, analyst: Asking, case: str
) -> None:  # fmt: skip
    station = enrolled("FD-02")
    station.report(letters=(ShownLetters(letters="BCDFGH", sitting=None, until=clock.now + 600),))
    station.tell(station.happened(log_on(clock.now - 10, "officer-suspended")))
    answer = analyst.post(f"/helpdesk/cases/{case}/letters", json={"letters": "BCDFGH"})
    found = ByLetters.model_validate(answer.json())
    assert found.officer is None
    assert [(no.at, no.reference) for no in found.terminal.refused] == [(clock.now - 10, "officer-suspended")]
