"""A code makes one station, once."""

from __future__ import annotations


def test_a_station_that_enrols_is_known(enrolled, clock) -> None:
    hand = enrolled("FD-02")
    assert hand.news().command == 0
    clock.pass_s(601)
    assert hand.ask.get("/stations/news").json()["reference"] == "hub-not-proved"
