"""Fetches the hosts that the terminals' tests call and that are no packages of this system: into `build/hosts`.

* Debian's own Linux for s390x, kernel and busybox as they are: `qemu-system-s390x` runs it as a 3270 host.
* `mainframe-mocker`, a TN3270E host. It asks for a newer Python than the oldest one here, and would lay a pytest plugin
  into the environment; so it lies in a folder of its own, where neither counts.

Where one cannot be fetched the set-up goes on: its tests then say that they did not run.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from installer.console import Ran, SetUpError, Step, run
from installer.environment import pip_command, pip_environment
from installer.machine import Machine
from installer.paths import MOCKER, MOCKER_PIN, S390X
from installer.stamp import Stamp, digest_of, read_stamp, write_stamp

_S390X_PARTS = ("vmlinuz", "busybox")
_APT_CONFIGURATION = """
Dir::State "{folder}/state"; Dir::State::status "{folder}/status"; Dir::Cache "{folder}/cache";
APT::Architecture "s390x"; APT::Architectures {{ "s390x"; }}; Acquire::Languages "none";
"""


def hosts_ready(machine: Machine, s390x: Path = S390X, mocker: Path = MOCKER) -> bool:
    """Whether all that can be fetched here has been."""
    return (not machine.debian_like or s390x_ready(s390x)) and mocker_ready(mocker)


def fetch_hosts(machine: Machine, step: Step, s390x: Path = S390X, mocker: Path = MOCKER) -> None:
    """Fetches what is missing, and says what is not there then."""
    absent: list[str] = []
    if not machine.debian_like:
        absent.append("Linux for s390x (this system's packages are not Debian's)")
    elif not s390x_ready(s390x):
        absent += _tried("Linux for s390x", lambda: _fetch_s390x(step, s390x))
    if not mocker_ready(mocker):
        absent += _tried("mainframe-mocker", lambda: _fetch_mocker(machine, step, mocker))
    if absent:
        step.result(f"not there: {', '.join(absent)}; tests that call it will not run", "NOT ALL FETCHED")
    else:
        step.result("there")


def s390x_ready(folder: Path = S390X) -> bool:
    """Whether the kernel and the programs of the s390x host are there."""
    return all((folder / part).is_file() for part in _S390X_PARTS)


def mocker_ready(folder: Path = MOCKER) -> bool:
    """Whether the mocker is there as it is pinned."""
    found = read_stamp(folder)
    return found is not None and found.complete and found.locks.get("pip") == digest_of([MOCKER_PIN])


def _tried(name: str, fetch: Callable[[], None]) -> list[str]:
    try:
        fetch()
    except (SetUpError, OSError):  # a full disk, or a folder that is another's
        return [name]
    return []


def _fetch_s390x(step: Step, folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="station-launcher-s390x-") as temporary:
        work = Path(temporary)
        for name in ("state/lists/partial", "cache/archives/partial"):
            (work / name).mkdir(parents=True)
        (work / "status").touch()
        (work / "apt.conf").write_text(_APT_CONFIGURATION.format(folder=work), encoding="utf-8")
        step.progress("asking Debian for its s390x packages")
        _apt(work, "apt-get", "update")
        depends = _apt(work, "apt-cache", "depends", "linux-image-s390x")
        kernel = next((line.split()[1] for line in depends.lines if line.strip().startswith("Depends: linux-")), None)
        if kernel is None:
            raise SetUpError("Debian has no kernel for s390x")
        step.progress("fetching Linux for s390x")
        _apt(work, "apt-get", "download", kernel, "busybox-static")
        for package in work.glob("*.deb"):
            ran = run(["dpkg-deb", "-x", str(package), str(work / "unpacked")], "s390x-unpack")
            if ran.status != 0:
                raise ran.failed("a package for s390x could not be unpacked")
        keep(work / "unpacked", "boot/vmlinuz-*", folder / "vmlinuz")
        keep(work / "unpacked", "**/bin/busybox", folder / "busybox")


def _apt(work: Path, *argv: str) -> Ran:
    environment = {**os.environ, "APT_CONFIG": str(work / "apt.conf"), "LC_ALL": "C.UTF-8"}
    ran = run(argv, "s390x-apt", cwd=work, env=environment)
    if ran.status != 0:
        raise ran.failed("Debian's packages for s390x could not be fetched")
    return ran


def keep(unpacked: Path, pattern: str, place: Path) -> None:
    """Copies what was unpacked to its place, whole or not at all."""
    found = next(unpacked.glob(pattern), None)
    if found is None:
        raise SetUpError(f"Debian's packages for s390x have no {place.name}")
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f"{place.name}.part")
    shutil.copyfile(found, beside)
    beside.replace(place)


def _fetch_mocker(machine: Machine, step: Step, folder: Path) -> None:
    step.progress("fetching mainframe-mocker")
    if folder.exists():
        shutil.rmtree(folder)
    options = ["--no-deps", "--ignore-requires-python", "--require-hashes", "--only-binary=:all:", "--target"]
    ran = run(
        [*pip_command(machine), "install", *options, str(folder), "-r", str(MOCKER_PIN)],
        "mocker",
        env=pip_environment(),
    )
    if ran.status != 0:
        raise ran.failed("pip could not fetch mainframe-mocker")
    digests = {"pip": digest_of([MOCKER_PIN])}
    write_stamp(folder, Stamp(str(folder), str(machine.python), "", complete=True, locks=digests))
