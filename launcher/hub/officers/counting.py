"""How often an officer may ask for something; that they have come to the bound stands in the audit, once a minute."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from launcher.hub import limits
from launcher.hub.audit import rows as audit
from launcher.hub.errors import TooOftenError

if TYPE_CHECKING:
    from launcher.hub.officers.asking import AskingOfficer
    from launcher.hub.service import Hub


def count(hub: Hub, by: AskingOfficer, what: str, most_a_minute: int) -> None:
    """Count one try of somebody's, whatever comes of it. Raises :class:`TooOftenError`, which is written down."""
    try:
        limits.count(hub, by.officer, what, most_a_minute)
    except TooOftenError as refused:
        with suppress(TooOftenError), hub.store.writing() as connection:
            limits.count_in(connection, by.officer, f"{what}-told", 1, limits.MINUTE_S, hub.clock())
            audit.append(
                connection, hub, "refused", actor=by.officer, actor_name=by.name, reference=refused.reference,
                details={"asked": what, "most_a_minute": most_a_minute},
            )  # fmt: skip
        raise
