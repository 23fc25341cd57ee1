"""Writes the list of all keys of an entry for the help page ``catalogue-entry``, out of the models."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from launcher.catalogue.entry import EntryFile
from launcher.connectors.base import Connector
from launcher.policy.settings_help import table_of
from launcher.recipes.steps import Expect, Fill, Marker, Press, Wait

_DO = frozenset({"do"})


def entry_tables(connectors: Sequence[Connector]) -> str:
    """Return a table for the top of an entry, each kind's own, each step and the marker."""
    parts = [_part("At the top", EntryFile)]
    parts += [_part(f"[{connector.kind}]", connector.spec) for connector in connectors]
    parts += [_part(f'[[step]] do = "{step.model_fields["do"].default}"', step) for step in (Wait, Fill, Press, Expect)]
    parts.append(_part("[[marker]]", Marker))
    return "\n\n".join(parts)


def _part(heading: str, model: type[BaseModel]) -> str:
    about = (model.__doc__ or "").strip().splitlines()[0]
    return f"## {heading}\n\n{about}\n\n{table_of(model, without=_DO)}"
