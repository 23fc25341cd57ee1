"""The records that are spoken with the hub, built at once.

Elsewhere a record is built when it is first used. FastAPI makes a field of each, and pydantic, which builds such a
field as late as its record, would then warn of what FastAPI means by it.
"""

from __future__ import annotations

from collections.abc import Iterator

from launcher.wire.hub import audit, commands, helpdesk, officers, sittings, stations
from launcher.wire.records import Record

SPOKEN = (audit, commands, helpdesk, officers, sittings, stations)
"""A new file of records is added here."""


def build() -> None:
    """Build them; the hub's package does it before any address is declared."""
    for record in _below(Record):
        record.model_config["defer_build"] = False
        record.model_rebuild()


def _below(kind: type[Record]) -> Iterator[type[Record]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)
