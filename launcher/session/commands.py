"""What the officer does, as the screens tell the session: frozen, one class per act."""

from __future__ import annotations

from dataclasses import dataclass, field

from launcher.secret import Secret
from launcher.session.helpdesk.commands import HelpdeskCommand


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
    """Open one system, or go to it when it is open; ``at``: where in it a link has led."""

    system: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class RetrySystem:
    """Close what is there and open the system anew."""

    system: str


@dataclass(frozen=True, slots=True)
class SkipSignOff:
    """Open the system anew at once: do not wait until its host has signed off who was there before."""

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
    seed: Secret | None = None
    """What one-time codes are made from, where the system wants them and the officer has it."""


@dataclass(frozen=True, slots=True)
class OpenCertificate:
    """The password of the file with the officer's certificate, or their card's PIN, for a system that waits for it."""

    system: str
    password: Secret


@dataclass(frozen=True, slots=True)
class GiveNewPassword:
    """The new password for a host that wants one; it is kept once the host has confirmed it."""

    system: str
    new: Secret


@dataclass(frozen=True, slots=True)
class FunctionKeys:
    """The terminal in front wants F1 to F12 for its host, or does not any more."""

    wanted: bool


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


@dataclass(frozen=True, slots=True)
class Lock:
    """Lock this terminal now."""


@dataclass(frozen=True, slots=True)
class SetPin:
    """Set the PIN that opens the lock face during this sitting; an empty one takes it back.

    ``current``: the PIN that holds now, where there is one.
    """

    pin: Secret
    current: Secret = field(default_factory=lambda: Secret(""))


@dataclass(frozen=True, slots=True)
class GivePin:
    """The PIN, typed into the lock face."""

    pin: Secret


@dataclass(frozen=True, slots=True)
class WantProof:
    """Leave the lock face for the sign-in screen; ``taking_over``: by somebody who is not the officer it names."""

    taking_over: bool = False


@dataclass(frozen=True, slots=True)
class TakeOver:
    """On a sign-in screen over a locked session: I am somebody else, and what it ends was read.

    Before a proof the screen asks for one; after it (``OverView.proved``) the terminal is taken over.
    """


@dataclass(frozen=True, slots=True)
class LeaveLocked:
    """Go back from taking over: the locked session stays."""


@dataclass(frozen=True, slots=True)
class WantFace:
    """Go back from the screen over a locked session to its own lock face: the PIN opens that."""


@dataclass(frozen=True, slots=True)
class WorkResponds:
    """The work is painted again after a lock and takes keys."""


@dataclass(frozen=True, slots=True)
class LockPainted:
    """The lock face is painted, and no other window of the session is visible."""


@dataclass(frozen=True, slots=True)
class Touched:
    """Somebody pressed a key, a button or the screen; sent where the station cannot see it, once a second at most."""


@dataclass(frozen=True, slots=True)
class Playing:
    """A video plays on the page that is looked at, or has stopped."""

    on: bool


@dataclass(frozen=True, slots=True)
class AnswerCover:
    """Before the cover: end what does not answer, or wait."""

    end: bool


@dataclass(frozen=True, slots=True)
class LookedAt:
    """The officer looks at a system's tab, by an act of their own."""

    system: str


@dataclass(frozen=True, slots=True)
class ComeForward:
    """The officer wants the launcher in front of their programs."""


@dataclass(frozen=True, slots=True)
class BringForward:
    """The officer has turned to a system whose program has windows of its own: they come in front, with the keys."""

    system: str


@dataclass(frozen=True, slots=True)
class AskForHelp:
    """Somebody looks at the help: show letters that the helpdesk knows this screen by. ``on`` False: no longer."""

    on: bool = True


@dataclass(frozen=True, slots=True)
class TellHelpdesk:
    """Tell the helpdesk of an error: its reference and the timeline, no content. ``system``: whose, where it is one's.

    The number to quote comes with a later picture (``Snapshot.told``).
    """

    reference: str
    system: str = ""


@dataclass(frozen=True, slots=True)
class BringHere:
    """End the officer's own sitting at another terminal, and open here what was open there."""

    sitting: str


@dataclass(frozen=True, slots=True)
class LeaveElsewhere:
    """Leave it as it is at the other terminal, and ask no more."""

    sitting: str


@dataclass(frozen=True, slots=True)
class AcknowledgeMessage:
    """The officer has read a message from the helpdesk."""

    command: int


@dataclass(frozen=True, slots=True)
class RefuseSecond:
    """Whoever sits before a supervisor's card refuses what it asks for."""


Command = (
    HelpdeskCommand
    | AskForHelp
    | TellHelpdesk
    | BringHere
    | LeaveElsewhere
    | AcknowledgeMessage
    | RefuseSecond
    | Lock
    | SetPin
    | GivePin
    | WantProof
    | TakeOver
    | LeaveLocked
    | WantFace
    | WorkResponds
    | LockPainted
    | Touched
    | Playing
    | AnswerCover
    | LookedAt
    | BringForward
    | ComeForward
    | Typed
    | SubmitPassword
    | ChangePassword
    | StartProvider
    | CancelSignIn
    | SignInPainted
    | LaunchpadResponds
    | OpenMySystems
    | OpenSystem
    | RetrySystem
    | SkipSignOff
    | CloseSystem
    | GiveCredential
    | GiveNewPassword
    | OpenCertificate
    | FunctionKeys
    | SetFavourite
    | AskWeek
    | LogOff
    | StayLoggedOn
)
