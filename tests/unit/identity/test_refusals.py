"""Every answer a person can meet has words, a reference of its own and a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.identity import refusals
from launcher.identity.directory import faults
from launcher.identity.proof import SignInRefused

_HELP = Path(__file__).parents[3] / "resources" / "help"


def _all(kind: type[SignInRefused] = SignInRefused) -> Iterator[type[SignInRefused]]:
    if not kind.__name__.startswith("_"):
        yield kind
    for one in kind.__subclasses__():
        yield from _all(one)


MINE = [kind for kind in _all() if kind.__module__ in (refusals.__name__, faults.__name__, SignInRefused.__module__)]


def test_no_two_answers_share_a_reference() -> None:
    references = [kind.reference for kind in _all()]
    assert len(references) == len(set(references))


@pytest.mark.parametrize("kind", MINE, ids=lambda kind: kind.reference)
def test_the_answer_has_a_page_and_a_next_step(kind: type[SignInRefused]) -> None:
    page = (_HELP / f"{kind.reference}.md").read_text(encoding="utf-8")
    assert page.startswith("# ")
    for part in ("**What happened.**", "**Why it may be.**", "**What to do.**"):
        assert part in page
    assert kind.hint.endswith(".")


@pytest.mark.parametrize("kind", [kind for kind in MINE if hasattr(kind, "given")], ids=lambda kind: kind.reference)
def test_the_words_are_a_sentence(kind: type[refusals._Answer]) -> None:
    answer = kind.given("49 for the log")
    assert answer.message[0].isupper()
    assert answer.message.endswith(".")
    assert "49" not in answer.message
