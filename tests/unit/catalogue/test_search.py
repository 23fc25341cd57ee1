"""Search as you type: the order of what is found, and the letters to mark."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launcher.catalogue.search import Hit, Index, initials_of


@dataclass(frozen=True)
class System:
    id: str
    name: str
    aliases: tuple[str, ...] = ()


SYSTEMS = (
    System("command", "Command and Control", ("C2",)),
    System("crime", "Crime Record"),
    System("custody", "Custody Record", ("Cells", "Zellen-Akte")),
    System("duty", "Duty Planner", ("Rota",)),
    System("dvla", "DVLA Enquiry"),
    System("record", "Record of Custody"),
    System("scrap", "Scrap Cars"),
    System("cafe", "Café Licences"),
)


def found(typed: str) -> list[str]:
    return [hit.id for hit in Index(SYSTEMS).search(typed)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("cust", ["custody", "record"]),
        ("CUST", ["custody", "record"]),
        ("record", ["record", "crime", "custody"]),
        ("cells", ["custody"]),
        ("akte", ["custody"]),
        ("rota", ["duty"]),
        ("cc", ["command"]),
        ("cr", ["crime", "custody", "scrap"]),
        ("dp", ["duty"]),
        ("apc", []),
        ("crap", ["scrap"]),
        ("cafe", ["cafe"]),
        ("café", ["cafe"]),
        ("rec cust", ["custody", "record"]),
        ("custody r", ["custody", "record"]),
        ("custody  rec ", ["custody", "record"]),
        ("lla", []),
        ("vla", ["dvla"]),
        ("otA", ["duty"]),
        ("xyz", []),
        ("--", [system.id for system in SYSTEMS]),
        ("", [system.id for system in SYSTEMS]),
        ("c2", ["command"]),
    ],
)
def test_what_is_found_and_in_which_order(typed: str, expected: list[str]) -> None:
    assert found(typed) == expected


@pytest.mark.parametrize(
    ("typed", "hit"),
    [
        ("cust", Hit("custody", "name", "Custody Record", ((0, 4),))),
        ("rec cust", Hit("custody", "name", "Custody Record", ((0, 4), (8, 11)))),
        ("custody rec", Hit("custody", "name", "Custody Record", ((0, 11),))),
        ("cell", Hit("custody", "alias", "Cells", ((0, 4),))),
        ("akt", Hit("custody", "alias", "Zellen-Akte", ((7, 10),))),
        ("llen", Hit("custody", "alias", "Zellen-Akte", ((2, 6),))),
        ("cc", Hit("command", "initials", "Command and Control", ((0, 1), (12, 13)))),
        ("rap", Hit("scrap", "name", "Scrap Cars", ((2, 5),))),
        ("fé", Hit("cafe", "name", "Café Licences", ((2, 4),))),
    ],
)
def test_the_letters_to_mark(typed: str, hit: Hit) -> None:
    assert Index(SYSTEMS).search(typed)[0] == hit


def test_initials_pass_over_small_words() -> None:
    assert initials_of("Command and Control") == "cc"
    assert initials_of("Record of the Custody") == "rc"


_letters = "acdort c"


@given(st.lists(st.text(alphabet=_letters, max_size=5), min_size=1, max_size=8), st.permutations(SYSTEMS))
def test_what_was_typed_before_changes_nothing(typed: list[str], systems: list[System]) -> None:
    index = Index(systems)
    for text in typed:
        assert index.search(text) == Index(systems).search(text)


@given(st.text(alphabet=_letters + "é-", max_size=6))
def test_marks_lie_within_the_text_and_cover_what_was_typed(typed: str) -> None:
    for hit in Index(SYSTEMS).search(typed):
        for start, end in hit.ranges:
            assert 0 <= start < end <= len(hit.text)


@given(st.text(max_size=20))
def test_any_text_can_be_typed_and_any_name_given(text: str) -> None:
    index = Index([System("x", text, (text,)), *SYSTEMS])
    index.search(text)
