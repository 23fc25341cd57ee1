"""Keeping what can be found, and finding it: names and words that begin so first, letters inside a word last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, insert, select, update

from launcher.catalogue.search import as_searched
from launcher.hub.database import insert_unless_there
from launcher.hub.finding.tables import LONGEST, find_words, findable

Kind = Literal["officer", "terminal"]

INSIDE_FROM: Final = 3
"""So many letters are looked for inside of words, too."""
_LAST: Final = "\U0010ffff"
_PARTS: Final = re.compile(r"\s+")


def note(connection: Connection, kind: Kind, identity: str, names: Iterable[str]) -> None:
    """Have somebody or something found by these names; the same again writes nothing."""
    names = tuple(names)
    words = dict(words_of(names))
    text = f" {' '.join(word for word, rank in words.items() if rank == 0)}"[:LONGEST]
    of_it = and_(findable.c.kind == kind, findable.c.id == identity)
    known = connection.execute(select(findable.c.text).where(of_it)).scalar_one_or_none()
    if known == text:
        return
    if known is None:
        if not insert_unless_there(connection, findable, {"kind": kind, "id": identity, "text": text}):
            note(connection, kind, identity, names)  # another process was told at the same moment
            return
    else:
        connection.execute(update(findable).where(of_it).values(text=text))
        connection.execute(delete(find_words).where(find_words.c.kind == kind, find_words.c.id == identity))
    if words:
        connection.execute(insert(find_words), word_rows(kind, identity, names))


def forget(connection: Connection, kind: Kind, identity: str) -> None:
    """Have somebody or something found no more."""
    for table in (findable, find_words):
        connection.execute(delete(table).where(table.c.kind == kind, table.c.id == identity))


def word_rows(kind: Kind, identity: str, names: Iterable[str]) -> list[dict[str, object]]:
    """Return the rows by which somebody of these names is found."""
    return [
        {"kind": kind, "id": identity, "at": at, "word": word, "rank": rank}
        for at, (word, rank) in enumerate(words_of(names))
    ]


def words_of(names: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Yield what somebody of these names is found by, and its rank: each name from each of its words on.

    Words that are written with marks are found without them, too (O'Brien).
    """
    seen: set[str] = set()
    begun: list[tuple[str, int]] = []
    for name in names:
        words = as_searched(name).split()
        begun += [(" ".join(words[at:]), min(at, 1)) for at in range(len(words))]
        whole = ["".join(as_searched(part).split()) for part in _PARTS.split(name.strip())]
        begun += [(" ".join(whole[at:]), min(at, 1)) for at in range(len(whole))]
    for word, rank in sorted(begun, key=lambda one: one[1]):
        if word and word not in seen:
            seen.add(word)
            yield word[:LONGEST], rank


def find(connection: Connection, kind: Kind, untrusted_query: str, many: int) -> list[str]:
    """Return who or what is found, the best first, at most ``many``. Nothing typed finds nothing."""
    return list(islice(each(connection, kind, untrusted_query, many), many))


def each(connection: Connection, kind: Kind, untrusted_query: str, many: int) -> Iterator[str]:
    """Yield who or what is found, the best first, at most ``many`` of each sort; worse ones are looked for last."""
    seen: set[str] = set()
    for asked in _tiers(kind, as_searched(untrusted_query).split(), many):
        for row in connection.execute(asked).all():
            if row.id not in seen:
                seen.add(row.id)
                yield row.id


def _tiers(kind: Kind, typed: list[str], many: int) -> Iterator[Select[tuple[str]]]:
    """Yield the questions, from the best answers to the worst; each later one is asked only where there is room."""
    if not typed:
        return
    phrase = " ".join(typed)
    for rank in (0, 1):
        begins = and_(find_words.c.kind == kind, find_words.c.rank == rank, _begins(find_words.c.word, phrase))
        yield select(find_words.c.id).where(begins).order_by(find_words.c.word, find_words.c.id).limit(many)
    if len(typed) > 1:
        yield _each_word(kind, typed, many)
    if len(phrase) >= INSIDE_FROM:
        inside = and_(findable.c.kind == kind, findable.c.text.contains(phrase, autoescape=True))
        yield select(findable.c.id).where(inside).order_by(findable.c.text, findable.c.id).limit(many)


def _each_word(kind: Kind, typed: list[str], many: int) -> Select[tuple[str]]:
    """Each typed word at the start of some word, in any order: "jones al" finds Alice Jones."""
    longest = max(typed, key=len)
    others = [findable.c.text.contains(f" {word}", autoescape=True) for word in typed if word is not longest]
    return (
        select(findable.c.id)
        .join(find_words, and_(find_words.c.kind == findable.c.kind, find_words.c.id == findable.c.id))
        .where(find_words.c.kind == kind, find_words.c.rank.in_((0, 1)), _begins(find_words.c.word, longest), *others)
        .order_by(findable.c.text, findable.c.id)
        .limit(many)
    )


def _begins(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    return and_(column >= word, column < f"{word}{_LAST}")
