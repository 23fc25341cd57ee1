"""All that a hub knows in one file, as it was at one moment; and back, into an empty store of either kind.

The file is lines of JSON, compressed: what it is, then each table's name, columns and rows, then how many there were
and the digest of all lines before. A file that was cut off or altered is refused before anything is written. The hub's
key is not in it; nor are tokens, since everybody proves themselves anew.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import Final

from sqlalchemy import Connection, Table, func, select, update

from launcher import __version__
from launcher.errors import LauncherError
from launcher.hub import versions
from launcher.hub.all_tables import ALL
from launcher.hub.audit import rows as audit
from launcher.hub.database import Database
from launcher.hub.migrations import NEWEST
from launcher.hub.own_key import hub_keys
from launcher.hub.service import Hub
from launcher.hub.stations.tables import ANY_LINK, stations
from launcher.hub.stations.tables import versions as list_versions

WHAT: Final = "station-launcher hub backup"
FORMAT: Final = 1
LEFT_OUT: Final = frozenset({"tokens", "processes"})
AHEAD: Final = 1_000_000
"""What was counted after the backup is not known: counting goes on so far beyond it, and meets no number again."""
_MANY: Final = 500


class BackupNotWrittenError(LauncherError):
    """The backup's file cannot be written."""

    reference = "hub-backup-not-written"
    hint = "Name a new file in a folder that the hub's account may write to."


class BackupFaultyError(LauncherError):
    """A backup's file is not whole, was altered, or is none of this version."""

    reference = "hub-backup-faulty"
    hint = "Nothing was restored. Take another backup; one of an older version is restored by that version."


class StoreNotEmptyError(LauncherError):
    """There is something in the store that a backup was to be restored into."""

    reference = "hub-store-not-empty"
    hint = "A backup goes into an empty store only: name a new database or state folder."


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup has: how many rows of each table, and from when it is."""

    at: float
    rows: Mapping[str, int]

    @property
    def many(self) -> int:
        """How many rows in all."""
        return sum(self.rows.values())


def write(hub: Hub, file: Path) -> Backup:
    """Write a backup beside a hub that serves. Raises :class:`BackupNotWrittenError`."""
    at = hub.clock()
    unfinished: Path | None = None
    try:
        if file.exists():
            raise BackupNotWrittenError(f"{file} is there already.")
        descriptor, made = mkstemp(".unfinished", f"{file.name}.", file.parent)  # readable by its owner only
        unfinished = Path(made)
        with os.fdopen(descriptor, "wb") as raw:
            with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed:
                counts = _write(hub, at, packed)
            raw.flush()
            os.fsync(raw.fileno())
        unfinished.rename(file)
    except OSError as fault:
        raise BackupNotWrittenError(f"{file} cannot be written: {fault.strerror}.") from None
    finally:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)
    return Backup(at, counts)


def restore(hub: Hub, file: Path) -> Backup:
    """Read a backup into the empty store, whole or not at all.

    Raises :class:`BackupFaultyError`, :class:`StoreNotEmptyError`.
    """
    backup = check(file)
    from launcher.hub import steps  # late, as in versions

    with hub.store.alone() as connection:
        if versions.form_in(connection) is versions.Form.EMPTY:
            steps.take_all_left(connection)
        _must_be_empty(connection)
        for table, rows in _tables(_lines(file)):
            connection.execute(table.insert(), rows)
        _go_on(connection, hub.store)
        details = {"backup_at": backup.at, "rows": backup.many}
        audit.append(connection, hub, "restored", actor="hub", details=details)
    return backup


def check(file: Path) -> Backup:
    """Read a backup from end to end. Raises :class:`BackupFaultyError`."""
    try:
        return _checked(file)
    except OSError as fault:
        raise BackupFaultyError(f"{file} cannot be read: {fault.strerror or 'it is not a backup'}.") from None
    except (EOFError, zlib.error):
        raise BackupFaultyError("The backup was cut off, or is damaged.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BackupFaultyError("The file is no backup of a hub, or was altered.") from None


def _write(hub: Hub, at: float, packed: gzip.GzipFile) -> dict[str, int]:
    digest = hashlib.sha256()
    counts: dict[str, int] = {}

    def line(said: object) -> None:
        one = json.dumps(said, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode() + b"\n"
        digest.update(one)
        packed.write(one)

    about = {"format": FORMAT, "form": NEWEST, "version": __version__, "hub": hub.name, "at": at}
    line({"what": WHAT, **about, "key": hub.key.public})
    with hub.store.reading() as connection:
        for table in _kept():
            line({"table": table.name, "columns": [column.name for column in table.columns]})
            counts[table.name] = 0
            ordered = select(table).order_by(*table.primary_key.columns)
            for row in connection.execute(ordered.execution_options(yield_per=_MANY)):
                line(list(row))
                counts[table.name] += 1
    end = {"rows": counts, "sha256": digest.hexdigest()}
    line({"end": end})
    return counts


def _checked(file: Path) -> Backup:
    digest = hashlib.sha256()
    counts: dict[str, int] = {}
    columns = 0
    name = ""
    before = b""
    lines = _raw_lines(file)
    about = json.loads(first := next(lines, b""))
    digest.update(first)
    if about["what"] != WHAT or about["format"] != FORMAT:
        raise BackupFaultyError("The file is no backup of a hub.")
    if about["form"] != NEWEST:
        raise BackupFaultyError(f"The backup was made by version {about['version']}, whose store had another form.")
    for before in lines:
        said = json.loads(before)
        if isinstance(said, dict) and "end" in said:
            break
        digest.update(before)
        if isinstance(said, dict):
            name, columns = said["table"], len(said["columns"])
            if name in counts or said["columns"] != [column.name for column in ALL.tables[name].columns]:
                raise BackupFaultyError(f"The backup's table {name} is not this version's.")
            counts[name] = 0
        elif len(said) == columns:
            counts[name] += 1
        else:
            raise BackupFaultyError(f"A row of {name} is not whole.")
    else:
        raise BackupFaultyError("The backup was cut off.")
    end = said["end"]
    if next(lines, None) is not None or end["rows"] != counts or end["sha256"] != digest.hexdigest():
        raise BackupFaultyError("The backup was altered.")
    if set(counts) != {table.name for table in _kept()}:
        raise BackupFaultyError("The backup lacks a table.")
    return Backup(float(about["at"]), counts)


def _raw_lines(file: Path) -> Iterator[bytes]:
    with gzip.open(file, "rb") as packed:
        yield from packed


def _lines(file: Path) -> Iterator[object]:
    return (json.loads(line) for line in _raw_lines(file))


def _tables(lines: Iterator[object]) -> Iterator[tuple[Table, list[dict[str, object]]]]:
    """Return some rows of a table at a time."""
    table: Table | None = None
    rows: list[dict[str, object]] = []
    for said in lines:
        if isinstance(said, dict) or len(rows) >= _MANY:
            if table is not None and rows:
                yield table, rows
            rows = []
        if isinstance(said, dict):
            table = ALL.tables[said["table"]] if "table" in said else None
        elif table is not None and isinstance(said, list):
            rows.append(dict(zip((column.name for column in table.columns), said, strict=True)))


def _go_on(connection: Connection, store: Database) -> None:
    """Let everything be counted on beyond what may have been counted since; stations come with the links they have."""
    for table in _kept():
        number = table.autoincrement_column
        if number is not None:
            last = connection.execute(select(func.max(number))).scalar_one() or 0
            store.count_from(connection, number, last + (AHEAD if table.name == "commands" else 1000))
    connection.execute(update(list_versions).values(version=list_versions.c.version + AHEAD))
    connection.execute(
        update(stations).values(
            link=ANY_LINK, link_before="", connected_to="", polled=0.0,
            elsewhere=stations.c.elsewhere + AHEAD, roles=stations.c.roles + AHEAD,
        )
    )  # fmt: skip


def _must_be_empty(connection: Connection) -> None:
    for table in ALL.sorted_tables:
        if table is not hub_keys and connection.execute(select(func.count()).select_from(table)).scalar_one():
            raise StoreNotEmptyError(f"The store is not empty: there is something in {table.name}.")
    connection.execute(hub_keys.delete())


def _kept() -> Sequence[Table]:
    return [table for table in ALL.sorted_tables if table.name not in LEFT_OUT]
