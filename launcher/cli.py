"""The commands of ``station-launcher``, and nothing but their words: what they do stands in :mod:`launcher.bootstrap`.

Exit status: 0 done, 1 something was found or refused, 2 the command line was wrong, 141 nobody read on what it printed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from launcher import __version__
from launcher.errors import LauncherError

if TYPE_CHECKING:
    import argparse

_PLAIN = {"start": ("--events", "--residue-check", "--leave-out"), "session": ("--residue-check", "--first")}
"""The commands a screen waits for, and their options besides the station's."""

UNREAD = 141
"""What a shell says of a program that ended because nobody read on (128 + SIGPIPE)."""
STOPPED = 130
"""What a shell says of one that Ctrl C has ended (128 + SIGINT)."""

_FLAGS = ("--events", "--residue-check", "--first")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    try:
        try:
            return _status(sys.argv[1:] if argv is None else argv)
        finally:
            sys.stdout.flush()  # here, where a reader that has gone is met quietly, and not at the interpreter's end
    except BrokenPipeError:  # who read what is printed has seen enough: | head
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        return UNREAD
    except KeyboardInterrupt:  # Ctrl C, where nothing else has said what became of it
        print(file=sys.stderr)
        return STOPPED


def _status(words: Sequence[str]) -> int:
    try:
        return _run(plain(words) or _parsed(words))
    except LauncherError as fault:
        print(f"{fault.message}\n{fault.next_step}\nReference: {fault.reference}", file=sys.stderr)
        if fault.rest:
            print(fault.rest, file=sys.stderr)
        return 1


def plain(words: Sequence[str]) -> SimpleNamespace | None:
    """Read ``start`` and ``session`` where their options are written out; all else is the parser's to read or refuse.

    A screen waits for these two, and the parser of all commands takes as long as the screen's fonts.
    """
    if not words or words[0] not in _PLAIN:
        return None
    known = ("--station", "--state", *_PLAIN[words[0]])
    found: dict[str, list[str]] = {name: [] for name in known}
    rest = iter(words[1:])
    for word in rest:
        if word not in found:
            return None
        value = "" if word in _FLAGS else next(rest, "-")
        if value.startswith("-"):
            return None
        found[word].append(value)
    last = {name: Path(values[-1]) if values else None for name, values in found.items()}
    read = SimpleNamespace(command=words[0], station=last["--station"], state=last["--state"])
    read.residue_check = bool(found["--residue-check"])
    if words[0] == "session":
        read.first = bool(found["--first"])
    else:
        read.events = bool(found["--events"])
        read.leave_out = [Path(value) for value in found["--leave-out"]]
    return read


def _parsed(words: Sequence[str]) -> argparse.Namespace:
    asked = parser()
    options = asked.parse_args(words)
    shown = options.command == "demo" and not options.headless and not options.journey
    if shown and options.json is not None and _has_screen():
        asked.error("demo --json writes a run that played itself: give --headless, too.")
    if options.command == "helpdesk":
        from launcher.bootstrap.helpdesk_words import missing

        if lacks := missing(options):
            asked.error(lacks)
    if options.command == "demo" and options.json is not None:
        _must_be_writable(options.json, asked)
    return options


def _must_be_writable(file: Path, asked: argparse.ArgumentParser) -> None:
    """Say before a long run, not after it, that what it came to could not be written; leave all as it was."""
    real = Path(os.path.realpath(file))  # where a link leads: what is made below is removed, and not the link
    try:
        if not real.exists():
            real.open("x", encoding="utf-8").close()
            real.unlink()
        elif real.is_file() or real.is_dir():  # a pipe would wait for its reader
            real.open("a", encoding="utf-8").close()
    except OSError as fault:
        asked.error(f"{file} cannot be written: {fault.strerror}.")


def parser() -> argparse.ArgumentParser:
    """Build the parser of all commands."""
    import argparse  # late: see plain()

    from launcher.bootstrap.help_pages import help_command
    from launcher.bootstrap.helpdesk_words import helpdesk_commands
    from launcher.bootstrap.hub_words import hub_commands

    top = argparse.ArgumentParser(prog="station-launcher", description="One log-on opens every system you need.")
    top.add_argument("--version", action="version", version=__version__)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    start = commands.add_parser("start", help="run this computer as a station")
    _station_options(start)
    start.add_argument("--events", action="store_true", help="write what happens as lines of JSON to standard output")
    start.add_argument("--residue-check", action="store_true", help="after each log-off, prove that nothing was left")
    start.add_argument(
        "--leave-out",
        type=Path,
        metavar="DIR",
        action="append",
        default=[],
        help="a folder that proof does not search, and says so; may be given again",
    )

    session = commands.add_parser("session")  # started by the station only
    _station_options(session)
    session.add_argument("--residue-check", action="store_true")
    session.add_argument("--first", action="store_true")

    demo = commands.add_parser("demo", help="an embedded station with demo officers and sixteen systems")
    demo.add_argument("--headless", action="store_true", help="no screen: log on, open all, print the times, end")
    demo.add_argument("--json", type=Path, metavar="FILE", help="write the run as data (with --headless)")
    demo.add_argument(
        "--journey",
        choices=("hand-over", "reset"),
        default="",
        help="without a screen: hand-over, two officers share a terminal; reset, the helpdesk sets a session right",
    )
    demo.add_argument("--delay-ms", type=float, default=0.0, help="every server waits so long before each answer")
    demo.add_argument("--theme", choices=("light", "dark"), default="light")
    demo.add_argument("--text-scale", type=float, default=1.0)

    doctor = commands.add_parser("doctor", help="check this computer, with a next step for each finding")
    _station_options(doctor)

    doctor.add_argument("--json", action="store_true", help="as data")

    _kiosk_commands(commands)

    catalogue = commands.add_parser("catalogue", help="look after the systems' entries")
    what = catalogue.add_subparsers(dest="what", required=True, metavar="WHAT")
    for name, text in (("check", "list every fault of a folder of entries"), ("list", "list the entries")):
        one = what.add_parser(name, help=text)
        one.add_argument("folder", type=Path, nargs="?", help="default: the station file's")
        _station_options(one)

    system = commands.add_parser("system", help="try one system")
    what = system.add_subparsers(dest="what", required=True, metavar="WHAT")
    trial = what.add_parser("try", help="sign on to one system and off again, and print what was seen at each step")
    trial.add_argument("id", metavar="ID")
    trial.add_argument(
        "--user",
        metavar="NAME",
        help="the officer who logs on here; with --own or --record the name at the host itself; asked for otherwise",
    )
    trial.add_argument(
        "--password-fd",
        type=int,
        metavar="FD",
        help="read that one's password from this descriptor, and ask for nothing of the system's own; else all is "
        "asked for",
    )
    trial.add_argument(
        "--own",
        action="store_true",
        help="a terminal: nobody logs on here; try it with a name and password of the host's own, which are not kept",
    )
    trial.add_argument("--show", action="store_true", help="show it, and let what it needs of a person be done there")
    trial.add_argument("--record", type=Path, metavar="FILE", help="a terminal: write the screens met as a recipe")
    _station_options(trial)

    hub_commands(commands)
    helpdesk_commands(commands)

    key = commands.add_parser("key", help="keep a password of the station itself")
    key.add_argument("name", choices=("directory-search", "proxy"))
    key.add_argument("--value-fd", type=int, help="read it from this descriptor; asked for otherwise")
    _station_options(key)

    timings = commands.add_parser("timings", help="n, p50, p95, who was asked and failures, by system and phase")
    timings.add_argument("--json", action="store_true", help="as data")
    timings.add_argument("--days", type=_days, default=None, help="how far back (default: 7; notices: all)")
    timings.add_argument("--notices", action="store_true", help="instead: who has acknowledged which notice, and when")
    _station_options(timings)
    help_command(commands)
    return top


def _kiosk_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    station = commands.add_parser("station", help="make this computer a station (Debian, as root), or one of a hub's")
    what = station.add_subparsers(dest="what", required=True, metavar="WHAT")
    install = what.add_parser("install", help="the service, the accounts of sessions and the kiosk; starts nothing")
    install.add_argument("--dry-run", action="store_true", help="print every file and command, change nothing")
    install.add_argument("--display", default=":0", metavar=":0|none", help="the X display to start (default: :0)")
    install.add_argument(
        "--windows", choices=("openbox", "none"), default="openbox", help="the window manager, without keys and menus"
    )
    install.add_argument(
        "--group",
        choices=("audio", "render", "video"),
        action="append",
        default=[],
        help="give sessions sound or the graphics processor; may be given again",
    )
    install.add_argument("--terminal", default="", metavar="NAME", help="the terminal's name (default: the computer's)")
    remove = what.add_parser("remove", help="take away what install put there, and put back what was there before")
    remove.add_argument("--dry-run", action="store_true", help="print what would be taken away, change nothing")
    for command in (install, remove):
        command.add_argument(
            "--root", type=Path, default=Path("/"), metavar="DIR", help="another system's root folder (default: /)"
        )
    enrol = what.add_parser("enrol", help="make this computer one of the hub's stations, with a code")
    enrol.add_argument("--code-fd", type=int, metavar="N", help="read the code from this descriptor, do not ask")
    enrol.add_argument("--forget", action="store_true", help="take that back here; the hub is not told")
    _station_options(enrol)


def _station_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--station", type=Path, metavar="FILE", help="the station file")
    command.add_argument("--state", type=Path, metavar="DIR", help="where the station keeps its times and sealed store")


def _days(text: str) -> float:
    import argparse
    import math

    try:
        days = float(text)
    except ValueError:
        days = math.nan
    if not 0.0 < days < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days above 0")
    return days


def _has_screen() -> bool:
    from launcher.bootstrap.where import has_screen

    return has_screen()


def _run(options: argparse.Namespace | SimpleNamespace) -> int:
    # Each command loads only what it needs: a session's screen must not wait for the demo's or a client's libraries.
    from launcher.bootstrap.where import Where

    if options.command == "helpdesk":
        from launcher.bootstrap.helpdesk import run_helpdesk

        return run_helpdesk(options)
    if options.command == "hub":
        from launcher.bootstrap.hub_words import run_hub

        return run_hub(options)
    if options.command == "help":
        from launcher.bootstrap.help_pages import run_help

        return run_help(options.reference)
    where = Where.of(getattr(options, "station", None), getattr(options, "state", None))
    if sys.platform == "win32" and options.command in ("session", "start", "demo"):
        from launcher.station.errors import WindowsNotBuiltError

        raise WindowsNotBuiltError("This release runs no station on Windows.")
    match options.command:
        case "session":
            from launcher.bootstrap.session import run_session

            return run_session(where, options.residue_check, first=options.first)
        case "start":
            from launcher.bootstrap.station import run_station

            return run_station(where, options.events, options.residue_check, options.leave_out)
        case "demo":
            from launcher.bootstrap.demo import run_demo

            return run_demo(
                options.headless,
                options.json,
                options.delay_ms,
                options.theme,
                options.text_scale,
                options.journey,
            )
        case "doctor":
            from launcher.bootstrap.doctor import run_doctor

            return run_doctor(where, as_json=options.json)
        case "station" if options.what == "enrol":
            from launcher.bootstrap.enrolling import run_enrol, run_forget

            return run_forget(where) if options.forget else run_enrol(where, options.code_fd)
        case "station":
            from launcher.bootstrap.installing import run_install, run_remove

            if options.what == "remove":
                return run_remove(options.root, dry=options.dry_run)
            return run_install(
                options.root, options.display, options.windows, options.group, options.terminal, dry=options.dry_run
            )
        case "catalogue":
            from launcher.bootstrap.tools import run_catalogue

            return run_catalogue(where, options.what, options.folder)
        case "system" if options.record is not None:
            from launcher.bootstrap.recording import run_recording

            return run_recording(where, options.id, options.user, options.password_fd, options.record)
        case "system":
            if options.own:
                from launcher.bootstrap.own_trial import run_own_trial

                return run_own_trial(where, options.id, options.user, options.password_fd)
            from launcher.bootstrap.trial import run_trial

            return run_trial(where, options.id, options.user, options.password_fd, options.show)
        case "key":
            from launcher.bootstrap.tools import run_key

            return run_key(where, options.name, options.value_fd)
        case _:
            from launcher.bootstrap.tools import run_notices, run_timings

            if options.notices:
                return run_notices(where, options.days, options.json)
            return run_timings(where, options.days or 7.0, options.json)
