"""Whoever was logged on at a terminal that is not heard of for days counts as gone, until it is heard again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from launcher.hub.audit import who
from launcher.hub.house_keeping import forget_the_dead
from launcher.hub.service import Hub
from launcher.hub.sittings import silent
from launcher.hub.sittings.rows import open_of
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand, has_socket, person, sitting

Enrolled = Callable[..., StationHand]

ALICE = person("4471", name="Alice")


def _logged_on(hub: Hub) -> list[str]:
    with hub.store.reading() as connection:
        return sorted(row.terminal for row in open_of(connection, ALICE.officer))


def test_not_heard_of_for_days_it_has_nobody_and_heard_again_it_has(hub: Hub, enrolled: Enrolled, clock: Clock) -> None:
    away, other = enrolled("FD-02"), enrolled("FD-03")
    began = clock.now
    for station, name in ((away, "there"), (other, "here")):
        assert station.report(sitting(ALICE, name, since=began)).ok
    clock.pass_s(silent.SILENT_S - 60)
    assert other.prove().ok
    before = other.news().elsewhere
    silent.keep(hub)
    assert _logged_on(hub) == ["FD-02", "FD-03"]

    clock.pass_s(120)
    silent.keep(hub)
    assert _logged_on(hub) == ["FD-03"]
    assert other.news().elsewhere > before
    with hub.store.reading() as connection:
        assert who.who(connection, "FD-02", clock.now - 30, clock.now).sittings == ()
        (was,) = who.who(connection, "FD-02", clock.now - 120, clock.now).sittings
    heard = datetime.fromtimestamp(began, UTC).isoformat(sep=" ", timespec="seconds")
    assert (was.until, was.reason) == (began + silent.SILENT_S, f"not heard of since {heard}")

    assert away.prove().ok
    assert away.report(sitting(ALICE, "there", since=began)).ok
    assert _logged_on(hub) == ["FD-02", "FD-03"]


def test_one_that_was_connected_all_the_time_is_heard_of(hub: Hub, enrolled: Enrolled, clock: Clock) -> None:
    station = enrolled("FD-02")
    assert station.report(sitting(ALICE, "there")).ok
    with hub.store.writing() as connection:
        has_socket(connection, hub, station)
    clock.pass_s(10 * silent.SILENT_S)
    silent.keep(hub)
    assert _logged_on(hub) == ["FD-02"]

    lost_by = Hub(hub.settings, hub.store, hub.key, clock)  # another process, after that one was killed
    for _ in range(5):
        silent.keep(lost_by)
        forget_the_dead(lost_by)
        clock.pass_s(hub.settings.serve.beat_s)
    silent.keep(lost_by)
    assert _logged_on(hub) == ["FD-02"]
