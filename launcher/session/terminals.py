"""The open terminals of one officer: opened, finished by hand, given a new password, and signed off at their end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import replace
from typing import Final
from weakref import WeakSet

from launcher.connectors.plan import LaunchPlan, TerminalTarget
from launcher.errors import LauncherError
from launcher.grants.credential import Credential
from launcher.grants.held import Grants
from launcher.recipes.screens import Screen
from launcher.secret import Secret
from launcher.session.faults import error_view, log_fault
from launcher.session.filling import Filling
from launcher.session.left_by_hand import asks_by_hand, closed_at_change, closed_by_leaving, watch_leaving
from launcher.session.new_passwords import (
    NewPasswords,
    credential_name,
    not_fit,
    not_taken,
    takes_new_password,
    wrong_with,
)
from launcher.session.openers.host_call import call_host
from launcher.session.openers.terminal import HostTerminal
from launcher.session.opening import Opening
from launcher.session.ports import Surfaces
from launcher.session.snapshot import ErrorView, LeftView
from launcher.sign_on.outcome import SignOnOutcome
from launcher.sign_on.trace import Trace
from launcher.terminal.errors import (
    HostClosedLineError,
    NewPasswordNotTakenError,
    TerminalPasswordExpiredError,
    TerminalSignInNotTriedError,
    TerminalSignInRefusedError,
)
from launcher.terminal.line import NewPassword

BY_HAND_S: Final = 900.0
TAB_END_S: Final = 60.0
"""The most that the sign-off of a closed tab may take; its entry says how long it takes at most, and that is less."""


class Terminals:
    """One officer's. ``settle`` and ``fail`` say how an opening ended; ``left_signed_on`` where nobody signed off.

    ``call_again`` closes a terminal and opens it anew; ``acknowledged`` hears which host's notice was pressed.
    """

    def __init__(
        self,
        *,
        grants: Grants,
        filling: Filling,
        new_passwords: NewPasswords,
        surfaces: Surfaces,
        spawn: Callable[[Coroutine[None, None, None]], asyncio.Task[None]],
        changed: Callable[[], None],
        settle: Callable[[Opening, SignOnOutcome], None],
        fail: Callable[[Opening, ErrorView], None],
        call_again: Callable[[Opening], None],
        acknowledged: Callable[[str, str], None],
        left_signed_on: Callable[[str], None],
    ) -> None:
        self._grants = grants
        self._filling = filling
        self._surfaces = surfaces
        self._spawn = spawn
        self._changed = changed
        self._settle = settle
        self._fail = fail
        self._call_again = call_again
        self._acknowledged = acknowledged
        self._left_signed_on = left_signed_on
        self._new = new_passwords
        self._at_the_call: dict[str, Secret] = {}
        """New passwords for hosts that want one before they give a line."""
        self._left: dict[str, LeftView] = {}
        self._said_left: WeakSet[HostTerminal] = WeakSet()
        self._held = False

    async def open(
        self,
        opening: Opening,
        plan: LaunchPlan,
        target: TerminalTarget,
        credential: Credential | None,
        begun: Callable[[], None],
        trace: Trace | None,
    ) -> SignOnOutcome:
        """Call the host, show its screen from the first picture on, and sign on. Raises :class:`LauncherError`."""
        opening.filled, opening.plan = credential, plan
        with opening.timeline.phase("reach"):
            try:
                host, credential = await self._call(opening, plan, target, credential)
            except TerminalPasswordExpiredError as fault:
                if not takes_new_password(opening):
                    raise
                if isinstance(fault, NewPasswordNotTakenError):
                    opening.error = error_view(not_taken(plan, fault.detail))
                return SignOnOutcome("change-password", last_seen=target.host, tried=True)
        opening.filled = credential
        host.changed = self._changed
        if self._held:
            host.hold()
        opening.signed_on_as = self._filling.who(plan, credential)
        with opening.timeline.phase("spawn"):
            await self._surfaces.open_terminal(plan.system, host, keyboard=target.keyboard)
            opening.surface = plan.system
        opening.watching = self._spawn(self._watch(opening, host))
        begun()
        return await host.sign_on(self._filling.values(plan, credential), opening.timeline, trace)

    async def _call(
        self, opening: Opening, plan: LaunchPlan, target: TerminalTarget, credential: Credential | None
    ) -> tuple[HostTerminal, Credential | None]:
        """Return the host's terminal, and the credential that it has taken: after a change, with the new password.

        From the moment that there is a line it is the opening's: whoever closes that meanwhile signs off on it.
        """
        new = self._at_the_call.pop(plan.system, None)
        name = credential_name(plan) if plan.sign_on == "password" else None
        if name is None or credential is None:
            host = opening.terminal = await call_host(plan, target, credential, officer=self._filling.officer)
            return host, credential
        proposal = self._new.proposal(name, credential, new) if new is not None else None
        try:
            given = NewPassword(proposal.new, proposal.keep) if proposal is not None else None
            host = opening.terminal = await call_host(plan, target, credential, given, officer=self._filling.officer)
        except NewPasswordNotTakenError:
            await self._grants.refuse(name, replace(credential, password=new or credential.password))
            raise
        except TerminalSignInNotTriedError:
            raise
        except TerminalSignInRefusedError:
            await self._grants.refuse(name, credential)
            raise
        if proposal is not None and proposal.made:
            await self._grants.settle(name.system, changed=True)
            return host, replace(credential, password=proposal.new)
        await self._grants.remember(name.system, credential)  # SSH has taken it, whatever its screens ask for
        return host, credential

    # --- the line

    async def _watch(self, opening: Opening, host: HostTerminal) -> None:
        await watch_leaving(opening, host, self._changed)
        await host.ended()
        if not host.ending and opening.plan is not None:
            await self._forget_changed_by_hand(opening, host, opening.plan)
        self.look_at_line(opening)

    def look_at_line(self, opening: Opening) -> None:
        """Say in the tab that the line has ended; while a recipe runs, that says so itself."""
        host = opening.terminal
        if host is None or host.lost is None or host.ending or opening.state not in ("ready", "needs", "unknown"):
            return
        if closed_by_leaving(opening, host) or closed_at_change(opening, host):
            self._changed()
            return
        error = opening.error or error_view(host.lost)
        opening.needs, opening.says = "", ""
        self._fail(opening, error)

    # --- by hand, and a new password

    async def by_hand(self, opening: Opening) -> None:
        """Look on while the officer finishes by hand or gives a new password; ready when a screen means so."""
        host, plan = opening.terminal, opening.plan
        if plan is None or not isinstance(plan.target, TerminalTarget):
            return
        if host is None:
            await self._call_with_new(opening, plan)
            return
        ready = [screen for screen in plan.target.screens if screen.means == "ready"]
        # After a notice that was read the way is the recipe's again, as far as it gives no secret.
        way = [one for one in plan.target.screens if not one.secrets and not one.recognised_by_nothing]
        while opening.state in ("needs", "unknown") and host.lost is None:
            away = [one for one in way if await host.seen([one], 0.0) is None] if opening.needs == "notice" else []
            sought = [*ready, *(one for one in away if not one.means)]
            looking = asyncio.create_task(host.seen(sought, BY_HAND_S)) if sought else None
            with self._new.wanted(opening.system) as given:
                waited: list[asyncio.Future[Secret] | asyncio.Task[Screen | None]] = [
                    given,
                    *([looking] if looking else ()),
                ]
                try:
                    await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    if looking is not None:
                        looking.cancel()
                        await asyncio.wait({looking})
            if given.done():
                await self._change_password(opening, host, plan, given.result())
                continue
            if looking is None or looking.cancelled() or looking.exception() is not None:
                return
            found = looking.result()
            if found is not None and (notice := opening.pressed_notice()):
                self._acknowledged(opening.system, notice)
            if found in ready:
                await self._done_by_hand(opening, host, plan)
            elif found is not None:
                await self._go_on_after_notice(opening, host, plan, away)

    async def _go_on_after_notice(
        self, opening: Opening, host: HostTerminal, plan: LaunchPlan, screens: list[Screen]
    ) -> None:
        opening.goes_on()
        self._changed()
        values = self._filling.values(plan, opening.filled)
        try:
            outcome = await host.sign_on(values, opening.watch, anywhere=True, screens=screens)
        except LauncherError as fault:
            self._fail(opening, error_view(fault))
            return
        if outcome.outcome == "ready" and opening.unproved and not host.typed:
            await self._grants.remember(opening.unproved, opening.filled)
        self._settle(opening, outcome)

    async def _done_by_hand(self, opening: Opening, host: HostTerminal, plan: LaunchPlan) -> None:
        changed = await self._forget_changed_by_hand(opening, host, plan)
        if opening.unproved and not host.typed and not changed:
            await self._grants.remember(opening.unproved, opening.filled)
        opening.goes_on()
        self._settle(opening, SignOnOutcome("ready"))

    async def _forget_changed_by_hand(self, opening: Opening, host: HostTerminal, plan: LaunchPlan) -> bool:
        """What was typed where a new password was asked for is not known here: the old one is not tried again."""
        name = credential_name(plan)
        if name is None or not asks_by_hand(opening, host):
            return False
        await self._grants.changed_by_hand(name, opening.filled)
        return True

    async def _call_with_new(self, opening: Opening, plan: LaunchPlan) -> None:
        """A host wants a new password before it gives a line: it is called again with one."""
        while opening.needs == "new-password":
            with self._new.wanted(opening.system) as given:
                new = await given
            if wrong := wrong_with(opening, new):
                self._new.ask_again(opening, not_fit(plan, wrong))
                continue
            self._at_the_call[opening.system] = new
            self._call_again(opening)
            return

    async def _change_password(self, opening: Opening, host: HostTerminal, plan: LaunchPlan, new: Secret) -> None:
        if await self._new.change(opening, plan, new, host.change_password, lambda: host.last_seen):
            await self._go_on(opening, host, plan)
        elif opening.state == "needs":
            self.look_at_line(opening)

    async def _go_on(self, opening: Opening, host: HostTerminal, plan: LaunchPlan) -> None:
        """Sign on with the new password, from whatever screen the host shows now."""
        values = self._filling.values(plan, opening.filled)
        try:
            outcome = await host.sign_on(values, opening.watch, anywhere=True)
            await self._filling.keep(opening, plan, opening.filled, outcome)
        except HostClosedLineError:
            # A host may end the line of whoever has changed their password: nobody is signed on, and it is called anew.
            host.may_be_signed_on = False
            self._call_again(opening)
        except LauncherError as fault:
            self._fail(opening, error_view(fault))
        else:
            self._settle(opening, outcome)

    # --- locking and the end

    def hold(self, openings: Iterable[Opening]) -> None:
        """The officer is locked out: nothing is drawn and no key taken, and every line stays."""
        self._held = True
        for opening in openings:
            if opening.terminal is not None:
                opening.terminal.hold()

    def let_go(self, openings: Iterable[Opening]) -> None:
        """The officer is back."""
        self._held = False
        for opening in openings:
            if opening.terminal is not None and not opening.terminal.ending:
                opening.terminal.let_go()

    async def end(self, openings: Iterable[Opening], within_s: float = TAB_END_S) -> None:
        """Sign off and close, all side by side, each within its time; say where somebody is left signed on."""
        ending = (self._end(one.system, one.terminal, within_s) for one in openings if one.terminal is not None)
        await asyncio.gather(*ending)

    async def _end(self, system: str, host: HostTerminal, within_s: float) -> None:
        where, left = host.where, LeftView(host.host, host.line_name)
        try:
            off = await host.end(within_s)
        except Exception as fault:  # of an engine, say: the others are signed off all the same
            log_fault("a terminal's sign-off failed", fault)
            off = False
        if off:
            self._left.pop(system, None)
        elif host not in self._said_left:
            self._said_left.add(host)
            self._left[system] = left
            self._left_signed_on(where)
        host.changed()  # only now: who is killed before that is reported by the station

    def left_at(self, system: str) -> LeftView | None:
        """Return where the last terminal of a system may have left its officer signed on."""
        return self._left.get(system)

    def sign_off_at(self, openings: Iterable[Opening]) -> bool:
        """Say whether one of these has a host that is to sign its officer off, which may take a while."""
        return any(one.terminal is not None and one.terminal.signs_off for one in openings)
