"""What the link to the hub is handed: the station file's words, the station's key, and the run it belongs to."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from launcher.signing import SigningKey


@dataclass(frozen=True, slots=True)
class HubFacts:
    """What the station file says of the hub, and of this terminal."""

    addresses: tuple[str, ...]
    ca_file: Path | None
    sockets: bool
    poll_s: float
    terminal: str
    place: str
    version: str


class HubPlace(Protocol):
    """Where the thread finds what it needs; asked on the thread, and may take its time."""

    def facts(self) -> HubFacts | None:
        """Return what the station file says; None: there is no hub in it. Raises :class:`LauncherError`."""
        ...

    def key(self, station: str) -> SigningKey | None:
        """Return the key of an enrolment, if there is one. Raises :class:`LauncherError`."""
        ...


@dataclass(slots=True)
class Run:
    """What one run of the station has made for itself, over all its links. ``number``: of the last report."""

    boot: str = field(default_factory=lambda: f"boot-{secrets.token_hex(12)}")
    number: int = 0
    first: bool = True
    """Nothing was begun yet: what the journal has begun and not answered is an earlier run's."""
