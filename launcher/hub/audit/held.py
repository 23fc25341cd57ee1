"""Whether the legal holds of the store are those that the audit tells of.

Whoever can write to the store could end one there, or have it cover less: the hub itself would retire what was held.
They could write a row that says it has ended, too: one that the hub has not signed is a fault.
"""

from __future__ import annotations

from pydantic import ValidationError
from sqlalchemy import Connection, Row, select

from launcher.hub.audit import by_hub
from launcher.hub.audit.errors import AuditBrokenError
from launcher.hub.audit.rows import plain
from launcher.hub.audit.tables import audit_holds, audit_rows
from launcher.wire.hub.audit import HoldEnding

AnyRow = Row[tuple[object, ...]]


def must_be_as_told(connection: Connection, last: int) -> dict[int, str]:
    """Compare each hold that a row up to ``last`` tells of; return which rows say that one has ended, signed by whom.

    The holds are read first: what was added or ended meanwhile stands in the audit when that is read. Raises
    :class:`AuditBrokenError` at the first row that is not so.
    """
    holds = {str(row.id): row for row in connection.execute(select(audit_holds))}
    rows = connection.execute(select(audit_rows).where(audit_rows.c.kind == "hold").order_by(audit_rows.c.seq)).all()
    told = [(row, by_hub.details_in(row.details)) for row in rows]
    endings = {row.seq: _signed(row.seq, said) for row, said in told if said.get("ended")}
    ended = {one.hold for one, _ in filter(None, endings.values())}
    for row, said in told:
        if row.seq > last:
            break
        if row.seq in endings:
            if endings[row.seq] is None:
                raise AuditBrokenError(row.seq, "it says that a legal hold has ended, and the hub has not signed that")
            continue
        hold = holds.get(str(said.get("hold")))
        if hold is None or not _is_as_told(hold, row, said) or (hold.ended is not None and hold.id not in ended):
            raise AuditBrokenError(row.seq, "the legal hold that it tells of was changed, ended or taken out by hand")
    return {one.record: key for one, key in filter(None, endings.values()) if one.record <= last}


def _is_as_told(hold: AnyRow, row: AnyRow, said: dict[str, object]) -> bool:
    whom = plain(hold.officer, 600), plain(hold.terminal, 120)
    when = hold.since, hold.until
    return whom == (row.subject, row.terminal) and when == (said.get("since"), said.get("until"))


def _signed(row: int, said: dict[str, object]) -> tuple[HoldEnding, str] | None:
    """Return what a row says has ended, and whose key has signed it; None where the key that it names has not."""
    try:
        ending = HoldEnding.model_validate({"record": row, "hold": said.get("hold")})
    except ValidationError:
        return None
    key = by_hub.signer("hold-ended", ending, said)
    return (ending, key) if key else None
