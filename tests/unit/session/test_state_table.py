"""The help page of the states is made from the state machine, and leaves none of it out."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from launcher.session import states as s
from launcher.session.state import step
from launcher.session.state_table import EVENTS, STATES, page_with_table, states_table

PAGE = Path(__file__).resolve().parents[3] / "resources" / "help" / "session-states.md"


def test_the_page_is_the_generated_one() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == page_with_table(page), "write it anew: launcher.session.state_table.write_page"


def test_every_state_and_every_event_is_told() -> None:
    assert {type(state) for state in STATES.values()} == set(get_args(s.State)) - {s.Ending}
    assert {type(event) for event in EVENTS.values()} == set(get_args(s.Event)) - {s.EndAsked}
    table = states_table()
    for name in STATES:
        assert f"\n| {name} | " in table, name
    for name in EVENTS:
        assert f" | {name} | " in table, name


def test_what_is_said_of_all_states_holds_for_all() -> None:
    for state in STATES.values():
        assert step(state, s.EndAsked("reset")) == (s.Ending("reset"), ())
