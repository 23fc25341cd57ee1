""" "Tell the helpdesk": the reference of an error and the timeline, never what stood on a page; a number to quote."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Coroutine, Iterable
from typing import Protocol

from launcher.session.faults import error_view
from launcher.session.hub.errors import HelpdeskNotTold
from launcher.session.hub.views import ToldView
from launcher.session.ports import Station
from launcher.session.snapshot import ErrorView, Snapshot
from launcher.wire.hub_messages import TellHelpdesk, ToldHere
from launcher.wire.records import LaunchRecord, Record, SignInRecord

ANSWERED_WITHIN_S = 10.0
TIMELINE = 20
KEPT = 200

Timed = LaunchRecord | SignInRecord


def timeline_of(records: Iterable[Timed], system: str) -> tuple[Timed, ...]:
    """Return what belongs to an error: the system's own launches, or all, and the log-on before them."""
    fitting = [one for one in records if not system or isinstance(one, SignInRecord) or one.system == system]
    return tuple(fitting[-TIMELINE:])


class ToldOn(Protocol):
    """What is drawn on, and what ends with it (:class:`launcher.session.hub.desk.HubDesk`)."""

    @property
    def snapshot(self) -> Snapshot:
        """The picture as it is now."""
        ...

    def draw(self, **changes: object) -> None:
        """Change the picture and show it."""
        ...

    def spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Begin a task that ends with what is drawn on."""
        ...


class Telling:
    """What was told from this screen. An error is told once; one that did not get there may be told again."""

    def __init__(self, desk: ToldOn, station: Station) -> None:
        self._desk = desk
        self._station = station
        self._records: deque[Timed] = deque(maxlen=KEPT)
        self._asked: dict[str, tuple[str, str]] = {}  # the reference and the system, by the key of what was told

    def recorded(self, record: Record) -> None:
        """Note what was timed here. What fails anew is another error: it may be told again."""
        if not isinstance(record, LaunchRecord | SignInRecord):
            return
        self._records.append(record)
        system = record.system if isinstance(record, LaunchRecord) else ""
        told = self._desk.snapshot.told
        kept = tuple(one for one in told if one.system != system or one.busy)
        if kept != told:
            self._desk.draw(told=kept)

    def tell(self, reference: str, system: str) -> None:
        """Tell the helpdesk of an error, unless that is done."""
        before = next(
            (one for one in self._desk.snapshot.told if (one.reference, one.system) == (reference, system)), None
        )
        if before is not None and before.error is None:
            return
        hub = self._desk.snapshot.hub
        if hub is None or not hub.reachable:
            self._say(ToldView(reference, system, error=_not_told("The helpdesk cannot be told from here now.")))
            return
        key = secrets.token_hex(16)
        self._asked[key] = reference, system
        self._say(ToldView(reference, system))
        timeline = timeline_of(self._records, system)
        self._station.tell(TellHelpdesk(key=key, reference=reference, system=system, timeline=timeline))
        self._desk.spawn(self._give_up(key))

    def answered(self, answer: ToldHere) -> None:
        """Show the number to quote, or that there is none."""
        asked = self._asked.pop(answer.key, None)
        if asked is None:
            return
        error = None if answer.number else _not_told("The helpdesk was not told.", detail=answer.reference)
        self._say(ToldView(*asked, number=answer.number, error=error))

    async def _give_up(self, key: str) -> None:
        await asyncio.sleep(ANSWERED_WITHIN_S)
        self.answered(ToldHere(key=key))

    def _say(self, view: ToldView) -> None:
        others = (
            one for one in self._desk.snapshot.told if (one.reference, one.system) != (view.reference, view.system)
        )
        self._desk.draw(told=(*others, view))


def _not_told(what: str, detail: str = "") -> ErrorView:
    """Return what is said where something did not get to the helpdesk."""
    return error_view(HelpdeskNotTold(what, detail=detail))
