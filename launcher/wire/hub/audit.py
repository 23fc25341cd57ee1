"""The audit chain as it is read and exported."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from launcher.wire.hub.kinds import At, Id, Number, Reason, Text, Word
from launcher.wire.records import Record

AuditKind = Literal[
    "sign-in", "sign-in-ended", "opened", "look-up", "page", "verified", "act", "second", "answered", "role-granted",
    "role-ended", "role-used", "notice", "notice-acknowledged", "suspended", "unsuspended", "enrolled", "quarantined",
    "vouched", "told", "refused", "hold", "retired", "started", "restored", "code-made", "audit-read", "bring",
    "station-removed", "officer-renamed", "officer-groups",
]  # fmt: skip

Who = Annotated[str, Field(max_length=600, pattern=r"^[^\x00]*$")]
"""An officer's key, ``station:<id>``, or who used the hub's own command."""


class AuditRow(Record):
    """One row. ``hash`` covers the row before it and ``digest``; ``digest`` is the salted digest of the content.

    ``at``: when it was written down; ``happened``: when it was so, as a station tells it that could not at once.
    ``retired``: its content was removed when its time was over; its place in the chain stays.
    """

    seq: Number
    at: At
    kind: AuditKind
    happened: At
    actor: Who
    actor_name: Word = ""
    subject: Who = ""
    station: Word = ""
    terminal: Word = ""
    reference: Word = ""
    reason: Text = ""
    details: Annotated[str, Field(max_length=8000)] = ""
    retired: bool = False
    digest: str
    hash: str


class AuditRows(Record):
    """GET /audit/rows?since=N: those after a number, in order; ``last``: the highest there is."""

    rows: Annotated[tuple[AuditRow, ...], Field(max_length=1000)]
    last: Number


class Checkpoint(Record):
    """What the hub signs (purpose ``checkpoint``): up to this row the chain was so."""

    hub: Id
    seq: Number
    at: At
    hash: str


class SignedCheckpoint(Record):
    """A checkpoint, the hub's signature and the key it was made with."""

    checkpoint: Checkpoint
    signature: str
    public_key: str


class Retiring(Record):
    """What the hub signs (purpose ``retired``): the contents of these rows are gone, and this row of the audit says so.

    ``rows``: first and last of each run; all were written down before ``older_than``.
    """

    record: Number
    rows: tuple[tuple[Number, Number], ...]
    older_than: At


class HoldEnding(Record):
    """What the hub signs (purpose ``hold-ended``): this legal hold has ended, and this row of the audit says so."""

    record: Number
    hold: Number


class WasThere(Record):
    """One sitting at a terminal; ``until``: None while it lasts, or where its end was never told (``reason`` empty).

    ``proved_by``: how the officer logged on. ``row``: where it stands in the audit; 0: only among the sittings.
    """

    officer: Who
    name: Word
    station: Word
    terminal: Word
    sitting: Word = ""
    since: At
    until: At | None = None
    reason: Text = ""
    proved_by: Word = ""
    row: Number = 0


class WhoWas(Record):
    """GET /audit/who?terminal=&from=&to=: who was logged on there in that time, the earliest first."""

    terminal: Word
    begin: At
    end: At
    sittings: tuple[WasThere, ...]


class AddHold(Record):
    """POST /audit/holds: what it covers is not retired. At least an officer or a terminal is named.

    ``officer``: their key, their whole number or what they log on with; ``terminal``: in any case.
    """

    officer: Who = ""
    terminal: Word = ""
    since: At | None = None
    until: At | None = None
    reason: Reason


class Hold(AddHold):
    """A legal hold; ``ended``: it holds nothing any more. ``covers``: rows of the audit, told when it was made."""

    id: Number
    made: At
    made_by: Who
    ended: At | None = None
    ended_by: Who = ""
    covers: Number | None = None
