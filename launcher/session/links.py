"""Which addresses are a system's own, so that a link to one of them opens it there."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from launcher.addresses import address_fault, origin_of
from launcher.catalogue.entry import Entry
from launcher.connectors.web.spec import WebSpec


def origins_of(entry: Entry) -> tuple[str, ...]:
    """Return the origins of a system of the web; none of any other."""
    if not isinstance(entry.spec, WebSpec):
        return ()
    return tuple(dict.fromkeys((origin_of(entry.spec.url), *entry.spec.own_origins)))


def places_of(entry: Entry) -> tuple[str, ...]:
    """Return how a system's addresses begin: as its page's own, as others in that one's folder, and its origins."""
    origins = origins_of(entry)
    if not isinstance(entry.spec, WebSpec):
        return origins
    path = urlsplit(entry.spec.url).path
    own = (f"{origins[0]}{path}".rstrip("/"), f"{origins[0]}{path.rpartition('/')[0]}")
    return tuple(dict.fromkeys((*own, *origins)))


def whose(systems: Mapping[str, str], untrusted_url: str) -> str:
    """Return whose an address is, of systems by their places; of several at one host, the nearest. "": nobody's."""
    origin = origin_of(untrusted_url)
    address = f"{origin}{urlsplit(untrusted_url).path}/" if origin else ""
    near = [place for place in systems if address.startswith(f"{place}/")]
    return systems[max(near, key=len)] if near else ""


def is_of(entry: Entry, untrusted_url: str) -> bool:
    """Say whether an address, of a link on some page, is the system's own."""
    return address_fault(untrusted_url) is None and origin_of(untrusted_url) in origins_of(entry)
