"""Reads the whole chain and names the first row at which it does not hold.

Rows are read in batches, whatever their number. Found is: a row changed, taken out, put in or moved; rows cut off at
the end (the head, a checkpoint or a copy of one in a log knows of them); a content removed that no record of retiring
names which the hub has signed; a legal hold that is not as the audit tells of it, or whose end it has not signed.
What lies after the last checkpoint is proved by the chain alone: who can write to the store could make it anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Row, func, select

from launcher.hub.audit import held
from launcher.hub.audit.chain import BEGINNING, Content, digest_of, emptied, hash_of
from launcher.hub.audit.checkpoints import all_checkpoints, is_right
from launcher.hub.audit.errors import AuditBrokenError, AuditKeyUnknownError
from launcher.hub.audit.retired import Retired, ranges_in
from launcher.hub.audit.tables import audit_head, audit_rows
from launcher.hub.database import Database
from launcher.wire.hub.audit import SignedCheckpoint

BATCH: Final = 5000

AnyRow = Row[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Verified:
    """The chain holds. ``signed_up_to``: the last row that a checkpoint of this hub's covers; 0: none is."""

    rows: int
    retired: int
    checkpoints: int
    signed_up_to: int
    signed_at: float | None
    last_hash: str

    def as_data(self) -> dict[str, object]:
        """Return it as JSON says it."""
        return {
            "holds": True, "rows": self.rows, "retired": self.retired, "checkpoints": self.checkpoints,
            "signed_up_to": self.signed_up_to, "signed_at": self.signed_at, "last_hash": self.last_hash,
        }  # fmt: skip


def verify(
    store: Database,
    keys: frozenset[str],
    *,
    copies: Iterable[SignedCheckpoint] = (),
    told: Callable[[int], None] = lambda _: None,
) -> Verified:
    """Read everything. ``keys``: the hub's public keys, base64; ``copies``: checkpoints from its logs.

    ``told`` hears now and then how many rows were read. Raises :class:`AuditBrokenError`, and
    :class:`AuditKeyUnknownError` where a checkpoint's key is none of ``keys``.
    """
    with store.reading() as connection:
        signed = _by_row((*all_checkpoints(connection), *copies))
        head, last = _head(connection), _highest(connection)
        retired = Retired.read(connection)
    chain = _Chain(signed, retired, lambda: _read_again(store))
    for batch in _batches(store, last):
        for row in batch:
            chain.take(row)
        told(chain.seq)
    _same_ends(chain, head)
    beyond = min((seq for seq in signed if seq > chain.seq), default=None)
    if beyond is not None:
        raise AuditBrokenError(chain.seq + 1, f"the rows up to {beyond} that a checkpoint knows of are not there")
    chain.must_be_explained()
    with store.reading() as connection:
        ended = held.must_be_as_told(connection, last)
    return _verdict(chain, signed, ended, keys)


def _verdict(
    chain: _Chain, signed: dict[int, SignedCheckpoint], ended: dict[int, str], keys: frozenset[str]
) -> Verified:
    records = (*chain.retired.records.items(), *ended.items())
    by_whom = [*((seq, one.public_key) for seq, one in signed.items()), *records]
    foreign = [(seq, key) for seq, key in by_whom if key not in keys]
    if foreign:
        raise AuditKeyUnknownError(
            f"The chain of {chain.seq} rows holds, but what stands at row {min(foreign)[0]} is signed by a key that is"
            " not the hub's.",
            detail="\n".join(sorted({key for _, key in foreign})),
        )
    last = max(signed, default=0)
    at = signed[last].checkpoint.at if last else None
    return Verified(chain.seq, chain.retired_rows, len(signed), last, at, chain.hash)


class _Chain:
    """What was read so far: the last row's number and hash."""

    def __init__(
        self, signed: dict[int, SignedCheckpoint], retired: Retired, read_again: Callable[[], Retired]
    ) -> None:
        self.seq = 0
        self.hash = BEGINNING
        self.retired_rows = 0
        self._signed = signed
        self.retired = retired
        self._read_again = read_again
        self._unexplained: int | None = None
        """The first row whose content is gone without a record: it may be that record which was changed, further on."""

    def take(self, row: AnyRow) -> None:
        """Check the next row. Raises :class:`AuditBrokenError`."""
        try:
            self._take(row)
        except AuditBrokenError as broken:
            if broken.seq == row.seq and not self._may_explain(row):
                self.must_be_explained()
            raise

    def must_be_explained(self) -> None:
        """Raise :class:`AuditBrokenError` where a content is gone that no record names."""
        if self._unexplained is not None:
            raise AuditBrokenError(
                self._unexplained, "its content is gone, and no record of the hub's says that it was retired then"
            )

    def _may_explain(self, row: AnyRow) -> bool:
        """Say whether a broken row is, or was, the record of the first row that has none."""
        gone = self._unexplained
        return row.kind == "retired" or any(first <= (gone or 0) <= last for first, last in ranges_in(row.details))

    def _take(self, row: AnyRow) -> None:
        seq = self.seq + 1
        if row.seq > seq:
            raise AuditBrokenError(seq, "it is not there")
        if row.seq < seq:
            raise AuditBrokenError(row.seq, "it stands before the beginning")
        try:
            why = self._fault(row)
        except (TypeError, ValueError, AttributeError):
            why = "what it holds is of another kind than was written"
        if why:
            raise AuditBrokenError(seq, why)
        if row.kind == "retired" and seq not in self.retired.records:
            self.must_be_explained()  # what it was put in for stands before it
            raise AuditBrokenError(seq, "it says what was retired, and the hub has not signed that")
        self.seq, self.hash = seq, row.hash
        signed = self._signed.get(seq)
        if signed is not None and signed.checkpoint.hash != row.hash:
            raise AuditBrokenError(seq, "a checkpoint says otherwise: the chain was made anew up to here")

    def _fault(self, row: AnyRow) -> str:
        if row.retired is None:
            if digest_of(row.salt, _content(row)) != row.digest:
                return "its content was changed"
        else:
            self.retired_rows += 1
            if _content(row) != emptied(row.kind, row.at) or row.salt:
                return "it says that it was retired, and has a content"
            if self._unexplained is None and not self._was_retired(row):
                self._unexplained = row.seq
        if hash_of(self.hash, row.seq, row.at, row.kind, row.digest) != row.hash:
            return "its hash does not follow from the row before it and what it holds"
        return ""

    def _was_retired(self, row: AnyRow) -> bool:
        if self.retired.of(row.seq) is None:
            self.retired = self._read_again()  # retired while we read
        run = self.retired.of(row.seq)
        return run is not None and run.at == row.retired and row.at < run.older_than


def _read_again(store: Database) -> Retired:
    with store.reading() as connection:
        return Retired.read(connection)


def _batches(store: Database, last: int) -> Iterator[list[AnyRow]]:
    after: int | None = None
    while True:
        asked = select(audit_rows).where(audit_rows.c.seq <= last).order_by(audit_rows.c.seq).limit(BATCH)
        with store.reading() as connection:
            rows = connection.execute(asked if after is None else asked.where(audit_rows.c.seq > after)).all()
        if not rows:
            return
        yield list(rows)
        after = rows[-1].seq


def _head(connection: Connection) -> tuple[int, str] | None:
    """Return which row is noted as the last one, and its hash."""
    row = connection.execute(select(audit_head.c.seq, audit_head.c.hash)).one_or_none()
    return None if row is None else (int(row.seq), str(row.hash))


def _highest(connection: Connection) -> int:
    return int(connection.execute(select(func.max(audit_rows.c.seq))).scalar_one_or_none() or 0)


def _same_ends(chain: _Chain, head: tuple[int, str] | None) -> None:
    if head is None:
        if chain.seq:
            raise AuditBrokenError(chain.seq, "the note of which row is the last is gone")
        return
    seq, row_hash = head
    if seq > chain.seq:
        raise AuditBrokenError(chain.seq + 1, f"the last rows, up to {seq}, are not there")
    if seq < chain.seq:
        raise AuditBrokenError(seq + 1, "it was put in behind the last row")
    if row_hash != chain.hash:
        raise AuditBrokenError(seq, "it is not the row that was written last")


def _by_row(checkpoints: Iterable[SignedCheckpoint]) -> dict[int, SignedCheckpoint]:
    """Return them by row. Raises :class:`AuditBrokenError` for one that was not signed so."""
    found: dict[int, SignedCheckpoint] = {}
    for one in checkpoints:
        seq = one.checkpoint.seq
        if not is_right(one):
            raise AuditBrokenError(seq, "its checkpoint was changed")
        if seq in found and found[seq].checkpoint.hash != one.checkpoint.hash:
            raise AuditBrokenError(seq, "two checkpoints say different things")
        found[seq] = one
    return found


def _content(row: AnyRow) -> Content:
    return Content(
        kind=row.kind, happened=row.happened, actor=row.actor, actor_name=row.actor_name, subject=row.subject,
        station=row.station, terminal=row.terminal, reference=row.reference, reason=row.reason, details=row.details,
    )  # fmt: skip
