"""A system behind HTTP basic authentication (RFC 7617)."""

from __future__ import annotations

import base64
import binascii

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from launcher.demo.people import DemoOfficer
from launcher.demo.web import OwnOriginOnly, Table, find_account, found, page, table_page


def basic_system(
    system: str, title: str, hue: str, table: Table, officers: tuple[DemoOfficer, ...], *, delay_s: float = 0.0
) -> Starlette:
    """Build the application; every request carries the name and password, so there is no session to expire."""

    def who(request: Request) -> str | None:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            user_name, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return user_name if find_account(officers, system, user_name, password) else None

    def challenge() -> Response:
        response = page(title, "<p role=alert id='refused'>Log on needed.</p>", hue=hue, status=401)
        response.headers["WWW-Authenticate"] = f'Basic realm="{title}", charset="UTF-8"'
        return response

    async def work(request: Request) -> Response:
        name = who(request)
        return challenge() if name is None else table_page(title, table, hue=hue, who=name)

    async def note(request: Request) -> Response:
        return challenge() if who(request) is None else found("/")

    return Starlette(
        routes=[Route("/", work), Route("/note", note, methods=["POST"])],
        middleware=[Middleware(OwnOriginOnly, delay_s=delay_s)],
    )
