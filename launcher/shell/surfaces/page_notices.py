"""What pages tell the officer of: notices of the launcher's own frame, with the page's host and a title cut short.

No window of the page's own making comes over the work, and of what it says only the title is shown: the rest, and any
picture, is the page's to show in its own place.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal

from launcher.addresses import host_of
from launcher.shell.surfaces.origins import Bounds

LONGEST_TITLE: Final = 80
EVERY_S: Final = 10.0
"""A system is heard once in so many seconds: what it tells more often is not shown."""

_WHAT: Final = frozenset({"notifications"})


class Teller(Protocol):
    """A system that may tell of something."""

    @property
    def bounds(self) -> Bounds:
        """What its pages may do."""
        ...


class PageNotices(QObject):
    """Takes what pages tell, and hands on what may be shown. ``systems``: those that are open, by their surface."""

    told = Signal(str, str, str)
    """A page of this system, at this host, tells of what this title says."""

    def __init__(
        self,
        systems: Mapping[str, Teller],
        parent: QObject | None = None,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._systems, self._clock_s = systems, clock_s
        self._told_at: dict[str, float] = {}

    def take(self, untrusted_origin: str, untrusted_title: str) -> None:
        """Hand on what a page tells, where its system may tell and has not done so a moment ago."""
        now = self._clock_s()
        for surface, system in self._systems.items():
            if system.bounds.may_have(_WHAT, untrusted_origin):
                if now - self._told_at.get(surface, now - EVERY_S) >= EVERY_S:
                    self._told_at[surface] = now
                    self.told.emit(surface, host_of(untrusted_origin), _plain(untrusted_title))
                return


def _plain(untrusted_title: str) -> str:
    title = " ".join("".join(mark if mark.isprintable() else " " for mark in untrusted_title[:1000]).split())
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"
