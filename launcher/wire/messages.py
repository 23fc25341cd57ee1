"""What the station and a session say to each other over an inherited socket pair.

One message is one line of JSON: ``{"v": 1, "kind": …}``. No message holds a secret: the canaries of a residue check
travel masked (see :class:`Canaries`).
"""

# ruff: noqa: I001 - names that are handed on stand in one list

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from launcher.wire.first_words import MAX_LINE_BYTES as MAX_LINE_BYTES
from launcher.wire.hub_messages import (
    AskSecondHere as AskSecondHere,
    BarredHere as BarredHere,
    BringHereAsked as BringHereAsked,
    BroughtHere as BroughtHere,
    DeedHere as DeedHere,
    DoHere as DoHere,
    DoneHere as DoneHere,
    FailedWords as FailedWords,
    HubNotices as HubNotices,
    HubState as HubState,
    Knock as Knock,
    LettersHere as LettersHere,
    MessageHere as MessageHere,
    MessageRead as MessageRead,
    OpenSystems as OpenSystems,
    RolesChanged as RolesChanged,
    SecondHere as SecondHere,
    StillLoggedOn as StillLoggedOn,
    TakeKeys as TakeKeys,
    TellHelpdesk as TellHelpdesk,
    ToldHere as ToldHere,
    ToSessionFromHub as ToSessionFromHub,
    ToStationForHub as ToStationForHub,
    VouchedHere as VouchedHere,
    WantsLetters as WantsLetters,
    WantsVouch as WantsVouch,
)
from launcher.wire.lock_messages import (
    Cover as Cover,
    CoverAnswered as CoverAnswered,
    Enter as Enter,
    FaceWanted as FaceWanted,
    HandProof as HandProof,
    Holds as Holds,
    Lock as Lock,
    Locked as Locked,
    LockedSession as LockedSession,
    LockSoon as LockSoon,
    NotOver as NotOver,
    NotYours as NotYours,
    Playing as Playing,
    Proved as Proved,
    Resume as Resume,
    ShowOver as ShowOver,
    StandBack as StandBack,
    StandForward as StandForward,
    Touched as Touched,
    Uncover as Uncover,
    Unlocked as Unlocked,
    WantsProof as WantsProof,
)
from launcher.wire.records import LaunchRecord, NoticeRecord, Record, SignInRecord, SwitchRecord

EndReason = Literal[
    "log-off",
    "replaced",
    "station-stopping",
    "reset",
    "handed-over",  # another officer took the locked terminal over
    "locked-too-long",
    "sitting-limit",
    "unanswering",  # somebody at the terminal chose not to wait
    "claimed",  # the officer it has just proved goes on in the session that was locked
]


# --- station to session


class Show(Record):
    """Show the sign-in screen now; ``name`` was typed into the screen this one replaces and is kept."""

    kind: Literal["show"] = "show"
    name: str = ""
    focus: Literal["name", "secret", "provider"] = "name"


class Kept(Record):
    """The answer to `WantsKept`: what is kept of the officer lies in this folder; empty: it could not be laid out."""

    kind: Literal["kept"] = "kept"
    folder: str


class EndSoon(Record):
    """The station ends this session in ``in_s`` seconds: name what would be lost. Said again where that has changed."""

    kind: Literal["end-soon"] = "end-soon"
    why: Literal["sitting-limit", "reset", "station-stopping"]
    in_s: float


class Reopen(Record):
    """What this officer had open when their last session here was ended by somebody else, in order."""

    kind: Literal["reopen"] = "reopen"
    systems: tuple[str, ...]


class End(Record):
    """End yourself within ``deadline_ms``; past it the station kills."""

    kind: Literal["end"] = "end"
    reason: EndReason
    deadline_ms: int


class ScanYourself(Record):
    """Search your own memory, and your children's, for the masked canaries (see :class:`Canaries`)."""

    kind: Literal["scan"] = "scan"
    mask: int = Field(ge=1, le=255)
    masked: tuple[str, ...]


class Unresponsive(Record):
    """Said to a session that answers again: the station saw it silent for ``silent_ms``."""

    kind: Literal["unresponsive"] = "unresponsive"
    silent_ms: float


# --- session to station


class Warm(Record):
    """The sign-in screen is built and can be shown in some milliseconds."""

    kind: Literal["warm"] = "warm"
    pid: int


class Complete(Record):
    """Nothing is left to warm, the browser included: from now on the screen is there in milliseconds."""

    kind: Literal["complete"] = "complete"


class Shown(Record):
    """The sign-in screen is painted; ``took_ms`` from the station's word to the paint."""

    kind: Literal["shown"] = "shown"
    took_ms: float


class Beat(Record):
    """Sent each second; ``screen_age_ms`` is how long ago the screen's thread last answered."""

    kind: Literal["beat"] = "beat"
    screen_age_ms: float


class ReplaceMe(Record):
    """This process served its one submitted name, or was left with something typed: show the next one."""

    kind: Literal["replace"] = "replace"
    why: Literal["name-changed", "page-asked", "left-typed", "cancelled"]
    name: str = ""
    taking_over: bool = False  # over a locked session: whoever sits there said they are somebody else


class SignedIn(Record):
    """An officer is signed in here; the station may say who on its own log and to the hub."""

    kind: Literal["signed-in"] = "signed-in"
    officer: str  # issuer and subject
    number: str
    name: str = ""
    user_name: str = ""  # what they log on with, which the screen over a locked session asks for again
    locks: bool = True  # False: a view-only account that stays as it is when nobody touches a key
    groups: tuple[str, ...] = ()  # lower case, as the directory or provider gave them: the hub's roles follow from them
    proved_by: Literal["directory", "federated", "local", "offline", "unknown"] = "unknown"


class WantsKept(Record):
    """An officer is proved, in a session that may not read the station's folder: what is kept of the officer here?

    Said once, before the launchpad is made, where ``STATION_LAUNCHER_KEPT`` is set; the station answers `Kept`.
    """

    kind: Literal["wants-kept"] = "wants-kept"
    issuer: str
    subject: str


class LoggingOff(Record):
    """The officer logs off: show the next screen now, this process ends by itself."""

    kind: Literal["logging-off"] = "logging-off"


class LeavingPhase(Record):
    """A part of the officer's end began or ended here: a switch is timed on the station's clock, at receipt."""

    kind: Literal["leaving-phase"] = "leaving-phase"
    phase: Literal["stop_apps", "sign_off"]
    ended: bool = False


class Recorded(Record):
    """A record for the spool."""

    kind: Literal["recorded"] = "recorded"
    record: Annotated[SignInRecord | LaunchRecord | SwitchRecord | NoticeRecord, Field(discriminator="kind")]


class LeftSignedOn(Record):
    """Systems whose sign-off was not confirmed before the end."""

    kind: Literal["left-signed-on"] = "left-signed-on"
    systems: tuple[str, ...]


class SignedOnAt(Record):
    """Hosts that would hold the officer for signed on if this session were killed now; each as it would be left.

    ``sign_off_s``: how long their sign-offs may take, all at once; no longer than the station allows.
    """

    kind: Literal["signed-on-at"] = "signed-on-at"
    systems: tuple[str, ...]
    sign_off_s: float = Field(default=0.0, ge=0, allow_inf_nan=False)


class WorksIn(Record):
    """A program is about to be started in this folder, named by its entry; sent where a residue check was asked for."""

    kind: Literal["works-in"] = "works-in"
    folder: str


class Canaries(Record):
    """Secrets this session held or derived, in every encoding; sent only when a residue check was asked for.

    ``masked``: base64 of the encoded secret's bytes, each byte plus ``mask`` modulo 256. Not XOR: whoever searches
    masks what it reads, and masking twice by XOR would put the secret in clear into the searcher's own memory.
    ``too_short``: how many secrets are too short to be searched for without finding chance.
    """

    kind: Literal["canaries"] = "canaries"
    mask: int = Field(ge=1, le=255)
    masked: tuple[str, ...]
    too_short: int = 0


class Scanned(Record):
    """The answer to :class:`ScanYourself`: what was searched, what could not be, what was found (indexes, places)."""

    kind: Literal["scanned"] = "scanned"
    scanned: tuple[str, ...]
    unscanned: tuple[str, ...]
    found: tuple[str, ...]


ToSession = Annotated[
    Show
    | ShowOver
    | NotOver
    | Cover
    | Uncover
    | Lock
    | LockSoon
    | StandBack
    | StandForward
    | Resume
    | HandProof
    | Kept
    | Enter
    | NotYours
    | EndSoon
    | Reopen
    | End
    | ScanYourself
    | Unresponsive
    | ToSessionFromHub,
    Field(discriminator="kind"),
]
ToStation = Annotated[
    Warm
    | Complete
    | Shown
    | Beat
    | ReplaceMe
    | SignedIn
    | Proved
    | WantsKept
    | Locked
    | WantsProof
    | FaceWanted
    | Unlocked
    | Holds
    | Playing
    | Touched
    | CoverAnswered
    | LoggingOff
    | LeavingPhase
    | Recorded
    | LeftSignedOn
    | SignedOnAt
    | WorksIn
    | Canaries
    | Scanned
    | ToStationForHub,
    Field(discriminator="kind"),
]
