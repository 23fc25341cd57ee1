"""How one signs on to these hosts, changes a password there and signs off, screen by screen as entries say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.servers import linux3270

Table = Mapping[str, object]


def at_prompt(name: str, prompt: str, value: str, *leads_to: str) -> Table:
    """On a VT: the value is typed where the cursor stands behind the prompt."""
    return {"name": name, "before_cursor": prompt, "fill": [{"value": value}], "press": "Enter", "next": [*leads_to]}


def in_hidden_field(name: str, prompt: str, value: str, *leads_to: str) -> Table:
    """On a 3270: the value goes into the one field that hides it."""
    return {
        "name": name,
        "text": [prompt],
        "hidden_inputs": 1,
        "fill": [{"hidden": True, "value": value}],
        "press": "Enter",
        "next": [*leads_to],
    }


# --- the 3270 host of forms

MOCKER_OFF: Final[tuple[Table, ...]] = (
    {"name": "anything", "press": "PF3", "next": ["anything", "thanks"]},
    {"name": "thanks", "text": ["THANK YOU FOR USING"], "unlocked": False, "means": "logon"},
)

# --- the 3270 console, whose prompts scroll

CONSOLE_PROMPT: Final = f"{linux3270.HOST_NAME} login:"
CONSOLE_SHELL: Final = "~ $"
CONSOLE_LOGON: Final[tuple[Table, ...]] = (
    {
        "name": "login",
        "text": [CONSOLE_PROMPT],
        "absent": ["Password:"],
        "fill": [{"input": 1, "value": "{username}"}],
        "press": "Enter",
        "next": ["password"],
    },
    in_hidden_field("password", "Password:", "{password}", "shell", "refused"),
    {"name": "shell", "text": [CONSOLE_SHELL], "means": "ready"},
)
CONSOLE_OFF: Final[tuple[Table, ...]] = (
    {"name": "login", "text": [CONSOLE_PROMPT], "absent": [CONSOLE_SHELL], "means": "logon"},
    {
        "name": "shell",
        "text": [CONSOLE_SHELL],
        "fill": [{"input": 1, "value": "exit"}],
        "press": "Enter",
        "next": ["login"],
    },
)

# --- the Unix host

UNIX_PROMPTS: Final = (
    at_prompt("login", "login:", "{username}", "password"),
    at_prompt("password", "Password:", "{password}", "shell", "refused"),
)
REFUSED: Final[Table] = {"name": "refused", "text": ["Login incorrect"], "means": "failed"}
EXPIRED: Final[Table] = {"name": "expired", "text": ["Your password has expired"], "means": "change-password"}
CHANGE_PROMPTS: Final = (
    at_prompt("current", "Current password:", "{password}", "new", "wrong"),
    at_prompt("new", "New password:", "{new_password}", "again", "not-taken"),
    at_prompt("again", "Retype new password:", "{new_password}", "changed", "not-taken"),
)
CHANGED: Final[Table] = {"name": "changed", "text": ["password updated successfully"], "means": "changed"}
