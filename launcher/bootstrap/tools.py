"""The commands that look and say, and change nothing but what their name says."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from launcher.bootstrap.asked import read_secret
from launcher.bootstrap.slots import station_keys
from launcher.bootstrap.where import Where
from launcher.errors import SettingsError
from launcher.policy.settings import Settings
from launcher.timings import SpoolReader, figures, printed
from launcher.timings.spool import MAX_NOTICES


def run_catalogue(where: Where, what: str, folder: Path | None) -> int:
    """Check a folder of entries, or list them; with a station file its policy is applied too."""
    from launcher.bootstrap.parts import CONNECTORS  # late: they load the clients of all systems
    from launcher.catalogue.check import check_folder, keyboard_listing, listing
    from launcher.connectors.base import judge_of, kinds_of

    settings: Settings | None = where.settings() if folder is None or where.station.exists() else None
    place = folder or (settings.station.catalogue if settings else Path())
    report = check_folder(place, kinds_of(CONNECTORS), judge_of(CONNECTORS, settings))
    if what == "check":
        print("\n".join(report.lines()))
        return 0 if report.passes else 1
    _print_rows(listing(report.catalogue))
    if keyboards := keyboard_listing(report.catalogue):
        print("\nKeyboards")
        _print_rows(keyboards)
    if not report.passes:
        print(f"{len(report.catalogue.faults)} faults: station-launcher catalogue check {place}", file=sys.stderr)
    return 0


def _print_rows(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def run_timings(where: Where, days: float, as_json: bool) -> int:
    """Print n, p50, p95, who was asked and failures, by system and phase."""
    since = time.time() - days * 86400.0
    rows = figures(record for record in SpoolReader(where.spool).timings() if record.at >= since)
    if as_json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
    elif rows:
        print(printed(rows))
    else:
        print(f"Nothing was recorded at {where.spool} in the last {days:g} days.")
    return 0


def run_notices(where: Where, days: float | None, as_json: bool) -> int:
    """Print who has acknowledged which notice of a system and when, newest first: all that is kept, or some days."""
    since = 0.0 if days is None else time.time() - days * 86400.0
    found = [one for one in SpoolReader(where.spool).notices(limit=MAX_NOTICES) if one.at >= since]
    if as_json:
        print(json.dumps([one.model_dump(include={"at", "system", "page", "officer"}) for one in found], indent=2))
    elif found:
        rows = [(_local(one.at), one.system, one.page, one.officer) for one in found]
        _print_rows([("when", "system", "notice", "officer"), *rows])
    else:
        print(f"No notice was acknowledged at {where.spool}.")
    return 0


def _local(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().isoformat(sep=" ", timespec="seconds")


def run_key(where: Where, name: str, value_fd: int | None) -> int:
    """Keep a password of the station itself where its other keys are."""
    keys = station_keys(where, where.settings())
    if keys is None:
        raise SettingsError(
            "This station keeps no keys: [credentials] keep is off.",
            hint='Set keep = "os" or keep = "file" in the station file.',
        )
    keys.put(name, read_secret(f"Password to keep as {name}: ", value_fd))
    print(f"Kept as {name}.")
    return 0
