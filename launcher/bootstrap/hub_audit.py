"""``station-launcher hub audit``: check the chain, ask who was where, export, retire, hold back."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from launcher.bootstrap.hub import counted, in_rows, local, opened, who_asks
from launcher.hub.audit import checkpoints, holds, reading, retention, rows
from launcher.hub.audit.errors import AuditBrokenError, LogUnreadableError
from launcher.hub.audit.export import Format, line_of
from launcher.hub.audit.verify import verify
from launcher.wire.hub.audit import AddHold, Hold, SignedCheckpoint, WasThere

if TYPE_CHECKING:
    from launcher.bootstrap.hub_place import HubPlace

TOLD_EACH: Final = 200_000
"""Rows between two words on how far a check has come."""
AT_ONCE: Final = 1000


def run_verify(place: HubPlace, logs: tuple[Path, ...], keys: tuple[str, ...], *, as_json: bool) -> int:
    """Check the chain; exit status 1 and the first broken row where it does not hold."""
    copies = [one for file in logs for one in _checkpoints_in(file)]
    with opened(place) as hub:
        told = _Progress(quiet=as_json)
        try:
            found = verify(hub.store, frozenset({hub.key.public, *keys}), copies=copies, told=told)
        except AuditBrokenError as broken:
            if not as_json:
                raise
            said = {"holds": False, "row": broken.seq, "why": broken.why, "reference": broken.reference}
            print(json.dumps(said))
            return 1
        with hub.store.writing() as connection:
            reading.record_reading(connection, hub, _reader(), "verify", details={"rows": found.rows})
    if as_json:
        print(json.dumps(found.as_data() | {"copies": len(copies)}))
        return 0
    print(f"The audit holds: {in_rows(found.rows)}, {found.retired} of them retired.")
    if found.signed_at is None:
        print("No checkpoint is signed yet: whoever can write to the store could have made all of it anew.")
    else:
        print(f"A signed checkpoint of {local(found.signed_at)} covers it up to row {found.signed_up_to}.")
    if logs:
        print(f"Compared with {counted(len(copies), 'checkpoint')} from the logs.")
    return 0


def run_who(place: HubPlace, terminal: str, begin: float, end: float | None, *, as_json: bool) -> int:
    """Say who was logged on at a terminal in a time."""
    with opened(place) as hub:
        found = reading.read_who(hub, _reader(), terminal, begin, hub.clock() if end is None else end)
    if as_json:
        print(json.dumps(found.model_dump(mode="json")))
        return 0
    print(f"{found.terminal}, {local(found.begin)} to {local(found.end)}")
    for one in found.sittings:
        print(_as_line(one))
    if not found.sittings:
        print("Nobody was logged on there.")
    return 0


def _as_line(one: WasThere) -> str:
    until = "still there, or its end was not told" if one.until is None else f"until {local(one.until)}"
    more = ", ".join(part for part in (one.reason, one.proved_by, f"row {one.row}" if one.row else "") if part)
    return f"  {local(one.since)}  {until}  {one.name} ({one.officer})  {more}".rstrip()


def run_export(place: HubPlace, form: Format, since: int, many: int | None) -> int:
    """Write rows, one a line; the last words, on standard error, say where to go on."""
    with opened(place) as hub:
        last, written, worth = since, 0, False
        while many is None or written < many:
            with hub.store.reading() as connection:
                some = rows.since(connection, last, AT_ONCE if many is None else min(AT_ONCE, many - written))
            for row in some:
                print(line_of(row, form, hub.name))
            if not some:
                break
            last, written = some[-1].seq, written + len(some)
            worth = worth or any(row.kind != "audit-read" for row in some)
        sys.stdout.flush()
        if worth:  # else each export of nothing would be the only row of the next one, for ever
            with hub.store.writing() as connection:
                said = {"after": since, "up_to": last, "format": form}
                reading.record_reading(connection, hub, _reader(), "export", details=said)
    print(f"{in_rows(written)}, up to {last}. Go on with --since {last}.", file=sys.stderr)
    return 0


def run_retain(place: HubPlace, *, dry: bool, as_json: bool) -> int:
    """Retire what is over, or say how much that is."""
    with opened(place) as hub:
        if dry:
            with hub.store.reading() as connection:
                many = retention.count_due(connection, hub)
        else:
            many = retention.keep(hub)
        days = hub.settings.audit.keep_days
    if as_json:
        print(json.dumps({"retired": 0 if dry else many, "due": many if dry else 0, "keep_days": days}))
    else:
        print(f"{'Due to be retired' if dry else 'Retired'}: {in_rows(many)} older than {days} days.")
    return 0


def run_hold_add(
    place: HubPlace,
    officer: str,
    terminal: str,
    begin: float | None,
    end: float | None,
    reason: str,
    *,
    as_json: bool,
) -> int:
    """Hold something back."""
    asked = AddHold(officer=officer, terminal=terminal, since=begin, until=end, reason=reason)
    with opened(place) as hub, hub.store.writing() as connection:
        made = holds.add(connection, hub, asked, who_asks())
    _print_holds((made,), as_json=as_json, alone=True)
    return 0


def run_hold_remove(place: HubPlace, number: int, *, as_json: bool) -> int:
    """End a hold."""
    with opened(place) as hub, hub.store.writing() as connection:
        ended = holds.end(connection, hub, number, who_asks())
    _print_holds((ended,), as_json=as_json, alone=True)
    return 0


def run_hold_list(place: HubPlace, *, as_json: bool) -> int:
    """List all holds."""
    with opened(place) as hub, hub.store.reading() as connection:
        found = holds.all_holds(connection)
    _print_holds(found, as_json=as_json)
    return 0


def _print_holds(found: tuple[Hold, ...], *, as_json: bool, alone: bool = False) -> None:
    if as_json:
        data = [one.model_dump(mode="json") for one in found]
        print(json.dumps(data[0] if alone else data))
        return
    for one in found:
        whom = " at ".join(part for part in (one.officer, one.terminal) if part)
        since = "the beginning" if one.since is None else local(one.since)
        until = "now on" if one.until is None else local(one.until)
        ended = "" if one.ended is None else f"  ended {local(one.ended)}"
        print(f"{one.id}  {whom}  from {since} to {until}  {one.reason}{ended}")
        if one.covers is not None:
            print(f"It covers {in_rows(one.covers)} of the audit now.")
    if not found:
        print("Nothing is held back.")


def _reader() -> reading.Reader:
    return reading.Reader(who_asks())


def _checkpoints_in(file: Path) -> Iterator[SignedCheckpoint]:
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            yield from filter(None, map(checkpoints.logged, lines))
    except OSError as fault:
        raise LogUnreadableError(f"The log {file} cannot be read: {fault.strerror}.") from None


class _Progress:
    """Says on standard error, now and then, how far a check has come."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._said = 0
        self._begun = time.monotonic()

    def __call__(self, rows_read: int) -> None:
        if not self._quiet and rows_read - self._said >= TOLD_EACH:
            self._said = rows_read
            print(f"{in_rows(rows_read)}, {time.monotonic() - self._begun:.0f} s", file=sys.stderr)
