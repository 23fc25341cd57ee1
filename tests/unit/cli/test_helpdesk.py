"""What the command line of the helpdesk does without a hub."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from launcher.bootstrap.helpdesk_road import NEXT_STEPS, ticket_cache
from launcher.bootstrap.helpdesk_tables import acted_lines, found_lines, letters_lines, page_lines, plain
from launcher.cli import main
from launcher.resources import resources
from launcher.wire.hub.commands import CommandState
from launcher.wire.hub.helpdesk import (
    Acted,
    AllWrong,
    AwayTerminals,
    ByLetters,
    Case,
    Found,
    FoundTerminal,
    OfficerPage,
    RefusedLogOn,
    SecondRequest,
    ToldView,
)
from launcher.wire.hub.officers import Deed, GrantedRole, Me
from launcher.wire.hub.sittings import NoticeLine
from launcher.wire.hub.stations import Refused


def on_a_descriptor(given: bytes) -> str:
    reading, writing = os.pipe()
    os.write(writing, given)
    os.close(writing)
    return str(reading)


def test_a_hub_that_is_not_there_or_not_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["helpdesk", "wrong", "--hub", "http://127.0.0.1:9", "--token-fd"]
    assert main([*words, on_a_descriptor(b"x" * 40)]) == 1
    said = capsys.readouterr().err
    assert "hub-unreachable" in said
    assert "Look whether --hub" in said, "the helpdesk itself asks"
    assert main([*words, on_a_descriptor(b"x" * 40), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["reference"] == "hub-unreachable"
    assert main(["helpdesk", "wrong", "--station", str(tmp_path / "none.toml")]) == 1
    assert "helpdesk-no-hub" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (b"", "No access token came"),
        (b"abc.def.ghi", "is no access token"),
        (b"Bearer " + b"x" * 40, "is no access token"),
        (b"\xff\x00" * 40, "is no access token"),
    ],
)
def test_what_is_no_token_is_told_from_none(given: bytes, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["helpdesk", "wrong", "--hub", "http://127.0.0.1:9", "--token-fd"]
    assert main([*words, on_a_descriptor(given)]) == 1
    said = capsys.readouterr().err
    assert says in said
    assert "as one line" in said


def test_a_descriptor_that_is_not_open_is_said_to_be_that(capsys: pytest.CaptureFixture[str]) -> None:
    closed = on_a_descriptor(b"")
    os.close(int(closed))  # the loop of what asks the hub would take its number
    words = ["helpdesk", "wrong", "--hub", "http://127.0.0.1:9"]
    assert main([*words, "--token-fd", closed]) == 1
    assert f"Descriptor {closed} cannot be read: Bad file descriptor." in capsys.readouterr().err
    for number in ("-1", "9" * 30, "x"):
        with pytest.raises(SystemExit):
            main([*words, f"--token-fd={number}"])
        assert "is no number of a descriptor" in capsys.readouterr().err


def test_nobody_is_to_log_off_from_a_command_line() -> None:
    assert not [one for one in NEXT_STEPS if not (resources() / "help" / f"{one}.md").exists()]
    said = " ".join(NEXT_STEPS.values()).lower()
    assert not [words for words in ("log off", "log on", "tell the helpdesk") if words in said]


def test_a_refusal_is_of_a_kind_that_no_record_is_of() -> None:
    """A script tells them apart by it."""
    records = (Found, ByLetters, OfficerPage, Acted, CommandState, SecondRequest, AllWrong, AwayTerminals, NoticeLine)
    assert Refused.model_fields["kind"].default == "refused"
    for record in (*records, GrantedRole, Me, ToldView):
        assert "in_case" not in record.model_fields, record
        assert "'refused'" not in repr(record.model_fields.get("kind")), record


@pytest.mark.parametrize(
    ("kind", "option"),
    [
        ("message", "--text"),
        ("close-system", "--system"),
        ("open-system", "--system"),
        ("forget-credential", "--system"),
    ],
)
def test_an_act_that_lacks_a_word_is_a_wrong_command_line(
    kind: str, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:  # before any hub is asked
        main(["helpdesk", "act", kind, "0001", "--reason", "a caller", "--hub", "http://127.0.0.1:9"])
    assert refused.value.code == 2
    assert f"Give {option}" in capsys.readouterr().err


def test_where_tickets_are_looked_for() -> None:
    assert ticket_cache("", 7) == Path("/tmp/krb5cc_7")
    assert ticket_cache("FILE:/run/t", 7) == Path("/run/t") == ticket_cache("/run/t", 7)
    assert ticket_cache("KEYRING:persistent:7", 7) is None


def test_a_terminal_obeys_nothing_that_comes_from_outside() -> None:
    assert plain("a\x1b]0;x\x07b\r\nc\u202e") == "a ]0;x b  c "


def test_a_terminal_that_is_found_is_something_that_was_found() -> None:
    terminal = FoundTerminal(station="s-1", terminal="FD-02", place="Front desk", reachable=True, officers=())
    lines = found_lines(Found(officers=(), terminals=(terminal,)))
    assert lines == [
        "TERMINAL  PLACE       REACHABLE  LOGGED ON",
        "FD-02     Front desk  yes        nobody shown",
    ]
    (nothing,) = found_lines(Found(officers=(), terminals=()))
    assert "no terminal" in nothing
    assert "once it has told the hub of itself" in nothing, "an enrolled one that was never heard is not"


def test_how_many_more_terminals_are_away_is_said_of_a_suspension() -> None:
    (_, more) = acted_lines(Acted(key="k", state="answered", others_away=12))
    assert more.startswith("More terminals that are away: 12.")


def test_a_suspension_that_no_terminal_was_told_of_stands_on_the_page() -> None:
    lifted = Deed(id=2**52, at=0.0, kind="unsuspend", by_name="Jo Field", reason="found", terminal="", outcome="done")
    page = OfficerPage(
        officer="i#1", number="1", name="Jo", suspended=False, sittings=(), recent=(), deeds=(), acts=(),
        suspensions=(lifted,),
    )  # fmt: skip
    assert page_lines(page)[-1].endswith("unsuspend  Jo Field  found")


def test_log_ons_that_a_terminal_refused_are_under_it() -> None:
    refused = (RefusedLogOn(at=0.0, reference="account-locked"), RefusedLogOn(at=1.0, reference="a", words="b\x1b c"))
    terminal = FoundTerminal(
        station="s-1", terminal="FD-02", place="Desk", reachable=True, officers=(), refused=refused
    )  # fmt: skip
    case = Case(case="c", reason="cannot log on", opened=0.0)
    for lines in (
        found_lines(Found(officers=(), terminals=(terminal,))),
        letters_lines(ByLetters(case=case, terminal=terminal, officer=None)),
    ):
        heading, _, locked, other = lines[-4:]
        assert heading == "Log-ons that FD-02, Desk, refused in the last hour:"
        assert locked.endswith("account-locked")
        assert other.endswith("a               b c")
