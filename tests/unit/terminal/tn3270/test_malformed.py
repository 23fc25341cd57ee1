"""Whatever a host sends: nothing is raised, nothing hangs, and the next screen is shown all the same."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launcher.terminal.keys import AID_KEYS, EDIT_KEYS_3270, Key
from launcher.terminal.tn3270.engine import Tn3270Engine
from launcher.terminal.tn3270.models import Display
from tests.examples import tried
from tests.unit.terminal.tn3270.streams import (
    TN3270,
    TN3270E,
    at,
    device_is,
    engine,
    field,
    form,
    functions_are,
    line,
    record,
    text,
    written,
)

KEYS = sorted(AID_KEYS | EDIT_KEYS_3270)
ORDERS = b"\x05\x08\x11\x12\x13\x1d\x28\x29\x2c\x3c"
COMMANDS = b"\xf1\xf5\x7e\x6f\xf3\xf6\xf2\x6e\x01\x05\x0d\x0f\x11\x03"

orders = st.lists(
    st.one_of(st.sampled_from([ORDERS[n : n + 1] for n in range(len(ORDERS))]), st.binary(max_size=8)), max_size=20
).map(b"".join)
records = st.one_of(
    st.binary(max_size=80),
    st.tuples(st.sampled_from([COMMANDS[n : n + 1] for n in range(len(COMMANDS))]), st.binary(max_size=2), orders).map(
        b"".join
    ),
    st.tuples(st.just(b"\xf3"), st.lists(st.binary(min_size=1, max_size=12), max_size=4)).map(
        lambda parts: parts[0] + b"".join((len(each) + 2).to_bytes(2) + each for each in parts[1])
    ),
)


def still_works(made: Tn3270Engine, header: bytes = b"") -> None:
    made.feed(record(b"", header) + b"\xff\xf0" + record(b"\xf5\xc3" + at(0, 0) + text("STILL THERE"), header))
    assert line(made, 0) == "STILL THERE"
    assert made.grid.status.lock == ""


@tried(80)
@given(sent=st.lists(records, max_size=4), keys=st.lists(st.sampled_from(KEYS), max_size=6), model=st.integers(2, 5))
def test_malformed_records_are_said_and_passed_over(sent: list[bytes], keys: list[str], model: int) -> None:
    made = Tn3270Engine(Display(model))
    made.feed(TN3270)
    for data in sent:
        made.feed(record(data))
        for name in keys:
            made.press(Key(name))
            made.type("aé1")
        made.paste("one\ntwo")
        grid = made.grid
        assert len(grid.text) == len(grid.flags) == grid.rows * grid.columns
        assert all(len(cell) == 1 for cell in grid.text)
        assert 0 <= grid.cursor.row < grid.rows
        assert 0 <= grid.cursor.column < grid.columns
        assert sum(each.length for each in grid.fields) <= grid.rows * grid.columns
        made.press(Key("Reset"))
    still_works(made)


@tried(60)
@given(
    sent=st.lists(st.tuples(st.sampled_from([0, 3, 4, 5, 7, 9, 99]), st.integers(0, 3), records), max_size=5),
    keys=st.lists(st.sampled_from(KEYS), max_size=4),
)
def test_malformed_records_of_every_kind_are_passed_over(sent: list[tuple[int, int, bytes]], keys: list[str]) -> None:
    made = Tn3270Engine(Display(4))
    made.feed(TN3270E + device_is(b"POL00017") + functions_are(0, 2, 4))
    for kind, asks, data in sent:
        made.feed(record(data, bytes((kind, 0, asks, 0, 1))))
        for name in keys:
            made.press(Key(name))
            made.type("a")
        assert len(made.grid.text) == made.grid.rows * made.grid.columns
        made.press(Key("Reset"))
    still_works(made, bytes(5))


@tried(100)
@given(data=st.binary(max_size=200), opening=st.sampled_from([b"", TN3270, TN3270E]))
def test_noise_of_any_kind_is_survived(data: bytes, opening: bytes) -> None:
    made = Tn3270Engine(lu_names=("POLDESK1",))
    made.feed(opening + data)
    made.grid.picture()
    made.to_send()
    made.type("x")
    made.lost()
    assert made.grid.status.lock == "not-connected"


@tried(60)
@given(cut=st.integers(0, 400))
def test_a_host_that_closes_in_the_middle_of_a_record_leaves_the_last_screen(cut: int) -> None:
    made = engine(at(0, 0), field(0x60), text("WHOLE"))
    next_screen = written(*(at(row, 0) + field(0x60) + text("HALF" * 5) for row in range(15)))
    made.feed(next_screen[: min(cut, len(next_screen) - 1)])
    made.lost()
    assert line(made, 0) == " WHOLE"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xf5\xc3\x11\x3f\xff", "cell 16383 is beyond the screen"),
        (b"\xf5\xc3\x11\x00", "an order is cut short"),
        (b"\xf5\xc3\x29\x05\xc0", "attributes are cut short"),
        (b"\xf5", "without its control character"),
        (b"\x77", "command 77 is not known"),
        (b"\xf3\x00\x05\xaa\x00\x00", "structured field AA is not known"),
        (b"\xf3\x00\x50\x40\x00\xf1", "wrong length"),
        (b"\xf3\x00\x06\x40\x01\xf1\xc3", "second partition"),
    ],
)
def test_what_was_not_understood_is_said_for_the_helpdesk(data: bytes, said: str) -> None:
    made = engine(text("BEFORE"))
    made.feed(record(data))
    assert said in made.grid.status.message
    still_works(made)
    assert made.grid.status.message == ""


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xf5\xc3" + b"\x3c\x00\x00\xc1" * 10_000, "too often"),
        (b"\xf5\xc3" + b"\x12\x00\x00" * 10_000, "too often"),
        (b"\xf5\xc3" + b"\x05" * 10_000, "too often"),
        (b"\xf3" + b"\x00\x05\x01\x00\xf2" * 10_000, "reads too often"),
        (b"\xf3" + b"\x00\x04\x03\x00" * 10_000, "too many structured fields"),
    ],
)
def test_a_record_that_is_all_work_ends_soon(data: bytes, said: str) -> None:
    made = engine()
    made.feed(record(data))
    assert said in made.grid.status.message
    still_works(made)


def test_a_host_that_reads_no_answer_is_not_answered_for_ever() -> None:
    made = engine()
    for _ in range(400):
        made.feed(record(b"\xf3" + b"\x00\x05\x01\x00\xf2" * 4))
    assert len(made.to_send()) < 2 << 20
    assert "takes no answer" in made.grid.status.message


def test_a_host_that_asks_without_end_and_reads_nothing_is_not_answered_for_ever() -> None:
    made = engine()
    for _ in range(8):
        made.feed(b"\xff\xfd\x2e" * 60_000)
    assert len(made.to_send()) < 2 << 20


def test_orders_and_attributes_that_are_not_known_are_passed_over() -> None:
    made = engine(text("AB") + b"\x02\x0a\x21" + text("CD") + b"\x28\x77\x01" + text("E") + b"\x29\x02\xc0\x60\x99\x01")
    assert line(made, 0) == "ABCDE"
    assert made.grid.status.message == ""


def test_a_write_that_breaks_off_restores_the_keyboard_as_it_says() -> None:
    made = form()
    made.press(Key("Enter"))
    made.feed(record(b"\xf1\xc2" + text("HELLO") + b"\x11\x3f\xff"))
    assert made.grid.status.lock == ""
    made.press(Key("Enter"))
    made.feed(record(b"\x77"))
    assert made.grid.status.lock == "program"
    assert made.press(Key("Reset"))
    assert made.grid.status.lock == ""


def test_a_file_transfer_is_refused_and_nothing_is_run_or_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = tmp_path / "ran"
    made = engine()
    order = f'{{"command": "touch {ran}", "filename": "{tmp_path / "written"}"}}'
    made.feed(written(field(0x7C), order.encode("cp037")))
    for download in (b"\x00", b"\x01"):
        opened = bytearray(b"\x00\x23\xd0\x00\x12\x01\x06\x01\x01\x04\x03\x0a\x0a\x00" + download + b"\x00" * 20)
        opened[26:28], opened[28:35] = b"\x03\x09", b"FT:DATA"
        made.feed(record(b"\xf3" + bytes(opened)))
        assert made.to_send() == b"\x88\x00\x09\xd0\x00\x08\x69\x04\x01\x00\xff\xef"
        assert "file transfer" in made.grid.status.message
        made.feed(record(b"\xf3\x00\x10\xd0\x47\x04\xc0\x80\x61\x00\x0a" + b"hello"))
        made.feed(record(b"\xf3\x00\x05\xd0\x41\x12"))
    assert list(tmp_path.iterdir()) == []
    still_works(made)


def test_nothing_typed_is_in_any_log_record(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.NOTSET)
    logging.getLogger("tnz").setLevel(logging.NOTSET)
    made = form()
    made.type("canary-1")
    made.paste("canary-2")
    made.press(Key("Enter"))
    made.feed(record(b"\xf1\xc2" + text("canary-3") + b"\x11\xff"))
    made.feed(record(b"\x77" + text("canary-4")))
    made.grid.picture()
    assert caplog.records == []
    assert logging.getLogger("tnz").handlers == []
