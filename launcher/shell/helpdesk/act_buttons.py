"""The buttons of the acts: each with its icon, its word and its name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from launcher.shell.helpdesk.words import act_word
from launcher.shell.look import Button, Type
from launcher.wire.hub.helpdesk import ActKind

_ICONS = {
    "log-off": "sign-out",
    "lock": "lock-simple",
    "message": "chat-circle-text",
    "suspend": "prohibit",
    "unsuspend": "check",
    "revoke": "key",
}


def act_buttons(kinds: tuple[ActKind, ...], pressed: Callable[[ActKind], None]) -> dict[ActKind, Button]:
    """Make a button for each kind of act. ``pressed``: takes which."""
    return {kind: _made(kind, pressed) for kind in kinds}


def _made(kind: ActKind, pressed: Callable[[ActKind], None]) -> Button:
    button = Button(act_word(kind), icon=_ICONS[kind], height=44, role=Type.STRONG)
    button.setObjectName(f"helpdesk-{kind}")
    button.clicked.connect(partial(pressed, kind))
    return button
