"""What the help says of a station file and an officer for trials is so: the program reads it, the officer logs on."""

from __future__ import annotations

import asyncio
import re
import shlex
import subprocess
import sys
from pathlib import Path

from launcher.bootstrap.parts import password_methods
from launcher.bootstrap.where import Where
from launcher.identity.proof import Proof
from launcher.secret import Secret
from launcher.sign_on.run import NoWatch

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "resources" / "help" / "trial-needs-password.md").read_text(encoding="utf-8")
BLOCKS = [
    "".join(line[4:] for line in one[0].splitlines(keepends=True)) for one in re.finditer(r"(?:(?:    .*)?\n)+", PAGE)
]
PASSWORD = "correct-horse-1!"


def block(begins: str) -> str:
    (found,) = [one.strip("\n") for one in BLOCKS if one.strip("\n").startswith(begins)]
    return found


def test_the_officer_of_the_help_logs_on_with_a_hash_made_as_it_says(tmp_path: Path) -> None:
    python, *rest = shlex.split(block(".venv/bin/python"))
    assert python == ".venv/bin/python"
    # Without a terminal the question is answered on the standard input; it warns that what is typed may be seen.
    made = subprocess.run(
        [sys.executable, *rest], cwd=ROOT, input=f"{PASSWORD}\n", capture_output=True, text=True, check=True,
        start_new_session=True,
    )  # fmt: skip
    hashed = made.stdout.splitlines()[-1].removeprefix("Password: ")
    officers, count = re.subn(r'^password = ".*"', f'password = "{hashed}"', block("[[officer]]"), flags=re.MULTILINE)
    assert count == 1
    (tmp_path / "trial.toml").write_text(block("[station]"))
    (tmp_path / "officers.toml").write_text(officers)
    (tmp_path / "catalogue").mkdir()
    where = Where(tmp_path / "trial.toml", tmp_path / "state")
    local = password_methods(where, where.settings())["local"]
    accepted = asyncio.run(local.sign_in(Proof("trial", Secret(PASSWORD)), NoWatch()))
    assert accepted.officer.groups == {"custody"}
    assert accepted.officer.number == "0001"
