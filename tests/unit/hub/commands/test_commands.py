"""A command is handed out until it is taken, once, by its own station, in its time; an answer is kept as it is."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select

from launcher.hub.acts.deeds import deeds_of
from launcher.hub.audit.tables import audit_rows
from launcher.hub.commands import outcomes, rows
from launcher.hub.commands.tables import commands
from launcher.hub.errors import NotNowError, NotThereError
from launcher.hub.service import Hub
from launcher.hub.stations import removal
from launcher.signing import SigningKey, is_signed
from launcher.wire.hub.commands import Acknowledged, Answer, Command, CommandState
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand

Enrolled = Callable[..., StationHand]


def _made(hub: Hub, station: str, kind: str = "lock", *, expires_s: float | None = None, act: str = "") -> Command:
    with hub.store.writing() as connection:
        return rows.add(
            connection, hub, station, kind, sitting="sit-1", officer="ldap#4471", reason="asked for",  # type: ignore[arg-type]
            by="ldap#1", by_name="A. Analyst", expires_s=expires_s, act=act,
        )  # fmt: skip


def _states(hub: Hub, act: str) -> tuple[CommandState, ...]:
    with hub.store.reading() as connection:
        return rows.states(connection, hub, act=act)


def test_a_command_is_signed_by_the_hub_for_this_station(hub: Hub, enrolled: Enrolled) -> None:
    hand = enrolled()
    made = _made(hub, hand.id)
    (signed,) = hand.commands()
    assert signed.command == made
    assert is_signed("command", signed.command, signed.signature, hand.enrolled.hub_key)
    assert not is_signed("command", signed.command, signed.signature, SigningKey.made().public)
    for changed in ({"station": "st-other"}, {"kind": "suspend"}, {"expires": made.expires + 1}, {"id": made.id + 1}):
        altered = signed.command.model_copy(update=changed)
        assert not is_signed("command", altered, signed.signature, hand.enrolled.hub_key)


def test_it_is_handed_out_until_it_is_taken(hub: Hub, enrolled: Enrolled) -> None:
    hand = enrolled()
    first, second = _made(hub, hand.id), _made(hub, hand.id)
    for _ in range(2):
        assert [one.command.id for one in hand.commands()] == [first.id, second.id]
    assert [one.command.id for one in hand.commands(first.id)] == [second.id]
    assert hand.take(first.id).state == "acknowledged"
    assert [one.command.id for one in hand.commands()] == [second.id]


def test_to_take_it_again_is_the_same_for_the_same_run_only(hub: Hub, enrolled: Enrolled) -> None:
    hand = enrolled()
    made = _made(hub, hand.id)
    assert hand.take(made.id) == hand.take(made.id)
    hand.boot = "boot-2"
    again = hand.say("POST", f"/stations/commands/{made.id}/acknowledged", Acknowledged(boot="boot-2", at=0.0))
    assert (again.status_code, again.json()["reference"]) == (409, "hub-not-now")


def test_what_a_station_has_taken_is_not_withdrawn(hub: Hub, enrolled: Enrolled) -> None:
    hand = enrolled()
    taken, waits = _made(hub, hand.id, act="a"), _made(hub, hand.id, act="b")
    hand.take(taken.id)
    with hub.store.writing() as connection:
        assert [rows.withdraw(connection, hub, act) for act in ("a", "b", "b")] == [False, True, False]
    late = hand.say("POST", f"/stations/commands/{waits.id}/acknowledged", Acknowledged(boot=hand.boot, at=0.0))
    assert (late.status_code, late.json()["reference"]) == (409, "hub-not-now")
    assert [one.state for act in ("a", "b") for one in _states(hub, act)] == ["acknowledged", "expired"]


def test_another_stations_command_is_not_there(hub: Hub, enrolled: Enrolled) -> None:
    hand, other = enrolled(), enrolled()
    made = _made(hub, hand.id)
    assert other.commands() == ()
    for answer in (
        other.say("POST", f"/stations/commands/{made.id}/acknowledged", Acknowledged(boot="b", at=0.0)),
        other.answer(made.id),
        other.answer(10**9),
    ):
        assert (answer.status_code, answer.json()["reference"]) == (404, "hub-not-there")
    assert [one.command.id for one in hand.commands()] == [made.id]


def test_one_whose_time_is_over_is_neither_handed_out_nor_taken(hub: Hub, enrolled: Enrolled, clock: Clock) -> None:
    hand = enrolled()
    made = _made(hub, hand.id, expires_s=10.0, act="act-1")
    assert [one.state for one in _states(hub, "act-1")] == ["away"]
    clock.pass_s(10)
    assert hand.commands() == ()
    taken = hand.say("POST", f"/stations/commands/{made.id}/acknowledged", Acknowledged(boot=hand.boot, at=0.0))
    assert taken.status_code == 409
    assert [one.state for one in _states(hub, "act-1")] == ["expired"]
    assert hand.ask.get("/stations/commands").json()["last"] == made.id  # it is not asked for again


def test_an_answer_stands_and_the_same_one_may_come_again(hub: Hub, enrolled: Enrolled, clock: Clock) -> None:
    hand = enrolled()
    made = _made(hub, hand.id, "log-off", act="act-1")
    hand.take(made.id)
    covered = {"more": True, "covered_ms": 412.0, "words": "covered"}
    for _ in range(2):
        assert hand.answer(made.id, "done", **covered).status_code == 204
    (state,) = _states(hub, "act-1")
    assert (state.state, state.answer) == (
        "acknowledged",
        Answer.model_validate({"outcome": "done", "at": clock.now, **covered}),
    )
    last = {"covered_ms": 412.0, "took_ms": 3000.0, "left_signed_on": ["host-1 LU07"], "systems": ["custody"]}
    for _ in range(2):
        assert hand.answer(made.id, "partly", **last).status_code == 204
    clock.pass_s(1)
    assert hand.answer(made.id, "failed").status_code == 409  # and no other
    (state,) = _states(hub, "act-1")
    assert state.state == "answered"
    assert state.answer is not None
    assert (state.answer.outcome, state.answer.left_signed_on) == ("partly", ("host-1 LU07",))


def test_an_answer_without_an_acknowledgement_is_taken_too(hub: Hub, enrolled: Enrolled) -> None:
    # The acknowledgement was lost on the way, and the station's disk says that it was begun.
    hand = enrolled()
    made = _made(hub, hand.id, act="act-1")
    assert hand.answer(made.id, "unknown", words="the station ended in the midst of it").status_code == 204
    assert hand.commands() == ()
    assert [one.state for one in _states(hub, "act-1")] == ["answered"]


def test_what_is_too_much_in_an_answer_is_cut_and_the_answer_is_taken(hub: Hub, enrolled: Enrolled) -> None:
    hand = enrolled()
    made = _made(hub, hand.id, act="act-1")
    untrusted = {"outcome": "partly", "at": 1.0, "covered_ms": -5.0, "took_ms": 1e300}
    untrusted |= {"systems": [f"{'s' * 96}{n:04}" for n in range(1000)], "left_signed_on": ["€" * 500] * 200}
    for _ in range(2):  # the station has not heard that it was taken
        assert hand.ask.post(f"/stations/commands/{made.id}/answer", json=untrusted).status_code == 204
    (state,) = _states(hub, "act-1")
    assert state.answer is not None
    assert (state.answer.covered_ms, state.answer.took_ms) == (0.0, 7 * 86_400_000.0)
    assert (len(state.answer.systems), len(state.answer.left_signed_on)) == (200, 50)
    assert len(state.model_dump_json().encode()) < 70_000  # thirty of them stand on one page, and 8 MB are read


def _audited(hub: Hub) -> list[tuple[str, str, str, object]]:
    with hub.store.reading() as connection:
        asked = select(audit_rows).where(audit_rows.c.kind == "answered").order_by(audit_rows.c.seq)
        rows = connection.execute(asked).all()
    return [(row.actor, row.subject, row.terminal, json.loads(row.details)["outcome"]) for row in rows]


def test_what_came_of_a_command_stands_in_the_audit_once(hub: Hub, enrolled: Enrolled, clock: Clock) -> None:
    hand = enrolled("FD-02")
    done, late = _made(hub, hand.id, expires_s=10.0), _made(hub, hand.id, expires_s=10.0, act="act-1")
    hand.take(done.id)
    hand.answer(done.id, more=True)
    assert _audited(hub) == []
    for _ in range(2):
        hand.answer(done.id, "partly", left_signed_on=["host-1"])
    by_station = (f"station:{hand.id}", "ldap#4471", "FD-02", "partly")
    outcomes.keep(hub)
    assert _audited(hub) == [by_station]
    clock.pass_s(10)
    for _ in range(2):
        outcomes.keep(hub)
    assert _audited(hub) == [by_station, ("hub", "ldap#4471", "FD-02", "expired")]
    (state,) = _states(hub, "act-1")
    assert (state.state, state.answer) == ("expired", None)
    assert hand.answer(late.id, "unknown").ok, (
        "its disk says that it was begun: the word of the acknowledgement was lost"
    )
    assert _audited(hub)[2:] == [(f"station:{hand.id}", "ldap#4471", "FD-02", "unknown")]


def test_one_that_was_taken_and_never_answered_is_written_down_as_not_known_once(
    hub: Hub, enrolled: Enrolled, clock: Clock
) -> None:
    hand = enrolled("FD-02")
    silent, covered, shown = (
        _made(hub, hand.id, kind, expires_s=10.0, act=kind) for kind in ("lock", "log-off", "message")
    )
    for one in (silent, covered, shown):
        hand.take(one.id)
    hand.answer(covered.id, more=True, covered_ms=40.0, words="It ends.")
    hand.answer(shown.id, more=True, words="It is on the screen.")
    clock.pass_s(10 + outcomes.WAITED_FOR_S - 1)
    outcomes.keep(hub)
    assert _audited(hub) == []
    assert [_states(hub, act)[0].state for act in ("lock", "log-off")] == ["acknowledged", "acknowledged"]
    clock.pass_s(1)
    for _ in range(2):
        outcomes.keep(hub)
    by_hub = [("hub", "ldap#4471", "FD-02", outcome) for outcome in ("unknown", "unknown", "done")]
    assert _audited(hub) == by_hub
    for act, outcome, words, covered_ms in (
        ("lock", "unknown", outcomes.NEVER_SAID, None),
        ("log-off", "unknown", outcomes.NEVER_SAID, 40.0),
        ("message", "done", "It is on the screen.", None),
    ):
        (state,) = _states(hub, act)
        assert state.state == "answered"
        assert state.answer is not None
        assert (state.answer.outcome, state.answer.words, state.answer.covered_ms) == (outcome, words, covered_ms)
        assert not state.answer.more
    with hub.store.reading() as connection:
        assert [one.outcome for one in deeds_of(connection, "ldap#4471", clock.now)] == ["done", "unknown", "unknown"]

    # The terminal is back after all: what it says stands, and once.
    hand.prove()
    for one in (silent, covered):
        for _ in range(2):
            assert hand.answer(one.id, "unknown", reference="command-interrupted").ok
    outcomes.keep(hub)
    assert _audited(hub)[3:] == [(f"station:{hand.id}", "ldap#4471", "FD-02", "unknown")] * 2
    assert [one.answer and one.answer.reference for one in _states(hub, "lock")] == ["command-interrupted"]


def test_many_are_handed_out_in_their_order(hub: Hub, enrolled: Enrolled) -> None:
    hand = enrolled()
    with hub.store.writing() as connection:
        made = [
            rows.add(connection, hub, hand.id, "lock", sitting="s", officer="ldap#1", reason="many").id
            for _ in range(rows.MANY + 3)
        ]
    asked = hand.ask.get("/stations/commands").json()
    assert asked["last"] == made[rows.MANY - 1]
    rest = hand.ask.get("/stations/commands", params={"since": asked["last"]}).json()
    assert rest["last"] == made[-1]
    assert [one["command"]["id"] for one in asked["commands"] + rest["commands"]] == made


def test_of_two_runs_that_take_it_at_once_one_has_it(hub: Hub, enrolled: Enrolled) -> None:
    hand = enrolled()
    made = _made(hub, hand.id)
    # SQLite lets one writer in at a time.
    ready = threading.Barrier(4 if hub.store.several else 1)
    said: list[str] = []

    def take(boot: str) -> None:
        try:
            with hub.store.writing() as connection:
                ready.wait()
                rows.acknowledge(connection, hand.id, made.id, Acknowledged(boot=boot, at=0.0), hub.clock())
            said.append("taken")
        except NotNowError:
            said.append("refused")

    several = [threading.Thread(target=take, args=(f"boot-{number}",)) for number in range(4)]
    for one in several:
        one.start()
    for one in several:
        one.join()
    assert sorted(said) == ["refused", "refused", "refused", "taken"]


def test_an_id_is_never_given_twice(hub: Hub, enrolled: Enrolled) -> None:
    hand = enrolled()
    made = _made(hub, hand.id)
    with hub.store.writing() as connection:
        connection.execute(commands.delete())
    assert _made(hub, hand.id).id > made.id


def test_no_text_of_a_message_stands_outside_its_command(hub: Hub, enrolled: Enrolled) -> None:
    hand = enrolled()
    _made(hub, hand.id)
    with hub.store.reading() as connection:
        row = connection.execute(select(commands)).one()
    assert row.signature
    assert Command.model_validate_json(row.said).station == hand.id


@pytest.mark.parametrize("command", ["0", "-1", "x", "9007199254740993", "1e3", "%00"])
def test_an_id_that_is_none_is_malformed(enrolled: Enrolled, command: str) -> None:
    hand = enrolled()
    answer = hand.ask.post(f"/stations/commands/{command}/acknowledged", json={"boot": "b", "at": 1.0})
    assert answer.status_code == 422


def test_a_station_that_was_removed_meanwhile_is_given_none(hub: Hub, enrolled: Enrolled) -> None:
    hand = enrolled()
    with hub.store.writing() as connection:
        removal.remove(connection, hub, hand.id, by="console:root", by_name="", reason="scrapped")
    with pytest.raises(NotThereError):
        _made(hub, hand.id)
