"""Installs what a lock holds into the environment with pip, saying how far it is."""

import re
import shutil
from pathlib import Path

from installer.console import Step, run
from installer.environment import pip_command, pip_environment
from installer.locks import lock_file, read_lock
from installer.machine import Machine
from installer.paths import VENV

_SIZE_MB = {"kB": 0.001, "MB": 1.0, "GB": 1000.0, "bytes": 0.000001}


class PipProgress:
    """How far pip is, read from what it says."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._begun = 0
        self._mb = 0.0
        self._now = ""
        self._installing = False
        self._laid_out = 0

    def line(self, line: str) -> None:
        """Takes one line of pip's."""
        words = line.strip()
        if words.startswith("Ignoring "):
            self._total -= 1  # a package for another system or Python
        elif collecting := re.match(r"(?:Collecting|Requirement already satisfied:) ([A-Za-z0-9._-]+)", words):
            self._begun += 1
            self._now = collecting[1].split("==")[0]
        elif sized := re.match(r"Downloading .*\(([\d.]+) (bytes|kB|MB|GB)\)", words):
            self._mb += float(sized[1]) * _SIZE_MB[sized[2]]
        elif words.startswith("Installing collected packages"):
            self._installing = True

    def laid_out(self, count: int) -> None:
        """Takes the number of packages that lie in the environment: while laying them out pip says nothing."""
        self._laid_out = min(count, self._total)

    def text(self) -> str:
        """How far it is, in words."""
        fetched = f", {self._mb:.0f} MB" if self._mb >= 1 else ""
        if self._installing:
            return f"laid out {self._laid_out} of {self._total} packages{fetched}"
        return f"package {self._begun} of {self._total}{f' ({self._now})' if self._now else ''}{fetched}"

    @property
    def summary(self) -> str:
        """What was done, in words."""
        return f"{self._total} packages" + (f", {self._mb:.0f} MB fetched" if self._mb >= 1 else "")


def install_lock(lock: str, machine: Machine, step: Step, venv: Path = VENV) -> None:
    """Brings the environment in line with a lock; raises SetUpError with pip's own words.

    Every file's digest is checked, and only ready-made packages are taken: nothing is built, so nothing that the lock
    does not name is fetched to build with.
    """
    file = lock_file(lock)
    before = _laid_out(venv)
    progress = PipProgress(len(read_lock(file.read_text(encoding="utf-8"))))

    def on_line(line: str) -> None:
        progress.line(line)
        step.progress(progress.text())

    def on_tick() -> None:
        progress.laid_out(_laid_out(venv) - before)
        step.progress(progress.text())

    options = ["--require-hashes", "--only-binary=:all:", "--progress-bar=off", "--no-warn-script-location"]
    # pip unpacks hundreds of megabytes on the way; many systems keep their own temporary folder in memory.
    temporary = venv / "tmp"
    temporary.mkdir(exist_ok=True)
    ran = run(
        [*pip_command(machine, venv), "install", *options, "-r", str(file)],
        f"pip-{lock}",
        on_line=on_line,
        on_tick=on_tick,
        env={**pip_environment(), "TMPDIR": str(temporary)},
    )
    shutil.rmtree(temporary, ignore_errors=True)
    if ran.status != 0:
        raise ran.failed("pip could not install the Python packages", "see its last lines; then run again")
    step.result(progress.summary)


def _laid_out(venv: Path) -> int:
    return sum(1 for pattern in ("lib/python3*", "Lib") for _ in venv.glob(f"{pattern}/site-packages/*.dist-info"))
