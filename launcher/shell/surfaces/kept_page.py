"""What a page is to those who look on: what it may do, what became of it, and the faults it meets.

What is asked of it through the bridge is :class:`launcher.shell.surfaces.page.OpenPage`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from launcher.addresses import begins, host_of, origin_of, path_of
from launcher.errors import LauncherError
from launcher.secret import Secret
from launcher.session.faults import error_view
from launcher.shell.bridge import Reply
from launcher.shell.surfaces import faults
from launcher.shell.surfaces.around import Around, OpenIn
from launcher.shell.surfaces.choose_files import ask_files
from launcher.shell.surfaces.files import Offered
from launcher.shell.surfaces.keeper import Loaded
from launcher.shell.surfaces.origins import GESTURE_S, Bounds
from launcher.shell.surfaces.page_facts import PageFacts
from launcher.shell.surfaces.playing import STALE_S
from launcher.shell.surfaces.run_looks import RunLooks
from launcher.shell.surfaces.trial import Trial
from launcher.shell.surfaces.web_engine import WebPage, WebView
from launcher.sign_on.driver import Followed, PageAsksError

_ABORTED = -3

SENDS_S = 1.0
"""A navigation that comes this soon after a form has gone out may be the form's: an engine says of a window none."""


class KeptPage:
    """A page, its view and its bounds: decides what the page may do, and tells the screens of its faults."""

    def __init__(
        self,
        page: WebPage,
        view: WebView,
        bounds: Bounds,
        around: Around,
    ) -> None:
        self.facts = PageFacts()
        self.bounds = bounds
        self._page: WebPage | None = page
        self._view: WebView | None = view
        self._around = around
        self.host = ""
        self.title = ""
        self._shown: tuple[str, str, tuple[bool, bool]] = ("", "", (False, False))
        self._acted_s = -math.inf  # when the officer pressed something last
        self._pressed_s = -math.inf  # when a recipe did
        self._follows_s = -math.inf  # when the officer has followed a link
        self._posts_s = -math.inf  # when a form went out that has not been heard of since
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
        self.run_looks = RunLooks(view, lambda: self.facts.acts, self._clear_fault)
        self._file = "about:blank"  # the address of the one file of the session's that it may show
        self._silent = QTimer(view)
        self._silent.setSingleShot(True)
        self._silent.setInterval(round(STALE_S * 1000))
        self._silent.timeout.connect(lambda: self.playing(False))
        page.kept_by(self)
        page.urlChanged.connect(self._note)
        page.titleChanged.connect(self._note)
        view.sight.acted.connect(self._on_act)
        view.sight.changed.connect(around.page_plays)
        view.sight.stepped.connect(self.step)

    # --- for the screens

    @property
    def widget(self) -> QWidget | None:
        """The widget that shows the page, until its end."""
        return self._view

    @property
    def is_watched(self) -> bool:
        """Whether a video plays in it now, in sight."""
        return self.facts.playing and self._view is not None and self._view.sight.is_clear

    @property
    def can_go(self) -> tuple[bool, bool]:
        """Whether there is a page to go back to, and one to go forward to."""
        return self._page.can_go() if self._page is not None else (False, False)

    def step(self, step: int) -> None:
        """Go back (-1) or forward (+1)."""
        if self._page is not None:
            self._clear_fault()
            self._page.step(step)

    def find(self, text: str, step: int, then: Callable[[int, int], None]) -> None:
        """Find a text; ``then`` gets which place, from 0, of how many."""
        if self._page is not None:
            self._page.find(text, step, then)

    def to_pdf(self, then: Callable[[bytes], None]) -> None:
        """Make the page a PDF; ``then`` gets it, or nothing."""
        if self._page is not None:
            self._page.to_pdf(then)

    def zoom(self, factor: float) -> None:
        """Draw the page larger or smaller."""
        if self._view is not None:
            self._view.setZoomFactor(factor)

    def go(self, url: str) -> None:
        """Go to an address of the system's own, without anybody waiting for it."""
        if self._page is not None:
            self._clear_fault()
            self.facts = replace(self.facts, gone=False)
            self._page.go(url)

    def show_file(self, url: str) -> None:
        """Show a file of the session's."""
        self._file = url
        self.go(url)

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

    # --- what the page tells its keeper

    def may_go(self, untrusted_url: str, *, main_frame: bool, by_form: bool = False) -> bool:
        """Decide a navigation: the page's own within the bounds, a frame's on the web."""
        if not main_frame:
            return self.bounds.may_embed(untrusted_url)
        sends, self._posts_s = by_form or time.monotonic() - self._posts_s <= SENDS_S, -math.inf
        if self._callback is not None and begins(untrusted_url, self._callback[0]):
            _, reply = self._callback
            self._callback = None
            reply.give(untrusted_url)
            self._give_load()
            return False
        if untrusted_url in ("about:blank", self._file) or self.bounds.may_visit(untrusted_url):
            self._clear_fault()
            self._note_followed(untrusted_url, sends=sends)
            return True
        self._refused = untrusted_url
        # What a form sends would be lost on the way to another system, where its address alone is opened.
        if sends or not self._followed(untrusted_url):
            self._fault(faults.wrong_origin(untrusted_url))
        return False

    def window_wanted(self, untrusted_url: str, open_in: OpenIn, *, by_person: bool) -> None:
        """Open a second window of the system's own; refuse any other, and one that a page opens by itself."""
        now = time.monotonic()
        if not by_person and now - self._pressed_s > GESTURE_S:
            return
        if self.bounds.any_https:  # the page of a sign-in has no place for a second one
            if self._page is not None and untrusted_url and self.may_go(untrusted_url, main_frame=True):
                page = self._page
                QTimer.singleShot(0, page, lambda: page.go(untrusted_url))
            return
        met = self.run_looks.met
        if untrusted_url and not self.may_go(untrusted_url, main_frame=True):
            self.run_looks.met = met  # a window that does not come is not the end of this page's way
            return
        if not self._around.window_wanted(open_in):
            self._later(faults.PermissionRefusedError("The page wanted too many windows.", detail="window"))

    def print_wanted(self) -> None:
        """Have it printed, where the officer has just acted: a page that prints itself when it comes is not."""
        if self._acted_lately():
            self._around.print_wanted(self)

    def close_wanted(self) -> None:
        """Close the window, where it is a second one."""
        self._around.window_ends(self)

    def challenge(self, untrusted_url: str) -> tuple[str, Secret] | None:
        """Answer a basic challenge once, on an origin that may be filled."""
        if self._basic is not None and self.bounds.may_fill(untrusted_url):
            answer, self._basic, self._answered = self._basic, None, True
            return answer
        if self._answered:
            self.facts = replace(self.facts, basic_refused=True)
            self._give_load()
        elif self._load is not None or (self._page is not None and self._page.isLoading()):
            # Of a fetch on a page that stands, the page itself says what has become of it.
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

    def follows(self) -> None:
        """Note that the officer has followed a link: the next that the page wants to go to is what it leads to."""
        self._follows_s = time.monotonic()

    def _note_followed(self, url: str, *, sends: bool) -> None:
        followed, self._follows_s = time.monotonic() - self._follows_s <= SENDS_S, -math.inf
        if followed and not sends and self._page is not None:  # where a form was sent nobody can be led by its address
            at = self._page.address()
            self.facts = replace(self.facts, followed=Followed(self.facts.followed.number + 1, url, at))

    def posts(self) -> None:
        """Note that the next that the page wants to go to is sent a form."""
        self._posts_s = time.monotonic()

    def asks(self, untrusted_words: str) -> None:
        """Note it: whoever drives the page goes on once the officer has answered."""
        self._around.page_asks(self)
        asked = PageAsksError(untrusted_words)
        self.facts = replace(self.facts, asks=True)
        if (reply := self._end_load()) is not None:
            reply.fail(asked)
        self._asked_meanwhile(asked)
        self.run_looks.ask(asked)

    def answered(self) -> None:
        """Note that the page goes on."""
        self.facts = replace(self.facts, asks=False)
        self.run_looks.asked = None
        self._around.page_answered()

    def playing(self, on: bool) -> None:
        """Note whether there is something to watch."""
        if on:
            self._silent.start()
        else:
            self._silent.stop()
        self.facts = replace(self.facts, playing=on)
        self._around.page_plays()

    def loaded(self, loaded: Loaded) -> None:
        """Answer a load that ended; most were answered when their document was there."""
        if loaded.url == "about:blank" or self._leaving:
            return  # the end of a document that is being left says nothing of the next
        host = host_of(loaded.url)
        if loaded.certificate:
            self._fault(faults.certificate(host, loaded.why))
        elif loaded.status >= 500:
            self._fault(faults.answered(host, loaded.status, loaded.retry_after))
        elif loaded.ok:
            self.woken()  # the document itself says which one it is
        elif loaded.net_error not in (0, _ABORTED):
            self._fault(faults.unreachable(host, loaded.net_error))

    def certificate_refused(self, untrusted_url: str, why: str, *, main_frame: bool) -> None:
        """Say that the page's own certificate was refused; a part of a page that is missing is the page's affair."""
        if main_frame:
            self._fault(faults.certificate(host_of(untrusted_url), why))

    def download_wanted(self, offered: Offered) -> bool:
        """Have it saved in the session's folder; where a page was to be loaded, a file is none."""
        why = "page" if self._load is not None else self._around.download_wanted(offered)
        if not why and self._page is not None and self._page.address() in ("", "about:blank"):
            self._around.window_ends(self)  # it was opened for the file alone
        if why == "page":
            self._fault(faults.download_refused(why))
        elif why:
            self._later(faults.download_refused(why))
        return not why

    def files_wanted(self, *, several: bool) -> tuple[str, ...]:
        """Ask the officer which of the session's files the page gets."""
        files = self._around.files_to_choose() if self._acted_lately() else None
        if not files or self._view is None:
            self._later(faults.upload_refused(none_yet=files is not None))
            return ()
        return ask_files(self._view, files, several=several)

    def permission_wanted(self, untrusted_origin: str, what: frozenset[str], name: str) -> bool:
        """Give what both the entry and the policy let its own pages have; refuse anything else.

        It is said where the officer has just done something: many pages ask by themselves as they come, and do without.
        """
        if self.bounds.may_have(what, untrusted_origin):
            return True
        if self._acted_lately():
            why = "The page wanted more of this computer than pages get."
            self._later(faults.PermissionRefusedError(why, detail=name))
        return False

    def crashed(self) -> None:
        """Fail what is under way and offer to load the page again."""
        fault = self._crash()
        self.facts = replace(self.facts, gone=True, edited=False)
        self.playing(False)
        self._fail_all(fault)
        self._later(fault)

    # --- inside

    def _asked_meanwhile(self, asked: PageAsksError) -> None:
        """Say so to whoever writes into the page."""

    def _crash(self) -> faults.PageCrashedError:
        return faults.PageCrashedError(f"The page of {host_of(self._wanted)} has stopped.")

    def _followed(self, untrusted_url: str) -> bool:
        """Hand on a link out of the system that the officer has followed this moment, never one that a script did."""
        return self._acted_lately() and self._load is None and self._around.link_followed(untrusted_url)

    def _acted_lately(self) -> bool:
        return time.monotonic() - self._acted_s <= GESTURE_S

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
        """Fail the load that is under way; without one, show it in the page's place, or end a run's look with it."""
        if (reply := self._end_load()) is not None:
            reply.fail(fault)
            return
        self._later(fault)
        self.run_looks.meet(fault)

    def _later(self, fault: LauncherError) -> None:
        # Not at once: Qt calls out of the middle of its own work, and the screen may change widgets over this.
        self._faulty = True

        def show() -> None:
            if self._faulty:
                self._around.page_faulted(self, error_view(fault))

        if self._view is not None:
            QTimer.singleShot(0, self._view, show)

    def _clear_fault(self) -> None:
        self.run_looks.met = None
        if self._faulty:
            self._faulty = False
            self._around.page_faulted(self, None)

    def _fail_all(self, fault: LauncherError) -> None:
        self._load = self._callback = None
        for trial in tuple(self._trials):
            trial.end()
        replies, self._replies = self._replies, []
        for reply in replies:
            reply.fail(fault)

    def _note(self) -> None:
        if self._page is not None:
            if self._page.address() != self.facts.address:
                self._follows_s = -math.inf  # a link followed in the document before has led here
            title = " ".join(self._page.title().split())[:60]
            seen = f"{path_of(self._page.address())}, title '{title}'"
            self.facts = replace(self.facts, last_seen=seen, address=self._page.address())
            host = host_of(self._page.address()) if origin_of(self._page.address()) else ""
            shown = host, title, self.can_go
            if shown != self._shown:
                self._shown = shown
                self.host, self.title = host, title
                self._around.page_moved(self)

    def _on_act(self) -> None:
        self._acted_s = time.monotonic()
        self.facts = replace(self.facts, acts=self.facts.acts + 1)
