"""What is known of a page in an installed browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from launcher.sign_on.driver import NOWHERE, Followed

BLANK: Final = "about:blank"


@dataclass(frozen=True, slots=True)
class ManagedFacts:
    """What may be read of the page at any time, from any thread; replaced as a whole in the engine's loop."""

    address: str = BLANK
    last_seen: str = ""
    host: str = ""
    title: str = ""
    acts: int = 0
    edited: bool = False
    typed_hidden: bool = False
    basic_refused: bool = False
    playing: bool = False
    crashed: bool = False
    ended: bool = False
    followed: Followed = NOWHERE
