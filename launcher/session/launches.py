"""Opens systems: all at once, each on its own, each timed, none able to end another.

A launch is a task of the session's task group. It raises nothing: what went wrong is in its view and its record.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from functools import partial

from launcher.catalogue.entry import Entry
from launcher.connectors.plan import LaunchPlan, ProgramTarget, WebTarget
from launcher.grants.credential import Credential
from launcher.grants.held import Grants
from launcher.secret import Secret
from launcher.session.commands import GiveCredential, GiveNewPassword, OpenCertificate
from launcher.session.faults import error_view
from launcher.session.filling import Filling
from launcher.session.looks import Looks
from launcher.session.new_passwords import NewPasswords, takes_new_password
from launcher.session.next_code import NextCode
from launcher.session.openers.program import ProgramDriver
from launcher.session.opening import Opening, refusal_view
from launcher.session.pages import Pages
from launcher.session.pages_by_hand import PagesByHand
from launcher.session.ports import Surfaces
from launcher.session.snapshot import ErrorView, LaunchView, Needs
from launcher.session.terminals import Terminals
from launcher.session.turns import Turns
from launcher.sign_on.methods import sign_on_program
from launcher.sign_on.outcome import SignOnOutcome
from launcher.sign_on.trace import Trace
from launcher.wire.records import ASKS, LaunchRecord, Outcome

PROGRAM_END_S = 2.0

_NEEDS: Mapping[Outcome, Needs] = {
    "notice": "notice",
    "change-password": "change-password",
    "already-signed-on": "already-signed-on",
    "timed-out": "finish",
    "cancelled": "signed-off",  # nothing was done: the page holds what the officer typed
}


class Launches:
    """The systems an officer opened. ``changed`` is called after every change, ``recorded`` with each record.

    ``acknowledged`` is told which system's notice the officer has read and pressed, and its name; ``left_signed_on``
    where a terminal's sign-off was not proved.
    """

    def __init__(
        self,
        *,
        officer_name: str,
        plan: Callable[[Entry], LaunchPlan],
        grants: Grants,
        surfaces: Surfaces,
        spawn: Callable[[Coroutine[None, None, None]], asyncio.Task[None]],
        changed: Callable[[], None],
        recorded: Callable[[LaunchRecord], None],
        acknowledged: Callable[[str, str], None],
        parallel: int,
        trace: Callable[[str], Trace | None],
        left_signed_on: Callable[[str], None],
    ) -> None:
        self._trace = trace
        self._plan = plan
        self._grants = grants
        self._surfaces = surfaces
        self._spawn = spawn
        self._changed = changed
        self._recorded = recorded
        self._turns = Turns(parallel)
        self._openings: dict[str, Opening] = {}
        self._closing: dict[str, asyncio.Task[None]] = {}
        self._closed: list[Opening] = []  # and not ended yet
        self._filling = Filling(grants, officer_name, changed)
        self._next_code = NextCode(grants, changed)
        self._new_passwords = NewPasswords(grants, self._filling, changed)
        self._pages = Pages(
            grants=grants,
            filling=self._filling,
            surfaces=surfaces,
            spawn=spawn,
            changed=changed,
            acknowledged=acknowledged,
        )
        self._pages_by_hand = PagesByHand(
            grants=grants,
            filling=self._filling,
            new_passwords=self._new_passwords,
            changed=changed,
            settle=self._settle,
            fail=self._failed,
            acknowledged=acknowledged,
        )
        self._terminals = Terminals(
            grants=grants,
            filling=self._filling,
            new_passwords=self._new_passwords,
            surfaces=surfaces,
            spawn=spawn,
            changed=changed,
            settle=self._settle,
            fail=self._failed,
            call_again=lambda opening: self.open_again(opening.entry),
            acknowledged=acknowledged,
            left_signed_on=left_signed_on,
        )
        self._looks = Looks(
            spawn=spawn, sign_on=self._sign_on_again, needs=self._needs_officer, stands=self._pages.note
        )

    @property
    def tabs(self) -> tuple[str, ...]:
        """The systems in the order they were opened."""
        return tuple(self._openings)

    def views(self) -> tuple[LaunchView, ...]:
        """Return the picture of every opening."""
        return tuple(opening.view() for opening in self._openings.values())

    def running_programs(self) -> tuple[str, ...]:
        """Return the systems whose program runs."""
        return tuple(one.system for one in self._openings.values() if one.program and one.program.running)

    def program(self, system: str) -> int | None:
        """Return the process id of a system's program, while it runs."""
        program = opening.program if (opening := self._openings.get(system)) is not None else None
        return program.pid if program is not None and program.running else None

    def open(self, entry: Entry, at: str = "") -> None:
        """Open a system; one that is open stays as it is, and goes to where a link has led."""
        opening = self._openings.get(entry.id)
        if opening is None:
            self._begin(Opening(entry, wanted=at))
        elif at:
            opening.wanted = at
            if opening.state == "ready":
                self._spawn(self._pages.go_on(opening))

    def open_again(self, entry: Entry) -> None:
        """Close a system and open it anew, in its place: another tab in front meanwhile would be typed into."""
        before = self._openings.get(entry.id)
        opening = self._openings[entry.id] = Opening(entry)
        if before is not None:
            self._end(before)
        self._begin(opening)

    def _begin(self, opening: Opening) -> None:
        opening.signing_off = self._terminals.sign_off_at(one for one in self._closed if one.system == opening.system)
        self._openings[opening.system] = opening
        opening.task = self._spawn(self._run(opening))
        self._changed()

    def close(self, system: str) -> None:
        """Close a system; its task ends first, then what it shows. Opened again, it waits for that."""
        opening = self._openings.pop(system, None)
        if opening is not None:
            self._end(opening)

    def _end(self, opening: Opening) -> None:
        system = opening.system
        self._filling.closed(system)
        for task in opening.tasks:
            task.cancel()
        self._closed.append(opening)
        self._finish(opening, "cancelled")
        self._closing[system] = self._spawn(self._close(opening, self._closing.get(system)))

    async def end_programs(self, within_s: float = PROGRAM_END_S) -> None:
        """End every program, all at once, each within its deadline; 0: kill them as they are, also while stopped."""
        openings = (*self._openings.values(), *self._closed)  # whose end may have been cut short by the session's
        await asyncio.gather(*(one.program.end(within_s) for one in openings if one.program), return_exceptions=True)

    async def end_terminals(self, within_s: float) -> None:
        """Sign off at every host and close its line, all at once, each within the time."""
        await self._terminals.end((*self._openings.values(), *self._closed), within_s)
        self._changed()

    def signed_on_at(self) -> tuple[str, ...]:
        """Return the hosts with terminals that hold the officer for signed on, each as it would be left."""
        openings = (*self._openings.values(), *self._closed)
        return tuple(one.terminal.where for one in openings if one.terminal and one.terminal.may_be_signed_on)

    def sign_off_s(self) -> float:
        """Return how long signing off at all of them may take, side by side."""
        openings = (*self._openings.values(), *self._closed)
        return max((one.terminal.sign_off_s for one in openings if one.terminal), default=0.0)

    def unsent(self) -> tuple[str, ...]:
        """Return the systems whose 3270 screen holds what was typed and not sent."""
        return tuple(one.system for one in self._openings.values() if one.terminal and one.terminal.unsent)

    def skip_sign_off(self, system: str) -> None:
        """Open a system without waiting any longer for the sign-off of the terminal that was there before."""
        for one in self._closed:
            if one.system == system and one.terminal is not None:
                one.terminal.skip_sign_off()

    def given(self, what: GiveCredential | GiveNewPassword | OpenCertificate) -> None:
        """Take what the officer gives for a system that waits for it."""
        match what:
            case GiveCredential():
                self._filling.give(what.system, Credential(what.user_name, what.password, what.seed))
            case GiveNewPassword():
                self._new_passwords.give(what.system, what.new)
            case OpenCertificate():
                self._filling.certificates.give(what.system, what.password)

    async def end_card(self) -> None:
        """Lock the officer's card again, if that can be done in time."""
        await self._filling.certificates.end()

    def looked_at(self, system: str, *, by_act: bool = True) -> None:
        """The officer looks at a system: where it has signed them off meanwhile it is signed on again, in its tab.

        ``by_act``: by an act of theirs just now; systems on demand are signed on by nothing less. A name that is not
        open, e.g. of the launchpad, says that they look at no system.
        """
        opening = self._openings.get(system)
        if opening is None:
            self._looks.away()
        else:
            self._looks.at(opening, by_act=by_act)

    def locked(self) -> None:
        """Nobody looks at anything any more. Pages are opened further; programs and what needs the officer wait."""
        self._turns.lock()
        self._looks.lock()
        self._terminals.hold(self._openings.values())

    def shown(self) -> None:
        """The work is shown again after a lock: terminals are drawn and take keys."""
        self._terminals.let_go(self._openings.values())

    def resumed(self) -> None:
        """The officer is back from a lock: every system, and the provider, may have signed them off meanwhile.

        Called once a fresh proof is in the grants, where there is one: a look that came before waits for it.
        """
        self._pages.resumed()
        self._turns.back()
        self._looks.back(self._openings.values())
        for opening in self._openings.values():
            if opening.refreshing is not None and opening.refreshing.done():
                self._pages.keep_fresh(opening)

    def secrets(self) -> tuple[Secret, ...]:
        """Return every password and seed that was filled in, for a residue check."""
        return self._filling.secrets()

    async def _close(self, opening: Opening, before: asyncio.Task[None] | None) -> None:
        if ending := {task for task in (before, *opening.tasks) if task is not None}:
            await asyncio.wait(ending)
        await self._put_away(opening)
        self._closed.remove(opening)
        self._changed()

    async def _put_away(self, opening: Opening) -> None:
        """End what an opening has started and take away what it shows."""
        if opening.program is not None:
            await opening.program.end(PROGRAM_END_S)
        if opening.terminal is not None:
            await self._terminals.end([opening])
        if opening.kind != "program":  # also where it was closed while its page was being made
            await self._surfaces.close(opening.system)

    # --- one launch

    async def _run(self, opening: Opening) -> None:
        try:
            if (closing := self._closing.get(opening.system)) is not None:
                with opening.timeline.phase("queue"):
                    await asyncio.wait({closing})
                opening.signing_off = False
            opening.left = self._terminals.left_at(opening.system)
            self._changed()
            await self._launch_to_outcome(opening)
        except asyncio.CancelledError:
            self._finish(opening, "cancelled")
            raise
        self._pages.keep_fresh(opening)
        await self._pages.go_on(opening)
        if opening.state in ("needs", "unknown"):
            await self._wait_by_hand(opening)
        self._looks.ready(opening)

    async def _launch_to_outcome(self, opening: Opening) -> None:
        try:
            outcome = await self._launch(opening)
        except Exception as fault:
            self._failed(opening, error_view(fault))
        else:
            self._settle(opening, outcome)

    async def _launch(self, opening: Opening) -> SignOnOutcome:
        with opening.timeline.phase("policy"):
            opening.plan = plan = self._plan(opening.entry)
            opening.sign_on = plan.sign_on
        credential, token, plan = await self._filling.of(opening, plan)
        try:
            attempt = partial(self._in_turn, opening, plan, credential, token)
            outcome = await self._next_code.tried(opening, plan, credential, attempt, self._put_away)
        except BaseException as fault:
            await self._filling.broken_off(opening, plan, fault)
            raise
        await self._filling.keep(opening, plan, credential, outcome)
        return outcome

    async def _in_turn(
        self, opening: Opening, plan: LaunchPlan, credential: Credential | None, token: Secret | None
    ) -> SignOnOutcome:
        async with self._turns.turn(plan.target, opening.timeline) as opening.end_turn:
            opening.state = "opening"
            self._changed()
            begun, trace = partial(opening.signs, self._changed), self._trace(plan.system)
            if isinstance(plan.target, WebTarget):
                return await self._pages.open(opening, plan, plan.target, credential, token, begun, trace)
            if isinstance(plan.target, ProgramTarget):
                return await self._open_program(opening, plan, plan.target, credential, begun, trace)
            return await self._terminals.open(opening, plan, plan.target, credential, begun, trace)

    async def _sign_on_again(self, opening: Opening) -> None:
        self._pages.go_back(opening)
        opening.begin_again()
        self._changed()
        await self._launch_to_outcome(opening)
        await self._pages.go_on(opening)

    async def _needs_officer(self, opening: Opening) -> None:
        self._changed()
        if opening.state in ("needs", "unknown"):
            await self._wait_by_hand(opening)

    async def _open_program(
        self,
        opening: Opening,
        plan: LaunchPlan,
        target: ProgramTarget,
        credential: Credential | None,
        begun: Callable[[], None],
        trace: Trace | None,
    ) -> SignOnOutcome:
        with opening.timeline.phase("spawn"):
            opening.program = await ProgramDriver.start(target, self._changed)
        opening.signed_on_as = self._filling.who(plan, credential)
        values = self._filling.values(plan, credential)
        return await sign_on_program(opening.program, plan, values, opening.timeline, begun, trace)

    # --- how it ended

    def _settle(self, opening: Opening, outcome: SignOnOutcome) -> None:
        # What was seen last is no word of the system's: it is said where the officer has to look for themselves.
        opening.says = outcome.says or (outcome.last_seen if outcome.outcome in ("timed-out", "unknown") else "")
        opening.given |= outcome.given
        notice = outcome.outcome == "notice" and not outcome.prompted
        opening.shows_notice((outcome.at or "notice") if notice else "")
        match outcome.outcome:
            case "ready":
                opening.state = "ready"
            case "failed":
                opening.state, opening.error = "failed", refusal_view(outcome, may_be_code=opening.refusal_may_be_code)
            case "unknown":
                opening.state = "unknown"
            case _:
                opening.state, opening.needs = "needs", "provider" if outcome.prompted else _NEEDS[outcome.outcome]
                if outcome.outcome == "change-password" and takes_new_password(opening):
                    opening.needs = "new-password"
        if outcome.outcome in ASKS:
            opening.waits(outcome.outcome)  # recorded once the officer has done what is theirs, or has gone
        else:
            self._finish(opening, outcome.outcome, outcome.reference or None)
        self._changed()
        self._terminals.look_at_line(opening)

    def _failed(self, opening: Opening, error: ErrorView) -> None:
        opening.state, opening.error = "failed", error
        self._finish(opening, "failed", error.reference)

    def _finish(self, opening: Opening, outcome: Outcome, reference: str | None = None) -> None:
        record = opening.finish(outcome, reference)
        if record is not None:
            self._recorded(record)
        self._changed()

    async def _wait_by_hand(self, opening: Opening) -> None:
        """Look on while the officer finishes by hand."""
        try:
            if opening.kind == "terminal":
                await self._terminals.by_hand(opening)
            else:
                await self._pages_by_hand.look_on(opening)
        finally:
            self._finish(opening, "cancelled")  # nobody looks on any more
        if opening.kind != "terminal":
            await self._pages.go_on(opening)
