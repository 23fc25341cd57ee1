"""What sessions report that changes no screen: their times, what is left of them, and where to look for it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from launcher.errors import WireError
from launcher.late import LateModule
from launcher.station import events
from launcher.station.log import say

if TYPE_CHECKING:
    from launcher.station import proof
    from launcher.station.kept import Kept
    from launcher.station.seat import Seat
    from launcher.wire import messages
else:
    # The first sign-in screen is shown without what they bring: models and a search.
    messages = LateModule("launcher.wire.messages")
    proof = LateModule("launcher.station.proof")

_log = logging.getLogger("launcher.station")


class Reports:
    """Takes the reports of all ``seats``; ``searched`` is where a residue check looks, and what it leaves out."""

    def __init__(
        self,
        state_dir: Path,
        searched: tuple[Sequence[Path] | None, Sequence[Path]],
        kept: Kept,
        seats: Mapping[int, Seat],
        tell: Callable[[events.StationEvent], None],
    ) -> None:
        self._state_dir = state_dir
        self._searched = searched
        self._kept = kept
        self._seats = seats
        self._tell = tell
        self._proof: proof.Proof | None = None

    def heard(self, seat: Seat, message: messages.ToStation) -> bool:
        """Take a report; return False for what is none. Raises :class:`WireError` for one that cannot be true."""
        match message:
            case messages.LeavingPhase(phase=phase, ended=ended):
                self._kept.leaving(seat.session, phase, ended=ended)
            case messages.Recorded(record=record):
                self._kept.record(record)
            case messages.LeftSignedOn(systems=systems):
                seat.signed_on_at = tuple(one for one in seat.signed_on_at if one not in systems)
                self._left_signed_on(seat.session, systems)
            case messages.SignedOnAt(systems=systems, sign_off_s=sign_off_s):
                seat.signed_on_at, seat.sign_off_s = systems, sign_off_s
            case messages.WorksIn(folder=folder):
                seat.worked_in[Path(folder)] = None
            case messages.Canaries():
                self._keep_canaries(seat, message)
            case messages.Scanned():
                if self._proof is not None:
                    self._proof.answered(seat.session, message)
            case _:
                return False
        return True

    def ended(self, seat: Seat, remained: tuple[str, ...]) -> None:
        """A session is gone and will not answer any more; one that was killed has signed off nowhere."""
        if seat.signed_on_at:
            self._left_signed_on(seat.session, seat.signed_on_at)
        if self._proof is not None:
            self._proof.ended(seat.session, remained)
        self._kept.cleaned(seat.session)

    def _left_signed_on(self, session: int, systems: tuple[str, ...]) -> None:
        say(_log, "left-signed-on", level=logging.WARNING, session=session, systems=systems)
        self._tell(events.SignOffUnconfirmed(session, systems))

    def to_check(self, seat: Seat) -> bool:
        """Whether an ended session gave what a residue check searches for."""
        return seat.canaries is not None and self._proof is not None

    async def check(self, seat: Seat, remained: tuple[str, ...], homes: Path) -> None:
        """Search for what an ended session left."""
        if seat.canaries is not None and self._proof is not None:
            claimed = self._seats.get(seat.claimed) if seat.claimed is not None else None
            result = await self._proof.check(
                seat, seat.canaries, remained, homes, self._kept.spool, lambda: tuple(self._seats.values()), claimed
            )
            self._tell(events.ResidueChecked(seat.session, result))

    def _keep_canaries(self, seat: Seat, message: messages.Canaries) -> None:
        if self._proof is None:
            self._proof = proof.Proof(self._state_dir, *self._searched)
        try:
            seat.canaries = self._proof.patterns(message)
        except ValueError:
            raise WireError("Canaries were refused: they are not masked patterns.") from None
