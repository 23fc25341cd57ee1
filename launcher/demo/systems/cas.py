"""A system that trusts the force's provider by CAS: it is led back with a ticket, and asks the provider whose it is.

Specification: CAS Protocol 3.0, 2.1 (login), 2.5 (serviceValidate).
"""

from __future__ import annotations

from urllib.parse import urlencode
from xml.etree import ElementTree as Xml

import requests
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from launcher.demo.web import OwnOriginOnly, Sessions, Table, found, page, table_page

NAMESPACE = "{http://www.yale.edu/tp/cas}"


def cas_system(
    title: str, hue: str, table: Table, *, server: str, service: str, ca_file: str, delay_s: float = 0.0
) -> Starlette:
    """Build the application; ``server`` is the provider's CAS address, ``service`` where it leads back to."""
    sessions = Sessions()

    def to_provider() -> Response:
        return RedirectResponse(f"{server}/login?{urlencode({'service': service})}", 302)

    async def work(request: Request) -> Response:
        who = sessions.who(request)
        return to_provider() if who is None else table_page(title, table, hue=hue, who=who)

    def validate(ticket: str) -> str:
        with requests.Session() as road:  # a connection kept open would hold the provider's end up
            road.trust_env = False
            road.verify = ca_file
            answer = road.get(f"{server}/serviceValidate", params={"service": service, "ticket": ticket}, timeout=20)
        answer.raise_for_status()
        said = Xml.fromstring(answer.text)  # noqa: S314 - our own provider's, over a verified connection
        return said.findtext(f"{NAMESPACE}authenticationSuccess/{NAMESPACE}user") or ""

    async def callback(request: Request) -> Response:
        try:
            who = await run_in_threadpool(validate, request.query_params.get("ticket", ""))
        except (requests.RequestException, Xml.ParseError):
            who = ""
        if not who:
            return page(title, "<p role=alert id='refused'>The logon was refused.</p>", hue=hue, status=401)
        response = found("/")
        sessions.begin(who, response)
        return response

    async def note(request: Request) -> Response:
        return found("/") if sessions.who(request) else to_provider()

    app = Starlette(
        routes=[Route("/", work), Route("/callback", callback), Route("/note", note, methods=["POST"])],
        middleware=[Middleware(OwnOriginOnly, delay_s=delay_s)],
    )
    app.state.sessions = sessions
    return app
