"""One opening of one system: what is known of it so far, and the picture and record made of it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from launcher.grants.names import TokenName
from launcher.session.openers.program import ProgramDriver
from launcher.session.snapshot import ErrorView, LaunchState, LaunchView, Needs, PhaseView
from launcher.sign_on.driver import WebDriver
from launcher.timings import Timeline
from launcher.wire.records import LaunchRecord, Outcome


@dataclass(slots=True)
class Opening:
    """A launch with a life: changed by its task only, drawn as :meth:`view`, kept as :meth:`record`."""

    system: str
    kind: str
    sign_on: str
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
    program: ProgramDriver | None = None
    token: TokenName | None = None
    unproved: str = ""  # the system whose credential was given to it, and was neither proved nor refused
    task: asyncio.Task[None] | None = None

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
        )

    def finish(self, outcome: Outcome, reference: str | None = None) -> LaunchRecord | None:
        """End the timing and return the record; a launch is recorded once, whatever the officer does with it later."""
        if self.recorded:
            return None
        self.recorded = True
        self.took_ms = self.timeline.finish()
        if self.page is not None:
            self.prompts += self.page.officer_acts()
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
        )
