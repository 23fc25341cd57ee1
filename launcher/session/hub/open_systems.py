"""What is told to the hub of an officer's open systems: which, in which state, since when, and how one has failed."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from launcher.session.snapshot import LaunchView, Snapshot
from launcher.wire.hub.sittings import OpenSystem
from launcher.wire.hub_messages import FailedWords, OpenSystems
from launcher.wire.records import LaunchRecord, Record

TOLD_AFTER_S = 0.1
"""An opening goes through several states at once: the picture that stands after this time is told."""

_NAME, _WORDS = 120, 500
_REFERENCE = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_SYSTEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Told(Protocol):
    """Where it is told."""

    def tell(self, message: Record) -> None:
        """Send one message."""
        ...


def words_of(launch: LaunchView) -> str:
    """Return the system's own words where it failed or asks for something, never what stands on a page that works."""
    if launch.state == "failed":
        said = launch.says or (launch.error.what if launch.error is not None else "")
    elif launch.state == "needs" and launch.needs != "finish":  # what was seen last is content
        said = launch.says
    else:
        said = ""
    return said[:_WORDS]


def open_system(launch: LaunchView, name: str, since: float) -> OpenSystem:
    """Return what is told of one; ``since``, wall clock: it is in this state."""
    reference = launch.error.reference if launch.error is not None else ""
    return OpenSystem(
        system=launch.system,
        name=name[:_NAME],
        state=launch.state,
        since=since,
        took_ms=launch.took_ms,
        reference=reference if _REFERENCE.fullmatch(reference) else None,
        words=words_of(launch),
    )


class OpenTold:
    """Tells one officer's open systems when they have changed, and a failed one's words beside its record."""

    def __init__(self, station: Told, now: Callable[[], float] = time.time) -> None:
        self._station = station
        self._now = now
        self._since: dict[str, tuple[str, float]] = {}
        self._drawn: tuple[LaunchView, ...] | None = None
        self._names: Mapping[str, str] = {}
        self._told: OpenSystems | None = None
        self._wordless: set[str] = set()  # their record was told, and not yet what they said
        self._later: asyncio.TimerHandle | None = None

    def recorded(self, record: LaunchRecord) -> None:
        """Note that a record was told: where it failed, its words follow with the next picture."""
        if record.outcome not in ("ready", "cancelled"):
            self._wordless.add(record.system)

    def drawn(self, snapshot: Snapshot) -> None:
        """Look at a new picture; what has changed is told soon, once."""
        if snapshot.launches is self._drawn:
            return
        self._drawn = snapshot.launches
        self._names = {system.id: system.name for system in snapshot.systems}
        states = {launch.system: launch.state for launch in snapshot.launches}
        kept = {system: held for system, held in self._since.items() if states.get(system) == held[0]}
        self._since = {system: kept.get(system, (state, self._now())) for system, state in states.items()}
        self._tell_words(snapshot.launches)
        if self._later is None:
            self._later = asyncio.get_running_loop().call_later(TOLD_AFTER_S, self._tell)

    def end(self) -> None:
        """Tell nothing more."""
        if self._later is not None:
            self._later.cancel()

    def _tell_words(self, launches: tuple[LaunchView, ...]) -> None:
        for launch in launches:
            if launch.system in self._wordless:
                self._wordless.discard(launch.system)
                if words := words_of(launch):
                    self._station.tell(FailedWords(system=launch.system, words=words))

    def _tell(self) -> None:
        self._later = None
        told = OpenSystems(
            systems=tuple(
                open_system(launch, self._names.get(launch.system, launch.system), self._since[launch.system][1])
                for launch in self._drawn or ()
                if _SYSTEM.fullmatch(launch.system)
            )
        )
        if told != self._told:
            self._told = told
            self._station.tell(told)
