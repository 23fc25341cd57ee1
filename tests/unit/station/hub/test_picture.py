"""What a station reports: within the bounds of the hub, whatever its sessions say, and whose letters verify whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.station.hub import picture
from launcher.station.hub.letters import ALPHABET, made, verifies
from launcher.station.limits import StationLimits
from launcher.station.seat import Seat
from launcher.wire import messages
from launcher.wire.hub.sittings import OpenSystem, ShownLetters
from tests.unit.station.lock_table import state

SAID = messages.SignedIn(officer="ldap:x#1", number="4471", name="E. Adeyemi", groups=("cid",), proved_by="directory")


def test_what_is_too_long_for_the_hub_is_cut_and_never_refused() -> None:
    said = SAID.model_copy(
        update={"name": "x" * 500, "user_name": "y" * 500, "groups": ("g", "", "g", "z" * 301) * 999}
    )
    person = picture.began("s1", said, 1.0).sitting.person
    assert (len(person.name), len(person.user_name), person.groups) == (120, 120, ("g",))
    many = SAID.model_copy(update={"groups": tuple(f"g{number}" for number in range(2001))})
    assert len(picture.person_of(many).groups) == 2000
    long = SAID.model_copy(update={"groups": tuple(f"{number:04}" + "g" * 196 for number in range(1001))})
    assert len(picture.person_of(long).groups) == 1000  # as many as the hub takes of one person


def test_a_sitting_turns_and_says_since_when() -> None:
    watched = picture.began("s1", SAID, 1.0)
    locked = picture.turned(watched, 2.0, locked=True)
    frozen = picture.turned(locked, 3.0, silent=True)
    back = picture.turned(frozen, 4.0, silent=False)
    ending = picture.turned(back, 5.0, ending=True)
    states = [(one.sitting.state, one.sitting.state_since) for one in (watched, locked, frozen, back, ending)]
    assert states == [("signed-in", 1.0), ("locked", 2.0), ("frozen", 3.0), ("locked", 4.0), ("ending", 5.0)]
    # Said again it is the same, and not since now.
    assert picture.turned(ending, 6.0, ending=True) == ending
    assert picture.turned(ending, 6.0, silent=True).sitting == ending.sitting


def test_counts_and_systems_are_taken_until_the_end_begins() -> None:
    watched = picture.began("s1", SAID, 1.0)
    held = picture.holds(
        watched, messages.Holds(systems=("records", "a b", "records", "anpr"), unsaved=10**9, running=-1)
    )
    assert (held.sitting.unsaved, held.sitting.running, held.tabs) == (10_000, 0, ("records", "anpr"))
    system = OpenSystem(system="records", name="Records", state="ready", since=1.0)
    opened = picture.opened(held, messages.OpenSystems(systems=(system,)))
    assert opened.sitting.systems == (system,)
    ending = picture.turned(opened, 2.0, ending=True)
    assert picture.holds(ending, messages.Holds(systems=())) == ending
    assert picture.opened(ending, messages.OpenSystems(systems=())) == ending


@pytest.mark.parametrize(
    ("before", "session", "whose"),
    [
        ("1:painted* 2:warm", 1, 1),
        ("1:painted 2:warm", 1, None),
        ("1:locked* 2:warm", 1, None),
        ("1:locked* 2:standing 3:warm", 2, None),
        ("1:locked*! 2:standing 3:warm", 1, None),
        ("1:resuming* 2:claiming", 1, None),
        ("1:painted* 2:covering cover-1", 2, 1),
        ("1:painted* 2:covering cover-1", 1, None),
        ("1:resuming* 2:covering cover-1", 2, None),
        ("1:painted* 2:seconding 3:warm", 2, None),
        ("1:ending* 2:painted", 1, None),
    ],
)
def test_letters_verify_only_who_reads_them_where_they_work(before: str, session: int, whose: int | None) -> None:
    assert verifies(state(before), session) == whose


def test_letters_are_six_of_the_hubs_and_differ() -> None:
    several = {made() for _ in range(200)}
    assert len(several) > 190
    for letters in several:
        ShownLetters(letters=letters, sitting=None, until=1.0)
        assert set(letters) <= set(ALPHABET)


def test_a_suspended_officers_session_has_its_sign_offs_cut() -> None:
    seat = Seat(1, None, None, Path(), 0.0, 0.0)  # type: ignore[arg-type] # its times only
    seat.beat(0.0)
    seat.sign_off_s = 20.0
    limits = StationLimits(end_within_s=5.0, sign_off_within_s=30.0)
    assert seat.ends_within_s(limits) == 25.0
    seat.at_most_s = 4.0
    assert seat.ends_within_s(limits) == 4.0


def test_a_screen_that_turned_before_the_order_came_has_not_answered_it() -> None:
    seat = Seat(1, None, None, Path(), 0.0, 0.0)  # type: ignore[arg-type] # its times only
    seat.beat(0.2)
    assert seat.turned_since(seat.heard - 0.3)
    assert not seat.turned_since(seat.heard - 0.1)
