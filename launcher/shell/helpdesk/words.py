"""What the panel says of the hub's records: sentences of words in ``en.helpdesk.toml`` and of what systems said."""

from __future__ import annotations

from collections.abc import Mapping

from launcher.session.helpdesk.view import ActView
from launcher.shell.hub.words import when
from launcher.shell.look import State, seconds, word
from launcher.wire.hub.commands import Answer, CommandState
from launcher.wire.hub.helpdesk import OfficerPage, SecondRequest, SittingView, ToldView, UnreachableTerminal, WrongNow
from launcher.wire.hub.officers import Deed
from launcher.wire.hub.sittings import NoticeLine, OpenSystem


def act_word(kind: str) -> str:
    """Return what an act is called."""
    return word(f"helpdesk.act.{kind}")


def ended(sentence: str) -> str:
    """Return what somebody wrote, without the stop that a sentence around it brings."""
    return sentence.strip().rstrip(".")


# --- sittings and systems


def place_of(sitting: SittingView) -> str:
    """Return the terminal and its place."""
    return _at_place(sitting.terminal, sitting.place)


def _at_place(terminal: str, place: str) -> str:
    return word("helpdesk.sitting.at", terminal=terminal, place=place) if place else terminal


def sitting_facts(view: SittingView) -> str:
    """Return how long somebody has been logged on there, how they were proved, and what would be lost."""
    sitting = view.sitting
    proved = "" if sitting.proved_by == "unknown" else word(f"helpdesk.proved.{sitting.proved_by}")
    facts = [f"{word('helpdesk.sitting.on_since', time=when(sitting.since))} {proved}".strip()]
    if sitting.state in ("locked", "ending"):
        state = word(f"helpdesk.sitting.state.{sitting.state}")
        facts.append(word("helpdesk.sitting.state_since", state=state, time=when(sitting.state_since)))
    if sitting.unsaved:
        facts.append(word("helpdesk.sitting.unsaved", count=sitting.unsaved))
    if sitting.running:
        facts.append(word("helpdesk.sitting.running", count=sitting.running))
    return " · ".join(facts)


def system_facts(system: OpenSystem) -> str:
    """Return what is beside a system's state: how long it took, its reference and its own words."""
    facts: list[str] = []
    if system.state == "ready" and system.took_ms is not None:
        facts.append(word("helpdesk.sitting.ready_in", seconds=seconds(system.took_ms)))
    elif system.state != "ready":
        facts.append(word("helpdesk.sitting.since", time=when(system.since)))
    if system.reference:
        facts.append(system.reference)
    if system.words:
        facts.append(word("helpdesk.sitting.says", words=system.words))
    return " · ".join(facts)


# --- acts and their answers


def act_heading(act: ActView) -> str:
    """Return what was done, where and to whom."""
    where = word("helpdesk.answer.of", system=act.system) if act.system else ""
    where += word("helpdesk.answer.at", terminal=act.terminal) if act.terminal else word("helpdesk.answer.all")
    where += word("helpdesk.answer.name", name=act.name) if act.name else ""
    return word("helpdesk.answer.line", act=act_word(act.kind), where=where)


def act_state(act: ActView) -> State:
    """Return how an act stands, as a state with its icon."""
    if act.state in ("failed", "refused", "expired"):
        return State.FAILED
    if act.state == "waits-for-second":
        return State.NEEDS
    commands = act.acted.commands if act.acted is not None else ()
    if any(_went_wrong(one) for one in commands):
        return State.FAILED
    if any(one.answer is not None and one.answer.outcome == "unknown" for one in commands):
        return State.UNKNOWN
    if act.state == "answered":
        left = any(one.answer is not None and one.answer.outcome == "partly" for one in commands)
        return State.DEGRADED if left else State.READY
    return State.OFFLINE if commands and all(one.state == "away" for one in commands) else State.OPENING


def act_state_word(act: ActView) -> str:
    """Return the word for how an act stands; a second person's no is not a fault."""
    if act.state in ("refused", "expired"):
        return word(f"helpdesk.answer.state.{act.state}")
    return word(f"helpdesk.answer.state.{_STATE_WORDS[act_state(act)]}")


_STATE_WORDS = {
    State.FAILED: "failed",
    State.NEEDS: "waits",
    State.READY: "done",
    State.DEGRADED: "partly",
    State.OFFLINE: "away",
    State.OPENING: "on_its_way",
    State.UNKNOWN: "unknown",
}


def took(ms: float) -> str:
    """Return how long something took, below a second in milliseconds."""
    return word("helpdesk.answer.ms", ms=round(ms)) if ms < 1000 else seconds(ms)


def _went_wrong(command: CommandState) -> bool:
    answer = command.answer
    if answer is None:
        return command.state == "expired"
    return answer.outcome in ("refused", "failed", "expired")


def act_sentences(act: ActView) -> tuple[str, ...]:
    """Return what became of an act, a sentence a line."""
    acted = act.acted
    if act.error is not None:
        return tuple(part for part in (act.error.what, act.error.next_step, _reference(act.error.reference)) if part)
    if acted is None:
        return (word("helpdesk.answer.sending"),)
    said: list[str] = []
    if acted.state == "waits-for-second":
        said.append(word("helpdesk.answer.waits"))
    elif acted.state == "refused":
        why = ended(acted.words)
        said.append(word("helpdesk.answer.refused_why", why=why) if why else word("helpdesk.answer.refused"))
    elif acted.state == "expired":
        said.append(word("helpdesk.answer.expired"))
    elif not acted.commands:
        said.append(word("helpdesk.answer.done_everywhere"))
    for command in acted.commands:
        done_ms = act.done_ms if len(acted.commands) == 1 else None
        said += command_sentences(command, done_ms, late=command.id in act.late)
    said += [not_told(one) for one in acted.unreachable]
    if acted.others_away:
        said.append(word("helpdesk.answer.others_away", count=acted.others_away))
    return tuple(said)


def command_sentences(command: CommandState, done_ms: float | None = None, *, late: bool = False) -> tuple[str, ...]:
    """Return what became of one command. ``done_ms``: until its answer was here; ``late``: it should be here."""
    terminal, answer = command.terminal, command.answer
    if answer is not None:
        return (_answered(terminal, answer, done_ms), *_left(answer))
    match command.state:
        case "away":
            return (word("helpdesk.answer.away", terminal=terminal, time=when(command.expires)),)
        case "expired":
            return (word("helpdesk.answer.command_expired", terminal=terminal),)
        case "acknowledged":
            return (word("helpdesk.answer.begun", terminal=terminal),)
        case _:
            return (word("helpdesk.answer.not_taken" if late else "helpdesk.answer.sent", terminal=terminal),)


def _answered(terminal: str, answer: Answer, done_ms: float | None) -> str:
    why = ended(answer.words) or answer.reference
    if answer.more and answer.words:  # the terminal's own: what stands now, before more comes
        return word("helpdesk.answer.says", terminal=terminal, words=answer.words)
    match answer.outcome:
        case "refused":
            return word("helpdesk.answer.answer_refused", terminal=terminal, why=why)
        case "failed":
            return word("helpdesk.answer.failed", terminal=terminal, why=why)
        case "unknown":
            interrupted = bool(answer.reference)  # the terminal says so itself; else the hub waits no longer
            return word("helpdesk.answer.unknown" if interrupted else "helpdesk.answer.never_said", terminal=terminal)
        case "expired":
            return word("helpdesk.answer.command_expired", terminal=terminal)
        case "partly":
            said = word("helpdesk.answer.partly", terminal=terminal)
        case _ if done_ms is not None:
            said = word("helpdesk.answer.done_in", terminal=terminal, seconds=took(done_ms))
        case _:
            said = word("helpdesk.answer.done", terminal=terminal)
    if answer.covered_ms is not None:
        said += ", " + word("helpdesk.answer.covered", seconds=took(answer.covered_ms))
    if answer.more:
        said += ", " + word("helpdesk.answer.goes_on")
    return f"{said}."


def _left(answer: Answer) -> tuple[str, ...]:
    return tuple(word("helpdesk.answer.left", where=where) for where in answer.left_signed_on)


def not_told(terminal: UnreachableTerminal) -> str:
    """Return that a terminal could not be told."""
    return word(
        "helpdesk.answer.not_told",
        terminal=terminal.terminal,
        place=terminal.place,
        time=when(terminal.last_heard),
    )


def _reference(reference: str) -> str:
    return word("helpdesk.answer.reference", reference=reference) if reference else ""


def deed_lines(page: OfficerPage) -> tuple[tuple[str, str], ...]:
    """Return what was done to an officer's sessions, the newest first, each by its name."""
    told = [(one.made, str(one.id), deed_line(one)) for one in page.deeds]
    noted = [(one.at, str(one.id), _noted_line(one)) for one in page.suspensions]
    newest_first = sorted((*told, *noted), key=lambda one: one[0], reverse=True)
    return tuple((name, line) for _, name, line in newest_first)


def _noted_line(deed: Deed) -> str:
    return word(
        "helpdesk.deed.line",
        time=when(deed.at),
        by=deed.by_name,
        act=act_word(deed.kind),
        where="",
        reason=ended(deed.reason),
        outcome=word(f"helpdesk.deed.outcome.{deed.outcome}"),
    )


def deed_line(command: CommandState) -> str:
    """Return what was done, by whom, why, and what came of it."""
    where = word("helpdesk.answer.of", system=command.system) if command.system else ""
    where += word("helpdesk.answer.at", terminal=command.terminal)
    answer = command.answer
    if answer is not None and (not answer.more or command.kind == "message"):  # a message on the screen is done
        outcome: str = answer.outcome
    else:
        outcome = command.state if command.state in ("away", "expired") else "waiting"
    return word(
        "helpdesk.deed.line",
        time=when(command.made),
        by=command.by_name,
        act=act_word(command.kind),
        where=where,
        reason=ended(command.reason),
        outcome=word(f"helpdesk.deed.outcome.{outcome}"),
    )


# --- the force


def request_line(request: SecondRequest) -> str:
    """Return who asks for what."""
    where = word("helpdesk.answer.of", system=request.system) if request.system else ""
    where += word("helpdesk.answer.at", terminal=request.terminal) if request.terminal else ""
    return word("helpdesk.second.line", by=request.by_name, act=act_word(request.kind), where=where, name=request.name)


def wrong_line(wrong: WrongNow) -> str:
    """Return what fails, is slow or is away."""
    name = wrong.name or wrong.system
    match wrong.kind:
        case "failing":
            return word("helpdesk.now.failing", name=name, failures=wrong.failures, n=wrong.n)
        case "slow":
            p95 = seconds(wrong.p95_ms or 0.0)
            if wrong.usual_p95_ms is None:
                return word("helpdesk.now.slow_new", name=name, p95=p95)
            return word("helpdesk.now.slow", name=name, p95=p95, usual=seconds(wrong.usual_p95_ms))
        case _:
            return word("helpdesk.now.away", count=wrong.terminals)


def wrong_more(wrong: WrongNow) -> str:
    """Return where and since when, on how many terminals, with the reference and the system's own words."""
    since = when(wrong.since)
    where = word("helpdesk.now.where", place=wrong.place, time=since)
    facts = [where if wrong.place else word("helpdesk.now.everywhere", time=since)]
    if wrong.kind != "terminals-away" and wrong.terminals:
        facts.append(word("helpdesk.now.on", count=wrong.terminals))
    if wrong.reference:
        facts.append(wrong.reference)
    if wrong.words:
        facts.append(word("helpdesk.sitting.says", words=wrong.words))
    return " · ".join(facts)


def notice_line(notice: NoticeLine, names: Mapping[str, str]) -> tuple[str, str]:
    """Return what a notice says, where and since when; and its text alone. ``names``: of systems, by id."""
    systems = ", ".join(names.get(one, one) for one in notice.systems) or word("helpdesk.now.notice_all")
    where = ", ".join((systems, *notice.places))
    return word("helpdesk.now.notice", text=notice.text, where=where, time=when(notice.since)), notice.text


def told_line(told: ToldView, names: Mapping[str, str]) -> str:
    """Return what an officer has told. ``names``: of systems, by id."""
    what = f"{names.get(told.system, told.system)} {told.reference}".strip()
    who = told.name or word("helpdesk.now.told_somebody")
    terminal = _at_place(told.terminal, told.place) or word("helpdesk.now.told_somewhere")
    return word("helpdesk.now.told_line", number=told.number, time=when(told.at), who=who, terminal=terminal, what=what)
