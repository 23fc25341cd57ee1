"""``station-launcher hub officer-groups``: by whose word an officer does not show, and taking that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from launcher.bootstrap.hub import opened, who_asks
from launcher.hub.officers import taken_back

if TYPE_CHECKING:
    from launcher.bootstrap.hub_place import HubPlace


def run_officer_groups(place: HubPlace, officer: str, forget: str | None) -> int:
    """Say by whose word groups hide an officer or are their rank; ``forget``: why terminals' words are taken back."""
    if forget is not None:
        with opened(place) as hub, hub.store.writing() as connection:
            gone = taken_back.forget(connection, hub, officer, by=who_asks(), reason=forget)
        print(f"Taken back: {', '.join(gone)}. What a terminal tells of {officer} from now on counts.")
        return 0
    with opened(place) as hub, hub.store.writing() as connection:
        found = taken_back.look_up(connection, hub, officer, by=who_asks())
    for one in found:
        known = one.officer
        print("  ".join(filter(None, (known.officer, known.number, known.user_name, known.name))))
        for group, by in one.told:
            print(f"  {group}  told by {by}")
        if not one.told:
            print("  no group that hides them, or is a rank")
    return 0
