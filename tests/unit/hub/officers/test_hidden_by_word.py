"""A stolen terminal says that somebody is of a group that hides them: what undoes it uncovers nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from launcher.hub.errors import NotNowError
from launcher.hub.helpdesk.visible import is_restricted
from launcher.hub.officers import rows, taken_back
from launcher.hub.officers.rules import rank_of
from launcher.hub.service import Hub
from launcher.hub.settings import HelpdeskSettings, HubSettings
from launcher.hub.stations import listed, removal
from launcher.wire.hub.sittings import Began, Person
from tests.unit.hub.conftest import ROLES
from tests.unit.hub.hands import StationHand, person, sitting

Enrolled = Callable[..., StationHand]

ALICE = person("4471", "response")
LIE = ALICE.model_copy(update={"groups": ("secret", "inspectors")})
COVERT = person("4472", "secret", "inspectors")
WITHOUT = COVERT.model_copy(update={"groups": ("response",)})


@pytest.fixture
def settings() -> HubSettings:
    """Some officers do not show."""
    return HubSettings(roles=ROLES, helpdesk=HelpdeskSettings(restricted_groups=("Secret",)))


def _begins(station: StationHand, who: Person, name: str) -> None:
    station.tell(station.happened(Began(at=1000.0, person=who), sitting=name))


def _comes(station: StationHand, who: Person, name: str) -> None:
    assert station.report(sitting(who, name)).ok


def _quarantine(hub: Hub, station: StationHand) -> None:
    with hub.store.writing() as connection:
        listed.begin_quarantine(connection, hub, station.id, by="console:it", by_name="", reason="stolen")


def _remove(hub: Hub, station: StationHand) -> None:
    with hub.store.writing() as connection:
        removal.remove(connection, hub, station.id, by="console:it", by_name="", reason="no more")


def _stands(hub: Hub, who: Person) -> tuple[bool, int]:
    """Return whether an officer is hidden, and their rank."""
    with hub.store.reading() as connection:
        found = rows.known(connection, who.officer)
        assert found is not None
        return is_restricted(connection, hub, found), rank_of(ROLES, found.ever)


HIDDEN, SHOWN = (True, 2), (False, 0)


@pytest.mark.parametrize("removed", [False, True])
def test_what_only_a_quarantined_terminal_has_told_gives_way_to_anothers_word(
    hub: Hub, enrolled: Enrolled, removed: bool
) -> None:
    stolen, good = enrolled(), enrolled()
    _comes(good, ALICE, "at-work")
    _begins(stolen, LIE, "a-lie")
    _comes(good, ALICE, "at-work-again")
    assert _stands(hub, ALICE) == HIDDEN  # nobody knows yet which of the two is stolen

    _quarantine(hub, stolen)
    if removed:
        _remove(hub, stolen)
    assert _stands(hub, ALICE) == HIDDEN  # a quarantine by itself uncovers nobody
    _comes(good, ALICE.model_copy(update={"groups": ()}), "without-groups")
    assert _stands(hub, ALICE) == HIDDEN
    _comes(good, ALICE, "on-the-next-day")

    assert _stands(hub, ALICE) == SHOWN
    _begins(good, LIE, "by-another")
    assert _stands(hub, ALICE) == HIDDEN


@pytest.mark.parametrize("removed", [False, True])
def test_what_a_quarantined_terminal_has_told_last_gives_way_to_the_next_word(
    hub: Hub, enrolled: Enrolled, removed: bool
) -> None:
    stolen = enrolled()
    _begins(stolen, LIE.model_copy(update={"number": "zz"}), "a-lie")
    _quarantine(hub, stolen)
    if removed:
        _remove(hub, stolen)

    _comes(enrolled(), ALICE, "on-the-next-day")

    assert _stands(hub, ALICE) == SHOWN
    with hub.store.reading() as connection:
        found = rows.known(connection, ALICE.officer)
        assert found is not None
        assert found.number == ALICE.number


def test_who_hides_somebody_by_their_number_is_looked_up_with_them(hub: Hub, enrolled: Enrolled) -> None:
    made_up = person("4471", "secret", issuer="https://made.up").model_copy(update={"user_name": "nobody"})
    _comes(enrolled(), ALICE, "at-work")
    stolen = enrolled("STOLEN")
    _begins(stolen, made_up, "a-lie")
    assert _stands(hub, ALICE) == (True, 0)

    with hub.store.writing() as connection:
        found = taken_back.look_up(connection, hub, "u4471", by="console:it")
        assert [(one.officer.officer, one.told) for one in found] == [
            (made_up.officer, (("secret", f"STOLEN ({stolen.id})"),)), (ALICE.officer, ()),
        ]  # fmt: skip
        taken_back.forget(connection, hub, made_up.officer, by="console:it", reason="made up")

    assert _stands(hub, ALICE) == SHOWN


def test_who_was_told_by_a_good_terminal_too_is_not_uncovered_by_a_quarantine(hub: Hub, enrolled: Enrolled) -> None:
    quarantined, good, stolen = enrolled(), enrolled(), enrolled()
    _comes(quarantined, COVERT, "first")
    _comes(good, COVERT, "second")
    _quarantine(hub, quarantined)

    _comes(stolen, WITHOUT, "a-lie")

    assert _stands(hub, COVERT) == HIDDEN


def test_who_sat_at_a_terminal_that_is_no_more_goes_on_not_to_show(hub: Hub, enrolled: Enrolled) -> None:
    scrapped, stolen = enrolled(), enrolled()
    _comes(scrapped, COVERT, "first")
    _remove(hub, scrapped)

    _comes(stolen, WITHOUT, "a-lie")

    assert _stands(hub, COVERT) == HIDDEN


def test_a_quarantine_that_was_a_false_alarm_loses_nobody(hub: Hub, enrolled: Enrolled) -> None:
    alarmed, stolen = enrolled(), enrolled()
    _comes(alarmed, COVERT, "first")
    _quarantine(hub, alarmed)
    with hub.store.writing() as connection:
        listed.end_quarantine(connection, hub, alarmed.id, by="console:it")

    _comes(stolen, WITHOUT, "a-lie")

    assert _stands(hub, COVERT) == HIDDEN


def test_what_a_token_has_told_stays_whoever_is_quarantined(hub: Hub, enrolled: Enrolled) -> None:
    quarantined, good = enrolled(), enrolled()
    with hub.store.writing() as connection:
        rows.note(connection, COVERT, "openid", hub.clock())
    _comes(quarantined, COVERT, "first")
    _quarantine(hub, quarantined)

    _comes(good, WITHOUT, "second")

    assert _stands(hub, COVERT) == HIDDEN


def test_an_administrator_takes_back_what_terminals_have_told_and_not_what_a_token_has(
    hub: Hub, enrolled: Enrolled
) -> None:
    stolen = enrolled()
    with hub.store.writing() as connection:
        rows.note(connection, ALICE.model_copy(update={"groups": ("inspectors",)}), "openid", hub.clock())
    _begins(stolen, LIE, "a-lie")
    assert _stands(hub, ALICE) == HIDDEN

    with hub.store.writing() as connection:
        gone = taken_back.forget(connection, hub, ALICE.officer, by="console:it", reason="stolen")

    assert gone == ("secret",)
    assert _stands(hub, ALICE) == (False, 2)
    with hub.store.writing() as connection, pytest.raises(NotNowError):
        taken_back.forget(connection, hub, ALICE.officer, by="console:it", reason="stolen")
