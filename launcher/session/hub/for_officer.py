"""What the hub says to the officer at work here: where else they are logged on, messages, what was done and by whom."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Final

from launcher.session.faults import error_view
from launcher.session.hub.desk import HubDesk
from launcher.session.hub.errors import NotBroughtHere
from launcher.session.hub.views import BringView, DeedStands, DeedView, ElsewhereView, MessageView
from launcher.session.ports import Station
from launcher.session.snapshot import ErrorView
from launcher.wire.hub.officers import Deed
from launcher.wire.hub.sittings import Elsewhere
from launcher.wire.hub_messages import (
    BringHereAsked,
    BroughtHere,
    DeedHere,
    MessageHere,
    MessageRead,
    StillLoggedOn,
)

BROUGHT_WITHIN_S = 20.0
KEPT_DEEDS = 50
EARLIER_S = 12 * 3600.0
"""What was done longer ago was another shift's: it stands on the officer's own page, and is no news in the strip."""
_ENDED_IT = ("log-off", "suspend")
"""What the session that it was done to may not have lived to show."""
_SESSION_DOES_IT = ("close-system", "open-system", "forget-credential", "revoke")
"""What is said in the strip once it is known what becomes of it: an instant later, and then it is true."""
_STANDS: Final[dict[str, DeedStands]] = {
    "done": "", "partly": "", "refused": "not-done", "failed": "not-done", "expired": "not-done",
}  # fmt: skip
"""By what the hub knows came of it. ``unknown``, and what nobody has answered yet, is not called done."""


class ForOfficer:
    """One officer's: it begins with their launchpad and ends with the session."""

    def __init__(self, desk: HubDesk, station: Station) -> None:
        self._desk = desk
        self._station = station
        self._left: set[str] = set()  # sittings elsewhere that the officer leaves as they are
        self._elsewhere: tuple[Elsewhere, ...] = ()
        self._waiting: asyncio.Task[None] | None = None
        self._unanswered: dict[str, BringView] = {}  # by sitting: also those given up, and whose card was closed

    # --- still logged on elsewhere

    def still_logged_on(self, told: StillLoggedOn) -> None:
        """Show where else the officer is logged on, but for what they have chosen to leave."""
        self._elsewhere = told.sittings
        views = tuple(_view(one) for one in told.sittings if one.sitting not in self._left)
        if views != self._desk.snapshot.elsewhere:
            self._desk.draw(elsewhere=views)

    def leave(self, sitting: str) -> None:
        """Leave it as it is there, and ask no more."""
        self._left.add(sitting)
        elsewhere = tuple(one for one in self._desk.snapshot.elsewhere if one.sitting != sitting)
        bring = self._desk.snapshot.bring
        self._desk.draw(elsewhere=elsewhere, bring=None if bring is not None and bring.sitting == sitting else bring)

    def bring(self, sitting: str) -> None:
        """Ask to end a sitting elsewhere and open here what was open there; once at a time."""
        there = next((one for one in self._desk.snapshot.elsewhere if one.sitting == sitting), None)
        asked = self._desk.snapshot.bring
        if there is None or (asked is not None and asked.state == "asked"):
            return
        bring = BringView(sitting, there.terminal, "asked", time.monotonic())
        self._unanswered[sitting] = bring
        self._desk.draw(bring=bring)
        self._station.tell(BringHereAsked(sitting=sitting))
        self._waiting = self._desk.spawn(self._give_up(bring))

    def brought(self, answer: BroughtHere) -> None:
        """Show what became of it, also late; what was open there is opened by the station's `Reopen`."""
        asked, shown = self._unanswered.get(answer.sitting), self._desk.snapshot.bring
        if asked is None:
            return
        here = shown is not None and shown.sitting == answer.sitting
        if here and self._waiting is not None:
            self._waiting.cancel()
        if answer.done:
            del self._unanswered[answer.sitting]  # a refusal leaves it: the terminal may do it all the same, late
            self._done(asked, answer, beside=not here and shown is not None and shown.state == "asked")
        elif here:
            words = answer.words or f"{asked.terminal} has not answered."
            self._desk.draw(bring=replace(asked, state="failed", error=_not_brought(words, answer.reference)))

    def _done(self, asked: BringView, answer: BroughtHere, *, beside: bool) -> None:
        """Show what was brought; ``beside`` another that is under way, whose card stays: what is to be done there."""
        elsewhere = tuple(one for one in self._desk.snapshot.elsewhere if one.sitting != asked.sitting)
        if beside:
            self._desk.draw(elsewhere=elsewhere)
            for where in answer.left_signed_on:
                self._desk.notice("left-signed-on", text=where)
            return
        done = replace(asked, state="done", systems=len(answer.systems), left_signed_on=answer.left_signed_on)
        self._desk.draw(bring=done, elsewhere=elsewhere)

    async def _give_up(self, asked: BringView) -> None:
        await asyncio.sleep(BROUGHT_WITHIN_S)
        if self._desk.snapshot.bring == asked:
            self._desk.draw(bring=replace(asked, state="failed", error=_not_brought(f"{asked.terminal} is away.")))

    # --- what the helpdesk says and does

    def message(self, told: MessageHere) -> None:
        """Show a message until it is read; said again, it is the same."""
        messages = self._desk.snapshot.messages
        if all(one.command != told.command for one in messages):
            self._desk.draw(messages=(*messages, MessageView(told.command, told.text, told.by_name, told.at)))

    def read(self, command: int) -> None:
        """Take a message away that its officer has read, and say so."""
        messages = self._desk.snapshot.messages
        left = tuple(one for one in messages if one.command != command)
        if left != messages:
            self._desk.draw(messages=left)
            self._station.tell(MessageRead(command=command))

    def deed(self, told: DeedHere) -> None:
        """Say who did what, and why; it stays on the officer's own page."""
        before = self._deed(told.command)
        if before is not None and before.stands != "unknown":
            return
        deeds = tuple(one for one in self._desk.snapshot.deeds if one is not before)  # the hub may have been quicker
        here = told.what in _SESSION_DOES_IT
        stands: DeedStands = "unknown" if here else ""
        deed = DeedView(told.command, told.what, told.by_name, told.reason, told.at, told.system, stands=stands)
        self._desk.draw(deeds=(*deeds, deed)[-KEPT_DEEDS:])
        if not here:
            self._desk.notice("deed", system=told.system, text=str(told.command))

    def became(self, command: int, stands: DeedStands) -> None:
        """Say what becomes of what was begun here; that it was done is no news where it was said to be done soon."""
        before = self._deed(command)
        if before is None:
            return
        self._change(command, stands=stands)
        if before.stands != "soon" or stands:
            self._desk.notice("deed", system=before.system, text=str(command))

    def loses(self, command: int, lost: bool) -> None:
        """Say beside it whether what was typed and not sent goes with it."""
        self._change(command, loses=lost)

    def _deed(self, command: int) -> DeedView | None:
        return next((one for one in self._desk.snapshot.deeds if one.command == command), None)

    def _change(self, command: int, **changes: object) -> None:
        before = self._desk.snapshot.deeds
        deeds = tuple(replace(one, **changes) if one.command == command else one for one in before)  # type: ignore[arg-type]
        if deeds != before:
            self._desk.draw(deeds=deeds)

    def earlier(self, told: tuple[Deed, ...]) -> None:
        """Show what was done before this session, or without a word at it; the end of one before is said at once.

        What was said here to be done, and the hub knows was not, is called so; what was not known is, once it is.
        """
        shown = {one.command: one for one in self._desk.snapshot.deeds}
        for one in told:
            if one.id in shown:
                self._known_now(shown[one.id], _stands(one))
        new = [one for one in told if one.id not in shown and _stands(one) != "not-done"]
        if not new:
            return
        views = [
            DeedView(one.id, one.kind, one.by_name, one.reason, one.at, one.system, one.terminal, _stands(one))
            for one in new
        ]
        deeds = sorted((*views, *self._desk.snapshot.deeds), key=lambda one: one.at)
        self._desk.draw(deeds=tuple(deeds)[-KEPT_DEEDS:])
        last = max(views, key=lambda one: one.at)
        if last.what in _ENDED_IT and last.at > time.time() - EARLIER_S:
            self._desk.notice("deed", text=str(last.command))

    def _known_now(self, before: DeedView, stands: DeedStands) -> None:
        """Take what the hub knows of what stands here already."""
        if stands == "not-done" and before.stands in ("", "unknown"):
            self.became(before.command, stands)
        elif not stands and before.stands == "unknown":
            self._change(before.command, stands=stands)


def _stands(known: Deed) -> DeedStands:
    return _STANDS.get(known.outcome, "unknown")


def _view(one: Elsewhere) -> ElsewhereView:
    return ElsewhereView(
        sitting=one.sitting,
        terminal=one.terminal,
        place=one.place,
        since=one.since,
        systems=one.systems,
        unsaved=one.unsaved,
        locked=one.state == "locked",
        reachable=one.reachable,
    )


def _not_brought(what: str, detail: str = "") -> ErrorView:
    return error_view(NotBroughtHere(what, detail=detail))
