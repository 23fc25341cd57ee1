"""Makes the Python environment `.venv`, also on systems that leave parts of Python's own `venv` out.

Debian splits `ensurepip` off into a package of its own, so `python3 -m venv` fails on a fresh machine. There are four
roads; the first that leads to an environment with a pip is taken, and why the others did not is kept for the report.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from installer.console import SetUpError, Step, run
from installer.machine import Machine
from installer.paths import ROOT, VENV, venv_python, venv_scripts
from installer.stamp import Stamp, write_stamp
from installer.system_packages import command_for, install

_PIP_WITH_PYTHON_OPTION = (22, 3)
_WHEEL_FOLDERS = (Path("/usr/share/python-wheels"), Path("/usr/share/python-pip-wheel"))


class Road(Enum):
    """A way to an environment with a pip."""

    OWN_VENV = "this Python's own venv"
    VENV_PACKAGE = "the system's venv package"
    OTHER_PIP = "the pip of this Python"
    PIP_WHEEL = "a pip that the system packs"


@dataclass(frozen=True, slots=True)
class PythonFacts:
    """What decides which roads are open."""

    has_ensurepip: bool
    from_system: bool  # it is the system's own interpreter, so that the system's packages belong to it
    pip_version: tuple[int, ...] | None  # of the pip that this interpreter can import


def roads(machine: Machine, facts: PythonFacts) -> tuple[Road, ...]:
    """The open roads, the best first."""
    open_roads: list[Road] = []
    if facts.has_ensurepip:
        open_roads.append(Road.OWN_VENV)
    if machine.may_install and facts.from_system:
        open_roads.append(Road.VENV_PACKAGE)
    if facts.pip_version is not None and facts.pip_version >= _PIP_WITH_PYTHON_OPTION:
        open_roads.append(Road.OTHER_PIP)
    if machine.debian_like:
        open_roads.append(Road.PIP_WHEEL)
    return tuple(open_roads)


def needs_no_package(machine: Machine) -> bool:
    """Whether this Python makes an environment by itself, and no road to one leads over a package of the system."""
    open_roads = roads(machine, python_facts(machine))
    return open_roads[:1] == (Road.OWN_VENV,) and Road.VENV_PACKAGE not in open_roads


def python_facts(machine: Machine) -> PythonFacts:
    """Looks at the interpreter that runs the set-up."""
    return PythonFacts(
        has_ensurepip=importlib.util.find_spec("ensurepip") is not None,
        from_system=machine.python.is_relative_to("/usr/bin"),
        pip_version=_pip_version([str(machine.python), "-m", "pip"]),
    )


def version_numbers(text: str) -> tuple[int, ...] | None:
    """Reads `pip 23.0.1 from …`."""
    match = re.match(r"pip (\d+(?:\.\d+)*)", text)
    return tuple(int(part) for part in match[1].split(".")) if match else None


def make(machine: Machine, step: Step, begun: Stamp, venv: Path = VENV) -> Road:
    """Makes the environment with a pip of its own, or one that `pip_command` can serve; says by which road.

    Raises SetUpError telling what each road met.
    """
    facts = python_facts(machine)
    met: list[tuple[Road, SetUpError]] = []
    for road in roads(machine, facts):
        step.progress(f"by {road.value}")
        try:
            _go(road, machine, step, begun, venv)
        except SetUpError as error:
            met.append((road, error))
            continue
        return road
    hint = "install pip (22.3 or newer) or the venv module for this Python, then run again"
    if machine.debian_like:
        hint = f"{command_for(machine, [_venv_package(machine)])}, then run again"
    tried = [f"{road.value}: {error.message}" for road, error in met]
    tails = [line for _, error in met for line in error.tail]
    raise SetUpError(
        "no Python environment could be made" + "".join(f"\n  tried {line}" for line in tried),
        hint,
        log=met[-1][1].log if met else None,
        tail=tails[-25:],
    )


def pip_command(machine: Machine, venv: Path = VENV) -> list[str]:
    """The words that begin a pip command for the environment."""
    own = [str(venv_python(venv)), "-m", "pip"]
    if _pip_version(own) is not None:
        return own
    return [str(machine.python), "-m", "pip", "--python", str(venv_python(venv))]


def pip_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The person's environment (their mirrors and certificates count) without what would lead pip elsewhere."""
    astray = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON", "PYTHONHOME", "PYTHONPATH"}
    kept = {name: value for name, value in environment.items() if name not in astray}
    return {**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PYTHONUNBUFFERED": "1"}


def remove(venv: Path) -> None:
    """Removes an environment that the set-up made."""
    shutil.rmtree(venv)


def set_aside(venv: Path) -> Path:
    """Moves an environment that somebody else made out of the way, and says where to."""
    number = 1
    while (aside := venv.with_name(f"{venv.name}-set-aside-{number}")).exists():
        number += 1
    venv.rename(aside)
    return aside


def works(venv: Path, machine: Machine) -> bool:
    """Whether the environment's interpreter starts and is of the version that runs the set-up."""
    python = venv_python(venv)
    configuration = venv / "pyvenv.cfg"
    if not configuration.is_file() or not os.access(python, os.X_OK):
        return False
    told = configuration.read_text(encoding="utf-8")
    version = re.search(r"^version(?:_info)?\s*=\s*(\d+)\.(\d+)", told, re.MULTILINE)
    return version is not None and (int(version[1]), int(version[2])) == machine.python_version


def write_commands(venv: Path = VENV, root: Path = ROOT) -> None:
    """Makes the checkout importable in the environment, and gives it the command `station-launcher`.

    Written here rather than built, because a build would download its tools.
    """
    for site_packages in _site_packages(venv):
        (site_packages / "station-launcher-checkout.pth").write_text(f"{root}\n", encoding="utf-8")
    scripts = venv_scripts(venv)
    if os.name == "nt":
        command = f'@"{venv_python(venv)}" -m launcher %*\r\n'
        (scripts / "station-launcher.cmd").write_text(command, encoding="utf-8", newline="")
        return
    script = scripts / "station-launcher"
    script.write_text(command_text(venv_python(venv)), encoding="utf-8")
    script.chmod(0o755)


def command_text(python: Path) -> str:
    """The command as a file that is both a shell script and Python: a `#!` line bears neither spaces nor length."""
    body = "import sys\n\nfrom launcher.cli import main\n\nsys.exit(main())\n"
    quoted = str(python).replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$").replace("`", "\\`")
    return f"#!/bin/sh\n'''exec' \"{quoted}\" \"$0\" \"$@\"\n' '''\n{body}"


def _site_packages(venv: Path) -> tuple[Path, ...]:
    found = (*venv.glob("lib/python3*/site-packages"), *venv.glob("Lib/site-packages"))
    return tuple(dict.fromkeys(path for path in found if path.is_dir()))


def _go(road: Road, machine: Machine, step: Step, begun: Stamp, venv: Path) -> None:
    match road:
        case Road.OWN_VENV:
            _venv(machine, step, begun, venv)
        case Road.VENV_PACKAGE:
            unknown = install([_venv_package(machine)], step)
            if unknown:
                raise SetUpError(f"this system has no package {unknown[0]}")
            _venv(machine, step, begun, venv)
        case Road.OTHER_PIP:
            _venv(machine, step, begun, venv, "--without-pip")
            if _pip_version([str(machine.python), "-m", "pip", "--python", str(venv_python(venv))]) is None:
                raise SetUpError("the pip of this Python does not serve another environment")
        case Road.PIP_WHEEL:
            _venv(machine, step, begun, venv, "--without-pip")
            with tempfile.TemporaryDirectory(prefix="station-launcher-") as temporary:
                wheel = _packed_pip(_WHEEL_FOLDERS) or _downloaded_pip(Path(temporary), step)
                # A wheel is a zip file that Python can run a package out of: pip installs itself.
                argv = [str(venv_python(venv)), str(wheel / "pip"), "install", "--no-index", "--no-deps", str(wheel)]
                ran = run(argv, "pip-out-of-its-wheel", on_tick=_ticking(step, road), env=pip_environment())
                if ran.status != 0:
                    raise ran.failed("pip could not be installed out of its wheel")


def _venv(machine: Machine, step: Step, begun: Stamp, venv: Path, *options: str) -> None:
    """Lays a fresh environment, beginning with the stamp that says that it is not complete."""
    if venv.exists():
        shutil.rmtree(venv)
    write_stamp(venv, begun)
    argv = [str(machine.python), "-I", "-m", "venv", *options, str(venv)]
    ran = run(argv, "venv", on_tick=_ticking(step, Road.OWN_VENV), env=pip_environment())
    if ran.status != 0:
        raise ran.failed(f"venv {' '.join(options)} failed".replace("  ", " "))


def _packed_pip(folders: Sequence[Path]) -> Path | None:
    """The newest pip wheel in the folders where systems keep theirs."""
    wheels = [wheel for folder in folders for wheel in folder.glob("pip-*.whl")]
    return max(wheels, key=lambda wheel: wheel.stat().st_mtime, default=None)


def _downloaded_pip(temporary: Path, step: Step) -> Path:
    """Fetches the system's package of pip's wheel without installing it, which anybody may do; apt checks it.

    Where the system has no lists of packages yet, lists of our own are fetched into the temporary folder.
    """
    ticking = _ticking(step, Road.PIP_WHEEL)
    cache = ["-o", f"Dir::Cache={temporary}/cache", "-o", "APT::Sandbox::User="]
    state = ["-o", f"Dir::State={temporary}/state", "-o", "Dir::State::status=/var/lib/dpkg/status"]
    for folder in ("cache/archives/partial", "state/lists/partial"):
        (temporary / folder).mkdir(parents=True)
    download = ["download", "python3-pip-whl"]
    ran = run(["apt-get", *cache, *download], "apt-download", on_tick=ticking, cwd=temporary)
    if ran.status != 0:
        updated = run(["apt-get", *cache, *state, "update"], "apt-update-private", on_tick=ticking, cwd=temporary)
        if updated.status != 0:
            raise updated.failed("apt-get update into a private folder failed")
        ran = run(["apt-get", *cache, *state, *download], "apt-download", on_tick=ticking, cwd=temporary)
    package = next(temporary.glob("python3-pip-whl_*.deb"), None)
    if ran.status != 0 or package is None:
        raise ran.failed("apt-get download python3-pip-whl failed")
    unpacked = run(["dpkg-deb", "-x", str(package), str(temporary / "pip")], "dpkg-deb")
    wheel = _packed_pip([temporary / "pip" / folder.relative_to("/") for folder in _WHEEL_FOLDERS])
    if unpacked.status != 0 or wheel is None:
        raise unpacked.failed("python3-pip-whl holds no pip wheel")
    return wheel


def _ticking(step: Step, road: Road) -> Callable[[], None]:
    return lambda: step.progress(f"by {road.value}")


def _venv_package(machine: Machine) -> str:
    return f"python{'.'.join(str(part) for part in machine.python_version)}-venv"


def _pip_version(pip: Sequence[str]) -> tuple[int, ...] | None:
    """The version that a pip command says it has, or None where it does not run."""
    try:
        asked = subprocess.run(
            [*pip, "--version"],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env=pip_environment(),
        )
    except OSError:
        return None
    return version_numbers(asked.stdout) if asked.returncode == 0 else None
