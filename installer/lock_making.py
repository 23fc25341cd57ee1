"""For developers: makes the lock files and the list of third-party licences again, from what the project asks for.

Needs `uv` in the environment or on the PATH, and npm by way of the test environment; nobody needs either to run a lock.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path

from installer.console import Console, SetUpError, Step, run
from installer.licences import (
    NODE,
    PYTHON,
    Package,
    licence_list,
    licences_of_folder,
    licences_of_node_lock,
)
from installer.locks import DEMO, EXTRAS, TEST, Requirement, lock_file, read_lock
from installer.node import npm_command
from installer.paths import LICENCES, MOCKER, MOCKER_PIN, NODE_FOLDER, ROOT, VENV, venv_python, venv_scripts

# Packages for Windows alone are asked for their licence by unpacking them, not by installing them.
_OTHER_PLATFORM = "x86_64-pc-windows-msvc"
_OLDEST_PYTHON = "3.11"


def make_locks() -> None:
    """Makes both Python locks, the Node.js lock and the list of licences; raises SetUpError when a tool fails."""
    console = Console(3)
    with console.step("Python locks", "uv pip compile") as step:
        # The wider lock first, then the narrower one held to its versions: one is then a part of the other.
        _compile(TEST, None)
        _compile(DEMO, lock_file(TEST))
        step.result(", ".join(f"{lock}: {len(_requirements(lock))} packages" for lock in (DEMO, TEST)))
    with console.step("Node.js lock", "npm install --package-lock-only") as step:
        _lock_node(step)
    with console.step("Licences", "reading what each package says of itself") as step:
        packages = _licences()
        LICENCES.parent.mkdir(parents=True, exist_ok=True)
        LICENCES.write_text(licence_list(packages), encoding="utf-8")
        step.result(f"{len(packages)} packages")


def _compile(lock: str, held_to: Path | None) -> None:
    argv = [_uv(), "pip", "compile", "pyproject.toml", "--universal", "--python-version", _OLDEST_PYTHON]
    argv += ["--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-config", "--upgrade"]
    argv += [word for extra in EXTRAS[lock] for word in ("--extra", extra)]
    argv += ["--constraints", str(held_to)] if held_to is not None else []
    ran = run([*argv, "--output-file", str(lock_file(lock))], f"lock-{lock}", cwd=ROOT)
    if ran.status != 0:
        raise ran.failed(f"uv could not make the lock {lock}")


def _lock_node(step: Step) -> None:
    npm = npm_command()
    if npm is None:
        raise SetUpError("there is no Node.js", "run python3 -m installer setup --extras test first")
    options = [
        "--package-lock-only",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--omit-lockfile-registry-resolved",
    ]
    ran = run([*npm, "install", *options], "lock-npm", cwd=NODE_FOLDER)
    if ran.status != 0:
        raise ran.failed("npm could not make its lock")
    _strip_addresses(NODE_FOLDER / "package-lock.json")
    step.result(ran.lines[-1] if ran.lines else "")


def _strip_addresses(lock: Path) -> None:
    """Leave names, versions and hashes only: npm also notes where to send money."""
    content = json.loads(lock.read_text(encoding="utf-8"))
    for package in content["packages"].values():
        package.pop("funding", None)
    lock.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _licences() -> list[Package]:
    """Every locked package with its licence, as its own metadata tells it."""
    demo = {requirement.name for requirement in _requirements(DEMO)}
    wanted = _requirements(TEST)
    told = licences_of_folder(next(VENV.glob("lib/python3*/site-packages")))
    absent = [requirement for requirement in wanted if (requirement.name, requirement.version) not in told]
    with tempfile.TemporaryDirectory(prefix="station-launcher-") as temporary:
        if absent:
            _unpack(absent, Path(temporary))
            told = {**told, **licences_of_folder(Path(temporary))}
    pinned = read_lock(MOCKER_PIN.read_text(encoding="utf-8"))  # of no lock, in a folder of its own
    told |= licences_of_folder(MOCKER)
    python = [
        Package(PYTHON, item.name, item.version, told.get((item.name, item.version), ""), item.name in demo)
        for item in (*wanted, *pinned)
    ]
    node = licences_of_node_lock((NODE_FOLDER / "package-lock.json").read_text(encoding="utf-8"))
    return [*python, *(Package(NODE, name, version, licence, False) for name, version, licence in node)]


def _unpack(absent: list[Requirement], folder: Path) -> None:
    listed = folder / "absent.txt"
    lines = [
        " ".join([f"{item.name}=={item.version}", *(f"--hash={digest}" for digest in item.hashes)]) for item in absent
    ]
    listed.write_text("\n".join(lines) + "\n", encoding="utf-8")
    argv = [
        _uv(),
        "pip",
        "install",
        "--target",
        str(folder),
        "--python",
        str(venv_python()),
        "--no-deps",
        "--no-config",
    ]
    ran = run([*argv, "--python-platform", _OTHER_PLATFORM, "--require-hashes", "-r", str(listed)], "lock-licences")
    if ran.status != 0:
        raise ran.failed("the packages for other systems could not be read")


def _requirements(lock: str) -> tuple[Requirement, ...]:
    return read_lock(lock_file(lock).read_text(encoding="utf-8"))


def _uv() -> str:
    found = shutil.which("uv", path=os.pathsep.join([str(venv_scripts()), os.environ.get("PATH", "")]))
    if found is None:
        raise SetUpError("there is no uv", "install uv into .venv or on the PATH; only making locks needs it")
    return found
