"""A person with a very plain browser: follows redirects, keeps cookies, fills in forms. No scripts.

Enough to prove the servers and to walk an OpenID flow without a browser engine. Like a browser, and unlike the C
library here, it knows that ``*.localhost`` is this machine.
"""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.message import Message
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path
from typing import IO
from urllib.parse import urlencode, urljoin

_TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a page with the values it holds already."""

    action: str
    method: str
    fields: Mapping[str, str]
    id: str = ""
    choices: frozenset[str] = frozenset()
    """The names of what may be ticked and is not."""


@dataclass(frozen=True, slots=True)
class Page:
    """What the server answered, after redirects; at a stopped redirect, ``url`` is where it led."""

    url: str
    status: int
    text: str
    forms: tuple[Form, ...] = ()
    ids: frozenset[str] = field(default_factory=frozenset)

    def form(self, *, containing: str) -> Form:
        """The form that has a field of this name."""
        for form in self.forms:
            if containing in form.fields or containing in form.choices:
                return form
        raise LookupError(f"no form with a field {containing!r} at {self.url} ({self.status}):\n{self.text[:2000]}")


class Visitor:
    """One browser session: its cookies, the authority it trusts and, for basic authentication, its credentials."""

    def __init__(
        self,
        ca: Path | None = None,
        *,
        basic: tuple[str, str] | None = None,
        stop_at: tuple[str, ...] = (),
        cookies: CookieJar | None = None,
        certificate: Path | None = None,
    ) -> None:
        context = ssl.create_default_context(cafile=str(ca)) if ca else ssl.create_default_context()
        if certificate is not None:
            context.load_cert_chain(certificate)
        self.cookies = CookieJar() if cookies is None else cookies  # an empty jar is false
        self._basic = basic
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(self.cookies),
            _LocalHttp(),
            _LocalHttps(context=context),
            _Redirects(stop_at),
        )

    def open(
        self, url: str, data: Mapping[str, str] | bytes | None = None, *, headers: Mapping[str, str] | None = None
    ) -> Page:
        """Get the page, or post ``data`` to it (a form's, or as it is), and follow redirects.

        An error status is an answer like any other.
        """
        request = urllib.request.Request(  # noqa: S310 - the tests' own servers
            url,
            data=urlencode(data).encode() if isinstance(data, Mapping) else data,
            headers={"User-Agent": "Mozilla/5.0 (visitor)", "Accept": "text/html,*/*", **(headers or {})},
        )
        if self._basic:
            token = base64.b64encode(":".join(self._basic).encode()).decode()
            request.add_unredirected_header("Authorization", f"Basic {token}")
        try:
            with self._opener.open(request, timeout=_TIMEOUT_S) as response:
                return _page(response.url, response.status, response.read())
        except urllib.error.HTTPError as answer:
            with answer:
                return _page(answer.headers.get("X-Stopped-At") or answer.url or url, answer.code, answer.read())

    def submit(self, page: Page, form: Form, fields: Mapping[str, str]) -> Page:
        """Submit the form with ``fields`` filled in, as a click on its button would."""
        filled = {**form.fields, **fields}
        target = urljoin(page.url, form.action)
        if form.method == "get":
            return self.open(f"{target}?{urlencode(filled)}")
        origin = "/".join(page.url.split("/")[:3])
        return self.open(target, filled, headers={"Origin": origin, "Referer": page.url})


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects except to the addresses where the visitor wants to stop."""

    def __init__(self, stop_at: tuple[str, ...]) -> None:
        self._stop_at = stop_at

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> urllib.request.Request | None:
        if self._stop_at and newurl.startswith(self._stop_at):
            headers["X-Stopped-At"] = newurl
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def _connect(address: tuple[str, int], timeout: float | None = None, source: object = None) -> socket.socket:
    host, port = address
    return socket.create_connection(("127.0.0.1" if host.endswith("localhost") else host, port), timeout)


class _HttpConnection(http.client.HTTPConnection):
    def connect(self) -> None:
        self._create_connection = _connect
        super().connect()


class _HttpsConnection(http.client.HTTPSConnection):
    def connect(self) -> None:
        self._create_connection = _connect
        super().connect()


class _LocalHttp(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_HttpConnection, req)


class _LocalHttps(urllib.request.HTTPSHandler):
    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(context=context)
        self._tls = context

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_HttpsConnection, req, context=self._tls)


class _Reader(HTMLParser):
    """Collects the forms and the ids of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.ids: set[str] = set()
        self._fields: dict[str, str] | None = None
        self._choices: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if "id" in known:
            self.ids.add(known["id"])
        if tag == "form":
            self._fields, self._choices = {}, set()
            form = Form(known.get("action", ""), known.get("method", "get").lower(), self._fields, known.get("id", ""))
            self.forms.append(form)
        elif self._fields is not None and tag in ("input", "textarea", "select", "button") and known.get("name"):
            if known.get("type") in ("checkbox", "radio") and "checked" not in known:
                self._choices.add(known["name"])
                return
            self._fields[known["name"]] = known.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._fields is not None:
            self._fields = None
            self.forms[-1] = replace(self.forms[-1], choices=frozenset(self._choices))


def _page(url: str, status: int, body: bytes) -> Page:
    text = body.decode(errors="replace")
    reader = _Reader()
    reader.feed(text)
    return Page(url, status, text, tuple(reader.forms), frozenset(reader.ids))
