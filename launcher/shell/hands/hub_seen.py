"""What the screens show of the hub, as data: what a caller reads out, and what the helpdesk has done and said."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from launcher.session.snapshot import Snapshot


def of_hub(now: Snapshot) -> dict[str, object]:
    """Return what stands on the screens."""
    hub, bring, second = now.hub, now.bring, now.second
    return {
        "hub": None
        if hub is None
        else {
            "enrolled": hub.enrolled,
            "reachable": hub.reachable,
            "proved": hub.proved,
            "roles": list(hub.roles),
            "supervisor": hub.supervisor,
            "error": hub.error.reference if hub.error is not None else "",
        },
        "notices_of_hub": [{"id": one.id, "text": one.text, "systems": list(one.systems)} for one in now.hub_notices],
        "letters": now.letters.letters if now.letters is not None else "",
        "elsewhere": [
            {
                "sitting": one.sitting,
                "terminal": one.terminal,
                "systems": one.systems,
                "unsaved": one.unsaved,
                "reachable": one.reachable,
            }
            for one in now.elsewhere
        ],
        "bring": None
        if bring is None
        else {
            "state": bring.state,
            "terminal": bring.terminal,
            "systems": bring.systems,
            "left_signed_on": list(bring.left_signed_on),
            "error": bring.error.detail or bring.error.reference if bring.error is not None else "",
        },
        "messages": [{"command": one.command, "text": one.text, "by": one.by_name} for one in now.messages],
        "deeds": [
            {"what": one.what, "by": one.by_name, "reason": one.reason, "system": one.system} for one in now.deeds
        ],
        "told": [
            {
                "reference": one.reference,
                "system": one.system,
                "number": one.number,
                "error": one.error.reference if one.error is not None else "",
            }
            for one in now.told
        ],
        "second": None if second is None else {"request": second.request, "what": second.what},
    }


def shows_of_hub(now: Snapshot, what: str) -> bool:
    """Say whether something of the hub is there; ``what`` may name it further, after a colon."""
    kind, _, name = what.partition(":")
    match kind:
        case "reachable" | "proved":
            return now.hub is not None and bool(getattr(now.hub, kind))
        case "away":
            return now.hub is None or not now.hub.reachable
        case "role":
            return now.hub is not None and name in now.hub.roles
        case "elsewhere":
            return any(not name or one.terminal == name for one in now.elsewhere)
        case "nowhere":
            return not now.elsewhere
        case "message":
            return any(name in one.text for one in now.messages)
        case "deed":
            return any(not name or one.what == name for one in now.deeds)
        case "notice":
            return any(name in one.text for one in now.hub_notices)
        case "no-notice":
            return all(name not in one.text for one in now.hub_notices)
        case "letters":
            return now.letters is not None
        case "second":
            return now.second is not None and now.stage == "signing-in"
        case _:
            return False
