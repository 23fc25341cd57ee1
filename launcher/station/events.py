"""What the supervisor tells whoever runs it: frozen, one class per thing that happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from launcher.errors import LauncherError
    from launcher.residue import Residue
    from launcher.station.lock_events import LockStationEvent
    from launcher.wire.records import LaunchRecord, NoticeRecord, SignInRecord, SwitchRecord

EndedHow = Literal["by-itself", "killed", "crashed"]


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """A session's process was started."""

    session: int
    pid: int


@dataclass(frozen=True, slots=True)
class SpareWarm:
    """A hidden session is ready to be shown, ``ms`` after its start."""

    session: int
    pid: int
    ms: float


@dataclass(frozen=True, slots=True)
class SpareComplete:
    """A session has nothing left to warm."""

    session: int


@dataclass(frozen=True, slots=True)
class ScreenShown:
    """A sign-in screen is painted, ``ms`` after the cause: the station's start, or the end of the one before.

    ``over``: the locked session that it stands over; then the cause may be the lock itself.
    """

    session: int
    ms: float
    over: int = 0


@dataclass(frozen=True, slots=True)
class OfficerSignedIn:
    """An officer is signed in; ``officer`` is issuer and subject."""

    session: int
    officer: str
    number: str


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """A session, all its processes and its files are gone, ``ms`` after its end began.

    ``remained`` names what could not be ended or removed; empty is the rule.
    """

    session: int
    pid: int
    how: EndedHow
    reason: str
    ms: float
    ended_processes: int
    remained: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoppedAnswering:
    """A session has not answered for ``since_ms``."""

    session: int
    since_ms: float


@dataclass(frozen=True, slots=True)
class AnswersAgain:
    """A session answers again after ``silent_ms``."""

    session: int
    silent_ms: float


@dataclass(frozen=True, slots=True)
class RecordKept:
    """A session's or the station's own record went to the spool."""

    record: SignInRecord | LaunchRecord | SwitchRecord | NoticeRecord


@dataclass(frozen=True, slots=True)
class SignOffUnconfirmed:
    """Systems the officer may be left signed on to."""

    session: int
    systems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MessageRefused:
    """A session said something that is no message: it is ended."""

    session: int
    error: LauncherError


@dataclass(frozen=True, slots=True)
class CannotStart:
    """Sessions end again and again; the next try is ``again_in_s`` away."""

    error: LauncherError
    times: int
    again_in_s: float


@dataclass(frozen=True, slots=True)
class NoSlotFree:
    """A session cannot be started yet: every slot account is in use or not clean. It is, as soon as one is."""

    error: LauncherError
    session: int


@dataclass(frozen=True, slots=True)
class ResidueChecked:
    """What was found of an ended session's secrets."""

    session: int
    residue: Residue


@dataclass(frozen=True, slots=True)
class StationStarted:
    """The supervisor runs, in process ``pid``."""

    pid: int


PlainStationEvent = (
    StationStarted
    | SessionStarted
    | SpareWarm
    | SpareComplete
    | ScreenShown
    | OfficerSignedIn
    | SessionEnded
    | StoppedAnswering
    | AnswersAgain
    | RecordKept
    | SignOffUnconfirmed
    | MessageRefused
    | CannotStart
    | NoSlotFree
    | ResidueChecked
)

if TYPE_CHECKING:
    StationEvent = PlainStationEvent | LockStationEvent
else:
    # Those of a lock are loaded when there is one.
    StationEvent = PlainStationEvent
