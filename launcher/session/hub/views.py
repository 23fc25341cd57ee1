"""What the screens draw of the hub: parts of the :class:`~launcher.session.snapshot.Snapshot`. None holds a secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from launcher.session.snapshot import ErrorView

Bringing = Literal["", "asked", "done", "failed"]
DeedStands = Literal["", "soon", "not-done", "unknown"]
"""``soon``: it is done once the officer has had time to send what they have typed. Empty: it is, or was, done."""


@dataclass(frozen=True, slots=True)
class HubView:
    """The hub as this session has it.

    ``enrolled``, ``reachable``: as the station says. ``roles``: the officer's there, empty until they are proved to it;
    ``supervisor``: they may grant roles. ``error``: why they could not be proved, which hinders nothing else.
    """

    enrolled: bool = False
    reachable: bool = False
    proved: bool = False
    roles: tuple[str, ...] = ()
    supervisor: bool = False
    error: ErrorView | None = None


@dataclass(frozen=True, slots=True)
class HubNoticeView:
    """A notice of the force's; no systems: for the whole terminal. ``since`` is of the wall clock."""

    id: int
    text: str
    systems: tuple[str, ...] = ()
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class LettersView:
    """The six letters to read to the helpdesk; they hold until ``until`` on the wall clock."""

    letters: str = field(repr=False)  # they verify whoever reads them out: no log has them
    until: float

    @property
    def grouped(self) -> str:
        """The letters as they are read: three and three."""
        return f"{self.letters[:3]} {self.letters[3:]}"


@dataclass(frozen=True, slots=True)
class ElsewhereView:
    """Another terminal at which this officer is still logged on; counts only. ``reachable``: it can be ended now."""

    sitting: str
    terminal: str
    place: str
    since: float  # wall clock
    systems: int
    unsaved: int
    locked: bool = False
    reachable: bool = True


@dataclass(frozen=True, slots=True)
class BringView:
    """What became of "Bring it here". ``terminal``: from where. ``since`` is on the clock of time.monotonic()."""

    sitting: str
    terminal: str
    state: Bringing
    since: float
    systems: int = 0
    left_signed_on: tuple[str, ...] = ()
    error: ErrorView | None = None


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message from the helpdesk, which stays until its officer has read it. ``at`` is of the wall clock."""

    command: int
    text: str
    by_name: str
    at: float


@dataclass(frozen=True, slots=True)
class DeedView:
    """What the helpdesk has done to this session, who, and why. ``what`` is a command's kind; ``at``: wall clock.

    ``terminal``: where, of what was done before this session. ``loses``: what was typed and not sent goes with it.
    """

    command: int
    what: str
    by_name: str
    reason: str
    at: float
    system: str = ""
    terminal: str = ""
    stands: DeedStands = ""
    loses: bool = False


@dataclass(frozen=True, slots=True)
class ToldView:
    """What became of "Tell the helpdesk" for one error: the number to quote, or why there is none."""

    reference: str
    system: str = ""
    number: str = ""
    error: ErrorView | None = None

    @property
    def busy(self) -> bool:
        """Whether the answer has not come yet."""
        return not self.number and self.error is None


@dataclass(frozen=True, slots=True)
class SecondView:
    """A request that a supervisor is to decide at this screen. ``until`` is of the wall clock."""

    request: str
    what: str
    officer_name: str
    by_name: str
    reason: str
    until: float
