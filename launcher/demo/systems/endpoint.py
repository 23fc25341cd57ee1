"""A system whose logon is one request: it takes name and password as JSON and answers with a session's cookie."""

from __future__ import annotations

import json

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from launcher.demo.people import DemoOfficer
from launcher.demo.web import OwnOriginOnly, Sessions, Table, find_account, found, page, table_page

LOGON = "/api/session"


def endpoint_system(
    system: str, title: str, hue: str, table: Table, officers: tuple[DemoOfficer, ...], *, delay_s: float = 0.0
) -> Starlette:
    """Build the application; its page has no form, so nobody signs on in it by hand."""
    sessions = Sessions()

    async def logon(request: Request) -> Response:
        try:
            untrusted = json.loads(await request.body())
        except ValueError:
            untrusted = None
        if not isinstance(untrusted, dict):
            return JSONResponse({"error": "A name and a password are wanted."}, 400)
        name, password = (str(untrusted.get(key, "")) for key in ("name", "password"))
        if not find_account(officers, system, name, password):
            return JSONResponse({"error": "Name or password not recognised."}, 401)
        response = JSONResponse({"signed on as": name})
        sessions.begin(name, response)
        return response

    async def work(request: Request) -> Response:
        who = sessions.who(request)
        if who is None:
            return page(title, "<p role=alert id='refused'>You are not logged on.</p>", hue=hue, status=401)
        return table_page(title, table, hue=hue, who=who)

    async def note(request: Request) -> Response:
        return found("/")

    app = Starlette(
        routes=[
            Route("/", work),
            Route(LOGON, logon, methods=["POST"]),
            Route("/note", note, methods=["POST"]),
        ],
        middleware=[Middleware(OwnOriginOnly, delay_s=delay_s, across=(LOGON,))],
    )
    app.state.sessions = sessions
    return app
