"""The words of ``station-launcher hub …``, and which command each stands for."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from types import SimpleNamespace

from launcher.bootstrap.hub_audit_words import WHY, audit_commands, run_audit, text_of


def hub_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``hub`` and all below it."""
    hub = commands.add_parser("hub", help="the central service: serve it and look after it")
    what = hub.add_subparsers(dest="what", required=True, metavar="WHAT")

    serve = what.add_parser("serve", help="serve the hub, until it is told to end")
    serve.add_argument("--processes", type=_some, default=1, metavar="N", help="so many processes (PostgreSQL only)")
    serve.add_argument(
        "--new-key", action="store_true", help="the hub's old key is lost: sign with this one from now on"
    )
    serve.add_argument("--listening", type=int, help=argparse.SUPPRESS)
    serve.add_argument("--ends", type=int, help=argparse.SUPPRESS)
    upgrade = what.add_parser("upgrade", help="give the store the form of this version")

    code = what.add_parser("enrol-code", help="make a code with which one station enrols, once")
    code.add_argument(
        "--terminal", type=text_of(120), metavar="NAME", help="what that station's terminal is to be called"
    )
    code.add_argument("--place", type=text_of(120), metavar="NAME", help="where it is to stand")
    code.add_argument("--hours", type=_hours, default=None, help="it holds so long (default: the hub's file)")
    stations = what.add_parser("stations", help="list the stations")
    stolen = what.add_parser("quarantine", help="trust a station no more: its computer was stolen, say")
    removed = what.add_parser("station-remove", help="take a station away that is no more, and whoever sat there")
    for one in (stolen, removed):
        one.add_argument("station", metavar="STATION", help="its id, or its terminal's name where one has it")
        one.add_argument("--reason", required=True, type=text_of(300, 3), metavar="TEXT", help=WHY)
    trusted = what.add_parser("quarantine-end", help="trust the key of a quarantined station again")
    trusted.add_argument("station", metavar="STATION", help="its id, or its terminal's name where one has it")
    name = what.add_parser("officer-name", help="say what an officer logs on with, whose account was renamed")
    name.add_argument("officer", metavar="OFFICER", help="the officer's key, as the audit has it: ISSUER#SUBJECT")
    name.add_argument("name", type=_name, metavar="NAME", help="what they log on with from now on")
    name.add_argument("--reason", required=True, type=text_of(300, 3), metavar="TEXT", help=WHY)
    groups = what.add_parser("officer-groups", help="say by whose word an officer does not show, or take it back")
    groups.add_argument("officer", metavar="OFFICER", help="the officer's key; their number or name to look them up")
    groups.add_argument(
        "--forget", type=text_of(300, 3), default=None, metavar="WHY", help="take back what only terminals have told"
    )
    for one in (code, stations):
        one.add_argument("--json", action="store_true", help="as data")

    backup = what.add_parser("backup", help="write all that the hub knows into a file, at one moment, while it serves")
    restore = what.add_parser("restore", help="read such a file into an empty store, of either kind")
    for one in (backup, restore):
        one.add_argument("file", type=Path, metavar="FILE")

    audit_commands(what, hub_options)
    for one in (serve, upgrade, code, stations, stolen, removed, trusted, name, groups, backup, restore):
        hub_options(one)


def hub_options(command: argparse.ArgumentParser) -> None:
    """Add the options that every command of the hub's has."""
    command.add_argument("--hub", type=Path, metavar="FILE", help="the hub's file (default: the machine's hub.toml)")
    command.add_argument("--state", type=Path, metavar="DIR", help="where the hub keeps its key and its SQLite store")


def run_hub(options: argparse.Namespace | SimpleNamespace) -> int:
    """Run one of them and return its exit status."""
    from launcher.hub.errors import StoreAwayError

    try:
        return _run(options)
    except StoreAwayError as away:  # a hub that serves goes on by itself; a command has ended
        hint = "Look whether the database runs, and whether [store] url of the hub's file names it; then try again."
        raise StoreAwayError(away.message, hint=hint, detail=away.detail) from away


def _run(options: argparse.Namespace | SimpleNamespace) -> int:
    from launcher.bootstrap import hub
    from launcher.bootstrap.hub_place import HubPlace

    place = HubPlace.of(options.hub, options.state)
    match options.what:
        case "serve":
            return hub.run_serve(place, options.processes, options.listening, options.ends, new_key=options.new_key)
        case "upgrade":
            return hub.run_upgrade(place)
        case "enrol-code":
            named = (options.terminal or "", options.place or "")
            return hub.run_enrol_code(place, *named, options.hours, as_json=options.json)
        case "stations":
            return hub.run_stations(place, as_json=options.json)
        case "quarantine":
            return hub.run_quarantine(place, options.station, options.reason)
        case "station-remove":
            return hub.run_station_remove(place, options.station, options.reason)
        case "quarantine-end":
            return hub.run_quarantine_end(place, options.station)
        case "officer-name":
            return hub.run_officer_name(place, options.officer, options.name, options.reason)
        case "officer-groups":
            from launcher.bootstrap.hub_officers import run_officer_groups

            return run_officer_groups(place, options.officer, options.forget)
        case "audit":
            return run_audit(place, argparse.Namespace(**vars(options)))
        case "backup":
            return hub.run_backup(place, options.file)
        case _:
            return hub.run_restore(place, options.file)


def _some(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= 64:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes from 1 to 64")
    return number


def _name(text: str) -> str:
    if not 0 < len(text.strip()) <= 120 or not text.isprintable():
        raise argparse.ArgumentTypeError(f"{text!r} is no name to log on with")
    return text.strip()


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = math.nan
    if not 0.0 < hours <= 24 * 30:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of hours above 0, up to 720")
    return hours
