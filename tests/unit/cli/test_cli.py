"""What each command says and answers; real files, no screen."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from launcher import __version__
from launcher.bootstrap.doctor import Finding
from launcher.cli import UNREAD, _must_be_writable, main, parser
from launcher.grants.key_files import FileKeyStore
from launcher.secret import Secret
from launcher.timings import Spool
from launcher.wire.records import LaunchRecord, NoticeRecord, PhaseSpan, SignInRecord
from tests.unit.session.bench import Bench, program

STATION = '[station]\nterminal = "FD-02"\n[sign_in]\nmethods = ["local"]\n[local]\n[credentials]\nkeep = "{keep}"\n'


@pytest.fixture
def station(tmp_path: Path) -> list[str]:
    """A station file and a state folder, as options."""
    (tmp_path / "catalogue").mkdir()
    file = tmp_path / "station.toml"
    file.write_text(STATION.format(keep="file"))
    return ["--station", str(file), "--state", str(tmp_path / "state")]


@pytest.mark.parametrize("words", [["--help"], ["station", "install", "--dry-run"]], ids=" ".join)
def test_who_reads_no_further_ends_a_command_quietly(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    read, written = os.pipe()
    os.close(read)
    with os.fdopen(written, "w", encoding="utf-8") as nobody_reads:
        monkeypatch.setattr(sys, "stdout", nobody_reads)
        assert main(words) == UNREAD


# --- the words


def test_a_run_is_not_written_where_a_person_plays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":987")
    with pytest.raises(SystemExit) as caught:
        main(["demo", "--json", str(tmp_path / "run.json")])
    assert caught.value.code == 2
    assert "give --headless, too" in capsys.readouterr().err


def test_a_run_that_could_not_be_written_does_not_begin(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["demo", "--headless", "--json", str(tmp_path / "none" / "run.json")])
    assert caught.value.code == 2
    assert "run.json cannot be written: No such file or directory." in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["demo", "--headless", "--json", str(tmp_path)])
    assert "cannot be written: Is a directory." in capsys.readouterr().err


def test_asking_whether_a_run_can_be_written_leaves_all_as_it_was(tmp_path: Path) -> None:
    new, kept, pipe, link = (tmp_path / name for name in ("new.json", "kept.json", "pipe", "link"))
    kept.write_text("an earlier run")
    os.mkfifo(pipe)
    link.symlink_to("later.json")
    for file in (new, kept, pipe, link):
        _must_be_writable(file, parser())
    assert sorted(one.name for one in tmp_path.iterdir()) == ["kept.json", "link", "pipe"]
    assert kept.read_text() == "an earlier run"


@pytest.mark.parametrize("command", ["start", "session", "demo"])
def test_windows_has_no_station_yet_and_that_is_said(
    station: list[str], command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    argv = [command] if command == "demo" else [command, *station]
    with monkeypatch.context() as windows:
        windows.setattr(sys, "platform", "win32")
        assert main(argv) == 1
    said = capsys.readouterr()
    assert "station-platform-unknown" in said.err + said.out


def test_a_station_without_a_display_says_so_and_starts_nothing(
    station: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main(["start", *station]) == 1
    said = capsys.readouterr()
    assert "There is no display" in said.err + said.out
    assert "display-missing" in said.err + said.out
    assert not (tmp_path / "state").exists()


def test_the_version_and_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    for argv in (["--version"], ["--help"]):
        with pytest.raises(SystemExit) as caught:
            main(argv)
        assert caught.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith(__version__)
    assert "check this computer" in said


@pytest.mark.parametrize(
    "argv",
    [["start"], ["catalogue", "check"], ["catalogue", "list"], ["system", "try", "x"], ["key", "directory-search"]],
)
def test_no_station_file_is_said_with_its_reference(
    argv: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "none.toml"
    assert main([*argv, "--station", str(missing), "--state", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[0] == f"There is no station file at {missing}."
    assert "Reference: station-file-faulty" in said.err


def test_a_faulty_station_file_is_said_with_line_and_near_match(
    station: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path(station[1])
    file.write_text(file.read_text().replace("keep", "keeps"))
    assert main(["catalogue", "list", *station]) == 1
    said = capsys.readouterr().err
    assert "Reference: station-file-faulty" in said
    assert said.count("station.toml:7") == 1
    assert "keep" in said


def test_it_runs_as_a_module(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "launcher", "catalogue", "check", str(tmp_path), "--station", str(tmp_path / "no")]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "0 entries can be used, 0 faults, 0 warnings.\n"


# --- catalogue


def test_a_check_lists_every_fault_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "good.toml").write_text(program("-c", ""))
    (tmp_path / "one.toml").write_text(
        'name = "One"\nkind = "web"\nnme = "x"\n[web]\nurl = "ftp://x"\nsign_on = "form"\n'
    )
    (tmp_path / "two.toml").write_text("name = \n")
    (tmp_path / "Three.toml").write_text(program("-c", ""))
    none = ["--station", str(tmp_path / "none")]
    assert main(["catalogue", "check", str(tmp_path), *none]) == 1
    lines = capsys.readouterr().out.splitlines()
    for name in ("one.toml:3", "one.toml:5", "two.toml:1", "Three.toml"):
        assert [line for line in lines if name in line], name
    assert "did you mean 'name'" in "\n".join(lines) or "name" in "\n".join(lines)
    assert lines[-1].startswith("1 entry can be used, ")
    (tmp_path / "one.toml").unlink()
    (tmp_path / "two.toml").unlink()
    (tmp_path / "Three.toml").unlink()
    assert main(["catalogue", "check", str(tmp_path), *none]) == 0
    assert main(["catalogue", "check", str(tmp_path / "nowhere"), *none]) == 1
    assert "cannot be read" in capsys.readouterr().out


def test_a_check_with_a_station_file_applies_its_policy(
    station: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "catalogue" / "console.toml").write_text(program("-c", ""))
    assert main(["catalogue", "check", *station]) == 1
    assert "policy does not allow" in capsys.readouterr().out
    assert main(["catalogue", "check", str(tmp_path / "catalogue"), "--station", str(tmp_path / "none")]) == 0


def test_a_list_has_a_line_for_each_entry_and_says_what_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = Bench(tmp_path / "b", {"console": program("-c", "", more='groups = ["All-Staff"]\n'), "bad": "x"})
    options = ["--station", str(bench.where.station), "--state", str(bench.where.state)]
    assert main(["catalogue", "list", *options]) == 0
    said = capsys.readouterr()
    (line,) = said.out.splitlines()
    assert line.split("  ")[0] == "console"
    assert line.endswith("all-staff")
    assert "1 faults" in said.err


# --- timings


def test_timings_of_nothing(station: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["timings", *station]) == 0
    assert "Nothing was recorded" in capsys.readouterr().out
    assert main(["timings", "--json", *station]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_timings_by_system_and_phase(station: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    state = Path(station[3])
    state.mkdir()
    now = time.time()
    spool = Spool(state / "timings.db")
    phases = (PhaseSpan(phase="load", start_ms=0.0, duration_ms=900.0),)
    for outcome, at in (("ready", now), ("failed", now), ("ready", now - 3 * 86400)):
        spool.record(
            LaunchRecord.model_validate(
                {
                    "at": at, "system": "custody-record", "system_kind": "web", "sign_on": "form", "outcome": outcome,
                    "prompts": 0, "total_ms": 1000.0, "phases": phases,
                }
            )
        )  # fmt: skip
    spool.record(SignInRecord(at=now, method="local", outcome="refused", total_ms=1.0, phases=()))
    spool.close()
    assert main(["timings", "--json", *station]) == 0
    rows = {(one["system"], one["phase"]): one for one in json.loads(capsys.readouterr().out)}
    assert rows["custody-record", "total"]["n"] == 3
    assert rows["custody-record", "total"]["failures"] == 1
    assert rows["custody-record", "load"]["p50_ms"] == 900.0
    assert not [one for one in rows.values() if math.isnan(one["p50_ms"]) or math.isnan(one["p95_ms"])]
    assert main(["timings", "--json", "--days", "1", *station]) == 0
    rows = {(one["system"], one["phase"]): one for one in json.loads(capsys.readouterr().out)}
    assert rows["custody-record", "total"]["n"] == 2
    assert main(["timings", *station]) == 0
    assert "custody-record" in capsys.readouterr().out


# --- key


def pipe_with(text: str) -> int:
    reading, writing = os.pipe()
    os.write(writing, text.encode())
    os.close(writing)
    return reading


def test_a_key_is_kept_and_never_shown(station: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    secret = "the-search-account's-pass"
    assert main(["key", "directory-search", "--value-fd", str(pipe_with(secret + "\n")), *station]) == 0
    said = capsys.readouterr()
    assert said.out == "Kept as directory-search.\n"
    assert secret not in said.out + said.err
    assert FileKeyStore(Path(station[3]) / "keys").get("directory-search") == Secret(secret)


def test_a_key_that_cannot_be_kept_or_read_is_said(station: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    for value in (str(pipe_with("")), str(pipe_with("\n")), "987"):
        assert main(["key", "directory-search", "--value-fd", value, *station]) == 1
        assert "Reference: secret-not-read" in capsys.readouterr().err
    assert not (Path(station[3]) / "keys").exists()
    Path(station[1]).write_text(STATION.format(keep="off"))
    assert main(["key", "directory-search", "--value-fd", str(pipe_with("x\n")), *station]) == 1
    assert "keep is off" in capsys.readouterr().err


# --- doctor


def test_the_doctor_says_what_to_do_for_each_finding(station: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path(station[3]).mkdir(mode=0o755)
    Path(station[3]).chmod(0o755)
    status = main(["doctor", *station])
    lines = capsys.readouterr().out.splitlines()
    looks = [index for index, line in enumerate(lines) if line.startswith("LOOK")]
    assert all(lines[index + 1].startswith("      ") for index in looks)
    assert [line for line in lines if line.startswith("LOOK  state folder: others may enter")]
    assert [line for line in lines if line.startswith("ok    station file")]
    assert [line for line in lines if line.startswith("LOOK  catalogue: there is no system in")]
    assert [line for line in lines if line.startswith("ok    key store")]
    assert lines[-1].endswith(f"{len(looks)} to look after.")
    assert status == 1
    assert not Finding("x", "y", "do z").well


def test_the_doctor_without_a_station_file_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--station", str(tmp_path / "none"), "--state", str(tmp_path / "state")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("LOOK  station file: There is no station file")]


def test_the_doctor_says_each_fault_of_the_station_file_once(
    station: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path(station[1])
    file.write_text(file.read_text().replace("keep", "keeps").replace("terminal", "terminals"))
    assert main(["doctor", *station]) == 1
    lines = capsys.readouterr().out.splitlines()
    faults = [line for line in lines if "station.toml:" in line]
    assert len(faults) > 1
    for number in (2, 7):
        assert len([line for line in faults if f"station.toml:{number}" in line]) == 1
    assert all(line.startswith("      ") for line in faults[1:])


def test_who_acknowledged_which_notice(station: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["timings", "--notices", *station]) == 0
    assert "No notice was acknowledged" in capsys.readouterr().out
    state = Path(station[3])
    state.mkdir()
    now = round(time.time(), 3)
    spool = Spool(state / "timings.db")
    for at, officer in ((now - 30 * 86400, "local#4471"), (now, "local#4472")):
        spool.record(NoticeRecord(at=at, system="case-office", page="law", officer=officer))
    spool.record(SignInRecord(at=now, method="local", outcome="refused", total_ms=1.0, phases=()))
    spool.close()
    assert main(["timings", "--notices", "--json", *station]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"at": now, "system": "case-office", "page": "law", "officer": "local#4472"},
        {"at": now - 30 * 86400, "system": "case-office", "page": "law", "officer": "local#4471"},
    ]
    assert main(["timings", "--notices", "--days", "7", *station]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["when", "system", "notice", "officer"]
    (row,) = rows
    assert row.split()[2:] == ["case-office", "law", "local#4472"]
    assert datetime.fromisoformat(" ".join(row.split()[:2])).timestamp() == int(now)


def test_a_command_that_opens_no_system_loads_no_client_of_one() -> None:
    road = "import launcher.bootstrap.tools, launcher.bootstrap.enrolling"
    clients = ("launcher.bootstrap.parts", "launcher.connectors", "launcher.identity", "msal", "requests")
    code = f"import sys; {road}; print([name for name in {clients!r} if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
