"""What is asked of the hub for somebody at the station, each answered once, and what the station signs for them."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final, TypeVar

from launcher.errors import LauncherError
from launcher.hub_client.errors import HubAwayError
from launcher.station.hub.ports import NoAnswer
from launcher.wire.hub.commands import CommandState
from launcher.wire.hub.officers import SecondVouch, SecondVouched
from launcher.wire.hub.sittings import BringHere, ToldNumber, Vouch, Vouched

if TYPE_CHECKING:
    from launcher.hub_client.station_link import Prover, StationLink
    from launcher.wire.hub.sittings import Person, Told

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

    def told(self, told: Told, answered: Callable[[str | NoAnswer], None]) -> None:
        """Tell the helpdesk; the answer is the number to quote."""

        async def tell() -> str:
            return (await self._link.ask("POST", "/stations/told", ToldNumber, told, again=True)).number

        self._begin(tell(), answered)

    def bring(self, from_sitting: str, to_sitting: str, answered: Callable[[CommandState | NoAnswer], None]) -> None:
        """End a sitting elsewhere; the answer is what came of it there."""
        said = BringHere(from_sitting=from_sitting, to_sitting=to_sitting, key=secrets.token_hex(16))
        self._begin(self._link.ask("POST", "/stations/bring", CommandState, said, again=True, wait_s=BRING_S), answered)

    def vouch(
        self,
        nonce: str,
        until: float,
        sitting: str,
        person: Person,
        proved_by: str,
        answered: Callable[[Vouched | None], None],
    ) -> None:
        """Sign that this station has seen the officer proved, once the hub has heard of their sitting.

        ``until``: on the hub's clock.
        """

        async def sign() -> Vouched:
            try:
                async with asyncio.timeout(REPORTED_S):
                    await self._has_reported(sitting)
            except TimeoutError:
                raise HubAwayError("The hub has not heard of the sitting.") from None
            who, now = self._prover, self._link.clock.now()
            vouch = Vouch(
                station=who.enrolled.station, hub=who.enrolled.hub, sitting=sitting, person=person,
                proved_by=proved_by, nonce=nonce, at=now, until=min(until, now + VOUCHED_S),
            )  # fmt: skip
            return Vouched(vouch=vouch, signature=who.key.sign("vouch", vouch))

        self._begin(sign(), lambda said: answered(said if isinstance(said, Vouched) else None))

    def second(
        self,
        request: str,
        command: int,
        person: Person | None,
        *,
        proved_by: str,
        approve: bool,
        answered: Callable[[NoAnswer | None], None],
    ) -> None:
        """Sign and send what a supervisor has said here."""

        async def tell() -> None:
            who, now = self._prover, self._link.clock.now()
            second = SecondVouch(
                station=who.enrolled.station, hub=who.enrolled.hub, request=request, command=command, person=person,
                proved_by=proved_by, approve=approve, at=now, until=now + VOUCHED_S,
            )  # fmt: skip
            said = SecondVouched(second=second, signature=who.key.sign("second", second))
            await self._link.ask("POST", "/stations/second", object, said)

        self._begin(tell(), answered)

    async def close(self) -> None:
        """Answer what was not answered yet: the station ends."""
        asking = tuple(self._asking)
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        await asyncio.sleep(0)  # whoever asked is answered

    def _begin(self, asking: Coroutine[Any, Any, Answer], answered: Callable[[Answer | NoAnswer], None]) -> None:
        def done(task: asyncio.Task[Answer]) -> None:
            self._asking.discard(task)
            answered(_said(task))

        task = asyncio.create_task(asking)
        self._asking.add(task)
        task.add_done_callback(done)


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
