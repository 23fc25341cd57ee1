"""Every word the screens ask for is there; a force's own file is checked before it is used."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import launcher.shell
from launcher.session.snapshot import Needs
from launcher.shell.look.states import state_word
from launcher.shell.look.tokens import State
from launcher.shell.look.words import MissingWordError, WordsError, all_words, load_words, word

SHELL = Path(launcher.shell.__file__).parent
ASKED = re.compile(r"""\bword\(\s*["']([a-z0-9_.]+)["']""")
NEVER_SHOWN = re.compile(r"\b(recipe|grant|marker|surface|gap|canary|spare)s?\b", re.IGNORECASE)


@pytest.fixture(autouse=True)
def own_words_taken_off_again() -> Iterator[None]:
    yield
    load_words()


def test_every_word_asked_for_exists() -> None:
    known = all_words()
    asked = {key for path in SHELL.rglob("*.py") for key in ASKED.findall(path.read_text(encoding="utf-8"))}
    assert "look.reference" in asked
    assert {key for key in asked if key not in known and f"{key}.other" not in known} == set()


def needs_of(kind: object) -> set[str]:
    found: set[str] = set()
    for part in get_args(kind):
        found |= {part} if isinstance(part, str) else needs_of(part)
    return found


@pytest.mark.parametrize("table", ["strip.why", "launchpad.needs", "launchpad.needs_short"])
def test_everything_that_an_officer_must_do_has_its_words(table: str) -> None:
    needs = needs_of(Needs) - {""}
    assert {"closed-at-change", "credential", "password-unknown"} <= needs
    assert {need for need in needs if f"{table}.{need}" not in all_words()} == set()


def test_every_count_has_one_and_other() -> None:
    known = all_words()
    for key in known:
        if key.endswith(".one"):
            assert f"{key.removesuffix('.one')}.other" in known


def test_no_word_is_one_of_those_never_shown() -> None:
    shown = {key: NEVER_SHOWN.search(text) for key, text in all_words().items()}
    assert {key: match.group() for key, match in shown.items() if match} == {}


def test_every_text_can_be_filled() -> None:
    for text in all_words().values():
        list(string.Formatter().parse(text))


def test_every_state_has_a_word() -> None:
    assert [state_word(state) for state in State][:4] == ["Ready", "Opening", "Signing on", "Needs you"]


def test_a_missing_word_is_an_error() -> None:
    with pytest.raises(MissingWordError):
        word("sign_in.no_such_word")


def test_a_force_lays_its_own_words_over(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[state]\nready = "Good to go"\n', encoding="utf-8")
    load_words(own)
    assert word("state.ready") == "Good to go"
    assert word("state.failed") == "Failed"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[state]\nreddy = "x"\n', "Did you mean state.ready?"),
        ('[state]\nready = "x {seconds}"\n', "asks for seconds"),
        ('[state]\nready = "x {"\n', "does not close"),
        ("[state]\nready = 4\n", "not a text"),
        ("[state\n", "own.toml"),
    ],
)
def test_a_faulty_file_of_words_is_refused(tmp_path: Path, text: str, says: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(WordsError) as refused:
        load_words(own)
    assert says in str(refused.value)
    assert word("state.ready") == "Ready"
