"""The audit chain as it is read and exported."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from launcher.wire.hub.kinds import At, Number, Text, Word
from launcher.wire.records import Record

AuditKind = Literal[
    "sign-in", "sign-in-ended", "opened", "look-up", "page", "verified", "act", "second", "answered", "role-granted",
    "role-ended", "role-used", "notice", "notice-acknowledged", "suspended", "unsuspended", "enrolled", "quarantined",
    "vouched", "told", "refused", "hold", "retired", "started", "restored",
]  # fmt: skip


class AuditRow(Record):
    """One row. ``hash`` covers the row before it and ``digest``; ``digest`` is the salted digest of the content.

    ``retired``: its content was removed when its time was over; its place in the chain stays.
    """

    seq: Number
    at: At
    kind: AuditKind
    actor: Word
    actor_name: Word = ""
    subject: Word = ""
    station: Word = ""
    terminal: Word = ""
    reference: Word = ""
    reason: Text = ""
    details: Annotated[str, Field(max_length=8000)] = ""
    retired: bool = False
    digest: str
    hash: str
