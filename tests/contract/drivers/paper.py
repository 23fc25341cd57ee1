"""A driver without a browser: it asks a site by call, reads its HTML, and keeps the one page it is on.

A real second implementation of ``WebDriver``, so that the rules of signing on are tested without an engine, and held to
the same contract as the engine's driver. Scripts are not run; ``data-late-ms`` and ``data-fetch`` say what they do.
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

from launcher.grants.client_certificate import AnyCertificate
from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.sign_on.driver import (
    DocumentNow,
    FieldFault,
    Followed,
    Seen,
    SystemUnreachableError,
    WrongOriginError,
    plain_words,
)
from tests.contract.drivers.site import Request, Response, Site

_POLL_S = 0.01
_VOID = frozenset({"input", "br", "img", "meta", "link"})
_PART = re.compile(r"(\w+)|#([\w-]+)|\.([\w-]+)|\[(\w+)=(\w+)\]|:not\(\[(\w+)=(\w+)\]\)")


@dataclass
class Element:
    """One element of a page."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    texts: list[str] = field(default_factory=list)
    value: str = ""

    def visible(self) -> bool:
        hidden = "hidden" in self.attributes or self.attributes.get("type") == "hidden" or self.tag == "script"
        return not hidden and (self.parent is None or self.parent.visible())

    def matches(self, selector: str) -> bool:
        return any(self._matches_one(one.strip()) for one in selector.split(","))

    def _matches_one(self, selector: str) -> bool:
        parts = list(_PART.finditer(selector))
        assert "".join(part[0] for part in parts) == selector, f"the paper driver cannot read {selector!r}"
        return all(self._holds(part) for part in parts)

    def _holds(self, part: re.Match[str]) -> bool:
        tag, identity, name, key, value, not_key, not_value = part.groups()
        if tag:
            return self.tag == tag
        if identity:
            return self.attributes.get("id") == identity
        if name:
            return name in self.attributes.get("class", "").split()
        if key:
            return self.attributes.get(key) == value
        return self.attributes.get(not_key) != not_value


class _Reader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        element = Element(tag, attributes, self._open[-1] if self._open else None)
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.texts.append(data)


class PaperDriver:
    """On one page of the given sites; fills on ``origins`` only and goes nowhere but there and to ``visits``."""

    kind: ClassVar[str] = "web"

    def __init__(
        self,
        sites: Mapping[str, Site],
        origins: Sequence[str],
        *,
        visits: Sequence[str] = (),
        token_origin: str = "",
    ) -> None:
        self._sites = dict(sites)
        self._origins = tuple(origins)
        self._may_visit = {*origins, *visits}
        self._token_origin = token_origin
        self._url = "about:blank"
        self._page: list[Element] = []
        self._document = 0
        self._basic: tuple[str, Secret] | None = None
        self._basic_refused = False
        self._token: Secret | None = None
        self._taken: list[str] = []
        self.acts = 0
        self.typed_hidden = False

    # --- the four verbs

    async def first_of(self, places: Sequence[Place], within_s: float, *, or_fault: bool = False) -> Seen | None:
        clock = asyncio.get_running_loop().time
        ends = clock() + within_s
        while True:
            for index, place in enumerate(places):
                if self._holds(place):
                    return Seen(index, self.last_seen())
            if clock() >= ends:
                return None
            await asyncio.sleep(min(_POLL_S, max(0.0, ends - clock())))

    async def fill(
        self, field: str, value: Secret, *, hides: bool = False, by_keys: bool = False, sends: bool = False
    ) -> None:
        if _origin(self._url) not in self._origins:
            raise WrongOriginError(f"{_origin(self._url)} is not where this system is signed on to.")
        element = self._element(field)
        if "readonly" in element.attributes or "disabled" in element.attributes:
            raise FieldFault("The field does not take a value.")
        if hides and element.attributes.get("type") != "password":
            raise FieldFault("The field would show what is typed.")
        element.value = value.reveal()

    async def press(self, control: str, key: str) -> None:
        if control:
            pressed: Element | None = self._element(control)
        else:
            pressed = next((element for element in self._page if element.value), None)
        form = pressed
        while form is not None and form.tag != "form":
            form = form.parent
        if form is None:
            return
        inside = [element for element in self._page if _within(element, form) and "name" in element.attributes]
        values = {element.attributes["name"]: element.value for element in inside}
        asyncio.get_running_loop().call_soon(
            self._go, Request("POST", form.attributes["action"], values), urljoin(self._url, form.attributes["action"])
        )

    @property
    def url(self) -> str:
        return self._url

    def last_seen(self) -> str:
        title = next(("".join(element.texts) for element in self._page if element.tag == "title"), "")
        parts = urlsplit(self._url)
        return f"{parts.netloc}{parts.path}, title {title!r}"

    # --- what only pages have

    async def document_now(self, words_at: str = "") -> DocumentNow:
        await asyncio.sleep(0)
        shown = next((one for one in self._page if words_at and one.matches(words_at) and one.visible()), None)
        return DocumentNow(str(self._document), plain_words("".join(shown.texts) if shown else ""))

    async def load(self, url: str) -> None:
        await asyncio.sleep(0)
        self._go(Request("GET", urlsplit(url).path), url)

    def answer_basic(self, user_name: str, password: Secret) -> None:
        self._basic, self._basic_refused = (user_name, password), False

    def basic_refused(self) -> bool:
        return self._basic_refused

    def present_certificate(self, certificate: AnyCertificate) -> None:
        self.presented = certificate  # a site by call has no handshake

    def certificate_refused(self) -> bool:
        return False

    def carry_token(self, token: Secret) -> None:
        self._token = token

    async def callback(self, prefix: str, within_s: float) -> str | None:
        clock = asyncio.get_running_loop().time
        ends = clock() + within_s
        while True:
            for address in self._taken:
                if address.startswith(prefix):
                    return address
            if clock() >= ends:
                return None
            await asyncio.sleep(_POLL_S)

    async def answered(self) -> None:
        pass  # paper asks nothing

    def officer_typed_hidden(self) -> bool:
        return self.typed_hidden

    def officer_acts(self) -> int:
        return self.acts

    def followed(self) -> Followed:
        return Followed()

    # --- the page

    def _go(self, request: Request, url: str) -> None:
        if _origin(url) not in self._may_visit:
            self._taken.append(url)
            if url.startswith("https://localhost/"):
                return
            raise WrongOriginError(f"{_origin(url)} is not where this system may lead.")
        site = self._sites.get(_origin(url))
        if site is None:
            raise SystemUnreachableError(f"{_origin(url)} took no connection.")
        response = self._answered(site, request, site.respond(request))
        if "Location" in response.headers:
            to = urljoin(url, response.headers["Location"])
            self._go(Request("GET", urlsplit(to).path), to)
            return
        self._url, self._page = url, _Reader(response.body).elements
        self._document += 1
        self._run_scripts(site)

    def _answered(self, site: Site, request: Request, response: Response) -> Response:
        """Answer a basic challenge once."""
        if response.status != 401 or self._basic is None:
            return response
        (name, password), self._basic = self._basic, None
        header = base64.b64encode(f"{name}:{password.reveal()}".encode()).decode()
        again = site.respond(Request(request.method, request.path, {}, {"authorization": f"Basic {header}"}))
        self._basic_refused = again.status == 401
        return again

    def _run_scripts(self, site: Site) -> None:
        loop = asyncio.get_running_loop()
        for element in self._page:
            if "data-late-ms" in element.attributes:
                late_s = float(element.attributes["data-late-ms"]) / 1000
                loop.call_later(late_s, element.attributes.pop, "hidden", None)
            if "data-fetch" in element.attributes:
                headers = {}
                if self._token is not None and self._token_origin == _origin(self._url):
                    headers["authorization"] = f"Bearer {self._token.reveal()}"
                answer = site.respond(Request("GET", element.attributes["data-fetch"], {}, headers))
                self._page = [*self._page, *_Reader(answer.body).elements]

    def _holds(self, place: Place) -> bool:
        if place.url and not self._url.startswith(place.url):
            return False
        if place.absent and any(element.visible() and element.matches(place.absent) for element in self._page):
            return False
        if place.selector:
            return any(
                element.visible()
                and element.matches(place.selector)
                and (not place.text or _shows(element, place.text))
                for element in self._page
            )
        return not place.text or any(element.visible() and _shows(element, place.text) for element in self._page)

    def _element(self, selector: str) -> Element:
        for element in self._page:
            if element.matches(selector):
                if element.visible():
                    return element
                raise FieldFault("The field cannot be seen.")
        raise FieldFault("The field is not there.")


def _within(element: Element, form: Element) -> bool:
    above = element.parent
    while above is not None and above is not form:
        above = above.parent
    return above is form


def _shows(element: Element, text: str) -> bool:
    return element.tag != "title" and text in "".join(element.texts)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
