"""What is known of an officer outlives a station's word: a stolen one hides nobody's rank and uncovers nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from launcher.hub.helpdesk.visible import is_restricted
from launcher.hub.officers import rows
from launcher.hub.officers.guarded import MOST, Kept
from launcher.hub.officers.known import KnownOfficer, after_token, after_word, is_news
from launcher.hub.officers.rules import rank_of
from launcher.hub.service import Hub
from launcher.hub.settings import HelpdeskSettings, HubSettings
from launcher.hub.suspended.barred import is_barred
from launcher.hub.suspended.rows import suspend
from launcher.wire.hub.sittings import Person
from tests.unit.hub.conftest import ROLES
from tests.unit.hub.hands import StationHand, person, sitting

Enrolled = Callable[..., StationHand]

COVERT = person("4472", "Covert", "inspectors", "response")
GUARDED = frozenset({"covert", "inspectors"})
FIRST, SECOND = "station:first", "station:second"


@pytest.fixture
def settings() -> HubSettings:
    """Some officers do not show; some are supervisors."""
    return HubSettings(roles=ROLES, helpdesk=HelpdeskSettings(restricted_groups=("COVERT",)))


def known(*groups: str, kept: tuple[str, ...] = (), **changed: str) -> KnownOfficer:
    fields = {"officer": "a#1", "number": "1", "name": "Ann", "user_name": "ann"}
    fields |= dict.fromkeys(("told_by", "number_by", "name_by", "groups_by"), FIRST) | changed
    return KnownOfficer(**fields, groups=frozenset(groups), kept=frozenset(Kept(one, FIRST) for one in kept))


def said(*groups: str, **changed: str) -> Person:
    return Person.model_validate({"officer": "a#1", "number": "", "name": "", "groups": groups} | changed)


@pytest.mark.parametrize(
    ("before", "word", "groups", "kept"),
    [
        (known("covert", "response"), ("custody",), {"custody"}, {"covert"}),
        (known("custody", kept=("covert",)), ("response",), {"response"}, {"covert"}),
        (known("custody", kept=("covert",)), ("Covert", "Inspectors"), set(GUARDED), set(GUARDED)),
        (known("covert"), (), {"covert"}, {"covert"}),
        (known("response"), ("custody",), {"custody"}, set()),
        (known("custody", kept=("once restricted",)), ("custody",), {"custody"}, set()),
    ],
)
def test_a_stations_word_gives_guarded_groups_and_takes_none(
    before: KnownOfficer, word: tuple[str, ...], groups: set[str], kept: set[str]
) -> None:
    after = after_word(before, said(*word), SECOND, GUARDED)

    assert (after.groups, {one.group for one in after.kept}) == (groups, kept)


@pytest.mark.parametrize(
    ("before", "word", "distrusted", "kept"),
    [
        (known("covert"), ("custody",), (), {("covert", FIRST)}),
        (known("covert"), ("covert",), (), {("covert", FIRST), ("covert", SECOND)}),
        (known("covert", groups_by="openid"), ("custody",), {FIRST}, {("covert", "openid")}),
        (known("covert", kept=("covert",)), ("custody",), {FIRST}, set()),
        (known("covert", kept=("covert",)), ("covert",), {FIRST}, {("covert", SECOND)}),
        (known("covert", kept=("covert",)), (), {FIRST}, {("covert", FIRST)}),  # no groups: nothing is said of them
        (known("custody", kept=("covert",)), ("custody",), {"station:other"}, {("covert", FIRST)}),
    ],
)
def test_who_has_told_a_guarded_group_is_kept_and_what_is_distrusted_gives_way(
    before: KnownOfficer, word: tuple[str, ...], distrusted: set[str], kept: set[tuple[str, str]]
) -> None:
    assert after_word(before, said(*word), SECOND, GUARDED, distrusted=distrusted).kept == kept


def test_no_more_who_have_told_a_group_are_kept_than_it_takes() -> None:
    officer = known()
    for number in range(2 * MOST):
        officer = after_word(officer, said("inspectors"), f"station:{number}", GUARDED)
    assert len(officer.kept) == MOST


def test_what_is_known_so_already_is_no_news() -> None:
    assert is_news(None, said())
    assert not is_news(known("response"), said("Response", user_name="ann"))
    assert is_news(known("response"), said("custody"))
    assert is_news(known(), said(name="Anna"))
    assert not is_news(known(name_by="openid"), said(name="Anna"))  # a token's stays


def test_a_token_that_names_groups_takes_them() -> None:
    before = known("custody", kept=("covert",))

    assert after_token(before, said("Response")).ever == {"response"}
    assert after_token(before, said()).ever == {"custody", "covert"}


@pytest.mark.parametrize(
    ("before", "user_name", "number"),
    [
        (known("response"), "ann", "9"),
        (known("response", number_by="openid"), "ann", "1"),
        (known("covert"), "ann", "1"),
        (known("covert", number=""), "ann", "9"),
        (known("response", kept=("covert",)), "ann", "1"),
        (known("response", kept=("covert",), number_by="station:stolen"), "ann", "9"),
        (known("covert", user_name="", told_by="openid"), "other", "1"),
    ],
)
def test_a_name_to_log_on_with_that_is_known_is_not_changed_by_a_stations_word(
    before: KnownOfficer, user_name: str, number: str
) -> None:
    word = said(user_name="other", number="9")
    after = after_word(before, word, SECOND, GUARDED, distrusted={"station:stolen"})

    assert (after.user_name, after.number) == (user_name, number)


def test_each_thing_is_kept_with_who_has_said_it_and_a_tokens_stays() -> None:
    by_word = after_word(known(), said("custody", name="Anna"), SECOND, GUARDED)
    assert (by_word.name, by_word.name_by, by_word.groups_by) == ("Anna", SECOND, SECOND)
    assert (by_word.number, by_word.number_by, by_word.told_by) == ("1", FIRST, FIRST)  # nothing was said of those

    by_token = after_token(by_word, said(name="Ann Jones", user_name="ann"))
    assert (by_token.name_by, by_token.told_by) == ("openid", "openid")
    assert (by_token.number_by, by_token.groups_by) == (FIRST, SECOND)  # what it does not say it does not vouch for
    assert after_word(by_token, said(name="zz", number="9"), FIRST, GUARDED).name == "Ann Jones"


@pytest.mark.parametrize(
    ("before", "told", "proved", "another_has_it", "doubt"),
    [
        (known(), "other", False, False, "told otherwise"),
        (known(), "FORCE\\Ann", False, False, ""),  # another form of it
        (known(doubt="told otherwise"), "ann", False, False, ""),
        (known(doubt="told otherwise"), "", False, False, "told otherwise"),
        (known(), "other", True, False, ""),  # a token has told it
        (known(user_name=""), "ann", False, False, ""),
        (known(user_name=""), "ann", False, True, "unsure"),
        (known(doubt="unsure"), "ann", False, True, "unsure"),
        (known(doubt="unsure"), "ann", False, False, ""),  # the other one is gone
        (known(user_name="", doubt="unsure"), "ann", True, False, "unsure"),  # a token has told of them, not of that
        (known(), "ann", False, True, ""),  # they had it first
    ],
)
def test_when_a_name_to_log_on_with_is_in_doubt(
    before: KnownOfficer, told: str, proved: bool, another_has_it: bool, doubt: str
) -> None:
    before = replace(before, told_by="openid" if proved else FIRST)
    after = after_word(before, said(user_name=told), SECOND, GUARDED, another_has_it=another_has_it)

    assert after.doubt == doubt


def test_a_token_decides_on_a_name_that_was_in_doubt_if_it_has_one() -> None:
    in_doubt = known(doubt="told otherwise")

    named = after_token(in_doubt, said(user_name="other"))
    assert (named.user_name, named.doubt) == ("other", "")
    assert after_token(in_doubt, said()).doubt == "unsure"


def of(hub: Hub, officer: str) -> tuple[KnownOfficer, bool]:
    with hub.store.reading() as connection:
        found = rows.known(connection, officer)
        assert found is not None
        return found, is_restricted(connection, hub, found)


def test_another_stations_report_uncovers_nobody_and_takes_no_rank(hub: Hub, enrolled: Enrolled) -> None:
    assert enrolled().report(sitting(COVERT, "here")).ok
    lie = COVERT.model_copy(update={"groups": ("response",), "user_name": "other", "number": "1"})

    assert enrolled().report(sitting(lie, "there")).ok

    found, hidden = of(hub, COVERT.officer)
    assert hidden
    assert found.groups == {"response"}  # what a session on a station's word may have
    assert rank_of(ROLES, found.ever) == 2
    assert (found.user_name, found.number) == (COVERT.user_name, COVERT.number)
    with hub.store.writing() as connection:
        suspend(connection, hub, COVERT.officer, "i#ann", "Ann", "a stolen card")
        assert is_barred(connection, COVERT.model_copy(update={"officer": "other issuer#1", "number": ""}), ())
    with hub.store.writing() as connection:
        rows.note(connection, COVERT.model_copy(update={"groups": ("response",)}), "openid", hub.clock())
    assert not of(hub, COVERT.officer)[1]


def test_who_does_not_show_by_another_issuers_groups_is_not_uncovered_by_another_name(
    hub: Hub, enrolled: Enrolled
) -> None:
    twin = COVERT.model_copy(update={"officer": "https://id#4472", "groups": ()})
    station = enrolled()
    assert station.report(sitting(COVERT, "here"), sitting(twin, "here-too")).ok
    assert of(hub, twin.officer)[1]

    assert enrolled().report(sitting(twin.model_copy(update={"user_name": "nobody"}), "there")).ok

    assert of(hub, twin.officer)[1]
