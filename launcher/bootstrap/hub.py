"""The commands of the hub's computer."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from launcher.bootstrap.hub_place import HubPlace
from launcher.hub import backup, own_key, versions
from launcher.hub.errors import HubSettingsError
from launcher.hub.logs import log_to_standard_error
from launcher.hub.officers import renamed
from launcher.hub.service import Hub
from launcher.hub.stations import listed, removal
from launcher.wire.hub.stations import MakeCode


def run_serve(place: HubPlace, processes: int, listening: int | None, ends: int | None, *, new_key: bool) -> int:
    """Serve until told to end: as one process, as the parent of several, or as one of those."""
    from launcher.hub import processes as several

    if processes > 1 and not place.settings.store.url:
        raise HubSettingsError("Several processes need PostgreSQL: [store] url in the hub's file.")
    os.umask(0o077)
    log_to_standard_error()
    if listening is not None and ends is not None:
        _serve_one(place, socket.socket(fileno=listening), lambda: several.ended(ends))
        return 0
    with place.served_alone():
        _begin(place, processes, new_key=new_key)
    return 0


def _begin(place: HubPlace, processes: int, *, new_key: bool) -> None:
    from launcher.hub import processes as several
    from launcher.hub import serve

    with closing(place.store()) as store:
        versions.make_ready(store)
        own_key.must_be_its_own(store, place.key(), time.time(), new=new_key)
    with serve.listen(place.settings.serve) as heard:
        if processes == 1:
            _serve_one(place, heard, _for_ever)
        else:
            argv = (*several.own_argv(), "hub", "serve", *_named(place))
            several.serve_with(argv, processes, heard, lambda: _print_listening(place, heard))


def _serve_one(place: HubPlace, listening: socket.socket, told_to_end: Callable[[], None]) -> None:
    from launcher.hub import serve

    with closing(place.store()) as store:
        serve.serve(place.hub(store), listening, lambda: _print_listening(place, listening), told_to_end)


def _for_ever() -> None:
    threading.Event().wait()


def _print_listening(place: HubPlace, listening: socket.socket) -> None:
    from launcher.hub.serve import origin

    print(json.dumps({"listening": origin(place.settings.serve, listening)}), flush=True)


def _named(place: HubPlace) -> tuple[str, ...]:
    return (*(() if place.file is None else ("--hub", str(place.file))), "--state", str(place.state))


def run_upgrade(place: HubPlace) -> int:
    """Give the store the form of this version."""
    with closing(place.store()) as store:
        had = versions.upgrade(store)
    print("The store has this version's form already." if had is versions.Form.CURRENT else "The store is upgraded.")
    return 0


def run_enrol_code(place: HubPlace, terminal: str, where: str, hours: float | None, *, as_json: bool) -> int:
    """Make an enrolment code and print it: it is kept nowhere."""
    with opened(place) as hub, hub.store.writing() as connection:
        made = listed.new_code(connection, hub, MakeCode(terminal=terminal, place=where, hours=hours), by=who_asks())
        before = removal.of_name(connection, terminal, where) if terminal else ()
    if as_json:
        print(json.dumps(made.model_dump() | {"terminal": terminal, "place": where}))
    else:
        print(f"{made.code}\nFor one station, until {local(made.until)}{_zone(made.until)}. It is shown this once.")
        for one in before:
            print(f"{one.station} is called so: whoever uses the code takes its place, and it is removed.")
    return 0


def run_stations(place: HubPlace, *, as_json: bool) -> int:
    """List the stations."""
    with opened(place) as hub, hub.store.reading() as connection:
        found = listed.stations_of(connection, hub)
    if as_json:
        print(json.dumps([one.model_dump(mode="json") for one in found], indent=2))
        return 0
    for one in found:
        state = "quarantined" if one.quarantined is not None else "connected" if one.reachable else "away"
        print(f"{one.station}  {one.terminal}  {one.place}  {state}  heard {local(one.heard)}  {one.version}".rstrip())
    if not found:
        print("No station is enrolled: station-launcher hub enrol-code.")
    return 0


def run_quarantine(place: HubPlace, station: str, reason: str) -> int:
    """Trust a station's key no more."""
    with opened(place) as hub, hub.store.writing() as connection:
        one = listed.meant(connection, station)
        terminal = listed.begin_quarantine(connection, hub, one, by=who_asks(), by_name="", reason=reason)
    print(f"{terminal} is trusted no more: its word counts for nothing, and nothing is sent to it.")
    return 0


def run_station_remove(place: HubPlace, station: str, reason: str) -> int:
    """Take a station away that is no more."""
    with opened(place) as hub:
        with hub.store.writing() as connection:
            meant = listed.meant(connection, station)
            gone = removal.remove(connection, hub, meant, by=who_asks(), by_name="", reason=reason)
        for one in gone.wake:
            hub.wakes.wake(f"station:{one}")
    ended = len(gone.sittings)
    sat = f" {ended} {'officer was' if ended == 1 else 'officers were'} still shown there." if ended else ""
    print(f"{gone.stations[0].terminal} is none of the hub's stations any more.{sat}")
    return 0


def run_officer_name(place: HubPlace, officer: str, user_name: str, reason: str) -> int:
    """Say what an officer logs on with, whatever terminals tell."""
    with opened(place) as hub, hub.store.writing() as connection:
        before = renamed.rename(connection, hub, officer, user_name, by=who_asks(), reason=reason)
    print(f"{officer} logs on as {user_name}; until now: {before or 'no name was known'}.")
    return 0


def run_quarantine_end(place: HubPlace, station: str) -> int:
    """Trust a quarantined station's key again."""
    with opened(place) as hub, hub.store.writing() as connection:
        terminal = listed.end_quarantine(connection, hub, listed.meant(connection, station), by=who_asks())
    print(f"{terminal} is trusted again. If two computers still hold its key, it will be quarantined again.")
    return 0


def run_backup(place: HubPlace, file: Path) -> int:
    """Write all that the hub knows into a file."""
    with opened(place) as hub:
        made = backup.write(hub, file.absolute())
    keys = place.state / "keys"
    print(f"Written to {file}: {in_rows(made.many)}. The hub's key is not: keep a copy of {keys} elsewhere.")
    return 0


def run_restore(place: HubPlace, file: Path) -> int:
    """Read a backup into an empty store."""
    backup.check(file.absolute())  # before the hub's folder and its key are made
    is_new = not (place.state / "keys").exists()
    with closing(place.store()) as store:
        made = backup.restore(place.hub(store), file.absolute())
    print(f"Restored: {in_rows(made.many)} as of {local(made.at)}.")
    if is_new:
        print(f"The hub's key is in no backup: put the folder keys of the hub that wrote it into {place.state}")
        print("before you serve, in place of the one that was made here, or enrol the stations again.")
    return 0


@contextmanager
def opened(place: HubPlace) -> Iterator[Hub]:
    """Hold the hub for one command. Raises as :func:`versions.must_be_current`, and where there is none."""
    place.must_be_there()
    with closing(place.store()) as store:
        versions.must_be_current(store)
        yield place.hub(store)


def who_asks() -> str:
    """Who is at this computer, for the audit: the account, and the one behind sudo."""
    import getpass

    return f"console:{os.environ.get('SUDO_USER') or getpass.getuser()}"[:120]


def in_rows(many: int) -> str:
    """Return how many rows in words."""
    return counted(many, "row")


def counted(many: int, one: str) -> str:
    """Return how many there are of something whose plural ends in s."""
    return f"{many} {one}{'' if many == 1 else 's'}"


def _zone(at: float) -> str:
    """Return the name of this computer's zone, for who takes +00:00 for somebody else's."""
    name = datetime.fromtimestamp(at).astimezone().tzname() or ""
    return f" ({name})" if name.isalpha() else ""  # some are called as far as they are away: +03


def local(at: float) -> str:
    """Return a time as it is said here, with its zone."""
    return datetime.fromtimestamp(at).astimezone().isoformat(sep=" ", timespec="seconds")
