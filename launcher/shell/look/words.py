"""The words on the screen, from ``resources/strings``; a force can lay its own file over them.

Keys are dotted: ``word("sign_in.heading")``. Values are filled by name: ``word("sign_in.next", seconds=17)``. A key
with ``.one`` and ``.other`` beneath it is chosen by ``count``. Every ``en*.toml`` of the folder belongs to the set.
"""

from __future__ import annotations

import string
import tomllib
from pathlib import Path

from launcher.errors import LauncherError
from launcher.resources import resources


class WordsError(LauncherError):
    """A file of screen words cannot be used; the message says which and why."""

    reference = "words-faulty"
    hint = "Correct the file of screen words where the message points, then start again."


class MissingWordError(LookupError):
    """The code asks for a word that no file holds."""


_words: dict[str, str] = {}


def word(key: str, **values: object) -> str:
    """Return the text of ``key`` with ``values`` filled in; ``count`` also chooses between one and many.

    Raises MissingWordError when there is no such key.
    """
    if not _words:
        load_words()
    text = _words.get(key)
    if text is None and "count" in values:
        text = _words.get(f"{key}.one" if values["count"] == 1 else f"{key}.other")
    if text is None:
        raise MissingWordError(key)
    return text.format(**values) if values else text


def has_word(key: str) -> bool:
    """Say whether ``key`` has a text, for keys that come from data such as an error's reference."""
    if not _words:
        load_words()
    return key in _words


def all_words() -> dict[str, str]:
    """Return every key with its text."""
    if not _words:
        load_words()
    return dict(_words)


def load_words(own: Path | None = None) -> None:
    """Read the product's words, then lay the force's ``own`` file over them.

    Raises WordsError for a file that is not TOML, a key of the own file that the product does not have, and a text
    that asks for a value which the product does not give.
    """
    found: dict[str, str] = {}
    for path in sorted((resources() / "strings").glob("en*.toml")):
        for key, text in _read(path).items():
            if key in found:
                raise WordsError(f"{path.name}: the word {key} is given twice.")
            found[key] = text
    if own is not None:
        found |= _checked(own, found)
    _words.clear()
    _words.update(found)


def _checked(own: Path, known: dict[str, str]) -> dict[str, str]:
    laid = _read(own)
    for key, text in laid.items():
        if key not in known:
            import difflib  # late: only a fault needs it

            near = difflib.get_close_matches(key, known, n=1)
            meant = f" Did you mean {near[0]}?" if near else ""
            raise WordsError(f"{own.name}: there is no word {key}.{meant}")
        extra = _fields(text, own, key) - _fields(known[key], own, key)
        if extra:
            raise WordsError(f"{own.name}: the word {key} asks for {', '.join(sorted(extra))}, which is not given.")
    return laid


def _fields(text: str, path: Path, key: str) -> set[str]:
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError as fault:
        raise WordsError(f"{path.name}: the word {key} has a brace that does not close.") from fault


def _read(path: Path) -> dict[str, str]:
    try:
        untrusted = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise WordsError(f"{path.name}: {fault}") from fault
    return dict(_flat(path, untrusted, ""))


def _flat(path: Path, table: dict[str, object], above: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in table.items():
        key = f"{above}{name}"
        if isinstance(value, dict):
            pairs += _flat(path, value, f"{key}.")
        elif isinstance(value, str):
            pairs.append((key, value))
        else:
            raise WordsError(f"{path.name}: the word {key} is not a text.")
    return pairs


def seconds(duration_ms: float) -> str:
    """Return a time taken, such as "3.9 s"; from a minute on such as "1 min 20 s"."""
    whole = round(duration_ms / 1000)
    if whole >= 60:
        return word("time.minutes", minutes=whole // 60, seconds=whole % 60)
    return word("time.taken", seconds=f"{duration_ms / 1000:.1f}")


def about(duration_ms: float) -> str:
    """Return a usual or remaining time in whole seconds, never below one, such as "6 s"."""
    whole = max(1, round(duration_ms / 1000))
    if whole >= 60:
        return word("time.minutes", minutes=whole // 60, seconds=whole % 60)
    return word("time.whole", seconds=whole)
