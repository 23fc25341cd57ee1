"""One command under way at this terminal: begun once, told of what happens, answered until its last answer."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from launcher.station.hub.order_errors import SessionNotAnsweringError, SittingEndedError
from launcher.station.hub.terminal import Terminal, Timers
from launcher.wire import messages
from launcher.wire.hub.commands import Answer

if TYPE_CHECKING:
    from launcher.errors import LauncherError
    from launcher.station.events import StationEvent
    from launcher.station.hub.picture import Watched
    from launcher.wire.hub.commands import Command, Outcome


class Order(ABC):
    """What all kinds have in common. ``session`` is the one its sitting is in; ``said`` takes each answer."""

    def __init__(self, command: Command, session: int, terminal: Terminal, said: Callable[[int, Answer], None]) -> None:
        self.command = command
        self.session = session
        self.over = False
        self._terminal = terminal
        self._said = said
        self._began = time.monotonic()
        self._timers = Timers()

    @abstractmethod
    def begin(self) -> None:
        """Carry it out, or begin to."""

    def happened(self, event: StationEvent) -> None:  # noqa: B027 - most kinds need not know
        """Take what happens at the station."""

    def heard(self, message: messages.ToStation) -> bool:
        """Take what its session says; return whether that was for this order."""
        return False

    def stands(self) -> None:  # noqa: B027 - most kinds need not know
        """Something has changed about who stands where."""

    def ended(self, watched: Watched, left_signed_on: tuple[str, ...]) -> None:
        """Nothing of its session is left."""
        self.failed(SittingEndedError("The session has ended before that."))

    def can_be_told(self) -> bool:
        """Say whether its session takes what it is told; where it does not, the order has failed."""
        if self._terminal.sessions().phase(self.session) in (None, "ending"):
            self.failed(SittingEndedError("The session ends already."))
        elif not self._terminal.answers(self.session):
            self.failed(SessionNotAnsweringError("The session does not answer."))
        return not self.over

    @property
    def ms(self) -> float:
        """How long ago it was begun."""
        return (time.monotonic() - self._began) * 1000

    def answer(self, outcome: Outcome, words: str = "", *, more: bool = False, **fields: Any) -> None:
        """Say what has come of it; without ``more`` that is all."""
        if self.over:
            return
        if not more:
            self.over = True
            self._timers.cancel()
        answer = Answer(outcome=outcome, at=time.time(), words=words, took_ms=self.ms, more=more, **fields)
        self._said(self.command.id, answer)

    def failed(self, why: LauncherError) -> None:
        """Say that it could not be done, and why."""
        self.answer("failed", why.message, reference=why.reference)

    def not_in_time(self) -> None:
        """Say that its session has not answered."""
        self.failed(SessionNotAnsweringError("The session has not said in time what came of it."))

    def say_deed(self) -> None:
        """Tell the officer who does what, and why."""
        command = self.command
        self._terminal.send(
            self.session,
            messages.DeedHere(
                command=command.id,
                what=command.kind,
                by_name=command.by_name,
                reason=command.reason,
                system=command.system or "",
                at=time.time(),
            ),
        )
