"""The session's state machine: frozen states, a pure ``step``, effects as data.

``Spare → SigningIn → SignedIn → Ending``. A process serves one submitted name: once a name was submitted, another
name belongs to the next process, so that no officer's password ever lies in another officer's process (DESIGN §2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from launcher.wire.messages import EndReason

ON_PAGE: Final = "\0"
"""What is served once the provider's own page was shown: whoever typed there, their name is not known."""


@dataclass(frozen=True, slots=True)
class Spare:
    """Warm and out of sight."""


@dataclass(frozen=True, slots=True)
class SigningIn:
    """The sign-in screen is shown. ``served`` is the one submitted name; ``typed``: something stands in a field."""

    served: str = ""
    typed: bool = False
    busy: bool = False


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An officer is signed in."""

    number: str


@dataclass(frozen=True, slots=True)
class Ending:
    """The process ends; nothing is begun any more."""

    reason: EndReason


State = Spare | SigningIn | SignedIn | Ending


@dataclass(frozen=True, slots=True)
class ShowAsked:
    """The station wants the sign-in screen shown."""


@dataclass(frozen=True, slots=True)
class NameLeft:
    """The officer left the name field with this in it, or typed; ``empty`` when no field holds anything."""

    name: str
    left: bool
    empty: bool


@dataclass(frozen=True, slots=True)
class Submitted:
    """A name and password were submitted."""

    name: str


@dataclass(frozen=True, slots=True)
class PageAsked:
    """The provider's own page is wanted. What is typed there is seen by nobody: no name goes in after it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer was not yes."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The officer stopped waiting, or left the provider's page."""


@dataclass(frozen=True, slots=True)
class IdlePassed:
    """Nothing was typed for as long as the station allows."""


@dataclass(frozen=True, slots=True)
class Proved:
    """The officer is proved."""

    number: str


@dataclass(frozen=True, slots=True)
class LogOffConfirmed:
    """The officer logs off."""


@dataclass(frozen=True, slots=True)
class EndAsked:
    """The station ends this process."""

    reason: EndReason


Event = (
    ShowAsked
    | NameLeft
    | Submitted
    | PageAsked
    | Answered
    | Cancelled
    | IdlePassed
    | Proved
    | LogOffConfirmed
    | EndAsked
)

Effect = Literal["show", "prove", "replace-name", "replace-page", "replace-cancelled", "replace-typed"]


def step(state: State, event: Event) -> tuple[State, tuple[Effect, ...]]:
    """Return the next state and what is to be done; an event that does not fit the state changes nothing."""
    match state, event:
        case Ending(), _:
            return state, ()
        case _, EndAsked(reason):
            return Ending(reason), ()
        case Spare(), ShowAsked():
            return SigningIn(), ("show",)
        case SigningIn(served, _, busy), NameLeft(name, left, empty):
            if served and left and name and name != served and not busy:
                return Ending("replaced"), ("replace-name",)
            return SigningIn(served, not empty, busy), ()
        case SigningIn(served, _, False), Submitted(name):
            if served == ON_PAGE or (served and name and name != served):
                return Ending("replaced"), ("replace-name",)
            return SigningIn(served or name, True, True), ("prove",)
        case SigningIn("", _, False), PageAsked():
            return SigningIn(ON_PAGE, True, True), ("prove",)
        case SigningIn(_, _, False), PageAsked():
            # The provider may know by now who was here before: its page belongs to a process nobody has used.
            return Ending("replaced"), ("replace-page",)
        case SigningIn(served, _, True), Cancelled() if served == ON_PAGE:
            return Ending("replaced"), ("replace-cancelled",)
        case SigningIn(served, _, True), Cancelled():
            return SigningIn(served, True, False), ()
        case SigningIn(served, _, True), Answered():
            return SigningIn(served, True, False), ()
        case SigningIn(served, True, False), IdlePassed():
            return Ending("replaced"), ("replace-typed",)
        case SigningIn(_, _, True), Proved(number):
            return SignedIn(number), ()
        case SignedIn(), LogOffConfirmed():
            return Ending("log-off"), ()
        case _:
            return state, ()
