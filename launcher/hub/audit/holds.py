"""Legal holds: what one covers is not retired, however old it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select, update

from launcher.hub.audit import by_hub, meant
from launcher.hub.audit import rows as audit
from launcher.hub.audit.errors import HoldOfNothingError
from launcher.hub.audit.tables import audit_holds, audit_rows
from launcher.hub.errors import MalformedError, NotThereError
from launcher.wire.hub.audit import AddHold, Hold, HoldEnding

if TYPE_CHECKING:
    from launcher.hub.service import Hub


def add(connection: Connection, hub: Hub, asked: AddHold, by: str, by_name: str = "") -> Hold:
    """Hold back what ``asked`` covers from now on, whom it names as they are known; say how many rows that are now.

    What would cover nothing is refused, as what is to be kept would be retired all the same. Raises
    :class:`HoldOfNothingError`; :class:`MalformedError` for a time that ends before it begins; :class:`NotThereError`
    and :class:`NotNowError` for an officer whom nobody knows or several are, :class:`NoSuchTerminalError`.
    """
    if not asked.officer and not asked.terminal:
        raise HoldOfNothingError("The hold names neither an officer nor a terminal.")
    if asked.since is not None and asked.until is not None and asked.until < asked.since:
        hint = "Name the earlier time first (--from, since), then the later one (--to, until; none: and from now on)."
        raise MalformedError("The time that is to be held back ends before it begins.", hint=hint)
    officer = meant.officer(connection, asked.officer) if asked.officer else ""
    terminal = meant.terminal(connection, asked.terminal) if asked.terminal else ""
    made = insert(audit_holds).values(
        officer=officer, terminal=terminal, since=asked.since, until=asked.until, reason=asked.reason,
        made=hub.clock(), made_by=by,
    )  # fmt: skip
    number = connection.execute(made.returning(audit_holds.c.id)).scalar_one()
    covered = select(func.count()).select_from(audit_rows).where(covers_audit_row(number))
    many = int(connection.execute(covered).scalar_one())
    audit.append(
        connection, hub, "hold", actor=by, actor_name=by_name, subject=officer, terminal=terminal,
        reason=asked.reason, details={"hold": number, "since": asked.since, "until": asked.until, "covers": many},
    )  # fmt: skip
    said = _said(connection.execute(select(audit_holds).where(audit_holds.c.id == number)).one())
    return said.model_copy(update={"covers": many})


def end(connection: Connection, hub: Hub, number: int, by: str, by_name: str = "") -> Hold:
    """End a hold; one that has ended stays so. Raises :class:`NotThereError`.

    The row that says so is signed: whoever ends one in the store writes none that :func:`held.must_be_as_told` takes.
    """
    one = select(audit_holds).where(audit_holds.c.id == number)
    row = connection.execute(one.with_for_update()).one_or_none()
    if row is None:
        raise NotThereError("There is no such hold.")
    if row.ended is None:
        connection.execute(update(audit_holds).where(audit_holds.c.id == number).values(ended=hub.clock(), ended_by=by))
        said = HoldEnding(record=audit.locked_head(connection)[0] + 1, hold=number)
        audit.append(
            connection, hub, "hold", actor=by, actor_name=by_name, subject=row.officer, terminal=row.terminal,
            details={"hold": number, "ended": True, **by_hub.signed_by(hub.key, "hold-ended", said)},
        )  # fmt: skip
    return _said(connection.execute(one).one())


def all_holds(connection: Connection) -> tuple[Hold, ...]:
    """Return all, ended ones too, the newest first."""
    return tuple(_said(row) for row in connection.execute(select(audit_holds).order_by(audit_holds.c.id.desc())))


def covers(
    *,
    officers: tuple[ColumnElement[str], ...],
    terminal: ColumnElement[str],
    begin: ColumnElement[float],
    end_: ColumnElement[float],
    number: int | None = None,
) -> ColumnElement[bool]:
    """Return the condition that a hold covers a row of any table, told by its columns.

    ``officers``: columns that name one; ``begin``, ``end_``: from when to when the row was so; ``number``: that hold.
    """
    hold = audit_holds.c
    covered = and_(
        hold.ended.is_(None) if number is None else hold.id == number,
        or_(hold.officer == "", *(hold.officer == column for column in officers)),
        or_(hold.terminal == "", hold.terminal == terminal),
        or_(hold.since.is_(None), end_ >= hold.since),
        or_(hold.until.is_(None), begin <= hold.until),
    )
    return select(hold.id).where(covered).exists()


def covers_audit_row(number: int | None = None) -> ColumnElement[bool]:
    """Return the condition that a hold, or the one of this number, covers a row of the audit."""
    row = audit_rows.c
    return covers(
        officers=(row.actor, row.subject), terminal=row.terminal, begin=row.happened, end_=row.happened, number=number
    )


def _said(row: Row[tuple[object, ...]]) -> Hold:
    return Hold(
        id=row.id, officer=row.officer, terminal=row.terminal, since=row.since, until=row.until, reason=row.reason,
        made=row.made, made_by=row.made_by, ended=row.ended, ended_by=row.ended_by,
    )  # fmt: skip
