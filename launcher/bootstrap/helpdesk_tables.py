"""What ``station-launcher helpdesk`` prints for a person: tables of the hub's records.

What comes from outside is printed without its control characters: a terminal would obey them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from launcher.wire.hub.commands import CommandState
from launcher.wire.hub.helpdesk import (
    Acted,
    AllWrong,
    ByLetters,
    Found,
    FoundTerminal,
    OfficerPage,
    SecondRequest,
    SittingView,
    ToldView,
    UnreachableTerminal,
    Waterfall,
)
from launcher.wire.hub.officers import GrantedRole, Me
from launcher.wire.hub.sittings import NoticeLine

Row = Sequence[object]


def plain(value: object) -> str:
    """Return a text from outside as one line that a terminal only shows."""
    return "".join(letter if letter.isprintable() else " " for letter in str(value))


def local(at: float) -> str:
    """Return a time of the wall clock, here, with its zone."""
    return f"{datetime.fromtimestamp(at).astimezone():%Y-%m-%d %H:%M:%S %z}"


def table(heads: Sequence[str], rows: Iterable[Row], none: str) -> list[str]:
    """Return a table's lines; ``none`` where it has no rows."""
    lines = [[plain(cell) for cell in row] for row in rows]
    if not lines:
        return [none]
    widths = [max(map(len, column)) for column in zip(heads, *lines, strict=True)]
    return [
        "  ".join(cell.ljust(wide) for cell, wide in zip(row, widths, strict=True)).rstrip() for row in (heads, *lines)
    ]


def found_lines(found: Found) -> list[str]:
    """Return who and what was found."""
    officers = [(one.number, one.name, "yes" if one.logged_on else "no", one.officer) for one in found.officers]
    terminals = [
        (
            one.terminal,
            one.place,
            "yes" if one.reachable else "no",
            ", ".join(f"{who.number} {who.name}" for who in one.officers) or "nobody shown",
        )
        for one in found.terminals
    ]
    if not officers and not terminals:
        return ["No officer and no terminal was found. A terminal is found once it has told the hub of itself."]
    lines = table(("NUMBER", "NAME", "LOGGED ON", "KEY"), officers, "") if officers else []
    if terminals:
        between = [""] if officers else []
        lines += [*between, *table(("TERMINAL", "PLACE", "REACHABLE", "LOGGED ON"), terminals, "")]
        for terminal in found.terminals:
            lines += refused_lines(terminal)
    return [*lines, "", "There are more: write on."] if found.more else lines


def refused_lines(terminal: FoundTerminal) -> list[str]:
    """Return the log-ons that a terminal refused in the last hour; nothing where there are none."""
    refused = [(local(one.at), one.reference, one.words) for one in terminal.refused]
    if not refused:
        return []
    heading = f"Log-ons that {plain(terminal.terminal)}, {plain(terminal.place)}, refused in the last hour:"
    return ["", heading, *table(("TIME", "REFERENCE", "ITS OWN WORDS"), refused, "")]


def letters_lines(by_letters: ByLetters) -> list[str]:
    """Return whose screen shows the letters."""
    where = f"{plain(by_letters.terminal.terminal)}, {plain(by_letters.terminal.place)}"
    if by_letters.officer is None:
        nobody = f"These letters are on {where}. Nobody is logged on there: they verify nobody."
        return [nobody, *refused_lines(by_letters.terminal)]
    who = [f"{one.number} {one.name}" for one in by_letters.terminal.officers if one.officer == by_letters.officer]
    until = by_letters.case.verified_until
    verified = f"Verified until {local(until)}: " if until is not None else ""
    return [f"{verified}{plain(', '.join(who) or by_letters.officer)} at {where}."]


def page_lines(page: OfficerPage) -> list[str]:
    """Return an officer's page."""
    lines = [f"{plain(page.name)}, {plain(page.number)}  {plain(page.officer)}"]
    if page.suspended:
        lines.append("SUSPENDED: no terminal that knows of it lets this officer in.")
    lines += [f"May still be signed on: {plain(where)}" for where in page.left_signed_on]
    if not page.sittings:
        lines.append("Not logged on anywhere.")
    for sitting in page.sittings:
        lines += ["", *_sitting_lines(sitting)]
    lines += ["", *_waterfall_lines(page.recent, "Nothing was opened in the last days.")]
    lines += ["", *command_lines(page.deeds, "Nothing was done to this officer's sessions in the last days.")]
    noted = [(local(one.at), one.kind, one.by_name, one.reason) for one in page.suspensions]
    if not noted:
        return lines
    heading = "Suspended or let in again while no terminal was to be told:"
    return [*lines, "", heading, *table(("TIME", "WHAT", "BY", "REASON"), noted, "")]


def _waterfall_lines(opened: Sequence[Waterfall], none: str) -> list[str]:
    rows = [
        (
            local(one.record.at),
            one.terminal,
            one.name or getattr(one.record, "system", "log-on"),
            one.record.outcome,
            f"{one.record.total_ms / 1000:.1f} s",
            one.record.reference or "",
            one.words,
        )
        for one in opened
    ]
    heads = ("TIME", "TERMINAL", "SYSTEM", "OUTCOME", "TOOK", "REFERENCE", "ITS OWN WORDS")
    return table(heads, rows, none)


def told_lines(told: ToldView) -> list[str]:
    """Return what an officer has told, and what they had opened before."""
    whose = plain(told.name) if told.name else "an officer who is not named"
    where = f"{plain(told.terminal)}, {plain(told.place)}" if told.terminal else "a terminal that is not named"
    lines = [
        f"{plain(told.number)}, {local(told.at)}, by {whose} at {where}",
        f"{plain(told.system) or 'No system'}: {plain(told.reference)}",
        "It is dealt with." if told.closed else "Nobody has dealt with it yet.",
    ]
    return [*lines, "", *_waterfall_lines(told.timeline, "Nothing was opened before.")]


def _sitting_lines(view: SittingView) -> list[str]:
    sitting = view.sitting
    reach = "" if view.reachable else f", AWAY: last heard {local(view.last_heard)}"
    lines = [
        f"{plain(view.terminal)}, {plain(view.place)}: {sitting.state} since {local(sitting.state_since)}{reach}",
        f"  logged on since {local(sitting.since)}, {sitting.unsaved} unsaved pages, {sitting.running} programs run",
        f"  session {sitting.sitting}",
    ]
    systems = [
        (
            one.name,
            one.system,
            one.state,
            "" if one.took_ms is None else f"{one.took_ms / 1000:.1f} s",
            one.reference or "",
            one.words,
        )
        for one in sitting.systems
    ]
    heads = ("SYSTEM", "ID", "STATE", "TOOK", "REFERENCE", "ITS OWN WORDS")
    return lines + [f"  {line}" for line in table(heads, systems, "Nothing is open.")]


def acted_lines(acted: Acted) -> list[str]:
    """Return what became of an act."""
    lines = [f"Act {acted.key}: {acted.state}"]
    if acted.state == "waits-for-second":
        lines.append(f"It waits for a second person: request {acted.request}.")
    if acted.words:
        lines.append(plain(acted.words))
    if acted.commands:
        lines += command_lines(acted.commands, "")
    lines += [
        f"May still be signed on: {plain(where)}"
        for one in acted.commands
        for where in (one.answer.left_signed_on if one.answer is not None else ())
    ]
    lines += [
        f"Not told yet: {plain(one.terminal)}, {plain(one.place)}, last heard {local(one.last_heard)}"
        for one in acted.unreachable
    ]
    if not acted.others_away:
        return lines
    more = "They know nothing of it, and let the officer in if the directory does."
    return [*lines, f"More terminals that are away: {acted.others_away}. {more}"]


def command_lines(commands: Sequence[CommandState], none: str) -> list[str]:
    """Return what was sent to terminals, and what they have answered."""
    rows = [
        (
            local(one.made),
            one.terminal,
            one.kind,
            one.system or "",
            one.by_name,
            one.answer.outcome if one.answer is not None else one.state,
            _ms(one),
            one.answer.words if one.answer is not None else "",
            one.reason,
        )
        for one in commands
    ]
    return table(("TIME", "TERMINAL", "WHAT", "SYSTEM", "BY", "OUTCOME", "TOOK", "WORDS", "REASON"), rows, none)


def _ms(command: CommandState) -> str:
    answer = command.answer
    if answer is None:
        return ""
    took = answer.covered_ms if answer.covered_ms is not None else answer.took_ms
    return "" if took is None else f"{took:.0f} ms"


def request_lines(requests: Sequence[SecondRequest]) -> list[str]:
    """Return what waits for a second person, with the digest that an answer names."""
    rows = [
        (
            one.request,
            one.kind,
            one.name,
            one.terminal,
            one.system,
            one.by_name,
            one.state,
            local(one.expires),
            one.digest[:16],
            one.reason,
        )
        for one in requests
    ]
    heads = ("REQUEST", "WHAT", "OFFICER", "TERMINAL", "SYSTEM", "BY", "STATE", "UNTIL", "DIGEST", "REASON")
    return table(heads, rows, "Nothing waits for a second person.")


def wrong_lines(wrong: AllWrong) -> list[str]:
    """Return what is wrong now, what was told and the notices."""
    rows = [
        (
            one.kind,
            one.name or one.system,
            one.place or "everywhere",
            f"{one.failures}/{one.n}",
            one.terminals,
            "" if one.p95_ms is None else f"{one.p95_ms / 1000:.1f} s",
            "" if one.usual_p95_ms is None else f"{one.usual_p95_ms / 1000:.1f} s",
            local(one.since),
            one.reference,
            one.words,
        )
        for one in wrong.wrong
    ]
    heads = ("WHAT", "SYSTEM", "PLACE", "FAILED", "TERMINALS", "P95", "USUALLY", "SINCE", "REFERENCE", "ITS OWN WORDS")
    lines = table(heads, rows, "Nothing fails and nothing is slow.")
    told = [
        (one.number, local(one.at), one.terminal, one.name, one.system, one.reference)
        for one in wrong.told
        if not one.closed
    ]
    if told:
        lines += ["", *table(("NUMBER", "TOLD", "TERMINAL", "OFFICER", "SYSTEM", "REFERENCE"), told, "")]
    return [*lines, "", *notice_lines(wrong.notices)]


def notice_lines(notices: Sequence[NoticeLine]) -> list[str]:
    """Return the notices that hold."""
    rows = [
        (
            one.id,
            local(one.since),
            "withdrawn" if one.until is None else local(one.until),
            ", ".join(one.systems) or "whole terminal",
            ", ".join(one.places) or "everywhere",
            one.text,
        )
        for one in notices
    ]
    return table(("ID", "SINCE", "UNTIL", "SYSTEMS", "PLACES", "TEXT"), rows, "No notice holds.")


def role_lines(granted: Sequence[GrantedRole]) -> list[str]:
    """Return the roles that were given."""
    rows = [
        (one.id, one.name, one.role, one.granted_by, local(one.until), "ended" if one.ended else "holds", one.reason)
        for one in granted
    ]
    return table(("ID", "OFFICER", "ROLE", "BY", "UNTIL", "STATE", "REASON"), rows, "No role was given.")


def me_lines(me: Me) -> list[str]:
    """Return who the hub takes somebody for."""
    rows = [(one.role, one.by, one.granted_by, "" if one.until is None else local(one.until)) for one in me.roles]
    who = f"{plain(me.person.name)}, {plain(me.person.number)}  {plain(me.person.officer)}"
    supervisor = ["A supervisor."] if me.supervisor else []
    return [who, *supervisor, *table(("ROLE", "FROM", "GIVEN BY", "UNTIL"), rows, "No role.")]


def away_lines(terminals: Sequence[UnreachableTerminal], n: int) -> list[str]:
    """Return the terminals that the hub does not hear, ``n`` in all."""
    rows = [(one.terminal, one.place, local(one.last_heard)) for one in terminals]
    lines = table(("TERMINAL", "PLACE", "LAST HEARD"), rows, "Every terminal is heard.")
    return [*lines, "", f"There are {n} in all."] if n > len(rows) else lines
