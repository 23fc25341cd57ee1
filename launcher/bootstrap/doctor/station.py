"""What the station itself has: its folder, its file, its systems, its keys and the times of its lock."""

from __future__ import annotations

import grp
import stat
from collections.abc import Iterator

from launcher.bootstrap.doctor.finding import Finding, asked
from launcher.bootstrap.parts import read_catalogue
from launcher.bootstrap.slots import has_slots, station_keys
from launcher.bootstrap.where import Where
from launcher.policy.settings import Settings
from launcher.station.slots import SLOT_GROUP


def station_findings(where: Where, settings: Settings) -> Iterator[Finding]:
    """Yield what is found of a station whose file could be read."""
    yield Finding("station file", f"{where.station}, terminal {settings.station.terminal}")
    yield _catalogue(settings)
    yield _keys(where, settings)
    yield from lock_times(settings)


def state_folder(where: Where) -> Finding:
    """Look at the folder of what the station keeps; it is made where there is none."""
    try:
        where.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = where.state.stat()
    except OSError as fault:
        return Finding("state folder", f"{where.state}: {fault.strerror}", "Name one that can be written with --state.")
    # Where sessions have accounts of their own these pass through it to the timings, and see nothing else.
    passes = stat.S_IXGRP if status.st_gid == _slots_gid() else 0
    if status.st_mode & 0o077 & ~passes:
        return Finding("state folder", f"others may enter {where.state}", f"chmod 700 {where.state}")
    return Finding("state folder", str(where.state))


def lock_times(settings: Settings) -> Iterator[Finding]:
    """Look at the times of the lock as they are at this station's place."""
    lock = settings.lock.at(settings.station.place)
    wrong: list[tuple[str, str]] = []
    if lock.idle_s == 0:
        wrong.append(("it never locks by itself", "Give idle_s a time: who walks away leaves the session open."))
    elif lock.warn_s >= lock.idle_s:
        wrong.append(("the warning may take half of idle_s at most", "Give warn_s less than idle_s."))
    if lock.grace_s >= lock.locked_s:
        wrong.append(("a locked session is ended before anybody may take over", "Give grace_s less than locked_s."))
    if lock.grace_s == 0 and lock.pin_digits:
        wrong.append(("a PIN is never asked for: there is no grace", "Give grace_s a time, or set pin_digits to 0."))
    if lock.locked_s > settings.limits.sitting_s:
        wrong.append(("locked_s is longer than any sitting", "Give locked_s less than limits.sitting_s."))
    if settings.limits.end_notice_s >= settings.limits.sitting_s:
        wrong.append(("each sitting begins with the notice of its end", "Give end_notice_s less than sitting_s."))
    if not wrong:
        place = f" at {settings.station.place}" if settings.station.place else ""
        yield Finding("lock", f"after {lock.idle_s:g} s without a touch, taken over after {lock.grace_s:g} s{place}")
    for found, next_step in wrong:
        yield Finding("lock", found, next_step)


def _catalogue(settings: Settings) -> Finding:
    catalogue = read_catalogue(settings)
    found = f"{len(catalogue.entries)} systems, {len(catalogue.faults)} faults"
    if catalogue.faults:
        return Finding("catalogue", found, f"station-launcher catalogue check {settings.station.catalogue}")
    if not catalogue.entries:
        return Finding(
            "catalogue",
            f"there is no system in {settings.station.catalogue}",
            "Lay a file for each system there; the help page catalogue-entry says how.",
        )
    return Finding("catalogue", found)


def _keys(where: Where, settings: Settings) -> Finding:
    keys = station_keys(where, settings)
    if keys is None:
        return Finding("key store", "credentials are not kept")
    if settings.credentials.keep == "os" and has_slots():
        return Finding(
            "key store",
            "the system's key store is one account's: with slot accounts the keys are kept in files",
            'Set keep = "file" under [credentials], and encrypt the disk.',
        )
    return asked("key store", lambda: keys.get("doctor"), "opens")


def _slots_gid() -> int | None:
    try:
        return grp.getgrnam(SLOT_GROUP).gr_gid
    except KeyError:
        return None
