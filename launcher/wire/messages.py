"""What the station and a session say to each other over an inherited socket pair.

One message is one line of JSON: ``{"v": 1, "kind": …}``. No message holds a secret: the canaries of a residue check
travel masked (see :class:`Canaries`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from launcher.wire.first_words import MAX_LINE_BYTES as MAX_LINE_BYTES
from launcher.wire.records import LaunchRecord, Record, SignInRecord, SwitchRecord

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


class LockedSession(Record):
    """The locked session a sign-in screen stands over. Counts only: its names are its owner's business."""

    number: str
    name: str
    user_name: str = ""
    since: float  # wall clock, seconds since the epoch
    grace_left_s: float  # until then nobody else can take the terminal over
    systems: int
    unsaved: int
    running: int
    ends_within_s: float


class ShowOver(Record):
    """Show the sign-in screen over a locked session now: its officer comes back, or another one takes over.

    Sent again to the screen that stands there when what it says has changed (the session has told its counts).
    ``taking_over``: the screen that this one replaces was already that far.
    """

    kind: Literal["show-over"] = "show-over"
    locked: LockedSession
    name: str = ""
    focus: Literal["name", "secret", "provider"] = "secret"
    taking_over: bool = False


class NotOver(Record):
    """The locked session has ended: this is a plain sign-in screen from now on; ``why`` is said on it.

    Whoever is being proved there (see `Proved`) is not asked anything more: the answer is `Enter`.
    """

    kind: Literal["not-over"] = "not-over"
    why: Literal["ended", "locked-too-long", "sitting-limit", "crashed"] = "ended"


class Cover(Record):
    """Cover a session that does not answer, and let whoever sits there choose between waiting and ending it."""

    kind: Literal["cover"] = "cover"
    number: str
    name: str
    silent_ms: float
    systems: int
    ends_within_s: float


class Uncover(Record):
    """The covered session answers again, or was ended: hide, or, with ``sign_in``, become a plain sign-in screen.

    A sign-in screen that was a cover says `Shown` once it is painted; a hidden one is a warm spare again.
    """

    kind: Literal["uncover"] = "uncover"
    sign_in: bool = False


class Lock(Record):
    """Lock now; what is not locked within a second is covered by the spare's screen."""

    kind: Literal["lock"] = "lock"
    why: Literal["idle", "asked"] = "idle"


class LockSoon(Record):
    """The session locks in ``in_s`` seconds unless somebody touches a key; None: not any more."""

    kind: Literal["lock-soon"] = "lock-soon"
    in_s: float | None


class StandBack(Record):
    """Another process's screen is painted in front of the lock face: show no window at all from now on."""

    kind: Literal["stand-back"] = "stand-back"


class Resume(Record):
    """The officer has proved who they are, in process ``pid``, which hands its fresh proof over (see `HandProof`)."""

    kind: Literal["resume"] = "resume"
    pid: int


class HandProof(Record):
    """The officer's own session goes on: hand the fresh proof to process ``pid`` at ``address``, then end.

    The proof crosses between the two processes of one officer, over a socket of the abstract namespace whose ends ask
    the kernel for the other's pid; the station never sees it.
    """

    kind: Literal["hand-proof"] = "hand-proof"
    address: str
    pid: int


class Kept(Record):
    """The answer to `WantsKept`: what is kept of the officer lies in this folder; empty: it could not be laid out."""

    kind: Literal["kept"] = "kept"
    folder: str


class Enter(Record):
    """The answer to `Proved`: go on, the terminal is this officer's."""

    kind: Literal["enter"] = "enter"


class NotYours(Record):
    """The answer to `Proved`: another officer's session is locked here.

    ``wait_s`` above 0: its officer may still come back, nobody can take over before that. 0: ask whether to take over.
    """

    kind: Literal["not-yours"] = "not-yours"
    wait_s: float


class EndSoon(Record):
    """The station ends this session in ``in_s`` seconds: name what would be lost. None: not any more."""

    kind: Literal["end-soon"] = "end-soon"
    why: Literal["sitting-limit", "reset"]
    in_s: float | None


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


class Proved(Record):
    """An officer is proved on a screen that stands over a locked session; the station answers what becomes of it."""

    kind: Literal["proved"] = "proved"
    officer: str
    number: str
    take_over: bool = False  # the officer has been told what it ends, and wants it


class WantsKept(Record):
    """An officer is proved, in a session that may not read the station's folder: what is kept of the officer here?

    Said once, before the launchpad is made, where ``STATION_LAUNCHER_KEPT`` is set; the station answers `Kept`.
    """

    kind: Literal["wants-kept"] = "wants-kept"
    issuer: str
    subject: str


class Locked(Record):
    """Nothing of this session is visible, audible or in the clipboard any more; its lock face is in front.

    ``own_face``: its officer can come back by PIN on that face; else a full proof is wanted, on a spare's screen.
    ``address``: where it takes a fresh proof (see `HandProof`).
    """

    kind: Literal["locked"] = "locked"
    why: Literal["idle", "asked"]
    own_face: bool
    address: str


class WantsProof(Record):
    """The lock face cannot let anybody in (any more): show the sign-in screen over it.

    ``taking_over``: whoever sits there says they are somebody else.
    """

    kind: Literal["wants-proof"] = "wants-proof"
    taking_over: bool = False


class Unlocked(Record):
    """The officer is at work again, on a painted screen; ``took_ms`` from the proof."""

    kind: Literal["unlocked"] = "unlocked"
    by: Literal["pin", "proof"]
    took_ms: float


class Holds(Record):
    """What would be lost by an end: open systems in order, and how many pages are edited and programs run."""

    kind: Literal["holds"] = "holds"
    systems: tuple[str, ...]
    unsaved: int = 0
    running: int = 0


class Playing(Record):
    """A video plays on a page that is looked at, or has stopped: somebody watches, as long as it plays."""

    kind: Literal["playing"] = "playing"
    on: bool


class Touched(Record):
    """The officer pressed a key, a button or the screen; at most once a second, where the station cannot see it."""

    kind: Literal["touched"] = "touched"


class CoverAnswered(Record):
    """Whoever sits before the cover has chosen."""

    kind: Literal["cover-answered"] = "cover-answered"
    end: bool


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
    record: Annotated[SignInRecord | LaunchRecord | SwitchRecord, Field(discriminator="kind")]


class LeftSignedOn(Record):
    """Systems whose sign-off was not confirmed before the end."""

    kind: Literal["left-signed-on"] = "left-signed-on"
    systems: tuple[str, ...]


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
    | Resume
    | HandProof
    | Kept
    | Enter
    | NotYours
    | EndSoon
    | Reopen
    | End
    | ScanYourself
    | Unresponsive,
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
    | Unlocked
    | Holds
    | Playing
    | Touched
    | CoverAnswered
    | LoggingOff
    | LeavingPhase
    | Recorded
    | LeftSignedOn
    | WorksIn
    | Canaries
    | Scanned,
    Field(discriminator="kind"),
]
