"""What a session reports of its own time: spans of phases on one clock, kept as measured, overlaps and all."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

Outcome = Literal[
    "ready", "failed", "change-password", "already-signed-on", "notice", "timed-out", "unknown", "cancelled"
]
ASKS: Final[frozenset[Outcome]] = frozenset({"notice", "change-password", "already-signed-on"})
"""An opening that ended so waited for its officer, who has gone: no failure, and never ready."""


class Record(BaseModel):
    """The base of every record: frozen, and a field it does not know is refused."""

    # Built when it is first used: a station that starts needs three of them.
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


class PhaseSpan(Record):
    """One named part of a sign-in, launch or switch; times in ms from the start of the whole."""

    phase: str
    start_ms: float
    duration_ms: float
    human: bool = False


class SignInRecord(Record):
    """One sign-in, from the first key to a launchpad that responds. No names: the method and the outcome only."""

    kind: Literal["sign-in"] = "sign-in"
    at: float  # wall clock, seconds since the epoch
    method: str
    outcome: Literal["signed-in", "refused", "unknown", "cancelled"]
    reference: str | None = None
    total_ms: float
    phases: tuple[PhaseSpan, ...]


class LaunchRecord(Record):
    """One opening of one system, from the officer's word to its marker; ``prompts``: how often they had to act.

    ``again``: the system had signed the officer off, and its open page was signed on once more.
    """

    kind: Literal["launch"] = "launch"
    at: float
    system: str
    system_kind: str
    sign_on: str
    outcome: Outcome
    reference: str | None = None
    prompts: int
    total_ms: float
    phases: tuple[PhaseSpan, ...]
    again: bool = False


class SwitchRecord(Record):
    """One officer's end and the next one's sign-in screen."""

    kind: Literal["switch"] = "switch"
    at: float
    reason: str
    total_ms: float
    phases: tuple[PhaseSpan, ...]


class NoticeRecord(Record):
    """A notice of a system that an officer has read and acknowledged there, by their own hand.

    ``page`` is the notice's name in the system's entry, or ``message`` where the page showed it in a window of its own
    (``alert()``), ``officer`` the officer's id: it says who.
    """

    kind: Literal["notice"] = "notice"
    at: float
    system: str
    page: str
    officer: str
