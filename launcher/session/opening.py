"""One opening of one system: what is known of it so far, and the picture and record made of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from launcher.catalogue.entry import Entry
from launcher.connectors.password_rules import PasswordRules
from launcher.connectors.plan import LaunchPlan, TerminalTarget, WebTarget
from launcher.grants.client_certificate import AnyCertificate
from launcher.grants.credential import Credential
from launcher.grants.names import TokenName
from launcher.identity.proof import Stopwatch
from launcher.secret import Secret
from launcher.session.openers.program import ProgramDriver
from launcher.session.openers.terminal import HostTerminal
from launcher.session.snapshot import ErrorView, LaunchState, LaunchView, LeftView, Needs, PhaseView
from launcher.sign_on.driver import WebDriver
from launcher.sign_on.outcome import OneTimeCodeRefusedError, SignOnOutcome
from launcher.sign_on.run import NoWatch
from launcher.timings import Running, Timeline
from launcher.wire.records import LaunchRecord, Outcome

_MAY_BE_CODE: Final = (
    "It may have been the one-time code alone, e.g. one that was used at another terminal in the same half minute; the "
    "system does not say. It is not tried again by itself. Press Retry and give your own name and password for this "
    "system, or call the helpdesk."
)
MESSAGE: Final = "message"
"""The name of a notice that a page shows in a window of its own."""


@dataclass(slots=True)
class Opening:
    """A launch with a life: changed by its tasks only, drawn as :meth:`view`, kept as a record by :meth:`finish`."""

    entry: Entry
    sign_on: str = "unknown"
    plan: LaunchPlan | None = None
    timeline: Timeline = field(default_factory=Timeline)
    at: float = field(default_factory=time.time)
    state: LaunchState = "queued"
    needs: Needs = ""
    says: str = ""
    error: ErrorView | None = None
    signed_on_as: str = ""
    prompts: int = 0
    took_ms: float | None = None
    recorded: bool = False
    page: WebDriver | None = None
    surface: str = ""
    wanted: str = ""  # the address in it that a link has led to, until its page goes there
    led: tuple[str, str] = ("", "")  # where it was sent last, and from where, until a ready page is seen elsewhere
    arrived: int = 0  # of the links that the officer has followed in it, the last one that led to a ready page
    places: tuple[tuple[str, bool], ...] = ()  # the last addresses at which its page showed no logon; ready there
    program: ProgramDriver | None = None
    terminal: HostTerminal | None = None
    filled: Credential | None = None  # for a change of password, and for what follows a notice
    gave: bool = False  # a page has been given a password or a code, or is being given one
    given: frozenset[str] = frozenset()  # the names of the secrets that a recipe of pages has given
    notice: str = ""  # the name of the notice that is for the officer to read and press
    acts_at_notice: int = 0  # how often the officer had acted there when it was shown
    signing_off: bool = False  # waits for the sign-off of the terminal before it
    code_at: float = 0.0  # waits for a one-time code, which there is then, on the clock of time.monotonic()
    left: LeftView | None = None  # where that one was not proved
    token: TokenName | None = None
    certificate: AnyCertificate | None = None
    unproved: str = ""  # the system whose credential was given to it, and was neither proved nor refused
    task: asyncio.Task[None] | None = None
    refreshing: asyncio.Task[None] | None = None  # keeps the page's token fresh
    looked_at: asyncio.Task[None] | None = None
    watching: asyncio.Task[None] | None = None  # waits for the end of a terminal's line
    again: bool = False  # it is, or was, signed on again
    again_at: float | None = None  # on the loop's clock
    back: bool = False  # the officer has come back from a lock, and has not seen this page since
    acts_before: int = 0
    asks: Outcome | None = None  # the outcome that it has as long as the officer has not done what is theirs
    person: Running | None = None  # the phase of theirs
    end_turn: Callable[[], None] = lambda: None  # lets another be opened while this one waits

    @property
    def system(self) -> str:
        """The system's id."""
        return self.entry.id

    @property
    def kind(self) -> str:
        """The system's kind."""
        return self.entry.kind

    @property
    def tasks(self) -> tuple[asyncio.Task[None], ...]:
        """All that is done for it."""
        return tuple(one for one in (self.task, self.refreshing, self.looked_at, self.watching) if one is not None)

    def shows_notice(self, name: str) -> None:
        """A notice is shown for the officer to read and press; nothing: none is."""
        self.notice, self.acts_at_notice = name, self._acts()

    def pressed_notice(self) -> str:
        """Return the name of the notice that the officer has pressed by now, once: the system has led on."""
        notice, self.notice = self.notice, ""
        return notice if notice and self._acts() > self.acts_at_notice else ""

    def signs(self, changed: Callable[[], None]) -> None:
        """What was opened is there, and signing on begins."""
        self.state = "signing"
        changed()

    def gives(self, _: Secret) -> None:
        """Note that a page is given a secret."""
        self.gave = True

    def waits(self, outcome: Outcome) -> None:
        """It waits for the officer from now on: theirs is the time, and one prompt, whatever they press for it."""
        self.prompts += 1 + self._acts() - self.acts_before
        self.acts_before = self._acts()
        self.asks = outcome
        if not self.recorded:
            self.person = self.timeline.start("person")

    async def have_answered(
        self, changed: Callable[[], None], acknowledged: Callable[[str, str], None], says: str
    ) -> None:
        """Have the officer read and answer what the page asks in a window of its own, as they do a notice."""
        if self.page is None:
            return
        self.end_turn()
        self.state, self.needs, self.says = "needs", "notice", says
        self.waits("notice")
        changed()
        await self.page.answered()
        acknowledged(self.system, MESSAGE)
        self.goes_on()
        changed()

    def goes_on(self) -> None:
        """The officer has done what was theirs; what follows is the recipe's again."""
        self.state, self.needs, self.says, self.error = "signing", "", "", None
        self._person_over()

    def _person_over(self) -> None:
        if self.person is not None:
            self.timeline.stop(self.person)
        if self.asks is not None:
            self.acts_before = self._acts()
        self.asks = self.person = None

    @property
    def watch(self) -> Stopwatch:
        """What times the recipe, where its time is still to be recorded."""
        return NoWatch() if self.recorded else self.timeline

    def _acts(self) -> int:
        if self.page is not None:
            return self.page.officer_acts()
        return self.terminal.acts if self.terminal is not None else 0

    def anew(self) -> None:
        """What it has opened so far is gone: it begins on another page, line or program."""
        self.prompts += self._acts() - self.acts_before
        self.page = self.program = self.terminal = None
        self.surface, self.led, self.arrived, self.acts_before = "", ("", ""), 0, 0

    def begin_again(self) -> None:
        """Time and record from now on how the open page is signed on again."""
        self.timeline, self.at = Timeline(), time.time()
        self.again, self.recorded, self.took_ms = True, False, None
        self.state, self.needs, self.says, self.error = "queued", "", "", None
        self.prompts, self.unproved, self.notice, self.gave, self.given = 0, "", "", False, frozenset()
        self.asks, self.person, self.acts_before = None, None, self._acts()

    def view(self) -> LaunchView:
        """Return what the screens draw."""
        return LaunchView(
            system=self.system,
            state=self.state,
            started=self.timeline.started,
            took_ms=self.took_ms,
            needs=self.needs,
            says=self.says,
            error=self.error,
            phases=tuple(
                PhaseView(one.phase, one.start_ms, one.duration_ms, one.human) for one in self.timeline.so_far()
            ),
            signed_on_as=self.signed_on_as,
            surface=self.surface,
            output=self.program.output if self.program else (),
            running=self.program.running if self.program else False,
            unsent=self.terminal.unsent if self.terminal else False,
            signing_off=self.signing_off,
            code_at=self.code_at,
            left=self.left,
            rules=self._rules() if self.needs == "new-password" else None,
            coded=self.needs == "credential" and self._coded(),
        )

    def _coded(self) -> bool:
        return self.plan is not None and self.plan.coded is not None

    @property
    def refusal_may_be_code(self) -> bool:
        """Say whether it takes a one-time code, and its entry does not tell a refusal of that from one of the rest."""
        entry = self.entry
        tells = any(one.refused for one in entry.markers) or any(one.refused for one in entry.pages)
        return self._coded() and not tells and not any(one.refused for one in entry.screens)

    def _rules(self) -> PasswordRules | None:
        target = self.plan.target if self.plan is not None else None
        change = target.change if isinstance(target, TerminalTarget | WebTarget) else None
        return change.rules if change is not None else None

    def finish(self, outcome: Outcome, reference: str | None = None) -> LaunchRecord | None:
        """End the timing and return the record; a launch is recorded once, whatever the officer does with it later."""
        if self.recorded:
            return None
        self.recorded = True
        self.took_ms = self.timeline.finish()
        if outcome == "cancelled" and self.asks is not None:
            outcome = self.asks
        self._person_over()
        self.prompts += self._acts() - self.acts_before
        return LaunchRecord(
            at=self.at,
            system=self.system,
            system_kind=self.kind,
            sign_on=self.sign_on,
            outcome=outcome,
            reference=reference,
            prompts=self.prompts,
            total_ms=self.took_ms,
            phases=self.timeline.spans(),
            again=self.again,
        )


def refusal_view(outcome: SignOnOutcome, *, may_be_code: bool = False) -> ErrorView:
    """Return the error a person meets where a system did not accept the logon.

    ``may_be_code``: nothing tells whether it was the password or the one-time code that was refused.
    """
    if outcome.code_refused:
        hint = OneTimeCodeRefusedError.hint
    elif may_be_code:
        hint = _MAY_BE_CODE
    else:
        hint = "Press Retry and give your own name and password for this system, or call the helpdesk."
    return ErrorView(
        outcome.reference or "sign-on-refused",
        outcome.says or "The system did not accept the logon.",
        hint,
        retryable=True,
        detail=f"Last seen: {outcome.last_seen}." if outcome.last_seen else "",
    )
