"""Proof of nothing left, as the supervisor asks for it: canaries kept with a session, the search once it has ended."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from launcher.residue import Patterns, Residue
from launcher.station import residue
from launcher.station.log import say
from launcher.station.seat import Seat
from launcher.timings import Spool
from launcher.wire.messages import Canaries, Scanned

_log = logging.getLogger("launcher.station")


class Proof:
    """Searches for what sessions left: in ``state_dir``, in the folders they may have written to, in the survivors."""

    def __init__(self, state_dir: Path, written_to: Sequence[Path] | None, leave_out: Sequence[Path]) -> None:
        self._state_dir = state_dir
        self._written_to = tuple(written_to) if written_to is not None else None
        self._leave_out = tuple(folder.resolve() for folder in leave_out)
        self._survivors = residue.Survivors()

    def patterns(self, canaries: Canaries) -> Patterns:
        """Return what to search for. Raises ``ValueError`` for what is no masked pattern."""
        return Patterns.from_wire(canaries)

    def answered(self, session: int, said: Scanned) -> None:
        """Take what a survivor found in itself."""
        self._survivors.answered(session, said)

    def ended(self, session: int, remained: tuple[str, ...]) -> None:
        """A session is gone and will not answer any more."""
        self._survivors.ended(session, remained)

    async def check(
        self,
        seat: Seat,
        patterns: Patterns,
        remained: tuple[str, ...],
        homes: Path,
        spool: Spool,
        living: Callable[[], Iterable[Seat]],
        claimed: Seat | None = None,
    ) -> Residue:
        """Search for the canaries of an ended session, everywhere and in the ``living``.

        The same officer goes on in the session that was ``claimed``: what is in it and below it is not searched until
        that ends.
        """
        written_to = self._written_to
        if written_to is None:
            written_to = await asyncio.to_thread(residue.written_to)  # the account's home may be asked of a directory
        places = residue.Places(
            state_dir=self._state_dir,
            home=seat.home,
            homes=homes,
            written_to=written_to,
            since=seat.started_wall,
            remained=remained,
            leave_out=self._leave_out,
            worked_in=tuple(seat.worked_in),
            account=seat.searched,
            goes_on=claimed.home if claimed is not None else None,
        )
        others = (one for one in living() if one is not claimed)
        survivors = [self._survivors.ask(one.session, one.link.send, patterns) for one in others]
        result = await residue.search(patterns, places, spool, survivors)
        say(
            _log,
            "residue-checked",
            level=logging.INFO if result.clean else logging.ERROR,
            session=seat.session,
            scanned=result.scanned,
            unscanned=result.unscanned,
            found=result.found,
        )
        return result
