"""A system that is no more than a folder, and what can be seen of it."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from launcher.station.install.choices import Choices

needs_root = pytest.mark.needs("root")


def silent(_: str) -> None:
    """Say nothing."""


def bare_system(root: Path) -> Choices:
    """A system of no more than its accounts, and what a person leaves as it is."""
    (root / "etc/systemd/system").mkdir(parents=True)
    (root / "usr").mkdir()
    (root / "var/lib").mkdir(parents=True)
    (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/bash\n")
    (root / "etc/group").write_text("root:x:0:\naudio:x:29:\nsudo:x:27:\n")
    (root / "etc/shadow").write_text("root:*:19000:0:99999:7:::\n")
    (root / "etc/shadow").chmod(0o640)
    (root / "etc/gshadow").write_text("root:*::\naudio:*::\nsudo:*::\n")
    return Choices(root=root, python="/opt/station-launcher/.venv/bin/python", terminal="FD-02", slots=3)


def picture(root: Path) -> dict[str, tuple[str, int, str]]:
    """Everything below a folder: kind, mode, content; the tools' own backups and locks left out."""
    seen = {}
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if re.fullmatch(r"etc/(\.pwd\.lock|(passwd|group|shadow|gshadow|subuid|subgid)-?)", name):
            continue
        mode = stat.S_IMODE(path.lstat().st_mode)
        if path.is_symlink():
            seen[name] = ("link", 0, str(path.readlink()))
        elif path.is_dir():
            seen[name] = ("folder", mode, "")
        else:
            seen[name] = ("file", mode, path.read_text())
    return seen


def accounts(root: Path) -> dict[str, str]:
    """The system's own account files, by name."""
    return {name: (root / "etc" / name).read_text() for name in ("passwd", "group")}


def at(choices: Choices, path: str) -> Path:
    return choices.root / path.lstrip("/")
