"""Reads a TOML file so that every fault in it can be said with file, line and column.

The standard library's reader keeps no positions: :func:`positions` finds the keys by a scan of the text. It looks at
table headers and keys only, which is enough to point at a line; what stands inside an inline table or an array is
found at the key that holds it. Free of pydantic: the first screen is made from what is read here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

MAX_FILE_BYTES = 1024 * 1024

Table = dict[str, object]
Key = tuple[str | int, ...]
Position = tuple[int, int]

_AT = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"|\'([^\']*)\'')


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one file; line and column count from 1, line 0 means the file as a whole.

    A ``warning`` is said and nothing is left out for it.
    """

    file: Path
    line: int
    column: int
    message: str
    warning: bool = False

    def __str__(self) -> str:
        message = f"warning: {self.message}" if self.warning else self.message
        if not self.line:
            return f"{self.file}: {message}"
        return f"{self.file}:{self.line}:{self.column}: {message}"


@dataclass(frozen=True)
class TomlText:
    """A file that was read as TOML, and where its keys stand; what it holds is not checked yet."""

    file: Path
    untrusted: Table
    text: str

    @cached_property
    def at(self) -> Mapping[Key, Position]:
        """Where each key stands: looked for at the first fault, because most files have none."""
        return positions(self.text)

    def position(self, key: Key) -> Position:
        """Return where the key stands; parts that the text does not have (names of variants) are passed over."""
        found: Key = ()
        for part in key:
            if (*found, part) in self.at:
                found = (*found, part)
        return self.at.get(found, (1, 1))

    def has(self, key: Key) -> bool:
        """Say whether the key itself stands in this file."""
        return key in self.at

    def fault(self, key: Key, message: str, *, warning: bool = False) -> Fault:
        """Return a fault at the key's position."""
        return Fault(self.file, *self.position(key), message, warning)


def toml_files(folder: Path) -> list[Path]:
    """Return a folder's own ``*.toml``, but for hidden ones. Raises :class:`OSError` where it cannot be read."""
    return sorted(file for file in folder.iterdir() if file.suffix == ".toml" and not file.name.startswith("."))


def read_toml(file: Path) -> TomlText | Fault:
    """Read a file as TOML, or say why it cannot be read."""
    try:
        with file.open("rb") as opened:
            untrusted_bytes = opened.read(MAX_FILE_BYTES + 1)
    except OSError as fault:
        return Fault(file, 0, 0, f"the file cannot be read: {fault.strerror or 'no such file'}")
    except ValueError:
        return Fault(file, 0, 0, "the file cannot be read: its name holds a zero byte")
    if len(untrusted_bytes) > MAX_FILE_BYTES:
        return Fault(file, 0, 0, f"the file is longer than {MAX_FILE_BYTES} bytes")
    try:
        # Editors on Windows put a byte order mark in front, which TOML does not allow.
        text = untrusted_bytes.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = untrusted_bytes.count(b"\n", 0, fault.start) + 1
        column = fault.start - (untrusted_bytes.rfind(b"\n", 0, fault.start) + 1) + 1
        return Fault(file, line, column, "this is not UTF-8 text")
    return parse_toml(file, text)


def parse_toml(file: Path, text: str) -> TomlText | Fault:
    """Read a text as TOML; ``file`` is named in faults."""
    try:
        untrusted = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        message = str(fault)
        at = _AT.search(message)
        words = _AT.sub("", message)
        last_line = max(1, len(text.splitlines()))
        line, column = (int(at[1]), int(at[2])) if at and at[1] else (last_line, 1)
        return Fault(file, line, column, f"not TOML: {words[:1].lower()}{words[1:]}")
    except (RecursionError, ValueError, OverflowError):
        # Python's own limits: tables nested hundreds deep, numbers of thousands of digits.
        return Fault(file, 0, 0, "not TOML: nested too deeply, or a number too long")
    return TomlText(file, untrusted, text)


def positions(text: str) -> dict[Key, Position]:
    """Return where each table header and key of a TOML text stands."""
    at: dict[Key, Position] = {}
    counts: dict[Key, int] = {}
    table: Key = ()
    open_quote = ""
    depth = 0
    for number, line in enumerate(text.split("\n"), start=1):
        at_key = not open_quote and depth == 0
        stripped = line.lstrip(" \t")
        column = len(line) - len(stripped) + 1
        value_from = 0
        if at_key and stripped.startswith("["):
            names, _ = _dotted(stripped, 2 if stripped.startswith("[[") else 1)
            table = _resolved(names, counts, another=stripped.startswith("[["))
            for length in range(1, len(table) + 1):
                at.setdefault(table[:length], (number, column))
            continue
        if at_key and stripped and not stripped.startswith("#"):
            names, end = _dotted(stripped, 0)
            key = table
            for name in names:
                key = (*key, name)
                at.setdefault(key, (number, column))
            value_from = column - 1 + end
        open_quote, depth = _after(line[value_from:], open_quote, depth)
    return at


def _dotted(text: str, start: int) -> tuple[list[str], int]:
    """Read a key such as ``a."b c".d`` and return its parts and where it ends."""
    names: list[str] = []
    place = start
    while True:
        while place < len(text) and text[place] in " \t":
            place += 1
        found = _BARE.match(text, place) or _STRING.match(text, place)
        if found is None:
            return names, place
        names.append(found[0] if found.re is _BARE else found[1] if found[1] is not None else found[2])
        place = found.end()
        while place < len(text) and text[place] in " \t":
            place += 1
        if place >= len(text) or text[place] != ".":
            return names, place
        place += 1


def _resolved(names: list[str], counts: dict[Key, int], *, another: bool) -> Key:
    """Return a header's key with the indexes of the arrays of tables on its way."""
    key: Key = ()
    for depth, name in enumerate(names, start=1):
        key = (*key, name)
        if another and depth == len(names):
            counts[key] = counts.get(key, -1) + 1
        if key in counts:
            key = (*key, counts[key])
    return key


def _after(text: str, open_quote: str, depth: int) -> tuple[str, int]:
    """Return which multi-line string, and how many brackets, are open after this piece of a line."""
    place = 0
    while place < len(text):
        if open_quote:
            if open_quote == '"""' and text[place] == "\\":
                place += 2
            elif text.startswith(open_quote, place):
                place += 3
                open_quote = ""
            else:
                place += 1
            continue
        mark = text[place]
        if mark == "#":
            break
        if text.startswith(('"""', "'''"), place):
            open_quote = text[place : place + 3]
            place += 3
            continue
        string = _STRING.match(text, place) if mark in "\"'" else None
        if mark in "[{":
            depth += 1
        elif mark in "]}":
            depth = max(0, depth - 1)
        place = string.end() if string else place + 1
    return open_quote, depth
