"""The words of ``station-launcher hub audit …``, and which command each stands for."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from launcher.bootstrap.hub_place import HubPlace

WHY: Final = "why, for the audit: 3 to 300 characters"
_NO_UTF_8: Final = re.compile("[\ud800-\udfff]")


def audit_commands(
    what: argparse._SubParsersAction[argparse.ArgumentParser], options: Callable[[argparse.ArgumentParser], None]
) -> None:
    """Add ``audit`` and all below it; ``options`` adds those that every command of the hub's has."""
    audit = what.add_parser("audit", help="check, read, export and retire the audit")
    deeds = audit.add_subparsers(dest="audit", required=True, metavar="WHAT")

    verify = deeds.add_parser("verify", help="check the whole chain and name the first row that is not as it was")
    verify.add_argument(
        "--log", type=Path, action="append", default=[], metavar="FILE",
        help="a log of the hub's: the checkpoints in it are compared, too (again for several)",
    )  # fmt: skip
    verify.add_argument(
        "--key", type=_public_key, action="append", default=[], metavar="BASE64",
        help="an earlier public key of this hub's (again for several)",
    )  # fmt: skip
    who = deeds.add_parser("who", help="who was logged on at a terminal in a time")
    who.add_argument(
        "--terminal", required=True, type=text_of(120), metavar="NAME", help="the terminal, as it was called then"
    )
    who.add_argument(
        "--from", dest="begin", required=True, type=_begin, metavar="TIME",
        help="2026-11-26T08:00, in this computer's zone where it names none",
    )  # fmt: skip
    who.add_argument("--to", dest="end", default=None, type=_end, metavar="TIME", help="as --from (default: now)")

    export = deeds.add_parser("export", help="write rows for a SIEM, one a line")
    export.add_argument("--format", choices=("jsonl", "cef", "syslog"), default="jsonl", help="(default: jsonl)")
    export.add_argument("--since", type=_number, default=0, metavar="ROW", help="rows after this one (default: all)")
    export.add_argument("--many", type=_number, default=None, metavar="N", help="no more than so many rows")

    retain = deeds.add_parser("retain", help="retire contents that are older than the hub's file lets them be")
    retain.add_argument("--dry-run", action="store_true", help="say how many that are, and change nothing")

    hold = deeds.add_parser("hold", help="hold back what is not to be retired")
    holds = hold.add_subparsers(dest="hold", required=True, metavar="WHAT")
    add = holds.add_parser("add", help="hold back what concerns an officer, a terminal, or both")
    add.add_argument(
        "--officer", type=text_of(600), metavar="WHO",
        help="the officer's key as the audit shows it, their whole number, or what they log on with",
    )  # fmt: skip
    add.add_argument("--terminal", type=text_of(120), metavar="NAME", help="the terminal")
    add.add_argument("--from", dest="begin", type=_begin, default=None, metavar="TIME", help="(default: all before)")
    add.add_argument("--to", dest="end", type=_end, default=None, metavar="TIME", help="(default: and from now on)")
    add.add_argument("--reason", required=True, type=text_of(300, 3), help=WHY)
    end = holds.add_parser("remove", help="end a hold")
    end.add_argument("number", type=_number, metavar="NUMBER", help="as hold list shows it")
    listed = holds.add_parser("list", help="list all holds")

    for one in (verify, who, retain, add, end, listed):
        one.add_argument("--json", action="store_true", help="as data")
    for one in (verify, who, export, retain, add, end, listed):
        options(one)


def run_audit(place: HubPlace, options: argparse.Namespace) -> int:
    """Run one of them and return its exit status."""
    from launcher.bootstrap import hub_audit

    match options.audit:
        case "verify":
            return hub_audit.run_verify(place, tuple(options.log), tuple(options.key), as_json=options.json)
        case "who":
            return hub_audit.run_who(place, options.terminal, options.begin, options.end, as_json=options.json)
        case "export":
            return hub_audit.run_export(place, options.format, options.since, options.many)
        case "retain":
            return hub_audit.run_retain(place, dry=options.dry_run, as_json=options.json)
    match options.hold:
        case "add":
            asked = (options.officer or "", options.terminal or "", options.begin, options.end, options.reason)
            return hub_audit.run_hold_add(place, *asked, as_json=options.json)
        case "remove":
            return hub_audit.run_hold_remove(place, options.number, as_json=options.json)
        case _:
            return hub_audit.run_hold_list(place, as_json=options.json)


def _begin(text: str) -> float:
    return _time(text, later=False)


def _end(text: str) -> float:
    return _time(text, later=True)


def _time(text: str, *, later: bool) -> float:
    """Return a time in seconds; of the hour that comes twice in autumn the earlier one, or the later."""
    try:
        said = datetime.fromisoformat(text)
        seconds = (said if said.tzinfo is not None else said.replace(fold=int(later)).astimezone()).timestamp()
    except (ValueError, OverflowError, OSError):
        seconds = -1.0
    if seconds < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 2026-11-26T08:00")
    return seconds


def text_of(longest: int, shortest: int = 1) -> Callable[[str], str]:
    """Return the type of an argument that is a text of a length, of what can be written down."""

    def checked(text: str) -> str:
        from launcher.wire.hub.kinds import NO_TEXT

        if NO_TEXT.search(text) or _NO_UTF_8.search(text):
            raise argparse.ArgumentTypeError("it has control characters, or is no UTF-8")
        if not text.strip():  # as of a script's variable that is not set
            raise argparse.ArgumentTypeError("it is empty")
        if not shortest <= len(text.strip()) <= longest:
            fewer = f"fewer than {shortest} or " if shortest > 1 else ""
            raise argparse.ArgumentTypeError(f"it has {fewer}more than {longest} characters")
        return text.strip()

    return checked


def _public_key(text: str) -> str:
    from launcher.signing import is_public_key

    if not is_public_key(text):
        raise argparse.ArgumentTypeError("it is no public key of a hub's: 32 bytes in base64")
    return text


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 15:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 on")
    return int(text)
