"""How the demo is run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from launcher.demo.files import Appearance
from launcher.demo.hub import HubCommands
from launcher.grants.store import CredentialStore

JourneyName = Literal["", "hand-over", "reset"]

OpenStore = Callable[[Path], CredentialStore]


NO_HUB: Final = HubCommands((), ())


@dataclass(frozen=True, slots=True)
class Options:
    """How the demo is run. ``start`` is the station's command without its options, ``hub`` the hub's commands."""

    headless: bool
    report_to: Path | None
    delay_s: float
    looks: Appearance
    start: tuple[str, ...]
    hub: HubCommands = NO_HUB
    journey: JourneyName = ""
