"""The telnet below: TN3270E with its names and answers, the way back to TN3270, and whatever else a host may say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launcher.secret import Secret
from launcher.terminal.errors import FieldRefusedError
from launcher.terminal.tn3270.engine import Tn3270Engine
from launcher.terminal.tn3270.models import Display, Size
from launcher.terminal.tn3270.telnet import Kind, Record, Telnet
from tests.unit.terminal.tn3270.streams import (
    TN3270,
    TN3270E,
    device_is,
    functions_are,
    line,
    press,
    record,
    text,
    written,
)

ASKS = b"\xff\xfa\x28\x02\x07"
"""SB TN3270E DEVICE-TYPE REQUEST."""

WRITE = b"\xf5\xc3" + text("HELLO")
MALFORMED = b"\xf5\xc3\x11\x3f\xff" + text("HELLO")
UNKNOWN = b"\x99\x00"


def in_tn3270e(*functions: int, **options: object) -> Tn3270Engine:
    made = Tn3270Engine(**options)  # type: ignore[arg-type]
    made.feed(TN3270E + device_is(b"POL00017") + functions_are(*functions))
    made.to_send()
    return made


def test_plain_tn3270_is_agreed_with_model_and_lu_name() -> None:
    made = Tn3270Engine(Display(4), lu_names=("POLDESK1",))
    made.feed(TN3270)
    said = made.to_send()
    assert b"\xff\xfb\x18" in said
    assert b"\xff\xfa\x18\x00IBM-3279-4-E@POLDESK1\xff\xf0" in said
    assert said.count(b"\xff\xfb\x19") == said.count(b"\xff\xfd\x00") == 1


def test_tn3270e_is_agreed_with_model_functions_and_the_hosts_lu_name() -> None:
    made = Tn3270Engine(Display(5))
    made.feed(TN3270E)
    assert made.to_send() == b"\xff\xfb\x28" + ASKS + b"IBM-3278-5-E\xff\xf0"
    made.feed(device_is(b"POL00017"))
    assert made.to_send() == b"\xff\xfa\x28\x03\x07\x00\x02\x04\xff\xf0"
    made.feed(functions_are(2) + record(WRITE, bytes(5)))
    assert (made.grid.status.lu_name, line(made, 0)) == ("POL00017", "HELLO")


def test_a_size_that_no_model_has_is_dynamic_and_told_when_it_is_asked_for() -> None:
    made = Tn3270Engine(Display(alternate=Size(62, 160)))
    made.feed(TN3270 + record(b"\xf3\x00\x05\x01\xff\x02"))
    said = made.to_send()
    assert b"IBM-DYNAMIC" in said
    assert said.endswith(b"\x0b\x01\x00\x00\x50\x00\x18\x00\xa0\x00\x3e\xff\xef")
    made.feed(record(b"\x7e\xc3" + text("WIDE")))
    assert (made.grid.rows, made.grid.columns) == (62, 160)


def test_lu_names_are_asked_for_in_turn_and_what_was_refused_is_said() -> None:
    made = Tn3270Engine(lu_names=("POLDESK1", "POLDESK2"))
    made.feed(TN3270E)
    assert made.to_send().endswith(ASKS + b"IBM-3278-2-E\x01POLDESK1\xff\xf0")
    made.feed(b"\xff\xfa\x28\x02\x06\x05\x01\xff\xf0")
    assert made.to_send() == ASKS + b"IBM-3278-2-E\x01POLDESK2\xff\xf0"
    assert "POLDESK1: it is in use" in made.grid.status.message
    made.feed(b"\xff\xfa\x28\x02\x06\x05\x03\xff\xf0")
    assert made.to_send() == b"\xff\xfc\x28"
    assert "POLDESK2: there is no such name" in made.grid.status.message


def test_a_host_that_backs_out_of_tn3270e_is_followed() -> None:
    made = Tn3270Engine(lu_names=("POLDESK1",))
    made.feed(TN3270E + b"\xff\xfe\x28")
    assert made.to_send().endswith(b"\xff\xfc\x28")
    made.feed(TN3270 + written(text("PLAIN")))
    assert b"IBM-3279-2-E@POLDESK1" in made.to_send()
    assert line(made, 0) == "PLAIN"
    press(made, "PF3")
    assert made.to_send() == b"\xf3\x40\x40" + text("PLAIN") + b"\xff\xef"


def test_tn3270e_may_be_switched_off() -> None:
    made = Tn3270Engine(tn3270e=False)
    made.feed(TN3270E)
    assert made.to_send() == b"\xff\xfc\x28"


def test_functions_are_settled_whoever_asks() -> None:
    made = Tn3270Engine()
    made.feed(TN3270E + device_is(b"X"))
    made.to_send()
    made.feed(b"\xff\xfa\x28\x03\x07\x02\x05\xff\xf0")
    assert made.to_send() == b"\xff\xfa\x28\x03\x07\x02\xff\xf0"
    made.feed(b"\xff\xfa\x28\x03\x07\x02\xff\xf0")
    assert made.to_send() == b"\xff\xfa\x28\x03\x04\x02\xff\xf0"


@pytest.mark.parametrize(
    ("data", "asks", "answer"),
    [
        (WRITE, 0, b""),
        (WRITE, 1, b""),
        (WRITE, 2, b"\x02\x00\x00\x01\x07\x00\xff\xef"),
        (MALFORMED, 1, b"\x02\x00\x01\x01\x07\x02\xff\xef"),
        (UNKNOWN, 1, b"\x02\x00\x01\x01\x07\x00\xff\xef"),
        (UNKNOWN, 0, b""),
        (b"", 2, b"\x02\x00\x00\x01\x07\x00\xff\xef"),
    ],
)
def test_a_record_is_answered_as_its_header_asks(data: bytes, asks: int, answer: bytes) -> None:
    made = in_tn3270e(2)
    made.feed(record(data, bytes((0, 0, asks, 1, 7))))
    assert made.to_send() == answer


def test_a_number_of_a_record_that_looks_like_a_command_is_doubled() -> None:
    made = in_tn3270e(2)
    made.feed(record(WRITE, b"\x00\x00\x02\xff\xff"))
    assert made.to_send() == b"\x02\x00\x00\xff\xff\xff\xff\x00\xff\xef"


@pytest.mark.parametrize("kind", [1, 2, 3, 4, 6, 8, 9, 200])
def test_records_of_another_kind_do_not_end_the_session(kind: int) -> None:
    made = in_tn3270e(0, 2)
    made.feed(record(b"\x31whatever", bytes((kind, 0, 0, 0, 1))) + record(WRITE, bytes(5)))
    assert line(made, 0) == "HELLO"


def test_an_application_that_takes_the_screen_over_gives_it_its_size() -> None:
    made = in_tn3270e(0, 2, display=Display(4))
    bind = bytearray(30)
    bind[0], bind[20:25] = 0x31, bytes((24, 80, 43, 80, 0x7F))
    made.feed(record(bytes(bind), b"\x03\x00\x00\x00\x00") + record(b"\x7e\xc3" + text("BIG"), bytes(5)))
    assert (made.grid.rows, line(made, 0)) == (43, "BIG")
    made.feed(record(b"\x01", b"\x04\x00\x00\x00\x00"))
    assert (made.grid.rows, line(made, 0), made.grid.status.lock, made.grid.fields) == (24, "", "clock", ())


def test_a_bind_of_a_size_that_the_display_does_not_have_changes_nothing() -> None:
    made = in_tn3270e(0, 2)
    bind = bytearray(30)
    bind[0], bind[20:25] = 0x31, bytes((99, 200, 99, 200, 0x7F))
    made.feed(record(bytes(bind), b"\x03\x00\x00\x00\x00") + record(b"\x7e\xc3" + text("SMALL"), bytes(5)))
    assert (made.grid.rows, line(made, 0)) == (24, "SMALL")


def test_the_control_session_is_typed_to_line_by_line() -> None:
    made = in_tn3270e(0, 2, 4)
    made.feed(record(WRITE, bytes(5)))
    assert press(made, "SysReq") == [True]
    assert made.to_send() == b"\xff\xf5"
    made.feed(record(b"\x15" + text("LOGON PLEASE") + b"\x15", b"\x07\x00\x00\x00\x00"))
    assert (line(made, 0), line(made, 1)) == ("", "LOGON PLEASE")
    made.type("LOGOFF")
    assert press(made, "PF3", "Enter") == [False, True]
    assert made.to_send() == b"\x07\x00\x00\x00\x00" + text("LOGOFF") + b"\xff\xef"
    made.feed(record(WRITE, bytes(5)))
    assert line(made, 0) == "HELLO"


def test_plain_text_before_the_first_screen_is_shown_and_can_be_answered() -> None:
    made = Tn3270Engine()
    made.feed(b"\x1b[2J\x1b[1;1HNotice: police use only\r\nSystem? ")
    assert (line(made, 0), line(made, 1)) == ("Notice: police use only", "System?")
    assert made.grid.fields == ()
    with pytest.raises(FieldRefusedError, match="no fields"):
        made.fill(0, Secret("nightjar"))
    assert made.type("prod").taken == 4
    press(made, "Enter")
    assert made.to_send() == b"prod\r\n"
    made.feed(TN3270 + written(text("SCREEN")))
    assert (line(made, 0), line(made, 1)) == ("SCREEN", "")


def test_an_lu_name_may_be_of_any_bytes() -> None:
    made = Tn3270Engine()
    made.feed(TN3270E + device_is(b"P\x00\x80\xe4X") + record(WRITE, bytes(5)))
    assert made.grid.status.lu_name == "PäX"


def test_an_lu_name_is_no_longer_than_a_name() -> None:
    made = Tn3270Engine()
    made.feed(TN3270E + device_is(b"L" * 64))
    assert made.grid.status.lu_name == "L" * 64
    made = Tn3270Engine()
    made.feed(TN3270E + device_is(b"L" * 65))
    assert made.grid.status.lu_name == ""
    assert "too long" in made.grid.status.message
    made.feed(functions_are(0) + record(WRITE, bytes(5)))
    assert line(made, 0) == "HELLO"


def test_another_lu_than_was_asked_for_is_said_until_the_first_key() -> None:
    made = Tn3270Engine(lu_names=("POLDESK1",))
    made.feed(TN3270E + device_is(b"POL00017") + functions_are(0) + record(WRITE, bytes(5)))
    assert made.grid.status.lu_name == "POL00017"
    assert made.grid.status.message == "The host made this POL00017: POLDESK1 was asked for."
    press(made, "Enter")
    assert made.grid.status.message == ""
    same = Tn3270Engine(lu_names=("poldesk1",))
    same.feed(TN3270E + device_is(b"POLDESK1"))
    assert (same.grid.status.lu_name, same.grid.status.message) == ("POLDESK1", "")


def test_a_record_without_end_does_not_fill_the_memory() -> None:
    made = in_tn3270e(2)
    for _ in range(40):
        made.feed(b"\xc1" * 65536)
    made.feed(b"\xff\xef")
    assert "too long" in made.grid.status.message
    made.feed(record(WRITE, bytes(5)))
    assert (line(made, 0), made.grid.status.message) == ("HELLO", "")


def test_what_is_asked_of_us_that_we_do_not_do_is_refused() -> None:
    made = Tn3270Engine()
    made.feed(b"\xff\xfd\x2e\xff\xfb\x27\xff\xfd\x1f\xff\xfe\x1f\xff\xfc\x27\xff\xf1\xff\xf6")
    assert made.to_send() == b"\xff\xfc\x2e\xff\xfe\x27\xff\xfc\x1f"


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.binary(max_size=60), cut=st.integers(0, 60))
def test_where_a_stream_is_parted_makes_no_difference(data: bytes, cut: int) -> None:
    def records(*pieces: bytes) -> tuple[list[tuple[Kind, bytes]], bytes]:
        telnet = Telnet(Display())
        found: list[Record] = []
        for piece in pieces:
            found += telnet.feed(piece)
        said = b"".join(each.data for each in found if each.kind is Kind.NVT)
        return [(each.kind, each.data) for each in found if each.kind is not Kind.NVT], said + bytes(telnet.out)

    stream = TN3270E + data + b"\xff\xef" + data
    at = len(TN3270E) + cut
    assert records(stream) == records(stream[:at], stream[at:])
