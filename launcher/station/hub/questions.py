"""What a station asks of its hub for somebody here: values, each of the type of its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from launcher.wire.hub.commands import CommandState
from launcher.wire.hub.sittings import Person, Told, Vouched

Said = TypeVar("Said")


class Question(Generic[Said]):
    """One question. It is answered once: by a ``Said``, or by why there is none (``NoAnswer``)."""


@dataclass(frozen=True, slots=True)
class TellHelpdesk(Question[str]):
    """Tell the helpdesk of an error; the answer is the number to quote."""

    told: Told


@dataclass(frozen=True, slots=True)
class Bring(Question[CommandState]):
    """End an officer's sitting elsewhere; the answer is what came of the command there."""

    from_sitting: str
    to_sitting: str


@dataclass(frozen=True, slots=True)
class VouchFor(Question[Vouched]):
    """Sign that this station has seen the officer proved, once the hub has heard of their sitting.

    ``until``: on the hub's clock.
    """

    nonce: str
    until: float
    sitting: str
    person: Person
    proved_by: str


@dataclass(frozen=True, slots=True)
class SaySecond(Question[None]):
    """Sign and send what a supervisor has said here; None: the hub has taken it."""

    request: str
    command: int
    person: Person | None
    proved_by: str
    approve: bool
