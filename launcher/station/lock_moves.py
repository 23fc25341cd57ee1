"""What happens to a session that locks or does not answer, and what is to be done: the events and effects of
``lock_rules``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from launcher.station.moves import EndIt

if TYPE_CHECKING:
    from launcher.station.places import Focus, GoneWhy

__all__ = [
    "Answers",
    "BecomePlain",
    "Claim",
    "CoverAnswered",
    "CoverIt",
    "EndIt",
    "FaceWanted",
    "GraceOver",
    "Keep",
    "LetIn",
    "LockAgain",
    "LockEffect",
    "LockEvent",
    "Locked",
    "NotLocked",
    "Proved",
    "ShowOver",
    "Silent",
    "StandBehind",
    "StandForward",
    "UncoverIt",
    "Unlocked",
    "WantsProof",
]

# --- events


@dataclass(frozen=True, slots=True)
class Locked:
    """A session is locked; ``own_face``: its own lock face stays in front for now."""

    session: int
    own_face: bool


@dataclass(frozen=True, slots=True)
class NotLocked:
    """A session was told to lock and has not said in time that it is locked."""

    session: int


@dataclass(frozen=True, slots=True)
class WantsProof:
    """The lock face cannot let anybody in, or whoever sits there is somebody else."""

    session: int
    taking_over: bool = False


@dataclass(frozen=True, slots=True)
class FaceWanted:
    """Whoever sits at a screen over the locked session wants that session's own lock face back, which can come."""

    session: int


@dataclass(frozen=True, slots=True)
class GraceOver:
    """The time in which the officer comes back by PIN is over."""

    session: int


@dataclass(frozen=True, slots=True)
class Proved:
    """An officer is proved on a screen; ``wait_s``: so long nobody else can take the locked session's terminal.

    ``same_number``: the locked session's officer has the same number; that alone makes nobody the same officer.
    """

    session: int
    officer: str
    take_over: bool
    wait_s: float
    same_number: bool = False


@dataclass(frozen=True, slots=True)
class Unlocked:
    """The officer is at work again."""

    session: int


@dataclass(frozen=True, slots=True)
class Silent:
    """A session that is shown does not answer, and has not for so long that somebody may be waiting for it."""

    session: int


@dataclass(frozen=True, slots=True)
class Answers:
    """A session answers again."""

    session: int


@dataclass(frozen=True, slots=True)
class CoverAnswered:
    """Whoever sits before the cover has chosen to wait, or to end what is covered."""

    session: int
    end: bool


LockEvent = (
    Locked | NotLocked | WantsProof | FaceWanted | GraceOver | Proved | Unlocked | Silent | Answers | CoverAnswered
)


# --- effects


@dataclass(frozen=True, slots=True)
class ShowOver:
    """Show the session's sign-in screen over the locked one."""

    session: int
    locked: int
    name: str
    focus: Focus
    taking_over: bool


@dataclass(frozen=True, slots=True)
class BecomePlain:
    """The locked session has gone: what stood over it is a plain sign-in screen now."""

    session: int
    why: GoneWhy


@dataclass(frozen=True, slots=True)
class LockAgain:
    """The session says that it is unlocked though somebody may be proving themselves in front of it: it locks again."""

    session: int


@dataclass(frozen=True, slots=True)
class StandBehind:
    """The screen over the locked session is on the display: the locked one shows no window any more."""

    session: int


@dataclass(frozen=True, slots=True)
class StandForward:
    """The locked session's own lock face is in front again."""

    session: int


@dataclass(frozen=True, slots=True)
class Claim:
    """The officer of the locked session was proved by another: it goes on, and is handed the proof."""

    session: int
    by: int


@dataclass(frozen=True, slots=True)
class LetIn:
    """The terminal is the proved officer's; ``instead_of`` was locked and is ended, 0 where nothing was."""

    session: int
    instead_of: int = 0


@dataclass(frozen=True, slots=True)
class Keep:
    """Another officer's session is locked here: not now (``wait_s``), or ask first whether to take over."""

    session: int
    wait_s: float
    same_number: bool = False


@dataclass(frozen=True, slots=True)
class CoverIt:
    """Cover a session that does not answer."""

    session: int
    covered: int


@dataclass(frozen=True, slots=True)
class UncoverIt:
    """Nothing is to be covered any more: hide, or be the sign-in screen."""

    session: int
    covered: int
    sign_in: bool


LockEffect = (
    ShowOver | BecomePlain | LockAgain | StandBehind | StandForward | Claim | LetIn | Keep | CoverIt | UncoverIt
)
