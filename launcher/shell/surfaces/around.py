"""What stands around one page of a system: who shows it, and what it may ask for beyond itself."""

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
