"""Whatever is done to the chain afterwards is found, at the row it was done to."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import delete, insert, select, update

from launcher.hub import all_tables
from launcher.hub.audit import checkpoints, holds, retention, rows
from launcher.hub.audit.chain import Content, digest_of, hash_of
from launcher.hub.audit.errors import AuditBrokenError, AuditKeyUnknownError
from launcher.hub.audit.tables import audit_checkpoints, audit_head, audit_holds, audit_rows
from launcher.hub.audit.verify import Verified, verify
from launcher.hub.database import Database
from launcher.hub.service import Hub
from launcher.hub.settings import AuditSettings, HubSettings
from launcher.signing import SigningKey
from launcher.wire.hub.audit import AddHold, HoldEnding, Retiring
from tests.examples import tried
from tests.unit.hub.conftest import Clock

ROWS: Final = 12


def _fill(hub: Hub, many: int = ROWS) -> None:
    for number in range(many):
        with hub.store.writing() as connection:
            rows.append(
                connection, hub, "look-up", actor=f"local#{number % 3}", actor_name="An analyst", subject="local#9",
                terminal="FD-02", reason="asked on the phone", details={"case": f"c{number}"},
            )  # fmt: skip


def _verified(hub: Hub, **more: object) -> Verified:
    return verify(hub.store, frozenset({hub.key.public}), **more)  # type: ignore[arg-type]


def _broken_at(hub: Hub, **more: object) -> int:
    with pytest.raises(AuditBrokenError) as found:
        _verified(hub, **more)
    return found.value.seq


def _set(hub: Hub, seq: int, **changed: object) -> None:
    with hub.store.writing() as connection:
        connection.execute(update(audit_rows).where(audit_rows.c.seq == seq).values(changed))


def test_a_chain_that_nobody_touched_holds_and_says_how_far_it_is_signed(hub: Hub) -> None:
    _fill(hub)
    checkpoints.at_stop(hub)
    _fill(hub, 2)
    told: list[int] = []
    found = _verified(hub, told=told.append)
    assert (found.rows, found.signed_up_to, found.checkpoints) == (ROWS + 2, ROWS, 1)
    assert told[-1] == ROWS + 2


def test_an_empty_chain_holds(hub: Hub) -> None:
    checkpoints.keep(hub)
    checkpoints.at_stop(hub)
    assert _verified(hub).rows == 0


def test_what_is_recorded_goes_with_the_transaction_that_fails(hub: Hub) -> None:
    _fill(hub, 2)

    def _fails() -> None:
        with hub.store.writing() as connection:
            rows.append(connection, hub, "act", actor="local#1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        _fails()
    _fill(hub, 1)
    assert _verified(hub).rows == 3


def test_many_at_once_make_one_chain_without_gaps(hub: Hub) -> None:
    with ThreadPoolExecutor(8) as at_once:
        for done in [at_once.submit(_fill, hub, 5) for _ in range(8)]:
            done.result()
    assert _verified(hub).rows == 40


def test_a_row_taken_out_is_named(hub: Hub) -> None:
    _fill(hub)
    with hub.store.writing() as connection:
        connection.execute(delete(audit_rows).where(audit_rows.c.seq == 5))
    assert _broken_at(hub) == 5


def test_rows_cut_off_at_the_end_are_named_by_the_head(hub: Hub) -> None:
    _fill(hub)
    with hub.store.writing() as connection:
        connection.execute(delete(audit_rows).where(audit_rows.c.seq > 7))
    assert _broken_at(hub) == 8


def _cut_with_head(hub: Hub, after: int) -> None:
    with hub.store.writing() as connection:
        connection.execute(delete(audit_rows).where(audit_rows.c.seq > after))
        last = connection.execute(select(audit_rows.c.hash).where(audit_rows.c.seq == after)).scalar_one()
        connection.execute(update(audit_head).values(seq=after, hash=last))


def test_rows_cut_off_together_with_the_head_are_named_by_a_checkpoint(hub: Hub) -> None:
    _fill(hub)
    checkpoints.at_stop(hub)
    _cut_with_head(hub, 7)
    assert _broken_at(hub) == 8


def test_rows_cut_off_with_head_and_checkpoints_are_named_by_the_log(
    hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    _fill(hub)
    with caplog.at_level(logging.INFO, "launcher.hub.audit"):
        checkpoints.at_stop(hub)
    _cut_with_head(hub, 7)
    with hub.store.writing() as connection:
        connection.execute(delete(audit_checkpoints))
    assert _verified(hub).rows == 7
    copies = [found for line in caplog.messages if (found := checkpoints.logged(f'{{"message": "{line}"}}'))]
    assert len(copies) == 1
    assert _broken_at(hub, copies=copies) == 8


def test_a_row_put_in_behind_the_last_is_named(hub: Hub) -> None:
    _fill(hub)
    with hub.store.writing() as connection:
        last = connection.execute(select(audit_rows).where(audit_rows.c.seq == ROWS)).one()
        connection.execute(insert(audit_rows).values(last._asdict() | {"seq": ROWS + 1}))
    assert _broken_at(hub) == ROWS + 1


def test_a_row_before_the_beginning_is_named(hub: Hub) -> None:
    _fill(hub, 2)
    with hub.store.writing() as connection:
        first = connection.execute(select(audit_rows).where(audit_rows.c.seq == 1)).one()
        connection.execute(insert(audit_rows).values(first._asdict() | {"seq": 0}))
    assert _broken_at(hub) == 0


def test_two_rows_that_change_places_are_found_at_the_first(hub: Hub) -> None:
    _fill(hub)
    with hub.store.writing() as connection:
        for seq, to in ((4, -1), (9, 4), (-1, 9)):
            connection.execute(update(audit_rows).where(audit_rows.c.seq == seq).values(seq=to))
    assert _broken_at(hub) == 4


def _make_anew(hub: Hub, seq: int) -> None:
    """Change a row as somebody does who can write to the store and knows the rules: all later hashes are made anew."""
    _set(hub, seq, reason="nothing to see")
    with hub.store.writing() as connection:
        before = connection.execute(select(audit_rows.c.hash).where(audit_rows.c.seq == seq - 1)).scalar_one()
        for row in connection.execute(select(audit_rows).where(audit_rows.c.seq >= seq).order_by(audit_rows.c.seq)):
            content = Content(**{name: getattr(row, name) for name in Content.__slots__})
            digest = digest_of(row.salt, content)
            before = hash_of(before, row.seq, row.at, row.kind, digest)
            connection.execute(update(audit_rows).where(audit_rows.c.seq == row.seq).values(digest=digest, hash=before))
        connection.execute(update(audit_head).values(hash=before))


def test_a_chain_made_anew_is_given_away_by_the_next_checkpoint(hub: Hub) -> None:
    _fill(hub)
    checkpoints.at_stop(hub)
    _make_anew(hub, 6)
    assert _broken_at(hub) == ROWS


def test_a_checkpoint_that_was_changed_or_made_by_somebody_else_is_found(hub: Hub) -> None:
    _fill(hub)
    checkpoints.at_stop(hub)
    other = Hub(hub.settings, hub.store, SigningKey.made(), hub.clock)
    _fill(hub, 1)
    checkpoints.at_stop(other)
    with pytest.raises(AuditKeyUnknownError) as found:
        _verified(hub)
    assert other.key.public in found.value.detail
    assert verify(hub.store, frozenset({hub.key.public, other.key.public})).signed_up_to == ROWS + 1
    with hub.store.writing() as connection:
        connection.execute(update(audit_checkpoints).where(audit_checkpoints.c.seq == ROWS).values(hash="0" * 64))
    assert _broken_at(hub) == ROWS


def test_the_note_of_the_last_row_taken_away_is_found(hub: Hub) -> None:
    _fill(hub)
    with hub.store.writing() as connection:
        connection.execute(delete(audit_head))
    assert _broken_at(hub) == ROWS


def test_a_content_removed_by_hand_is_no_retired_row(hub: Hub) -> None:
    _fill(hub)
    gone = dict.fromkeys(("actor", "actor_name", "subject", "terminal", "reason", "details", "salt"), "")
    _set(hub, 3, retired=hub.clock(), happened=hub.clock(), **gone)
    assert _broken_at(hub) == 3


def _retire_by_hand(hub: Hub, seq: int, **more: object) -> int:
    """Retire a row as somebody does who can write to the store and knows the rule; return the record's number."""
    older_than = round(hub.clock() + 1.0, 3)
    with hub.store.writing() as connection:
        said = {"rows": [[seq, seq]], "count": 1, "older_than": older_than, **more}
        record = rows.append(connection, hub, "retired", actor="hub", details=said)
        at = connection.execute(select(audit_rows.c.at).where(audit_rows.c.seq == record)).scalar_one()
    with hub.store.reading() as connection:
        written = connection.execute(select(audit_rows.c.at).where(audit_rows.c.seq == seq)).scalar_one()
    gone = dict.fromkeys(("actor", "actor_name", "subject", "terminal", "reason", "details", "salt"), "")
    _set(hub, seq, retired=at, happened=written, **gone)
    checkpoints.at_stop(hub)
    return record


def test_a_row_retired_by_a_record_that_the_hub_has_not_signed_is_named(hub: Hub) -> None:
    _fill(hub)
    checkpoints.at_stop(hub)
    _retire_by_hand(hub, 4)
    assert _broken_at(hub) == 4


def test_a_signature_for_another_record_or_of_another_key_retires_nothing(hub: Hub, clock: Clock) -> None:
    _fill(hub)
    said = Retiring(record=ROWS, rows=((4, 4),), older_than=round(clock.now + 1.0, 3))
    _retire_by_hand(hub, 4, key=hub.key.public, signature=hub.key.sign("retired", said))
    assert _broken_at(hub) == 4


def test_a_record_of_retiring_signed_by_somebody_else_is_told_as_such(hub: Hub, clock: Clock) -> None:
    _fill(hub)
    said = Retiring(record=ROWS + 1, rows=((4, 4),), older_than=round(clock.now + 1.0, 3))
    other = SigningKey.made()
    _retire_by_hand(hub, 4, key=other.public, signature=other.sign("retired", said))
    with pytest.raises(AuditKeyUnknownError) as found:
        _verified(hub)
    assert f"at row {ROWS + 1} " in found.value.message
    assert found.value.detail == other.public


def test_a_record_of_retiring_that_was_put_in_and_retires_nothing_is_named_itself(hub: Hub) -> None:
    _fill(hub)
    with hub.store.writing() as connection:
        record = rows.append(connection, hub, "retired", actor="hub", details={"rows": [[4, 4]], "older_than": 1.0})
    assert _broken_at(hub) == record


@pytest.mark.parametrize("changed", [{"ended": 5.0}, {"terminal": "CU-01"}, {"since": 5.0}, {"until": 5.0}, None])
def test_a_legal_hold_that_was_changed_in_the_store_is_named_where_the_audit_tells_of_it(
    hub: Hub, changed: dict[str, object] | None
) -> None:
    _fill(hub, 3)
    with hub.store.writing() as connection:
        for terminal in ("FD-02", ""):
            asked = AddHold(officer="local#9", terminal=terminal, reason="an inquiry")
            hold = holds.add(connection, hub, asked, "local#auditor").id
        holds.end(connection, hub, hold, "local#auditor")
    assert _verified(hub).rows == 6
    theirs = audit_holds.c.terminal == "FD-02"
    with hub.store.writing() as connection:
        by_hand = delete(audit_holds) if changed is None else update(audit_holds).values(changed)
        connection.execute(by_hand.where(theirs))
    assert _broken_at(hub) == 4


def _end_by_hand(hub: Hub, said: dict[str, object], **changed: object) -> None:
    """Add a hold (row 4), and end it as whoever can write to the store would: by a row of the public rule (5)."""
    _fill(hub, 3)
    with hub.store.writing() as connection:
        hold = holds.add(connection, hub, AddHold(officer="local#9", reason="an inquiry"), "local#auditor").id
    with hub.store.writing() as connection:
        ended = {"hold": hold, "ended": True} | said
        rows.append(connection, hub, "hold", actor="local#auditor", subject="local#9", details=ended)
        connection.execute(update(audit_holds).values({"ended": hub.clock()} | changed))
    checkpoints.at_stop(hub)  # the hub runs on, and signs the chain up to here


def test_a_legal_hold_ended_with_a_row_that_the_hub_has_not_signed_is_named(hub: Hub) -> None:
    _end_by_hand(hub, {})
    assert _broken_at(hub) == 4


@pytest.mark.parametrize("said", [{}, {"hold": [1]}, {"hold": None}, {"key": 1, "signature": []}])
def test_a_row_that_says_so_and_ends_nothing_is_named_itself(hub: Hub, said: dict[str, object]) -> None:
    _end_by_hand(hub, said, ended=None)
    assert _broken_at(hub) == 5


def test_a_signature_for_another_row_ends_no_legal_hold(hub: Hub) -> None:
    elsewhere = hub.key.sign("hold-ended", HoldEnding(record=4, hold=1))
    _end_by_hand(hub, {"hold": 1, "key": hub.key.public, "signature": elsewhere}, ended=None)
    assert _broken_at(hub) == 5


def test_the_end_of_a_legal_hold_signed_by_somebody_else_is_told_as_such(hub: Hub) -> None:
    other = SigningKey.made()
    signature = other.sign("hold-ended", HoldEnding(record=5, hold=1))
    _end_by_hand(hub, {"hold": 1, "key": other.public, "signature": signature}, ended=None)
    with pytest.raises(AuditKeyUnknownError) as found:
        _verified(hub)
    assert ("at row 5 " in found.value.message, found.value.detail) == (True, other.public)


def test_the_hubs_own_end_of_a_legal_hold_is_signed_and_ends_that_hold_alone(hub: Hub) -> None:
    _fill(hub, 3)
    with hub.store.writing() as connection:
        asked = AddHold(officer="local#9", reason="an inquiry")
        _, second = (holds.add(connection, hub, asked, "local#auditor").id for _ in range(2))
        holds.end(connection, hub, second, "local#auditor")
    assert _verified(hub).rows == 6
    with hub.store.writing() as connection:
        connection.execute(update(audit_holds).values(ended=5.0))
    assert _broken_at(hub) == 4


_CHANGES: Final = {
    "at": lambda value: value + 0.001, "happened": lambda value: value - 1.0, "kind": lambda _: "page",
    "digest": lambda value: value[::-1], "hash": lambda value: value[::-1],
    "retired": lambda value: 1.0 if value is None else value + 1.0,
    **dict.fromkeys(
        ("actor", "actor_name", "subject", "station", "terminal", "reference", "reason", "details", "salt"),
        lambda value: f"{value}.",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """One chain for many examples, its first half retired: each example puts back what it has changed."""
    file: Path = tmp_path_factory.mktemp("audit") / "hub.db"
    store = Database(f"sqlite:///{file}")
    all_tables.ALL.create_all(store.engine)
    hub = Hub(HubSettings(audit=AuditSettings(keep_days=30)), store, SigningKey.made(), lambda: now)
    now = time.time() - 60 * 86_400
    _fill(hub, ROWS // 2)
    now = time.time()
    _fill(hub, ROWS // 2)
    assert retention.keep(hub) == ROWS // 2
    yield hub
    store.close()


def _is_found_there(filled: Hub, seq: int, column: str) -> None:
    with filled.store.reading() as connection:
        before = connection.execute(select(audit_rows.c[column]).where(audit_rows.c.seq == seq)).scalar_one()
    change: Callable[[object], object] = _CHANGES[column]
    _set(filled, seq, **{column: change(before)})
    try:
        assert _broken_at(filled) == seq
    finally:
        _set(filled, seq, **{column: before})


@tried(60)
@given(seq=some.integers(1, ROWS + 1), column=some.sampled_from(sorted(_CHANGES)))
def test_any_single_change_of_any_row_is_found_at_that_row(filled: Hub, seq: int, column: str) -> None:
    _is_found_there(filled, seq, column)


@pytest.mark.parametrize("column", sorted(_CHANGES))
def test_a_changed_record_of_retiring_is_named_and_not_what_it_retired(filled: Hub, column: str) -> None:
    _is_found_there(filled, ROWS + 1, column)


def test_a_record_of_retiring_that_was_taken_out_is_named(hub: Hub, clock: Clock) -> None:
    _fill(hub, 2)
    clock.pass_s(hub.settings.audit.keep_days * 86_400 + 1)
    retention.keep(hub)
    _fill(hub, 2)
    with hub.store.writing() as connection:
        connection.execute(delete(audit_rows).where(audit_rows.c.seq == 3))
    assert _broken_at(hub) == 3


def test_of_a_content_removed_by_hand_and_a_row_changed_later_the_first_is_named(hub: Hub) -> None:
    _fill(hub)
    gone = dict.fromkeys(("actor", "actor_name", "subject", "terminal", "reason", "details", "salt"), "")
    _set(hub, 3, retired=hub.clock(), happened=hub.clock(), **gone)
    _set(hub, 8, reason="something else")
    assert _broken_at(hub) == 3


def test_what_comes_from_outside_is_kept_plain_and_short(hub: Hub) -> None:
    with hub.store.writing() as connection:
        rows.append(
            connection, hub, "told", actor="x\x00y" * 300, actor_name="A\nB\u2028C" + "n" * 300, reason="r" * 2000,
            details={"much": "m" * 20_000},
        )  # fmt: skip
    with hub.store.reading() as connection:
        (row,) = rows.since(connection, 0, 10)
    assert len(row.actor) == 600
    assert row.actor_name.startswith("A B Cnnn")
    assert row.actor_name.endswith("…")
    assert "\x00" not in row.actor
    assert '"cut"' in row.details
    assert _verified(hub).rows == 1
