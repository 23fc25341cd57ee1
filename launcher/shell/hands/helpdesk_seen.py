"""What the helpdesk's panel shows, as data that names nobody: terminals, states and counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from launcher.session.snapshot import Snapshot

if TYPE_CHECKING:
    from launcher.session.helpdesk.view import ActView, HelpdeskView


def at_helpdesk(now: Snapshot) -> dict[str, object] | None:
    """Return it; None: this officer has no such panel."""
    panel = now.helpdesk
    if panel is None:
        return None
    looking, page = panel.looking, panel.page.page
    found = looking.found
    return {
        "supervisor": panel.supervisor,
        "case": looking.case is not None,
        "verified": looking.case is not None
        and bool(panel.page.officer)
        and looking.case.verified == panel.page.officer,
        "found": None if found is None else len(found.officers) + len(found.terminals),
        "shown": page is not None,
        "suspended": page is not None and page.suspended,
        "sittings": _sittings(panel),
        "acts": [_act(one) for one in panel.acts],
        "requests": [{"kind": one.kind, "state": one.state} for one in panel.force.requests],
        "wrong": [{"kind": one.kind, "system": one.system} for one in panel.force.wrong.wrong]
        if panel.force.wrong is not None
        else [],
        "notices": len(panel.force.wrong.notices) if panel.force.wrong is not None else 0,
        "errors": _errors(panel),
    }


def _sittings(panel: HelpdeskView) -> list[dict[str, object]]:
    page = panel.page.page
    return [
        {
            "terminal": one.terminal,
            "state": one.sitting.state,
            "reachable": one.reachable,
            "unsaved": one.sitting.unsaved,
            "running": one.sitting.running,
            "systems": {system.system: system.state for system in one.sitting.systems},
        }
        for one in (page.sittings if page is not None else ())
    ]


def _act(act: ActView) -> dict[str, object]:
    commands = act.acted.commands if act.acted is not None else ()
    answers = [one.answer for one in commands if one.answer is not None]
    return {
        "kind": act.kind,
        "terminal": act.terminal,
        "state": act.state,
        "done_ms": act.done_ms,
        "error": act.error.reference if act.error is not None else "",
        "commands": [{"terminal": one.terminal, "state": one.state} for one in commands],
        "outcomes": [one.outcome for one in answers],
        "covered_ms": next((one.covered_ms for one in answers if one.covered_ms is not None), None),
        "left_signed_on": [where for one in answers for where in one.left_signed_on],
        "not_told": [one.terminal for one in act.acted.unreachable] if act.acted is not None else [],
    }


def _errors(panel: HelpdeskView) -> list[str]:
    looking, force = panel.looking, panel.force
    errors = (
        looking.case_error,
        looking.find_error,
        looking.letters_error,
        panel.page.error,
        force.wrong_error,
        force.requests_error,
        force.answer_error,
        panel.notice.error,
        panel.grants.error,
    )
    return [one.reference for one in errors if one is not None]
