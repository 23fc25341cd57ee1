"""Commands expire by the hub's clock, whatever becomes of the station's own."""

from __future__ import annotations

from launcher.hub_client.hub_clock import HubClock


class _Clocks:
    boot = 1000.0
    wall = 50_000.0


def test_until_the_hub_has_said_its_time_the_stations_own_is_taken() -> None:
    clocks = _Clocks()
    clock = HubClock(lambda: clocks.boot, lambda: clocks.wall)
    assert clock.now() == 50_000.0


def test_it_goes_on_over_a_suspend_and_no_change_of_the_wall_clock_moves_it() -> None:
    clocks = _Clocks()
    clock = HubClock(lambda: clocks.boot, lambda: clocks.wall)
    clock.set(60_000.0)
    clocks.boot += 7200.0
    clocks.wall -= 3600.0
    assert clock.now() == 67_200.0
    assert clock.offset_s == 67_200.0 - 46_400.0
