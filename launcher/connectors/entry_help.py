"""Writes the list of all keys of an entry for the help page ``catalogue-entry``, out of the models."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from launcher.catalogue.entry import EntryFile
from launcher.catalogue.keyboards import KeyboardFile
from launcher.connectors.base import Connector
from launcher.policy.settings_help import model_of, table_of
from launcher.recipes.pages import Page, PageFill
from launcher.recipes.screens import Screen, ScreenFill, TextAt
from launcher.recipes.steps import Expect, Fill, Marker, Press, Wait

_DO = frozenset({"do"})
_STAGES: tuple[tuple[str, type[BaseModel]], ...] = (
    ("[[page]]", Page),
    ("fill, in a [[page]]", PageFill),
    ("[[screen]]", Screen),
    ("at, in a [[screen]]", TextAt),
    ("fill, in a [[screen]]", ScreenFill),
)


def entry_tables(connectors: Sequence[Connector]) -> str:
    """Return a table for the top of an entry, each kind's own, each step, the marker, the page and the screen."""
    parts = [_part("At the top", EntryFile)]
    for connector in connectors:
        parts.append(_part(f"[{connector.kind}]", connector.spec))
        for name, field in connector.spec.model_fields.items():
            if (inner := model_of(field.annotation)) is not None:
                parts.append(_part(f"[{connector.kind}.{name}]", inner))
    parts += [_part(f'[[step]] do = "{step.model_fields["do"].default}"', step) for step in (Wait, Fill, Press, Expect)]
    parts.append(_part("[[marker]]", Marker))
    parts += [_part(heading, model) for heading, model in _STAGES]
    parts.append(_part("keyboards/NAME.toml", KeyboardFile))
    return "\n\n".join(parts)


def _part(heading: str, model: type[BaseModel]) -> str:
    about = (model.__doc__ or "").strip().splitlines()[0]
    return f"## {heading}\n\n{about}\n\n{table_of(model, without=_DO)}"
