"""A system with a logon form: one page, or two (name first, then password), with or without a one-time code."""

from __future__ import annotations

import secrets
from html import escape

import pyotp
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from launcher.demo.people import DemoOfficer
from launcher.demo.web import OwnOriginOnly, Sessions, Table, find_account, found, page, table_page

CODE_REFUSED = "Code not accepted."
"""What it says where the name and password were right."""


def form_system(
    system: str,
    title: str,
    hue: str,
    table: Table,
    officers: tuple[DemoOfficer, ...],
    *,
    two_pages: bool = False,
    delay_s: float = 0.0,
) -> Starlette:
    """Build the application; a code is wanted from every officer whose account here has a seed."""
    sessions = Sessions()
    # Callers between two pages, key to name: who said a name only, and whose password was right. Never one for the
    # other: a name alone would do where a code is wanted.
    named: dict[str, str] = {}
    proved: dict[str, str] = {}
    used_codes: set[tuple[str, str]] = set()

    def seed_of(user_name: str) -> str:
        for officer in officers:
            account = officer.accounts.get(system)
            if account and account.user_name == user_name:
                return account.otp_seed
        return ""

    def alert(text: str) -> str:
        return f"<p role=alert id='refused'>{escape(text)}</p>" if text else ""

    def ask_both(said: str = "", name: str = "") -> Response:
        return page(
            title,
            f"<h1>Log on</h1>{alert(said)}<form method=post action='/logon'><label for=user>User name</label>"
            f"<input id=user name=user value='{escape(name, quote=True)}' autocomplete=off>"
            "<label for=password>Password</label><input id=password name=password type=password>"
            "<button id=go>Log on</button></form>",
            hue=hue,
            status=401 if said else 200,
        )

    def ask_name() -> Response:
        return page(
            title,
            "<h1>Log on</h1><form method=post action='/name'><label for=user>User name</label>"
            "<input id=user name=user autocomplete=off><button id=next>Next</button></form>",
            hue=hue,
        )

    def ask_password(key: str, said: str = "") -> Response:
        return page(
            title,
            f"<h1>Your password</h1>{alert(said)}<form method=post action='/password'>"
            f"<input type=hidden name=key value='{key}'><label for=password>Password</label>"
            "<input id=password name=password type=password><button id=go>Log on</button></form>",
            hue=hue,
            status=401 if said else 200,
        )

    def ask_code(key: str, said: str = "") -> Response:
        return page(
            title,
            f"<h1>One-time code</h1>{alert(said)}<form method=post action='/code'>"
            f"<input type=hidden name=key value='{key}'><label for=code>Code</label>"
            "<input id=code name=code inputmode=numeric autocomplete=off><button id=check>Check</button></form>",
            hue=hue,
            status=401 if said else 200,
        )

    def keep(waiting: dict[str, str], user_name: str) -> str:
        key = secrets.token_urlsafe(16)
        waiting[key] = user_name
        return key

    def let_in(user_name: str) -> Response:
        if seed_of(user_name):
            return ask_code(keep(proved, user_name))
        response = found("/")
        sessions.begin(user_name, response)
        return response

    async def work(request: Request) -> Response:
        who = sessions.who(request)
        if who is None:
            return found("/logon")
        return table_page(title, table, hue=hue, who=who)

    async def logon(request: Request) -> Response:
        if request.method == "GET":
            return ask_name() if two_pages else ask_both()
        form = await request.form()
        user_name, password = str(form.get("user", "")), str(form.get("password", ""))
        if not find_account(officers, system, user_name, password):
            return ask_both("User name or password not recognised.", user_name)
        return let_in(user_name)

    async def name(request: Request) -> Response:
        form = await request.form()
        return ask_password(keep(named, str(form.get("user", ""))))

    async def password_page(request: Request) -> Response:
        form = await request.form()
        user_name = named.pop(str(form.get("key", "")), "")
        if not find_account(officers, system, user_name, str(form.get("password", ""))):
            return ask_password(keep(named, user_name), "Password not recognised.")
        return let_in(user_name)

    async def code(request: Request) -> Response:
        form = await request.form()
        user_name, given = proved.pop(str(form.get("key", "")), ""), str(form.get("code", ""))
        seed = seed_of(user_name)
        right = bool(seed) and pyotp.TOTP(seed).verify(given, valid_window=1)
        if not right or (user_name, given) in used_codes:
            return ask_code(keep(proved, user_name), CODE_REFUSED)
        used_codes.add((user_name, given))
        response = found("/")
        sessions.begin(user_name, response)
        return response

    async def note(request: Request) -> Response:
        return found("/") if sessions.who(request) else found("/logon")

    routes = [
        Route("/", work),
        Route("/logon", logon, methods=["GET"] if two_pages else ["GET", "POST"]),
        Route("/code", code, methods=["POST"]),
        Route("/note", note, methods=["POST"]),
    ]
    if two_pages:
        routes += [Route("/name", name, methods=["POST"]), Route("/password", password_page, methods=["POST"])]
    app = Starlette(routes=routes, middleware=[Middleware(OwnOriginOnly, delay_s=delay_s)])
    app.state.sessions = sessions
    return app
