"""The demo's 3270 host writes screens and reads what comes back, whatever comes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from launcher.demo.terminals.data_stream import HostScreen, Input, Pressed, Text
from launcher.demo.terminals.duty_log import DutyLog, KeyReader
from launcher.demo.terminals.host_accounts import HostAccount, HostAccounts
from launcher.demo.terminals.national_records import NationalRecords
from launcher.secret import Secret
from launcher.terminal.keys import Key
from launcher.terminal.tn3270.engine import Tn3270Engine

SCREEN = HostScreen((Text(1, 2, "£ SIGN"), Input("name", 10, 18, 8), Input("secret", 12, 18, 8, hidden=True)))


def test_a_screen_is_drawn_and_read_as_it_was_written() -> None:
    engine = Tn3270Engine(tn3270e=False)
    engine.feed(b"\xff\xfd\x18\xff\xfa\x18\x01\xff\xf0\xff\xfd\x19\xff\xfb\x19\xff\xfd\x00\xff\xfb\x00")
    engine.to_send()
    engine.feed(SCREEN.written() + b"\xff\xef")
    assert engine.grid.line(0).startswith(" £ SIGN")
    name, secret = (one for one in engine.grid.fields if not one.protected)
    assert ((name.start, name.length, name.hidden), secret.hidden) == ((9 * 80 + 17, 8, False), True)
    engine.fill(name.start, Secret("a£b"))
    engine.fill(secret.start, Secret("pass"))
    engine.press(Key("PF12"))
    record = engine.to_send().removesuffix(b"\xff\xef")
    assert SCREEN.read(record) == Pressed("PF12", {"name": "a£b", "secret": "pass"})


@given(some.binary(max_size=80))
def test_whatever_comes_for_a_screen_is_read_and_nobody_is_let_in(untrusted: bytes) -> None:
    dialogue = NationalRecords(HostAccounts({"one": HostAccount("long-enough-1")}), "NR0001")
    dialogue.take(dialogue.screen().read(untrusted))
    assert dialogue.at == "logon"
    assert dialogue.screen().written()


@given(some.lists(some.binary(max_size=12), max_size=12))
def test_whatever_comes_for_keys_is_read_in_any_pieces(untrusted: list[bytes]) -> None:
    accounts = HostAccounts({"one": HostAccount("long-enough-1")})
    dialogue, reader = DutyLog(accounts, "tty1"), KeyReader()
    for piece in untrusted:
        for key in reader.keys(piece):
            dialogue.take(key)
        assert dialogue.drawn()
    assert accounts.signed_on == {}


def test_a_key_in_two_pieces_is_one_key() -> None:
    reader = KeyReader()
    assert [*reader.keys(b"\x1b[2"), *reader.keys(b"1~a\x1bO"), *reader.keys(b"B")] == ["F10", "a", "Down"]
