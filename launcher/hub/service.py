"""What all features of one hub process share; each request and each socket is handed it."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from launcher.hub import database
from launcher.hub.metrics import Metrics
from launcher.hub.stations.door import Door
from launcher.hub.stations.fresh_news import FreshNews
from launcher.hub.stations.lines import Lines
from launcher.hub.wakes import Wakes

if TYPE_CHECKING:
    from launcher.hub.settings import HubSettings
    from launcher.signing import SigningKey


def _process_name() -> str:
    return f"{os.uname().nodename[:30]}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass(frozen=True)
class Hub:
    """One process of the hub. ``clock``: seconds since the epoch, one for everything that is stored."""

    settings: HubSettings
    store: database.Database
    key: SigningKey
    clock: Callable[[], float] = database.now
    wakes: Wakes = field(default_factory=Wakes)
    process: str = field(default_factory=_process_name)
    """What this process is called where its sockets are noted; never the name of an earlier one."""
    metrics: Metrics = field(default_factory=Metrics)
    ends_left: set[tuple[str, float]] = field(default_factory=set)
    """Sockets that have ended, each with when it was proved, of which the store does not know it yet."""
    closing: threading.Event = field(default_factory=threading.Event)
    """Set when this process was told to end."""
    store_away: threading.Event = field(default_factory=threading.Event)
    """Set while the store takes no sign of life of this process: the stations that it has count as away."""

    news: FreshNews = field(init=False)
    door: Door = field(default_factory=Door)
    lines: Lines = field(default_factory=Lines)

    def __post_init__(self) -> None:
        object.__setattr__(self, "news", FreshNews(self.store))
        self.store.timed = self.metrics.store_took
        self.wakes.counted = self.metrics.woke
        self.door.counted = self.metrics.turned_away.inc

    @property
    def name(self) -> str:
        """What the hub is called: part of all that is signed."""
        return self.settings.serve.name
