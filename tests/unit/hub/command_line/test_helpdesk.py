"""``station-launcher helpdesk`` against a running hub: proved by tickets of a real realm, or by a token."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from launcher.cli import main
from tests.servers.hub_in_process import HubServer
from tests.servers.kdc import Kdc
from tests.unit.hub.command_line.analysts import CAROL, HOST, LETTERS, answering
from tests.unit.hub.conftest import Clock
from tests.unit.hub.hands import StationHand

Run = Callable[..., int]

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
"""What the commands ask is tried on both stores beside its addresses."""


@pytest.fixture
def run(
    shared_realm: Kdc,
    tickets: dict[str, Path],
    station: StationHand,
    hub_server: HubServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """Run one command as somebody of the realm."""
    monkeypatch.setenv("KRB5_CONFIG", str(shared_realm.config))
    monkeypatch.setenv("KRB5RCACHENAME", "none:")

    def run(*words: str, who: str = "alice") -> int:
        monkeypatch.setenv("KRB5CCNAME", f"FILE:{tickets[who]}")
        return main(["helpdesk", *words, "--hub", hub_server.origin, "--kerberos-host", HOST])

    return run


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_who_is_found_and_shown_and_nobody_without_a_reason(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("find", "moss", "--reason", "caller cannot work", "--json") == 0
    out = capsys.readouterr()
    found = json.loads(out.out)
    assert (found["officers"][0]["number"], out.err) == ("4471", "")
    case = found["in_case"]

    assert run("show", "4471", "--case", case) == 0
    page = said(capsys)
    assert "FD-02, Front desk: signed-in since" in page
    assert "2 unsaved pages" in page
    assert "sign-on-refused" in page
    assert "\x1b" not in page

    assert run("find", "nobody at all", "--case", case) == 1
    assert run("find", "moss") == 1
    assert "helpdesk-reason-missing" in capsys.readouterr().err


def test_a_script_reads_one_value_also_of_what_is_refused(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    def refused(*words: str) -> dict[str, str]:
        assert run(*words, "--json") == 1
        out = capsys.readouterr()
        assert out.err == ""
        said: dict[str, str] = json.loads(out.out)
        assert said["message"]
        assert said["hint"]
        return said

    assert run("letters", "bkd-mrt", "--reason", "caller on the phone", "--json") == 0
    verified = json.loads(said(capsys))
    assert verified["in_case"] == verified["case"]["case"]
    nobody = refused("show", "0000", "--reason", "cannot work")
    assert nobody["reference"] == "helpdesk-nobody-meant"
    assert run("show", "4471", "--case", nobody["in_case"], "--json") == 0
    assert json.loads(said(capsys))["in_case"] == nobody["in_case"]
    assert refused("find", "moss", "--case", "case-none") | {"message": "", "hint": ""} == {
        "kind": "refused", "reference": "helpdesk-case-over", "message": "", "hint": "", "detail": "",
        "retry_after_s": None, "in_case": "case-none",
    }  # fmt: skip
    without = refused("notice", "x")
    assert (without["reference"], "in_case" in without) == ("helpdesk-not-taken", False)


def test_letters_verify_the_caller_of_a_case_once(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("letters", "bkd-mrt", "--reason", "caller on the phone") == 0
    out = capsys.readouterr()
    assert "4471 Carol Moss at FD-02, Front desk." in out.out
    case = out.err.split()[1]
    assert run("letters", LETTERS, "--case", case) == 1
    assert run("letters", "BKDMRA", "--case", case) == 1
    assert "helpdesk-letters-mistyped" in capsys.readouterr().err


def test_an_act_waits_for_the_terminals_answer(
    run: Run, station: StationHand, capsys: pytest.CaptureFixture[str]
) -> None:
    station.news()
    kind = answering(station, covered_ms=41.0)
    assert run("act", "log-off", "4471", "--reason", "screen is frozen") == 0
    assert kind.result() == "log-off"
    assert "41 ms" in said(capsys)

    kind = answering(station, "partly", left_signed_on=("HOST9, line L21",))
    assert run("act", "log-off", "carol moss", "--at", "FD-02", "--reason", "again") == 4
    assert "May still be signed on: HOST9, line L21" in said(capsys)

    kind = answering(station, "refused", reference="command-sitting-ended", words="It has ended.")
    assert run("act", "lock", "4471", "--reason", "once more") == 1


def test_a_terminal_that_is_away_is_said_and_can_be_asked_for_later(
    run: Run, clock: Clock, hub: object, capsys: pytest.CaptureFixture[str]
) -> None:
    from launcher.hub.service import Hub
    from launcher.hub.stations import reach

    assert isinstance(hub, Hub)
    clock.pass_s(600)
    with hub.store.writing() as connection:
        reach.beat(connection, hub)
    assert run("act", "lock", "4471", "--reason", "left unlocked", "--key", "my-key", "--wait", "5") == 3
    assert "away" in said(capsys)
    assert run("acted", "my-key", "--wait", "0", "--json") == 3
    assert json.loads(said(capsys))["commands"][0]["state"] == "away"
    assert run("away") == 0
    assert "FD-02" in said(capsys)


def test_a_second_person_agrees_to_what_was_read(
    run: Run, station: StationHand, capsys: pytest.CaptureFixture[str]
) -> None:
    station.news()
    assert run("letters", LETTERS, "--reason", "has left the force") == 0
    case = capsys.readouterr().err.split()[1]
    act = ("act", "forget-credential", "4471", "--system", "warrants", "--case", case, "--reason", "new password")
    assert run(*act, "--key", "second-1") == 3
    assert "It waits for a second person" in said(capsys)
    assert run("requests", "--json", who="bob") == 0
    request = json.loads(said(capsys))[0]
    name, digest = request["request"], request["digest"]

    assert run("second", name, "approve", "--digest", "0" * 16, who="bob") == 1
    assert "helpdesk-request-altered" in capsys.readouterr().err
    assert run("second", name, "approve", "--digest", digest[:16]) == 1  # whoever asks is no second person
    kind = answering(station)
    assert run("second", name, "approve", "--digest", digest[:16], who="bob") == 0
    assert kind.result() == "forget-credential"
    capsys.readouterr()
    assert run("acted", "second-1") == 0
    assert "second person" not in said(capsys)


def test_what_met_no_session_was_not_done(run: Run, station: StationHand, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("letters", LETTERS, "--reason", "has left the force") == 0
    case = capsys.readouterr().err.split()[1]
    revoke = ("act", "revoke", "4471", "--case", case, "--reason", "lost phone", "--key", "revoke-1")
    assert run(*revoke) == 3
    station.report()  # logged off, before anybody has agreed
    capsys.readouterr()
    assert run("act", "lock", "4471", "--case", case, "--reason", "left unlocked") == 1
    nowhere = capsys.readouterr().err
    assert "Carol Moss is not logged on anywhere." in nowhere
    assert "revoke, suspend, unsuspend" in nowhere
    assert run("requests", "--json", who="bob") == 0
    request = json.loads(said(capsys))[0]
    assert run("second", request["request"], "approve", "--digest", request["digest"], who="bob") == 0
    capsys.readouterr()
    assert run("acted", "revoke-1") == 1
    assert "at the provider itself" in said(capsys)


def test_notices_roles_and_what_is_wrong(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("notice", "Warrants is slow", "--system", "warrants", "--hours", "1", "--json") == 0
    notice = json.loads(said(capsys))["id"]
    assert run("wrong") == 0
    assert "Warrants is slow" in said(capsys)
    assert run("withdraw", str(notice)) == 0
    assert run("notices") == 0
    assert "No notice holds." in said(capsys)
    assert run("notice", "x") == 1
    assert "helpdesk-not-taken" in capsys.readouterr().err

    assert run("role", CAROL.officer, "it", "--hours", "2", "--reason", "night shift") == 1
    assert run("role", "0000", "it", "--hours", "2", "--reason", "night shift", who="bob") == 1
    assert "hub-not-there" in capsys.readouterr().err
    assert run("role", CAROL.number, "it", "--hours", "2", "--reason", "night shift", "--json", who="bob") == 0
    granted = json.loads(said(capsys))
    assert run("role-end", str(granted["id"]), who="bob") == 0
    assert run("roles", who="bob") == 0
    assert "ended" in said(capsys)
    assert run("me", who="bob") == 0
    assert "A supervisor." in said(capsys)


def test_a_number_that_an_officer_quotes_leads_to_what_they_told(
    run: Run, station: StationHand, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = {
        "at": clock.now, "system": "warrants", "system_kind": "web", "sign_on": "form", "outcome": "failed",
        "reference": "sign-on-refused", "prompts": 0, "total_ms": 900.0, "phases": (),
    }  # fmt: skip
    said_to_it = {"key": "k1", "at": clock.now, "reference": "sign-on-refused", "system": "warrants", "sitting": "c"}
    number = station.ask.post("/stations/told", json=said_to_it | {"timeline": [opened]}).json()["number"]
    assert run("told", number) == 1
    assert "helpdesk-reason-missing" in capsys.readouterr().err
    assert run("told", number.lower(), "--reason", "cannot work") == 0
    out = capsys.readouterr()
    case, shown = out.err.split()[1], out.out
    assert f"{number}, " in shown
    assert "by Carol Moss at FD-02, Front desk\nWarrants: sign-on-refused\nNobody has dealt with it yet." in shown
    assert "failed" in shown
    assert run("told-done", number) == 0
    assert run("told", number, "--case", case) == 0
    assert "It is dealt with." in said(capsys)
    assert run("told", number, "--case", case, "--json") == 0
    as_data = json.loads(said(capsys))
    assert (as_data["closed"], as_data["in_case"]) == (True, case)
    assert run("told", "T-99", "--case", case) == 1
    assert "Nothing was told with this number." in capsys.readouterr().err
    assert run("find", number, "--case", case) == 0
    assert "Carol Moss" in said(capsys)


def test_without_a_proof_nothing_is_asked(
    hub: object, hub_server: HubServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KRB5CCNAME", "KCM:")
    here = ("--hub", hub_server.origin)
    assert main(["helpdesk", "wrong", *here]) == 1
    assert "helpdesk-nobody-proved" in capsys.readouterr().err
    reading, writing = os.pipe()
    os.write(writing, b"not.a.token.of.anybody.at.all\n")
    os.close(writing)
    assert main(["helpdesk", "wrong", *here, "--token-fd", str(reading)]) == 1
    assert "Reference: officer-" in capsys.readouterr().err
