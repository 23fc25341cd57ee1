"""What all features of one hub process share; each request and each socket is handed it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from launcher.hub import database
from launcher.hub.wakes import Wakes

if TYPE_CHECKING:
    from launcher.hub.settings import HubSettings
    from launcher.signing import SigningKey


@dataclass(frozen=True)
class Hub:
    """One process of the hub. ``clock``: seconds since the epoch, one for everything that is stored."""

    settings: HubSettings
    store: database.Database
    key: SigningKey
    clock: Callable[[], float] = database.now
    wakes: Wakes = field(default_factory=Wakes)

    @property
    def name(self) -> str:
        """What the hub is called: part of all that is signed."""
        return self.settings.serve.name
