"""What doctor finds on systems that are no more than a folder, and on clocks and certificates of the test's own."""

from __future__ import annotations

import email.utils
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from launcher.bootstrap.doctor import clock, kiosk, memory, reach, station, trust
from launcher.bootstrap.doctor import screen as doctor_screen
from launcher.bootstrap.doctor.finding import Finding
from launcher.cli import main
from launcher.policy.settings import Settings
from launcher.station.install.routes import ROUTES
from tests.servers.certificates import Certificates
from tests.servers.xvfb import Screen

HEAD = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"


def put(root: Path, path: str, text: str) -> None:
    file = root / path.lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def of(findings: object, looked_at: str) -> Finding:
    assert hasattr(findings, "__iter__")
    (found,) = [one for one in findings if one.looked_at == looked_at]
    assert isinstance(found, Finding)
    return found


# --- memory


@pytest.mark.parametrize(
    ("swaps", "files", "well", "said"),
    [
        ("", {}, True, "off"),
        ("/dev/sda2 partition 1 0 -2\n", {}, False, "/dev/sda2 (not encrypted)"),
        ("/swapfile file 1 0 -2\n", {}, False, "/swapfile (not encrypted)"),
        ("/dev/zram0 partition 1 0 5\n", {"zram0/backing_dev": "none\n"}, True, "/dev/zram0 (in memory)"),
        ("/dev/zram0 partition 1 0 5\n", {"zram0/backing_dev": "/dev/sdb1\n"}, False, "not encrypted"),
        ("/dev/dm-0 partition 1 0 5\n", {"dm-0/dm/uuid": "CRYPT-PLAIN-swap\n"}, True, "/dev/dm-0 (encrypted)"),
        ("/dev/dm-1 partition 1 0 5\n", {"dm-1/dm/uuid": "LVM-x\n"}, False, "/dev/dm-1 (not encrypted)"),
        (
            "/dev/dm-1 partition 1 0 5\n",
            {"dm-1/dm/uuid": "LVM-x\n", "dm-1/slaves/dm-0/x": "", "dm-0/dm/uuid": "CRYPT-LUKS2-x\n"},
            True,
            "/dev/dm-1 (encrypted)",
        ),
        (
            "/dev/dm-1 partition 1 0 5\n/dev/sda2 partition 1 0 5\n",
            {"dm-1/dm/uuid": "CRYPT-x\n"},
            False,
            "/dev/dm-1 (encrypted), /dev/sda2 (not encrypted)",
        ),
    ],
)
def test_swap(tmp_path: Path, swaps: str, files: dict[str, str], well: bool, said: str) -> None:
    put(tmp_path, "/proc/swaps", HEAD + swaps)
    for name, text in files.items():
        put(tmp_path, f"/sys/class/block/{name}", text)
    found = of(memory.memory_findings(tmp_path), "swap")
    assert (found.well, said in found.found) == (well, True), found


def test_spelling_wants_a_dictionary(tmp_path: Path) -> None:
    assert "hunspell-en-gb" in kiosk.spelling(tmp_path).next_step
    put(tmp_path, "/usr/share/qt6/qtwebengine_dictionaries/en-GB.bdic", "")
    assert kiosk.spelling(tmp_path).well


def test_swap_that_cannot_be_seen_is_to_be_looked_after(tmp_path: Path) -> None:
    assert not of(memory.memory_findings(tmp_path), "swap").well


@pytest.mark.parametrize(
    ("files", "well"),
    [
        ({"/sys/power/state": "freeze mem\n"}, True),
        ({"/sys/power/state": "mem disk\n", "/proc/swaps": HEAD}, True),
        ({"/sys/power/state": "mem disk\n", "/proc/cmdline": "quiet resume=/dev/sda2\n"}, False),
        ({"/sys/power/state": "disk\n", "/etc/systemd/sleep.conf.d/9.conf": "[Sleep]\nAllowHibernation=no\n"}, True),
        ({"/sys/power/state": "disk\n", "/etc/systemd/sleep.conf": "#AllowHibernation=no\n"}, False),
        (
            {
                "/sys/power/state": "disk\n",
                "/etc/systemd/sleep.conf": "AllowHibernation=no\n",
                "/etc/systemd/sleep.conf.d/9.conf": "AllowHibernation=yes\n",
            },
            False,
        ),
    ],
)
def test_hibernation(tmp_path: Path, files: dict[str, str], well: bool) -> None:
    put(tmp_path, "/proc/swaps", HEAD + "/dev/sda2 partition 1 0 -2\n")
    for path, text in files.items():
        put(tmp_path, path, text)
    found = of(memory.memory_findings(tmp_path), "hibernation")
    assert found.well == well, found
    assert ("/dev/sda2" in found.found) == ("/proc/cmdline" in files)


@pytest.mark.parametrize(
    ("pattern", "storage", "well"),
    [
        ("core", "", True),
        ("|/usr/lib/systemd/systemd-coredump %P", "", False),
        ("|/usr/lib/systemd/systemd-coredump %P", "[Coredump]\nStorage=none\n", True),
        ("|/usr/share/apport/apport %p", "[Coredump]\nStorage=none\n", False),
    ],
)
def test_core_files(tmp_path: Path, pattern: str, storage: str, well: bool) -> None:
    put(tmp_path, "/proc/sys/kernel/core_pattern", pattern + "\n")
    put(tmp_path, "/etc/systemd/coredump.conf.d/9.conf", storage)
    assert of(memory.memory_findings(tmp_path), "core files").well == well


@pytest.mark.parametrize(
    ("options", "well"),
    [("rw,nosuid", True), ("rw,hidepid=0", True), ("rw,gid=4,hidepid=2", False), ("rw,hidepid=invisible", False)],
)
def test_processes_that_are_hidden(tmp_path: Path, options: str, well: bool) -> None:
    put(tmp_path, "/proc/mounts", f"sysfs /sys sysfs rw 0 0\nproc /proc proc {options} 0 0\n")
    assert of(memory.memory_findings(tmp_path), "processes").well == well


# --- the clock


def test_a_clock_that_nothing_keeps_right_is_said() -> None:
    assert clock.kept(0).well
    assert clock.kept(0x2001).well  # kept, with finer steps
    assert not clock.kept(0x40).well
    assert not clock.kept(None).well
    assert isinstance(clock.kernel_status(), int)


@pytest.mark.parametrize(
    ("off_s", "well", "said"),
    [(0, True, ""), (59, True, ""), (61, False, "61 s ahead"), (-3600, False, "3600 s behind")],
)
def test_a_clock_is_compared_with_the_provider_s(off_s: float, well: bool, said: str) -> None:
    now = 1_800_000_000.0
    found = clock.compared("clock", email.utils.formatdate(now - off_s, usegmt=True), now)
    assert found.well == well
    assert said in found.found
    assert clock.compared("clock", "yesterday", now).well


def test_a_provider_that_does_not_answer_tells_no_time() -> None:
    found = clock.skew("https://127.0.0.1:9", None)
    assert "no answer" in found.found
    assert not found.well


def test_a_directory_that_nobody_has_written_yet_is_called_that() -> None:
    found = reach._directory("ldaps://directory.invalid", None)
    assert found.found == "stands in the station file as it was made by station install"
    assert not found.well


# --- trust


def certificate(ends: datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Force CA")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, ends - timedelta(days=90), ends)
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


@pytest.mark.parametrize(
    ("days", "well", "said"), [(90, True, "good until"), (29, False, "expires"), (-1, False, "expired")]
)
def test_the_dates_of_an_authority(tmp_path: Path, days: int, well: bool, said: str) -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    file = tmp_path / "ca.pem"
    file.write_bytes(certificate(now + timedelta(days=400)) + certificate(now + timedelta(days=days)))
    file.chmod(0o644)
    found = trust.authority("web.private_ca_file", file, now)
    assert (found.well, said in found.found) == (well, True), found
    file.chmod(0o600)
    assert not trust.authority("web.private_ca_file", file, now).well
    file.write_text("no certificate")
    assert "no PEM file" in trust.authority("x", file, now).found
    file.unlink()
    assert "No such file" in trust.authority("x", file, now).found


def test_the_authority_of_the_tests_is_good(certificates: Certificates) -> None:
    file = certificates.ca
    found = trust.authority("directory.ca_file", file, datetime.now(UTC))
    assert "good until" in found.found or "not readable by all" in found.found or "expires" in found.found


# --- the kiosk


def test_a_computer_that_is_no_station_is_told_each_way_out(tmp_path: Path) -> None:
    found = list(kiosk.kiosk_findings(tmp_path))
    assert not of(found, "service").well
    assert not of(found, "slot accounts").well
    for route in ROUTES:
        one = of(found, f"way out: {route.name}")
        assert one.next_step or one.found == f"closed: {route.how}"
    by_hand = [one for one in found if one.by_hand]
    assert [one.looked_at for one in by_hand] == ["way out: Boot menu, firmware, another disk or stick to boot from"]
    assert all(one.next_step for one in by_hand)


PASSWD = "station-slot{n}:x:99{n}:990:x:/nonexistent:/usr/sbin/nologin\n"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda text: text, ""),
        (lambda text: text.replace("995:990", "995:0"), "station-slot5: its group is"),
        (
            lambda text: text.replace("994:990:x:/nonexistent:/usr/sbin/nologin", "994:990:x:/nonexistent:/bin/sh"),
            "/bin/sh",
        ),
        (lambda text: text.partition("station-slot6")[0], "5 of 6"),
    ],
)
def test_slot_accounts(tmp_path: Path, spoil: Callable[[str], str], said: str) -> None:
    put(tmp_path, "/etc/passwd", spoil("".join(PASSWD.format(n=n) for n in range(1, 7))))
    put(tmp_path, "/etc/group", "root:x:0:\nstation-slots:x:990:\n")
    found = kiosk.slots(tmp_path)
    assert found.well == (not said)
    assert said in found.found
    put(tmp_path, "/etc/group", "root:x:0:\nstation-slots:x:990:\nsudo:x:27:station-slot1\n")
    assert "station-slot1: it is in sudo" in kiosk.slots(tmp_path).found


def test_folders_that_are_open_to_all_and_not_cleared_are_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    for name in ("srv/share", "tmp/cleared", "opt/shut/open", "opt/ours", "var/lib/php/sessions/x", "usr/lib"):
        (tmp_path / name).mkdir(parents=True)
    assert list(kiosk.left_open(tmp_path)) == [], "without slot accounts nothing is cleared by account"
    put(tmp_path, "/etc/passwd", PASSWD.format(n=1))
    put(tmp_path, "/etc/group", "station-slots:x:990:\n")
    for name in ("tmp", "tmp/cleared", "var/lib/php/sessions/x"):
        (tmp_path / name).chmod(0o1777)
    (found,) = kiosk.left_open(tmp_path)
    assert found.well
    (tmp_path / "srv/share").chmod(0o1777)
    (tmp_path / "opt/shut/open").chmod(0o1777)
    (tmp_path / "opt/shut").chmod(0o700)  # no slot gets there
    (found,) = kiosk.left_open(tmp_path)
    assert found.found == str(tmp_path / "srv/share")
    assert "chmod o-w" in found.next_step


# --- the station


LOCK = '[station]\nterminal = "FD"\nplace = "Custody"\n[sign_in]\nmethods = ["local"]\n[local]\n'


@pytest.mark.parametrize(
    ("lock", "said"),
    [
        ({}, "after 300 s"),
        ({"idle_s": 0}, "never locks"),
        ({"idle_s": 60, "warn_s": 60}, "may take half of idle_s"),
        ({"grace_s": 7200}, "before anybody may take over"),
        ({"grace_s": 0}, "a PIN is never asked for"),
        ({"locked_s": 90000}, "longer than any sitting"),
        ({"places": {"Custody": {"idle_s": 0}}}, "never locks"),
        ({"idle_s": 0, "places": {"Custody": {"idle_s": 120, "warn_s": 20}}}, "after 120 s"),
    ],
)
def test_the_times_of_the_lock_are_those_of_the_place(lock: dict[str, object], said: str) -> None:
    settings = Settings.model_validate(
        {
            "station": {"terminal": "FD", "place": "Custody"},
            "sign_in": {"methods": ["local"]},
            "local": {},
            "lock": lock,
        }
    )
    found = list(station.lock_times(settings))
    assert [one for one in found if said in one.found], found
    assert all(one.well for one in found) == said.startswith("after")


# --- the screen, and all of it


@pytest.mark.needs("xvfb")
def test_the_idle_clock_is_asked(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in screen.environment.items():
        monkeypatch.setenv(name, value)
    assert doctor_screen.idle_clock(screen.display).well
    assert not doctor_screen.idle_clock(":987").well
    assert doctor_screen.idle_clock("").well


def test_all_as_data(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "catalogue").mkdir()
    (tmp_path / "station.toml").write_text(LOCK + '[credentials]\nkeep = "off"\n')
    monkeypatch.setattr(doctor_screen, "_tried", lambda looked_at, *_: Finding(looked_at, "tried elsewhere"))
    status = main(["doctor", "--json", "--station", str(tmp_path / "station.toml"), "--state", str(tmp_path / "state")])
    said = json.loads(capsys.readouterr().out)
    assert status == (1 if said["to_look_after"] else 0)
    assert said["looked_at"] == len(said["findings"])
    states = [one["state"] for one in said["findings"]]
    assert set(states) <= {"ok", "look", "hand"}
    assert states.count("look") == said["to_look_after"]
    assert all(bool(one["next_step"]) == (one["state"] != "ok") for one in said["findings"])
    shutil.rmtree(tmp_path / "state")
