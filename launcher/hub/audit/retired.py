"""Records of retiring, signed by the hub: whoever can write to the store alone empties no row by the public rule."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError
from sqlalchemy import Connection, select

from launcher.hub.audit import by_hub
from launcher.hub.audit.tables import audit_rows
from launcher.signing import SigningKey
from launcher.wire.hub.audit import Retiring


@dataclass(frozen=True, slots=True)
class RetiredRows:
    """One run of rows that a signed record names. ``at``: when the record was made."""

    first: int
    last: int
    at: float
    older_than: float


class Retired:
    """All rows that signed records name. ``records``: those that are signed, by number; by which key each."""

    def __init__(self, runs: Iterable[RetiredRows], records: dict[int, str]) -> None:
        self.records = records
        self._runs = sorted(runs, key=lambda run: run.first)
        self._firsts = [run.first for run in self._runs]

    @classmethod
    def read(cls, connection: Connection) -> Retired:
        """Read them from the chain, in which they are checked like all rows."""
        asked = select(audit_rows.c.seq, audit_rows.c.details, audit_rows.c.at).where(audit_rows.c.kind == "retired")
        runs: list[RetiredRows] = []
        records: dict[int, str] = {}
        for row in connection.execute(asked).all():
            said, key = _signed(row.seq, row.details)
            if said is not None:
                records[row.seq] = key
                runs += (RetiredRows(first, last, row.at, said.older_than) for first, last in said.rows)
        return cls(runs, records)

    def of(self, seq: int) -> RetiredRows | None:
        """Return the run that names a row; None: none does."""
        before = bisect_right(self._firsts, seq) - 1
        run = self._runs[before] if before >= 0 else None
        return run if run is not None and seq <= run.last else None


def details_of(said: Retiring, count: int, key: SigningKey) -> dict[str, object]:
    """Return the details of a record."""
    return {
        "rows": said.rows, "count": count, "older_than": said.older_than, **by_hub.signed_by(key, "retired", said)
    }  # fmt: skip


def ranges_in(untrusted_details: str) -> tuple[tuple[int, int], ...]:
    """Return the runs of rows that a record names, signed or not."""
    try:
        return tuple((int(first), int(last)) for first, last in json.loads(untrusted_details)["rows"])
    except (ValueError, TypeError, KeyError):
        return ()


def _signed(record: int, untrusted_details: str) -> tuple[Retiring | None, str]:
    """Return what a record says and whose key has signed it; None where the key that it names has not."""
    found = by_hub.details_in(untrusted_details)
    try:
        said = Retiring.model_validate({"record": record, "rows": found["rows"], "older_than": found["older_than"]})
    except (KeyError, ValidationError):
        return None, ""
    key = by_hub.signer("retired", said, found)
    return (said, key) if key else (None, "")
