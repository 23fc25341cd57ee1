"""``station-launcher helpdesk …``: the rules of the panel, without a screen."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from pydantic import BaseModel, ValidationError

from launcher.bootstrap import helpdesk_tables as tables
from launcher.bootstrap.helpdesk_json import as_data, refusal
from launcher.bootstrap.helpdesk_road import NEXT_STEPS, Options, Way, officer_road, way_of
from launcher.errors import LauncherError
from launcher.session.helpdesk.errors import LettersMistypedError, ReasonMissingError
from launcher.session.helpdesk.looking import are_letters, is_reason, letters_of
from launcher.wire.hub.commands import CommandState
from launcher.wire.hub.helpdesk import (
    Act,
    Acted,
    ActKind,
    AskSupervisor,
    GiveNotice,
    OfficerPage,
    OpenCase,
    Second,
)
from launcher.wire.hub.officers import GrantRole

if TYPE_CHECKING:
    from launcher.hub_client.officer import OfficerRoad

DONE, REFUSED, NOT_YET, LEFT = 0, 1, 3, 4
"""Exit statuses; 2 is a wrong command line."""

OF_ALL: Final[frozenset[ActKind]] = frozenset({"suspend", "unsuspend", "revoke"})


class NobodyMeantError(LauncherError):
    """What was given names no officer, or several, or none of their sessions."""

    reference = "helpdesk-nobody-meant"
    hint = "Name one officer, by number or key, and with --at the terminal of one session."


class AlteredError(LauncherError):
    """What a second person is to approve is not what they have read."""

    reference = "helpdesk-request-altered"
    hint = "Read it again: station-launcher helpdesk requests."


class NotTakenError(LauncherError):
    """Something on the command line is longer, shorter or of other letters than the hub takes."""

    reference = "helpdesk-not-taken"
    hint = "Correct it, then try again."


def run_helpdesk(options: Options) -> int:
    """Run one command and return its exit status; with ``--json`` a refusal is data on standard output, too."""
    refused: LauncherError
    try:
        return asyncio.run(_run(way_of(options), options))
    except ValidationError as fault:
        where = ", ".join(".".join(map(str, one["loc"])) for one in fault.errors(include_input=False))
        refused = NotTakenError(f"The hub does not take this: {where}.")
    except LauncherError as fault:
        refused = fault
    refused.next_step = NEXT_STEPS.get(refused.reference, refused.next_step)
    if not options.json:
        raise refused
    print(refusal(refused, _case(options)))
    return REFUSED


async def _run(way: Way, options: Options) -> int:
    async with officer_road(way) as road:
        match options.what:
            case "find" | "show" | "letters" | "told" | "act":
                return await _in_case(road, options)
            case "acted":
                return _told(await _waited(road, await road.acted(options.key), options.wait), options)
            case "requests" | "second" | "supervisor":
                return await _second(road, options)
            case "role" | "roles" | "role-end" | "me":
                return await _roles(road, options)
            case _:
                return await _force(road, options)


# --- in a case


async def _in_case(road: OfficerRoad, options: Options) -> int:
    if options.what == "letters" and not are_letters(letters_of(options.letters)):
        raise LettersMistypedError("These are not six letters of a screen.")
    if not options.case:
        options.case = await _opened(road, options)  # what follows, a refusal too, is said to be of this case
    case: str = options.case
    match options.what:
        case "find":
            found = await road.find(case, options.text)
            _print(found, tables.found_lines(found), options)
            return DONE if found.officers or found.terminals else REFUSED
        case "letters":
            by_letters = await road.verify(case, letters_of(options.letters))
            _print(by_letters, tables.letters_lines(by_letters), options)
            return DONE if by_letters.officer is not None else REFUSED
        case "show":
            page = await road.page(case, await _meant(road, case, options.who))
            _print(page, tables.page_lines(page), options)
            return DONE
        case "told":
            told = await road.told(case, options.number)
            _print(told, tables.told_lines(told), options)
            return DONE
        case _:
            return await _act(road, case, options)


async def _opened(road: OfficerRoad, options: Options) -> str:
    reason = options.reason.strip()
    if not is_reason(reason):
        raise ReasonMissingError("There is no reason.")
    case = await road.open_case(OpenCase(reason=reason, key=uuid4().hex))
    if not options.json:
        print(f"Case {case.case}", file=sys.stderr)
    return case.case


async def _meant(road: OfficerRoad, case: str, who: str) -> str:
    """Return the key of the one officer who is meant: by their number, else by what finds nobody but them."""
    if "#" in who:
        return who
    found = await road.find(case, who)
    everybody = {one.officer: one for one in found.officers}
    everybody |= {one.officer: one for terminal in found.terminals for one in terminal.officers}
    exact = [
        one.officer for one in everybody.values() if who.casefold() in (one.number.casefold(), one.name.casefold())
    ]
    meant = exact if len(exact) == 1 else list(everybody)
    if len(meant) != 1 or (found.more and not exact):
        lines = "\n".join(tables.found_lines(found)) if everybody else ""
        raise NobodyMeantError(
            f"{tables.plain(who)!r} names {len(meant) or 'no'} officer{'s' if len(meant) > 1 else ''}.", detail=lines
        )
    return meant[0]


async def _act(road: OfficerRoad, case: str, options: Options) -> int:
    kind: ActKind = options.kind
    reason = options.reason.strip()
    if not is_reason(reason):
        raise ReasonMissingError("There is no reason for this act.")
    officer = await _meant(road, case, options.who)
    sitting = None
    if kind not in OF_ALL or options.at:
        sitting = _sitting(await road.page(case, officer), options.at)
    act = Act(
        key=options.key or uuid4().hex,
        case=case,
        kind=kind,
        officer=officer,
        sitting=sitting,
        system=options.system,
        text=options.text,
        reason=reason,
    )
    return _told(await _waited(road, await road.act(act), options.wait), options)


def _sitting(page: OfficerPage, at: str) -> str:
    if not page.sittings:
        raise NobodyMeantError(
            f"{tables.plain(page.name)} is not logged on anywhere.",
            hint=f"This act is for a session. Without one there are {', '.join(sorted(OF_ALL))}.",
        )
    there = [one for one in page.sittings if at.casefold() in ("", one.terminal.casefold(), one.sitting.sitting)]
    if len(there) != 1:
        where = ", ".join(tables.plain(one.terminal) for one in page.sittings)
        raise NobodyMeantError(f"Which session is meant? They are logged on at: {where}.")
    return there[0].sitting.sitting


async def _waited(road: OfficerRoad, acted: Acted, wait_s: float) -> Acted:
    """Wait until each terminal has said its last word, but not for those that are away, nor for a second person."""
    until = time.monotonic() + wait_s
    while acted.state == "sent" and any(
        one.state in ("waiting", "acknowledged") or _more(one) for one in acted.commands
    ):
        left = until - time.monotonic()
        if left <= 0:
            break
        acted = await road.acted(acted.key, left, acted.version)
    return acted


def _more(command: CommandState) -> bool:
    return command.answer is not None and command.answer.more


def _told(acted: Acted, options: Options) -> int:
    """Print what became of an act; its name is said where it is not over, so that it can be asked for."""
    _print(acted, tables.acted_lines(acted), options)
    outcomes = [one.answer.outcome if one.answer is not None else one.state for one in acted.commands]
    if acted.state in ("refused", "expired") or {"refused", "failed", "unknown", "expired"} & set(outcomes):
        return REFUSED
    if acted.state == "waits-for-second" or any(one.answer is None or one.answer.more for one in acted.commands):
        return NOT_YET
    if acted.unreachable:
        return NOT_YET
    return LEFT if "partly" in outcomes else DONE


# --- the second person


async def _second(road: OfficerRoad, options: Options) -> int:
    if options.what == "supervisor":
        command = await road.ask_supervisor(options.request, AskSupervisor(sitting=options.sitting))
        _print(command, tables.command_lines((command,), ""), options)
        return DONE if command.answer is not None else NOT_YET
    requests = await road.requests()
    if options.what == "requests":
        _print(requests, tables.request_lines(requests), options)
        return DONE
    asked = next((one for one in requests if one.request == options.request), None)
    given = options.digest.lower()
    if asked is None or len(given) < len(_SHOWN) or not asked.digest.startswith(given):
        raise AlteredError("There is no such request, or it was altered since it was read.")
    answer = Second(digest=asked.digest, approve=options.answer == "approve", reason=options.reason)
    answered = await road.second(asked.request, answer)
    _print(answered, tables.request_lines((answered,)), options)
    return DONE


_SHOWN: Final = "0" * 16
"""So much of a digest is shown, and must be named at least."""


# --- the force


async def _force(road: OfficerRoad, options: Options) -> int:
    match options.what:
        case "wrong":
            wrong = await road.wrong()
            _print(wrong, tables.wrong_lines(wrong), options)
        case "away":
            away = await road.away()
            _print(away, tables.away_lines(away.terminals, away.n), options)
        case "notices":
            notices = await road.notices()
            _print(notices, tables.notice_lines(notices), options)
        case "notice":
            given = GiveNotice(
                key=uuid4().hex, text=options.text, systems=options.system, places=options.place, hours=options.hours
            )
            line = await road.give_notice(given)
            _print(line, tables.notice_lines((line,)), options)
        case "withdraw":
            await road.withdraw_notice(options.notice)
            _print((), ["Withdrawn."], options)
        case _:
            await road.close_told(options.number)
            _print((), [f"{tables.plain(options.number)} is done."], options)
    return DONE


async def _roles(road: OfficerRoad, options: Options) -> int:
    match options.what:
        case "me":
            me = await road.me()
            _print(me, tables.me_lines(me), options)
        case "role":
            who = options.officer
            officer = who if "#" in who else (await road.named(who)).officer
            role = GrantRole(
                officer=officer, role=options.role, hours=options.hours, reason=options.reason, key=uuid4().hex
            )
            granted = await road.grant(role)
            _print(granted, tables.role_lines((granted,)), options)
        case "roles":
            roles = await road.grants()
            _print(roles, tables.role_lines(roles), options)
        case _:
            await road.end_grant(options.id)
            _print((), ["Taken back."], options)
    return DONE


def _print(said: BaseModel | Sequence[BaseModel], lines: Sequence[str], options: Options) -> None:
    print(as_data(said, _case(options)) if options.json else "\n".join(lines))


def _case(options: Options) -> str:
    return str(getattr(options, "case", ""))  # some commands are of no case
