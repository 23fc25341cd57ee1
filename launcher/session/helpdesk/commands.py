"""What an analyst does in the panel, as the screens tell the session: frozen, one class per act."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from launcher.wire.hub.helpdesk import ActKind
    from launcher.wire.hub.kinds import Role


@dataclass(frozen=True, slots=True)
class HelpdeskLook:
    """The panel is in front, or is no longer: what it shows is kept fresh only while somebody looks at it."""

    on: bool


@dataclass(frozen=True, slots=True)
class HelpdeskOpenCase:
    """Begin a case, for this reason; what was shown of the one before goes."""

    reason: str


@dataclass(frozen=True, slots=True)
class HelpdeskFind:
    """Find officers and terminals by what stands in the search field now; nothing: show none."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class HelpdeskLetters:
    """The six letters that the caller reads from their screen."""

    letters: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class HelpdeskShow:
    """Show an officer's page; empty: none any more."""

    officer: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class HelpdeskAct:
    """Do something to the officer's sessions. ``key`` is made once by the card that asks, whatever is pressed twice.

    ``sitting``: which; None: all of the officer's.
    """

    key: str
    kind: ActKind
    officer: str = field(repr=False)
    reason: str
    sitting: str | None = None
    system: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class HelpdeskSecond:
    """Answer as the second person to exactly what was read (``digest``)."""

    request: str
    digest: str
    approve: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HelpdeskAskSupervisor:
    """Ask for a supervisor at the officer's terminal, for a request that waits for a second person."""

    request: str
    sitting: str


@dataclass(frozen=True, slots=True)
class HelpdeskNotice:
    """Give a notice to sign-in screens and tiles. No systems: for the whole terminal; no places: everywhere.

    ``hours``: how long it holds; None: until it is withdrawn.
    """

    key: str
    text: str
    systems: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class HelpdeskWithdraw:
    """Withdraw a notice."""

    notice: int


@dataclass(frozen=True, slots=True)
class HelpdeskCloseTold:
    """What an officer has told is dealt with."""

    number: str


@dataclass(frozen=True, slots=True)
class HelpdeskNamed:
    """A supervisor asks whom a whole number is of, to give them a role; empty: nobody is shown any more."""

    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class HelpdeskGrant:
    """A supervisor grants an officer a role for some hours."""

    key: str
    officer: str = field(repr=False)
    role: Role
    hours: float
    reason: str


@dataclass(frozen=True, slots=True)
class HelpdeskEndGrant:
    """A supervisor takes a granted role back."""

    grant: int


@dataclass(frozen=True, slots=True)
class HelpdeskClose:
    """The case is over: nothing of it is shown any more."""


HelpdeskCommand = (
    HelpdeskLook
    | HelpdeskOpenCase
    | HelpdeskFind
    | HelpdeskLetters
    | HelpdeskShow
    | HelpdeskAct
    | HelpdeskSecond
    | HelpdeskAskSupervisor
    | HelpdeskNotice
    | HelpdeskWithdraw
    | HelpdeskCloseTold
    | HelpdeskNamed
    | HelpdeskGrant
    | HelpdeskEndGrant
    | HelpdeskClose
)
