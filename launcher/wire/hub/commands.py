"""What the hub asks a station to do: rows first, signed, expiring, acknowledged once and answered."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from launcher.wire.hub.kinds import (
    At,
    Base64,
    Id,
    LeftSignedOn,
    Ms,
    Number,
    OfficerKey,
    Reason,
    SystemId,
    Text,
    Word,
)
from launcher.wire.records import Record

CommandKind = Literal[
    "log-off", "lock", "close-system", "open-system", "forget-credential", "revoke", "message", "suspend", "bring",
    "ask-supervisor",
]  # fmt: skip


class Command(Record):
    """What is signed (purpose ``command``) and carried out once at most.

    ``sitting``, ``officer``: whose; a station refuses it where that sitting has ended. ``system``: of the kinds for one
    system. ``text``: of a message. ``request``: whose second person ``ask-supervisor`` asks for. ``by``, ``by_name``:
    who wants it, which the officer sees; empty for the officer's own ``bring``.
    """

    id: Annotated[int, Field(ge=1, le=2**53)]
    hub: Id
    station: Id
    kind: CommandKind
    sitting: Id
    officer: OfficerKey
    system: SystemId | None = None
    text: Text = ""
    request: Id | None = None
    by: Word = ""
    by_name: Word = ""
    reason: Reason
    made: At
    expires: At


class SignedCommand(Record):
    """A command and the hub's signature."""

    command: Command
    signature: Base64


class Commands(Record):
    """GET /stations/commands?since=N: all later ones that were not answered and have not expired, in order.

    ``last``: the highest id there is for the station, so that expired ones are not asked for again.
    """

    commands: Annotated[tuple[SignedCommand, ...], Field(max_length=1000)]
    last: Number


Outcome = Literal["done", "partly", "refused", "failed", "expired", "unknown"]
"""``partly``: done, but something was left (``left_signed_on``). ``unknown``: the station ended in the midst of it."""


class Acknowledged(Record):
    """POST /stations/commands/{id}/acknowledged: noted on the station's disk, and begun. It is not sent again."""

    boot: Id
    at: At


MOST_SYSTEMS: Final = 200
"""Named by one answer: thirty answers stand on one page."""


def _first(systems: tuple[str, ...]) -> tuple[str, ...]:
    return systems[:MOST_SYSTEMS]


class Answer(Record):
    """POST /stations/commands/{id}/answer: what is too much in it is cut.

    ``covered_ms``: until the screen was covered or gone, of a log-off. ``systems``: what was open, in its order, of
    ``bring`` and log-offs. ``left_signed_on``: hosts and lines that have not confirmed a sign-off. ``more``: another
    answer follows (the screen is covered, sign-offs run).
    """

    outcome: Outcome
    at: At
    reference: Annotated[str, Field(max_length=80)] = ""
    words: Text = ""
    covered_ms: Ms | None = None
    took_ms: Ms | None = None
    systems: Annotated[tuple[SystemId, ...], Field(max_length=1000), AfterValidator(_first)] = ()
    left_signed_on: LeftSignedOn = ()
    more: bool = False


class CommandState(Record):
    """A command as the helpdesk sees it. ``away``: its station is not connected and has not acknowledged it."""

    id: Number
    kind: CommandKind
    station: Id
    terminal: Word
    system: SystemId | None = None
    by_name: Word
    reason: Text
    made: At
    expires: At
    state: Literal["waiting", "acknowledged", "answered", "expired", "away"]
    acknowledged_at: At | None = None
    answer: Answer | None = None
