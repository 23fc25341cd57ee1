"""Which of what happened at a station stands in the audit, and how: a plain rule."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from launcher.wire.hub.sittings import Began, Ended
from launcher.wire.records import LaunchRecord, NoticeRecord, SignInRecord

if TYPE_CHECKING:
    from launcher.wire.hub.audit import AuditKind
    from launcher.wire.hub.sittings import Happened


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whose doing it was: an officer's key, or ``station:<id>`` where nobody is known. ``over``: their end is known."""

    officer: str
    name: str
    over: bool = False


@dataclass(frozen=True, slots=True)
class AuditedWith:
    """A row for the audit; who, when and where are added to it."""

    kind: AuditKind
    details: Mapping[str, object] = field(default_factory=dict)
    reference: str = ""
    reason: str = ""


def audited(one: Happened, who: Concerned, marked_systems: Collection[str]) -> AuditedWith | None:
    """Return what stands in the audit of one thing that happened; None: nothing."""
    sitting = one.sitting or ""
    match one.what:
        case Began() as began:
            said = {"sitting": sitting, "proved_by": began.proved_by, "number": began.person.number}
            return AuditedWith("sign-in", said)
        case Ended() as ended if who.officer and not who.over:
            left = {"sitting": sitting, "left_signed_on": len(ended.left_signed_on)}
            return AuditedWith("sign-in-ended", left, reason=ended.reason)
        case LaunchRecord(outcome="ready") as launch if launch.system in marked_systems:
            return AuditedWith("opened", {"system": launch.system, "sitting": sitting, "again": launch.again})
        case NoticeRecord() as notice:
            read = {"system": notice.system[:100], "page": notice.page[:100], "sitting": sitting}
            return AuditedWith("notice-acknowledged", read)
        case SignInRecord(outcome="refused") as refused:
            return AuditedWith("refused", {"sign_in": refused.method[:40]}, reference=(refused.reference or "")[:80])
    return None
