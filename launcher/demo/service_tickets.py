"""CAS at the demo's provider: a system is led back to with a ticket, which it redeems once for who the officer is.

Specification: CAS Protocol 3.0, 2.1 (login), 2.5 (serviceValidate), 3.1 (tickets: once, and for a short time).
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

TICKET_S = 30.0


@dataclass(slots=True)
class ServiceTickets:
    """The tickets that are out; ``services`` are the addresses that systems may be led back to."""

    services: frozenset[str]
    _out: dict[str, tuple[str, str, float]] = field(default_factory=dict)  # ticket: service, who, until

    def back(self, service: str, user_name: str) -> Response:
        """Lead back to the system with a ticket for it."""
        ticket = f"ST-{secrets.token_urlsafe(24)}"
        self._out[ticket] = (service, user_name, time.monotonic() + TICKET_S)
        return RedirectResponse(f"{service}?{urlencode({'ticket': ticket})}", 302)

    async def validate(self, request: Request) -> Response:
        """Say whose ticket it is, to the system that it was made for."""
        query = request.query_params
        service, who, until = self._out.pop(query.get("ticket", ""), ("", "", 0.0))
        good = bool(service) and service == query.get("service") and until > time.monotonic()
        said = (
            f"<cas:authenticationSuccess><cas:user>{escape(who)}</cas:user></cas:authenticationSuccess>"
            if good
            else '<cas:authenticationFailure code="INVALID_TICKET">Not known.</cas:authenticationFailure>'
        )
        return Response(
            f'<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">{said}</cas:serviceResponse>',
            media_type="application/xml",
        )
