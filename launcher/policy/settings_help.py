"""Writes the list of all settings for the help page ``station-file``, out of the models."""

from __future__ import annotations

import json
import types
from enum import Enum
from pathlib import Path
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from launcher.policy.settings import Settings

BEGIN = "<!-- settings: generated, change the models instead -->"
END = "<!-- end of settings -->"


def settings_table() -> str:
    """Return a table for each section: key, type, default, text."""
    return "\n\n".join(_sections(Settings, ""))


def page_with_table(page: str) -> str:
    """Return the help page with its generated part renewed."""
    before, rest = page.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    return f"{before}{BEGIN}\n\n{settings_table()}\n\n{END}{after}"


def write_page(file: Path) -> None:
    """Renew the generated part of the help page, after a setting was added."""
    file.write_text(page_with_table(file.read_text(encoding="utf-8")), encoding="utf-8")


def _sections(model: type[BaseModel], above: str) -> list[str]:
    parts: list[str] = []
    rows: list[str] = []
    for name, field in model.model_fields.items():
        inner = _model(field.annotation)
        if inner is not None:
            parts += _sections(inner, f"{above}{name}.")
        else:
            rows.append(
                f"| `{name}` | {_type(field.annotation)} | {_default(field)} | {_cell(field.description or '')} |"
            )
    if rows:
        about = (model.__doc__ or "").strip().splitlines()[0]
        head = f"## [{above.rstrip('.')}]\n\n{about}\n\n| key | type | default | what it is |\n|---|---|---|---|"
        parts.insert(0, "\n".join([head, *rows]))
    return parts


def _model(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in {Union, types.UnionType}:
        return next((found for part in get_args(annotation) if (found := _model(part)) is not None), None)
    return None


def _type(annotation: object) -> str:
    names = {str: "text", int: "whole number", float: "number", bool: "true or false", Path: "path"}
    if isinstance(annotation, type) and annotation in names:
        return names[annotation]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "table"
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return ", ".join(f"`{part.value if isinstance(part, Enum) else part}`" for part in parts)
    if origin is tuple:
        inner = _type(parts[0])
        return f"list of {inner}" if get_origin(parts[0]) is Literal else f"list of {inner}s".replace("texts", "text")
    if origin is Annotated:
        return _type(parts[0])
    if origin in {Union, types.UnionType}:
        kinds = dict.fromkeys(_type(part) for part in parts if part is not type(None))
        return " or ".join(kinds)
    return "value"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be given"
    default: object = field.default
    if default is None:
        return '`""`'
    if isinstance(default, Path):
        return f"`{json.dumps(str(default))}`"
    if isinstance(default, tuple):
        return f"`{json.dumps(list(default))}`"
    return f"`{_cell(json.dumps(default, ensure_ascii=False))}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
