"""One open page on the main thread: carries out what the engine asks of it, and decides what the page may do.

The engine's side of it is :class:`launcher.shell.surfaces.web_surface.WebSurface`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from launcher.errors import LauncherError
from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.session.faults import error_view
from launcher.session.snapshot import ErrorView
from launcher.shell.bridge import Reply
from launcher.shell.surfaces import faults, scripts
from launcher.shell.surfaces.origins import Bounds, begins, host_of, is_private, origin_of, path_of
from launcher.shell.surfaces.trial import Trial
from launcher.shell.surfaces.web_engine import Loaded, WebPage, WebView
from launcher.sign_on.driver import DriverGoneError, FieldFault, Seen, WrongOriginError

FILL_WITHIN_S = 5.0
"""How long a field or control may take to become fillable: forms are built and rebuilt by scripts."""

PARTS_WITHIN_S = 3.0
"""How long a press waits for a page's pictures and scripts: one that never comes must not keep the officer out."""

LEAVE_WITHIN_MS = 300
"""A document that does not give its id within this time is busy or dead, and is left without."""

AWAKE_MS = 3000
"""How long a page out of sight runs at full speed after it was last asked something."""

_ABORTED = -3

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


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the engine may read at any time; replaced as a whole on the main thread."""

    last_seen: str = ""
    acts: int = 0
    edited: bool = False
    typed_hidden: bool = False
    basic_refused: bool = False
    gone: bool = False


class OpenPage:
    """A page, its view, its bounds, and the requests under way. Not a QObject: the engine may hold it past its end."""

    def __init__(
        self,
        page: WebPage,
        view: WebView,
        bounds: Bounds,
        show_fault: Callable[[ErrorView | None], None],
        show_host: Callable[[str], None],
    ) -> None:
        self.facts = PageFacts()
        self.bounds = bounds
        self._page: WebPage | None = page
        self._view: WebView | None = view
        self._show_fault = show_fault
        self._show_host = show_host
        self.host = ""
        self._trials: list[Trial] = []
        self._replies: list[Reply[object]] = []
        self._load: tuple[Trial, Reply[None]] | None = None
        self._callback: tuple[str, Reply[str | None]] | None = None
        self._refused = ""  # the last navigation refused; a callback asked for too late is found here
        self._left = "none"  # the id of the document that the last load left
        self._leaving = False  # its id is not known yet, and the load has not begun
        self._wanted = ""  # the address last asked for, to load again after a crash
        self._basic: tuple[str, Secret] | None = None
        self._answered = False
        self._faulty = False
        self._sleep = QTimer(view)
        self._sleep.setSingleShot(True)
        self._sleep.setInterval(AWAKE_MS)
        self._sleep.timeout.connect(self._rest)
        page.kept_by(self)
        page.urlChanged.connect(self._note)
        page.titleChanged.connect(self._note)
        page.visibleChanged.connect(self._stay_awake)
        view.acted.connect(self._on_act)

    # --- for the screens

    @property
    def widget(self) -> QWidget | None:
        """The widget that shows the page, until its end."""
        return self._view

    def zoom(self, factor: float) -> None:
        """Draw the page larger or smaller."""
        if self._view is not None:
            self._view.setZoomFactor(factor)

    def reload(self) -> None:
        """Load the page again, also after its process has ended."""
        if self._page is None:
            return
        self._clear_fault()
        if self.facts.gone or self._page.address() in ("", "about:blank"):
            self.facts = replace(self.facts, gone=False)
            self._page.go(self._wanted)
        else:
            self._page.reload_page()

    def dismiss(self) -> None:
        """Go back from a fault to the page, which stayed where it was."""
        self._clear_fault()

    # --- for the engine, through the bridge

    def load(self, url: str, reply: Reply[None]) -> None:
        """Go to the address; answered when its document is there."""
        page = self._open()
        if not self.bounds.may_visit(url):
            raise self._wrong_origin(url)
        self._end_load()
        self._clear_fault()
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

    def first_of(self, places: Sequence[Place], within_s: float, reply: Reply[Seen | None]) -> None:
        """Look until one of the places holds."""
        self._alive()
        asked: list[int] = []

        def ask(then: Callable[[object], None]) -> bool:
            address = self._page.address() if self._page is not None else ""
            here = self.bounds.may_visit(address)
            asked[:] = [
                index for index, place in enumerate(places) if here and (not place.url or begins(address, place.url))
            ]
            return self._run(scripts.look([places[index] for index in asked]), then)

        def judge(untrusted: object) -> bool:
            index = round(untrusted) if isinstance(untrusted, int | float) else -1
            if not 0 <= index < len(asked):
                return False
            reply.give(Seen(asked[index], self.facts.last_seen))
            return True

        self._try(reply, ask, judge, within_s=within_s, at_deadline=lambda: reply.give(None)).poke()

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

        self._do(f"The field {field}", "filled", ask, reply, once=False)

    def press(self, control: str, key: str, reply: Reply[None]) -> None:
        """Press the control or the key, as soon as the page is whole and it can be pressed; never twice.

        What a page still asks for would reach the server after the logon, with the cookies of before it; there are
        systems that take this for somebody without a session and log the officer off again (DokuWiki does).
        """
        self._alive()

        def ask(then: Callable[[object], None]) -> bool:
            page = self._alive()
            if not self.bounds.may_visit(page.address()):
                reply.fail(self._wrong_origin(page.address()))
                return False
            page.run(scripts.press(control, key, self.bounds.visits), then)
            return True

        def go() -> None:
            if not reply.settled:
                self._do(f"The control {control or key}", "pressed", ask, reply, once=True)

        def judge(untrusted: object) -> bool:
            seen = scripts.DocumentSeen.read(untrusted)
            if seen is None or not seen.whole:
                return False
            go()
            return True

        whole = partial(self._run, scripts.document())
        self._try(reply, whole, judge, within_s=PARTS_WITHIN_S, at_deadline=go).poke()

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

    def answer_basic(self, user_name: str, password: Secret) -> None:
        """Have an answer ready for one challenge."""
        self._basic = (user_name, password)
        self._answered = False
        self.facts = replace(self.facts, basic_refused=False)

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

    # --- what the page tells its keeper

    def may_go(self, untrusted_url: str, *, main_frame: bool) -> bool:
        """Decide a navigation: the page's own within the bounds, a frame's on the web."""
        if not main_frame:
            return self.bounds.may_embed(untrusted_url)
        if self._callback is not None and begins(untrusted_url, self._callback[0]):
            _, reply = self._callback
            self._callback = None
            reply.give(untrusted_url)
            self._give_load()
            return False
        if untrusted_url == "about:blank" or self.bounds.may_visit(untrusted_url):
            self._clear_fault()
            return True
        self._refused = untrusted_url
        self._fault(self._wrong_origin(untrusted_url))
        return False

    def window_wanted(self, untrusted_url: str) -> None:
        """Open a window of the system's own in the same tab; refuse any other."""
        if untrusted_url in ("", "about:blank"):
            # To be filled by a script later: in this tab it would only wipe the page that asked.
            self._later(faults.PermissionRefusedError("The page wanted an empty window of its own.", detail="window"))
            return
        if self._page is not None and self.may_go(untrusted_url, main_frame=True):
            page = self._page
            QTimer.singleShot(0, page, lambda: page.go(untrusted_url))

    def challenge(self, untrusted_url: str) -> tuple[str, Secret] | None:
        """Answer a basic challenge once, on an origin that may be filled."""
        if self._basic is not None and self.bounds.may_fill(untrusted_url):
            answer, self._basic, self._answered = self._basic, None, True
            return answer
        if self._answered:
            self.facts = replace(self.facts, basic_refused=True)
            self._give_load()
        else:
            self._fault(
                faults.SignOnNotExpectedError(f"{host_of(untrusted_url)} asked for a name and password of its own.")
            )
        return None

    def woken(self) -> None:
        """Ask again what is being asked."""
        for trial in tuple(self._trials):
            trial.poke()

    def typed(self, unsent: bool) -> None:
        """Note what the officer would lose."""
        self.facts = replace(self.facts, edited=unsent)

    def typed_hidden(self) -> None:
        """Note that the officer may have given a password of their own."""
        self.facts = replace(self.facts, typed_hidden=True)

    def loaded(self, loaded: Loaded) -> None:
        """Answer a load that ended; most were answered when their document was there."""
        if loaded.url == "about:blank" or self._leaving:
            return  # the end of a document that is being left says nothing of the next
        host = host_of(loaded.url)
        if loaded.certificate:
            self._fault(faults.certificate(host, loaded.why))
        elif loaded.status >= 500:
            self._fault(faults.answered(host, loaded.status))
        elif loaded.ok:
            self.woken()  # the document itself says which one it is
        elif loaded.net_error not in (0, _ABORTED):
            self._fault(faults.unreachable(host, loaded.net_error))

    def certificate_refused(self, untrusted_url: str, why: str, *, main_frame: bool) -> None:
        """Say that the page's own certificate was refused; a part of a page that is missing is the page's affair."""
        if main_frame:
            self._fault(faults.certificate(host_of(untrusted_url), why))

    def download_refused(self) -> None:
        """Say so."""
        self._fault(faults.DownloadRefusedError("The page wanted to save a file on this computer."))

    def upload_refused(self) -> None:
        """Say so."""
        self._later(faults.UploadRefusedError("The page wanted a file of this computer."))

    def permission_refused(self, what: str) -> None:
        """Say so."""
        self._later(faults.PermissionRefusedError("The page wanted more of this computer than pages get.", detail=what))

    def crashed(self) -> None:
        """Fail what is under way and offer to load the page again."""
        fault = self._crash()
        self.facts = replace(self.facts, gone=True, edited=False)
        self._fail_all(fault)
        self._later(fault)

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

    def _crash(self) -> faults.PageCrashedError:
        return faults.PageCrashedError(f"The page of {host_of(self._wanted)} has stopped.")

    def _run(self, script: str, then: Callable[[object], None]) -> bool:
        if self._page is None:
            return False
        self._page.run(script, then)
        return True

    def _try(
        self,
        reply: Reply[object] | Reply[None] | Reply[Seen | None],
        ask: Callable[[Callable[[object], None]], bool],
        judge: Callable[[object], bool],
        *,
        within_s: float = 3600.0,
        at_deadline: Callable[[], None] = lambda: None,
        once: bool = False,
    ) -> Trial:
        assert self._view is not None  # noqa: S101 - alive
        trial = Trial(
            self._view, ask, judge, within_s=within_s, at_deadline=at_deadline, when_over=self._over, once=once
        )
        self._trials.append(trial)
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
    ) -> None:
        last = "missing"

        def judge(untrusted: object) -> bool:
            nonlocal last
            if untrusted == done or (once and not isinstance(untrusted, str)):
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
        if seen.status >= 500:
            reply.fail(faults.answered(host_of(seen.address), seen.status))
        else:
            reply.give(None)
        self._load = None
        return True

    def _watch(self, reply: Reply[object] | Reply[None] | Reply[Seen | None] | Reply[str | None]) -> None:
        self._replies = [one for one in self._replies if not one.settled]
        self._replies.append(reply)  # type: ignore[arg-type] # failed only, whatever its value's type

    def _over(self, trial: Trial) -> None:
        self._trials.remove(trial)

    def _end_load(self) -> Reply[None] | None:
        if self._load is None:
            return None
        (trial, reply), self._load = self._load, None
        trial.end()
        return None if reply.settled else reply

    def _give_load(self) -> None:
        if (reply := self._end_load()) is not None:
            reply.give(None)

    def _fault(self, fault: LauncherError) -> None:
        """Fail the load that is under way; without one, show the fault in the page's place."""
        if (reply := self._end_load()) is not None:
            reply.fail(fault)
        else:
            self._later(fault)

    def _later(self, fault: LauncherError) -> None:
        # Not at once: Qt calls out of the middle of its own work, and the screen may change widgets over this.
        self._faulty = True
        if self._view is not None:
            QTimer.singleShot(0, self._view, lambda: self._faulty and self._show_fault(error_view(fault)))

    def _clear_fault(self) -> None:
        if self._faulty:
            self._faulty = False
            self._show_fault(None)

    def _fail_all(self, fault: LauncherError) -> None:
        self._load = self._callback = None
        for trial in tuple(self._trials):
            trial.end()
        replies, self._replies = self._replies, []
        for reply in replies:
            reply.fail(fault)

    def _wrong_origin(self, untrusted_url: str) -> WrongOriginError:
        return WrongOriginError(
            f"The page wanted to go to {host_of(untrusted_url)}, which is not part of this system.",
            detail=path_of(untrusted_url) if origin_of(untrusted_url) else "",
        )

    def _note(self) -> None:
        if self._page is not None:
            title = " ".join(self._page.title().split())[:60]
            seen = f"{path_of(self._page.address())}, title '{title}'"
            self.facts = replace(self.facts, last_seen=seen)
            host = host_of(self._page.address()) if origin_of(self._page.address()) else ""
            if host != self.host:
                self.host = host
                self._show_host(host)

    def _on_act(self) -> None:
        self.facts = replace(self.facts, acts=self.facts.acts + 1)

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
