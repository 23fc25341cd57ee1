"""Whether the legal holds of the store are those that the audit tells of.

Whoever can write to the store could end one there, or have it cover less: the hub itself would retire what was held.
"""

from __future__ import annotations

import json

from sqlalchemy import Connection, Row, select

from launcher.hub.audit.errors import AuditBrokenError
from launcher.hub.audit.rows import plain
from launcher.hub.audit.tables import audit_holds, audit_rows


def must_be_as_told(connection: Connection, last: int) -> None:
    """Compare each hold that a row up to ``last`` tells of. Raises :class:`AuditBrokenError` at that row.

    The holds are read first: what was added or ended meanwhile stands in the audit when that is read.
    """
    holds = {row.id: row for row in connection.execute(select(audit_holds))}
    rows = connection.execute(select(audit_rows).where(audit_rows.c.kind == "hold").order_by(audit_rows.c.seq)).all()
    told = [(row, _details(row.details)) for row in rows]
    ended = {said.get("hold") for _, said in told if said.get("ended")}
    for row, said in told:
        if row.seq > last or said.get("ended"):
            continue
        hold = holds.get(said.get("hold"))
        if hold is None or not _is_as_told(hold, row, said) or (hold.ended is not None and hold.id not in ended):
            raise AuditBrokenError(row.seq, "the legal hold that it tells of was changed, ended or taken out by hand")


def _is_as_told(hold: Row[tuple[object, ...]], row: Row[tuple[object, ...]], said: dict[str, object]) -> bool:
    whom = plain(hold.officer, 600), plain(hold.terminal, 120)
    when = hold.since, hold.until
    return whom == (row.subject, row.terminal) and when == (said.get("since"), said.get("until"))


def _details(said: str) -> dict[str, object]:
    try:
        found = json.loads(said)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
