"""The figures are exact, failures count where they happened, and the officer's own time is not the machine's."""

from __future__ import annotations

import math
from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from launcher.timings import Figure, Spool, SpoolReader, figures, figures_by_group, printed, usual_by_system_ms
from launcher.timings.figures import nearest_rank
from launcher.timings.spool import TimingRecord
from launcher.wire.records import LaunchRecord, Outcome, PhaseSpan, SignInRecord, SwitchRecord

AGAIN: tuple[tuple[float, Outcome], ...] = ((40.0, "ready"), (5000.0, "timed-out"), (1.0, "cancelled"))


def launch(system: str, total_ms: float, outcome: Outcome = "ready", *spans: PhaseSpan) -> LaunchRecord:
    return LaunchRecord(
        at=1.0,
        system=system,
        system_kind="web",
        sign_on="form",
        outcome=outcome,
        prompts=0,
        total_ms=total_ms,
        phases=spans,
    )


def span(phase: str, start_ms: float, duration_ms: float, *, human: bool = False) -> PhaseSpan:
    return PhaseSpan(phase=phase, start_ms=start_ms, duration_ms=duration_ms, human=human)


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1.0))
def test_nearest_rank_is_a_measured_value_with_enough_at_or_below(values: list[float], share: float) -> None:
    ranked = nearest_rank(values, share)
    assert ranked in values
    assert sum(value <= ranked for value in values) >= math.ceil(share * len(values))
    assert sum(value < ranked for value in values) < math.ceil(share * len(values))


def test_rows_by_system_and_phase() -> None:
    records: list[TimingRecord] = [
        SignInRecord(
            at=1.0,
            method="local",
            outcome="signed-in",
            total_ms=500,
            phases=(span("input", 0, 300, human=True), span("primary", 300, 150)),
        ),
        *(
            launch("warrants", ms, "ready", span("load", 0, ms / 2), span("load", ms / 4, ms / 2))
            for ms in range(100, 300, 10)
        ),
        launch("warrants", 30_000, "timed-out", span("load", 0, 100), span("inject", 100, 29_900)),
        launch("warrants", 1, "cancelled"),
        launch("anpr", 2000, "unknown"),
        SwitchRecord(at=2.0, reason="log-off", total_ms=50, phases=(span("next_screen", 0, 10), span("end", 0, 50))),
    ]
    rows = figures(records)
    by = {(row.system, row.phase): row for row in rows}
    assert by["sign-in", "machine"].p50_ms == 200
    assert by["sign-in", "gap"].p50_ms == 50
    assert by["warrants", "total"] == Figure("warrants", "total", 21, 190.0, 280.0, 1)
    assert by["warrants", "load"] == Figure("warrants", "load", 21, 142.5, 210.0, 0)
    assert by["warrants", "inject"] == Figure("warrants", "inject", 1, 0.0, 0.0, 1)
    assert by["anpr", "total"] == Figure("anpr", "total", 1, 0.0, 0.0, 0)
    assert by["switch", "next_screen"].p95_ms == 10
    assert [row.system for row in rows if row.phase == "total"] == ["sign-in", "anpr", "warrants", "switch"]


def test_what_an_officer_was_asked_is_no_failure_and_their_time_is_not_the_systems(tmp_path: Path) -> None:
    read = launch(
        "law",
        60_500.0,
        "ready",
        span("load", 0, 300),
        span("person", 300, 60_000, human=True),
        span("ready", 60_300, 200),
    )
    left = launch("law", 9_000.0, "notice", span("load", 0, 500), span("person", 500, 8_500, human=True))
    records = [read, left, launch("law", 700.0), launch("law", 100.0, "failed")]
    asked = [one.model_copy(update={"prompts": 1}) for one in records[:2]] + records[2:]
    by = {row.phase: row for row in figures(asked)}
    assert by["total"] == Figure("law", "total", 4, 500.0, 700.0, 1, 2)
    assert by["person"] == Figure("law", "person", 2, 60_000.0, 60_000.0, 0)
    with closing(Spool(tmp_path / "timings.db")) as spool:
        spool.record(read)
        assert spool.flush()
        assert usual_by_system_ms(SpoolReader(tmp_path / "timings.db")) == {"law": 500.0}


def test_an_officer_who_comes_back_is_no_switch_between_two() -> None:
    back = SwitchRecord(at=2.0, reason="resume", total_ms=90, phases=(span("resume", 0, 90),))
    left = SwitchRecord(at=2.0, reason="log-off", total_ms=50, phases=())
    totals = {row.system: row.p95_ms for row in figures([back, left]) if row.phase == "total"}
    assert totals == {"resume": 90, "switch": 50}


def test_the_table_is_aligned_and_says_when_there_is_nothing() -> None:
    assert printed([]) == "Nothing recorded yet."
    lines = printed(figures([launch("custody", 1234, "ready", span("load", 0, 1000))])).splitlines()
    assert lines[0].split() == ["system", "phase", "n", "p50", "s", "p95", "s", "asked", "failures"]
    assert lines[1].split() == ["custody", "total", "1", "1.234", "1.234", "0", "0"]
    assert lines[3].split() == ["load", "1", "1.000", "1.000", "-", "0"]


def test_what_is_usual_is_known_for_all_systems_at_one_look(tmp_path: Path) -> None:
    with closing(Spool(tmp_path / "timings.db")) as spool:
        for system, took_ms in (("a", 100.0), ("a", 300.0), ("a", 200.0), ("b", 50.0)):
            spool.record(launch(system, took_ms))
        assert spool.flush()
        reader = SpoolReader(tmp_path / "timings.db")
        assert usual_by_system_ms(reader) == {"a": 200.0, "b": 50.0}
        assert usual_by_system_ms(reader, of=1) == {"a": 200.0, "b": 50.0}  # the newest of each
    assert usual_by_system_ms(SpoolReader(tmp_path / "none.db")) == {}


def test_a_sign_on_again_counts_with_no_opening(tmp_path: Path) -> None:
    again = [launch("a", ms, outcome).model_copy(update={"again": True}) for ms, outcome in AGAIN]
    records = [launch("a", 900.0), *again]
    by = {row.phase: row for row in figures(records)}
    assert (by["total"], by["again"]) == (
        Figure("a", "total", 1, 900.0, 900.0, 0),
        Figure("a", "again", 2, 40.0, 40.0, 1),
    )
    assert figures_by_group(records) == figures_by_group(records[:1])
    with closing(Spool(tmp_path / "timings.db")) as spool:
        for record in records:
            spool.record(record)
        assert spool.flush()
    reader = SpoolReader(tmp_path / "timings.db")
    assert usual_by_system_ms(reader) == {"a": 900.0}
    assert [one.total_ms for one in reader.recent_launches("a")] == [900.0]
    assert [kept.record for kept in reader.since()] == records


def test_rows_by_the_groups_of_the_screen() -> None:
    records: list[TimingRecord] = [
        launch(
            "custody",
            1000,
            "ready",
            span("queue", 0, 100),
            span("policy", 50, 100),  # both are Start, and overlap
            span("secret", 200, 300, human=True),
            span("nobody-named-it", 500, 100),
            span("load", 600, 300),
        ),
        launch("custody", 500, "failed", span("queue", 0, 100), span("reach", 100, 400)),
    ]
    rows = {row.phase: row for row in figures_by_group(records)}
    assert [row.phase for row in figures_by_group(records)] == [
        "total", "machine", "Start", "Connect", "Load", "Not measured", "You",
    ]  # fmt: skip
    assert rows["Start"] == Figure("custody", "Start", 2, 150.0, 150.0, 0)
    assert rows["Connect"] == Figure("custody", "Connect", 1, 0.0, 0.0, 1)
    assert rows["You"].p50_ms == 300
    assert rows["Not measured"].p50_ms == 250  # the span without a group, and 150 that no span covers
    assert rows["machine"].p50_ms == 700
