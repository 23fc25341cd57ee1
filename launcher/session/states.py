"""What a session can be, what can happen to it, and what is then done: the words of :mod:`launcher.session.state`.

``Spare → SigningIn → SignedIn ⇄ Locked → Ending``. A process serves one submitted name: once a name was submitted,
another name belongs to the next process, so that no officer's password ever lies in another officer's process
(DESIGN §2). A spare may also stand over another process: over one that does not answer (`Covering`), or over a locked
one, where a proof waits for the station's answer before anything is made of it (`ProofWaits`).
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
class Covering:
    """A spare whose screen covers a session that does not answer."""


@dataclass(frozen=True, slots=True)
class SigningIn:
    """The sign-in screen is shown. ``served`` is the one submitted name; ``typed``: something stands in a field.

    ``over``: it stands over a locked session.
    """

    served: str = ""
    typed: bool = False
    busy: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True)
class ProofWaits:
    """An officer is proved over a locked session; the station has been asked what becomes of it."""

    number: str
    served: str


@dataclass(frozen=True, slots=True)
class MayTakeOver:
    """Another officer than the locked one is proved, and is asked whether to take the terminal over."""

    number: str
    served: str


@dataclass(frozen=True, slots=True)
class HandsProof:
    """The officer goes on in the session that was locked: this one hands the fresh proof over and waits for its end."""

    number: str
    served: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An officer is signed in."""

    number: str


@dataclass(frozen=True, slots=True)
class Locked:
    """The officer's work is hidden. The PIN opens it while ``tries`` are left and no other screen is in front.

    ``wants_proof``: the sign-in screen of another process was asked for; ``behind``: it is in front.
    """

    number: str
    tries: int = 0
    wants_proof: bool = False
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """The process ends; nothing is begun any more."""

    reason: EndReason


State = Spare | Covering | SigningIn | ProofWaits | MayTakeOver | HandsProof | SignedIn | Locked | Ending


# --- what the station says


@dataclass(frozen=True, slots=True)
class ShowAsked:
    """The station wants the sign-in screen shown; ``over`` a locked session."""

    over: bool = False


@dataclass(frozen=True, slots=True)
class LockedEnded:
    """The locked session that this screen stands over has ended."""


@dataclass(frozen=True, slots=True)
class CoverAsked:
    """A session does not answer: this spare covers it."""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """The covered session answers again, or was ended: then this one is the next sign-in screen."""

    sign_in: bool


@dataclass(frozen=True, slots=True)
class EnterSaid:
    """The proof's answer: the terminal is this officer's."""


@dataclass(frozen=True, slots=True)
class NotYoursSaid:
    """The proof's answer: somebody else's session is locked here; ``kept``: and stays theirs for some time."""

    kept: bool


@dataclass(frozen=True, slots=True)
class HandProofSaid:
    """The proof's answer: the locked session is this officer's own."""


@dataclass(frozen=True, slots=True)
class StoodBack:
    """Another process's screen is in front of the lock face."""


@dataclass(frozen=True, slots=True)
class StoodForward:
    """The other screen goes: the lock face is in front again."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """The officer of the locked session is proved in another process."""


@dataclass(frozen=True, slots=True)
class EndAsked:
    """The station ends this process."""

    reason: EndReason


# --- what people do


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
class Cancelled:
    """The officer stopped waiting, or left the provider's page."""


@dataclass(frozen=True, slots=True)
class TakeOverChosen:
    """Whoever sits here is not the locked session's officer, and wants the terminal."""


@dataclass(frozen=True, slots=True)
class LockedLeft:
    """The locked session is left as it is."""


@dataclass(frozen=True, slots=True)
class FaceWanted:
    """Whoever sits before the screen over a locked session wants its own lock face back."""


@dataclass(frozen=True, slots=True)
class CoverChosen:
    """Before the cover somebody chose to wait, or to end what does not answer."""


@dataclass(frozen=True, slots=True)
class LockAsked:
    """The officer locks, or the station does for them; ``tries``: how often the PIN may be tried, 0 without one."""

    tries: int


@dataclass(frozen=True, slots=True)
class PinRight:
    """The PIN was typed."""


@dataclass(frozen=True, slots=True)
class PinWrong:
    """Something else was typed."""


@dataclass(frozen=True, slots=True)
class ProofWanted:
    """Somebody leaves the lock face for the sign-in screen."""


@dataclass(frozen=True, slots=True)
class LogOffConfirmed:
    """The officer logs off."""


# --- what comes of it, and of time


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer was not yes."""


@dataclass(frozen=True, slots=True)
class Proved:
    """The officer is proved."""

    number: str


@dataclass(frozen=True, slots=True)
class LaunchpadMade:
    """The launchpad of the officer who is proved is there."""

    number: str


@dataclass(frozen=True, slots=True)
class IdlePassed:
    """Nothing was typed for as long as the station allows."""


@dataclass(frozen=True, slots=True)
class GraceOver:
    """The time in which the PIN opens the lock face is over."""


Event = (
    ShowAsked
    | LockedEnded
    | CoverAsked
    | Uncovered
    | EnterSaid
    | NotYoursSaid
    | HandProofSaid
    | StoodBack
    | StoodForward
    | Resumed
    | EndAsked
    | NameLeft
    | Submitted
    | PageAsked
    | Cancelled
    | TakeOverChosen
    | LockedLeft
    | FaceWanted
    | CoverChosen
    | LockAsked
    | PinRight
    | PinWrong
    | ProofWanted
    | LogOffConfirmed
    | Answered
    | Proved
    | LaunchpadMade
    | IdlePassed
    | GraceOver
)

Effect = Literal[
    "show",
    "show-anew",  # what the screen over a locked session says has changed
    "show-plain",  # there is no locked session any more
    "prove",
    "enter",
    "ask-station",
    "ask-taking-over",
    "ask-officer",
    "say-kept",
    "drop-proof",
    "hand-proof",
    "take-over",  # the screen says what a proof will end
    "leave",
    "want-face",
    "cover",
    "answer-cover",
    "hide",
    "lock",
    "say-wrong",
    "want-proof",
    "stand-back",
    "stand-forward",
    "resume",
    "replace-name",
    "replace-page",
    "replace-cancelled",
    "replace-typed",
]
