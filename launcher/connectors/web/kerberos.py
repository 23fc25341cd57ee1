"""What an entry that is signed on to by ticket needs of the policy."""

from __future__ import annotations

from launcher.addresses import hostname_of
from launcher.catalogue.entry import Entry
from launcher.policy.settings import Settings
from launcher.policy.toml_text import Fault


def kerberos_faults(entry: Entry, origins: tuple[str, ...], settings: Settings) -> list[Fault]:
    """Say where the station file has no realm, or lets no ticket be shown to one of the entry's own hosts."""
    at = ("web", "sign_on")
    if settings.kerberos is None:
        return [entry.fault(at, "sign_on = kerberos needs a section [kerberos] in the station file")]
    return [
        entry.fault(at, f"the policy lets no ticket be shown to {host!r} ([kerberos] hosts)")
        for host in dict.fromkeys(map(hostname_of, origins))
        if not settings.kerberos.shows_to(host)
    ]
