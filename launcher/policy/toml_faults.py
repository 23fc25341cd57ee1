"""From pydantic's words to ours: what is wrong in a TOML file, as a sentence at a key."""

from __future__ import annotations

import difflib
import re
import types
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from launcher.policy.toml_text import Fault, Key, TomlText


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


def sentence(begins: str, faults: Sequence[Fault]) -> str:
    """Return a sentence that ends with the first fault, and says how many more there are."""
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    said = f"{begins}: {faults[0]}{more}"
    return said if said.endswith("?") else f"{said}."  # as where a near name is asked for


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Say that a name is not known, and which known one is near."""
    written = {one.lower(): one for one in known}
    near = difflib.get_close_matches(name.lower(), sorted(written), n=1, cutoff=0.6)
    return f"unknown {what} {name!r}" + (f", did you mean {written[near[0]]!r}?" if near else "")


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
