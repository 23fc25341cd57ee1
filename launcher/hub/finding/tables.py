"""What can be found, and the words that it is found by."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, String, Table

from launcher.hub.database import metadata

LONGEST: Final = 240

_Plain: Final = String(LONGEST).with_variant(String(LONGEST, collation="C"), "postgresql")
"""In the order of its bytes, on both stores: what begins with a word is one range of an index."""

findable: Final = Table(
    "findable",
    metadata,
    Column("kind", String(8), primary_key=True),  # officer or terminal
    Column("id", String(600), primary_key=True),  # the officer's key, the station's id
    Column("text", _Plain, nullable=False),  # all of it as it is searched, a space before each word
)

find_words: Final = Table(
    "find_words",
    metadata,
    Column("kind", String(8), primary_key=True),
    Column("id", String(600), primary_key=True),
    Column("at", Integer, primary_key=True, autoincrement=False),
    Column("word", _Plain, nullable=False),  # from a word on to the end of its name
    Column("rank", Integer, nullable=False),  # 0: a name begins with it
    Index(None, "kind", "rank", "word"),
)
