"""Our 3270 and Debian's ``s3270`` given the same: what a host writes, what a person does, and what is sent then."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from launcher.terminal.keys import Key
from launcher.terminal.tn3270.engine import Tn3270Engine
from tests.servers.s3270 import S3270, calling_s3270
from tests.unit.terminal.tn3270.comparing import differences, feed_both
from tests.unit.terminal.tn3270.streams import (
    HIDDEN,
    NUMERIC,
    PROTECTED,
    SKIPPED,
    TN3270,
    UNPROTECTED,
    at,
    field,
    record,
    text,
    written,
)

pytestmark = pytest.mark.needs("s3270")

FORM = written(
    at(1, 0), field(PROTECTED), text("NAME"), at(1, 9), field(UNPROTECTED), at(1, 18), field(SKIPPED),
    at(2, 0), field(PROTECTED), text("PASSWORD"), at(2, 9), field(HIDDEN), at(2, 18), field(SKIPPED),
    at(3, 9), field(NUMERIC), text("1"), at(3, 14), field(PROTECTED), at(23, 70), field(UNPROTECTED | 1), text("AB"),
    at(1, 10), b"\x13",
)  # fmt: skip
UNFORMATTED = written(text("HELLO"), at(3, 0), b"\x13")
CHARACTER_MODE = record(b"\xf3\x00\x08\x09\x00\x02\x41\x42\x43")
COLOURED = written(
    at(0, 0), b"\x29\x02\xc0\x41\x42\xf2", text("AB"), b"\x28\x42\xf5", text("CD"), b"\x28\x41\xf4", text("E"),
    b"\x28\x00\x00", text("F"), b"\x08\xc5", at(0, 30), field(PROTECTED), at(0, 1), b"\x13", control=0x83,
)  # fmt: skip


@pytest.fixture(scope="module")
def other() -> Iterator[S3270]:
    with calling_s3270(2) as called:
        called.feed(TN3270)
        yield called


@pytest.fixture
def ours() -> Tn3270Engine:
    made = Tn3270Engine()
    made.feed(TN3270)
    made.to_send()
    return made


def do(ours: Tn3270Engine, other: S3270, action: str) -> None:
    """Do the same on both: ``'text'`` is typed, all else is a key."""
    if action.startswith("'"):
        ours.type(action.strip("'"))
        other.command(f'String("{action.strip(chr(39))}")')
    else:
        ours.press(Key(action))
        other.command({"EraseEOF": "EraseEOF()", "Backspace": "Erase()"}.get(action, f"{action}()"))


@pytest.mark.parametrize(
    ("screen", "actions"),
    [
        (FORM, ("'officer'", "Tab", "'secret'", "Tab", "'123'")),
        (FORM, ("'officers'", "'hidden'", "BackTab", "'x'")),
        (FORM, ("'abcdef'", "Left", "Left", "Delete", "Insert", "'XY'", "Reset")),
        (FORM, ("'abcdef'", "Home", "Right", "EraseEOF", "Newline", "'pw'", "Down", "Up")),
        (FORM, ("'abc'", "EraseInput", "'z'", "FieldMark", "Dup", "'q'")),
        (FORM, ("BackTab", "'wraps'", "BackTab", "BackTab")),
        (UNFORMATTED, ("'CESN'", "Home", "Tab")),
        (CHARACTER_MODE + COLOURED, ("Right", "'x'")),
    ],
)
def test_what_a_person_does_comes_to_the_same_on_the_screen_and_on_the_line(
    ours: Tn3270Engine, other: S3270, screen: bytes, actions: tuple[str, ...]
) -> None:
    feed_both(ours, other, screen)
    for action in actions:
        do(ours, other, action)
        assert differences(ours, *other.look()) == [], action
    do(ours, other, "Enter")
    assert ours.to_send() == other.feed(b"")


@pytest.mark.parametrize("key", ["PF1", "PF12", "PF13", "PF24", "PA1", "PA3", "Clear"])
def test_a_key_is_sent_as_s3270_sends_it(ours: Tn3270Engine, other: S3270, key: str) -> None:
    feed_both(ours, other, FORM)
    do(ours, other, "'abc'")
    ours.press(Key(key))
    other.command(f"{key[:2]}({key[2:]})" if key[:1] == "P" else f"{key}()")
    assert ours.to_send() == other.feed(b"")
    assert differences(ours, *other.look()) == []


@pytest.mark.parametrize("command", [b"\xf6", b"\x6e", b"\xf2"])
@pytest.mark.parametrize("screen", [FORM, UNFORMATTED, CHARACTER_MODE + COLOURED])
def test_a_host_that_reads_is_answered_as_s3270_does(
    ours: Tn3270Engine, other: S3270, command: bytes, screen: bytes
) -> None:
    feed_both(ours, other, screen)
    answer, its_answer = feed_both(ours, other, record(command))
    assert answer == its_answer


def one_of(*values: int) -> st.SearchStrategy[bytes]:
    return st.sampled_from([bytes((value,)) for value in values])


cells = st.integers(0, 1919).map(lambda cell: cell.to_bytes(2))
attributes = one_of(0x40, 0x60, 0xF0, 0x50, 0x4C, 0xC1, 0xE8, 0xC8, 0x6C)
looks = st.one_of(
    one_of(0xF1, 0xF2, 0xF4).map(lambda value: b"\x41" + value),
    one_of(0, 0xF1, 0xF5, 0xF7).map(lambda value: b"\x42" + value),
    one_of(0, 0xF1, 0xF5).map(lambda value: b"\x45" + value),
)
pairs = st.lists(st.one_of(attributes.map(lambda value: b"\xc0" + value), looks), max_size=3).map(
    lambda some: bytes((len(some),)) + b"".join(some)
)
characters = one_of(0x40, 0xC1, 0xC2, 0x81, 0xF1, 0x00, 0x6B)
orders = st.one_of(
    attributes.map(lambda value: b"\x1d" + value),
    pairs.map(lambda some: b"\x29" + some),
    pairs.map(lambda some: b"\x2c" + some),
    looks.map(lambda look: b"\x28" + look),
    cells.map(lambda cell: b"\x11" + cell),
    cells.map(lambda cell: b"\x12" + cell),
    st.tuples(cells, characters).map(lambda pair: b"\x3c" + pair[0] + pair[1]),
    one_of(0xA2, 0xC5, 0xD4).map(lambda value: b"\x08" + value),
    st.just(b"\x13"),
    st.lists(characters, min_size=1, max_size=12).map(b"".join),
)
writes = st.tuples(one_of(0xF5, 0xF1, 0x7E), one_of(0xC0, 0xC1, 0xC2, 0xC3), st.lists(orders, max_size=15)).map(
    lambda parts: parts[0] + parts[1] + b"".join(parts[2])
)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.lists(writes, min_size=1, max_size=4))
def test_whatever_a_host_orders_comes_to_the_same_screen(other: S3270, records: list[bytes]) -> None:
    ours = Tn3270Engine()
    ours.feed(TN3270)
    feed_both(ours, other, written())
    for data in records:
        feed_both(ours, other, record(data))
    assert differences(ours, *other.look()) == []
