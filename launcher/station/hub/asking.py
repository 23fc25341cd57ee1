"""What sessions ask of the hub through their station: its word for an officer, a number to quote, a sitting back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from launcher.station.hub.order_errors import BringNotAnsweredError, BringNotThereError
from launcher.station.hub.picture import system_ids
from launcher.station.hub.ports import HubLink, NoAnswer
from launcher.station.hub.questions import Bring, TellHelpdesk, VouchFor
from launcher.wire import messages
from launcher.wire.hub.sittings import Told, Vouched

if TYPE_CHECKING:
    from launcher.station.hub.sitters import Sitters
    from launcher.station.hub.terminal import Terminal
    from launcher.wire.hub.commands import CommandState
    from launcher.wire.hub.sittings import Elsewhere

NOT_TOLD: Final = "helpdesk-not-told"
"""The session's own reference (``session/hub/errors.py``) for what the helpdesk was not told."""


class Asking:
    """Passes on what sessions ask, and what comes back to whoever asked."""

    def __init__(self, terminal: Terminal, sitters: Sitters, link: HubLink) -> None:
        self._terminal = terminal
        self._sitters = sitters
        self._link = link
        self._elsewhere: tuple[Elsewhere, ...] = ()
        self._told: dict[int, tuple[Elsewhere, ...]] = {}

    def heard(self, session: int, message: messages.ToStation) -> bool:
        """Take what a session asks; return whether it was that."""
        match message:
            case messages.WantsVouch():
                self._vouch(session, message)
            case messages.TellHelpdesk():
                self._tell(session, message)
            case messages.BringHereAsked(sitting=sitting):
                self._bring(session, sitting)
            case _:
                return False
        return True

    def elsewhere(self, sittings: tuple[Elsewhere, ...]) -> None:
        """Say to each officer where else they are logged on, when that has changed."""
        self._elsewhere = sittings
        for session, _ in self._sitters.all():
            self.say_elsewhere(session)

    def say_elsewhere(self, session: int) -> None:
        """Say it to one."""
        watched = self._sitters.of(session)
        if watched is None:
            return
        theirs = tuple(one for one in self._elsewhere if one.officer == watched.officer)
        if self._told.get(session, ()) != theirs:
            self._told[session] = theirs
            self._terminal.send(session, messages.StillLoggedOn(sittings=theirs))

    def forget(self, session: int) -> None:
        """A session is gone."""
        self._told.pop(session, None)

    def _vouch(self, session: int, wish: messages.WantsVouch) -> None:
        def answered(vouched: Vouched | None) -> None:
            self._terminal.send(session, messages.VouchedHere(nonce=wish.nonce, vouched=vouched))

        watched = self._sitters.of(session)
        if watched is None or watched.ending:
            answered(None)
            return
        sitting = watched.sitting
        asked = VouchFor(wish.nonce, wish.until, sitting.sitting, sitting.person, sitting.proved_by)
        self._link.ask(asked, lambda said: answered(None if isinstance(said, NoAnswer) else said))

    def _tell(self, session: int, wish: messages.TellHelpdesk) -> None:
        def answered(number: str | NoAnswer) -> None:
            said = {"reference": number.reference} if isinstance(number, NoAnswer) else {"number": number}
            self._terminal.send(session, messages.ToldHere(key=wish.key, **said))

        watched = self._sitters.of(session)
        try:
            told = Told(
                key=wish.key,
                at=time.time(),
                reference=wish.reference,
                system=wish.system or None,
                sitting=watched.sitting.sitting if watched is not None else None,
                timeline=wish.timeline,
            )
        except ValidationError:
            answered(NoAnswer(NOT_TOLD))
            return
        self._link.ask(TellHelpdesk(told), answered)

    def _bring(self, session: int, sitting: str) -> None:
        def answered(state: CommandState | NoAnswer) -> None:
            self._brought(session, sitting, state)

        watched = self._sitters.of(session)
        theirs = [one for one in self._elsewhere if watched is not None and one.officer == watched.officer]
        if watched is None or watched.ending or sitting not in (one.sitting for one in theirs):
            why = BringNotThereError("That session has ended already.")
            answered(NoAnswer(why.reference, why.message))
            return
        self._link.ask(Bring(sitting, watched.sitting.sitting), answered)

    def _brought(self, session: int, sitting: str, state: CommandState | NoAnswer) -> None:
        def failed(reference: str, words: str) -> None:
            said = messages.BroughtHere(sitting=sitting, done=False, reference=reference, words=words)
            self._terminal.send(session, said)

        if isinstance(state, NoAnswer):
            failed(state.reference, state.words)
            return
        answer = state.answer
        if answer is None or answer.outcome not in ("done", "partly"):
            why = BringNotAnsweredError(f"{state.terminal} has not answered.")
            failed(*((why.reference, why.message) if answer is None else (answer.reference, answer.words)))
            return
        left = answer.left_signed_on
        brought = messages.BroughtHere(sitting=sitting, done=True, systems=answer.systems, left_signed_on=left)
        self._terminal.send(session, brought)
        self._terminal.sittings.reopen(session, system_ids(answer.systems))
