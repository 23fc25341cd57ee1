"""Where an officer's Kerberos tickets lie, and where the realm's servers are looked up."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from launcher.grants.credential import Credential
from launcher.grants.tickets import Tickets
from launcher.identity.kerberos import TicketCache
from launcher.policy.settings import Settings


def officer_tickets(settings: Settings, sign_in: Credential | None) -> Tickets | None:
    """Make the officer's tickets, where there is a realm: in the file that the session's programs are told of too."""
    if settings.kerberos is None:
        return None
    kind, _, named = os.environ.get("KRB5CCNAME", "").partition(":")
    alone = kind != "FILE" or not named  # no station has begun this process
    if alone:
        named = str(Path(tempfile.mkdtemp(prefix="station-launcher-")) / "tickets")
    cache = TicketCache(settings.kerberos, Path(named), own_folder=alone)
    return Tickets(cache, sign_in, renew=settings.kerberos.renew)
