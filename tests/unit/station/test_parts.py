"""The station's parts: environment, folders, log, limits, switch times."""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import os
from dataclasses import asdict
from pathlib import Path

import pytest

from launcher.errors import WireError
from launcher.policy.checked_before import limits_of
from launcher.policy.settings import Settings
from launcher.station import StationLimits
from launcher.station.environment import session_environment
from launcher.station.homes import Homes, remove, sessions_of, stale
from launcher.station.limits import look_every_s, silence_limit_s
from launcher.station.log import JsonLines, OpenLog, say
from launcher.station.switches import Switch
from tests.unit.timings.test_clock import Hand


def test_only_what_is_on_the_list_reaches_a_session() -> None:
    ours = {
        "PATH": "/usr/bin",
        "LC_ALL": "C",
        "QT_SCALE_FACTOR": "2",
        "SECRET_TOKEN": "x",
        "SSH_AUTH_SOCK": "/run/agent",
        "DBUS_SESSION_BUS_ADDRESS": "unix:x",
        "HOME": "/home/kiosk",
        "LD_PRELOAD": "/tmp/x.so",
    }
    env = session_environment(ours, Path("/h"), token="t", link=7)
    assert {"PATH", "LC_ALL", "QT_SCALE_FACTOR"} <= env.keys()
    assert not {"SECRET_TOKEN", "SSH_AUTH_SOCK", "DBUS_SESSION_BUS_ADDRESS", "LD_PRELOAD"} & env.keys()
    assert env["HOME"] == "/h/home"
    assert env["KRB5CCNAME"].startswith("FILE:/h/")
    assert env["STATION_LAUNCHER_LINK"] == "7"
    passed = session_environment(ours, Path("/h"), token="t", link=7, passed=("DBUS_SESSION_BUS_ADDRESS",))
    assert passed["DBUS_SESSION_BUS_ADDRESS"] == "unix:x"


def test_the_display_is_found_although_home_is_another(tmp_path: Path) -> None:
    (tmp_path / ".Xauthority").touch()
    ours = {"HOME": str(tmp_path), "DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": "/run/user/7"}
    env = session_environment(ours, Path("/h"), token="t", link=7)
    assert env["XAUTHORITY"] == str(tmp_path / ".Xauthority")
    assert env["WAYLAND_DISPLAY"] == "/run/user/7/wayland-0"
    assert env["XDG_RUNTIME_DIR"] == "/h/run"


def test_a_session_has_private_folders_that_go_whatever_was_done_to_them(tmp_path: Path) -> None:
    homes = Homes(tmp_path)
    home = homes.make()
    assert sessions_of(homes.folder) == (home.name,)
    assert all(path.stat().st_mode & 0o777 == 0o700 for path in (homes.folder, home, *home.iterdir()))
    (home / "home" / "deep").mkdir()
    (home / "home" / "deep" / "file").touch()
    (home / "home" / "link").symlink_to(tmp_path)
    (home / "home" / "deep").chmod(0)
    assert remove(home) == ()
    assert not home.exists()
    assert homes.close() == ()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_removed_shuts_nobody_out_of_the_one_it_lies_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o1777)
    home = tmp_path / "home"
    home.mkdir()
    rmdir = os.rmdir

    def busy(path: str, *, dir_fd: int | None = None) -> None:
        if Path(path).name == "home":
            raise OSError(errno.EBUSY, "something is mounted there")
        rmdir(path, dir_fd=dir_fd)

    monkeypatch.setattr(os, "rmdir", busy)
    assert remove(home) == (str(home),)
    assert tmp_path.stat().st_mode & 0o7777 == 0o1777


def test_folders_of_a_station_that_was_killed_are_known_by_their_lock(tmp_path: Path) -> None:
    running = Homes(tmp_path)
    left = tmp_path / f"station-launcher-{os.getuid()}-left"
    (left / "0123456789abcdef").mkdir(parents=True)
    (left / ".station").touch()
    (tmp_path / f"station-launcher-{os.getuid()}-being-made").mkdir()
    assert stale(tmp_path) == (left,)
    with (left / ".station").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert stale(tmp_path) == ()
    running.close()


def fail_with(fault: Exception) -> None:
    raise fault


def test_the_log_writes_listed_fields_only_and_keeps_foreign_texts_out(tmp_path: Path) -> None:
    log = OpenLog(tmp_path, stderr_level=60)
    logger = logging.getLogger("launcher.station.test")
    say(logger, "session-ended", session=3, password="hunter2")
    for fault in (ValueError("hunter2"), WireError("A message is not JSON.")):
        try:
            fail_with(fault)
        except Exception:
            logger.exception("station-fault")
    log.close()
    say(logger, "after the end")
    text = log.path.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert "hunter2" not in text
    assert lines[0]["session"] == 3
    assert lines[0]["fault"] == "fields not allowed: password"
    assert lines[1]["fault"].startswith("ValueError at test_parts.py:")
    assert lines[2]["fault"].endswith("wire-message-refused: A message is not JSON.")
    assert len(lines) == 3
    assert log.path.stat().st_mode & 0o777 == 0o600


def test_a_line_of_the_log_is_one_line() -> None:
    record = logging.LogRecord("launcher", logging.INFO, "", 0, "two\nlines", None, None)
    assert "\n" not in JsonLines().format(record)


@pytest.mark.parametrize("heartbeat_s", [0.1, 0.5, 1.0])
def test_silence_is_noticed_within_the_limit_and_one_late_beat_is_no_silence(heartbeat_s: float) -> None:
    limits = StationLimits(heartbeat_s=heartbeat_s, unresponsive_s=3.0)
    assert silence_limit_s(limits) + look_every_s(limits) <= limits.unresponsive_s
    assert silence_limit_s(limits) >= 1.5 * heartbeat_s


def test_the_station_file_gives_limits() -> None:
    settings = Settings.model_validate(
        {"station": {"terminal": "FD-02"}, "sign_in": {"methods": ["local"]}, "local": {}}
    )
    given = limits_of(settings)
    assert {name: getattr(given, name) for name in StationLimits.__slots__} == asdict(StationLimits())
    assert silence_limit_s(given) == silence_limit_s(StationLimits())


def test_a_switch_keeps_what_overlaps() -> None:
    clock = Hand()
    switch = Switch(1, "log-off", clock)
    switch.leaving("stop_apps", ended=False)
    clock.pass_ms(10)
    switch.leaving("stop_apps", ended=True)
    switch.leaving("sign_off", ended=False)
    switch.leaving("sign_off", ended=False)
    assert switch.painted() == pytest.approx(10)
    early = switch.complete
    clock.pass_ms(30)
    switch.ends()
    clock.pass_ms(5)
    switch.cleaned()
    assert (early, switch.complete) == (False, True)
    record = switch.record()
    spans = {span.phase: (span.start_ms, span.duration_ms) for span in record.phases}
    assert spans["next_screen"] == pytest.approx((0, 10), abs=0.01)
    assert spans["sign_off"] == pytest.approx((10, 35), abs=0.01)
    assert spans["end"] == pytest.approx((40, 5), abs=0.01)
    assert record.total_ms == pytest.approx(45, abs=0.01)
