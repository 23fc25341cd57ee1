"""The words of ``station-launcher helpdesk …``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final

KINDS: Final = (
    "log-off",
    "lock",
    "close-system",
    "open-system",
    "forget-credential",
    "revoke",
    "message",
    "suspend",
    "unsuspend",
)

OF_SYSTEM: Final = frozenset({"close-system", "open-system", "forget-credential"})

STATUSES: Final = """\
exit status: 0 done; 1 refused, failed, or nobody was found; 2 the command line was wrong; 3 not over yet: a terminal
is away, a message is on the screen and not yet read, or a second person is waited for (ask again with: acted KEY);
4 done, but something was left signed on, or the session has ended before the message was read.

with --json there is one JSON value on standard output: the hub's own record, with the name of its case as in_case; or
why it was refused, with status 1: kind is refused, with reference, message, hint. A wrong command line has none.

proof: an access token for the hub on --token-fd; else the provider's own page, with --authority, --client-id and
--scope: the code to type there is printed; else the Kerberos ticket of this account.
"""


def helpdesk_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``helpdesk`` and all below it."""
    top = commands.add_parser(
        "helpdesk",
        help="what the helpdesk's panel does, from a command line",
        epilog=STATUSES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = top.add_subparsers(dest="what", required=True, metavar="WHAT")

    def add(name: str, text: str, *, case: bool = False) -> argparse.ArgumentParser:
        command = what.add_parser(
            name, help=text, description=f"{text[0].upper()}{text[1:]}.", epilog=STATUSES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        if case:
            _case_options(command)
        _road_options(command)
        return command

    _looking(add)
    _acting(add)
    _force(add)
    _roles(add)


def missing(options: argparse.Namespace) -> str:
    """Return what an act's words lack, named by its option; empty where nothing is missing."""
    if options.what != "act":
        return ""
    if options.kind in OF_SYSTEM and not options.system:
        return f"helpdesk act {options.kind}: which system? Give --system ID."
    return (
        "helpdesk act message: what does it say? Give --text."
        if options.kind == "message" and not options.text.strip()
        else ""
    )


def _looking(add: Callable[..., argparse.ArgumentParser]) -> None:
    find = add("find", "find officers and terminals by a name, number, terminal, place, or what was told", case=True)
    find.add_argument("text", metavar="TEXT")
    show = add("show", "show an officer's page: where logged on, what is open, what happened", case=True)
    show.add_argument("who", metavar="WHO", help="number, name, terminal, or the officer's key at the hub")
    letters = add("letters", "verify the caller by the six letters on their screen, for this case", case=True)
    letters.add_argument("letters", metavar="LETTERS")
    told = add("told", "show what an officer has told, by the number that they quote", case=True)
    told.add_argument("number", metavar="NUMBER")


def _acting(add: Callable[..., argparse.ArgumentParser]) -> None:
    act = add("act", "do something to an officer's session, and wait for the terminal's answer", case=True)
    act.add_argument("kind", choices=KINDS)
    act.add_argument("who", metavar="WHO", help="number, name, terminal, or the officer's key at the hub")
    act.add_argument("--at", default="", metavar="TERMINAL", help="which session, where there are several")
    act.add_argument("--system", default=None, metavar="ID", help="which system, of the acts for one")
    act.add_argument("--text", default="", help="what a message says")
    act.add_argument("--key", default="", help="the act's own name: given again, it is the same act")
    acted = add("acted", "say what became of an act")
    acted.add_argument("key", metavar="KEY")
    for one in (act, acted):
        one.add_argument("--wait", type=_seconds, default=20.0, metavar="S", help="wait so long (default: 20)")
    add("requests", "list what waits for a second person")
    second = add("second", "answer, as the second person, exactly what you have read")
    second.add_argument("request", metavar="REQUEST")
    second.add_argument("answer", choices=("approve", "refuse"))
    second.add_argument(
        "--digest", required=True, metavar="HEX", help="as requests shows it: what was altered since is not approved"
    )
    second.add_argument("--reason", default="", help="why it is refused")
    supervisor = add("supervisor", "ask for a supervisor at the officer's terminal, for a request")
    supervisor.add_argument("request", metavar="REQUEST")
    supervisor.add_argument("sitting", metavar="SITTING", help="as show --json names it")


def _force(add: Callable[..., argparse.ArgumentParser]) -> None:
    add("wrong", "say what fails or is slow now, what officers have told, and which notices hold")
    add("away", "list the terminals that the hub does not hear")
    done = add("told-done", "what an officer has told is dealt with")
    done.add_argument("number", metavar="NUMBER")
    notice = add("notice", "give a notice to sign-in screens and tiles")
    notice.add_argument("text", metavar="TEXT")
    notice.add_argument("--system", action="append", default=[], metavar="ID", help="at this tile; may be given again")
    notice.add_argument("--place", action="append", default=[], metavar="NAME", help="only there; may be given again")
    notice.add_argument("--hours", type=_hours, default=None, help="holds so long (default: until withdrawn)")
    add("notices", "list the notices that hold")
    withdraw = add("withdraw", "withdraw a notice")
    withdraw.add_argument("notice", type=int, metavar="ID")


def _roles(add: Callable[..., argparse.ArgumentParser]) -> None:
    add("me", "say who the hub takes you for, and your roles there")
    role = add("role", "give an officer a role for some hours, as a supervisor")
    role.add_argument("officer", metavar="WHO", help="the officer's whole number, or their key at the hub")
    role.add_argument("role", choices=("helpdesk", "it", "auditor", "administrator"))
    role.add_argument("--hours", type=_role_hours, required=True, help="for so long, up to 24")
    role.add_argument("--reason", required=True, help="why, for the audit")
    add("roles", "list the roles that were given")
    end = add("role-end", "take a given role back")
    end.add_argument("id", type=int, metavar="ID")


def _case_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--reason", default="", help="why: without --case it opens a case, whose name is printed on standard error"
    )
    command.add_argument("--case", default="", metavar="CASE", help="go on in a case that is open")


def _road_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="as data, also what was refused, and in which case")
    command.add_argument(
        "--hub", action="append", default=[], metavar="URL", help="the hub (default: the station file's)"
    )
    command.add_argument(
        "--ca", type=Path, default=None, metavar="FILE", help="who has signed its certificate, and the provider's (PEM)"
    )
    command.add_argument(
        "--token-fd", type=_descriptor, default=None, metavar="FD", help="read an access token from here"
    )
    command.add_argument("--authority", default="", metavar="URL", help="the provider of the force's accounts")
    command.add_argument("--client-id", default="", metavar="ID", help="this program's name at the provider")
    command.add_argument(
        "--scope", action="append", default=[], help="what a token for the hub is asked for with; may be given again"
    )
    command.add_argument("--kerberos-host", default="", metavar="HOST", help="the hub's name in the realm")
    command.add_argument("--station", type=Path, metavar="FILE", help="the station file")


def _seconds(text: str) -> float:
    return _number(text, least=0.0, most=600.0, what="seconds from 0 to 600")


def _hours(text: str) -> float:
    return _number(text, least=0.01, most=24.0 * 31, what="hours above 0")


def _role_hours(text: str) -> float:
    return _number(text, least=0.01, most=24.0, what="hours above 0, up to 24")


def _descriptor(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of a descriptor")
    return int(text)


def _number(text: str, *, least: float, most: float, what: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of {what}")
    return number
