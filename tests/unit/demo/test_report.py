"""The report is made of what the station said, and says what the station did not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from launcher.demo.report import Run

SIGN_IN = {
    "kind": "sign-in",
    "at": 100.0,
    "method": "local",
    "outcome": "signed-in",
    "total_ms": 900.0,
    "phases": [
        {"phase": "input", "start_ms": 0.0, "duration_ms": 500.0, "human": True},
        {"phase": "primary", "start_ms": 500.0, "duration_ms": 300.0},
    ],
}
SWITCH = {
    "kind": "switch",
    "at": 300.0,
    "reason": "log-off",
    "total_ms": 90.0,
    "phases": [{"phase": "next_screen", "start_ms": 0.0, "duration_ms": 9.0}],
}


def launch(system: str, at: float, total_ms: float, **more: object) -> dict[str, object]:
    return {
        "kind": "launch", "at": at, "system": system, "system_kind": "web", "sign_on": "form", "outcome": "ready",
        "prompts": 0, "total_ms": total_ms, "phases": [{"phase": "load", "start_ms": 0.0, "duration_ms": total_ms}],
        **more,
    }  # fmt: skip


def kept(record: object) -> dict[str, object]:
    return {"event": "RecordKept", "record": record}


def checked(found: list[str] | None = None, unscanned: list[str] | None = None) -> dict[str, object]:
    return {
        "event": "ResidueChecked",
        "residue": {"scanned": ["spare"], "found": found or [], "unscanned": unscanned or []},
    }


def good() -> Run:
    run = Run()
    for event in (
        {"event": "OfficerSignedIn", "number": "4471"},
        kept(SIGN_IN),
        kept(launch("one", 200.0, 1000.0)),
        kept(launch("two", 200.5, 1000.0)),
        kept(SWITCH),
        {"event": "SessionEnded", "remained": []},
        checked(),
    ):
        run.take(event)
    return run


def test_a_run_as_it_should_be() -> None:
    run = good()
    assert run.faults(["one", "two"]) == []
    assert run.all_ready_ms() == 1500.0
    data = json.loads(json.dumps(run.as_data()))
    assert data["officer"] == "4471"
    assert (data["sign_in"]["machine_ms"], data["sign_in"]["human_ms"], data["sign_in"]["gap_ms"]) == (400, 500, 100)
    assert [one["id"] for one in data["systems"]] == ["one", "two"]
    assert data["systems"][0]["phases"] == [{"phase": "load", "start_ms": 0, "duration_ms": 1000}]
    assert data["switch"]["next_sign_in_screen_ms"] == 9
    assert data["residue"] == {"scanned": ["spare"], "unscanned": [], "found": []}
    table = run.as_table({"one": "System One", "two": "System Two"})
    assert "Logged on as 4471 in 0.40 s" in table
    assert "System Two" in table
    assert "Next log-on screen: 9 ms" in table


def test_the_columns_of_the_table_stand_below_each_other() -> None:
    run = Run()
    for name, how, outcome in (("one", "certificate", "ready"), ("two", "form", "already-signed-on")):
        run.take(kept({**launch(name, 200.0, 1.0, outcome=outcome), "sign_on": how}))
    head, *rows = run.as_table({"one": "System One", "two": "System Two"}).splitlines()[:3]
    asked = head.index("asked") + len("asked")
    assert [row[asked - 5 : asked + 2].strip() for row in rows] == ["0", "0"]
    assert {row[: head.index("outcome")].split()[-1] for row in rows} == {"certificate", "form"}


@pytest.mark.parametrize(
    ("event", "fault"),
    [
        (kept(launch("one", 200.0, 1.0, outcome="failed", reference="sign-on-refused")), "one ended failed (sign"),
        (kept(launch("one", 200.0, 1.0, outcome="unknown")), "one ended unknown (no reference)"),
        (kept(launch("one", 200.0, 1.0, prompts=2)), "one asked 2 times"),
        (kept({**SIGN_IN, "outcome": "refused"}), "nobody was signed in"),
        (checked(found=["canary 3 in spare"]), "left: canary 3 in spare"),
        (checked(unscanned=["process 7"]), "not searched: process 7"),
        ({"event": "SessionEnded", "remained": ["sleep 7"]}, "still there: sleep 7"),
        ({"event": "OfficerSignedIn"}, "1 lines of the station were not understood"),
        ({"event": "RecordKept"}, "1 lines"),
        (kept("nonsense"), "1 lines"),
        (kept({"kind": "nonsense"}), "1 lines"),
        (kept({}), "1 lines"),
        (kept({**launch("one", 1.0, 1.0), "total_ms": "soon"}), "1 lines"),
        (kept({**SWITCH, "phases": None}), "1 lines"),
        ({"event": "SessionEnded", "remained": None}, "1 lines"),
        ({"event": "ResidueChecked", "residue": []}, "1 lines"),
    ],
)  # fmt: skip
def test_what_is_not_as_it_should_be_is_said(event: dict[str, object], fault: str) -> None:
    run = good()
    run.take(event)
    found = run.faults(["one", "two"])
    assert len(found) == 1
    assert found[0].startswith(fault)


def test_a_spares_end_hides_no_officers() -> None:
    run = good()
    run.take({"event": "SessionEnded", "remained": ["sleep 7"]})
    run.take({"event": "SessionEnded", "remained": []})
    assert run.faults([]) == ["still there: sleep 7"]


def test_who_is_signed_on_at_a_host_still_is_said_in_the_hosts_own_words() -> None:
    run = good()
    run.left_signed_on = ("National Records, line NR0001",)
    assert run.faults(["one", "two"]) == ["still signed on at National Records, line NR0001"]
    assert run.as_data()["left_signed_on"] == ["National Records, line NR0001"]


def test_nothing_at_all_is_said() -> None:
    run = Run()
    assert run.faults(["one"]) == ["nobody was signed in", "one was not opened", "no residue check was made"]
    assert run.all_ready_ms() == 0.0
    assert run.as_data()["sign_in"] is None
    assert "All 0 systems" in run.as_table({})


def test_a_launch_that_took_no_time_is_drawn() -> None:
    run = Run()
    run.take(kept(launch("one", 200.0, 0.0)))
    assert "one" in run.as_table({})


json_values = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=5),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
keys = some.sampled_from(["event", "record", "number", "remained", "residue", "kind"])
names = some.sampled_from(["OfficerSignedIn", "RecordKept", "SessionEnded", "ResidueChecked", "SpareWarm"])


@settings(deadline=None)
@given(some.lists(some.dictionaries(keys, json_values | names, max_size=5), max_size=5))
def test_no_line_stops_the_demo(events: list[dict[str, object]]) -> None:
    run = Run()
    for event in events:
        run.take(event)
    run.faults(["one"])
    run.as_table({})
    json.dumps(run.as_data())
