"""The demo's programs refuse with a status of their own, and their accounts hold no password."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from launcher.demo.files import PROGRAM
from launcher.demo.programs.records_console import REFUSED
from tests.unit.demo.conftest import Served

SYSTEMS = ("case-file", "property-register")


def run(served: Served, system: str, given: str, *more: str) -> subprocess.CompletedProcess[str]:
    accounts = served.addresses.accounts[system]
    argv = [sys.executable, str(PROGRAM), "--title", "Case File", "--accounts", str(accounts), *more]
    return subprocess.run(argv, input=given, capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_right_name_and_password_open_the_records(served: Served, system: str) -> None:
    account = served.account(system)
    done = run(served, system, f"{account.user_name}\n{account.password}\nany records of mine\n")
    assert done.returncode == 0
    assert "READY: Case File for " + account.user_name in done.stdout
    assert "4 words received" in done.stdout
    assert account.password not in done.stdout + done.stderr


@pytest.mark.parametrize("given", ["{name}\nwrong\n", "nobody\n{password}\n", "{name}\n\n", "{name}\n", "", "\n\n"])
def test_anything_else_is_refused_with_status_3(served: Served, given: str) -> None:
    account = served.account("case-file")
    done = run(served, "case-file", given.format(name=account.user_name, password=account.password))
    assert (done.returncode, done.stderr) == (REFUSED, "")
    assert "REFUSED" in done.stdout
    assert "READY" not in done.stdout


def test_one_systems_password_opens_no_other(served: Served) -> None:
    account = served.account("case-file")
    assert run(served, "property-register", f"{account.user_name}\n{account.password}\n").returncode == REFUSED


def test_a_session_left_alone_expires(served: Served) -> None:
    account = served.account("case-file")
    reading, writing = os.pipe()  # stays open: nothing is typed
    accounts = served.addresses.accounts["case-file"]
    argv = [sys.executable, str(PROGRAM), "--title", "T", "--accounts", str(accounts), "--idle-s", "0"]
    with os.fdopen(writing, "w") as pipe, os.fdopen(reading) as given:
        pipe.write(f"{account.user_name}\n{account.password}\n")
        pipe.flush()
        done = subprocess.run(argv, stdin=given, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].startswith("EXPIRED")


def test_the_accounts_are_hashed(served: Served) -> None:
    for system in SYSTEMS:
        text = Path(served.addresses.accounts[system]).read_text()
        assert served.account(system).user_name in text
        assert served.account(system).password not in text
