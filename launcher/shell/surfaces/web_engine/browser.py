"""The session's profile, off the record, with its pages and a spare kept warm, and those of systems apart."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, QUrl
from PySide6.QtNetwork import QNetworkProxy
from PySide6.QtWidgets import QDialog
from shiboken6 import isValid

from launcher.relay.road import LOOPBACK, way_out
from launcher.shell.surfaces.acts import deliver_deletes, stop_asking
from launcher.shell.surfaces.closing import Closing
from launcher.shell.surfaces.cookies import CookieJar
from launcher.shell.surfaces.web_engine.client_certificates import give_up
from launcher.shell.surfaces.web_engine.download import EngineDownload
from launcher.shell.surfaces.web_engine.messages import Messages, register_scheme
from launcher.shell.surfaces.web_engine.profiles import end_of, off_the_record
from launcher.shell.surfaces.web_engine.qt import QWebEngineDownloadRequest, QWebEngineProfile, QWebEngineView
from launcher.shell.surfaces.web_engine.web_page import WebPage
from launcher.shell.surfaces.web_engine.web_view import WebView


class Browser:
    """The session's profile, off the record, with its pages and one spare kept warm; and those of systems apart."""

    def __init__(self, on_notice: Callable[[str, str], None]) -> None:
        _take_the_road()
        self._hear = on_notice
        register_scheme()
        self._questions = Messages()
        self._profile = off_the_record(self._on_download, self._on_notice, self._questions)
        self._apart: list[QWebEngineProfile] = []  # kept until the session's end: no page may outlive its own
        self.closing = Closing()
        store = self._profile.cookieStore()
        # Asked for anew each time: what is held of it here is void once any page has ended, though the store lives on.
        self.cookies = CookieJar(lambda cookie, url: self._profile.cookieStore().setCookie(cookie, url))
        store.cookieAdded.connect(self.cookies.added)
        store.cookieRemoved.connect(self.cookies.removed)
        self._views: list[WebView] = []
        self._spare: WebView | None = None
        self._resting = False

    def warm(self, size: QSize) -> None:
        """Have a spare view with a living renderer."""
        if self._spare is None:
            self._spare = self._fresh(self._profile)
            self._spare.work_out_of_sight(size)
            self._spare.load(QUrl("about:blank"))  # starts the renderer that the first page then takes over

    def take(self, size: QSize, *, apart: bool = False) -> tuple[WebView, WebPage]:
        """Return a view and its page, the spare if there is one.

        ``apart``: in a profile of its own, for a page that presents a certificate. Which one a host was given the
        engine remembers for a profile, also for the pages of other systems, and as long as it lasts.
        """
        if apart:
            self._apart.append(off_the_record(self._on_download, self._on_notice, self._questions))
            self._apart[-1].cookieStore().cookieAdded.connect(self.cookies.noted)
            view = self._fresh(self._apart[-1])
        else:
            view, self._spare = self._spare or self._fresh(self._profile), None
        view.work_out_of_sight(size)
        return view, _page_of(view)

    def another(self, size: QSize, beside: WebPage) -> tuple[WebView, WebPage]:
        """Return a view and a page that has loaded nothing: the one that ``beside`` has opened takes its place."""
        view = self._fresh(beside.profile())
        view.work_out_of_sight(size)
        return view, _page_of(view)

    def rest(self, on: bool) -> None:
        """Let every page rest, those to come too, and take back what they ask a person; or let them go on."""
        self._resting = on
        for view in filter(isValid, self._views):
            _page_of(view).rest(on)  # first: what a page asks in a window of its own is only put off
            if on:
                stop_asking(view)

    def end(self, view: WebView) -> None:
        """End a view and its page; one that its window took along has ended already."""
        self._views.remove(view)
        if isValid(view):
            page = _page_of(view)
            page.let_go()
            if view.findChildren(QDialog):  # the engine waits in it for an answer: the page goes once it has one
                stop_asking(view)
                self.closing.asked(view)
            if page.profile() in self._apart:
                give_up(page.profile())
            self.closing.end(view)

    def release(self) -> None:
        """End all views, then the profile: an earlier end of the profile is a crash."""
        self._spare = None
        for view in tuple(self._views):
            self.end(view)
        self.closing.end_now()
        for profile in (*self._apart, self._profile):
            end_of(profile)
        deliver_deletes()

    def _fresh(self, profile: QWebEngineProfile) -> WebView:
        view = WebView()
        page = WebPage(profile, self._questions, view)
        view.setPage(page)
        if self._resting:
            page.rest(True)
        self._views.append(view)
        return view

    def _on_notice(self, untrusted_origin: str, untrusted_title: str) -> None:
        if not self._resting:
            self._hear(untrusted_origin, untrusted_title)

    def _on_download(self, request: QWebEngineDownloadRequest) -> None:
        page = request.page()
        if isinstance(page, WebPage):
            self.closing.asked(QWebEngineView.forPage(page))
        if not isinstance(page, WebPage) or request.isSavePageDownload() or not page.offers(EngineDownload(request)):
            request.cancel()


def _page_of(view: WebView) -> WebPage:
    page = view.page()
    assert isinstance(page, WebPage)  # noqa: S101 - set in _fresh, for mypy
    return page


def _take_the_road() -> None:
    """Send every page by this session's relay where policy names a proxy; the engine reads it with its first profile.

    What is this computer's own the engine reaches direct by itself.
    """
    if (road := way_out()) is not None:
        QNetworkProxy.setApplicationProxy(QNetworkProxy(QNetworkProxy.ProxyType.HttpProxy, LOOPBACK, road.port))
