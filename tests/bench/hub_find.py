"""The helpdesk finds one of 30,000 officers or 10,000 terminals while it types, on either store."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import insert, select

from launcher.hub import all_tables
from launcher.hub.database import Database
from launcher.hub.finding.rows import Kind, find, word_rows, words_of
from launcher.hub.finding.tables import find_words, findable
from tests.bench.figures import Figure, middle, report
from tests.servers.postgresql import missing, running_postgresql

OFFICERS: Final = 30_000
TERMINALS: Final = 10_000
SHOWN: Final = 21
TYPED: Final = ("alice jones", "jones al", "4471", "o'brien", "fd-0447", "front desk", "custody", "nobody", "ones")
"""Each is asked for key by key, from its first letter on."""
_FIRST: Final = ("Alice", "Bob", "Carol", "David", "Eve", "Frank", "Grace", "Henry", "Irene", "Séan")
_LAST: Final = ("Jones", "Smith", "O'Brien", "Müller", "Brown", "Taylor", "Wilson-Jones", "Davies", "Evans")
_PLACES: Final = ("Front desk", "Custody", "Response", "Control room")


def measure() -> dict[str, object]:
    """Fill both stores with the same names, and ask each for all that is typed."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="bench-find-") as folder:
        figures += _measured("SQLite", f"sqlite:///{Path(folder) / 'hub.db'}")
    if missing() is None:
        with running_postgresql() as server:
            figures += _measured("PostgreSQL", server.create("find"))
    return report(figures, officers=OFFICERS, terminals=TERMINALS)


def _measured(name: str, url: str) -> list[Figure]:
    store = Database(url)
    try:
        all_tables.ALL.create_all(store.engine)
        _fill(store)
        asked = [typed[:length] for typed in TYPED for length in range(1, len(typed) + 1)]
        found = sorted(_ms(store, lambda connection, typed=typed: _find(connection, typed)) for typed in asked)
        bare = [_ms(store, lambda connection: connection.execute(select(1)).scalar_one()) for _ in asked]
    finally:
        store.close()
    against = "a transaction that asks the same store for nothing"
    late = round(found[int(len(found) * 0.95)], 1)
    return [
        Figure(f"officers and terminals found, {name}, p50", middle(found), "ms", middle(bare), against, n=len(asked)),
        Figure(f"officers and terminals found, {name}, p95", late, "ms", middle(bare), against, n=len(asked)),
    ]


def _ms(store: Database, ask: Callable[..., object]) -> float:
    began = time.perf_counter()
    with store.reading() as connection:
        ask(connection)
    return (time.perf_counter() - began) * 1000


def _find(connection: object, typed: str) -> None:
    for kind in ("officer", "terminal"):
        find(connection, kind, typed, SHOWN)  # type: ignore[arg-type]


def _fill(store: Database) -> None:
    chosen = random.Random(4471)  # noqa: S311 - names for a benchmark, the same each time
    syllables = [a + b for a in "bcdfglmnprst" for b in "aeiou"]
    sorts: tuple[tuple[Kind, int], ...] = (("officer", OFFICERS), ("terminal", TERMINALS))
    for kind, many in sorts:
        things = [(f"{kind}#{at}", _names(kind, at, chosen, syllables)) for at in range(many)]
        with store.writing() as connection:
            text = [{"kind": kind, "id": one, "text": " " + _text(names)} for one, names in things]
            connection.execute(insert(findable), text)
            connection.execute(
                insert(find_words), [row for one, names in things for row in word_rows(kind, one, names)]
            )


def _names(kind: str, at: int, chosen: random.Random, syllables: list[str]) -> tuple[str, str]:
    if kind == "terminal":
        return f"FD-{at:05}", chosen.choice(_PLACES)
    last = chosen.choice((*_LAST, "".join(chosen.choices(syllables, k=3)).title()))
    return f"{10_000 + at}", f"{chosen.choice(_FIRST)} {last}"


def _text(names: tuple[str, ...]) -> str:
    return " ".join(word for word, rank in words_of(names) if rank == 0)
