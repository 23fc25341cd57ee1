"""Station files for the benchmarks, written as an administrator would write them."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher.catalogue.examples import example_files
from launcher.identity.local import hash_password
from launcher.secret import Secret

NUMBER = "4471"
PASSWORD = "bench-amber-551-Q!"


@dataclass(frozen=True, slots=True)
class Files:
    """Where one station's files are."""

    station: Path
    state: Path


@dataclass(frozen=True, slots=True)
class Person:
    """An officer of a station's own file."""

    number: str
    password: str


def local_station(folder: Path, *, systems: int = 0) -> Files:
    """Write a station whose one officer stands in a file, with so many example systems."""
    return shared_station(folder, (Person(NUMBER, PASSWORD),), systems=systems)


def shared_station(folder: Path, people: tuple[Person, ...], *, systems: int, lock: str = "") -> Files:
    """Write a station whose officers stand in a file; ``lock`` is what its [lock] section says."""
    return _write(
        folder,
        '[sign_in]\nmethods = ["local"]\n\n[local]\nofficers_file = "officers.toml"\n'
        + (f"\n[lock]\n{lock}\n" if lock else ""),
        systems,
        officers="\n".join(
            f"""\
[[officer]]
id = "0f1c9a52-{one.number}"
user_name = "{one.number}"
number = "{one.number}"
display_name = "Officer {one.number}"
mail = "{one.number}@force.example"
groups = ["all-staff"]
password = "{hash_password(Secret(one.password))}"
"""
            for one in people
        ),
    )


def directory_station(
    folder: Path,
    *,
    server: str,
    ca_file: Path,
    base: str,
    read_account: str,
    systems: int = 0,
    more: str = "",
    entries: Mapping[str, str] | None = None,
) -> Files:
    """Write a station whose officers a directory proves; ``more`` of its settings, and ``entries`` by system."""
    files = _write(
        folder,
        f"""\
[sign_in]
methods = ["directory"]

[directory]
servers = ["{server}"]
ca_file = "{ca_file}"
base = "{base}"
search_as = "{read_account}"

{more}""",
        systems,
    )
    for system, text in (entries or {}).items():
        (folder / "catalogue" / f"{system}.toml").write_text(text, encoding="utf-8")
    return files


def _write(folder: Path, sign_in: str, systems: int, *, officers: str = "") -> Files:
    catalogue = folder / "catalogue"
    catalogue.mkdir(parents=True)
    programs = {"/opt/force/bin/records"}
    for name, text in example_files(systems) if systems else ():
        (catalogue / name).write_text(text, encoding="utf-8")
        entry = tomllib.loads(text)
        if entry["kind"] == "program":
            programs.add(entry["program"]["argv"][0])
    if officers:
        (folder / "officers.toml").write_text(officers, encoding="utf-8")
    station = folder / "station.toml"
    station.write_text(
        f"""\
[station]
terminal = "FD-02"
place = "Front desk"
force = "Northfield Police"
helpdesk = "ext. 4100"
fullscreen = false

{sign_in}
[programs]
executables = {json.dumps(sorted(programs))}

[credentials]
keep = "file"
""",
        encoding="utf-8",
    )
    state = folder / "state"
    state.mkdir(mode=0o700)
    return Files(station, state)
