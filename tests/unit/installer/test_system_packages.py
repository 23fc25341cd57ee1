"""Which packages are missing, how a person is told, and that no service starts while they are installed."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from pathlib import Path

import pytest

from installer.console import Console
from installer.machine import os_release
from installer.system_packages import (
    BROWSER,
    DEMO_PURPOSES,
    PURPOSES,
    SCREEN,
    TEST_PURPOSES,
    WINDOWS,
    AptProgress,
    command_for,
    missing,
    names_installed,
    new_services,
    packages_unknown,
    purposes_of,
    services_kept_from_starting,
    services_of,
    wanted,
)
from tests.unit.installer.machines import DEBIAN_ROOT

DPKG = (
    "ii \tlibegl1\t\n"
    "ii \tlibasound2t64\tlibasound2 (= 1.2.8-1), libasound2-api:amd64\n"
    "hi \tlibgl1\t\n"
    "rc \tlibnss3\t\n"
    "un \tslapd\t\n"
    "iU \tlibgbm1\t\n"
)


def test_installed_packages_and_what_they_stand_in_for_are_there() -> None:
    names = names_installed(DPKG)
    assert {"libegl1", "libasound2t64", "libasound2", "libasound2-api", "libgl1"} <= names


def test_removed_and_never_installed_packages_are_not_there() -> None:
    assert not {"libnss3", "slapd"} & names_installed(DPKG)


def test_what_is_missing_keeps_its_order() -> None:
    assert missing(("one", "two", "three"), {"two"}) == ("one", "three")


def test_each_package_is_wanted_once() -> None:
    names = wanted(TEST_PURPOSES)
    assert len(names) == len(set(names))
    assert set(wanted(DEMO_PURPOSES)) < set(names)
    assert WINDOWS in TEST_PURPOSES


def test_the_purposes_of_missing_packages_are_named() -> None:
    assert purposes_of({"libegl1", "libnss3"}) == (SCREEN, BROWSER)
    assert purposes_of(()) == ()
    assert purposes_of(wanted(tuple(PURPOSES))) == tuple(PURPOSES)


def test_the_command_is_one_that_can_be_pasted() -> None:
    user = replace(DEBIAN_ROOT, root=False, sudo=True)
    expected = "sudo apt-get update && sudo apt-get install --no-install-recommends slapd xvfb"
    assert command_for(user, ["slapd", "xvfb"]) == expected


def test_without_sudo_the_command_says_who_must_give_it() -> None:
    assert command_for(replace(DEBIAN_ROOT, root=False), ["slapd"]).endswith("slapd  # as root")


def test_on_another_system_the_names_are_told() -> None:
    other = replace(DEBIAN_ROOT, system="Fedora", debian_like=False)
    assert command_for(other, ["slapd"]) == "install what your system calls these Debian packages: slapd"


def test_services_that_a_person_would_start_are_named() -> None:
    assert services_of(("slapd", "xvfb")) == ("slapd",)
    assert services_of(("samba", "winbind")) == ("smbd", "nmbd", "winbind")
    assert services_of(("inetutils-telnetd",)) == ("inetutils-inetd", "inetutils-syslogd")


def test_services_that_packages_bring_along_are_kept_from_the_next_boot_and_those_of_before_are_not() -> None:
    after = {"inetutils-telnetd", "inetutils-inetd", "inetutils-syslogd", "openssh-server", "xvfb"}
    assert new_services({"inetutils-syslogd"}, after) == ("ssh", "inetutils-inetd")


def test_packages_that_a_system_does_not_have_are_read_from_apt() -> None:
    lines = ["E: Unable to locate package dokuwiki", "E: Package 'fonts-liberation2' has no installation candidate"]
    assert packages_unknown(lines) == ("dokuwiki", "fonts-liberation2")
    assert packages_unknown(["E: Could not get lock"]) == ()


def test_how_far_apt_is_comes_from_its_own_words() -> None:
    with Console(1, io.StringIO()).step("System packages") as step:
        progress = AptProgress(step)
        assert progress.text() == "working out what is needed"
        progress.line("0 upgraded, 159 newly installed, 0 to remove and 3 not upgraded.")
        progress.line("Get:1 somewhere bookworm/main amd64 libegl1 amd64 1.6.0-1")
        assert progress.text() == "downloading 1 of 159 packages"
        progress.line("Unpacking libegl1:amd64 (1.6.0-1) ...")
        assert progress.text() == "unpacking 1 of 159 packages"
        progress.line("Setting up libegl1:amd64 (1.6.0-1) ...")
        assert progress.text() == "setting up 1 of 159 packages"
        progress.line("Unpacking libgl1:amd64 (1.6.0-1) ...")
        assert progress.text() == "unpacking 2 of 159 packages"
        assert progress.total == 159


def test_no_service_starts_and_nothing_is_left_behind(tmp_path: Path) -> None:
    policy, aside = tmp_path / "policy-rc.d", tmp_path / "aside"
    with services_kept_from_starting(policy, aside):
        assert "exit 101" in policy.read_text(encoding="utf-8")
        assert os.access(policy, os.X_OK)
    assert list(tmp_path.iterdir()) == []


def test_the_machines_own_policy_comes_back_even_after_a_failure(tmp_path: Path) -> None:
    policy, aside = tmp_path / "policy-rc.d", tmp_path / "aside"
    policy.write_text("theirs", encoding="utf-8")
    with pytest.raises(ValueError, match="apt"), services_kept_from_starting(policy, aside):
        raise ValueError("apt")
    assert policy.read_text(encoding="utf-8") == "theirs"
    assert not aside.exists()


def test_a_policy_left_by_a_killed_run_is_cleared(tmp_path: Path) -> None:
    policy, aside = tmp_path / "policy-rc.d", tmp_path / "aside"
    policy.write_text("theirs", encoding="utf-8")
    killed = services_kept_from_starting(policy, aside)
    killed.__enter__()
    with services_kept_from_starting(policy, aside):
        pass
    assert policy.read_text(encoding="utf-8") == "theirs"
    assert not aside.exists()
    killed.__exit__(None, None, None)
    assert policy.read_text(encoding="utf-8") == "theirs"


def test_the_systems_own_description_is_read() -> None:
    text = 'PRETTY_NAME="Ubuntu 24.04"\nID=ubuntu\nID_LIKE=debian\n# ID=other\n'
    assert os_release(text) == {"PRETTY_NAME": "Ubuntu 24.04", "ID": "ubuntu", "ID_LIKE": "debian"}
