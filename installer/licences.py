"""The list of third-party packages with version and licence, as each package's own metadata tells it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from importlib.metadata import distributions
from pathlib import Path

from installer.locks import normalised

PYTHON = "python"
NODE = "node"

# The names under which packages write the same licence, besides SPDX's own.
_SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 3-Clause License": "BSD-3-Clause",
    "BSD License": "BSD",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "LGPL v3": "LGPL-3.0-only",
    "MIT License": "MIT",
    "The MIT License (MIT)": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
_LONGEST_NAME = 80

_HEAD = """\
# Third-party packages of Station Launcher: exact version and licence, as each package's own metadata tells it.
# Made by `python3 -m installer lock`; not written by hand. `shipped` is false for what only the checks and tests use.
"""


@dataclass(frozen=True, slots=True)
class Package:
    """One third-party package."""

    kind: str  # PYTHON or NODE
    name: str
    version: str
    licence: str  # an SPDX expression where the package gives one, else its own words; empty if it says nothing
    shipped: bool


def licence_list(packages: Sequence[Package]) -> str:
    """The list as TOML; raises ValueError naming the packages that do not say their licence."""
    silent = [f"{package.name} {package.version}" for package in packages if not package.licence]
    if silent:
        raise ValueError(f"no licence told by: {', '.join(silent)}")
    entries = [
        "\n".join(
            [
                "[[package]]",
                f"kind = {json.dumps(package.kind)}",
                f"name = {json.dumps(package.name)}",
                f"version = {json.dumps(package.version)}",
                f"licence = {json.dumps(package.licence, ensure_ascii=False)}",
                f"shipped = {'true' if package.shipped else 'false'}",
            ]
        )
        for package in sorted(packages, key=lambda package: (package.kind != PYTHON, package.name, package.version))
    ]
    return _HEAD + "\n" + "\n\n".join(entries) + "\n"


def licences_of_folder(folder: Path) -> dict[tuple[str, str], str]:
    """Name and version → licence of every Python package that is installed in a folder."""
    found: dict[tuple[str, str], str] = {}
    for distribution in distributions(path=[str(folder)]):
        text = distribution.read_text("METADATA")
        if text is not None:
            headers = HeaderParser().parsestr(text)
            licence = licence_of(headers) or licence_by_file(headers, distribution.read_text)
            found[normalised(headers["Name"] or ""), headers["Version"] or ""] = licence
    return found


def licence_of(headers: Message) -> str:
    """The licence that core metadata tells: the expression, else the classifiers, else the words of a short field."""
    expression = (headers["License-Expression"] or "").strip()
    if expression:
        return str(expression)
    words = (headers["License"] or "").strip()
    short = words if words and "\n" not in words and len(words) <= _LONGEST_NAME else ""
    if short and short in _SPDX.values():
        return str(short)
    classifiers = [
        entry.rsplit(" :: ", 1)[-1]
        for entry in headers.get_all("Classifier", [])
        if entry.startswith("License :: ") and entry != "License :: OSI Approved"
    ]
    names = [_SPDX.get(name, name) for name in classifiers] or [_SPDX.get(short, short)]
    return " OR ".join(dict.fromkeys(name for name in names if name))


def licence_by_file(headers: Message, read: Callable[[str], str | None]) -> str:
    """The licence by the first line of the file that core metadata names, where that is one we know; else nothing."""
    for name in headers.get_all("License-File", []):
        text = read(f"licenses/{name}") or read(str(name)) or ""
        first = next((line.strip() for line in text.splitlines() if line.strip()), "")
        if first in _SPDX:
            return _SPDX[first]
    return ""


def licences_of_node_lock(text: str) -> list[tuple[str, str, str]]:
    """Name, version and licence of every package in an npm lock, once each."""
    packages: dict[str, dict[str, object]] = json.loads(text)["packages"]
    found = {
        (place.rpartition("node_modules/")[2], str(entry.get("version", "")), str(entry.get("license", "")))
        for place, entry in packages.items()
        if place
    }
    return sorted(found)
