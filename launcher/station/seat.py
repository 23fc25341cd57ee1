"""One live session as the supervisor knows it: its process, link and folder, and when it was last heard of."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from launcher.station.limits import silence_limit_s

if TYPE_CHECKING:
    from launcher.residue import Patterns
    from launcher.station.limits import Limits
    from launcher.station.link import Link
    from launcher.station.processes import SessionProcess


@dataclass(eq=False)
class Seat:
    """All times are of time.monotonic(), in seconds."""

    session: int
    process: SessionProcess
    link: Link
    home: Path
    started: float
    started_wall: float
    warm: bool = False
    complete: bool = False
    asked: float = 0.0  # when it was told to show a screen
    heard: float = 0.0
    screen_age_s: float = 0.0
    silent_since: float | None = None
    canaries: Patterns | None = field(default=None, repr=False)
    worked: bool = False  # an officer was signed in: programs of theirs may have run
    claimed: int | None = None  # the session that goes on with the proof of its officer, who was proved here
    searched: tuple[str, ...] = ()  # where its account's files were looked for, once it has ended
    signed_on_at: tuple[str, ...] = ()  # hosts that hold its officer for signed on, unless it signs off there
    sign_off_s: float = 0.0  # how long that may take
    at_most_s: float | None = None  # so long it has to end by itself at most, sign-offs included
    worked_in: dict[Path, None] = field(default_factory=dict)  # in order, each once

    def ends_within_s(self, limits: Limits) -> float:
        """Return how long it has to end by itself; where its engine is silent too, nobody signs off at any host."""
        alive = time.monotonic() - self.heard < silence_limit_s(limits)
        within_s = limits.end_within_s + (min(self.sign_off_s, limits.sign_off_within_s) if alive else 0.0)
        return within_s if self.at_most_s is None else min(within_s, self.at_most_s)

    def beat(self, screen_age_s: float) -> None:
        """Take a sign of life; the screen's own age counts, so that a living process with a dead screen is silent."""
        self.heard = time.monotonic()
        self.screen_age_s = max(0.0, screen_age_s)

    def turned_since(self, moment: float) -> bool:
        """Whether the screen is known to have turned after ``moment``."""
        return self.heard - self.screen_age_s > moment

    def silence_s(self) -> float:
        """Return how long the screen has not been known to answer."""
        return time.monotonic() - self.heard + self.screen_age_s
