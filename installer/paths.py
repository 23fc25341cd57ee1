"""Where the set-up puts things: one place that the commands, the test servers and the unit tests read.

The Node.js packages of the test servers are in `NODE_MODULES` (`tests/servers/node/node_modules`), the hosts that the
terminals' tests call in `build/hosts`, logs of the set-up's own steps in `LOGS` (`build/installer`); none of them is in
the repository.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = ROOT / "installer" / "locks"
LOGS = ROOT / "build" / "installer"
NODE_FOLDER = ROOT / "tests" / "servers" / "node"
NODE_MODULES = NODE_FOLDER / "node_modules"
S390X = ROOT / "build" / "hosts" / "s390x"
MOCKER = ROOT / "build" / "hosts" / "mocker"
MOCKER_PIN = ROOT / "tests" / "servers" / "mocker3270.txt"
LICENCES = ROOT / "resources" / "licences" / "third-party.toml"


def venv_scripts(venv: Path = VENV) -> Path:
    """The folder of the environment that holds its interpreter and its commands."""
    return venv / ("Scripts" if os.name == "nt" else "bin")


def venv_python(venv: Path = VENV) -> Path:
    """The environment's interpreter, whether or not it exists yet."""
    return venv_scripts(venv) / ("python.exe" if os.name == "nt" else "python")


def shown(path: Path) -> str:
    """A path as a person reads it: from the checkout where it lies in it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
