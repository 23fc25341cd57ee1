"""What every kind of system gives: a name, the model of its table, what it refuses, and a launch plan.

A connector knows no other connector and no screen, and starts nothing. The tuple of connectors is made in one place,
when the session is built, and passed to the functions here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from pydantic import BaseModel

from launcher.catalogue.catalogue import Judge
from launcher.catalogue.entry import Entry, Spec
from launcher.connectors.plan import LaunchPlan
from launcher.errors import CatalogueError
from launcher.policy.settings import Settings
from launcher.policy.toml_faults import unknown
from launcher.policy.toml_text import Fault


class Connector(Protocol):
    """One kind of system."""

    @property
    def kind(self) -> str:
        """The kind's name, and its table's in an entry."""
        ...

    @property
    def spec(self) -> type[Spec]:
        """The model of the table."""
        ...

    def judge(self, entry: Entry, settings: Settings | None) -> list[Fault]:
        """Return what is wrong with an entry whose table is well formed; policy is left aside without settings."""
        ...

    def plan(self, entry: Entry, settings: Settings) -> LaunchPlan:
        """Say how to open the system. Raises :class:`CatalogueError` for what the policy or the kind forbids."""
        ...

    def address(self, entry: Entry) -> str:
        """Return where the system is, for a person: a host, a program's name."""
        ...


def kinds_of(connectors: Sequence[Connector]) -> Mapping[str, type[BaseModel]]:
    """Return the models that the catalogue is read with."""
    return {connector.kind: connector.spec for connector in connectors}


def judge_of(connectors: Sequence[Connector], settings: Settings | None) -> Judge:
    """Return the judge that the catalogue is read with; without settings the policy is left aside."""
    return lambda entry: connector_of(connectors, entry).judge(entry, settings)


def plan_of(connectors: Sequence[Connector], entry: Entry, settings: Settings) -> LaunchPlan:
    """Return an entry's launch plan. Raises :class:`CatalogueError`."""
    return connector_of(connectors, entry).plan(entry, settings)


def address_of(connectors: Sequence[Connector], entry: Entry) -> str:
    """Return where an entry's system is, for a person."""
    return connector_of(connectors, entry).address(entry)


def connector_of(connectors: Sequence[Connector], entry: Entry) -> Connector:
    """Return the connector of an entry's kind. Raises :class:`CatalogueError` where there is none."""
    for connector in connectors:
        if connector.kind == entry.kind:
            return connector
    fault = entry.fault(("kind",), unknown("kind", entry.kind, [connector.kind for connector in connectors]))
    raise entry.refusal([fault])


def require_sound(entry: Entry, found: list[Fault]) -> None:
    """Refuse an entry with a fault; warnings pass. Raises :class:`CatalogueError`."""
    faults = [fault for fault in found if not fault.warning]
    if faults:
        raise entry.refusal(faults)


def spec_fault(entry: Entry, expected: type[Spec]) -> CatalogueError:
    """Return the error for an entry whose table is of another model: the catalogue was read with other connectors."""
    return entry.refusal([entry.fault(("kind",), f"this entry's table is not a {expected.__name__}")])
