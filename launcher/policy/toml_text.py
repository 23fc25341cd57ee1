"""Reads a TOML file so that every fault in it can be said with file, line and column.

The standard library's reader keeps no positions: :func:`positions` finds the keys by a scan of the text. It looks at
table headers and keys only, which is enough to point at a line; what stands inside an inline table or an array is
found at the key that holds it.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

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


# --- from pydantic's words to ours


def faults_of(error: ValidationError, model: type[BaseModel], source: TomlText, within: Key = ()) -> list[Fault]:
    """Return each fault of a validation with its position; ``within`` is the table the model stands for."""
    return [source.fault((*within, *key), message) for key, message in plain_faults(error, model)]


def plain_faults(error: ValidationError, model: type[BaseModel]) -> list[tuple[Key, str]]:
    """Return each fault as a key and a sentence. What stands in the file is shown for words out of a list only."""
    faults: list[tuple[Key, str]] = []
    found = error.errors(include_url=False)
    for one in found:
        key: Key = one["loc"]
        context = one.get("ctx", {})
        if one["type"] == "too_short" and any(other["loc"][: len(key)] == key != other["loc"] for other in found):
            continue  # only because its faulty items do not count
        if one["type"] == "union_tag_invalid":
            key = (*key, "do")  # the tag is what is wrong, and not the table
        if one["type"] == "cross_check":
            faults += [((*key, *str(below).split(".")), str(text)) for below, text in context["faults"]]
            continue
        faults.append((key, _sentence(one["type"], key, one["msg"], one["input"], context, model)))
    return faults


def refuse(faults: Sequence[tuple[str, str]]) -> None:
    """Refuse, in a validator of a model, several faults at once: each the key below the model, and a sentence."""
    if faults:
        message = "; ".join(text for _, text in faults)
        raise PydanticCustomError("cross_check", "{message}", {"message": message, "faults": tuple(faults)})


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Say that a name is not known, and which known one is near."""
    near = difflib.get_close_matches(name.lower(), sorted(known), n=1, cutoff=0.6)
    return f"unknown {what} {name!r}" + (f", did you mean {near[0]!r}?" if near else "")


def _sentence(
    kind: str, key: Key, message: str, untrusted_input: object, context: Mapping[str, object], model: type[BaseModel]
) -> str:
    name = next((part for part in reversed(key) if isinstance(part, str)), "this file")
    match kind:
        case "extra_forbidden":
            return unknown("key", str(key[-1]), _keys_at(model, key[:-1]))
        case "missing":
            return f"missing key {key[-1]!r}"
        case "literal_error" | "union_tag_invalid" if isinstance(untrusted_input, str | dict):
            expected = re.findall(r"'([^']*)'", str(context.get("expected") or context.get("expected_tags") or ""))
            given = untrusted_input if isinstance(untrusted_input, str) else str(context.get("tag", ""))
            near = difflib.get_close_matches(given, expected, n=1, cutoff=0.6)
            hint = (
                f", did you mean {near[0]!r}?"
                if near
                else f"; known are {', '.join(word for word in expected if word)}"
            )
            return f"{given[:60]!r} is not known for {name!r}{hint}"
        case "union_tag_not_found":
            return "missing key 'do'"
        case "value_error":
            return message.removeprefix("Value error, ")
        case "model_type" | "dict_type" | "model_attributes_type":
            return f"{name!r} should be a table"
        case "tuple_type" | "list_type":
            return f"{name!r} should be a list [ … ]"
        case "string_type":
            return f"{name!r} should be text in quotes"
        case "path_type":
            return f"{name!r} should be a path in quotes"
        case "bool_type" | "bool_parsing":
            return f"{name!r} should be true or false"
        case "string_too_short" | "too_short":
            return f"{name!r} may not be empty"
        case _:
            return f"{name!r}: {message[:1].lower()}{message[1:]}"


def _keys_at(model: type[BaseModel], key: Key) -> list[str]:
    """Return the keys a table may have, following the types of the model."""
    current: object = model
    for part in key:
        models = _models_in(current)
        if isinstance(part, int):
            continue
        fields = [one.model_fields[part].annotation for one in models if part in one.model_fields]
        if fields:
            current = fields[0]
            continue
        tagged = [one for one in models if "do" in one.model_fields and one.model_fields["do"].default == part]
        if tagged:
            current = tagged[0]
    return sorted({name for one in _models_in(current) for name in one.model_fields})


def _models_in(annotation: object) -> list[type[BaseModel]]:
    """Return the models that a type may hold: itself, a variant, an item."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) is Annotated:
        return _models_in(get_args(annotation)[0])
    if get_origin(annotation) in {Union, types.UnionType, tuple, list}:
        return [model for part in get_args(annotation) for model in _models_in(part)]
    return []
