"""What is said to the hands and what they answer: an order comes in, an act carries it out, an outcome goes back."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, SecretStr

Condition = Callable[[], object]


class Order(BaseModel):
    """One act as it comes over the socket; what an act does not need is left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    act: Literal[
        "log-on", "unlock", "set-pin", "pin", "lock", "want-proof", "not-me", "take-over", "confirm", "leave-locked",
        "load-again", "wait-on", "end-it", "open-my-systems", "open", "look", "await", "log-off", "type-into", "type",
        "copy", "picture", "helpdesk-open-case", "helpdesk-letters", "helpdesk-find", "helpdesk-show", "helpdesk-act",
        "helpdesk-second", "bring-here", "leave-elsewhere", "read-message", "ask-help", "leave-help", "tell-helpdesk",
        "second-refuse",
    ]  # fmt: skip
    user_name: str = ""
    secret: SecretStr = SecretStr("")  # a password or PIN
    typing_s: float = 0.0  # how long an officer takes from the name to the password
    system: str = ""
    field: str = ""  # a selector on a page, or "name" | "password" of the sign-in screen
    text: str = ""
    what: str = ""  # what to wait for
    systems: tuple[str, ...] = ()
    file: Path | None = None
    within_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an act; ``why`` is an error's reference where the screen shows one."""

    done: bool = True
    why: str = ""


Act = Generator[Condition, None, Outcome]


class CannotDoError(Exception):
    """What is to be acted on is not on the screen; says what."""
