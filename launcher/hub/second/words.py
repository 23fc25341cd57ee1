"""What is asked of a supervisor, in words for the card at the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from launcher.hub.officers.seats import Seat
    from launcher.wire.hub.helpdesk import Act, ActKind

_WHAT: Final[dict[ActKind, str]] = {
    "log-off": "log {who} off",
    "lock": "lock the screen of {who}",
    "close-system": "close {system} for {who}",
    "open-system": "open {system} for {who} again",
    "forget-credential": "forget what {who} has stored for {system}",
    "revoke": "end what {who} holds at the provider",
    "message": "send {who} a message",
    "suspend": "suspend {who}: end all their sessions and let them in nowhere",
    "unsuspend": "let {who}, who is suspended, in again",
}


def in_words(act: Act, name: str, seat: Seat) -> str:
    """Return the act in words."""
    who = " ".join(one for one in (name or seat.name, seat.number) if one)
    return _WHAT[act.kind].format(who=who, system=act.system or "every system")[:500]
