"""Which addresses are a system's own, so that a link to one of them opens it there."""

from __future__ import annotations

from launcher.addresses import address_fault, origin_of
from launcher.catalogue.entry import Entry
from launcher.connectors.web.spec import WebSpec


def origins_of(entry: Entry) -> tuple[str, ...]:
    """Return the origins of a system of the web; none of any other."""
    if not isinstance(entry.spec, WebSpec):
        return ()
    return tuple(dict.fromkeys((origin_of(entry.spec.url), *entry.spec.own_origins)))


def is_of(entry: Entry, untrusted_url: str) -> bool:
    """Say whether an address, of a link on some page, is the system's own."""
    return address_fault(untrusted_url) is None and origin_of(untrusted_url) in origins_of(entry)
