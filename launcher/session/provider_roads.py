"""The roads to the force account and to other forces' providers: one of them is the officer's."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from launcher.policy.federation_settings import ForceSettings
from launcher.session.faults import log_fault
from launcher.session.parts import Parts
from launcher.session.provider import ProviderRoad

HOME = "federated"
"""The sign-in method of the force account; another force's has its own name (:attr:`ForceSettings.method`)."""


class ProviderRoads:
    """``home`` leads to the force account, where there is one; ``forces`` by their sign-in methods to the others."""

    def __init__(
        self, home: ProviderRoad | None, forces: Iterable[ForceSettings], roads: Mapping[str, ProviderRoad]
    ) -> None:
        self._home = home
        self._forces = tuple(forces)
        self._roads = dict(roads)
        self.current = home

    @property
    def all(self) -> tuple[ProviderRoad, ...]:
        """Every road there is."""
        return (*((self._home,) if self._home is not None else ()), *self._roads.values())

    def take(self, method: str) -> ProviderRoad | None:
        """Return the road of a sign-in method, which is the officer's from now on."""
        self.current = self._roads.get(method, self._home)
        return self.current

    def method_of(self, name: str) -> str:
        """Return the sign-in method of the other force that a typed name belongs to; empty for a name of our own."""
        domain = name.strip().rpartition("@")[2].casefold() if "@" in name else ""
        return next((force.method for force in self._forces if domain in force.domains), "")

    def name_for(self, method: str, typed: str) -> str:
        """Return a name by which :meth:`method_of` knows the method again: what was typed, as far as it does."""
        force = next((force for force in self._forces if force.method == method), None)
        if force is None:
            return ""
        return typed if self.method_of(typed) == method else f"@{force.domains[0]}"

    async def drop(self) -> None:
        """End every session that came to nothing."""
        await asyncio.gather(*(road.drop() for road in self.all))

    async def end(self, within_s: float) -> tuple[str, ...]:
        """End all there is at the providers; return the labels of those that have not confirmed it in time."""
        roads = self.all
        confirmed = await asyncio.gather(*(road.end(within_s) for road in roads), return_exceptions=True)
        for fault in confirmed:
            if isinstance(fault, Exception):
                log_fault("a sign-off failed", fault)
        return tuple(road.label for road, off in zip(roads, confirmed, strict=True) if off is not True)


def provider_roads(parts: Parts) -> ProviderRoads:
    """Return the roads of a session of these parts."""
    settings, home = parts.settings, None
    if parts.federation is not None and settings.federated is not None:
        home = ProviderRoad(parts.federation, settings.federated, parts.surfaces)
    forces = [force for force in settings.force if force.method in parts.forces]
    roads = {force.method: ProviderRoad(parts.forces[force.method], force, parts.surfaces) for force in forces}
    return ProviderRoads(home, forces, roads)
