"""The session's one profile, off the record, with its pages and a spare kept warm."""

from __future__ import annotations

from PySide6.QtCore import QSize, QUrl
from PySide6.QtNetwork import QNetworkProxy
from shiboken6 import isValid

from launcher.relay.road import LOOPBACK, way_out
from launcher.shell.surfaces.acts import deliver_deletes, stop_asking
from launcher.shell.surfaces.closing import Closing
from launcher.shell.surfaces.cookies import CookieJar
from launcher.shell.surfaces.web_engine.client_certificates import give_up
from launcher.shell.surfaces.web_engine.qt import QWebEngineDownloadRequest, QWebEngineProfile, QWebEngineView
from launcher.shell.surfaces.web_engine.web_page import WebPage
from launcher.shell.surfaces.web_engine.web_view import WebView


class Browser:
    """The session's one profile, off the record, with its pages and one spare view kept warm."""

    def __init__(self) -> None:
        _take_the_road()
        self._profile = QWebEngineProfile()  # no name: nothing of the officer on disk
        profile = self._profile
        profile.setHttpAcceptLanguage("en-GB,en;q=0.8")
        profile.setSpellCheckEnabled(False)
        profile.setPushServiceEnabled(False)
        profile.setHttpCacheType(QWebEngineProfile.HttpCacheType.MemoryHttpCache)
        profile.setPersistentPermissionsPolicy(QWebEngineProfile.PersistentPermissionsPolicy.AskEveryTime)
        profile.downloadRequested.connect(self._on_download)
        self.closing = Closing()
        store = profile.cookieStore()
        self.cookies = CookieJar(store.setCookie)
        store.cookieAdded.connect(self.cookies.added)
        store.cookieRemoved.connect(self.cookies.removed)
        self._views: list[WebView] = []
        self._spare: WebView | None = None
        self._resting = False

    def warm(self, size: QSize) -> None:
        """Have a spare view with a living renderer."""
        if self._spare is None:
            self._spare = self._fresh()
            self._spare.work_out_of_sight(size)
            self._spare.load(QUrl("about:blank"))  # starts the renderer that the first page then takes over

    def take(self, size: QSize) -> tuple[WebView, WebPage]:
        """Return a view and its page, the spare if there is one."""
        view, self._spare = self._spare or self._fresh(), None
        view.work_out_of_sight(size)
        return view, _page_of(view)

    def another(self, size: QSize) -> tuple[WebView, WebPage]:
        """Return a view and a page that has loaded nothing: the one that a page has opened takes its place."""
        view = self._fresh()
        view.work_out_of_sight(size)
        return view, _page_of(view)

    def rest(self, on: bool) -> None:
        """Let every page rest, those to come too, and take back what they ask a person; or let them go on."""
        self._resting = on
        for view in filter(isValid, self._views):
            if on:
                stop_asking(view)
            _page_of(view).rest(on)

    def end(self, view: WebView) -> None:
        """End a view and its page; one that its window took along has ended already."""
        self._views.remove(view)
        if isValid(view):
            _page_of(view).let_go()
            self.closing.end(view)

    def release(self) -> None:
        """End all views, then the profile: an earlier end of the profile is a crash."""
        self._spare = None
        for view in tuple(self._views):
            self.end(view)
        self.closing.end_now()
        self._profile.cookieStore().deleteAllCookies()
        give_up(self._profile)
        self._profile.deleteLater()
        deliver_deletes()

    def _fresh(self) -> WebView:
        view = WebView()
        page = WebPage(self._profile, view)
        view.setPage(page)
        if self._resting:
            page.rest(True)
        self._views.append(view)
        return view

    def _on_download(self, request: QWebEngineDownloadRequest) -> None:
        page = request.page()
        request.cancel()
        if isinstance(page, WebPage):
            self.closing.asked(QWebEngineView.forPage(page))
            if page._keeper is not None:
                page._keeper.download_refused()


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
