"""What the browser engine tells of a page, and who decides for it; free of Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from launcher.secret import Secret
from launcher.shell.surfaces.around import OpenIn
from launcher.shell.surfaces.files import Offered
from launcher.shell.surfaces.page_words import Listener


@dataclass(frozen=True, slots=True)
class Loaded:
    """How a load ended: ``status`` is the HTTP status or 0, ``net_error`` Chromium's negative number or 0."""

    url: str
    ok: bool
    status: int
    net_error: int
    certificate: bool
    why: str
    retry_after: str = ""  # the server's own words, unchecked


class PageKeeper(Listener, Protocol):
    """Who decides for a page and hears what became of it; called on the main thread."""

    def may_go(self, untrusted_url: str, *, main_frame: bool, by_form: bool = False) -> bool:
        """Decide a navigation; the keeper remembers a refusal. ``by_form``: a form is sent there."""
        ...

    def window_wanted(self, untrusted_url: str, open_in: OpenIn, *, by_person: bool) -> None:
        """Hear that a page wants a window for this address; ``by_person``: out of an act on it."""
        ...

    def print_wanted(self) -> None:
        """Hear that a page wants to be printed."""
        ...

    def close_wanted(self) -> None:
        """Hear that a page wants its own window closed."""
        ...

    def challenge(self, untrusted_url: str) -> tuple[str, Secret] | None:
        """Return what answers a basic challenge from this address, or None to refuse it."""
        ...

    def asks(self, untrusted_words: str) -> None:
        """Hear that the page waits for the officer's answer in a window of its own."""
        ...

    def answered(self) -> None:
        """Hear that it does not any more."""
        ...

    def loaded(self, loaded: Loaded) -> None:
        """Hear that a load has ended."""
        ...

    def certificate_refused(self, untrusted_url: str, why: str, *, main_frame: bool) -> None:
        """Hear that a server's certificate was refused."""
        ...

    def download_wanted(self, offered: Offered) -> bool:
        """Take a file that the page wants to save; False: it may not be saved."""
        ...

    def files_wanted(self, *, several: bool) -> tuple[str, ...]:
        """Return the paths of the files that the officer gives the page."""
        ...

    def permission_wanted(self, untrusted_origin: str, what: frozenset[str], name: str) -> bool:
        """Say whether the page gets this of the computer; ``name``: what the engine calls it."""
        ...

    def crashed(self) -> None:
        """Hear that the page's process has ended."""
        ...
