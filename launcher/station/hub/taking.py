"""Which command a station takes: rules only, checked before anything of it is noted or done."""

from __future__ import annotations

from dataclasses import dataclass

from launcher.errors import LauncherError
from launcher.signing import is_signed
from launcher.station.hub.errors import (
    CommandExpiredError,
    CommandForgedError,
    CommandInterruptedError,
    CommandNotBegunError,
    CommandNotOursError,
    CommandSeenError,
)
from launcher.wire.hub.commands import Answer, Outcome, SignedCommand
from launcher.wire.hub.stations import Enrolled


@dataclass(frozen=True, slots=True)
class Known:
    """What a station goes by. ``last``: the highest id it has taken; ``now``: the hub's clock."""

    enrolled: Enrolled
    last: int
    now: float


def why_not(untrusted: SignedCommand, known: Known) -> LauncherError | None:
    """Say why a command is not taken; None: it is."""
    command, who = untrusted.command, known.enrolled
    if not is_signed("command", command, untrusted.signature, who.hub_key):
        return CommandForgedError("The command is not signed by this station's hub.")
    if command.hub != who.hub or command.station != who.station:
        return CommandNotOursError("The command is another station's.")
    if command.id <= known.last:
        return CommandSeenError("The command was taken before, or is older than one that was.")
    if command.expires <= known.now:
        return CommandExpiredError("The command came after its time.")
    return None


def answer_of(why: LauncherError, at: float) -> Answer:
    """Return what the hub is told of a command that was not carried out."""
    return Answer(outcome=_outcome(why), at=at, reference=why.reference, words=why.message)


def _outcome(why: LauncherError) -> Outcome:
    match why:
        case CommandExpiredError():
            return "expired"
        case CommandNotBegunError():
            return "failed"
        case CommandInterruptedError():
            return "unknown"
        case _:
            return "refused"
