"""Adding to the audit's chain, in the transaction of what is recorded: both are kept, or neither; and reading it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Row, insert, or_, select, update

from launcher.hub.audit.chain import BEGINNING, Content, digest_of, hash_of, new_salt
from launcher.hub.audit.tables import audit_head, audit_rows
from launcher.hub.database import insert_unless_there
from launcher.wire.hub.audit import AuditRow

if TYPE_CHECKING:
    from launcher.hub.service import Hub
    from launcher.wire.hub.audit import AuditKind

LONGEST_DETAILS: Final = 8000
_HEAD: Final = select(audit_head.c.seq, audit_head.c.hash).where(audit_head.c.id == 1).with_for_update()
_ADD: Final = insert(audit_rows)
_GO_ON: Final = update(audit_head).where(audit_head.c.id == 1)
_UNFIT: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def append(
    connection: Connection,
    hub: Hub,
    kind: AuditKind,
    *,
    actor: str,
    actor_name: str = "",
    subject: str = "",
    station: str = "",
    terminal: str = "",
    reference: str = "",
    reason: str = "",
    details: Mapping[str, object] | None = None,
    happened: float | None = None,
) -> int:
    """Add a row and return its number.

    ``actor``: who did it (an officer's key, ``station:<id>``, ``hub``); ``subject``: to whom. ``happened``: when, where
    that is not now (a station told it later). Texts are cut to their columns; control characters become spaces.
    The chain's head is locked until the commit: call it as the last thing of a transaction.
    """
    seq, before = locked_head(connection)
    at = hub.clock()
    content = Content(
        kind=kind, happened=at if happened is None else happened, actor=plain(actor, 600),
        actor_name=plain(actor_name, 120), subject=plain(subject, 600), station=plain(station, 64),
        terminal=plain(terminal, 120), reference=plain(reference, 120), reason=plain(reason, 500),
        details=_json(details),
    )  # fmt: skip
    salt = new_salt()
    digest = digest_of(salt, content)
    row_hash = hash_of(before, seq + 1, at, kind, digest)
    row = {
        "seq": seq + 1, "at": at, "kind": kind, "happened": content.happened, "actor": content.actor,
        "actor_name": content.actor_name, "subject": content.subject, "station": content.station,
        "terminal": content.terminal, "reference": content.reference, "reason": content.reason,
        "details": content.details, "salt": salt, "digest": digest, "hash": row_hash,
    }  # fmt: skip
    connection.execute(_ADD, row)
    connection.execute(_GO_ON, {"seq": seq + 1, "hash": row_hash})
    return seq + 1


def locked_head(connection: Connection) -> tuple[int, str]:
    """Return the number and hash of the last row; nobody else adds one before this transaction's end."""
    head = connection.execute(_HEAD).one_or_none()
    if head is None:
        _make_head(connection)
        head = connection.execute(_HEAD).one()
    return int(head.seq), str(head.hash)


def since(
    connection: Connection, after: int, many: int, *, subject: str = "", terminal: str = ""
) -> tuple[AuditRow, ...]:
    """Return at most ``many`` rows after a number, in order.

    ``subject``: of one person, who did it or whom it concerned; ``terminal``: of one terminal.
    """
    asked = select(audit_rows).where(audit_rows.c.seq > after)
    if subject:
        asked = asked.where(or_(audit_rows.c.subject == subject, audit_rows.c.actor == subject))
    if terminal:
        asked = asked.where(audit_rows.c.terminal == terminal)
    rows = connection.execute(asked.order_by(audit_rows.c.seq).limit(many)).all()
    return tuple(_as_said(row) for row in rows)


def last_seq(connection: Connection) -> int:
    """Return the number of the last row; 0: there is none."""
    return int(connection.execute(select(audit_head.c.seq)).scalar_one_or_none() or 0)


def _as_said(row: Row[tuple[object, ...]]) -> AuditRow:
    return AuditRow(
        seq=row.seq, at=row.at, kind=row.kind, happened=row.happened, actor=row.actor, actor_name=row.actor_name,
        subject=row.subject, station=row.station, terminal=row.terminal, reference=row.reference, reason=row.reason,
        details=row.details, retired=row.retired is not None, digest=row.digest, hash=row.hash,
    )  # fmt: skip


def _make_head(connection: Connection) -> None:
    last = connection.execute(select(audit_rows).order_by(audit_rows.c.seq.desc()).limit(1)).one_or_none()
    seq, row_hash = (0, BEGINNING) if last is None else (last.seq, last.hash)
    insert_unless_there(connection, audit_head, {"id": 1, "seq": seq, "hash": row_hash})


def plain(text: str, longest: int) -> str:
    """Return a text from anywhere as it is kept: one line, no longer than its column."""
    fit = _UNFIT.sub(" ", text).strip()
    return fit if len(fit) <= longest else f"{fit[: longest - 1]}…"


def _json(details: Mapping[str, object] | None) -> str:
    if not details:
        return ""
    said = json.dumps(details, separators=(",", ":"), sort_keys=True, allow_nan=False)
    if len(said) > LONGEST_DETAILS:
        said = json.dumps({"cut": True, "length": len(said), "begins": said[: LONGEST_DETAILS // 2]})
    return said
