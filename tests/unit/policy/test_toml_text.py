"""Where the keys of a TOML text stand."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launcher.policy.toml_text import Key, positions

TEXT = '''\
name = "a" # [not.a.table]
  "quoted key" = 1
a.b.'c d' = 2
list = [
  "x = 1",
  { y = 2 },
]
long = """
[fake]
key = 1 \\"""
"""
after = \'\'\'one line\'\'\'
[table]
key = 1
[table.inner]
key = """three " quotes""" # """
[[step]]
do = "wait"
[[step]]
do = "press"
  [step.place]
  selector = "#a]"
[[step.more]]
x = 1
[ "sp aced" . x ]
z = 1
'''


@pytest.mark.parametrize(
    ("key", "line", "column"),
    [
        (("name",), 1, 1),
        (("quoted key",), 2, 3),
        (("a", "b", "c d"), 3, 1),
        (("list",), 4, 1),
        (("long",), 8, 1),
        (("after",), 12, 1),
        (("table",), 13, 1),
        (("table", "key"), 14, 1),
        (("table", "inner", "key"), 16, 1),
        (("step", 0, "do"), 18, 1),
        (("step", 1, "do"), 20, 1),
        (("step", 1, "place"), 21, 3),
        (("step", 1, "place", "selector"), 22, 3),
        (("step", 1, "more", 0, "x"), 24, 1),
        (("sp aced", "x", "z"), 26, 1),
    ],
)
def test_a_key_stands_at_its_line(key: Key, line: int, column: int) -> None:
    assert positions(TEXT)[key] == (line, column)


def test_nothing_is_found_that_is_not_there() -> None:
    found = positions(TEXT)
    assert ("fake",) not in found
    assert ("key",) not in found
    assert ("x",) not in found
    assert ("y",) not in found


@given(st.text(alphabet="ab.\"'[]{}=#\\\n \t1", max_size=60))
def test_the_scan_ends_on_any_text_and_finds_every_plain_top_key(text: str) -> None:
    found = positions(text)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    missing = [key for key in table if key.isalnum() and (key,) not in found]
    assert not missing
