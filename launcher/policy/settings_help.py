"""Writes tables of keys for help pages out of the models: all settings, and (by other layers) catalogue entries."""

from __future__ import annotations

import json
import types
from pathlib import Path
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from launcher.policy.section import Section
from launcher.policy.settings import Settings

BEGIN = "<!-- generated: change the models instead -->"
END = "<!-- end of the generated part -->"


def settings_table(settings: type[BaseModel] = Settings) -> str:
    """Return a table for each section: key, type, default, text."""
    return "\n\n".join(_sections(settings, ""))


def page_with_table(page: str, table: str) -> str:
    """Return the help page with its generated part renewed."""
    before, rest = page.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


def write_page(file: Path, table: str) -> None:
    """Renew the generated part of the help page, after a key was added."""
    file.write_text(page_with_table(file.read_text(encoding="utf-8"), table), encoding="utf-8")


def table_of(model: type[BaseModel], *, without: frozenset[str] = frozenset()) -> str:
    """Return a table of a model's own keys, or nothing where it has none."""
    rows = [
        f"| `{name}` | {_type(field.annotation)} | {_default(field)} | {_cell(field.description or '')} |"
        for name, field in model.model_fields.items()
        if name not in without
    ]
    return "\n".join(["| key | type | default | what it is |\n|---|---|---|---|", *rows]) if rows else ""


def _sections(model: type[BaseModel], above: str, *, listed: bool = False) -> list[str]:
    parts: list[str] = []
    inner = {name: found for name, field in model.model_fields.items() if (found := model_of(field.annotation))}
    many = {name: found for name, field in model.model_fields.items() if (found := _section_of_many(field.annotation))}
    if table := table_of(model, without=frozenset((*inner, *many))):
        about = (model.__doc__ or "").strip().splitlines()[0]
        name = above.rstrip(".")
        parts.append(f"## {f'[[{name}]]' if listed else f'[{name}]'}\n\n{about}\n\n{table}")
    for name, section in inner.items():
        parts += _sections(section, f"{above}{name}.")
    for name, section in many.items():
        parts += _sections(section, f"{above}{name}.", listed=True)
    return parts


def _section_of_many(annotation: object) -> type[BaseModel] | None:
    """Return the section that a list is one of; steps and markers are explained with catalogue entries."""
    if get_origin(annotation) is Annotated:
        return _section_of_many(get_args(annotation)[0])
    if get_origin(annotation) is not tuple:
        return None
    found = model_of(get_args(annotation)[0])
    return found if found is not None and issubclass(found, Section) else None


def model_of(annotation: object) -> type[BaseModel] | None:
    """Return the model that a type is, or is beside None; a list of models is none."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in {Union, types.UnionType}:
        return next((found for part in get_args(annotation) if (found := model_of(part)) is not None), None)
    return None


def _type(annotation: object) -> str:
    names = {str: "text", int: "whole number", float: "number", bool: "true or false", Path: "path"}
    if isinstance(annotation, type) and annotation in names:
        return names[annotation]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "table"
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return ", ".join(f"`{part}`" for part in parts if part)
    if origin is tuple:
        inner = _type(parts[0])
        return f"list of {inner}" if get_origin(parts[0]) is Literal else f"list of {inner}s".replace("texts", "text")
    if origin is Annotated:
        return _type(parts[0])
    if origin is dict:
        return "table"
    if origin in {Union, types.UnionType}:
        kinds = dict.fromkeys(_type(part) for part in parts if part is not type(None))
        return " or ".join(kinds)
    return "value"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be given"
    default: object = field.default
    if default is None:
        return "left out" if not _holds_path(field.annotation) else '`""`'
    if isinstance(default, Path):
        return f"`{json.dumps(str(default))}`"
    if isinstance(default, tuple):
        return f"`{json.dumps(list(default))}`"
    if default is PydanticUndefined:
        return "empty"
    return f"`{_cell(json.dumps(default, ensure_ascii=False))}`"


def _holds_path(annotation: object) -> bool:
    return annotation is Path or any(_holds_path(part) for part in get_args(annotation))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
