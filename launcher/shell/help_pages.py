"""The pages of the help, as they are kept in ``resources/help``: one for each error, and some besides."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from launcher.resources import resources

START = "start"
"""The page that is shown where no error asks for another."""
OFFICER = "officer"
HELPDESK = "helpdesk"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of help; ``reference`` is its file's name and that of the error it explains.

    ``reader``: for whom it is written; ``resources/help/readers.toml`` names those that are not for the officer.
    """

    reference: str
    title: str
    markdown: str
    reader: str = OFFICER

    def contains(self, words: str) -> bool:
        """Say whether every word of ``words`` occurs on the page."""
        whole = f"{self.reference} {self.markdown}".casefold()
        return all(part in whole for part in words.casefold().split())

    def far_from(self, words: str) -> int:
        """Return how many of ``words`` are not in the title."""
        title = self.title.casefold()
        return sum(part not in title for part in words.casefold().split())


def readers() -> Mapping[str, str]:
    """Return for whom a page is that is not for the officer, by its reference."""
    groups = tomllib.loads((resources() / "help" / "readers.toml").read_text(encoding="utf-8"))
    return {reference: reader for reader, references in groups.items() for reference in references}


@cache
def pages() -> tuple[Page, ...]:
    """Read every page, by title; the start page first."""
    found = []
    others = readers()
    for path in (resources() / "help").glob("*.md"):
        markdown = path.read_text(encoding="utf-8")
        title = markdown.partition("\n")[0].removeprefix("#").strip()
        found.append(Page(path.stem, title or path.stem, markdown, others.get(path.stem, OFFICER)))
    return tuple(sorted(found, key=lambda page: (page.reference != START, page.title.casefold())))
