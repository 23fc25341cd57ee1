"""One open page on the main thread: carries out what the engine asks of it.

The engine's side of it is :class:`launcher.shell.surfaces.web_surface.WebSurface`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QTimer

from launcher.grants.client_certificate import ClientCertificate
from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.shell.bridge import Reply
from launcher.shell.surfaces import faults, scripts
from launcher.shell.surfaces.around import Around
from launcher.shell.surfaces.kept_page import GESTURE_S, KeptPage
from launcher.shell.surfaces.origins import Bounds, begins, host_of, is_private
from launcher.shell.surfaces.trial import Trial
from launcher.shell.surfaces.web_engine import WebPage, WebView
from launcher.sign_on.driver import DocumentNow, DriverGoneError, FieldFault, Seen

FILL_WITHIN_S = 5.0
"""How long a field or control may take to become fillable: forms are built and rebuilt by scripts."""

PARTS_WITHIN_S = 1.5
"""How long a press waits for a page's pictures and scripts: one that never comes must not keep the officer out.

Less than the engine still waits for a press whose time is up (``launcher.sign_on.run.LOOK_GRACE_S``).
"""

LEAVE_WITHIN_MS = 300
"""A document that does not give its id within this time is busy or dead, and is left without."""

AWAKE_MS = 3000
"""How long a page out of sight runs at full speed after it was last asked something."""

_FIELD_WORDS = {
    "missing": "is not on the page",
    "hidden": "is not visible",
    "disabled": "cannot be used",
    "kind": "is not a field to type into",
    "shown": "would show what is typed",
    "refused": "did not keep its value",
    "replaced": "was replaced while it was filled",
    "selector": "is not described rightly in the catalogue",
}


class OpenPage(KeptPage):
    """An open page and the requests under way. Not a QObject: the engine may hold it past its end."""

    def __init__(
        self,
        page: WebPage,
        view: WebView,
        bounds: Bounds,
        around: Around,
    ) -> None:
        super().__init__(page, view, bounds, around)
        self._filled = 0  # the fills that no press has sent yet, whatever document they were in
        self._presents = False  # a certificate of the officer's
        self._never_whole = "none"  # the id of the document that a press has waited for in vain
        self._sleep = QTimer(view)
        self._sleep.setSingleShot(True)
        self._sleep.setInterval(AWAKE_MS)
        self._sleep.timeout.connect(self._rest)
        page.visibleChanged.connect(self._stay_awake)

    # --- for the engine, through the bridge

    def load(self, url: str, reply: Reply[None]) -> None:
        """Go to the address; answered when its document is there."""
        page = self._open()
        if not self.bounds.may_visit(url):
            raise self._wrong_origin(url)
        self._end_load()
        self._clear_fault()
        self._filled = 0
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
    ) -> None:
        """Look until one of the places holds, and call ``saw``; ``aside``: another window answers where none does."""
        self._alive()
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

    def fill(self, field: str, value: Secret, hides: bool, reply: Reply[None]) -> None:
        """Write the value into the field, as soon as it can be written there."""
        self._alive()

        def ask(then: Callable[[object], None]) -> bool:
            page = self._alive()
            if not self.bounds.may_fill(page.address()):
                reply.fail(self._wrong_origin(page.address()))
                return False
            fills = frozenset(filter(is_private, self.bounds.fills))
            page.run(scripts.fill(field, value, fills, hides=hides), then)
            return True

        def count() -> None:
            self._filled += 1

        self._do(f"The field {field}", "filled", ask, reply, once=False, when_done=count)

    def press(self, control: str, key: str, reply: Reply[None]) -> None:
        """Press the control or the key, as soon as the page is whole and it can be pressed; never twice.

        What a page still asks for would reach the server after the logon, with the cookies of before it; there are
        systems that take this for somebody without a session and log the officer off again (DokuWiki does). A document
        that came meanwhile, in place of the one that was filled, gets no press: its fields are empty.
        """
        self._alive()

        def ask(then: Callable[[object], None]) -> bool:
            page = self._alive()
            if not self.bounds.may_visit(page.address()):
                reply.fail(self._wrong_origin(page.address()))
                return False
            self._pressed_s = time.monotonic()
            page.let_open_windows(GESTURE_S)
            page.run(scripts.press(control, key, self.bounds.visits, expected=self._filled > 0), then)
            return True

        def sent() -> None:
            if key != "Tab":  # which only goes on to the next field
                self._filled = 0

        def go() -> None:
            if not reply.settled:
                self._do(f"The control {control or key}", "pressed", ask, reply, once=True, when_done=sent)

        waited_for = ""

        def judge(untrusted: object) -> bool:
            nonlocal waited_for
            seen = scripts.DocumentSeen.read(untrusted)
            if seen is None:
                return False
            if seen.whole or seen.id == self._never_whole:
                go()
                return True
            waited_for = waited_for or seen.id  # the first: one that came later was not waited for as long
            return False

        def at_deadline() -> None:
            self._never_whole = waited_for or self._never_whole
            go()

        whole = partial(self._run, scripts.document())
        self._try(reply, whole, judge, within_s=PARTS_WITHIN_S, at_deadline=at_deadline).poke()

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

    def present_certificate(self, certificate: ClientCertificate) -> None:
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

    def _open(self) -> WebPage:
        if self._page is None:
            raise DriverGoneError("The page was closed.")
        return self._page

    def _alive(self) -> WebPage:
        page = self._open()
        if self.facts.gone:
            raise self._crash()
        return page

    def _run(self, script: str, then: Callable[[object], None]) -> bool:
        if self._page is None:
            return False
        self._page.run(script, then)
        return True

    def _try(
        self,
        reply: Reply[object] | Reply[None] | Reply[Seen | None] | Reply[DocumentNow],
        ask: Callable[[Callable[[object], None]], bool],
        judge: Callable[[object], bool],
        *,
        within_s: float = 3600.0,
        at_deadline: Callable[[], None] = lambda: None,
        once: bool = False,
        aside: bool = False,
    ) -> Trial:
        assert self._view is not None  # noqa: S101 - alive
        trial = Trial(
            self._view, ask, judge, within_s=within_s, at_deadline=at_deadline, when_over=self._over, once=once
        )
        self._trials.append(trial)
        if not aside:
            self._watch(reply)
        reply.when_abandoned(trial.end)
        self._stay_awake()
        return trial

    def _do(
        self,
        what: str,
        done: str,
        ask: Callable[[Callable[[object], None]], bool],
        reply: Reply[None],
        *,
        once: bool,
        when_done: Callable[[], None],
    ) -> None:
        last = "missing"

        def judge(untrusted: object) -> bool:
            nonlocal last
            if untrusted == done or (once and not isinstance(untrusted, str)):
                when_done()
                reply.give(None)
                return True
            if untrusted == "origin":
                reply.fail(self._wrong_origin(self._page.address() if self._page is not None else ""))
                return True
            if isinstance(untrusted, str) and untrusted in _FIELD_WORDS:
                last = untrusted
            if once and untrusted in ("refused", "replaced"):  # what was filled is gone: waiting brings it not back
                at_deadline()
                return True
            return False

        def at_deadline() -> None:
            reply.fail(FieldFault(f"{what} {_FIELD_WORDS[last]}.", detail=self.facts.last_seen))

        self._try(reply, ask, judge, within_s=FILL_WITHIN_S, at_deadline=at_deadline, once=once).poke()

    def _judge_document(self, untrusted: object, reply: Reply[None]) -> bool:
        seen = scripts.DocumentSeen.read(untrusted)
        if self._leaving or seen is None or seen.id == self._left or seen.address == "about:blank" or not seen.ready:
            return False
        if self._presents and seen.status in faults.CERTIFICATE_REFUSALS and self.bounds.may_fill(seen.address):
            self.facts = replace(self.facts, certificate_refused=True)
        if seen.status >= 500:
            reply.fail(faults.answered(host_of(seen.address), seen.status))
        else:
            reply.give(None)
        self._load = None
        return True

    def _watch(
        self, reply: Reply[object] | Reply[None] | Reply[Seen | None] | Reply[str | None] | Reply[DocumentNow]
    ) -> None:
        self._replies = [one for one in self._replies if not one.settled]
        self._replies.append(reply)  # type: ignore[arg-type] # failed only, whatever its value's type

    def _over(self, trial: Trial) -> None:
        self._trials.remove(trial)

    def _stay_awake(self) -> None:
        # Out of sight a page's clocks turn once a second and nothing is drawn: too slow for signing on.
        if self._page is None or self._view is None or not self._trials:
            return
        self._sleep.start()
        view, page = self._view, self._page
        if view.parentWidget() is None:
            view.work_out_of_sight(view.size())
        elif not page.isVisible():
            QTimer.singleShot(0, page, lambda: page.setVisible(True))

    def _rest(self) -> None:
        if self._trials:
            self._sleep.start()
        elif self._page is not None and self._view is not None:
            self._view.rest_out_of_sight()
            if not self._view.isVisible():
                self._page.setVisible(False)
