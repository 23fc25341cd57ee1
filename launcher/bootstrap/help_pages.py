"""The help in a shell: the page behind a reference, as it is written."""

from __future__ import annotations

import argparse
import difflib

from launcher.resources import resources


def help_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    said = "print the help page of a reference that an error named, or list all pages"
    command = commands.add_parser("help", help=said, description=f"{said[0].upper()}{said[1:]}.")
    command.add_argument("reference", nargs="?", type=_page, metavar="REFERENCE", help="such as hub-unreachable")


def run_help(reference: str | None) -> int:
    """Print one page, or a line for each."""
    if reference is not None:
        print(_read(reference), end="")
        return 0
    pages = sorted(_pages())
    width = max(map(len, pages))
    for page in pages:
        print(f"{page:{width}}  {_read(page).partition(chr(10))[0].removeprefix('# ')}")
    return 0


def _page(word: str) -> str:
    pages = _pages()
    if word in pages:
        return word
    near = difflib.get_close_matches(word, pages, n=3)
    meant = f"; did you mean {' or '.join(near)}?" if near else ""
    raise argparse.ArgumentTypeError(f"there is no page {word!r}{meant}")


def _pages() -> frozenset[str]:
    return frozenset(file.stem for file in (resources() / "help").glob("*.md"))


def _read(page: str) -> str:
    return (resources() / "help" / f"{page}.md").read_text(encoding="utf-8")
