"""The pages of the help, as they are kept in ``resources/help``: one for each error, and some besides."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from launcher.shell.look.places import resources

START = "start"
"""The page that is shown where no error asks for another."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of help; ``reference`` is its file's name and that of the error it explains."""

    reference: str
    title: str
    markdown: str

    def contains(self, words: str) -> bool:
        """Say whether every word of ``words`` occurs on the page."""
        whole = f"{self.reference} {self.markdown}".casefold()
        return all(part in whole for part in words.casefold().split())

    def far_from(self, words: str) -> int:
        """Return how many of ``words`` are not in the title."""
        title = self.title.casefold()
        return sum(part not in title for part in words.casefold().split())


@cache
def pages() -> tuple[Page, ...]:
    """Read every page, by title; the start page first."""
    found = []
    for path in (resources() / "help").glob("*.md"):
        markdown = path.read_text(encoding="utf-8")
        title = markdown.partition("\n")[0].removeprefix("#").strip()
        found.append(Page(path.stem, title or path.stem, markdown))
    return tuple(sorted(found, key=lambda page: (page.reference != START, page.title.casefold())))
