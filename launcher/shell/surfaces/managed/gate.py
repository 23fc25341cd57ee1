"""What the managed browser's pages ask the net for, judged before it is asked: documents, challenges, the token.

The browser itself is asked, not the page: a window that a page opens is held as well, from its first request on.
"""

from __future__ import annotations

from typing import Final, Protocol

from launcher.secret import Secret
from launcher.shell.surfaces.managed.devtools import Line, Values
from launcher.shell.surfaces.origins import Bounds

MOST_WINDOWS: Final = 8

_ABORTED: Final = "Aborted"  # the page stays as it is, without an error page


class Asks(Protocol):
    """A page whose requests are judged, as the embedded browser's keeper judges them."""

    by_form: bool
    """Whether it came as the answer to a form: the browser would send it again, without a question."""
    retry_after: str
    """When its host asks to be tried again, in its own words, unchecked."""

    def may_go(self, untrusted_url: str, sends: bool) -> bool:
        """Decide a navigation, and say why it may not; ``sends``: a form is sent there."""
        ...

    def challenge(self, untrusted_url: str) -> tuple[str, Secret] | None:
        """Answer a challenge, or not."""
        ...


class Windows(Protocol):
    """Who looks after the windows that pages open."""

    def window_came(self, ident: str) -> None:
        """Hear of one: what it asks for waits until its page was added, or :meth:`Gate.close` was called."""
        ...

    def window_went(self, ident: str) -> None:
        """Hear that one is closed."""
        ...


class Gate:
    """The gate of one browser. Without ``windows`` those that a page opens are held to the bounds, and nothing else."""

    def __init__(
        self, line: Line, bounds: Bounds, *, way_out: tuple[str, Secret] | None = None, windows: Windows | None = None
    ) -> None:
        self._line = line
        self._bounds = bounds
        self._way_out = way_out
        self._windows = windows
        self._token: Secret | None = None
        self._pages: dict[str, Asks] = {}
        self._addresses: dict[str, str] = {line.page_id: ""}  # of the page and the windows it opened
        self._openers: dict[str, str] = {}  # of windows that have no document yet
        self._waiting: dict[str, list[Values]] = {}

    def is_of(self, line: Line) -> bool:
        """Say whether it is the gate of the browser that was started with this line's page."""
        return line is self._line

    def add(self, ident: str, page: Asks) -> None:
        """Have a page's requests judged by it from now on."""
        self._pages[ident] = page
        for untrusted in self._waiting.pop(ident, ()):
            self._paused(untrusted)

    def close(self, ident: str) -> None:
        """Close a window."""
        self._line.tell("Target.closeTarget", {"targetId": ident}, page=False)

    async def begin(self) -> None:
        """Judge from now on. Raises what :meth:`Line.ask` raises."""
        self._line.on("Target.targetCreated", self._created, page=False)
        self._line.on("Target.targetInfoChanged", self._changed, page=False)
        self._line.on("Target.targetDestroyed", self._destroyed, page=False)
        self._line.on("Fetch.requestPaused", self._paused, page=False)
        self._line.on("Fetch.authRequired", self._asked, page=False)
        await self._line.ask("Target.setDiscoverTargets", {"discover": True}, page=False)
        await self._judge()

    async def carry(self, token: Secret) -> None:
        """Put the token on fetches to the token origin, from now on."""
        new, self._token = self._token is None, token
        if new:
            await self._judge()

    async def _judge(self) -> None:
        patterns = [
            {"urlPattern": "*", "resourceType": "Document", "requestStage": stage} for stage in ("Request", "Response")
        ]
        if self._token is not None:
            patterns.append({"urlPattern": f"{self._bounds.token_origin}/*"})
        await self._line.ask("Fetch.enable", {"handleAuthRequests": True, "patterns": patterns}, page=False)

    # --- windows

    def _created(self, untrusted: Values) -> None:
        about = _inside(untrusted, "targetInfo")
        ident, opener = _word(about, "targetId"), _word(about, "openerId")
        if self._is_tool(about) or _word(about, "type") != "page" or ident == self._line.page_id:
            return
        if opener in self._addresses and len(self._addresses) <= MOST_WINDOWS:
            self._addresses[ident], self._openers[ident] = _word(about, "url"), opener
            if self._windows is not None:
                self._waiting[ident] = []
                self._windows.window_came(ident)
        else:  # by a key of the browser's own, say: it is no part of the system
            self.close(ident)

    def _changed(self, untrusted: Values) -> None:
        about = _inside(untrusted, "targetInfo")
        ident = _word(about, "targetId")
        if not self._is_tool(about) and ident in self._addresses:
            self._addresses[ident] = _word(about, "url")

    def _is_tool(self, untrusted: Values) -> bool:
        """Close a window of the browser's own tools, which show and change what is in a page; say whether it is one."""
        if not _word(untrusted, "url").startswith("devtools:"):
            return False
        self.close(_word(untrusted, "targetId"))
        return True

    def _destroyed(self, untrusted: Values) -> None:
        ident = _word(untrusted, "targetId")
        if ident == self._line.page_id or self._addresses.pop(ident, None) is None:
            return
        for one in (self._pages, self._openers, self._waiting):
            one.pop(ident, None)
        if self._windows is not None:
            self._windows.window_went(ident)

    # --- requests

    def _paused(self, untrusted: Values) -> None:
        request = _inside(untrusted, "request")
        ident, url, frame = _word(untrusted, "requestId"), _word(request, "url"), _word(untrusted, "frameId")
        page = self._pages.get(frame)
        if "responseStatusCode" in untrusted or "responseErrorReason" in untrusted:
            if page is not None:
                page.retry_after = _header(untrusted, "retry-after")
            self._answer(ident, None)
            return
        if frame in self._waiting:
            self._waiting[frame].append(untrusted)
            return
        if _word(untrusted, "resourceType") == "Document":
            by_form = _word(request, "method") == "POST"
            allowed = self._may_document(url, frame, by_form)
            if allowed and page is not None:
                page.by_form = by_form
            self._answer(ident, None if allowed else _ABORTED)
            return
        headers: list[dict[str, str]] | None = None
        if self._token is not None and self._bounds.may_carry_token(url, self._addresses.get(frame, "")):
            untrusted_headers = _inside(request, "headers")
            headers = [
                {"name": name, "value": str(value)}
                for name, value in untrusted_headers.items()
                if name.lower() != "authorization"
            ]
            headers.append({"name": "Authorization", "value": f"Bearer {self._token.reveal()}"})
        self._answer(ident, None, headers)

    def _may_document(self, url: str, frame: str, by_form: bool) -> bool:
        if frame not in self._addresses:
            return self._bounds.may_embed(url)
        opener = self._openers.pop(frame, "")
        if opener and not self._bounds.may_visit(url):
            self.close(frame)  # it was opened for this alone: whose page wanted it says why not, or hands the link on
            opened_by = self._pages.get(opener)
            return opened_by is not None and opened_by.may_go(url, by_form)
        page = self._pages.get(frame)
        return self._bounds.may_visit(url) if page is None else page.may_go(url, by_form)

    def _answer(self, ident: str, refused: str | None, headers: list[dict[str, str]] | None = None) -> None:
        if refused is not None:
            self._line.tell("Fetch.failRequest", {"requestId": ident, "errorReason": refused}, page=False)
            return
        values: dict[str, object] = {"requestId": ident}
        if headers is not None:
            values["headers"] = headers
        self._line.tell("Fetch.continueRequest", values, page=False)

    def _asked(self, untrusted: Values) -> None:
        url = _word(_inside(untrusted, "request"), "url")
        if _word(_inside(untrusted, "authChallenge"), "source") == "Proxy":
            given, self._way_out = self._way_out, None  # once: refused, it would be asked for without end
        else:
            page = self._pages.get(_word(untrusted, "frameId")) or self._pages.get(self._line.page_id)
            given = page.challenge(url) if page is not None else None
        response: dict[str, str] = {"response": "CancelAuth"}
        if given is not None:
            response = {"response": "ProvideCredentials", "username": given[0], "password": given[1].reveal()}
        values = {"requestId": _word(untrusted, "requestId"), "authChallengeResponse": response}
        self._line.tell("Fetch.continueWithAuth", values, page=False)


def _inside(untrusted: Values, name: str) -> Values:
    inside = untrusted.get(name)
    return inside if isinstance(inside, dict) else {}


def _word(untrusted: Values, name: str) -> str:
    word = untrusted.get(name)
    return word if isinstance(word, str) else ""


def _header(untrusted: Values, name: str) -> str:
    headers = untrusted.get("responseHeaders")
    for one in headers if isinstance(headers, list) else ():
        if isinstance(one, dict) and _word(one, "name").lower() == name:
            return _word(one, "value")
    return ""
