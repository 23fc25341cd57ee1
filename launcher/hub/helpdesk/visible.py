"""Who and what shows to the helpdesk: restricted officers look like nobody, restricted systems like none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from launcher.hub.errors import NotThereError
from launcher.hub.officers import rows as officers
from launcher.hub.officers.rows import KnownOfficer

if TYPE_CHECKING:
    from launcher.hub.service import Hub
    from launcher.wire.hub.commands import CommandState


def officer(connection: Connection, hub: Hub, key: str) -> KnownOfficer:
    """Return an officer who may be seen. Raises :class:`NotThereError`, the same for unknown and restricted ones."""
    known = officers.known(connection, key)
    if known is None or is_restricted(connection, hub, known):
        raise NotThereError("There is no such officer.")
    return known


def seen(connection: Connection, hub: Hub, keys: Iterable[str]) -> Iterator[KnownOfficer]:
    """Yield those who may be seen, in the order given."""
    for key in keys:
        known = officers.known(connection, key)
        if known is not None and not is_restricted(connection, hub, known):
            yield known


def is_restricted(connection: Connection, hub: Hub, known: KnownOfficer) -> bool:
    """Say whether an officer does not show, by any issuer: who logs on without groups is who they are with them.

    Of the same number, too: what is done to one is done to the other, and says where they are.
    """
    restricted = {group.casefold() for group in hub.settings.helpdesk.restricted_groups}
    if not restricted:
        return False
    humans = (known, *officers.of_one_human(connection, known, hub.settings.forces.domains))
    return any(not restricted.isdisjoint(group.casefold() for group in one.ever) for one in humans)


def command(hub: Hub, state: CommandState) -> CommandState:
    """Return how a command stands, without the restricted systems that its answer names."""
    answer = state.answer
    shown = () if answer is None else tuple(one for one in answer.systems if not is_restricted_system(hub, one))
    if answer is None or len(shown) == len(answer.systems):
        return state
    # What was left signed on may be one of theirs: hosts and lines say not of which system they are.
    said = answer.model_copy(update={"systems": shown, "left_signed_on": ()})
    return state.model_copy(update={"answer": said})


def is_restricted_system(hub: Hub, system: str) -> bool:
    """Say whether a system does not show."""
    return system in hub.settings.helpdesk.restricted_systems
