"""A system that lets in who presents a certificate of the officers' authority: the TLS handshake is the logon."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from launcher.demo.web import OwnOriginOnly, Table, found, table_page

HOLDER = "holder of an officer's certificate"
"""The server knows which, and does not hand it to its pages."""


def certificate_system(title: str, hue: str, table: Table, *, delay_s: float = 0.0) -> Starlette:
    """Build the application; whoever gets as far as a request was let in."""

    async def work(request: Request) -> Response:
        return table_page(title, table, hue=hue, who=HOLDER)

    async def note(request: Request) -> Response:
        return found("/")

    return Starlette(
        routes=[Route("/", work), Route("/note", note, methods=["POST"])],
        middleware=[Middleware(OwnOriginOnly, delay_s=delay_s)],
    )
