"""The spool keeps what it is given, once, in order, up to its cap, and never stands in anybody's way."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from launcher.timings import Spool, SpoolReader, TimingsNotReadError, usual_ms, usual_sign_in_ms
from launcher.timings.throughput import throughput
from launcher.wire.records import LaunchRecord, NoticeRecord, Outcome, PhaseSpan, SignInRecord, SwitchRecord


def a_launch(system: str = "custody", total_ms: float = 1000.0, outcome: Outcome = "ready") -> LaunchRecord:
    return LaunchRecord(
        at=1.0,
        system=system,
        system_kind="web",
        sign_on="form",
        outcome=outcome,
        prompts=0,
        total_ms=total_ms,
        phases=(),
    )


def test_records_come_back_in_order_with_their_numbers_and_only_we_can_read_the_file(tmp_path: Path) -> None:
    sign_in = SignInRecord(
        at=1.0,
        method="local",
        outcome="signed-in",
        total_ms=3000.0,
        phases=(PhaseSpan(phase="input", start_ms=0, duration_ms=2000, human=True),),
    )
    switch = SwitchRecord(at=2.0, reason="log-off", total_ms=60.0, phases=())
    spool = Spool(tmp_path / "state" / "timings.db")
    for record in (sign_in, a_launch(), switch):
        spool.record(record)
    assert spool.flush()
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in (tmp_path / "state").iterdir())
    reader = SpoolReader(spool.path)
    kept = list(reader.since())
    assert [one.record for one in kept] == [sign_in, a_launch(), switch]
    assert [one.record for one in reader.since(kept[0].seq)] == [a_launch(), switch]
    assert usual_sign_in_ms(reader) == 1000.0
    spool.close()
    assert spool.dropped == 0


def test_the_same_record_received_twice_is_kept_once(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "timings.db")
    for key in ("a", "b", "a"):
        spool.record(a_launch(key), key=key)
    spool.close()
    again = Spool(tmp_path / "timings.db")
    again.record(a_launch("b"), key="b")
    again.close()
    kept = list(SpoolReader(tmp_path / "timings.db").since())
    assert [one.record.system for one in kept if isinstance(one.record, LaunchRecord)] == ["a", "b"]


def test_notices_that_were_acknowledged_are_no_timings_and_neither_costs_the_other_its_place(
    tmp_path: Path,
) -> None:
    notices = [NoticeRecord(at=float(at), system="cases", page="law", officer="local#id-4471") for at in range(7)]
    spool = Spool(tmp_path / "timings.db", max_records=5, max_notices=6)
    for number, notice in enumerate(notices):
        spool.record(notice)
        spool.record(a_launch(f"s{number}"))
        spool.flush()
    spool.close()
    reader = SpoolReader(spool.path)
    assert reader.notices() == tuple(reversed(notices[1:]))
    timings = list(reader.timings())
    assert [one.system for one in timings if isinstance(one, LaunchRecord)] == [f"s{number}" for number in range(2, 7)]
    assert len(timings) == 5
    assert not any(isinstance(one, NoticeRecord) for one in reader.newest(after=0.0, limit=100))
    assert reader.capped() == 2


def test_the_oldest_go_beyond_the_cap_and_are_counted(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "timings.db", max_records=10)
    for number in range(25):
        spool.record(a_launch(f"s{number}"))
        spool.flush()
    spool.close()
    reader = SpoolReader(spool.path)
    assert [one.seq for one in reader.since()] == list(range(16, 26))
    assert reader.capped() == 15


def test_a_disk_that_cannot_be_written_drops_counts_and_never_raises(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    spool = Spool(blocked / "timings.db")
    spool.record(a_launch())
    assert spool.flush()
    assert spool.dropped == 1
    spool.close()
    spool.record(a_launch())
    assert spool.dropped == 2


def test_a_full_queue_drops_and_counts(tmp_path: Path) -> None:
    path = tmp_path / "timings.db"
    first = Spool(path)
    first.record(a_launch())
    first.close()
    with sqlite3.connect(path, isolation_level=None) as holding:
        # While another connection writes, the worker waits; the queue fills behind it.
        holding.execute("BEGIN IMMEDIATE")
        spool = Spool(path, max_queued=5)
        for _ in range(5000):
            spool.record(a_launch())
        assert spool.dropped > 0
        holding.execute("ROLLBACK")
    holding.close()
    spool.close()
    assert len(list(SpoolReader(path).since())) + spool.dropped == 5001


def test_a_damaged_file_is_put_aside_and_recording_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "timings.db"
    path.write_bytes(b"this is no database, it is a page of text" * 100)
    assert list(SpoolReader(path).since()) == []
    spool = Spool(path)
    spool.record(a_launch())
    spool.close()
    assert len(list(SpoolReader(path).since())) == 1
    assert path.with_name("timings.db.damaged").exists()


def test_a_row_of_a_later_release_is_passed_over(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "timings.db")
    spool.record(a_launch("a"))
    spool.record(a_launch("b"))
    spool.close()
    with sqlite3.connect(spool.path) as connection:
        connection.execute("UPDATE records SET body = '{\"kind\": \"lock\"}' WHERE system = 'a'")
    connection.close()
    assert len(list(SpoolReader(spool.path).since())) == 1


def test_an_absent_spool_holds_nothing_and_knows_no_usual_time(tmp_path: Path) -> None:
    reader = SpoolReader(tmp_path / "none.db")
    assert list(reader.since()) == []
    assert reader.capped() == 0
    assert usual_ms(reader, "custody") == usual_sign_in_ms(reader) == 0.0


def test_usual_is_the_median_of_recent_ready_launches(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "timings.db")
    for total_ms, outcome in ((9e9, "failed"), (5000.0, "ready"), (6000.0, "ready"), (90_000.0, "ready")):
        spool.record(a_launch(total_ms=total_ms, outcome=outcome))  # type: ignore[arg-type] # literals in a tuple
    spool.record(a_launch("other", total_ms=1.0))
    spool.close()
    assert usual_ms(SpoolReader(spool.path), "custody") == 6000.0


def test_the_benchmark_stores_all_it_counts(tmp_path: Path) -> None:
    assert throughput(tmp_path / "timings.db", records=300) > 0
    assert len(list(SpoolReader(tmp_path / "timings.db").since())) == 300


@pytest.fixture(autouse=True)
def _quiet_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", logger="launcher.timings.spool")


def test_the_newest_since_a_day_come_first_and_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    path = tmp_path / "timings.db"
    assert SpoolReader(path).newest(after=0.0, limit=10) == ()
    spool = Spool(path)
    for number in range(5):
        spool.record(a_launch(total_ms=float(number)).model_copy(update={"at": float(number)}))
    assert spool.flush()
    assert [one.total_ms for one in SpoolReader(path).newest(after=1.0, limit=3)] == [4.0, 3.0, 2.0]
    assert [one.total_ms for one in SpoolReader(path).newest(after=3.0, limit=10)] == [4.0, 3.0]
    spool.record(a_launch(total_ms=3.5).model_copy(update={"at": 3.0}))
    assert spool.flush()
    assert [one.total_ms for one in SpoolReader(path).newest(after=3.0, limit=10)] == [4.0, 3.5, 3.0]
    spool.close()
    with closing(sqlite3.connect(path)) as connection:
        plan = connection.execute("EXPLAIN QUERY PLAN SELECT body FROM records WHERE at >= 1").fetchall()
    assert "records_by_time" in str(plan)
    other = tmp_path / "other.db"
    other.write_bytes(b"no database" * 500)
    with pytest.raises(TimingsNotReadError):
        SpoolReader(other).newest(after=0.0, limit=1)
