"""Administrators see all stations, page by page."""

from __future__ import annotations

from collections.abc import Callable

from tests.servers.hub_in_process import Asking
from tests.unit.hub.hands import StationHand, person


def test_two_of_one_terminals_name_are_both_listed(
    enrolled: Callable[..., StationHand], officer: Callable[..., Asking]
) -> None:
    for terminal in ("FD-01", "FD-02", "FD-02", "FD-02", "FD-03"):  # computers that took the place of another
        enrolled(terminal)
    administrator = officer(person("9001"), "administrator")
    listed: list[dict[str, str]] = []
    last: dict[str, str] = {}
    while True:
        after = {"after": last["terminal"], "after_station": last["station"]} if last else {}
        page = administrator.get("/administrators/stations", params={"many": 2, **after}).json()
        listed += page
        if len(page) < 2:
            break
        last = page[-1]

    assert [one["terminal"] for one in listed] == ["FD-01", "FD-02", "FD-02", "FD-02", "FD-03"]
    assert len({one["station"] for one in listed}) == 5
    answer = administrator.get("/administrators/stations", params={"after": "FD-02"})
    assert [one["terminal"] for one in answer.json()] == ["FD-03"]
