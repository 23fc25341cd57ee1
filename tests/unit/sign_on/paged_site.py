"""A small web system whose logon has pages: a notice, the logon, a code, a password that has expired, a page between.

It says what it was told of, so that a test can say that a password was given once.
"""

from __future__ import annotations

from html import escape

from tests.contract.drivers.site import NAME, PASSWORD, Request, Response

CODE, NEW, NEWER = "246810", "a much newer one", "taken before"


class PagedSite:
    """``first`` is the page that its address leads to; ``code``: it asks for a code; ``refuses``: new passwords."""

    def __init__(self, first: str = "logon", *, code: bool = False, expired: bool = False, shown: str = "") -> None:
        self.first, self.code, self.expired, self.shown = first, code, expired, shown
        self.password = PASSWORD
        self.given: list[tuple[str, str]] = []
        self.acknowledged = 0

    def respond(self, request: Request) -> Response:
        """Answer one request."""
        form = dict(request.form)
        self.given += [(field, form[field]) for field in ("password", "code", "new") if field in form]
        match request.method, request.path:
            case "GET", "/":
                return getattr(self, f"_{self.first}")()
            case "POST", "/notice":
                self.acknowledged += 1
                return self._logon()
            case "POST", "/logon":
                if (form.get("name"), form.get("password")) != (NAME, self.password):
                    return self._logon(self.shown or "Not accepted.")
                return self._change() if self.expired else self._code() if self.code else self._between()
            case "POST", "/code":
                return self._between() if form.get("code") == CODE else self._code("Wrong code.")
            case "POST", "/between":
                return self._ready()
            case "POST", "/change":
                if form.get("old") != self.password or form.get("new") == NEWER:
                    return self._change(f"{form.get('new')} was used before.")
                self.password, self.expired = form["new"], False
                return _page('<p id="changed">Changed</p>')
            case _:
                return Response(404, "<title>Not found</title>")

    def _notice(self) -> Response:
        return _page('<h1 id="law">Authorised use only</h1>' + _form("/notice", '<button id="accept">I agree</button>'))

    def _logon(self, refused: str = "") -> Response:
        said = f'<p id="refused">{escape(refused)}</p>' if refused else ""
        fields = '<input id="name" name="name"><input id="password" name="password" type="password">'
        return _page(said + _form("/logon", fields + '<button id="go">Log on</button>'))

    def _code(self, refused: str = "") -> Response:
        said = f'<p id="wrong">{refused}</p>' if refused else ""
        return _page(said + _form("/code", '<input id="code" name="code"><button id="go">Go on</button>'))

    def _between(self) -> Response:
        return _page('<p id="news">You are already signed on</p>' + _form("/between", '<button id="on">Go on</button>'))

    def _change(self, refused: str = "") -> Response:
        said = f'<p id="not-taken">{escape(refused)}</p>' if refused else ""
        fields = '<input id="old" name="old" type="password"><input id="new" name="new" type="password">'
        return _page(said + _form("/change", fields + '<button id="go">Change</button>'))

    def _ready(self) -> Response:
        return _page('<h1 id="main">Records</h1>')


def _form(action: str, inside: str) -> str:
    return f'<form method="post" action="{action}">{inside}</form>'


def _page(body: str) -> Response:
    return Response(200, f"<!doctype html><title>Records</title>{body}", {"Content-Type": "text/html; charset=utf-8"})
