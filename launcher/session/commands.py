"""What the officer does, as the screens tell the session: frozen, one class per act."""

from __future__ import annotations

from dataclasses import dataclass

from launcher.secret import Secret


@dataclass(frozen=True, slots=True)
class Typed:
    """Something was typed into the sign-in screen; ``name`` is the name field now, ``left_name`` when it lost focus."""

    name: str
    left_name: bool = False
    empty: bool = False  # nothing stands in any field


@dataclass(frozen=True, slots=True)
class SubmitPassword:
    """Log on with a name and password by the named method."""

    method: str
    user_name: str
    password: Secret


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Change the password that must be changed, then log on with it."""

    user_name: str
    current: Secret
    new: Secret


@dataclass(frozen=True, slots=True)
class StartProvider:
    """Show the provider's own page."""

    method: str


@dataclass(frozen=True, slots=True)
class CancelSignIn:
    """Stop waiting for the answer, or leave the provider's page."""


@dataclass(frozen=True, slots=True)
class SignInPainted:
    """The sign-in screen is painted and takes keys."""


@dataclass(frozen=True, slots=True)
class LaunchpadResponds:
    """The launchpad is painted and takes keys: the sign-in's last phase ends here."""


@dataclass(frozen=True, slots=True)
class OpenMySystems:
    """Open every system of mine that is not on demand."""


@dataclass(frozen=True, slots=True)
class OpenSystem:
    """Open one system, or go to it when it is open."""

    system: str


@dataclass(frozen=True, slots=True)
class RetrySystem:
    """Close what is there and open the system anew."""

    system: str


@dataclass(frozen=True, slots=True)
class CloseSystem:
    """Close the system's tab."""

    system: str


@dataclass(frozen=True, slots=True)
class GiveCredential:
    """The officer's own name and password for a system, asked once and kept sealed after it worked."""

    system: str
    user_name: str
    password: Secret


@dataclass(frozen=True, slots=True)
class SetFavourite:
    """Add the system to mine, or take it out."""

    system: str
    on: bool


@dataclass(frozen=True, slots=True)
class AskWeek:
    """Read the figures of the last seven days; they come with a later picture."""


@dataclass(frozen=True, slots=True)
class LogOff:
    """Log off; ``confirmed`` after what it ends was named."""

    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class StayLoggedOn:
    """Go back from the question what logging off would end."""


Command = (
    Typed
    | SubmitPassword
    | ChangePassword
    | StartProvider
    | CancelSignIn
    | SignInPainted
    | LaunchpadResponds
    | OpenMySystems
    | OpenSystem
    | RetrySystem
    | CloseSystem
    | GiveCredential
    | SetFavourite
    | AskWeek
    | LogOff
    | StayLoggedOn
)
