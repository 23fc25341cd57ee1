"""What every demo web system shares: its page, its sessions, and the refusals a real system has.

Each system refuses a wrong password, an expired session and a post from another origin. Sessions live in memory and
expire after ``SESSION_S``; the cookie is HttpOnly, Secure, SameSite=Lax and bound to the host.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from html import escape

from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp

from launcher.demo.people import DemoOfficer

SESSION_S = 1800.0
COOKIE = "demo_session"

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Table:
    """The content a system shows once signed on."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class Sessions:
    """The signed-on callers of one system; ``expire_all`` lets a test play an expired session."""

    by_key: dict[str, tuple[str, float]] = field(default_factory=dict)

    def begin(self, user_name: str, response: Response) -> None:
        """Sign a caller on and set the cookie."""
        key = secrets.token_urlsafe(24)
        self.by_key[key] = (user_name, time.monotonic() + SESSION_S)
        response.set_cookie(COOKIE, key, httponly=True, secure=True, samesite="lax", path="/")

    def who(self, request: Request) -> str | None:
        """Return the caller's name, or None where there is no session or it has expired."""
        user_name, until = self.by_key.get(request.cookies.get(COOKIE, ""), ("", 0.0))
        return user_name if until > time.monotonic() else None

    def end(self, request: Request) -> None:
        """Sign the caller off."""
        self.by_key.pop(request.cookies.get(COOKIE, ""), None)

    def expire_all(self) -> None:
        """Let every session have expired."""
        self.by_key = {key: (name, 0.0) for key, (name, _) in self.by_key.items()}


class OwnOriginOnly(BaseHTTPMiddleware):
    """Refuses a post whose Origin is not this system's own (a form on another site), and delays when asked to."""

    def __init__(self, app: ASGIApp, delay_s: float = 0.0, across: tuple[str, ...] = ()) -> None:
        super().__init__(app)
        self._delay_s = delay_s
        self._across = across  # paths that are called by servers, without an origin

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        """Answer one request."""
        if self._delay_s:
            await asyncio.sleep(self._delay_s)
        if request.method == "POST" and request.url.path not in self._across:
            own = f"{request.url.scheme}://{request.headers.get('host', '')}"
            if request.headers.get("origin") != own:
                return page("Refused", "<p id='refused'>This form was sent from another site.</p>", status=403)
        response = await call_next(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "same-origin"
        return response


def find_account(officers: tuple[DemoOfficer, ...], system: str, user_name: str, password: str) -> bool:
    """Say whether the name and password are right: the system's own account, else the officer's password."""
    for officer in officers:
        account = officer.accounts.get(system)
        right_name, right_password = (
            (account.user_name, account.password) if account else (officer.user_name, officer.password)
        )
        if hmac.compare_digest(right_name.encode(), user_name.encode()):
            return hmac.compare_digest(right_password.encode(), password.encode())
    return False


STYLE = """
:root{color-scheme:light}
body{margin:0;font:16px/1.5 'Liberation Sans',Arial,sans-serif;color:#10191f;background:#fff}
header{background:HUE;color:#fff;padding:10px 24px;display:flex;gap:32px;align-items:baseline}
header b{font-size:18px}header span{opacity:.85;font-size:15px}
main{padding:16px 24px;max-width:1240px}h1{font-size:28px;margin:8px 0 12px}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:9px 8px;border-bottom:1px solid #bbb}
th{border-bottom:2px solid #888}label{display:block;margin:12px 0 4px;font-weight:bold}
input{font:inherit;padding:8px 10px;width:320px;max-width:90%;border:1px solid #667684}
button{font:inherit;font-weight:bold;margin-top:18px;padding:10px 18px;border:0;background:#006435;color:#fff}
[role=alert]{color:#a31c18;font-weight:bold}
"""
HUES = {
    "steel": "#1d3d5c", "clay": "#6a3b1e", "plum": "#5a2f5c", "sea": "#124a50", "moss": "#38491f", "slate": "#2b3c4c",
}  # fmt: skip


def page(title: str, body: str, *, hue: str = "slate", who: str = "", status: int = 200) -> HTMLResponse:
    """Return a whole page; ``body`` is HTML, everything else is escaped here."""
    signed = f"<span id='who'>{escape(who)}</span>" if who else ""
    style = STYLE.replace("HUE", HUES.get(hue, HUES["slate"]))
    return HTMLResponse(
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(title)}</title><style>{style}</style>"
        f"<header><b>{escape(title)}</b>{signed}</header><main>{body}</main></html>",
        status_code=status,
    )


def table_page(title: str, table: Table, *, hue: str, who: str) -> HTMLResponse:
    """Return the page a signed-on caller sees; ``#work`` is its ready marker."""
    head = "".join(f"<th>{escape(column)}</th>" for column in table.columns)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
    return page(
        title,
        f"<h1>{escape(table.heading)}</h1><table id='work'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        "<form method=post action='/note'><label for=note>Note for the record</label><input id=note name=note>"
        "<button>Record a note</button></form>",
        hue=hue,
        who=who,
    )


def found(url: str) -> RedirectResponse:
    """Redirect with 303, so that a post is followed by a get."""
    return RedirectResponse(url, status_code=303)
