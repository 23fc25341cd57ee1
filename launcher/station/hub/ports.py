"""What the station's loop and the road to the hub are to each other: a link that never waits, and a desk that answers.

The link lives in a thread of its own. The loop calls it without waiting; it calls back on the loop
(``call_soon_threadsafe``), where nothing waits for it either: a station whose hub is away is a station like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    import asyncio

    from launcher.station.hub.questions import Question
    from launcher.wire.hub.commands import Answer, Command
    from launcher.wire.hub.sittings import (
        Began,
        Elsewhere,
        Ended,
        NoticeLine,
        ShownLetters,
        Sitting,
    )
    from launcher.wire.records import LaunchRecord, NoticeRecord, SignInRecord, SwitchRecord

Said = TypeVar("Said")


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything of a station's report that its loop knows; the link adds boot, number and time."""

    sittings: tuple[Sitting, ...] = ()
    letters: tuple[ShownLetters, ...] = ()


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened, as :class:`launcher.wire.hub.sittings.Happened` without its ``seq``."""

    what: SignInRecord | LaunchRecord | SwitchRecord | NoticeRecord | Began | Ended
    sitting: str | None = None
    officer: str | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why the hub gave no answer to what was asked of it."""

    reference: str
    words: str = ""


class HubDesk(Protocol):
    """What the link calls, on the station's loop only. Nothing here raises."""

    def state(self, *, enrolled: bool, reachable: bool) -> None:
        """Say whether the station is one of a hub's, and has it now; said once at first, and on each change."""
        ...

    def enrolled_anew(self) -> None:
        """Say that the computer is another station to its hub now: none of the sittings that it has told is its own."""
        ...

    def carry_out(self, command: Command) -> None:
        """Carry a command out: verified, not expired, noted on the disk and acknowledged, never given twice.

        Each is answered by :meth:`HubLink.answer`: any number of times with ``more``, then once without.
        """
        ...

    def notices(self, notices: tuple[NoticeLine, ...]) -> None:
        """Say which notices hold here, whole; said at first (from the disk) and on each change."""
        ...

    def barred(self, officers: tuple[str, ...], names: tuple[str, ...], forces: tuple[str, ...]) -> None:
        """Say who is suspended (digests), whole; said at first (from the disk, before all else) and on each change."""
        ...

    def elsewhere(self, sittings: tuple[Elsewhere, ...]) -> None:
        """Say where else officers of this station are logged on, whole, on each change."""
        ...

    def letters_known(self, letters: tuple[str, ...]) -> None:
        """Say which letters the hub has taken with a report, on each change."""
        ...

    def roles_changed(self) -> None:
        """Say that a role of an officer here may have changed."""
        ...


class HubLink(Protocol):
    """What the station's loop calls. Nothing here waits or raises; ``answered`` is called on the loop, once."""

    def begin(self, loop: asyncio.AbstractEventLoop, desk: HubDesk) -> None:
        """Begin the link's thread; called once, behind the first screen."""
        ...

    def close(self) -> None:
        """Say what is left to say and end, in a moment."""
        ...

    def picture(self, picture: Picture) -> None:
        """Take what the report is made of, when it has changed."""
        ...

    def happened(self, happening: Happening) -> None:
        """Take one thing that happened: kept on the disk until the hub has it.

        A ``Began`` without its ``Ended`` at the next start is a sitting that the station's end has ended.
        """
        ...

    def answer(self, command: int, answer: Answer) -> None:
        """Take a command's answer: kept on the disk until the hub has it."""
        ...

    def ask(self, question: Question[Said], answered: Callable[[Said | NoAnswer], None]) -> None:
        """Ask something of the hub (:mod:`launcher.station.hub.questions`)."""
        ...
