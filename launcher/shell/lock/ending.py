"""What an end of somebody's session takes from them, in words and numbers; never what their systems hold."""

from __future__ import annotations

from launcher.session.snapshot import CoverView, OverView
from launcher.shell.look import about, word


def what_taking_over_ends(over: OverView) -> str:
    """Return what happens to the officer who locked when somebody else takes over."""
    number = over.number
    ends = (
        word("over.ends", number=number, count=over.systems, seconds=about(over.ends_within_s * 1000))
        if over.systems
        else word("over.ends_nothing", number=number)
    )
    said = [ends]
    if over.unsaved:
        said.append(word("over.unsaved", count=over.unsaved))
    if over.running:
        said.append(word("over.running", count=over.running))
    if over.systems:
        said.append(word("over.again", number=number))
    return " ".join(said)


def what_ending_loses(cover: CoverView) -> str:
    """Return what happens to the officer whose screen does not answer when it is ended."""
    if not cover.systems:
        return word("cover.ends_nothing", number=cover.number)
    ends = word("cover.ends", number=cover.number, count=cover.systems, seconds=about(cover.ends_within_s * 1000))
    return f"{ends} {word('over.again', number=cover.number)}"
