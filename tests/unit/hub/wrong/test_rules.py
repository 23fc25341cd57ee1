"""When something is wrong, as a table: failing here or everywhere, slow against what is usual."""

from __future__ import annotations

import pytest

from launcher.hub.settings import WrongSettings
from launcher.hub.wrong.rules import Cell, faults, percentile_ms
from launcher.timings.buckets import bucket

LIMITS = WrongSettings()


def _cell(place: str, tried: int, failures: int, *, took_ms: float = 1000.0, system: str = "custody") -> Cell:
    return Cell(
        system, place, tried=tried, failures=failures, stations={f"{place}-{n}" for n in range(min(failures, 4))},
        since=100.0 if failures else None, references={"sign-on-refused": failures} if failures else {},
        took={bucket(took_ms): tried - failures} if tried > failures else {},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ([_cell("A", 2, 2)], []),  # too few
        ([_cell("A", 3, 3)], [("A", 3)]),
        ([_cell("A", 100, 3)], []),  # too small a share
        ([_cell("A", 15, 3)], [("A", 3)]),
        ([_cell("A", 3, 3), _cell("B", 4, 4)], [("", 7)]),  # at two places: everywhere
        ([_cell("A", 3, 3), _cell("B", 50, 0)], [("A", 3)]),  # one place only, and not by the whole
        ([_cell("A", 2, 2), _cell("B", 2, 2)], [("", 4)]),  # each place alone has too few
        ([_cell("A", 5, 5), _cell("B", 100, 1)], [("A", 5)]),
        ([_cell("A", 3, 3), _cell("A", 9, 9, system="other")], [("A", 9), ("A", 3)]),  # the worst first
    ],
)
def test_a_system_fails(cells: list[Cell], found: list[tuple[str, int]]) -> None:
    seen = faults(cells, {}, LIMITS)
    assert [(fault.cell.place, fault.cell.failures) for fault in seen] == found
    assert all(fault.kind == "failing" for fault in seen)


USUAL = {"custody": {bucket(1000.0): 95, bucket(1500.0): 5}}


@pytest.mark.parametrize(
    ("took_ms", "opened", "usual", "slow"),
    [
        (6000.0, 5, USUAL, True),
        (6000.0, 4, USUAL, False),  # too few openings
        (1500.0, 50, USUAL, False),  # as usual
        (1950.0, 50, USUAL, False),  # less than twice
        (6000.0, 50, {}, False),  # nothing is known of what is usual
        (6000.0, 50, {"custody": {bucket(1000.0): 29}}, False),  # too little is
        (900.0, 50, {"custody": {bucket(300.0): 50}}, False),  # three times as long, and not by a second
    ],
)
def test_a_system_is_slow(took_ms: float, opened: int, usual: dict[str, dict[int, int]], *, slow: bool) -> None:
    seen = faults([_cell("A", opened, 0, took_ms=took_ms)], usual, LIMITS)
    assert [fault.kind for fault in seen] == (["slow"] if slow else [])


def test_slow_at_two_places_is_slow_everywhere_and_stands_behind_what_fails() -> None:
    cells = [_cell("A", 9, 0, took_ms=9000.0), _cell("B", 9, 0, took_ms=9000.0), _cell("C", 3, 3, system="other")]
    seen = faults(cells, USUAL, LIMITS)
    assert [(fault.kind, fault.cell.place) for fault in seen] == [("failing", "C"), ("slow", "")]
    assert seen[1].cell.opened == 18
    assert seen[1].p95_ms == pytest.approx(9000, rel=0.03)
    assert seen[1].usual_p95_ms == pytest.approx(1000, rel=0.03)


def test_what_one_terminal_alone_tells_stands_behind_all_else_however_much_it_is() -> None:
    mad = [
        Cell(f"made-up-{n}", "A", tried=9, failures=9, stations={"A-1"}, since=100.0, references={"x": 9})
        for n in range(5)
    ]
    cells = [*mad, _cell("A", 9, 0, took_ms=9000.0), _cell("B", 3, 3, system="other"), _cell("C", 5, 2, system="some")]
    cells.append(_cell("D", 5, 2, system="some"))
    seen = faults(cells, USUAL, LIMITS)
    assert [(fault.cell.system, len(fault.cell.stations)) for fault in seen[:3]] == [
        ("some", 4), ("other", 3), ("custody", 0),
    ]  # fmt: skip
    assert {fault.cell.system for fault in seen[3:]} == {cell.system for cell in mad}


def test_percentiles_are_of_the_nearest_rank() -> None:
    assert percentile_ms({}, 0.95) is None
    assert percentile_ms({bucket(10.0): 19, bucket(500.0): 1}, 0.95) == pytest.approx(10, rel=0.03)
    assert percentile_ms({bucket(10.0): 18, bucket(500.0): 2}, 0.95) == pytest.approx(500, rel=0.03)
