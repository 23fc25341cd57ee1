"""``station-launcher hub audit`` as it is typed, beside a hub that serves, and after somebody was at its store."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launcher.bootstrap.hub_place import HubPlace
from launcher.cli import main
from launcher.hub.audit import rows
from launcher.signing import SigningKey
from tests.servers.hub import HubProcess, running_hub

_BEGIN, _END = 1_700_000_000.0, 1_700_003_600.0


@pytest.fixture(scope="module")
def hub() -> Iterator[HubProcess]:
    """A hub on SQLite that serves, and whose audit names who was on FD-02 for an hour."""
    with running_hub(more='[audit]\nmarked_systems = ["custody"]\n') as made:
        place = HubPlace(made.file, made.state)
        with contextlib.closing(place.store()) as store, store.writing() as connection:
            where = {"actor": "local#4471", "actor_name": "A. Okafor", "terminal": "FD-02"}
            sitting = {"sitting": "sit-1", "proved_by": "local"}
            here = place.hub(store)
            rows.append(connection, here, "sign-in", happened=_BEGIN, details=sitting, **where)
            rows.append(connection, here, "sign-in-ended", happened=_END, details=sitting, reason="logged off", **where)
        yield made


Command = Callable[..., str]


@pytest.fixture
def command(hub: HubProcess, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run one of ``hub audit``'s commands in this process, and return what it printed or, if it failed, its words."""

    def run(*words: str, status: int = 0) -> str:
        capsys.readouterr()
        done = main(["hub", "audit", *words, "--hub", str(hub.file), "--state", str(hub.state)])
        said = capsys.readouterr()
        assert done == status, said
        return said.out if status == 0 else said.err

    return run


def _log(hub: HubProcess) -> Path:
    file = hub.folder / "copied.log"
    file.write_text(hub.log_text())
    return file


def test_who_was_on_a_terminal(command: Command) -> None:
    words = ("who", "--terminal", "FD-02", "--from", "2023-11-14T22:30Z", "--to", "2023-11-14T22:40Z")
    (there,) = json.loads(command(*words, "--json"))["sittings"]
    assert (there["name"], there["since"], there["until"]) == ("A. Okafor", _BEGIN, _END)
    assert "A. Okafor (local#4471)  logged off, local" in command(*words)
    assert "Nobody" in command("who", "--terminal", "FD-02", "--from", "2023-11-13", "--to", "2023-11-14")
    backwards = command("who", "--terminal", "FD-02", "--from", "2023-11-14", "--to", "2023-11-13", status=1)
    assert "ends before it begins" in backwards


def test_an_export_goes_on_where_the_last_one_ended_and_ends_when_nothing_is_new(command: Command) -> None:
    first = [json.loads(line) for line in command("export", "--many", "2").splitlines()]
    assert [one["seq"] for one in first] == [1, 2]
    then = [json.loads(line) for line in command("export", "--since", "2").splitlines()]
    assert then[0]["seq"] == 3
    again = command("export", "--since", str(then[-1]["seq"]), "--format", "cef").splitlines()
    assert [("audit-read" in line) for line in again] == [True] * len(again)
    last = str(then[-1]["seq"] + len(again))
    assert command("export", "--since", last, "--format", "syslog") == ""  # that export left no row


def test_holds_and_retiring(command: Command) -> None:
    made = json.loads(command("hold", "add", "--terminal", "FD-02", "--reason", "an inquiry", "--json"))
    assert "an inquiry" in command("hold", "list")
    assert json.loads(command("retain", "--dry-run", "--json"))["due"] == 0
    command("hold", "remove", str(made["id"]))
    assert "ended" in command("hold", "list")
    assert "audit-hold-names-nobody" in command("hold", "add", "--reason", "all of it", status=1)
    held = command("hold", "add", "--officer", "local#4471", "--reason", "an inquiry")
    assert held.endswith("It covers 2 rows of the audit now.\n")
    assert "No officer is called 4471." in command("hold", "add", "--officer", "4471", "--reason", "xyz", status=1)
    times = ("--from", "2026-11-26T09:00", "--to", "2026-11-25T09:00")
    backwards = command("hold", "add", "--officer", "x", "--reason", "an inquiry", *times, status=1)
    assert "The time that is to be held back ends before it begins." in backwards


def test_the_chain_is_checked_beside_the_hub_after_it_and_after_somebody_was_at_its_store(
    hub: HubProcess, command: Command
) -> None:
    earlier = SigningKey.made().public
    assert json.loads(command("verify", "--json", "--key", earlier))["holds"] is True
    hub.stop()  # and signs a last checkpoint, which its log has, too
    log = _log(hub)
    seen = json.loads(hub.command("audit", "verify", "--json", "--log", str(log)))
    assert (seen["copies"], seen["checkpoints"]) == (1, 1)
    whole = command("verify", "--log", str(log))
    assert f"covers it up to row {seen['signed_up_to']}" in whole
    assert "Compared with 1 checkpoint from the logs." in whole
    with contextlib.closing(sqlite3.connect(hub.state / "hub.db", isolation_level=None)) as store:
        (row,) = store.execute("SELECT seq FROM audit_rows WHERE kind = 'sign-in'").fetchone()
        store.execute("UPDATE audit_rows SET actor_name = 'B. Smith' WHERE seq = ?", (row,))
        broken = command("verify", status=1)
        assert f"The audit is broken at row {row}: its content was changed." in broken
        assert "Reference: audit-chain-broken" in broken
        store.execute("UPDATE audit_rows SET actor_name = 'A. Okafor' WHERE seq = ?", (row,))
        store.execute("DELETE FROM audit_rows WHERE seq > 2")
        store.execute("DELETE FROM audit_checkpoints")
        store.execute("UPDATE audit_head SET seq = 2, hash = (SELECT hash FROM audit_rows WHERE seq = 2)")
    assert "broken at row 3" in command("verify", "--log", str(log), status=1)
