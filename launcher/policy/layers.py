"""Lays the machine policy over the station file, as tables that nobody has checked yet; free of pydantic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from launcher.policy.toml_text import Table

MACHINE_POLICY = Path("/etc/station-launcher/policy.toml")


def laid_over(station: Table, policy: Table, locked: tuple[tuple[str, ...], ...], overruled: list[str]) -> Table:
    """Return the station file's table with the policy's values over it, and without what ``locked`` keeps from it.

    The names of keys in which the station file is overruled are added to ``overruled``.
    """
    return _without_locked(_merged(station, policy, (), overruled), policy, locked, overruled)


def _merged(station: Table, policy: Table, above: tuple[str, ...], overruled: list[str]) -> Table:
    merged = dict(station)
    for name, value in policy.items():
        under = merged.get(name)
        if isinstance(value, dict) and isinstance(under, dict):
            merged[name] = _merged(under, value, (*above, name), overruled)
            continue
        if name in merged and merged[name] != value:
            overruled.append(".".join((*above, name)))
        merged[name] = value
    return merged


def _without_locked(merged: Table, policy: Table, locked: tuple[tuple[str, ...], ...], overruled: list[str]) -> Table:
    """Take out what only the station file says of locked keys."""
    result = dict(merged)
    for names in locked:
        first, rest = names[0], names[1:]
        by_policy = policy.get(first)
        if not rest:
            if first in result and result[first] != by_policy:
                overruled.append(first)
                if by_policy is None:
                    del result[first]
                else:
                    result[first] = by_policy
            continue
        inner = result.get(first)
        if isinstance(inner, dict):
            inner_policy = by_policy if isinstance(by_policy, dict) else {}
            deeper: list[str] = []
            result[first] = _without_locked(inner, inner_policy, (rest,), deeper)
            overruled += [f"{first}.{name}" for name in deeper]
    return result
