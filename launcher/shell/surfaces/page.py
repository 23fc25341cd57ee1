"""One open page on the main thread: carries out what the engine asks of it.

The engine's side of it is :class:`launcher.shell.surfaces.web_surface.WebSurface`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QTimer

from launcher.addresses import begins, host_of
from launcher.grants.client_certificate import AnyCertificate
from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.shell.bridge import Reply
from launcher.shell.surfaces import faults, scripts
from launcher.shell.surfaces.web_engine import WebPage, WebView
from launcher.shell.surfaces.written_page import PARTS_WITHIN_S, WrittenPage
from launcher.sign_on.driver import DocumentNow, DriverGoneError, Seen

LEAVE_WITHIN_MS = 300
"""A document that does not give its id within this time is busy or dead, and is left without."""


class OpenPage(WrittenPage):
    """An open page and the requests under way. Not a QObject: the engine may hold it past its end."""

    _presents = False  # a certificate of the officer's
    _faulty_s = 0.0  # since when the document is there that the server sent for a fault of its own

    # --- for the engine, through the bridge

    def load(self, url: str, reply: Reply[None]) -> None:
        """Go to the address; answered when its document is there."""
        page = self._open()
        if not self.bounds.may_visit(url):
            raise faults.wrong_origin(url)
        self._end_load()
        self._clear_fault()
        self._given = ()
        self._faulty_s = 0.0
        self._wanted, self._refused = url, ""
        self.facts = replace(self.facts, gone=False)
        trial = self._try(
            reply,
            lambda then: self._run(scripts.document(), then),
            lambda untrusted: self._judge_document(untrusted, reply),
        )
        self._load = (trial, reply)
        reply.when_abandoned(page.stop)
        self._leave(page, lambda: None if reply.settled else page.go(url))

    def first_of(
        self,
        places: Sequence[Place],
        within_s: float,
        reply: Reply[Seen | None],
        saw: Callable[[], None] = lambda: None,
        *,
        aside: bool = False,
        or_fault: bool = False,
        or_asks: bool = False,
    ) -> None:
        """Look until one of the places holds, and call ``saw``; ``aside``: another window answers where none does.

        ``or_fault``: the page's own fault is an answer too, unless the officer acts there meanwhile, and what it asks;
        ``or_asks``: that alone.
        """
        self._alive()
        if or_fault or or_asks:
            self.run_looks.add(reply, faults=or_fault)
        asked: list[int] = []

        def ask(then: Callable[[object], None]) -> bool:
            address = self._page.address() if self._page is not None else ""
            here = self.bounds.may_visit(address)
            asked[:] = [
                index for index, place in enumerate(places) if here and (not place.url or begins(address, place.url))
            ]
            return not reply.settled and self._run(scripts.look([places[index] for index in asked]), then)

        def judge(untrusted: object) -> bool:
            index = round(untrusted) if isinstance(untrusted, int | float) else -1
            if not 0 <= index < len(asked):
                return False
            if not reply.settled:
                saw()
                reply.give(Seen(asked[index], self.facts.last_seen))
            return True

        def at_deadline() -> None:
            if not aside:
                reply.give(None)

        self._try(reply, ask, judge, within_s=within_s, at_deadline=at_deadline, aside=aside).poke()

    def callback(self, prefix: str, within_s: float, reply: Reply[str | None]) -> None:
        """Catch the first navigation that starts with ``prefix``."""
        self._alive()
        if self._refused and begins(self._refused, prefix):
            reply.give(self._refused)
            self._refused = ""
            self._clear_fault()
            return
        self._callback = (prefix, reply)
        self._watch(reply)
        assert self._view is not None  # noqa: S101 - alive
        QTimer.singleShot(round(within_s * 1000), self._view, lambda: reply.give(None))

    def document_now(self, words_at: str, reply: Reply[DocumentNow]) -> None:
        """Say which document is there, and the words at a selector in it; nothing where none answers in time."""
        here = self.bounds.may_visit(self._alive().address())

        def judge(untrusted: object) -> bool:
            reply.give(DocumentNow.read(untrusted))
            return True

        self._try(
            reply,
            partial(self._run, scripts.now(words_at if here else "")),
            judge,
            within_s=LEAVE_WITHIN_MS / 1000,
            at_deadline=lambda: reply.give(DocumentNow("")),
        ).poke()

    def answer_basic(self, user_name: str, password: Secret) -> None:
        """Have an answer ready for one challenge."""
        self._basic = (user_name, password)
        self._answered = False
        self.facts = replace(self.facts, basic_refused=False)

    def present_certificate(self, certificate: AnyCertificate) -> None:
        """Present it to the page's own origins."""
        self._presents = True
        self.facts = replace(self.facts, certificate_refused=False)
        if self._page is not None:
            self._page.present(self.bounds, certificate)

    def carry_token(self, token: Secret) -> None:
        """Put the token on the page's fetches."""
        if self._page is not None:
            self._page.carry_token(self.bounds, token)

    def end(self) -> WebView | None:
        """Fail what is under way and hand back the view, whose end is the browser's."""
        view, self._view, self._page = self._view, None, None
        self.facts = replace(self.facts, gone=True)
        self._basic = None
        self._given = ()
        self._fail_all(DriverGoneError("The page was closed."))
        return view

    # --- inside

    def _leave(self, page: WebPage, go: Callable[[], None]) -> None:
        """Learn the id of the document that is there, so that it is not taken for the next one; then ``go``."""
        gone = False
        self._leaving = True

        def know(untrusted: object) -> None:
            nonlocal gone
            if not gone and self._page is page:
                gone = True
                self._leaving = False
                self._left = untrusted if isinstance(untrusted, str) and untrusted else "none"
                go()

        if self.facts.gone or page.address() in ("", "about:blank"):
            know(None)
            return
        page.run(scripts.document_id(), know)
        assert self._view is not None  # noqa: S101 - open
        QTimer.singleShot(LEAVE_WITHIN_MS, self._view, lambda: know(None))

    def _judge_document(self, untrusted: object, reply: Reply[None]) -> bool:
        seen = scripts.DocumentSeen.read(untrusted)
        if self._leaving or seen is None or seen.id == self._left or seen.address == "about:blank" or not seen.ready:
            return False
        if self._presents and seen.status in faults.CERTIFICATE_REFUSALS and self.bounds.may_fill(seen.address):
            self.facts = replace(self.facts, certificate_refused=True)
        if seen.status >= 500:
            # How the load ended says more, a moment later; a page whose parts never come is not waited for.
            self._faulty_s = self._faulty_s or time.monotonic()
            if time.monotonic() - self._faulty_s < PARTS_WITHIN_S:
                return False
            reply.fail(faults.answered(host_of(seen.address), seen.status))
        else:
            reply.give(None)
        self._load = None
        return True
