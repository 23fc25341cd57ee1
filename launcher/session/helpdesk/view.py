"""What the panel draws: frozen, of the hub's own records. It holds no secret, and its text tells nothing of a look-up.

Nothing of it is in the picture of a session whose officer has no such role.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from launcher.session.snapshot import ErrorView
    from launcher.wire.hub.helpdesk import (
        Acted,
        ActKind,
        AllWrong,
        ByLetters,
        Case,
        Found,
        OfficerPage,
        SecondRequest,
    )
    from launcher.wire.hub.officers import GrantedRole, NamedOfficer


@dataclass(frozen=True, slots=True)
class LookingView:
    """The case, and what was found in it. ``query`` is what ``found`` answers; ``attempt`` grows with each answer."""

    case: Case | None = None
    opening: bool = False
    case_error: ErrorView | None = None
    query: str = ""
    found: Found | None = None
    finding: bool = False
    find_error: ErrorView | None = None
    by_letters: ByLetters | None = None
    reading: bool = False
    letters_error: ErrorView | None = None
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class PageView:
    """An officer's page as it was ``at`` (wall clock). ``error``: why none, or why it is not fresh any more."""

    officer: str = ""
    page: OfficerPage | None = None
    at: float = 0.0
    error: ErrorView | None = None


@dataclass(frozen=True, slots=True)
class ActView:
    """One press: what was asked, and what came of it.

    ``done_ms``: from the press to the first answer of a terminal; None until then. ``late``: the commands that no
    terminal had taken when it should have.
    """

    key: str
    kind: ActKind
    officer: str
    name: str
    terminal: str = ""
    system: str = ""
    sitting: str = ""
    acted: Acted | None = None
    done_ms: float | None = None
    late: frozenset[int] = frozenset()
    error: ErrorView | None = None

    @property
    def state(self) -> Literal["sending", "waits-for-second", "refused", "expired", "sent", "answered", "failed"]:
        """How far it is."""
        if self.error is not None:
            return "failed"
        return "sending" if self.acted is None else self.acted.state


@dataclass(frozen=True, slots=True)
class ForceView:
    """What is wrong across the force now, and what waits for a second person; None until it was asked."""

    wrong: AllWrong | None = None
    wrong_error: ErrorView | None = None
    requests: tuple[SecondRequest, ...] = ()
    requests_error: ErrorView | None = None
    answer_error: ErrorView | None = None
    """Why the last answer as the second person, or the last wish for a supervisor, was refused."""
    answered: tuple[str, ...] = ()
    """Requests that were answered here."""
    supervisor_asked: tuple[str, ...] = ()
    """Requests for which a supervisor was asked for at the officer's terminal."""


@dataclass(frozen=True, slots=True)
class NoticeGiven:
    """The last notice that was given or withdrawn; ``key`` of which card."""

    key: str = ""
    busy: bool = False
    done: bool = False
    error: ErrorView | None = None


@dataclass(frozen=True, slots=True)
class GrantsView:
    """The roles that were granted; of a supervisor only."""

    granted: tuple[GrantedRole, ...] = ()
    key: str = ""
    busy: bool = False
    done: bool = False
    error: ErrorView | None = None


@dataclass(frozen=True, slots=True)
class NamedView:
    """Whom a number is of, for a supervisor who looks nobody up. ``number``: which was asked last."""

    number: str = ""
    busy: bool = False
    officer: NamedOfficer | None = None
    error: ErrorView | None = None


@dataclass(frozen=True, slots=True)
class HelpdeskView:
    """The whole panel. What a log would tell of it is how much there is, never of whom."""

    helpdesk: bool
    """Whether somebody may be looked up, and their sessions set right."""
    supervisor: bool
    """Whether roles may be given for some hours."""
    it: bool = False
    """Whether what is wrong across the force is seen, and notices are given, without looking anybody up."""
    looking: LookingView = field(default_factory=LookingView, repr=False)
    page: PageView = field(default_factory=PageView, repr=False)
    acts: tuple[ActView, ...] = field(default=(), repr=False)
    """The last ones, the newest first."""
    force: ForceView = field(default_factory=ForceView, repr=False)
    notice: NoticeGiven = field(default_factory=NoticeGiven, repr=False)
    grants: GrantsView = field(default_factory=GrantsView, repr=False)
    named: NamedView = field(default_factory=NamedView, repr=False)

    @property
    def sees_force(self) -> bool:
        """Whether what is wrong across the force is shown."""
        return self.helpdesk or self.it
