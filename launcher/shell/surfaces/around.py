"""What stands around one page: who shows it, what it may ask for beyond itself, and who shows its system."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from launcher.session.snapshot import ErrorView
from launcher.shell.surfaces.files import Offered

if TYPE_CHECKING:
    from launcher.shell.surfaces.kept_page import KeptPage
    from launcher.shell.surfaces.web_engine import WebPage

OpenIn = Callable[["WebPage"], None]
"""Opens the window that a page has asked for in a page that was made for it."""


class Around(Protocol):
    """Hears what becomes of a page, and decides what is larger than the page; called on the main thread."""

    def page_faulted(self, page: KeptPage, fault: ErrorView | None) -> None:
        """Hear that the page has met a fault, or is past it."""
        ...

    def page_moved(self, page: KeptPage) -> None:
        """Hear that the page is at another host, or has another title."""
        ...

    def page_asks(self, page: KeptPage) -> None:
        """Hear that a page waits for the officer's answer in a window of its own."""
        ...

    def page_answered(self) -> None:
        """Hear that a page does not any more."""
        ...

    def page_plays(self) -> None:
        """Hear that a page may have begun or ceased to play, or has come into sight."""
        ...

    def window_wanted(self, open_in: OpenIn) -> bool:
        """Open a second window; return False where there are too many."""
        ...

    def download_wanted(self, offered: Offered) -> str:
        """Take a file that the page wants to save; return why it may not: ``policy``, ``room``, or nothing."""
        ...

    def files_to_choose(self) -> Mapping[str, Sequence[Path]] | None:
        """Return the files that a page may be given, by folder; None: the policy lets it have none."""
        ...

    def print_wanted(self, page: KeptPage) -> None:
        """Hear that the officer has had the page print itself."""
        ...

    def window_ends(self, page: KeptPage) -> None:
        """Hear that the page itself wants its window closed."""
        ...

    def link_followed(self, untrusted_url: str) -> bool:
        """The officer has followed a link out of the system; return whether another of theirs takes it."""
        ...


class Onlooker(Protocol):
    """Who shows the systems, by the name of their surface."""

    def surface_faulted(self, surface: str, fault: ErrorView | None) -> None:
        """Hear what fault the window in front is in."""
        ...

    def surface_moved(self, surface: str) -> None:
        """Hear that a window has another host or title, or that there are others, or another in front."""
        ...

    def surface_plays(self) -> None:
        """Hear that it may play something to watch now."""
        ...

    def print_wanted(self, surface: str) -> None:
        """Hear that the window in front is to be printed."""
        ...

    def link_followed(self, surface: str, untrusted_url: str) -> bool:
        """Return whether another system takes the address."""
        ...
