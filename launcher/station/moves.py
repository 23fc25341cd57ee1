"""What happens to sessions, and what is to be done about it: the events and effects of ``spares``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from launcher.station.places import Focus, Why
    from launcher.wire.messages import EndReason


MustEndWhy = Literal["refused", "silent", "reset", "locked-too-long", "sitting-limit"]

# --- events


@dataclass(frozen=True, slots=True)
class Begin:
    """The station starts."""


@dataclass(frozen=True, slots=True)
class Warmed:
    """A session's screen is built."""

    session: int


@dataclass(frozen=True, slots=True)
class Painted:
    """The front session's sign-in screen is on the display."""

    session: int


@dataclass(frozen=True, slots=True)
class Served:
    """An officer signed in: sessions can start and be used."""

    session: int
    officer: str


@dataclass(frozen=True, slots=True)
class LeavesByItself:
    """The officer logs off; the process ends by itself."""

    session: int


@dataclass(frozen=True, slots=True)
class AsksToBeReplaced:
    """The session served its one name, or was left with something typed."""

    session: int
    why: Literal["name-changed", "page-asked", "left-typed", "cancelled"]
    name: str = ""
    taking_over: bool = False


@dataclass(frozen=True, slots=True)
class MustEnd:
    """The station ends a session: it broke the rules, stopped answering while hidden, a limit is over, or the
    helpdesk asked."""

    session: int
    why: MustEndWhy


@dataclass(frozen=True, slots=True)
class Exited:
    """A session's process is gone; its programs and files may not be."""

    session: int


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Nothing of the session is left."""

    session: int


@dataclass(frozen=True, slots=True)
class WipeLate:
    """What is left of a session is not gone in time: the next screen does not wait any longer."""

    session: int


@dataclass(frozen=True, slots=True)
class DelayOver:
    """The wait before the next start is over."""


@dataclass(frozen=True, slots=True)
class AskSecond:
    """A second person is to prove who they are at the screen at which the officer of ``session`` works."""

    session: int


@dataclass(frozen=True, slots=True)
class SecondOver:
    """They have (``by_itself``: the card's process ends by itself), or nobody waits for them any more."""

    session: int
    by_itself: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """The station stops."""


PlainEvent = (
    Begin
    | Warmed
    | Painted
    | Served
    | LeavesByItself
    | AsksToBeReplaced
    | MustEnd
    | Exited
    | Cleaned
    | WipeLate
    | DelayOver
    | AskSecond
    | SecondOver
    | Stop
)


# --- effects


@dataclass(frozen=True, slots=True)
class Start:
    """Start a session, hidden."""

    session: int


@dataclass(frozen=True, slots=True)
class ShowScreen:
    """Show the session's sign-in screen."""

    session: int
    name: str
    focus: Focus


@dataclass(frozen=True, slots=True)
class ShowSecond:
    """Show the card at which a second person proves who they are, over the screen of ``over``'s officer."""

    session: int
    over: int


@dataclass(frozen=True, slots=True)
class EndIt:
    """End the session and everything below it.

    ``say`` is what it is told first, None where it is not told: it ends by itself (``grace``) or is ended at once.
    """

    session: int
    why: Why
    say: EndReason | None
    grace: bool


@dataclass(frozen=True, slots=True)
class WaitForWipe:
    """The next screen waits until nothing is left of the session, but not for ever."""

    session: int


@dataclass(frozen=True, slots=True)
class StartLater:
    """Wait before the next start."""

    delay_s: float


@dataclass(frozen=True, slots=True)
class SayCannotStart:
    """Say that sessions end before they serve anybody."""

    times: int
    again_in_s: float


@dataclass(frozen=True, slots=True)
class Finish:
    """Everything has ended."""


PlainEffect = Start | ShowScreen | ShowSecond | EndIt | WaitForWipe | StartLater | SayCannotStart | Finish
