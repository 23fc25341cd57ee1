"""Orders that a session carries out itself: its screen is locked, one of its systems closed, a message shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, cast

from launcher.station.hub.order import Order
from launcher.station.hub.order_errors import SittingEndedError
from launcher.station.lock_events import SessionLocked
from launcher.station.places import LOCKED
from launcher.wire import messages

if TYPE_CHECKING:
    from launcher.station.events import StationEvent
    from launcher.station.hub.picture import Watched

DONE_WITHIN_S: Final = 5.0
REVOKED_WITHIN_S: Final = 20.0
"""A provider is asked over the network, and may be slow."""
WARNED_WITHIN_S: Final = 20.0
"""A session that gives its officer time first has said by then what came of it."""


class LockOrder(Order):
    """Lock the screen; one that does not answer is hidden behind another's."""

    def begin(self) -> None:
        """Tell it to lock."""
        phase = self._terminal.sessions().phase(self.session)
        if phase in LOCKED:
            self.answer("done", "It was locked already.")
        elif phase != "painted":
            self.failed(SittingEndedError("The session ends already."))
        else:
            self.say_deed()
            self._timers.later(DONE_WITHIN_S, self.not_in_time)
            self._terminal.sittings.lock(self.session, "asked")

    def happened(self, event: StationEvent) -> None:
        """It is locked."""
        if isinstance(event, SessionLocked) and event.session == self.session:
            self.answer("done", "" if event.said else "It did not answer: another screen stands in front of it.")


class DoOrder(Order):
    """Close one system, open it again, forget what is kept for it, or revoke at the provider."""

    def begin(self) -> None:
        """Hand it to the session."""
        if not self.can_be_told():
            return
        command = self.command
        within_s = REVOKED_WITHIN_S if command.kind == "revoke" else DONE_WITHIN_S
        self._timers.later(within_s, self.not_in_time)
        self.say_deed()
        what = cast(Literal["close-system", "open-system", "forget-credential", "revoke"], command.kind)
        self._terminal.send(self.session, messages.DoHere(command=command.id, what=what, system=command.system or ""))

    def heard(self, message: messages.ToStation) -> bool:
        """The session has done it, or says why not, or that its officer is given time first."""
        if not isinstance(message, messages.DoneHere) or message.command != self.command.id:
            return False
        if message.more:
            self._timers.cancel()
            self._timers.later(WARNED_WITHIN_S, self.not_in_time)
        self.answer(message.outcome, message.words, reference=message.reference, more=message.more)
        return True


class MessageOrder(Order):
    """Show a message; its last answer comes when the officer has read it, or has gone."""

    def begin(self) -> None:
        """Show it."""
        if not self.can_be_told():
            return
        command = self.command
        self._terminal.send(
            self.session,
            messages.MessageHere(command=command.id, text=command.text, by_name=command.by_name, at=command.made),
        )
        locked = self._terminal.sessions().phase(self.session) in LOCKED
        self.answer("done", "It is shown once its officer is back." if locked else "It is on the screen.", more=True)

    def heard(self, message: messages.ToStation) -> bool:
        """The officer has read it."""
        if not isinstance(message, messages.MessageRead) or message.command != self.command.id:
            return False
        self.answer("done", "It has been read.")
        return True

    def ended(self, watched: Watched, left_signed_on: tuple[str, ...]) -> None:
        """The session is gone."""
        self.answer("partly", "The session has ended before it was acknowledged.")
