"""A new password for a system that wants one, whatever its kind: asked for, kept beside the old one, given, settled.

The new password is kept, sealed, before the system is given it; the old one goes only once the system has confirmed the
new one. What ends this process in between leaves both kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from launcher.connectors.plan import CredentialName, LaunchPlan, PageChange, ScreenChange, TerminalTarget, WebTarget
from launcher.errors import LauncherError
from launcher.grants.credential import Credential
from launcher.grants.held import Grants
from launcher.secret import Secret
from launcher.session.faults import error_view, log_fault
from launcher.session.filling import Filling
from launcher.session.host_password import HostPasswordRefusedError, Proposal
from launcher.session.opening import Opening
from launcher.sign_on.run import Values
from launcher.sign_on.stage_run import PasswordChanged

Changing = Callable[[Values, Callable[[], Awaitable[None]]], Awaitable[PasswordChanged]]
"""Gives a system the new password: by these values, once what keeps it has returned."""


class NewPasswords:
    """One officer's."""

    def __init__(self, grants: Grants, filling: Filling, changed: Callable[[], None]) -> None:
        self._grants = grants
        self._filling = filling
        self._changed = changed
        self._waiting: dict[str, asyncio.Future[Secret]] = {}

    def give(self, system: str, new: Secret) -> None:
        """Take the new password for a system that waits for one."""
        if (waiting := self._waiting.get(system)) is not None and not waiting.done():
            waiting.set_result(new)

    @contextmanager
    def wanted(self, system: str) -> Iterator[asyncio.Future[Secret]]:
        """Wait for a new password, for the block."""
        given = self._waiting[system] = asyncio.get_running_loop().create_future()
        try:
            yield given
        finally:
            if self._waiting.get(system) is given:
                del self._waiting[system]

    def proposal(self, name: CredentialName, current: Credential, new: Secret) -> Proposal:
        """Return what keeps a new password beside the one before."""
        self._filling.used(new)
        return Proposal(new, partial(self._grants.propose, name.system, current, new))

    async def change(
        self, opening: Opening, plan: LaunchPlan, new: Secret, changing: Changing, last_seen: Callable[[], str]
    ) -> bool:
        """Give the system the new password; True once it has confirmed it, else the opening says what became of it."""
        name, current = credential_name(plan), opening.filled
        if name is None or current is None:
            return False
        if wrong := wrong_with(opening, new):
            self.ask_again(opening, not_fit(plan, wrong))
            return False
        opening.goes_on()
        self._changed()
        proposal = self.proposal(name, current, new)
        try:
            done = await changing(replace(self._filling.values(plan, current), new_password=new), proposal.keep)
        except LauncherError as fault:  # the system was given nothing
            if proposal.made:
                await self._grants.settle(name.system, changed=False)
            self.ask_again(opening, fault)
            return False
        except Exception as fault:  # nobody knows how far it came
            log_fault("a change of password failed", fault)
            done = PasswordChanged(False, False, last_seen=last_seen())
        if done.changed:
            await self._grants.settle(name.system, changed=True)
            opening.filled = replace(current, password=new)
            return True
        if not proposal.made:
            self.ask_again(opening, _not_given(plan, done.says or done.last_seen))
        elif done.refused:
            # Not dropped before the old one has worked: what an entry takes for a refusal may be none.
            await self._grants.refuse(name, replace(current, password=new))
            self.ask_again(opening, not_taken(plan, done.says))
        else:
            opening.state, opening.needs, opening.says = "needs", "password-unknown", done.says or done.last_seen
            opening.waits("change-password")
            self._changed()
        return False

    def ask_again(self, opening: Opening, fault: LauncherError) -> None:
        """Say why the new password was not taken, and ask for another one."""
        opening.state, opening.needs, opening.says, opening.error = "needs", "new-password", "", error_view(fault)
        opening.waits("change-password")
        self._changed()


def takes_new_password(opening: Opening) -> bool:
    """Say whether the officer can be asked for a new password here; that of the log-on itself is changed elsewhere."""
    if opening.plan is None or change_of(opening.plan) is None:
        return False
    name = credential_name(opening.plan)
    return name is not None and name.source == "store" and opening.filled is not None


def change_of(plan: LaunchPlan) -> ScreenChange | PageChange | None:
    """Return how a system is given a new password; None where its entry does not say."""
    return plan.target.change if isinstance(plan.target, TerminalTarget | WebTarget) else None


def credential_name(plan: LaunchPlan) -> CredentialName | None:
    """Return the credential that a plan names."""
    return next((one for one in plan.grants if isinstance(one, CredentialName)), None)


def wrong_with(opening: Opening, new: Secret) -> str:
    """Say what a new password breaks of what the entry lets one be."""
    if opening.filled is not None and new == opening.filled.password:
        return "it is the one you have"
    change = change_of(opening.plan) if opening.plan is not None else None
    return change.rules.fault(new) if change is not None else ""


def not_fit(plan: LaunchPlan, wrong: str) -> LauncherError:
    """Return the error for a new password that the entry does not let be."""
    return HostPasswordRefusedError(f"{plan.name} does not take this password: {wrong}.")


def not_taken(plan: LaunchPlan, says: str) -> LauncherError:
    """Return the error for a new password that the system has refused."""
    said = says.rstrip(".") or "it gave no reason"
    return HostPasswordRefusedError(f"{plan.name} did not take this password: {said}.")


def _not_given(plan: LaunchPlan, says: str) -> LauncherError:
    what = f"{plan.name} was not given this password: it did not come to where it asks for one."
    hint = "Change it by hand in the open tab, and tell the helpdesk the reference."
    return HostPasswordRefusedError(what, hint=hint, detail=f"Last seen: {says}." if says else "")
