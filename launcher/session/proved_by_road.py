"""Tells the road out whose session it is, where its proxy wants to know: by password or by ticket."""

from __future__ import annotations

import asyncio
from typing import Final

from launcher.grants.tickets import Tickets
from launcher.identity.kerberos.errors import KerberosFaultError, KerberosUnreachableError
from launcher.relay.road import way_out
from launcher.secret import Secret

TICKET_S: Final = 25.0


def prove_by_road(user_name: str, password: Secret | None, tickets: Tickets | None) -> None:
    """Say who has just been proved; called in the engine's loop, on which the ticket is had."""
    road = way_out()
    if road is None:
        return
    road.signed_in(user_name, password)
    if tickets is None:
        return
    loop = asyncio.get_running_loop()

    def token(host: str) -> Secret:
        """Called in a worker thread of the relay's."""
        had = asyncio.run_coroutine_threadsafe(tickets.ticket(), loop)
        try:
            cache = had.result(TICKET_S)
        except TimeoutError:
            had.cancel()
            raise KerberosUnreachableError("The realm's servers do not answer.") from None
        made = cache.context(host).step("")
        if made is None:
            raise KerberosFaultError("Kerberos gave no token for the proxy.")
        return made

    road.ticketed(token)
