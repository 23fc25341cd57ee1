"""Retiring what is older than it may be kept: the content goes, and a record names the rows; the chain stays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, Connection, and_, func, not_, select, update

from launcher.hub.audit import rows as audit
from launcher.hub.audit.chain import emptied
from launcher.hub.audit.holds import covers_audit_row
from launcher.hub.audit.retired import details_of
from launcher.hub.audit.tables import audit_rows
from launcher.wire.hub.audit import Retiring

if TYPE_CHECKING:
    from launcher.hub.service import Hub

DAY_S: Final = 86_400.0
BATCH: Final = 2000
MANY_RANGES: Final = 200
"""One record names no more: it must fit its column."""

STAYS: Final = ("retired", "hold", "started", "restored")
"""Kinds that name no officer's doings, and that the chain is read by."""


def keep(hub: Hub) -> int:
    """Retire all whose time is over and that no hold covers; return how many rows that were."""
    before = _over_before(hub)
    after, retired = 0, 0
    while True:
        with hub.store.reading() as connection:
            due = _due(connection, before, after, 1)
        if not due:
            return retired
        with hub.store.writing() as connection:
            done = _retire_some(connection, hub, before, after)
        if done:
            after = done[-1]
            retired += len(done)


def _retire_some(connection: Connection, hub: Hub, before: float, after: int) -> tuple[int, ...]:
    last, _ = audit.locked_head(connection)  # another process that does the same waits here, and then finds less
    due = _due(connection, before, after, BATCH)
    if not due:
        return ()
    ranges = ranges_of(due)[:MANY_RANGES]
    named = tuple(seq for seq in due if seq <= ranges[-1][1])
    said = Retiring(record=last + 1, rows=tuple(ranges), older_than=before)
    record = audit.append(connection, hub, "retired", actor="hub", details=details_of(said, len(named), hub.key))
    at = connection.execute(select(audit_rows.c.at).where(audit_rows.c.seq == record)).scalar_one()
    left = emptied("", 0.0)
    connection.execute(
        update(audit_rows)
        .where(audit_rows.c.seq.in_(named))
        .values(
            happened=audit_rows.c.at, actor=left.actor, actor_name=left.actor_name, subject=left.subject,
            station=left.station, terminal=left.terminal, reference=left.reference, reason=left.reason,
            details=left.details, salt="", retired=at,
        )
    )  # fmt: skip
    return named


def ranges_of(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return ascending numbers as first and last of each run without gaps."""
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ranges


def _due(connection: Connection, before: float, after: int, many: int) -> tuple[int, ...]:
    """Return the first that are due, by their numbers. By time they are had from an index of what is not retired."""
    due = select(audit_rows.c.seq).where(audit_rows.c.seq > after, _is_due(before))
    return tuple(sorted(connection.execute(due.order_by(audit_rows.c.at).limit(many)).scalars()))


def count_due(connection: Connection, hub: Hub) -> int:
    """Return how many rows :func:`keep` would retire now."""
    before = _over_before(hub)
    return int(connection.execute(select(func.count()).select_from(audit_rows).where(_is_due(before))).scalar_one())


def _over_before(hub: Hub) -> float:
    """Return before when a row was written down whose time is over: in whole milliseconds, as it is signed."""
    return round(hub.clock() - hub.settings.audit.keep_days * DAY_S, 3)


def _is_due(before: float) -> ColumnElement[bool]:
    row = audit_rows.c
    return and_(row.at < before, row.retired.is_(None), row.kind.not_in(STAYS), not_(covers_audit_row()))
