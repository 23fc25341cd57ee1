"""The sign-in of one session: the card the screen draws, one attempt at a time, and the timeline they share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal

from launcher.errors import LauncherError
from launcher.identity.proof import Accepted, PasswordMethod, Proof, SignInRefused
from launcher.secret import Secret
from launcher.session.faults import error_view
from launcher.session.provider import SURFACE
from launcher.session.provider_roads import HOME, ProviderRoads
from launcher.session.service_words import service_words
from launcher.session.snapshot import ErrorView, Form, SignInView
from launcher.timings import Running, Timeline
from launcher.wire.messages import SignedIn
from launcher.wire.records import SignInRecord

_UNKNOWN = ("directory-outcome-unknown",)
ProvedBy = Literal["directory", "federated", "local", "offline", "unknown"]
_PROVED_BY: Mapping[str, ProvedBy] = {
    "directory": "directory",
    "local": "local",
    "federated": "federated",
    "force": "federated",  # another force's provider
}


class SignIn:
    """Proves one officer. ``changed`` takes each new card, ``recorded`` the record of each attempt that ended.

    With the record come the words of the service that failed; none where there are none that may be told.
    """

    def __init__(
        self,
        methods: Mapping[str, PasswordMethod],
        card: SignInView,
        roads: ProviderRoads,
        changed: Callable[[SignInView], None],
        recorded: Callable[[SignInRecord, str], None],
    ) -> None:
        self._methods = methods
        self._roads = roads
        self._changed = changed
        self._recorded = recorded
        self.view = card
        self.timeline = Timeline()
        self._input: Running | None = None
        self._at = time.time()
        self._method = ""

    def show(self, card: SignInView) -> None:
        """Begin with this card: empty, or with a name that was typed into the screen it replaces."""
        self.view = card
        self._changed(card)

    async def prepare(self) -> None:
        """Let the methods get ready while the officer types."""
        await asyncio.gather(*(method.prepare() for method in self._methods.values()))

    def typed(self) -> None:
        """Note the officer's first key: the sign-in is timed from here."""
        if self._input is None:
            self.timeline, self._at = Timeline(), time.time()
            self._input = self.timeline.start("input", human=True)

    async def by_password(self, method: str, user_name: str, password: Secret) -> Accepted | None:
        """Prove by name and password, once; None when the answer was not yes, which the card then says."""
        proof = Proof(user_name, password)
        self._begin(method, name=user_name)
        try:
            return await self._methods[method].sign_in(proof, self.timeline)
        except LauncherError as fault:
            self._refused(fault)
            return None

    async def with_new_password(self, user_name: str, current: Secret, new: Secret) -> Accepted | None:
        """Change the password with the method that asked for it, and prove with the new one."""
        method = self._method if self._method in self._methods else next(iter(self._methods), "")
        self._begin(method, name=user_name)
        try:
            await self._methods[method].change_password(Proof(user_name, current), new, self.timeline)
        except LauncherError as fault:
            # Another new password may do, or the same again; what was answered for good is not asked again.
            self._refused(fault, keep_form=not isinstance(fault, SignInRefused) or fault.must_change)
            return None
        try:
            return await self._methods[method].sign_in(Proof(user_name, new), self.timeline)
        except LauncherError as fault:
            self._refused(fault)
            return None

    async def by_provider(self, method: str) -> Accepted | None:
        """Prove on a provider's own page, which the card shows meanwhile."""
        road = self._roads.take(method)
        if road is None:
            return None
        self._begin(HOME, name="")
        self.view = replace(self.view, form="provider", surface=SURFACE, provider=road.label)
        self._changed(self.view)
        try:
            # What the officer types there and what the provider does cannot be told apart from outside.
            with self.timeline.phase("primary", human=True):
                session = await road.shown()
        except LauncherError as fault:
            self._refused(fault)
            return None
        return session.accepted

    def failed(self, fault: Exception) -> None:
        """Say that the sign-in came to nothing by a fault that no method knows of."""
        self._show_answer(error_view(fault), "password")

    def say(self, fact: LauncherError) -> None:
        """Say something beside what is being typed; nothing is cleared for it."""
        self.view = replace(self.view, error=error_view(fact))
        self._changed(self.view)

    def ask_for(self, name: str, focus: Literal["name", "secret"]) -> None:
        """Go back to an empty card with this name in it."""
        card = replace(self.view, name=name, focus=focus, form="password", error=None, attempt=self.view.attempt + 1)
        self.show(card)

    def waits(self, busy: bool) -> None:
        """Wait for what becomes of a proof, or no more."""
        self.view = replace(self.view, busy=busy, surface="")
        self._changed(self.view)

    def cancelled(self) -> None:
        """Go back to the card after the officer stopped waiting."""
        self._end_attempt("cancelled")
        self.view = replace(
            self.view, busy=False, form="password", surface="", error=None, attempt=self.view.attempt + 1
        )
        self._changed(self.view)

    def accepted(self) -> None:
        """Note that the rest is the shell's: the timeline goes on until the launchpad responds."""
        self.view = replace(self.view, busy=False, surface="", error=None)

    def finish(self) -> None:
        """The launchpad responds: the sign-in is over, once."""
        if self._input is not None:
            self._end_attempt("signed-in")

    def _begin(self, method: str, *, name: str) -> None:
        self.typed()
        if self._input is not None:
            self.timeline.stop(self._input)
        self._method = method
        self.view = replace(self.view, busy=True, error=None, name=name or self.view.name)
        self._changed(self.view)

    def _refused(self, fault: LauncherError, *, keep_form: bool = False) -> None:
        must_change = isinstance(fault, SignInRefused) and fault.must_change
        form: Form = self.view.form if keep_form else "change" if must_change else "password"
        self._show_answer(error_view(fault), form, service_words(fault, self.view.name))

    def _show_answer(self, error: ErrorView, form: Form, words: str = "") -> None:
        self._end_attempt("unknown" if error.reference in _UNKNOWN else "refused", error.reference, words)
        self.view = replace(self.view, busy=False, surface="", form=form, error=error, attempt=self.view.attempt + 1)
        self._changed(self.view)

    def _end_attempt(self, outcome: str, reference: str | None = None, words: str = "") -> None:
        total_ms = self.timeline.finish()
        self._recorded(
            SignInRecord.model_validate(
                {
                    "at": self._at,
                    "method": self._method or "none",
                    "outcome": outcome,
                    "reference": reference,
                    "total_ms": total_ms,
                    "phases": self.timeline.spans(),
                }
            ),
            words,
        )
        self._input = None


def proved_by(accepted: Accepted) -> ProvedBy:
    """Return the kind of sign-in method by which the officer was proved."""
    return _PROVED_BY.get(accepted.method.partition(":")[0], "unknown")


def signed_in(accepted: Accepted, *, locks: bool) -> SignedIn:
    """Return what the station is told of who is signed in here."""
    officer = accepted.officer
    return SignedIn(
        officer=str(officer.id),
        number=officer.number,
        name=officer.display_name,
        user_name=officer.user_name,
        locks=locks,
        groups=tuple(sorted(officer.groups)),
        proved_by=proved_by(accepted),
    )
