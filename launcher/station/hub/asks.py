"""What is asked of the hub for somebody at the station, each answered once, and what the station signs for them."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from launcher.errors import LauncherError
from launcher.hub_client.errors import HubAwayError
from launcher.station.hub.ports import NoAnswer
from launcher.station.hub.questions import Bring, Question, SaySecond, TellHelpdesk, VouchFor
from launcher.wire.hub.commands import CommandState
from launcher.wire.hub.officers import SecondVouch, SecondVouched
from launcher.wire.hub.sittings import BringHere, ToldNumber, Vouch, Vouched

if TYPE_CHECKING:
    from launcher.hub_client.station_link import Prover, StationLink

Answer = TypeVar("Answer")

BRING_S: Final = 13.0
"""The hub waits up to 5 s for the other terminal to take it, and as long again for its screen to be covered."""
REPORTED_S: Final = 10.0
VOUCHED_S: Final = 110.0
"""Less than the hub's own two minutes, since its clock is known but for the way there."""

_log = logging.getLogger("launcher.station.hub")


class Asks:
    """The questions of one station to its hub."""

    def __init__(self, link: StationLink, prover: Prover, has_reported: Callable[[str], Awaitable[None]]) -> None:
        """``has_reported``: waits until the hub has heard of a sitting."""
        self._link = link
        self._has_reported = has_reported
        self._prover = prover
        self._asking: set[asyncio.Task[Any]] = set()

    def ask(self, question: Question[Answer], answered: Callable[[Answer | NoAnswer], None]) -> None:
        """Ask something; ``answered`` is called once, whatever becomes of it."""

        def done(task: asyncio.Task[Answer]) -> None:
            self._asking.discard(task)
            answered(_said(task))

        task: asyncio.Task[Answer] = asyncio.create_task(self._answer(question))
        self._asking.add(task)
        task.add_done_callback(done)

    async def close(self) -> None:
        """Answer what was not answered yet: the station ends."""
        asking = tuple(self._asking)
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        await asyncio.sleep(0)  # whoever asked is answered

    async def _answer(self, question: Question[Any]) -> Any:
        match question:
            case TellHelpdesk(told=told):
                return (await self._link.ask("POST", "/stations/told", ToldNumber, told, again=True)).number
            case Bring():
                key = secrets.token_hex(16)
                bring = BringHere(from_sitting=question.from_sitting, to_sitting=question.to_sitting, key=key)
                return await self._link.ask("POST", "/stations/bring", CommandState, bring, again=True, wait_s=BRING_S)
            case VouchFor():
                return await self._vouch(question)
            case SaySecond():
                await self._link.ask("POST", "/stations/second", object, self._second(question))
                return None
        raise AssertionError(question)

    async def _vouch(self, asked: VouchFor) -> Vouched:
        try:
            async with asyncio.timeout(REPORTED_S):
                await self._has_reported(asked.sitting)
        except TimeoutError:
            raise HubAwayError("The hub has not heard of the sitting.") from None
        who, now = self._prover, self._link.clock.now()
        vouch = Vouch(
            station=who.enrolled.station, hub=who.enrolled.hub, sitting=asked.sitting, person=asked.person,
            proved_by=asked.proved_by, nonce=asked.nonce, at=now, until=min(asked.until, now + VOUCHED_S),
        )  # fmt: skip
        return Vouched(vouch=vouch, signature=who.key.sign("vouch", vouch))

    def _second(self, said: SaySecond) -> SecondVouched:
        who, now = self._prover, self._link.clock.now()
        second = SecondVouch(
            station=who.enrolled.station, hub=who.enrolled.hub, request=said.request, command=said.command,
            person=said.person, proved_by=said.proved_by, approve=said.approve, at=now, until=now + VOUCHED_S,
        )  # fmt: skip
        return SecondVouched(second=second, signature=who.key.sign("second", second))


def _said(task: asyncio.Task[Answer]) -> Answer | NoAnswer:
    """Return what a question that is over is answered with: whatever became of it, whoever asked does not wait on."""
    if task.cancelled():
        return NoAnswer(HubAwayError.reference, "The road to the hub has ended.")
    match task.exception():
        case None:
            return task.result()
        case LauncherError() as fault:
            return NoAnswer(fault.reference, fault.message)
        case fault:
            _log.error("station-fault", exc_info=fault)
            return NoAnswer(HubAwayError.reference, "The hub could not be asked.")
