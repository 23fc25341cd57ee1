"""What the station and a session say to each other of a lock, of who comes back or takes over, and of a cover.

They are messages like all others and handed out by :mod:`launcher.wire.messages`.
"""

from __future__ import annotations

from typing import Literal

from launcher.wire.records import Record

# --- station to session


class LockedSession(Record):
    """The locked session a sign-in screen stands over. Counts only: its names are its owner's business.

    ``ends_in_s``: so soon it ends by itself; None where that is not known. ``face``: during the grace its own lock face
    can come back, and be opened by the PIN. ``pin_spent``: it was typed wrong too often to open it.
    """

    number: str
    name: str
    user_name: str = ""
    since: float  # wall clock, seconds since the epoch
    grace_left_s: float  # until then nobody else can take the terminal over
    systems: int
    unsaved: int
    running: int
    ends_within_s: float
    ends_in_s: float | None = None
    face: bool = False
    pin_spent: bool = False


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


class StandForward(Record):
    """The screen in front of the lock face goes: show the face again, its officer has their PIN after all."""

    kind: Literal["stand-forward"] = "stand-forward"


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


class Enter(Record):
    """The answer to `Proved`: go on, the terminal is this officer's."""

    kind: Literal["enter"] = "enter"


class NotYours(Record):
    """The answer to `Proved`: another officer's session is locked here.

    ``wait_s`` above 0: its officer may still come back, nobody can take over before that. 0: ask whether to take over.
    ``same_number``: that officer has the same number, and was proved by another method: to this station somebody else,
    but whoever sits there is told how to come back.
    """

    kind: Literal["not-yours"] = "not-yours"
    wait_s: float
    same_number: bool = False


# --- session to station


class Proved(Record):
    """An officer is proved on a screen that stands over a locked session; the station answers what becomes of it."""

    kind: Literal["proved"] = "proved"
    officer: str
    number: str
    take_over: bool = False  # the officer has been told what it ends, and wants it


class Locked(Record):
    """Nothing of this session is visible, audible or in the clipboard any more; its lock face is in front.

    ``own_face``: that face stays in front during the grace: its officer can come back by PIN there, or reads what would
    be lost. Else a full proof is wanted, on a spare's screen.
    ``address``: where it takes a fresh proof (see `HandProof`).
    """

    kind: Literal["locked"] = "locked"
    why: Literal["idle", "asked"]
    own_face: bool
    address: str


class WantsProof(Record):
    """The lock face cannot let anybody in (any more): show the sign-in screen over it.

    ``taking_over``: whoever sits there says they are somebody else. ``returns``: the PIN opens the face still, and who
    has left it by mistake may go back (see `FaceWanted`). ``spent``: wrong PINs have closed it.
    """

    kind: Literal["wants-proof"] = "wants-proof"
    taking_over: bool = False
    returns: bool = False
    spent: bool = False


class FaceWanted(Record):
    """Whoever sits at the screen over a locked session wants its own lock face back (`LockedSession.face`)."""

    kind: Literal["face-wanted"] = "face-wanted"


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
