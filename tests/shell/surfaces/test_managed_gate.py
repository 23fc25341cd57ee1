"""What a managed browser's pages may ask for: judged by what the browser says of each request, on paper."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

import pytest

from launcher.secret import Secret
from launcher.shell.surfaces.managed.devtools import Heard, Line, Values
from launcher.shell.surfaces.managed.gate import MOST_WINDOWS, Gate
from launcher.shell.surfaces.origins import Bounds

OWN, OTHER, PAGE = "https://video.force.example", "https://other.example", "page-1"


class PaperLine:
    """A line to a browser that only writes down what it is told."""

    page_id = PAGE

    def __init__(self) -> None:
        self.told: list[tuple[str, Values]] = []
        self.hears: dict[str, Heard] = {}

    def on(self, event: str, heard: Heard, *, page: bool = True) -> None:
        self.hears[event] = heard

    async def ask(self, method: str, values: Values | None = None, *, page: bool = True) -> Values:
        self.told.append((method, values or {}))
        return {}

    def tell(self, method: str, values: Values | None = None, *, page: bool = True) -> None:
        self.told.append((method, values or {}))

    def says(self, event: str, **values: object) -> tuple[str, Values]:
        """Let the browser say something, and return what it is told for it, or nothing."""
        self.told.clear()
        self.hears[event](values)
        return self.told[-1] if self.told else ("", {})


@dataclass
class PaperPage:
    """A page that decides as a test says."""

    go: Callable[[str, bool], bool]
    answer: Callable[[str], tuple[str, Secret] | None]
    by_form: bool = False
    retry_after: str = ""

    def may_go(self, untrusted_url: str, sends: bool) -> bool:
        return self.go(untrusted_url, sends)

    def challenge(self, untrusted_url: str) -> tuple[str, Secret] | None:
        return self.answer(untrusted_url)


@pytest.fixture
def line() -> PaperLine:
    return PaperLine()


def begun(
    line: PaperLine,
    *,
    may_go: Callable[[str, bool], bool] = lambda url, by_form: url.startswith(OWN),
    challenge: Callable[[str], tuple[str, Secret] | None] = lambda url: None,
    way_out: tuple[str, Secret] | None = None,
    token: str = "",
) -> PaperLine:
    async def begin() -> None:
        bounds = Bounds(frozenset([OWN]), frozenset([OWN]), OWN)
        gate = Gate(cast("Line", line), bounds, way_out=way_out)
        gate.add(PAGE, PaperPage(may_go, challenge))
        await gate.begin()
        if token:
            await gate.carry(Secret(token))

    asyncio.run(begin())
    line.says("Target.targetInfoChanged", targetInfo={"targetId": PAGE, "type": "page", "url": f"{OWN}/main"})
    return line


def asks(line: PaperLine, url: str, frame: str = PAGE, kind: str = "Document", **headers: str) -> tuple[str, Values]:
    request = {"url": url, "headers": headers}
    return line.says("Fetch.requestPaused", requestId="1", frameId=frame, resourceType=kind, request=request)


def window(line: PaperLine, ident: str, opener: str | None, url: str = "", kind: str = "page") -> tuple[str, Values]:
    about: Mapping[str, object] = {"targetId": ident, "type": kind, "url": url}
    return line.says("Target.targetCreated", targetInfo={**about, **({"openerId": opener} if opener else {})})


def test_the_page_and_its_windows_go_where_the_entry_says_and_frames_on_the_web(line: PaperLine) -> None:
    begun(line)
    assert asks(line, f"{OWN}/next")[0] == "Fetch.continueRequest"
    assert asks(line, f"{OTHER}/logon")[0] == "Fetch.failRequest"
    assert window(line, "window-1", PAGE) == ("", {})
    assert asks(line, f"{OWN}/print", "window-1")[0] == "Fetch.continueRequest"
    assert asks(line, f"{OTHER}/logon", "window-1")[0] == "Fetch.failRequest"
    assert asks(line, f"{OTHER}/map", "frame-1")[0] == "Fetch.continueRequest"
    assert asks(line, "file:///etc/passwd", "frame-1")[0] == "Fetch.failRequest"


def test_windows_that_no_page_of_the_system_opened_are_closed_and_so_are_the_browsers_tools(line: PaperLine) -> None:
    begun(line)
    assert window(line, "by-key", None) == ("Target.closeTarget", {"targetId": "by-key"})
    assert window(line, "tools", PAGE, "devtools://devtools/bundled/x.html", "other")[0] == "Target.closeTarget"
    late = {"targetId": "later", "type": "page", "url": "devtools://devtools/bundled/x.html"}
    assert line.says("Target.targetInfoChanged", targetInfo=late)[0] == "Target.closeTarget"
    for number in range(MOST_WINDOWS):
        assert window(line, f"window-{number}", PAGE) == ("", {})
    assert window(line, "one-more", PAGE)[0] == "Target.closeTarget"
    line.says("Target.targetDestroyed", targetId="window-0")
    assert window(line, "again", PAGE) == ("", {})


def test_the_token_is_on_the_pages_own_fetches_to_its_origin_alone(line: PaperLine) -> None:
    begun(line, token="opaque")
    _, values = asks(line, f"{OWN}/data", kind="Fetch", authorization="old", accept="*/*")
    assert values["headers"] == [
        {"name": "accept", "value": "*/*"},
        {"name": "Authorization", "value": "Bearer opaque"},
    ]
    for url, frame in ((f"{OTHER}/data", PAGE), (f"{OWN}/data", "frame-1")):
        assert "headers" not in asks(line, url, frame, "Fetch")[1]
    assert "headers" not in asks(line, f"{OWN}/next")[1]


def test_a_challenge_is_answered_by_who_may_and_the_roads_own_once(line: PaperLine) -> None:
    begun(line, challenge=lambda url: ("alice", Secret("opaque")), way_out=("station", Secret("road")))
    request = {"url": f"{OWN}/basic"}

    def answer(source: str) -> object:
        said = line.says("Fetch.authRequired", requestId="1", request=request, authChallenge={"source": source})
        return said[1]["authChallengeResponse"]

    given = {"response": "ProvideCredentials", "username": "alice", "password": "opaque"}
    assert answer("Server") == given
    assert answer("Proxy") == {**given, "username": "station", "password": "road"}
    assert answer("Proxy") == {"response": "CancelAuth"}
