"""What a host may have this computer do: fields are not listed for each order, reads are few, records take turns."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launcher.terminal.grid import CellGrid
from launcher.terminal.lines.tcp import open_tcp
from launcher.terminal.terminal import Terminal
from launcher.terminal.tn3270 import planes
from launcher.terminal.tn3270.codepages import code_page
from launcher.terminal.tn3270.engine import Tn3270Engine
from launcher.terminal.tn3270.host_screen import HostScreen
from launcher.terminal.tn3270.models import Display
from launcher.terminal.tn3270.planes import MODIFIED, Form, Span, printable
from tests.examples import tried
from tests.unit.terminal.hosts import WITHIN_S, host
from tests.unit.terminal.tn3270.streams import TN3270, at, engine, field, line, record, text

CELLS = 24 * 80
FULL_OF_FIELDS = record(b"\x7e\xc3" + field(0x41) * 27 * 132)


class CountedSpan(Span):
    made = 0

    def __init__(self, attribute_at: int | None, start: int, length: int, attribute: int = 0) -> None:
        type(self).made += 1
        super().__init__(attribute_at, start, length, attribute)


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> type[CountedSpan]:
    monkeypatch.setattr(planes, "Span", CountedSpan)
    monkeypatch.setattr(CountedSpan, "made", 0)
    return CountedSpan


def structured(*fields: bytes) -> bytes:
    return b"\xf3" + b"".join((len(each) + 2).to_bytes(2) + each for each in fields)


@pytest.mark.parametrize(
    ("data", "listed"),
    [
        (b"\xf1\xc3" + b"\x12\x40\x40" * 500, 0),
        (b"\xf1\xc3" + (field(0x40) + b"\x12\x40\x40") * 500, 0),
        (structured(*[b"\x40\x00\x6f"] * 256), 0),
        (structured(*[b"\x40\x00\xf1\xc3"] * 256), 0),
        (b"\xf1\xc3" + b"\x05" * 500, 0),
        (structured(*[b"\x01\x00\xf2"] * 256), 1),
        (structured(*[b"\x01\x00\x6e"] * 256), 1),
    ],
    ids=["EUA", "SF and EUA", "EAU", "reset MDT", "PT", "read buffer", "read modified"],
)
def test_no_record_has_the_fields_of_a_full_screen_listed_again_and_again(
    data: bytes, listed: int, spans: type[CountedSpan]
) -> None:
    made = engine(model=5)
    made.feed(FULL_OF_FIELDS)
    made.feed(record(data))
    assert spans.made <= listed * 27 * 132


def test_the_fields_are_listed_anew_once_an_attribute_has_changed(spans: type[CountedSpan]) -> None:
    made = engine(at(0, 0), field(0x40))
    assert len(made.grid.fields) == 1
    listed = spans.made
    made.feed(record(b"\xf1\xc3" + at(1, 0) + text("TEXT")))
    assert len(made.grid.fields) == 1
    assert spans.made == listed
    made.feed(record(b"\xf1\xc3" + at(2, 0) + field(0x60)))
    assert [each.protected for each in made.grid.fields] == [False, True]


def test_a_record_reads_a_few_times_only() -> None:
    made = engine(model=5)
    made.feed(FULL_OF_FIELDS)
    made.feed(record(structured(*[b"\x01\x00\xf2"] * 200)))
    assert 1 <= made.to_send().count(b"\xff\xef") <= 5
    assert "reads too often" in made.grid.status.message


class WatchedEngine(Tn3270Engine):
    """Writes down how much it was fed and how much of it was taken, and how many turns of the loop were between."""

    turns = 0

    def __init__(self, display: Display) -> None:
        super().__init__(display)
        self.fed: list[tuple[int, int, int]] = []

    def feed(self, untrusted: bytes) -> int:
        taken = super().feed(untrusted)
        self.fed.append((len(untrusted), taken, self.turns))
        return taken


SMALL = [b"\x6f", b"\xf2", b"\xf6", b"\xf1\xc3", b"\x7e\xc3" + b"\x3c\x40\x40\xc1" * 9]


@pytest.mark.parametrize("small", SMALL)
def test_small_records_in_one_piece_are_parted_and_none_is_lost(small: bytes) -> None:
    data = record(small) * 1365
    parted, one_by_one = engine(model=5), engine(model=5)
    for made in (parted, one_by_one):
        made.feed(FULL_OF_FIELDS)
    at_, pieces = 0, []
    while at_ < len(data):
        taken = parted.feed(data[at_:])
        assert taken > 0
        pieces.append(taken)
        at_ += taken
    for _ in range(1365):
        assert one_by_one.feed(record(small)) == len(record(small))
    assert at_ == len(data)
    assert len(pieces) > 1
    assert parted.to_send() == one_by_one.to_send()
    assert parted.grid.picture() == one_by_one.grid.picture()


def test_what_was_cut_within_a_command_is_taken_from_there() -> None:
    data = TN3270 + FULL_OF_FIELDS + record(b"\x6f") * 600 + record(b"\xf1\xc3" + at(0, 0) + text("LAST"))
    for size in (1, 2, 3, 7, 1000):
        made, at_ = Tn3270Engine(Display(5)), 0
        while at_ < len(data):
            at_ += made.feed(data[at_ : at_ + size])
        assert at_ == len(data)
        assert line(made, 0).startswith("LAST"), size


def test_text_outside_records_comes_in_pieces_too() -> None:
    made = Tn3270Engine()
    said = b"\r\n".join(b"line %d" % n for n in range(20_000))
    at_, turns = 0, 0
    while at_ < len(said):
        at_ += made.feed(said[at_:])
        turns += 1
    assert turns > 5
    assert line(made, 23) == "line 19999"


def test_everything_else_has_its_turn_between_the_records_of_one_piece() -> None:
    many = record(b"\x6f") * 1365

    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(TN3270 + FULL_OF_FIELDS + many + record(b"\xf5\xc3" + at(0, 0) + text("LAST")))
        await reader.read()

    def shows(grid: CellGrid) -> bool:
        return grid.line(0).startswith("LAST")

    async def story() -> None:
        made = WatchedEngine(Display(5))
        loop = asyncio.get_running_loop()

        def turn() -> None:
            made.turns += 1
            loop.call_soon(turn)

        turn()
        async with asyncio.timeout(WITHIN_S), host(plays) as port:
            terminal = Terminal(made, await open_tcp("127.0.0.1", port, tls=False))
            await terminal.wait_for(shows, WITHIN_S)
            await terminal.close()
        left = [taken for fed, taken, _ in made.fed if taken < fed]
        assert len(left) > 5, "it gave up its turn"
        turns = [turns for *_, turns in made.fed]
        assert len(set(turns)) == len(turns), "and there was one"
        assert sum(taken for _, taken, _ in made.fed) == len(TN3270 + FULL_OF_FIELDS + many) + 11

    asyncio.run(story())


# The quick ways beside the plain ones.


@st.composite
def screens(draw: st.DrawFn) -> HostScreen:
    made = HostScreen(Display(), code_page("cp285"), lambda _record: None)
    made.plane_dc[:] = bytes(draw(st.integers(0x81, 0x89)) for _ in range(4)) * (CELLS // 4)
    made.plane_fg[:] = b"\xf1" * CELLS
    places = draw(st.sets(st.one_of(st.integers(0, 9), st.integers(CELLS - 9, CELLS - 1), st.integers(0, CELLS - 1))))
    for place in places:
        for plane in (made.plane_dc, made.plane_fg):
            plane[place] = 0
        made.plane_fa[place] = printable(draw(st.integers(0, 63)))
    return made


cells = st.one_of(st.integers(0, 12), st.integers(CELLS - 12, CELLS - 1), st.integers(0, CELLS - 1))


def unprotected(made: HostScreen) -> list[bool]:
    form = Form(made.plane_fa)
    return [not form.is_attribute(cell) and not form.at(cell).protected for cell in range(CELLS)]


@tried(60)
@given(made=screens(), begin=cells, end=cells)
def test_erase_unprotected_to_address_empties_what_may_be_typed_into(made: HostScreen, begin: int, end: int) -> None:
    swept = set(range(begin, end)) if begin < end else {*range(begin, CELLS), *range(end)}
    before, attributes, free = bytes(made.plane_dc), bytes(made.plane_fa), unprotected(made)
    fault = made.take(b"\xf1\xc2\x11" + begin.to_bytes(2) + b"\x12" + end.to_bytes(2))
    assert fault is None
    assert made.plane_dc == bytes(0 if free[at] and at in swept else before[at] for at in range(CELLS))
    assert [not colour for colour in made.plane_fg] == [not character for character in made.plane_dc]
    assert made.plane_fa == attributes


@tried(60)
@given(made=screens())
def test_erase_all_unprotected_empties_all_of_it_and_goes_to_the_first(made: HostScreen) -> None:
    before, form, free = bytes(made.plane_dc), Form(made.plane_fa), unprotected(made)
    assert made.take(b"\x6f") is None
    assert made.plane_dc == bytes(0 if free[at] else before[at] for at in range(CELLS))
    assert made.curadd == (form.next_input(CELLS - 1) or 0)
    for span in form.spans:
        if span.attribute_at is not None:
            changed = span.attribute if span.protected else printable(span.attribute & ~MODIFIED)
            assert made.plane_fa[span.attribute_at] == changed


@tried(60)
@given(made=screens(), begin=cells)
def test_a_program_tab_goes_to_the_next_input_field_and_never_round_the_end(made: HostScreen, begin: int) -> None:
    form = Form(made.plane_fa)
    following = [
        span.start
        for span in form.spans
        if not span.protected and span.length and span.attribute_at is not None and span.start > begin
    ]
    made.take(b"\xf1\xc2\x11" + begin.to_bytes(2) + b"\x05\x13")
    assert made.curadd == min(following, default=0)


@tried(30)
@given(made=screens())
def test_reset_of_what_was_changed_leaves_all_else_of_each_attribute(made: HostScreen) -> None:
    before = bytes(made.plane_fa)
    made.take(b"\xf1\xc3")
    assert made.plane_fa == bytes(printable(bits & ~MODIFIED) if bits else 0 for bits in before)
