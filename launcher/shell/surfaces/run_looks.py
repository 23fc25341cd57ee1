"""The looks of a run over a page: each ends with the fault that the page meets on its way, and not at its deadline."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QTimer

from launcher.errors import LauncherError
from launcher.shell.bridge import Reply
from launcher.sign_on.driver import PageAsksError, Seen

SHOWS_MS: Final = 500
"""How long what a page shows beside its fault counts first: a system may refuse with a status of 500."""


@dataclass(frozen=True, slots=True)
class Met:
    """The fault that a page's way has ended in."""

    fault: LauncherError
    at_s: float


class RunLooks:
    """One page's. ``acts`` counts the officer's: where they act meanwhile, the fault is theirs and is shown to them.

    ``taken`` is called once the fault has ended a look: it is said there, and needs no other word.
    """

    def __init__(self, view: QObject, acts: Callable[[], int], taken: Callable[[], None]) -> None:
        self._view, self._acts, self._taken = view, acts, taken
        self._looks: list[tuple[Reply[Seen | None], int, bool]] = []
        self.met: Met | None = None
        """What the page has met, until it is past it."""
        self.asked: PageAsksError | None = None
        """What it asks in a window of its own, until it has its answer."""

    def add(self, reply: Reply[Seen | None], *, faults: bool = True) -> None:
        """A look begins; ``faults``: what the page meets ends it too, and not only what it asks."""
        self._looks = [one for one in self._looks if not one[0].settled]
        self._looks.append((reply, self._acts(), faults))
        if self.asked is not None:
            reply.fail(self.asked)
        elif self.met is not None:
            self._end_soon(self.met)

    @property
    def wait(self) -> bool:
        """Whether anybody waits for what is seen."""
        return any(not reply.settled for reply, *_ in self._looks)

    def ask(self, asked: PageAsksError) -> None:
        """The page asks the officer: no look goes on before it has its answer, whoever has acted."""
        self.asked = asked
        for reply, *_ in self._looks:
            reply.fail(asked)

    def meet(self, fault: LauncherError) -> None:
        """The page has met a fault."""
        self.met = Met(fault, time.monotonic())
        self._end_soon(self.met)

    def _end_soon(self, met: Met) -> None:
        def end() -> None:
            waiting = [one for one, acts, ends in self._looks if ends and not one.settled and acts == self._acts()]
            if self.met is met and waiting:
                self._taken()
                for reply in waiting:
                    reply.fail(met.fault)

        left_ms = SHOWS_MS - (time.monotonic() - met.at_s) * 1000
        QTimer.singleShot(max(0, round(left_ms)), self._view, end)
