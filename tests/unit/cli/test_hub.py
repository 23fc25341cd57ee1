"""The commands of the hub's computer: what they print, keep and refuse."""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from launcher.bootstrap.hub import in_rows
from launcher.bootstrap.hub_place import HubPlace
from launcher.cli import main
from launcher.hub import own_key, versions
from launcher.hub.officers import rows as officers
from launcher.hub.stations import enrolling, rows
from launcher.hub.stations.tables import stations
from launcher.signing import SigningKey
from launcher.wire.hub.sittings import Person
from launcher.wire.hub.stations import Enrol, SignedEnrol


@pytest.fixture
def place(tmp_path: Path) -> HubPlace:
    """A hub that was served once."""
    place = HubPlace(None, tmp_path / "state")
    store = place.store()
    versions.make_ready(store)
    own_key.must_be_its_own(store, place.key(), 1.0)
    store.close()
    return place


@pytest.fixture
def run(place: HubPlace, capsys: pytest.CaptureFixture[str]) -> Iterator[object]:
    """Run a command of this hub's and return its status and what it printed."""

    def command(*words: str, state: Path | None = None) -> tuple[int, str]:
        status = main(["hub", *words, "--state", str(state or place.state)])
        out, err = capsys.readouterr()
        return status, out if status == 0 else err

    return command  # type: ignore[return-value]


def _enrol(place: HubPlace, code: str) -> str:
    store = place.store()
    with store.writing() as connection:
        key = SigningKey.made()
        asked = Enrol(code=code, public_key=key.public, terminal="FD-09", place="Back")
        said = SignedEnrol(enrol=asked, signature=key.sign("enrol", asked))
        joined = enrolling.enrol(connection, place.hub(store), said)
    store.close()
    assert joined is not None
    return joined.enrolled.station


def test_a_code_is_printed_once_and_makes_a_station(place: HubPlace, run) -> None:
    status, printed = run("enrol-code", "--terminal", "FD-02", "--place", "Front desk")
    assert status == 0
    code, said = printed.splitlines()
    assert "shown this once" in said
    station = _enrol(place, code)
    as_data = json.loads(run("stations", "--json")[1])
    assert [(one["station"], one["terminal"], one["reachable"]) for one in as_data] == [(station, "FD-02", False)]
    assert f"{station}  FD-02  Front desk  away" in run("stations")[1]


def test_a_code_as_data_says_until_when_it_holds(run) -> None:
    one, two = (json.loads(run("enrol-code", "--json", "--hours", hours)[1]) for hours in ("1", "3"))
    assert round((two["until"] - one["until"]) / 3600) == 2


@pytest.mark.parametrize(
    ("zone", "says"), [("UTC0", "+00:00 (UTC)."), ("CET-1", "+01:00 (CET)."), ("<+03>-3", "+03:00.")]
)
def test_until_when_a_code_holds_is_said_with_the_zone(
    zone: str, says: str, run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as here:
        here.setenv("TZ", zone)
        time.tzset()
        said = run("enrol-code")[1]
    time.tzset()
    assert says in said


@pytest.mark.parametrize("hours", ["0", "-1", "nan", "721", "x"])
def test_hours_that_are_none_are_refused(hours: str) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["hub", "enrol-code", "--hours", hours])
    assert refused.value.code == 2


@pytest.mark.parametrize("text", ["x" * 121, "\x1b[2J", "\udcff", "", " "])  # empty: a script's variable was not set
@pytest.mark.parametrize("option", ["--terminal", "--place"])
def test_a_terminal_or_place_that_is_no_name_is_refused(
    option: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["hub", "enrol-code", option, text])
    assert refused.value.code == 2
    assert f"argument {option}: it {'has ' if text.strip() else 'is empty'}" in capsys.readouterr().err


@pytest.mark.parametrize("reason", ["", "   ", "a", "a" * 400, "a\x00bc", "\u202e\u202e\u202e"])
@pytest.mark.parametrize("words", ["quarantine st-1", "station-remove st-1", "officer-name ldap#1 ann"])
def test_nothing_is_done_without_a_reason(words: str, reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["hub", *words.split(), "--reason", reason])
    assert refused.value.code == 2
    assert f"argument --reason: it {'has ' if reason.strip() else 'is empty'}" in capsys.readouterr().err


@pytest.mark.parametrize("key", ["abc", "", "YWJj", "A" * 48])
def test_an_earlier_key_that_is_none_is_refused(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["hub", "audit", "verify", "--key", key])
    assert refused.value.code == 2
    assert "argument --key: it is no public key" in capsys.readouterr().err


def test_a_quarantine_ends_by_its_administrator(place: HubPlace, run) -> None:
    station = _enrol(place, json.loads(run("enrol-code", "--json")[1])["code"])
    assert "hub-not-now" in run("quarantine-end", station)[1]
    assert "hub-not-there" in run("quarantine-end", "st-nobody")[1]
    store = place.store()
    hub = place.hub(store)
    with store.writing() as connection:
        rows.quarantine(connection, hub, rows.station_that_may(connection, station), "a test")
    store.close()
    assert "quarantined" in run("stations")[1]
    status, said = run("quarantine-end", station)
    assert (status, "trusted again" in said) == (0, True)


def test_a_stolen_terminal_is_shut_out(place: HubPlace, run) -> None:
    station = _enrol(place, json.loads(run("enrol-code", "--json")[1])["code"])
    assert "hub-not-there" in run("quarantine", "st-nobody", "--reason", "stolen")[1]
    status, said = run("quarantine", station, "--reason", "stolen from a van")
    assert (status, "trusted no more" in said) == (0, True)
    assert "quarantined" in run("stations")[1]
    assert "hub-not-now" in run("quarantine", station, "--reason", "stolen")[1]
    assert run("quarantine-end", station)[0] == 0


def test_a_terminal_that_is_no_more_is_removed(place: HubPlace, run) -> None:
    station = _enrol(place, json.loads(run("enrol-code", "--json")[1])["code"])
    assert "hub-not-there" in run("station-remove", "st-nobody", "--reason", "scrapped")[1]
    status, said = run("station-remove", station, "--reason", "scrapped")
    assert (status, said) == (0, "FD-09 is none of the hub's stations any more.\n")
    assert station not in run("stations")[1]


def test_a_terminal_is_meant_by_its_name_where_one_station_has_it(place: HubPlace, run) -> None:
    def enrolled() -> str:
        return _enrol(place, json.loads(run("enrol-code", "--json")[1])["code"])

    enrolled()
    nobody = run("quarantine", "FD-99", "--reason", "stolen")[1]
    assert "the name FD-99" in nobody
    assert "hub stations lists them" in nobody
    assert run("quarantine", "fd-09", "--reason", "stolen")[1].startswith("FD-09 is trusted no more")
    assert run("quarantine-end", "FD-09")[0] == 0
    assert run("station-remove", "FD-09", "--reason", "scrapped")[0] == 0
    store = place.store()
    with store.writing() as connection:
        for station in ("st-1", "st-2"):
            row = {"station": station, "public_key": station, "terminal": "FD-07", "place": station, "enrolled": 1.0}
            connection.execute(insert(stations).values(row))
    store.close()
    assert "2 stations are called FD-07" in run("station-remove", "FD-07", "--reason", "scrapped")[1]
    assert run("station-remove", "st-1", "--reason", "scrapped")[0] == 0


def test_whose_account_was_renamed_is_said(place: HubPlace, run) -> None:
    store = place.store()
    with store.writing() as connection:
        officers.note(connection, Person(officer="i#1", number="1", name="Ann", user_name="ann.maiden"), "station:st-1")
    store.close()
    assert "hub-not-there" in run("officer-name", "i#2", "ann", "--reason", "married")[1]
    said = run("officer-name", "i#1", " ann ", "--reason", "married")
    assert said == (0, "i#1 logs on as ann; until now: ann.maiden.\n")
    with pytest.raises(SystemExit):
        run("officer-name", "i#1", " ", "--reason", "married")


def test_a_code_for_a_terminal_that_there_is_says_what_comes_of_it(place: HubPlace, run) -> None:
    words = ("enrol-code", "--terminal", "FD-09", "--place", "Back")
    status, said = run(*words)
    assert (status, "takes its place" in said) == (0, False)
    station = _enrol(place, said.splitlines()[0])
    assert f"{station} is called so" in run(*words)[1]
    assert "takes its place" in run(*words)[1]


def test_what_terminals_told_of_groups_that_hide_an_officer_is_shown_and_taken_back(
    place: HubPlace, tmp_path: Path, run
) -> None:
    station = _enrol(place, json.loads(run("enrol-code", "--json")[1])["code"])
    hides = tmp_path / "hub.toml"
    hides.write_text('[helpdesk]\nrestricted_groups = ["Secret"]\n', encoding="utf-8")
    alice = Person(officer="i#1", number="4471", name="Alice Jones", user_name="alice", groups=("secret", "response"))
    twin = Person(officer="made-up#1", number="9", name="", user_name="alice", groups=("secret",))
    proved = Person(officer="i#2", number="4472", name="Bob Ng", groups=("secret",))
    store = place.store()
    with store.writing() as connection:
        for who, by in ((alice, f"station:{station}"), (twin, "station:removed"), (proved, "openid")):
            officers.note(connection, who, by, 1.0, {"secret"})
    store.close()

    def groups(*words: str) -> tuple[int, str]:
        return run("officer-groups", *words, "--hub", str(hides))

    status, said = groups("4471")
    assert (status, said.splitlines()) == (0, [
        "i#1  4471  alice  Alice Jones", f"  secret  told by FD-09 ({station})",
        "made-up#1  9  alice", "  secret  told by a terminal that was removed",
    ])  # fmt: skip
    assert groups("i#2")[1].splitlines()[1:] == ["  secret  told by a token"]
    assert "hub-not-there" in groups("4473")[1]
    assert "hub-not-there" in groups("4471", "--forget", "a stolen terminal")[1]  # a number may be several officers'
    assert "hub-not-now" in groups("i#2", "--forget", "a stolen terminal")[1]
    with pytest.raises(SystemExit):
        groups("i#1", "--forget", "  ")
    assert groups("i#1", "--forget", "a stolen terminal")[0] == 0
    assert "no group" in groups("i#1")[1]
    assert "hub-not-now" in groups("i#1", "--forget", "a stolen terminal")[1]
    written = map(json.loads, run("audit", "export")[1].splitlines())
    taken_back = [(row["subject"], row["reason"], row["details"]) for row in written if row["kind"] == "officer-groups"]
    told_by = [f"station:{station}"]
    assert taken_back == [("i#1", "a stolen terminal", {"taken_back": ["secret"], "told_by": told_by})]


def test_the_key_is_its_owners_and_is_never_printed(place: HubPlace, run) -> None:
    kept = place.state / "keys" / "hub-key.key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.state.stat().st_mode) == 0o700
    for words in (("stations",), ("enrol-code",), ("upgrade",)):
        assert kept.read_text() not in run(*words)[1]


def test_a_store_is_not_served_with_another_hubs_key(place: HubPlace) -> None:
    store = place.store()
    other = SigningKey.made()
    with pytest.raises(own_key.OtherKeyError):
        own_key.must_be_its_own(store, other, 2.0)
    own_key.must_be_its_own(store, other, 2.0, new=True)
    own_key.must_be_its_own(store, other, 3.0)
    with pytest.raises(own_key.OtherKeyError):
        own_key.must_be_its_own(store, place.key(), 4.0)
    own_key.must_be_its_own(store, place.key(), 5.0, new=True)  # the old one was found again
    own_key.must_be_its_own(store, place.key(), 6.0)
    store.close()


def test_what_was_never_served_says_how_to_begin(run, tmp_path: Path) -> None:
    status, said = run("stations", state=tmp_path / "new")
    assert (status, "Name its folder by --state" in said, str(tmp_path / "new") in said) == (1, True, True)
    assert not (tmp_path / "new").exists()  # it was mistyped, as a rule
    assert run("upgrade", state=tmp_path / "new") == (0, "The store is upgraded.\n")
    assert run("stations", state=tmp_path / "new")[0] == 0


def test_a_backup_goes_into_a_new_state(place: HubPlace, run, tmp_path: Path) -> None:
    station = _enrol(place, json.loads(run("enrol-code", "--json")[1])["code"])
    file = str(tmp_path / "hub.backup")
    status, said = run("backup", file)
    assert (status, "key is not" in said) == (0, True)
    assert "hub-backup-not-written" in run("backup", file)[1]
    assert "hub-store-not-empty" in run("restore", file)[1]
    status, said = run("restore", file, state=tmp_path / "new")
    assert (status, "put the folder keys" in said) == (0, True)
    assert stat.S_IMODE((tmp_path / "new" / "hub.db").stat().st_mode) == 0o600
    assert station in run("stations", state=tmp_path / "new")[1]
    (tmp_path / "hub.backup").write_bytes(b"not one")
    assert "hub-backup-faulty" in run("restore", file, state=tmp_path / "newer")[1]
    assert not (tmp_path / "newer").exists(), "a file that is refused makes nothing"


def test_a_database_that_is_away_is_to_be_looked_after_by_who_asked(run, tmp_path: Path) -> None:
    """A hub that serves goes on by itself, a command does not."""
    hub = tmp_path / "hub.toml"
    hub.write_text('[store]\nurl = "postgresql://hub@127.0.0.1:1/none"\n')
    said = run("stations", "--hub", str(hub))[1]
    assert ("hub-store-away" in said, "[store] url" in said, "by itself" in said) == (True, True, False)
    hub.write_text('[store]\nurl = "postgres://hub@127.0.0.1:1/none"\n')
    assert "Write postgresql://" in run("stations", "--hub", str(hub))[1]


def test_a_state_folder_that_cannot_be_is_said(run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "hub-settings-faulty" in run("stations", state=tmp_path / "file" / "state")[1]


@pytest.mark.needs("root")
def test_nothing_is_made_in_another_accounts_state_folder(run, tmp_path: Path) -> None:
    state = tmp_path / "others"
    state.mkdir()
    os.chown(state, 65534, -1)
    for words in (("stations",), ("enrol-code",), ("audit", "verify")):
        assert "the hub's account" in run(*words, state=state)[1]
    assert list(state.iterdir()) == []


def test_a_damaged_key_is_said_and_stays(place: HubPlace, run) -> None:
    kept = place.state / "keys" / "hub-key.key"
    kept.write_text("damaged")
    assert "hub-settings-faulty" in run("stations")[1]
    assert kept.read_text() == "damaged"


@pytest.mark.parametrize(("many", "says"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows")])
def test_one_row_is_said_as_one(many: int, says: str) -> None:
    assert in_rows(many) == says
