"""What ``station-launcher catalogue check`` and ``catalogue list`` say, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from launcher.catalogue.catalogue import Catalogue, Judge, load
from launcher.terminal.keyboards import OURS


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found in a folder; the check passes when there is no fault, warnings aside."""

    folder: Path
    catalogue: Catalogue

    @property
    def passes(self) -> bool:
        """Say whether every entry can be used."""
        return not self.catalogue.faults

    def lines(self) -> list[str]:
        """Return one line for each fault and warning, in the order of the files, and a sum at the end."""
        found = [*self.catalogue.faults, *self.catalogue.warnings]
        found.sort(key=lambda fault: (str(fault.file), fault.line, fault.column))
        usable, faults, warnings = (
            len(self.catalogue.entries),
            len(self.catalogue.faults),
            len(self.catalogue.warnings),
        )
        total = f"{_counted(usable, 'entry', 'entries')} can be used, {_counted(faults, 'fault', 'faults')}"
        return [*map(str, found), f"{total}, {_counted(warnings, 'warning', 'warnings')}."]


def check_folder(folder: Path, kinds: Mapping[str, type[BaseModel]], judge: Judge | None = None) -> Report:
    """Read a catalogue folder and report every fault of every file at once."""
    return Report(folder, load(folder, kinds, judge))


def listing(catalogue: Catalogue) -> list[tuple[str, str, str, str, str, str]]:
    """Return a row for each entry: id, name, kind, group, when it opens, who may see it."""
    return [
        (
            entry.id,
            entry.name,
            entry.kind,
            entry.group,
            "on demand" if entry.on_demand else "with my systems",
            ", ".join(sorted(entry.groups)) or "everyone",
        )
        for entry in catalogue.entries
    ]


def keyboard_listing(catalogue: Catalogue) -> list[tuple[str, str, str]]:
    """Return a row for each keyboard map of the catalogue's own: its name, what it is laid over, which systems name it.

    Which systems have it is asked of the entry's own table, as kinds with a keyboard call it ``keyboard``.
    """
    rows = []
    for name, keyboard in catalogue.keyboards.items():
        if name in OURS:
            continue
        what = f"{keyboard.family} over {keyboard.over}" if keyboard is not None else "faulty"
        users = [entry.id for entry in catalogue.entries if getattr(entry.spec, "keyboard", "") == name]
        rows.append((name, what, ", ".join(users) or "no system"))
    return rows


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
