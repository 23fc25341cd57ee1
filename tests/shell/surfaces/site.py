"""A small real web server of a test's own: pages by path, requests recorded, on port 0 of the loopback."""

from __future__ import annotations

import base64
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

LOGON = """<title>Log on</title><form method=post action=/logon>
<input name=user id=user><input type=password name=pass id=pass><button id=go>Log on</button></form>"""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the server saw it."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        """The posted form."""
        return {name: values[0] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}

    def basic(self) -> tuple[str, str] | None:
        """The name and password of basic authentication."""
        kind, _, value = self.headers.get("authorization", "").partition(" ")
        if kind != "Basic":
            return None
        name, _, password = base64.b64decode(value).decode().partition(":")
        return name, password


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page answers."""

    body: str = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


Page = str | Answer | Callable[[Request], "str | Answer"]


def to(address: str, status: int = 302) -> Answer:
    """A redirect."""
    return Answer("", status, (("Location", address),))


@dataclass
class Site:
    """Its pages by path, and what it was asked."""

    origin: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)

    def __getitem__(self, path: str) -> str:
        return self.origin + path

    def paths(self) -> list[str]:
        """The paths that were asked for, favicons left out."""
        return [request.path for request in self.asked if request.path != "/favicon.ico"]

    def answer(self, request: Request) -> Answer:
        self.asked.append(request)
        page = self.pages.get(request.path)
        if page is None:
            return Answer("<title>Not here</title>", 404)
        if callable(page):
            page = page(request)
        return Answer(page) if isinstance(page, str) else page


@contextmanager
def running_site(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A site on a free port, named by ``host``."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class names it
            pass

        def _answer(self) -> None:
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = site.answer(Request(self.command, path, query, headers, body))
            content = answer.body.encode()
            self.send_response(answer.status)
            given = {name.lower() for name, _ in answer.headers}
            if "content-type" not in given:
                self.send_header("Content-Type", "text/html; charset=utf-8")
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_OPTIONS = _answer  # noqa: N815 - the base class looks for these names

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # a browser that hangs up, or refuses the certificate, is no fault of the test

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site.origin = f"{'https' if tls else 'http'}://{host}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def logon_of(site: Site) -> dict[str, str]:
    """The first form that was posted."""
    return next(request for request in site.asked if request.method == "POST").form
