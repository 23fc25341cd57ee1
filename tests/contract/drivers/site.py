"""A small web site to sign on to: the same pages over a real socket, for browsers, and by call, for the paper driver.

``respond`` is the site; :func:`served` puts it on a loopback port. It counts the passwords it was sent, so that a test
can say that one was sent once, or to nobody.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

NAME, PASSWORD, TOKEN = "alice", "correct horse", "token-of-alice"
CALLBACK = "https://localhost/station-launcher/callback"

LATE_MS = 150


@dataclass(frozen=True)
class Request:
    """What a browser sends: ``headers`` in lower case."""

    method: str
    path: str
    form: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Response:
    """What it gets."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Site:
    """The pages. ``other`` is the origin of another site, which has a page that looks like this one's logon."""

    def __init__(self, other: str = "") -> None:
        self.other = other
        self.passwords: list[str] = []
        self.requests: list[Request] = []
        self.pages: dict[str, str] = {}
        """Further pages by their path, each with what it has in its body."""

    @property
    def sent(self) -> dict[str, str]:
        """The form that was sent last."""
        return dict(next(request.form for request in reversed(self.requests) if request.method == "POST"))

    def respond(self, request: Request) -> Response:
        """Answer one request."""
        self.requests.append(request)
        if "password" in request.form:
            self.passwords.append(request.form["password"])
        path = urlsplit(request.path).path
        if request.method == "GET" and path in self.pages:
            return _page(path, self.pages[path])
        match request.method, path:
            case "POST", "/taken":
                return _page("Taken", '<p id="taken">Taken</p>')
            case "GET", "/logon":
                return _page("Logon", _form("/logon"))
            case "POST", "/logon":
                right = request.form.get("name") == NAME and request.form.get("password") == PASSWORD
                return (
                    _to("/main") if right else _page("Logon", '<p class="refused">Not accepted</p>' + _form("/logon"))
                )
            case "GET", "/main":
                return _page("Main", '<h1 id="main">Welcome alice</h1><p id="unseen" hidden>unseen words</p>')
            case "GET", "/late":
                script = f"setTimeout(() => document.getElementById('late').hidden = false, {LATE_MS})"
                late = f'<p id="late" hidden data-late-ms="{LATE_MS}">late words</p>'
                return _page("Late", f"{late}<script>{script}</script>")
            case "GET", "/fixed":
                return _page("Fixed", '<input id="fixed" value="" readonly><input id="off" disabled>')
            case "GET", "/elsewhere":
                return _to(f"{self.other}/logon")
            case "GET", "/away":
                return _to(f"{CALLBACK}?code=1&state=2")
            case "GET", "/basic":
                return self._basic(request)
            case "GET", "/api-page":
                script = "fetch('/data').then(a => a.text()).then(t => document.getElementById('data').innerHTML = t)"
                return _page("Data", f'<div id="data" data-fetch="/data"></div><script>{script}</script>')
            case "GET", "/data":
                allowed = request.headers.get("authorization") == f"Bearer {TOKEN}"
                return Response(200, '<b id="row">row</b>' if allowed else '<b id="no-row">not allowed</b>')
        return Response(404, "<title>Not found</title>")

    def _basic(self, request: Request) -> Response:
        untrusted = request.headers.get("authorization", "")
        if not untrusted.startswith("Basic "):
            return Response(401, "<title>Refused</title>", {"WWW-Authenticate": 'Basic realm="archive"'})
        name, _, password = base64.b64decode(untrusted.removeprefix("Basic ")).decode().partition(":")
        self.passwords.append(password)
        if (name, password) == (NAME, PASSWORD):
            return _page("Archive", '<h1 id="main">Archive</h1>')
        return Response(401, "<title>Refused</title>", {"WWW-Authenticate": 'Basic realm="archive"'})


def _form(action: str) -> str:
    return (
        f'<form id="logon" method="post" action="{action}"><input id="name" name="name">'
        '<input id="password" name="password" type="password"><button id="go">Log on</button></form>'
    )


def _page(title: str, body: str) -> Response:
    return Response(200, f"<!doctype html><title>{title}</title>{body}", {"Content-Type": "text/html; charset=utf-8"})


def _to(address: str) -> Response:
    return Response(303, "", {"Location": address})


@contextmanager
def served(site: Site) -> Iterator[str]:
    """Serve a site on a loopback port and give its origin."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            fields = parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
            self._answer({name: values[0] for name, values in fields.items()})

        def _answer(self, form: Mapping[str, str]) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            response = site.respond(Request(self.command, self.path, form, headers))
            body = response.body.encode()
            self.send_response(response.status)
            for name, value in {"Content-Type": "text/html", **response.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
