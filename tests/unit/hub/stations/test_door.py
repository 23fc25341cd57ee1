"""Who is turned away at the door is told a time of its own."""

from __future__ import annotations

import itertools

import pytest

from launcher.hub.stations import door
from launcher.hub.stations.door import EACH_S, LONGEST_S, ROOM, Door, HubBusyError


class _Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def _told(at: Door) -> float:
    wait_s = at.turn_away().retry_after_s
    assert wait_s is not None
    return wait_s


def test_each_has_its_time_after_those_within_and_those_before() -> None:
    clock = _Clock()
    at = Door(clock)
    told = [_told(at) for _ in range(100)]
    assert told[0] == pytest.approx((ROOM + 1) * EACH_S)
    assert all(later - sooner == pytest.approx(EACH_S) for sooner, later in itertools.pairwise(told))
    clock.now += 50 * EACH_S  # half of them have come
    assert _told(at) == pytest.approx(max((ROOM + 1) * EACH_S, told[-1] + EACH_S - 50 * EACH_S))
    clock.now += 3600.0  # the next outage knows nothing of this one
    assert _told(at) == pytest.approx(told[0])


def test_nobody_is_sent_away_for_long_however_many_call() -> None:
    at = Door(_Clock())
    assert max(_told(at) for _ in range(50_000)) == LONGEST_S


def test_room_is_for_so_many_and_free_again_when_one_is_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "ROOM", 2)
    at = Door()
    with at.entering():
        with at.entering():
            assert at.is_full
            with pytest.raises(HubBusyError), at.entering():
                pass
        assert not at.is_full
        with pytest.raises(ValueError, match="a fault"), at.entering():
            raise ValueError("a fault")
        assert not at.is_full
