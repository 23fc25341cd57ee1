"""What is known of a page; free of Qt."""

from __future__ import annotations

from dataclasses import dataclass

from launcher.sign_on.driver import NOWHERE, Followed


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the engine may read at any time; replaced as a whole on the main thread."""

    last_seen: str = ""
    address: str = ""
    acts: int = 0
    edited: bool = False
    typed_hidden: bool = False
    basic_refused: bool = False
    certificate_refused: bool = False
    gone: bool = False
    playing: bool = False
    asks: bool = False  # it waits for an answer in a window of its own
    followed: Followed = NOWHERE
