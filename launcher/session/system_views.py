"""What the launchpad says of the systems an officer may open."""

from __future__ import annotations

from launcher.catalogue.entry import Entry
from launcher.session.links import places_of
from launcher.session.parts import Parts
from launcher.session.snapshot import SystemView


def system_views(entries: tuple[Entry, ...], parts: Parts) -> tuple[SystemView, ...]:
    """Return the views of the systems; reads what is usual here from a file."""
    usual = parts.usual.systems()
    return tuple(
        SystemView(
            id=entry.id,
            name=entry.name,
            group=entry.group,
            kind=entry.kind,
            hue=entry.hue,
            icon=entry.icon,
            aliases=entry.aliases,
            host=parts.address(entry),
            places=places_of(entry),
            on_demand=entry.on_demand,
            usual_ms=usual.get(entry.id) or entry.usual_s * 1000.0,
        )
        for entry in entries
    )
