"""An installation below a folder of the test's own: all of it, again, changed, broken half-way, and taken away."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.cli import main
from launcher.policy.station_file import load
from launcher.spelling import OURS, dictionary_folder
from launcher.station.install.accounts import AccountFiles, slot_names, unfit
from launcher.station.install.carry_out import Done, described, display_lacks, install, remove
from launcher.station.install.choices import DISPLAY_SERVICE, ETC, RECORD, SERVICE, UNITS, WINDOWS_SERVICE, Choices
from launcher.station.install.dictionary import WORDS
from launcher.station.install.errors import InstallFailedError, InstallRefusedError
from launcher.station.install.plan import MASKED, File, plan
from launcher.station.install.record import Record
from launcher.station.slots import SLOT_GROUP
from tests.unit.station.install.bench import accounts, at, needs_root, picture, silent

# --- the whole way


@needs_root
def test_an_installation_is_whole_and_its_removal_leaves_the_system_as_it_was(choices: Choices) -> None:
    before, people = picture(choices.root), accounts(choices.root)
    done = install(replace(choices, slots=6), silent)
    assert done.changed > 20
    assert done.left == ()
    files = AccountFiles(choices.root)
    for name in slot_names():
        account = files.account(name)
        assert account is not None
        assert unfit(account) == ()
        assert account.locked is True
        assert account.others == ()
    assert len({name: files.account(name) for name in slot_names()}) == 6
    assert stat.S_IMODE(at(choices, ETC).stat().st_mode) == 0o755
    assert stat.S_IMODE(at(choices, "/var/lib/station-launcher").stat().st_mode) == 0o700
    assert stat.S_IMODE(at(choices, RECORD).stat().st_mode) == 0o700
    assert load(at(choices, f"{ETC}/station.toml")).station.terminal == "FD-02"
    for unit in MASKED:
        assert str(at(choices, f"{UNITS}/{unit}").readlink()) == "/dev/null"
    assert {path.owner() for path in at(choices, ETC).rglob("*")} == {"root"}
    assert remove(choices, silent).left == ()
    assert picture(choices.root) == before
    assert accounts(choices.root) == people


@needs_root
@pytest.mark.needs("dictionary")
def test_a_dictionary_is_made_of_the_systems_words_renewed_with_them_and_taken_away(choices: Choices) -> None:
    before = picture(choices.root)
    words = at(choices, WORDS)
    words.parent.mkdir(parents=True)
    words.with_suffix(".aff").write_text("SET UTF-8\n")
    words.write_text("2\ncustody\nofficer\n")
    install(choices, silent)
    folder = dictionary_folder(root=choices.root)
    assert folder == at(choices, OURS)
    first = (folder / "en-GB.bdic").read_bytes()
    assert install(choices, silent) == Done(0)
    words.write_text("2\ncolour\nofficer\n")
    assert install(choices, silent).changed == 1
    assert (folder / "en-GB.bdic").read_bytes() != first
    words.write_text("no list of words\n")
    assert install(choices, silent).left[0].startswith(f"{OURS}/en-GB.bdic: not made: ")
    shutil.rmtree(at(choices, "/usr/share"))
    assert install(choices, silent) == Done(0)  # without the package, what it made stays
    assert remove(choices, silent).left == ()
    assert picture(choices.root) == before


@needs_root
@pytest.mark.needs("dictionary")
def test_a_dictionary_that_somebody_laid_there_stays_as_it_is(choices: Choices) -> None:
    own = at(choices, f"{OURS}/en-GB.bdic")
    for file in (own, at(choices, WORDS), at(choices, WORDS).with_suffix(".aff")):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("1\nours\n")
    install(choices, silent)
    remove(choices, silent)
    assert own.read_text() == "1\nours\n"


@needs_root
def test_a_second_installation_changes_nothing(choices: Choices) -> None:
    install(choices, silent)
    before, people = picture(choices.root), accounts(choices.root)
    assert install(choices, silent) == Done(0)
    assert picture(choices.root) == before
    assert accounts(choices.root) == people


@needs_root
def test_what_was_there_before_is_put_back(choices: Choices) -> None:
    manager, getty = at(choices, f"{UNITS}/display-manager.service"), at(choices, f"{UNITS}/getty@.service")
    manager.symlink_to("/lib/systemd/system/lightdm.service")
    getty.write_text("a force's own\n")
    getty.chmod(0o640)
    os.chown(getty, 0, 29)
    sysctl = at(choices, "/etc/sysctl.d/90-station-launcher.conf")
    sysctl.parent.mkdir()
    sysctl.write_text("kernel.sysrq = 1\n")
    before = picture(choices.root)
    install(choices, silent)
    assert str(manager.readlink()) == f"{UNITS}/{DISPLAY_SERVICE}"
    assert getty.is_symlink()
    assert install(choices, silent) == Done(0)
    assert remove(choices, silent).left == ()
    assert picture(choices.root) == before
    assert getty.stat().st_gid == 29


@needs_root
def test_what_a_person_changed_since_is_kept_and_named(choices: Choices) -> None:
    install(choices, silent)
    own, station = at(choices, f"{ETC}/openbox.xml"), at(choices, f"{ETC}/station.toml")
    own.write_text(own.read_text() + "<!-- ours -->\n")
    station.write_text(station.read_text().replace("FD-02", "FD-03"))
    (at(choices, "/var/lib/station-launcher") / "timings.db").write_text("x")
    again = install(choices, silent)
    assert again == Done(0, (f"{ETC}/openbox.xml: changed since, kept",))
    left = remove(choices, silent).left
    assert [line for line in left if line.startswith(f"{ETC}/openbox.xml: changed since, kept")]
    assert [line for line in left if line.startswith(f"{ETC}/station.toml: changed since, kept")]
    assert [line for line in left if line.startswith("/var/lib/station-launcher: not empty, kept (timings.db)")]
    assert [line for line in left if line.startswith(f"{ETC}: not empty, kept (openbox.xml, station.toml)")]
    assert "<!-- ours -->" in own.read_text()
    assert not at(choices, RECORD).exists()
    assert remove(choices, silent) == Done(0)


@needs_root
def test_a_station_file_that_is_there_is_never_written_over(choices: Choices) -> None:
    at(choices, ETC).mkdir()
    at(choices, f"{ETC}/station.toml").write_text("# a force's own\n")
    install(choices, silent)
    remove(choices, silent)
    assert at(choices, f"{ETC}/station.toml").read_text() == "# a force's own\n"


@needs_root
def test_a_later_version_renews_its_own_files_and_puts_back_what_was_first(choices: Choices) -> None:
    unit = at(choices, f"{UNITS}/{SERVICE}")
    unit.write_text("what was first\n")
    install(choices, silent)
    later = replace(choices, python="/opt/later/bin/python")
    assert install(later, silent).changed == 1
    assert "ExecStart=/opt/later/bin/python -m launcher start" in unit.read_text()
    remove(choices, silent)
    assert unit.read_text() == "what was first\n"


@needs_root
def test_other_choices_take_away_what_they_do_not_want(choices: Choices) -> None:
    install(choices, silent)
    install(replace(choices, windows="none", groups=("audio",)), silent)
    assert not at(choices, f"{UNITS}/{WINDOWS_SERVICE}").exists()
    account = AccountFiles(choices.root).account("station-slot1")
    assert account is not None
    assert account.others == ("audio",)
    install(replace(choices, display="none"), silent)
    assert not at(choices, f"{UNITS}/{DISPLAY_SERVICE}").exists()
    assert not at(choices, f"{UNITS}/getty@.service").is_symlink()
    text = at(choices, f"{UNITS}/{SERVICE}").read_text()
    assert "DISPLAY" not in text
    assert "@" not in text.replace("getty@", "")
    assert remove(choices, silent).left == ()


# --- what goes wrong


@needs_root
@pytest.mark.parametrize(
    "broken", ["/etc/X11/xorg.conf.d/90-station-launcher.conf", f"{UNITS}/{SERVICE}", f"{UNITS}/ctrl-alt-del.target"]
)
def test_a_step_that_fails_takes_the_others_back(choices: Choices, broken: str) -> None:
    at(choices, broken).mkdir(parents=True)  # a folder where a file belongs
    before, people = picture(choices.root), accounts(choices.root)
    with pytest.raises(InstallFailedError) as caught:
        install(choices, silent)
    assert broken in caught.value.message
    assert caught.value.detail == ""
    assert picture(choices.root) == before
    assert accounts(choices.root) == people


@needs_root
def test_an_update_that_fails_leaves_the_installation_as_it_was(choices: Choices) -> None:
    install(choices, silent)
    before, people, noted = picture(choices.root), accounts(choices.root), set(Record(choices.root).items)
    wants = at(choices, f"{UNITS}/multi-user.target.wants")
    wants.rename(wants.with_name("aside"))
    wants.write_text("a file where a folder belongs")
    with pytest.raises(InstallFailedError) as caught:
        install(replace(choices, python="/opt/later/python", groups=("audio",)), silent)
    assert caught.value.detail == ""
    wants.unlink()
    wants.with_name("aside").rename(wants)
    record = f"{RECORD}/installed.json".lstrip("/")
    assert {**picture(choices.root), record: before[record]} == before
    assert set(Record(choices.root).items) == noted
    assert accounts(choices.root) == people


@needs_root
def test_what_cannot_be_taken_back_is_said_exactly_and_taken_away_later(
    choices: Choices, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(choices, f"{UNITS}/{SERVICE}").mkdir()

    def refuse(self: AccountFiles, name: str) -> None:
        raise subprocess.CalledProcessError(8, ["userdel"], stderr=f"userdel: user {name} is currently used\n")

    with monkeypatch.context() as patched:
        patched.setattr(AccountFiles, "remove_account", refuse)
        with pytest.raises(InstallFailedError) as caught:
            install(choices, silent)
    lines = caught.value.detail.splitlines()
    assert [line.partition(":")[0] for line in lines] == [*reversed(slot_names(3)), SLOT_GROUP]
    assert "is currently used" in lines[0]
    assert remove(choices, silent).left == ()
    assert AccountFiles(choices.root).account("station-slot1") is None


@needs_root
def test_a_power_cut_between_note_and_deed_is_taken_away_too(choices: Choices, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record says what would be done; nothing of it was: the kill takes the way back, too."""
    old = at(choices, f"{UNITS}/{SERVICE}")
    old.write_text("what was first\n")
    before, people = picture(choices.root), accounts(choices.root)

    class Cut(BaseException):
        pass

    def cut(*_: object) -> None:
        raise Cut

    from launcher.station.install import carry_out
    from launcher.station.install.placing import Placing

    write = Placing._write
    monkeypatch.setattr(carry_out, "_taken_back", lambda _: [])
    monkeypatch.setattr(
        Placing, "_write", lambda self, file, content, mode: cut() if file == old else write(self, file, content, mode)
    )
    with pytest.raises(Cut):
        install(choices, silent)
    monkeypatch.undo()
    assert old.read_text() == "what was first\n"
    assert remove(choices, silent).left == ()
    assert picture(choices.root) == before
    assert accounts(choices.root) == people


@needs_root
@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("station-slot2:x:1000:990::/nonexistent:/usr/sbin/nologin", "its number is 1000"),
        ("station-slot2:x:990:0::/nonexistent:/usr/sbin/nologin", "its group is root"),
        ("station-slot2:x:990:990::/nonexistent:/bin/bash", "its shell is /bin/bash"),
        ("station-slot2:x:990:990::/home/x:/usr/sbin/nologin", "its home is /home/x"),
    ],
)
def test_an_account_that_lets_somebody_out_is_refused_before_anything_is_done(
    choices: Choices, row: str, why: str
) -> None:
    with at(choices, "/etc/passwd").open("a") as file:
        file.write(row + "\n")
    with at(choices, "/etc/group").open("a") as file:
        file.write("station-slots:x:990:\n")
    before, people = picture(choices.root), accounts(choices.root)
    with pytest.raises(InstallRefusedError, match=re.escape(why)):
        install(choices, silent)
    assert picture(choices.root) == before
    assert accounts(choices.root) == people


@needs_root
def test_an_account_of_more_groups_or_with_a_password_is_unfit(choices: Choices) -> None:
    install(choices, silent)
    group, shadow = at(choices, "/etc/group"), at(choices, "/etc/shadow")
    group.write_text(group.read_text().replace("sudo:x:27:", "sudo:x:27:station-slot3"))
    shadow.write_text(re.sub(r"station-slot3:!+", "station-slot3:$y$j9T$x", shadow.read_text()))
    account = AccountFiles(choices.root).account("station-slot3")
    assert account is not None
    assert unfit(account) == ("it has a password", "it is in sudo")


def test_a_record_of_another_version_is_not_guessed_at(choices: Choices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    at(choices, RECORD).mkdir(parents=True)
    at(choices, f"{RECORD}/installed.json").write_text(json.dumps({"version": 9, "items": []}))
    with pytest.raises(InstallRefusedError):
        remove(choices, silent)


# --- without being root


def test_an_ordinary_user_is_refused_and_told_why(
    choices: Choices, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    before = picture(choices.root)
    for what in ("install", "remove"):
        assert main(["station", what, "--root", str(choices.root)]) == 1
        said = capsys.readouterr().err
        assert said.startswith("Only root may do this")
        assert "Reference: station-install-refused" in said
    assert picture(choices.root) == before


def test_a_dry_run_shows_every_file_and_command_and_changes_nothing(
    choices: Choices, capsys: pytest.CaptureFixture[str]
) -> None:
    before = picture(choices.root)
    assert main(["station", "install", "--dry-run", "--root", str(choices.root)]) == 0
    said = capsys.readouterr().out
    for step in plan(choices):
        if isinstance(step, File):
            assert step.path in said
    assert "useradd --system" in said
    assert '"DontVTSwitch" "true"' in said
    assert picture(choices.root) == before
    live = "\n".join(described(replace(choices, root=Path("/"))))
    assert "command systemctl daemon-reload" in live


def test_a_dry_run_says_that_it_would_be_refused_here_and_why(
    choices: Choices, capsys: pytest.CaptureFixture[str]
) -> None:
    at(choices, "/etc/passwd").write_text("station-slot1:x:990:27::/nonexistent:/bin/bash\n")
    assert main(["station", "install", "--dry-run", "--root", str(choices.root)]) == 1
    said = capsys.readouterr().out
    assert "useradd --system" in said
    assert "It would be refused here, and nothing done: There is an account station-slot1 already" in said


@needs_root
def test_a_removal_is_shown_before_it_is_done(choices: Choices, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["station", "remove", "--dry-run", "--root", str(choices.root)]
    assert main(words) == 0
    assert capsys.readouterr().out.startswith("Nothing was installed here")
    install(choices, silent)
    before = picture(choices.root)
    assert main(words) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line for line in said if line.split()[1] == "station-slot1"]
    assert f"file    {UNITS}/{SERVICE}, unless it was changed since" in said
    assert picture(choices.root) == before


def test_a_display_without_its_input_driver_is_named(tmp_path: Path) -> None:
    assert display_lacks(tmp_path)[1] == "xserver-xorg-input-libinput"
    for file in ("lib/xorg/Xorg", "lib/xorg/modules/input/libinput_drv.so", "bin/xauth"):
        (tmp_path / "usr" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "usr" / file).touch()
    assert display_lacks(tmp_path) == ("openbox",)
    assert display_lacks(tmp_path, windows=False) == ()


def test_a_display_that_is_none_of_this_computer_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["station", "install", "--dry-run", "--display", "elsewhere:0"]) == 1
    assert "is no display of this computer" in capsys.readouterr().err
