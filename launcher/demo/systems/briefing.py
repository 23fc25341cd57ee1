"""A system whose logon has branches: fields in a component of their own, a duty to choose, passwords that expire, and a
notice that the law wants acknowledged.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from html import escape

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from launcher.demo.people import DemoOfficer
from launcher.demo.web import OwnOriginOnly, Sessions, Table, found, page, table_page

LEAST = 10
"""Characters of a new password."""

# The logon is a web component, as front-end frameworks make them: its fields lie in a shadow root.
_COMPONENT = """
<force-logon></force-logon>
<template id=form><style>label{display:block;margin:12px 0 4px;font-weight:bold}
input:not([type=radio]),select{font:inherit;padding:8px 10px;width:320px;max-width:90%}
button{font:inherit;font-weight:bold;margin-top:18px;padding:10px 18px;border:0;background:#006435;color:#fff}</style>
<form method=post action='/logon'><label for=user>User name</label><input id=user name=user autocomplete=off>
<label for=password>Password</label><input id=password name=password type=password>
<label for=place>Station</label><select id=place name=place><option value=''>Choose</option>
<option value=north>Northfield</option><option value=quay>Quay Street</option></select>
<button id=go>Log on</button></form></template>
<script>customElements.define('force-logon', class extends HTMLElement {
connectedCallback() {
this.attachShadow({mode: 'open'}).append(document.getElementById('form').content.cloneNode(true)); }
});</script>
"""


@dataclass(slots=True)
class BriefingAccount:
    """What the system knows of one caller."""

    password: str = field(repr=False)
    expired: bool = False
    notice: bool = False


@dataclass(slots=True)
class _Caller:
    user_name: str
    stage: str = "duty"


class BriefingSystem:
    """The application's state: accounts, and callers on their way in."""

    def __init__(self, system: str, title: str, hue: str, table: Table, officers: tuple[DemoOfficer, ...]) -> None:
        self._title, self._hue, self._table = title, hue, table
        self.accounts: dict[str, BriefingAccount] = {}
        for number, officer in enumerate(officers):
            account = officer.accounts[system]
            # The second officer's password has expired, and a notice is due: both are met once.
            self.accounts[account.user_name] = BriefingAccount(account.password, number == 1, number == 1)
        self.sessions = Sessions()
        self._callers: dict[str, _Caller] = {}

    def app(self, delay_s: float = 0.0) -> Starlette:
        """Build the application."""
        posts = {"logon": self._logon, "new": self._new, "read": self._read, "duty": self._duty}
        app = Starlette(
            routes=[
                Route("/", self._work),
                Route("/note", self._note, methods=["POST"]),
                *(Route(f"/{name}", answer, methods=["POST"]) for name, answer in posts.items()),
            ],
            middleware=[Middleware(OwnOriginOnly, delay_s=delay_s)],
        )
        app.state.sessions = self.sessions
        return app

    async def _work(self, request: Request) -> Response:
        who = self.sessions.who(request)
        if who is None:
            return page(self._title, f"<h1 id='logon'>Log on</h1>{_COMPONENT}", hue=self._hue)
        return table_page(self._title, self._table, hue=self._hue, who=who)

    async def _note(self, request: Request) -> Response:
        return found("/")

    async def _logon(self, request: Request) -> Response:
        form = await request.form()
        name = str(form.get("user", ""))
        account = self.accounts.get(name)
        right = account is not None and secrets.compare_digest(
            account.password.encode(), str(form.get("password", "")).encode()
        )
        if account is None or not right or not form.get("place"):
            said = "Name or password not recognised." if not right else "Choose your station."
            return page(self._title, f"<p role=alert id='refused'>{said}</p>", hue=self._hue, status=401)
        key = secrets.token_urlsafe(16)
        self._callers[key] = _Caller(name)
        return self._next(key)

    def _next(self, key: str) -> Response:
        caller = self._callers[key]
        account = self.accounts[caller.user_name]
        caller.stage = "new" if account.expired else "read" if account.notice else "duty"
        hidden = f"<input type=hidden name=key value='{escape(key, quote=True)}'>"
        match caller.stage:
            case "new":
                return self._ask_new(hidden)
            case "read":
                body = (
                    "<h1>Before you go on</h1><p>What is shown here is held under the Data Protection Act 2018. "
                    f"Each look is recorded.</p><form method=post action='/read'>{hidden}"
                    "<button id=read>I have read this</button></form>"
                )
            case _:
                body = (
                    f"<h1>Your duty</h1><form method=post action='/duty'>{hidden}"
                    "<label><input type=radio id=duty name=duty value=response> Response</label>"
                    "<label><input type=radio name=duty value=custody> Custody</label>"
                    "<button id=start>Start</button></form>"
                )
        return page(self._title, body, hue=self._hue)

    def _ask_new(self, hidden: str, said: str = "") -> Response:
        alert = f"<p role=alert id='not-taken'>{escape(said)}</p>" if said else ""
        return page(
            self._title,
            f"<h1>Your password has expired</h1>{alert}<form method=post action='/new'>{hidden}"
            "<label for=old>Password</label><input id=old name=old type=password>"
            "<label for=fresh>New password</label><input id=fresh name=fresh type=password>"
            "<label for=again>New password, again</label><input id=again name=again type=password>"
            "<button id=change>Change it</button></form>",
            hue=self._hue,
        )

    async def _at(self, request: Request, stage: str) -> tuple[str, dict[str, str]]:
        form = {name: str(value) for name, value in (await request.form()).items()}
        key = form.get("key", "")
        caller = self._callers.get(key)
        return (key, form) if caller is not None and caller.stage == stage else ("", form)

    def _lost(self) -> Response:
        return page(self._title, "<p role=alert id='refused'>Start again.</p>", hue=self._hue, status=401)

    async def _new(self, request: Request) -> Response:
        key, form = await self._at(request, "new")
        if not key:
            return self._lost()
        account = self.accounts[self._callers[key].user_name]
        hidden = f"<input type=hidden name=key value='{escape(key, quote=True)}'>"
        fresh = form.get("fresh", "")
        if not secrets.compare_digest(form.get("old", "").encode(), account.password.encode()):
            return self._ask_new(hidden, "The old password is not right.")
        if len(fresh) < LEAST or fresh != form.get("again") or fresh == account.password:
            return self._ask_new(hidden, f"A new one has {LEAST} characters or more, twice the same.")
        account.password, account.expired = fresh, False
        return page(
            self._title,
            f"<h1 id='changed'>Your password is changed</h1><form method=post action='/duty'>{hidden}"
            "<button id=on>Go on</button></form>",
            hue=self._hue,
        )

    async def _read(self, request: Request) -> Response:
        key, _ = await self._at(request, "read")
        if not key:
            return self._lost()
        self.accounts[self._callers[key].user_name].notice = False
        return self._next(key)

    async def _duty(self, request: Request) -> Response:
        key, form = await self._at(request, "new")
        if key:  # from the page that says that the password is changed
            return self._lost() if self.accounts[self._callers[key].user_name].expired else self._next(key)
        key, form = await self._at(request, "duty")
        if not key:
            return self._lost()
        if form.get("duty") not in ("response", "custody"):
            return self._next(key)
        response = found("/")
        self.sessions.begin(self._callers.pop(key).user_name, response)
        return response
