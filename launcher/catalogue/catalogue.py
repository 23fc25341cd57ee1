"""The catalogue: a folder of TOML files, one for each system. A faulty one is left out and said; the others stay.

Its folder ``keyboards`` has the keyboard maps that terminals may have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel

from launcher.catalogue.entry import Entry, read_entry
from launcher.catalogue.keyboards import Keyboards, read_keyboards
from launcher.policy.toml_text import Fault, read_toml, toml_files
from launcher.terminal.keyboards import OURS

# What a connector or a policy says of an entry that is well formed: faults (it is left out) and warnings (it stays).
Judge = Callable[[Entry], list[Fault]]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The entries that can be used, by name, and everything that was found wrong."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    keyboards: Keyboards = field(default_factory=lambda: OURS)
    """The keyboard maps that there are, by name; None where the file is faulty."""
    keyboard_faults: tuple[Fault, ...] = ()
    """Those of the faults that are of keyboard maps, for which no entry is left out."""

    @property
    def left_out(self) -> tuple[Fault, ...]:
        """Return the faults for which entries are left out."""
        return tuple(fault for fault in self.faults if fault not in self.keyboard_faults)

    def entry(self, system: str) -> Entry | None:
        """Return the entry of this id, if there is one that can be used."""
        return next((entry for entry in self.entries if entry.id == system), None)


def load(folder: Path, kinds: Mapping[str, type[BaseModel]], judge: Judge | None = None) -> Catalogue:
    """Read every ``*.toml`` of a folder. Never raises: a folder that cannot be read is a fault of its own.

    ``kinds`` maps each kind of system to the model of its table; ``judge`` may refuse what policy does not allow.
    """
    entries: list[Entry] = []
    keyboards, of_maps = read_keyboards(folder)
    found = list(of_maps)
    try:
        files = toml_files(folder)
    except OSError as fault:
        return Catalogue((), (Fault(folder, 0, 0, f"the folder cannot be read: {fault.strerror}"),))
    for file in files:
        source = read_toml(file)
        if isinstance(source, Fault):
            found.append(source)
            continue
        entry = read_entry(source, kinds, keyboards)
        if isinstance(entry, list):
            found += entry
            continue
        judged = judge(entry) if judge is not None else []
        found += judged
        if all(fault.warning for fault in judged):
            entries.append(entry)
    entries.sort(key=lambda entry: (entry.name.casefold(), entry.id))
    return Catalogue(
        tuple(entries),
        tuple(fault for fault in found if not fault.warning),
        tuple(fault for fault in found if fault.warning),
        keyboards,
        tuple(fault for fault in of_maps if not fault.warning),
    )


def visible(catalogue: Catalogue, groups: frozenset[str]) -> tuple[Entry, ...]:
    """Return the entries that an officer of these groups may see; group names are lower-case."""
    return tuple(entry for entry in catalogue.entries if entry.may_be_seen(groups))
