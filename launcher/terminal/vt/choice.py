"""Which of the two VT engines there is on this computer, and why not the other."""

from __future__ import annotations

import logging
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Final, Protocol, cast

from launcher.terminal.engine import VtEngine
from launcher.terminal.errors import EngineMissingError
from launcher.terminal.vt.rules import SCROLL_BACK_ROWS

ENGINES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ghostty": "launcher.terminal.vt.ghostty:GhosttyEngine",
        "pyte": "launcher.terminal.vt.pyte_engine:PyteEngine",
    }
)
"""The engines, the wanted one first."""


_told: Final[set[str]] = set()
"""What has been logged of a fallback: once in a process is enough."""
_log = logging.getLogger(__name__)


class MakeEngine(Protocol):
    """What makes an engine."""

    def __call__(self, rows: int, columns: int, *, scroll_back_rows: int = SCROLL_BACK_ROWS) -> VtEngine:
        """Make one."""
        ...


@dataclass(frozen=True, slots=True)
class VtChoice:
    """The engine that VT systems get here: a fact for the doctor and the status."""

    name: str
    """A key of :data:`ENGINES`; "" where there is none."""
    make: MakeEngine | None
    said: str
    """For a person: which it is, and why not a better one."""

    @property
    def fallback(self) -> bool:
        """Say whether this is not the engine that is wanted."""
        return self.name != next(iter(ENGINES))

    @property
    def best_here(self) -> bool:
        """Say whether there is no better one for this kind of computer: the wanted one is installed on Linux only."""
        return not self.fallback or (self.make is not None and platform.system() != "Linux")


def vt_choice(engines: Mapping[str, str] = ENGINES) -> VtChoice:
    """Return the first engine that can be loaded. It takes some 0.3 s the first time: ask before an officer waits."""
    missing: list[str] = []
    for name, place in engines.items():
        module, _, kind = place.partition(":")
        try:
            made = getattr(import_module(module), kind)
        except (ImportError, OSError) as fault:
            # OSError: the package is there, and its library cannot be loaded on this computer.
            missing.append(f"{name} cannot be loaded ({_why(fault)})")
            continue
        said = f"Terminals over SSH and telnet use {name}"
        if missing:
            said += f", which is slower and knows less: {'; '.join(missing)}"
        return VtChoice(name, cast("MakeEngine", made), f"{said}.")
    return VtChoice("", None, f"There is no engine for terminals over SSH and telnet: {'; '.join(missing)}.")


def _why(fault: ImportError | OSError) -> str:
    """Say what is missing: a package, by its name, or its library, by what the system says of it."""
    if isinstance(fault, ModuleNotFoundError) and fault.name:
        return f"the package {fault.name} is not installed"
    return f"{type(fault).__name__}: {fault}"[:200]


def vt_engine(
    rows: int,
    columns: int,
    *,
    scroll_back_rows: int = SCROLL_BACK_ROWS,
    engines: Mapping[str, str] = ENGINES,
) -> VtEngine:
    """Return an engine with a screen of this size, and about so many rows kept above it.

    Raises :class:`EngineMissingError`.
    """
    choice = vt_choice(engines)
    if choice.fallback and choice.said not in _told:
        _told.add(choice.said)
        _log.warning("%s", choice.said)
    if choice.make is None:
        raise EngineMissingError("This computer cannot show terminals over SSH or telnet.", detail=choice.said)
    return choice.make(rows, columns, scroll_back_rows=scroll_back_rows)
